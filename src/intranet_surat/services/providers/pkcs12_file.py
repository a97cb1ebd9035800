"""Opens a PKCS#12 file: the key it locks and the certificates beside it; no signature is made here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from asn1crypto import pkcs12 as structure
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key, pkcs12

from intranet_surat.services.secret import Secret

MOST = 1024
"""Files remembered at most; one person's takes a few kilobytes."""

_known: dict[bytes, _Public] = {}


@dataclass(frozen=True, slots=True)
class Opened:
    """An unlocked key with its certificate and the authorities above it."""

    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True)
class _Public:
    """What a file holds that is no secret: certificates, and the key as it lies there, encrypted."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    locked: bytes


class NoKeyError(Exception):
    """The file holds no RSA or EC key with a certificate."""


def unlock(data: bytes, secret: Secret) -> Opened:
    """Open the PKCS#12 file ``data``. Raises ValueError for a wrong secret, NoKeyError for a file without our key.

    The first opening checks the key's arithmetic, which costs more than a signature. What was found sound is
    known again by the hash of the file, so later openings of the same bytes only decrypt. Nothing that a
    secret unlocked is remembered.
    """
    name = hashlib.sha256(data).digest()
    if (known := _known.get(name)) is not None:
        return _again(known, secret)
    key, certificate, chain = pkcs12.load_key_and_certificates(data, secret.reveal())
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or certificate is None:
        raise NoKeyError
    opened = Opened(key, certificate, tuple(chain))
    if (locked := _locked_key(data)) is not None:
        if len(_known) >= MOST:
            _known.clear()
        _known[name] = _Public(opened.certificate, opened.chain, locked)
    return opened


def _again(known: _Public, secret: Secret) -> Opened:
    if not secret:
        raise ValueError("no secret")
    key = load_der_private_key(known.locked, secret.reveal(), unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise NoKeyError
    return Opened(key, known.certificate, known.chain)


def _locked_key(data: bytes) -> bytes | None:
    """The only encrypted key of the file, as PKCS#8; None when it lies elsewhere, which is only slower."""
    found = list(_locked_keys(data))
    return found[0] if len(found) == 1 else None


def _locked_keys(data: bytes) -> Iterator[bytes]:
    for part in structure.Pfx.load(data).authenticated_safe:
        if part["content_type"].native != "data":
            continue
        for bag in structure.SafeContents.load(part["content"].native):
            if bag["bag_id"].native == "pkcs8_shrouded_key_bag":
                yield bag["bag_value"].untag().dump()
