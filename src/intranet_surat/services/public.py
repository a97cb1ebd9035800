"""What the public verification page may tell of a letter by its token, and the judging of files brought there."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

from intranet_surat.errors import SuratError
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import children, delivery, growth, seals, verifying, verifying_upload
from intranet_surat.services.children import MB, ChildStopped, Limits
from intranet_surat.services.house import House
from intranet_surat.services.verifying import Verdict
from intranet_surat.workflow.model_words import WET

OPEN = "B"
REGISTERED = "Terdaftar"
NOT_REGISTERED = "Tidak terdaftar"

IN_INK = (
    "Surat ini ditandatangani dengan tinta, jadi berkasnya tidak membawa tanda tangan elektronik. "
    "Cocokkan kertas di tangan Anda dengan keterangan di halaman ini."
)
NOT_READABLE = "Berkas arsip sedang tidak dapat dibaca; pemeriksaan belum dapat dilakukan."
NOTHING = Verdict("belum", (), ("Kode ini tidak menunjuk surat yang terdaftar.",), "")
OTHER_LETTER = "Berkas ini tidak sama dengan berkas surat ini dalam arsip kami."

UNUSED = "Berkas ini tersimpan pada kami sebagai berkas yang tidak dipakai: bukan surat yang berlaku."

Archive = Literal["same", "without-evidence", "earlier", "other", "unused", "none"]
_CODE = re.compile(r"(?:^|/v/)([A-Za-z0-9_-]{8,64})/?$")
_PHOTO = Limits(cpu=10, wall=15, memory=512 * MB)

_DUMMY = bytes(200_000)

_MANY = 1000
_verdicts: dict[tuple[str, tuple[bytes, ...], datetime, bool], Verdict] = {}
"""Verdicts on archived bytes; the hash in the key is computed anew at each request."""
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Signatory:
    """As what somebody signed, frozen at that moment; ``field`` names the signature in the file."""

    field: str
    position: str
    name: str
    order: str = ""


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that somebody brought: the verdict, and what it is to our archive.

    ``archive`` is ``same`` for the file that counts now, ``without-evidence`` for one to which only evidence was added
    since, ``earlier`` for one before a later signature or seal, ``other`` when it is not the file of the letter that
    was named, ``unused`` for a signed file of ours that no letter goes by, ``none`` when nothing may be said.
    ``letter`` are the facts of the letter to which it belongs, ``seals`` the fields of signatures that are seals of the
    agency.
    """

    verdict: Verdict
    archive: Archive
    letter: PublicFacts
    seals: frozenset[str] = frozenset()

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {**self.verdict.as_dict(), "archive": self.archive}


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """The same shape for every token. Of a letter that is not open only status, office, date and verdict are told.

    ``seals`` are the fields of signatures that are seals of the agency. ``sha256`` is of the file that counts now,
    ``sha256_signed`` of the same as it was when it was signed, before evidence was added or, where it is
    ``signed_since``, a further signature or a seal.
    """

    known: bool
    status: str
    verdict: Verdict
    masked: bool = False
    office: str = ""
    number: str = ""
    letter_date: str = ""
    subject: str = ""
    signatory_position: str = ""
    signatory_name: str = ""
    signatory_order: str = ""
    method: str = ""
    sha256: str = ""
    signatories: tuple[Signatory, ...] = ()
    seals: frozenset[str] = frozenset()
    sha256_signed: str = ""
    signed_since: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        names = ("known", "status", "masked", "office", "number", "letter_date", "subject", "method", "sha256",
                 "sha256_signed")  # fmt: skip
        signatory = {
            "position": self.signatory_position,
            "name": self.signatory_name,
            "order": self.signatory_order,
        }
        return {
            **{name: getattr(self, name) for name in names},
            "signatory": signatory,
            "signatories": [
                {"position": each.position, "name": each.name, "order": each.order} for each in self.signatories
            ],
            "seals": sorted(self.seals),
            "verdict": self.verdict.as_dict(),
        }


UNKNOWN = PublicFacts(known=False, status=NOT_REGISTERED, verdict=NOTHING)


