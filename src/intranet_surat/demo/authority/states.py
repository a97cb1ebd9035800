"""Tells which certificates of the demo authority are revoked: OCSP answers and lists."""

from __future__ import annotations

from datetime import datetime, timedelta

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from intranet_surat.demo.authority.issuing import Authority

LASTS = timedelta(days=1)
"""How long an answer may be used, as it says itself."""


def answer(authority: Authority, query: bytes, now: datetime) -> bytes:
    """The OCSP answer to a query, as DER; about what the issuer did not issue, it refuses to speak."""
    try:
        asked = ocsp.load_der_ocsp_request(query)
    except ValueError:
        return _refusal(ocsp.OCSPResponseStatus.MALFORMED_REQUEST)
    if asked.issuer_key_hash != _key_hash(authority.issuer, asked.hash_algorithm):
        return _refusal(ocsp.OCSPResponseStatus.UNAUTHORIZED)
    since = authority.revoked.get(asked.serial_number)
    revoked = since is not None and since <= now
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        issuer_name_hash=asked.issuer_name_hash,
        issuer_key_hash=asked.issuer_key_hash,
        serial_number=asked.serial_number,
        algorithm=asked.hash_algorithm,
        cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
        this_update=now,
        next_update=now + LASTS,
        revocation_time=since if revoked else None,
        revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
    )
    own = authority.answers
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, own.certificate).certificates([own.certificate])
    return builder.sign(own.key, hashes.SHA256()).public_bytes(Encoding.DER)


def revoked_list(authority: Authority, name: str, now: datetime) -> bytes | None:
    """The list ``akar`` or ``penerbit`` as DER; None for another name. The root revokes nobody here."""
    if name == "akar":
        return _list(authority.root, authority.root_key, {}, now)
    if name == "penerbit":
        return _list(authority.issuer, authority.issuer_key, authority.revoked, now)
    return None


def _list(own: x509.Certificate, key: rsa.RSAPrivateKey, revoked: dict[int, datetime], now: datetime) -> bytes:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(own.subject)
        .last_update(now)
        .next_update(now + LASTS)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .add_extension(x509.CRLNumber(int(now.timestamp())), critical=False)
    )
    for serial, since in revoked.items():
        if since <= now:
            line = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(since)
            line = line.add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
            builder = builder.add_revoked_certificate(line.build())
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def _refusal(status: ocsp.OCSPResponseStatus) -> bytes:
    return ocsp.OCSPResponseBuilder.build_unsuccessful(status).public_bytes(Encoding.DER)


def _key_hash(certificate: x509.Certificate, algorithm: hashes.HashAlgorithm) -> bytes | None:
    key = asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER)).public_key
    return {"sha1": key.sha1, "sha256": key.sha256}.get(algorithm.name)
