"""Judges whether what a file carries proves a signature for good, at a given time and offline.

Document timestamps form a chain: the last one counts now, each before it counted when the next was made, and what
the first one covers existed by then. There the signature is judged, or at the timestamp within it: authorities,
whole hierarchies and algorithms may have ended since. Of each link only that data of the file counts which the next
link covers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from asn1crypto import x509
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.validation import (
    DocumentSecurityStore,
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import SignatureCoverageLevel, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import (
    AcceptAllAlgorithms,
    AlgorithmUsagePolicy,
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleTrustManager

from intranet_surat.services.evidence import algorithms
from intranet_surat.services.verifying_roots import Roots

_TOLD = RevocationCheckingPolicy(
    ee_certificate_rule=RevocationCheckingRule.CRL_OR_OCSP_REQUIRED,
    intermediate_ca_cert_rule=RevocationCheckingRule.CHECK_IF_DECLARED,
)
_UNTOLD = RevocationCheckingPolicy(
    # Nothing in a file can tell what became of an authority after it stamped last: until its certificate ends it is
    # taken to be good, and the renewal asks anew.
    ee_certificate_rule=RevocationCheckingRule.NO_CHECK,
    intermediate_ca_cert_rule=RevocationCheckingRule.NO_CHECK,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """What the evidence in a file says of one signature.

    ``revoked`` means by the time at which it is known to have existed, ``since`` is the first document timestamp
    over it in an unbroken chain, made by ``stamper``; ``dated``, that the timestamp within it counts. ``weak``: it
    would be proven if no algorithm had ended.
    """

    proven: bool
    revoked: bool = False
    since: datetime | None = None
    weak: bool = False
    stamper: x509.Certificate | None = None
    dated: bool = False


@dataclass(frozen=True, slots=True)
class _Link:
    """Where the chain has been followed to: what existed at ``moment``, in the file up to ``revision``."""

    reader: PdfFileReader
    roots: Roots
    policy: AlgorithmUsagePolicy
    moment: datetime
    revision: int
    stamper: x509.Certificate | None = None

    @property
    def covered(self) -> bool:
        """Whether a timestamp stands over it."""
        return self.stamper is not None

    def context(self, moment: datetime | None = None) -> ValidationContext:
        """The authorities and the data of the file, at the link's moment or before it."""
        rules = _TOLD if self.covered or moment is not None else _UNTOLD
        settings: dict[str, Any] = {
            "trust_manager": SimpleTrustManager.build(trust_roots=list(self.roots.anchors)),
            "other_certs": list(self.roots.between),
            "moment": moment or self.moment,
            "allow_fetching": False,
            # What is told later names the moment of revocation, and so vouches for the time before it.
            "revinfo_policy": CertRevTrustPolicy(rules, retroactive_revinfo=moment is not None),
            "algorithm_usage_policy": self.policy,
        }
        then = HistoricalResolver(self.reader, self.revision)
        if "/DSS" in then.root:
            return DocumentSecurityStore.read_dss(then).as_validation_context(settings)
        return ValidationContext(crls=[], ocsps=[], **settings)


def has_evidence(reader: PdfFileReader) -> bool:
    """Whether a file carries validation data or document timestamps at all."""
    return "/DSS" in reader.root or bool(reader.embedded_timestamp_signatures)


async def standing(
    signature: EmbeddedPdfSignature, roots: Roots, now: datetime, sunsets: algorithms.Sunsets | None = None
) -> Standing:
    """Judge one signature of a file as of ``now``; nothing is fetched. May raise what the PDF library raises."""
    start = _Link(
        signature.reader, roots, sunsets or algorithms.shipped(), now, signature.reader.xrefs.total_revisions - 1
    )
    told = await _judged(signature, start)
    if told.proven or told.revoked:
        return told
    without = await _judged(signature, replace(start, policy=AcceptAllAlgorithms()))
    return replace(told, weak=without.proven)


async def _judged(signature: EmbeddedPdfSignature, start: _Link) -> Standing:
    later = [
        each
        for each in signature.reader.embedded_timestamp_signatures
        if each.signed_revision > signature.signed_revision
    ]
    link = await _first(later, start)
    at_link = await async_validate_pdf_signature(signature, link.context(), skip_diff=True)
    own = at_link.timestamp_validity
    dated = own is not None and _good(own)
    then = min(link.moment, own.timestamp) if own is not None and dated else link.moment
    told = await async_validate_pdf_signature(signature, link.context(then), skip_diff=True)
    good = told.intact and told.valid and told.trusted
    since = link.moment if link.covered else None
    return Standing(proven=good, revoked=told.revoked, since=since, stamper=link.stamper, dated=dated)


async def _first(stamps: Sequence[EmbeddedPdfSignature], start: _Link) -> _Link:
    """Follow the timestamps back to the first; a chain that is broken anywhere leads nowhere."""
    link = start
    for stamp in reversed(stamps):
        told = await async_validate_pdf_timestamp(stamp, link.context(), skip_diff=True)
        whole = stamp.evaluate_signature_coverage() >= SignatureCoverageLevel.ENTIRE_REVISION
        if not _good(told) or not whole or told.timestamp > link.moment:
            return start
        link = replace(link, moment=told.timestamp, revision=stamp.signed_revision, stamper=told.signing_cert)
    return link


def _good(stamp: TimestampSignatureStatus) -> bool:
    return bool(stamp.intact and stamp.valid and stamp.trusted)