def facts(house: House, site: Site, token: str, now: datetime) -> PublicFacts:
    """What anybody may know who has the token; a token that means nothing gives the same shape, never an error."""
    letter = _letter(site, token)
    file = delivery.final_file(letter) if letter is not None else None
    if letter is None or file is None:
        hashlib.sha256(_DUMMY).digest()  # about the work of a small letter
        return UNKNOWN
    verdict = _archived(house, letter, file, now)
    office = site.office(letter.office)
    told = PublicFacts(
        known=True,
        status=REGISTERED,
        verdict=verdict,
        office=office.name if office is not None else "",
        letter_date=str(letter.fields.get("letter_date") or ""),
        method=str(letter.fields.get("signed") or ""),
    )
    if letter.fields.get("security") != OPEN:
        return replace(told, masked=True, verdict=replace(verdict, signatures=(), sha256=""))
    position, name, order = _signatory(site, letter, file)
    as_signed = growth.as_signed(letter)
    return replace(
        told,
        number=str(letter.fields.get("number") or ""),
        subject=str(letter.fields.get("subject") or ""),
        signatory_position=position,
        signatory_name=name,
        signatory_order=order,
        sha256=file.sha256,
        sha256_signed=as_signed.sha256 if as_signed is not None else "",
        signed_since=as_signed is not None and as_signed.signatures != file.signatures,
        signatories=_signatories(letter),
        seals=seals.fields(house, growth.revisions(letter), verdict.signatures),
    )


def compare(house: House, site: Site, source: Path | bytes, now: datetime, *, token: str = "") -> Brought:
    """Judge a file that somebody brought, in a child process; with a token, it must be that letter's file.

    Without one, it is looked up by its hash among the letters that are open to the public; of any other nothing is
    told, so that nobody learns that there is one. Raises TooLarge, or Unavailable when too many files are judged.
    """
    judged = verifying_upload.judge(source, house.roots, now)
    named = _letter(site, token) if token else None
    letter = named or _open_letter(site, judged.sha256)
    told = facts(house, site, letter.token, now) if letter is not None else UNKNOWN
    file = delivery.final_file(letter) if letter is not None else None
    sealed = _seals_in(told, judged) | seals.fields(house, (), judged.signatures)
    if letter is None or file is None or not told.known:
        if judged.overall == "sah" and _unused(site, judged.sha256):
            return Brought(replace(judged, overall="tidak", reasons=(UNUSED,)), "unused", UNKNOWN, sealed)
        return Brought(judged, "none", UNKNOWN, sealed)
    if judged.sha256 not in delivery.final_hashes(letter):
        wrong = replace(judged, overall="tidak", reasons=(OTHER_LETTER, *judged.reasons))
        return Brought(wrong, "other", told, sealed)
    if letter.fields.get("signed") == WET:
        return Brought(judged, "same", told, sealed)
    kept = letter.rendition(judged.sha256)
    if kept.sha256 == file.sha256:
        return Brought(_archived(house, letter, kept, now), "same", told, sealed)
    archive: Archive = "without-evidence" if kept.signatures == file.signatures else "earlier"
    verdict = _archived(house, letter, kept, now, midway=True)
    # Others have signed since: who holds this file does not wait for them, he needs the newer one.
    verdict = verifying.incomplete(verdict, verifying.SUPERSEDED) if verdict.awaited else verdict
    return Brought(verdict, archive, told, sealed)


def _seals_in(told: PublicFacts, judged: Verdict) -> frozenset[str]:
    """Which signatures of the file are the seals of the letter: those of other files bear the same names."""
    ours = {(each.field, each.certificate) for each in told.verdict.signatures if each.field in told.seals}
    return frozenset(each.field for each in judged.signatures if (each.field, each.certificate) in ours)


def code(text: str) -> str:
    """The token in what somebody typed or scanned: the code itself, or an address that ends in it; "" for neither."""
    found = _CODE.search(text.strip())
    return found.group(1) if found else ""


def photographed(picture: bytes) -> str:
    """The token in the picture of a QR code, read in a child; "" when none can be read. Raises Unavailable."""
    with verifying_upload.turn():
        try:
            found = children.run("read_code", picture, limits=_PHOTO, pages=1).value.get("codes")
        except ChildStopped:
            return ""
    texts = found if isinstance(found, list) else ()
    return next((code(each) for each in texts if isinstance(each, str) and "/v/" in each and code(each)), "")


