"""A throw-away certificate authority for demonstrations and tests; every name it gives says UJI COBA."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

from intranet_surat.services.providers.base import Signer
from intranet_surat.services.secret import Secret

MARK = "UJI COBA"
ROOT_FILE = "akar.pem"
ISSUER_FILE = "penerbit.pem"
KEPT = "otoritas"
"""The folder beside the keys of people in which an authority keeps its own; readable by its owner only."""
URL = "http://otoritas.uji-coba.invalid"
"""Where its certificates say that their state is told. No such host exists: the settings say who answers for it."""

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_REVOKED_FILE = "dicabut.json"
_YEARS = 10
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Member:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Key = field(repr=False)


@dataclass(frozen=True, slots=True)
class Authority:
    """A root, an issuing authority, the clock that stamps and the desk that tells who is revoked.

    ``revoked`` has the serial numbers that are, and since when; it is changed by `revoke` only. ``url`` is where its
    certificates say that their state is told.
    """

    root: x509.Certificate
    issuer: x509.Certificate
    issuer_key: rsa.RSAPrivateKey = field(repr=False)
    root_key: rsa.RSAPrivateKey = field(repr=False)
    stamps: Member
    answers: Member
    revoked: dict[int, datetime] = field(default_factory=dict)
    url: str = URL

    def certificate(self, key: rsa.RSAPrivateKey, signer: Signer, begins: datetime, ends: datetime) -> x509.Certificate:
        """A signing certificate for ``signer``; the subject's serial number is his id."""
        names = [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"Pemerintah Kabupaten ({MARK})"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{signer.name[: 60 - len(MARK)]} ({MARK})"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, signer.person),
        ]
        builder = _issued(_builder(x509.Name(names), self.issuer.subject, key, begins, ends), self.issuer, self.url)
        usage = _usage(digital_signature=True, content_commitment=True)
        builder = builder.add_extension(usage, critical=True)
        if signer.email.isascii() and "@" in signer.email:
            mail = x509.SubjectAlternativeName([x509.RFC822Name(signer.email)])
            builder = builder.add_extension(mail, critical=False)
        return builder.sign(self.issuer_key, hashes.SHA256())

    def revoke(self, certificate: x509.Certificate, since: datetime) -> None:
        """Say from now on that a certificate is revoked since then."""
        self.revoked[certificate.serial_number] = since


def new(now: datetime, *, years: int = _YEARS, name: str = "", url: str = URL) -> Authority:
    """A fresh authority, valid from the day before ``now``; ``name`` and ``url`` tell it from others of its kind."""
    begins, ends = now - _DAY, now + 365 * years * _DAY
    root_key, issuer_key = new_key(), new_key()
    root_name, issuer_name = _name(f"Akar{name}"), _name(f"Penerbit{name}")
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
        .add_extension(_list_at("akar", url), critical=False)
        .sign(root_key, hashes.SHA256())
    )
    clock = stamping(issuer, issuer_key, url, ec.generate_private_key(ec.SECP256R1()), begins, ends)
    desk = _desk(issuer, issuer_key, begins, ends)
    return Authority(root, issuer, issuer_key, root_key, clock, desk, url=url)


def equip(folder: Path, signers: Iterable[Signer], passphrase: Secret, now: datetime) -> Authority:
    """Make a new authority and a ``.p12`` for each signer in ``folder``; what was there is replaced.

    Writes ``akar.pem`` and ``penerbit.pem`` beside them, and keeps the authority itself below. Raises OSError.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    authority = new(now)
    for name, certificate in ((ROOT_FILE, authority.root), (ISSUER_FILE, authority.issuer)):
        write(folder / name, certificate.public_bytes(serialization.Encoding.PEM))
    for signer in signers:
        key = new_key()
        certificate = authority.certificate(key, signer, now - _DAY, now + 365 * 5 * _DAY)
        write(folder / f"{signer.person}.p12", bundle(authority, key, certificate, passphrase))
    keep(folder / KEPT, authority)
    return authority


def keep(folder: Path, authority: Authority) -> None:
    """Write the authority's certificates, keys and list of the revoked into ``folder``. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    members = {
        "akar": Member(authority.root, authority.root_key),
        "penerbit": Member(authority.issuer, authority.issuer_key),
        "stempel-waktu": authority.stamps,
        "status": authority.answers,
    }
    for name, member in members.items():
        write(folder / f"{name}.pem", member.certificate.public_bytes(serialization.Encoding.PEM) + _plain(member.key))
    revoked = {f"{serial:x}": since.isoformat() for serial, since in authority.revoked.items()}
    write(folder / _REVOKED_FILE, json.dumps(revoked, indent=1, sort_keys=True).encode())


def kept(folder: Path) -> Authority:
    """The authority that `keep` wrote. Raises OSError, or ValueError when the files hold something else."""

    def member(name: str) -> Member:
        data = (folder / f"{name}.pem").read_bytes()
        return Member(x509.load_pem_x509_certificate(data), cast("Key", serialization.load_pem_private_key(data, None)))

    root, issuer = member("akar"), member("penerbit")
    revoked = {
        int(serial, 16): datetime.fromisoformat(since)
        for serial, since in json.loads((folder / _REVOKED_FILE).read_text()).items()
    }
    keys = (cast("rsa.RSAPrivateKey", issuer.key), cast("rsa.RSAPrivateKey", root.key))
    return Authority(root.certificate, issuer.certificate, *keys, member("stempel-waktu"), member("status"), revoked)


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


def stamping(
    issuer: x509.Certificate, key: rsa.RSAPrivateKey, url: str, own: Key, begins: datetime, ends: datetime
) -> Member:
    """The clock of an authority, with a key of its own."""
    certificate = (
        _issued(_builder(_name("Stempel Waktu"), issuer.subject, own, begins, ends), issuer, url)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Member(certificate, own)


def _desk(issuer: x509.Certificate, key: rsa.RSAPrivateKey, begins: datetime, ends: datetime) -> Member:
    own = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _builder(_name("Status"), issuer.subject, own, begins, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_authority_of(issuer), critical=False)
        .add_extension(_usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.OCSP_SIGNING]), critical=False)
        .add_extension(x509.OCSPNoCheck(), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Member(certificate, own)


def _issued(builder: x509.CertificateBuilder, issuer: x509.Certificate, url: str) -> x509.CertificateBuilder:
    """What every certificate of the issuer says: no authority itself, and where its state is told."""
    places = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier(f"{url}/ocsp")),
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS, x509.UniformResourceIdentifier(f"{url}/penerbit.cer")
        ),
    ]
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_authority_of(issuer), critical=False)
        .add_extension(x509.AuthorityInformationAccess(places), critical=False)
        .add_extension(_list_at("penerbit", url), critical=False)
    )


def _list_at(name: str, url: str) -> x509.CRLDistributionPoints:
    place = x509.UniformResourceIdentifier(f"{url}/crl/{name}.crl")
    return x509.CRLDistributionPoints([x509.DistributionPoint([place], None, None, None)])


def _plain(key: Key) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _name(role: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"intranet_surat ({MARK})"),
            x509.NameAttribute(NameOID.COMMON_NAME, f"{role} Otoritas {MARK} - tanpa kekuatan hukum"),
        ]
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, begins: datetime, ends: datetime
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


def write(path: Path, data: bytes) -> None:
    """Write a file that only its owner reads. Raises OSError."""
    # Created for the owner alone from the first byte on, then put in place at once.
    new_path = path.with_name(path.name + ".baru")
    handle = os.open(new_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(data)
    new_path.replace(path)
