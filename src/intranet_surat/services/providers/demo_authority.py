"""A throw-away certificate authority for demonstrations and tests; every name it gives says UJI COBA."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from intranet_surat.services.providers.base import Signer
from intranet_surat.services.secret import Secret

MARK = "UJI COBA"
ROOT_FILE = "akar.pem"
ISSUER_FILE = "penerbit.pem"
_YEARS = 10
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Authority:
    """A root and an issuing authority with their keys, as long as the process that made them lives.

    The keys are not written down: who needs one more person makes a new authority.
    """

    root: x509.Certificate
    issuer: x509.Certificate
    issuer_key: rsa.RSAPrivateKey

    def certificate(self, key: rsa.RSAPrivateKey, signer: Signer, begins: datetime, ends: datetime) -> x509.Certificate:
        """A signing certificate for ``signer``; the subject's serial number is his id."""
        names = [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"Pemerintah Kabupaten ({MARK})"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{signer.name[: 60 - len(MARK)]} ({MARK})"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, signer.person),
        ]
        builder = _builder(x509.Name(names), self.issuer.subject, key, begins, ends)
        usage = _usage(digital_signature=True, content_commitment=True)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(usage, critical=True).add_extension(_authority_of(self.issuer), critical=False)
        if signer.email.isascii() and "@" in signer.email:
            mail = x509.SubjectAlternativeName([x509.RFC822Name(signer.email)])
            builder = builder.add_extension(mail, critical=False)
        return builder.sign(self.issuer_key, hashes.SHA256())


def new(now: datetime) -> Authority:
    """A fresh authority, valid from the day before ``now`` for ten years."""
    begins, ends = now - _DAY, now + 365 * _YEARS * _DAY
    root_key, issuer_key = new_key(), new_key()
    root_name, issuer_name = _name("Akar"), _name("Penerbit")
    signs = _usage(key_cert_sign=True, crl_sign=True)
    root = (
        _builder(root_name, root_name, root_key, begins, ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=1), critical=True)
        .add_extension(signs, critical=True)
        .sign(root_key, hashes.SHA256())
    )
    issuer = (
        _builder(issuer_name, root_name, issuer_key, begins, ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(signs, critical=True)
        .add_extension(_authority_of(root), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    return Authority(root, issuer, issuer_key)


def equip(folder: Path, signers: Iterable[Signer], passphrase: Secret, now: datetime) -> Authority:
    """Make a new authority and a ``.p12`` for each signer in ``folder``; what was there is replaced.

    Writes ``akar.pem`` and ``penerbit.pem`` beside them. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = new(now)
    for name, certificate in ((ROOT_FILE, authority.root), (ISSUER_FILE, authority.issuer)):
        _write(folder / name, certificate.public_bytes(serialization.Encoding.PEM))
    for signer in signers:
        key = new_key()
        certificate = authority.certificate(key, signer, now - _DAY, now + 365 * 5 * _DAY)
        _write(folder / f"{signer.person}.p12", bundle(authority, key, certificate, passphrase))
    return authority


def bundle(authority: Authority, key: rsa.RSAPrivateKey, certificate: x509.Certificate, passphrase: Secret) -> bytes:
    """A PKCS#12 file locked by ``passphrase``."""
    return pkcs12.serialize_key_and_certificates(
        MARK.encode(),
        key,
        certificate,
        [authority.issuer, authority.root],
        serialization.BestAvailableEncryption(passphrase.reveal()),
    )


def new_key() -> rsa.RSAPrivateKey:
    """An RSA key of 2048 bits."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _name(role: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"intranet_surat ({MARK})"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{role} Otoritas {MARK} - tanpa kekuatan hukum"),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _authority_of(certificate: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value)


def _usage(**true: bool) -> x509.KeyUsage:
    every = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return x509.KeyUsage(**{**every, **true})


def _write(path: Path, data: bytes) -> None:
    # Created for the owner alone from the first byte on, then put in place at once.
    new_path = path.with_name(path.name + ".baru")
    handle = os.open(new_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    new_path.replace(path)
