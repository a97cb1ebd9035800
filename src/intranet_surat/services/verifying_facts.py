"""What is told of one signature, in plain values for pages, JSON and archives; how it is found: `verifying_pdf`."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from asn1crypto import x509

Overall = Literal["sah", "belum", "tidak"]
Level = Literal["B", "T", "LT", "LTA"]
Changed = Literal["no", "allowed", "yes"]


CHANGES: Mapping[Changed, str] = {
    "no": "Tidak berubah",
    "allowed": "Tidak berubah; sesudahnya hanya ditambah tanda tangan atau bukti",
    "yes": "Berubah sesudah ditandatangani",
}
LEVELS: Mapping[Level, str] = {
    "B": "Tanpa stempel waktu yang dapat kami percaya (B)",
    "T": "Waktu dibuktikan stempel waktu (T)",
    "LT": "Waktu dan keadaan sertifikat dibuktikan (LT)",
    "LTA": "Dibuktikan untuk jangka panjang (LTA)",
}
SEALED = "Segel elektronik instansi"
"""How the reason begins that our seals state in the file: by it a file alone tells that it was sealed, not signed."""
PERSONAL = frozenset({"subject_serial", "emails"})
"""Compared with whom we expect while a file is judged, and then forgotten: a serial number may be a NIP or a NIK."""


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """What is known of one signature. Texts come from the file and are cleaned of signs that do not show.

    ``level`` is what could be proven, not what the file claims: B by the signer's clock, T by a timestamp, LT with
    all data about the certificates, LTA covered by a document timestamp. ``stamped_at`` and ``stamped_by`` tell the
    timestamp that counts. ``changed``: ``allowed`` are later signatures and evidence, nothing that shows. ``post`` is
    what the certificate says of the holder's post and agency; as what he signed this letter the archive knows.
    ``says_seal`` is what the file says of itself, by the reason stated in it; which are our seals, the archive knows.
    """

    field: str
    signer: str
    subject_serial: str
    emails: tuple[str, ...]
    issuer: str
    certificate: str
    signed_at: str
    timestamped: bool
    whole_file: bool
    overall: Overall
    reasons: tuple[str, ...]
    level: Level = "B"
    stamped_at: str = ""
    stamped_by: str = ""
    changed: Changed = "no"
    valid_from: str = ""
    valid_to: str = ""
    post: str = ""
    says_seal: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values, fit to be kept and told: without what names the person beyond his name."""
        plain = {name: value for name, value in asdict(self).items() if name not in PERSONAL}
        return {**plain, "reasons": list(self.reasons)}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> SignatureFacts:
        """The facts that `as_dict` gave; raises TypeError when a name does not fit."""
        return cls(**{**plain, "subject_serial": "", "emails": (), "reasons": tuple(plain["reasons"])})


def holder(certificate: x509.Certificate) -> str:
    """The common name of whom a certificate is for."""
    return clean(str(certificate.subject.native.get("common_name", "")))


def post(certificate: x509.Certificate) -> str:
    """The post and agency of whom a certificate is for, as it names them."""
    names = certificate.subject.native
    shown = (names.get("title"), names.get("organization_name"))
    return ", ".join(clean(each) for each in shown if isinstance(each, str) and each.strip())


def authority(certificate: x509.Certificate) -> str:
    """Who issued a certificate; "" for one that does not name its issuer."""
    names = certificate.issuer.native
    shown = (names.get("common_name") or names.get("organizational_unit_name"), names.get("organization_name"))
    return ", ".join(clean(each) for each in shown if isinstance(each, str))


def emails(certificate: x509.Certificate) -> set[str]:
    """The mail addresses in a certificate."""
    found = {certificate.subject.native.get("email_address", "")}
    names = certificate.subject_alt_name_value
    for name in names if names is not None else ():
        if name.name == "rfc822_name":
            found.add(name.native)
    return {clean(each) for each in found if isinstance(each, str) and each}


def clean(text: str) -> str:
    """A text from a file without signs that do not show, and not without end."""
    shown = (each for each in unicodedata.normalize("NFC", text) if unicodedata.category(each)[0] != "C")
    return "".join(shown)[:200]