def _letter(site: Site, token: str) -> Letter | None:
    where = site.public.get(token) if token.isascii() and len(token) <= 64 else None
    try:
        letter = find(site, where) if where else None
    except KeyError:
        return None
    # A letter that was withdrawn, or only drafted, was never published: for the public it is not there.
    if not isinstance(letter, Letter) or letter.direction != "keluar" or not letter.fields.get("signed"):
        return None
    return letter


def _open_letter(site: Site, sha256: str) -> Letter | None:
    where = site.signed.get(sha256)
    try:
        letter = find(site, where) if where else None
    except KeyError:
        return None
    is_open = isinstance(letter, Letter) and letter.fields.get("security") == OPEN
    return _letter(site, letter.token) if isinstance(letter, Letter) and is_open else None


def _unused(site: Site, sha256: str) -> bool:
    """Whether it is a signed file of ours that no letter goes by: given up, or of an attempt that is not decided.

    Told also of letters that are not open: who brings such a file has it, and must not take it for the letter.
    """
    where = site.signed.get(sha256)
    try:
        letter = find(site, where) if where else None
    except KeyError:
        return False
    if not isinstance(letter, Letter) or letter.rendition(sha256) is None:
        return False
    return not growth.counts(letter, sha256)


def _archived(house: House, letter: Letter, file: Any, now: datetime, *, midway: bool = False) -> Verdict:
    try:
        with file.open() as stream:
            data = stream.read()
    except (SuratError, OSError, ValueError):
        return Verdict("belum", (), (NOT_READABLE,), file.sha256)
    digest = hashlib.sha256(data).hexdigest()
    if digest != file.sha256:
        return Verdict("tidak", (), (verifying.OTHER_BYTES,), digest)
    if letter.fields.get("signed") == WET:
        return Verdict("belum", (), (IN_INK,), digest)
    # Judged as of its acceptance: the same bytes stand in the archive since, whatever became of the certificate.
    at = file.created_at or now
    return _judged(data, digest, house.roots, at, midway=midway)


def _judged(data: bytes, digest: str, roots: tuple[bytes, ...], at: datetime, *, midway: bool) -> Verdict:
    key = (digest, roots, at, midway)
    with _lock:
        kept = _verdicts.get(key)
    if kept is None:
        kept = verifying.verdict(data, roots, now=at, midway=midway)
        with _lock:
            if len(_verdicts) >= _MANY:
                _verdicts.clear()
            _verdicts[key] = kept
    return kept


def _signatory(site: Site, letter: Letter, file: Any) -> tuple[str, str, str]:
    """The post as it is printed, the name, and the number of the order by which somebody signed for the post."""
    kept: Mapping[str, Any] = getattr(file, "verdict", None) or {}
    if kept.get("signatory"):
        told = kept["signatory"]
        return str(told["title"]), str(told["name"]), str(told.get("order", ""))
    printed = next((each.signatory for each in reversed(letter.renditions) if each.signatory), None)
    if printed is not None:
        person = site.people.get(printed["person"])
        return printed["title"], person.name if person is not None else "", printed["order"]
    position = site.positions.get(str(letter.fields.get("signatory") or ""))
    if position is None:
        return "", "", ""
    day = str(letter.fields.get("letter_date") or "")
    holders = position.holder_ids(date.fromisoformat(day)) if day else ()
    people = [site.people[each].name for each in holders if each in site.people]
    return position.title, ", ".join(people), ""


def _signatories(letter: Letter) -> tuple[Signatory, ...]:
    """As what each signed: every signed file tells it of the signature that was the last one when it was made."""
    found: dict[str, Signatory] = {}
    for each in growth.revisions(letter):
        kept: Mapping[str, Any] = each.verdict or {}
        told = kept.get("signatory")
        if told and kept.get("signatures"):
            field = str(kept["signatures"][-1]["field"])
            order = str(told.get("order", ""))
            if not any((one.position, one.name) == (told["title"], told["name"]) for one in found.values()):
                found.setdefault(field, Signatory(field, str(told["title"]), str(told["name"]), order))
    return tuple(found.values())
