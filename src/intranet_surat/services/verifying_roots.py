"""The authorities that are known, and the context in which pyHanko judges by them: offline, at a given time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from asn1crypto import pem, x509
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleTrustManager


@dataclass(frozen=True, slots=True)
class Roots:
    """Authorities that are known: the trusted ends of chains, and what helps to reach them."""

    anchors: tuple[x509.Certificate, ...]
    between: tuple[x509.Certificate, ...]


def load_roots(roots: Sequence[bytes] | Roots) -> Roots:
    """Certificates as PEM (several in one) or DER, told apart by whether they issued themselves. Raises ValueError."""
    return roots if isinstance(roots, Roots) else _load(tuple(roots))


def offline(roots: Roots, now: datetime) -> ValidationContext:
    """What is trusted at ``now``; nothing is fetched, and what is not told of revocation is not missed."""
    return ValidationContext(
        # Given explicitly, even when empty: left out, the operating system's list would be trusted.
        trust_manager=SimpleTrustManager.build(trust_roots=list(roots.anchors)),
        other_certs=list(roots.between),
        moment=now,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


@lru_cache(maxsize=8)
def _load(roots: tuple[bytes, ...]) -> Roots:
    found: list[x509.Certificate] = []
    for each in roots:
        blocks = [der for _, _, der in pem.unarmor(each, multiple=True)] if pem.detect(each) else [each]
        found += [x509.Certificate.load(der, strict=True) for der in blocks]
    anchors = tuple(each for each in found if each.self_issued)
    return Roots(anchors, tuple(each for each in found if not each.self_issued))
