"""Judges a signed PDF in three values, offline and independent of who signed it; sentences are Indonesian.

``sah``: whole, by a certificate of an authority we know. ``tidak``: something was changed, revoked or does
not fit. ``belum``: what is missing for a judgement, an unknown authority or no signature at all, is told.
How a PDF is read stands in `verifying_pdf`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Literal

from intranet_surat.services import verifying_pdf
from intranet_surat.services.providers.base import Refused, Signer
from intranet_surat.services.verifying_facts import Overall, SignatureFacts
from intranet_surat.services.verifying_pdf import NO_SIGNATURE, UnreadableError
from intranet_surat.services.verifying_roots import Roots, load_roots

LABELS: Mapping[str, str] = {"sah": "Sah", "belum": "Belum dapat dipastikan", "tidak": "Tidak sah"}

OTHER_BYTES = "Berkas ini tidak sama dengan berkas dalam arsip kami: ada yang berubah sesudah ditandatangani."
OTHER_PERSON = "Tanda tangan bukan dari pejabat yang tercatat sebagai penanda tangan surat ini."
INCOMPLETE = (
    "Berkas ini belum ditandatangani semua pihak: {count} dari tanda tangan yang disiapkan di dalamnya belum ada."
)
SUPERSEDED = "Berkas ini dibuat sebelum {count} pihak lain menandatangani; minta berkas terbarunya."
ALL_GOOD = "Isi berkas utuh dan sertifikat penanda tangan diterbitkan oleh otoritas yang kami kenal."
ALL_KNOWN = "Isi berkas utuh dan sertifikat elektronik yang dipakai diterbitkan oleh otoritas yang kami kenal."
"""Of a file that calls itself sealed; whether it is our seal, the archive or a history knows."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is thought of a whole file; ``reasons`` are sentences for a person, the weightiest first.

    ``awaited`` is how many have not signed it for whom it was prepared.
    """

    overall: Overall
    signatures: tuple[SignatureFacts, ...]
    reasons: tuple[str, ...]
    sha256: str
    awaited: int = 0

    @property
    def label(self) -> str:
        """The verdict in words: Sah, Belum dapat dipastikan, Tidak sah."""
        return LABELS[self.overall]

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as kept beside a rendition and as told in JSON."""
        return {**asdict(self), "signatures": [each.as_dict() for each in self.signatures], "label": self.label}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Verdict:
        """The verdict that `as_dict` gave; raises KeyError or ValueError when it is not one."""
        overall = plain["overall"]
        if overall not in LABELS:
            raise ValueError("not a verdict")
        signatures = tuple(SignatureFacts.from_dict(each) for each in plain["signatures"])
        reasons, awaited = tuple(map(str, plain["reasons"])), int(plain.get("awaited", 0))
        return cls(overall, signatures, reasons, str(plain["sha256"]), awaited)


def verdict(
    pdf: bytes,
    roots: Sequence[bytes] | Roots,
    *,
    now: datetime,
    expect: Signer | None = None,
    archived: str | None = None,
    midway: bool = False,
) -> Verdict:
    """Judge ``pdf`` against ``roots`` (certificates, PEM or DER) as of ``now``, whatever it is; never fetches.

    ``expect`` is the person whose signature must be the last one. ``archived`` is the SHA-256 of the file as
    it was stored: with it, no byte may differ, inside or outside what the signatures cover. ``midway`` is for a file
    that others are still to sign: else it is not yet the letter.
    """
    digest = hashlib.sha256(pdf).hexdigest()
    if archived is not None and digest != archived:
        return Verdict("tidak", (), (OTHER_BYTES,), digest)
    try:
        found = verifying_pdf.read(pdf, load_roots(roots), now)
    except UnreadableError as error:
        return Verdict(error.overall, (), (error.sentence,), digest)
    signatures = found.signatures
    if expect is not None and signatures and not is_by(signatures[-1], expect):
        last = replace(signatures[-1], overall="tidak", reasons=(OTHER_PERSON, *signatures[-1].reasons))
        signatures = (*signatures[:-1], last)
    judged = Verdict(_worst(signatures), signatures, _reasons(signatures), digest, found.awaited)
    return incomplete(judged, INCOMPLETE) if judged.awaited and not midway else judged


def incomplete(judged: Verdict, sentence: str) -> Verdict:
    """The verdict on a file that some have yet to sign, as a letter: at best undecided; ``sentence`` says so first."""
    others = () if judged.overall == "sah" else judged.reasons
    overall: Overall = "tidak" if judged.overall == "tidak" else "belum"
    return replace(judged, overall=overall, reasons=(sentence.format(count=judged.awaited), *others))


def accepts(
    before: bytes, after: bytes, expected: Signer, roots: Sequence[bytes] | Roots, now: datetime, field: str = ""
) -> Verdict:
    """Test what a provider returned for ``before``; answers the verdict, or raises Refused.

    Our bytes must be the beginning; what was added must be one signature over the whole new file and
    nothing else that shows; it must be the expected person's, under a known authority; earlier signatures
    must still stand. It stands in a field of its own, or in ``field``, which was prepared for this person.
    """
    if not before or after[: len(before)] != before:
        raise _not_ours("the result does not begin with the bytes that were sent")
    try:
        old = verifying_pdf.outline(before)
        new = verifying_pdf.outline(after)
        added_only = verifying_pdf.only_signed_since(after, old.revisions, field)
    except UnreadableError as error:
        raise _not_ours(f"unreadable: {error.detail}") from None
    if new.signatures != old.signatures + 1:
        raise _not_ours(f"{new.signatures - old.signatures} signatures were added, not one")
    if not added_only:
        raise _not_ours("more than a signature was added")
    judged = verdict(after, roots, now=now, expect=expected, midway=True)
    if judged.overall != "sah" or not judged.signatures[-1].whole_file:
        raise _not_ours("; ".join(judged.reasons))
    return judged


def is_by(signature: SignatureFacts, signer: Signer) -> bool:
    """Whether the certificate's subject is this person: by serial number or e-mail; names recur and prove nothing."""
    emails = {each.casefold() for each in signature.emails}
    return signature.subject_serial in signer.serials or (bool(signer.email) and signer.email.casefold() in emails)


def _not_ours(detail: str) -> Refused:
    return Refused(
        "Hasil dari penyedia tanda tangan tidak lolos pemeriksaan kami dan tidak dipakai. "
        "Surat menunggu dengan nomornya; hubungi DKISP sebelum mencoba lagi.",
        detail=detail,
    )


def _worst(signatures: Iterable[SignatureFacts]) -> Overall:
    found = {each.overall for each in signatures}
    order: tuple[Literal["tidak", "belum", "sah"], ...] = ("tidak", "belum", "sah")
    return next((each for each in order if each in found), "belum")


def _reasons(signatures: Sequence[SignatureFacts]) -> tuple[str, ...]:
    if not signatures:
        return (NO_SIGNATURE,)
    by_weight = sorted(signatures, key=lambda each: ("tidak", "belum", "sah").index(each.overall))
    found = dict.fromkeys(reason for each in by_weight for reason in each.reasons)
    sealed = all(each.says_seal for each in signatures)
    return tuple(found) or (ALL_KNOWN if sealed else ALL_GOOD,)
