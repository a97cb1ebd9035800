"""Which files of a letter a page shows as images and which it offers for download; bytes are read elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from intranet_surat.errors import SuratError, Unknown
from intranet_surat.resources.document import SIGNED
from intranet_surat.resources.letter import Letter
from intranet_surat.services import growth, pages
from intranet_surat.services.house import House
from intranet_surat.services.signatories import PARTLY
from intranet_surat.services.signing_attempts import UNUSED

MOST_DRAWN = 40
"""Longer files show their first pages and are downloaded for the rest."""

_COUNTS: dict[str, int] = {}
TITLES = {
    "scan": "Pindaian",
    "wet-scan": "Pindaian bertanda tangan",
    "attachment": "Lampiran",
    "requirement": "Syarat",
    "paper": "Kertas pimpinan",
    "naskah": "Naskah",
    "cetak": "Cetakan untuk tanda tangan basah",
    "signed": "Surat bertanda tangan elektronik",
    PARTLY: "Surat yang baru sebagian ditandatangani",
    "sheet": "Lembar disposisi",
    UNUSED: "Hasil tanda tangan di luar surat",
}
SEALED, SIGNED_AND_SEALED = "Surat bersegel elektronik", "Surat bertanda tangan dan bersegel elektronik"
RASTER = ("application/pdf", "image/png", "image/jpeg")


@dataclass(frozen=True, slots=True)
class Paper:
    """A stored file: ``sha256`` is its handle in addresses, ``shown`` tells that its pages have images."""

    sha256: str
    title: str
    kind: str
    filename: str
    size: int
    pages: int
    shown: bool
    at: datetime | None = None
    flags: tuple[str, ...] = ()


def all_files(letter: Letter) -> tuple[Paper, ...]:
    """Return every file of the letter, attachments first, each as often as it was stored."""
    attachments = [_paper(each, each.place) for each in letter.attachments]
    return (*attachments, *(_paper(each, each.kind) for each in letter.renditions))


def find(letter: Letter, sha256: str) -> Any | None:
    """Return the stored file with this hash, or None."""
    for each in (*letter.renditions, *letter.attachments):
        if each.sha256 == sha256:
            return each
    return None


def main(letter: Letter) -> Paper | None:
    """Return the file that is the letter: signed, frozen, scanned or printed, in this order of worth."""
    files = all_files(letter)
    for test in (
        lambda each: each.sha256 == getattr(growth.newest(letter), "sha256", letter.frozen),
        lambda each: each.kind == "wet-scan",
        lambda each: each.sha256 == letter.fields.get("scan"),
        lambda each: each.kind == "scan",
        lambda each: each.kind == "cetak",
    ):
        found = [each for each in files if test(each) and each.shown]
        if found:
            return found[-1]
    return None


def of_kind(letter: Letter, kind: str) -> Paper | None:
    """Return the newest file of a kind or place."""
    found = [each for each in all_files(letter) if each.kind == kind]
    return found[-1] if found else None


def signed(letter: Letter) -> Paper | None:
    """Return the newest file with signatures: the signed letter, else the one that waits for others."""
    file = growth.newest(letter)
    return _paper(file, file.kind) if file is not None and file.kind in (SIGNED, PARTLY) else None


def pair(letter: Letter) -> tuple[Paper | None, Paper | None]:
    """Return the print and the scan of a letter that is signed with ink, while the scan is not confirmed."""
    if letter.fields.get("signed"):
        return None, None
    printed = of_kind(letter, "cetak")
    return printed, of_kind(letter, "wet-scan") if printed is not None else None


def others(letter: Letter, shown: Iterable[Paper | None]) -> tuple[Paper, ...]:
    """Return what stands beside the shown files, each hash once; no drafts, none half signed or unused."""
    seen = {each.sha256 for each in shown if each is not None}
    found: list[Paper] = []
    for each in all_files(letter):
        if each.sha256 not in seen and each.kind not in ("naskah", PARTLY, UNUSED):
            seen.add(each.sha256)
            found.append(replace(each, title=_beside(letter, each)))
    return tuple(found)


def _beside(letter: Letter, paper: Paper) -> str:
    """What a file is called beside the letter's own: of a signed one also how it differs from that."""
    if paper.kind != SIGNED:
        return paper.title
    line = {each.sha256: each.signatures for each in growth.line(letter)}
    if paper.sha256 not in line:
        return f"{paper.title}, tidak dipakai lagi"
    added = "bukti" if line[paper.sha256] == growth.newest(letter).signatures else "tanda tangan atau segel"
    return f"{paper.title}, sebelum ditambah {added}"


def counted(house: House, letter: Letter, paper: Paper | None) -> Paper | None:
    """Return the paper with its number of pages: what we rendered ourselves was stored without it.

    Each page is drawn once for that and stays in the cache; the number itself is kept by the hash.
    """
    stored = find(letter, paper.sha256) if paper is not None else None
    if paper is None or stored is None or paper.pages or not paper.shown:
        return paper
    if paper.sha256 not in _COUNTS:
        number = 0
        try:
            while number < MOST_DRAWN:
                pages.image(house, paper.sha256, stored.open, number + 1, pages.WIDTHS[0])
                number += 1
        except Unknown:
            _COUNTS[paper.sha256] = number
        except SuratError:
            return paper
    return replace(paper, pages=_COUNTS.get(paper.sha256, MOST_DRAWN))


def _title(stored: Any, kind: str) -> str:
    sealed = len((getattr(stored, "verdict", None) or {}).get("seals", ())) if kind == "signed" else 0
    if sealed:
        return SEALED if sealed >= stored.signatures else SIGNED_AND_SEALED
    return TITLES.get(kind, kind)


def _paper(stored: Any, kind: str) -> Paper:
    return Paper(
        sha256=stored.sha256,
        title=_title(stored, kind),
        kind=kind,
        filename=stored.filename,
        size=stored.size,
        pages=stored.pages or 0,
        shown=stored.type in RASTER,
        at=stored.created_at,
        flags=tuple(getattr(stored, "flags", ()) or ()),
    )
