"""Case files as a reader may see them: counted over the letters he knows, with their retention rule in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyramid.request import Request

from intranet_surat.resources.casefile import CaseFile
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.lists import Row
from intranet_surat.resources.site import Office
from intranet_surat.services import archive, search, secrecy
from intranet_surat.services.house import House
from intranet_surat.services.reader import Reader
from intranet_surat.web.letter_page import label

FATES = {
    "musnah": ("M", "Musnah"),
    "permanen": ("P", "Permanen"),
    "dinilai_kembali": ("N", "Dinilai kembali"),
    "berkas_perseorangan": ("K", "Berkas perseorangan"),
}
FILING = "archive"
MOST = 300


@dataclass(frozen=True, slots=True)
class FiledLetter:
    """A letter of a case file."""

    letter: Letter
    subject: str
    label: str


@dataclass(frozen=True, slots=True)
class CaseFileView:
    """A case file: ``count`` is of the letters that the reader may see."""

    file: CaseFile
    count: int
    rule: str
    trigger: str
    fate: str
    fate_letter: str
    basis: str


@dataclass(frozen=True, slots=True)
class Group:
    """The case files under one class of the first level."""

    code: str
    title: str
    files: tuple[CaseFileView, ...]


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """The archive of an office for one reader."""

    waiting: tuple[Row, ...]
    groups: tuple[Group, ...]

    @property
    def filed(self) -> int:
        """How many letters stand in the case files shown."""
        return sum(each.count for group in self.groups for each in group.files)


def build(house: House, site: Any, office: Office, reader: Reader, now: datetime) -> ArchivePage:
    """Make the page: what waits for the reader to be filed, oldest first, and the case files he may know."""
    views = [view(house, site, each, reader, now) for each in archive.case_files(office)]
    return ArchivePage(
        waiting=tuple(waiting(house, site, office, reader)),
        groups=tuple(groups(house, [each for each in views if each is not None])),
    )


def waiting(house: House, site: Any, office: Office, reader: Reader) -> Iterable[Row]:
    """Return the reader's rows of this office whose state has a filing action among its own, oldest first."""
    rows, _ = search.tray(site, reader, "waiting", 0, MOST)
    found = []
    for row in rows:
        if row.office != office.code or row.direction not in {"masuk", "keluar"}:
            continue
        letter = find(site, row.path)
        state = house.flows.of(site, letter.flow).states.get(letter.state)
        if state and any(effect.name == FILING for action in state.actions.values() for effect in action.do):
            found.append(row)
    return sorted(found, key=lambda row: row.since or row.at)


def groups(house: House, views: list[CaseFileView]) -> Iterable[Group]:
    """Sort case files under the first class of their code."""
    found: dict[str, list[CaseFileView]] = {}
    for each in views:
        found.setdefault(each.file.classification.split(".")[0], []).append(each)
    for code in sorted(found):
        known = house.reference.classification(code)
        title = known.name if known is not None else "Tanpa klasifikasi"
        yield Group(code, title, tuple(sorted(found[code], key=lambda each: each.file.classification)))


def view(house: House, site: Any, file: CaseFile, reader: Reader, now: datetime) -> CaseFileView | None:
    """Return a case file as the reader sees it; None when he may see no letter in it."""
    count = len(letters(house, site, file, reader, now))
    if not count:
        return None
    rule = file.rule
    years = []
    if rule:
        years = [f"aktif {rule.get('active_years')} tahun", f"inaktif {rule.get('inactive_years')} tahun"]
    letter, fate = FATES.get(str(rule.get("fate", "")), ("", str(rule.get("fate", "")).replace("_", " ").capitalize()))
    return CaseFileView(
        file=file,
        count=count,
        rule=", ".join(years) or "Belum ada di jadwal retensi",
        trigger=str(rule.get("trigger", "")).replace("_", " "),
        fate=fate,
        fate_letter=letter,
        basis=f"{rule.get('code')} {rule.get('name')}" if rule else "",
    )


def letters(house: House, site: Any, file: CaseFile, reader: Reader, now: datetime) -> list[FiledLetter]:
    """Return the letters of a case file that the reader may see in full."""
    found = []
    for where in file.letters():
        try:
            letter = find(site, where)
        except KeyError:
            continue
        if secrecy.sight(house, site, letter, reader, now) == "full":
            found.append(FiledLetter(letter, str(letter.fields.get("subject", "")), label(letter)))
    return found


def as_json(request: Request, seen: CaseFileView) -> dict[str, Any]:
    """Return a case file for programs."""
    return {
        "@id": request.resource_url(seen.file),
        "@type": "CaseFile",
        "title": seen.file.title,
        "classification": seen.file.classification,
        "year": seen.file.year,
        "unit": seen.file.unit,
        "rule": dict(seen.file.rule),
        "letters": seen.count,
    }
