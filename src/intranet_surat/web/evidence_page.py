"""How evidence stands, in rows for its keepers: by office, and by letter only where the reader knows it anyway."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.renewals import Due
from intranet_surat.resources.reports import Report
from intranet_surat.resources.site import Site
from intranet_surat.services import secrecy
from intranet_surat.services.evidence import checks, renewing
from intranet_surat.services.evidence.checks import End, Overview
from intranet_surat.services.house import House
from intranet_surat.services.reader import Reader

LIGHTS: Mapping[str, tuple[str, str]] = {
    "good": ("st-done", "Baik"),
    "warn": ("st-warn", "Peringatan"),
    "bad": ("st-bad", "Rusak"),
}
STATES: Mapping[renewing.State, tuple[str, str]] = {
    "due": ("st-work", "Sedang diperbarui"),
    "missing": ("st-work", "Sedang dibuat"),
    "late": ("st-bad", "Terlambat"),
    "lost": ("st-bad", "Tidak dapat dibuat lagi"),
    "revoked": ("st-bad", "Sertifikat sudah dicabut sebelum dipakai"),
}
VERDICTS: Mapping[str, str] = {"sah": "sah", "belum": "belum dapat dipastikan", "tidak": "tidak sah"}
OPEN = frozenset({"B", "T"})
SHOWN = 50
"""So many reports that are done are shown."""
ANCHORS = 7


@dataclass(frozen=True, slots=True)
class Row:
    """A letter whose evidence is not in order. Of one that the reader does not know only office and dates are told."""

    css: str
    state: str
    office: str
    name: str
    url: str
    until: datetime
    again: datetime
    tries: int


@dataclass(frozen=True, slots=True)
class EvidencePage:
    """The letters to work on, the months in which others are renewed, what ends when, and the last anchors.

    ``problems`` is what was met with letters that are not secret, without telling with which: it may name who signed.
    """

    rows: tuple[Row, ...]
    more: int
    problems: tuple[str, ...]
    months: tuple[tuple[date, int], ...]
    ends: tuple[End, ...]
    anchors: tuple[tuple[int, str, bool, int], ...]


def build(house: House, site: Site, reader: Reader, found: Overview, now: datetime) -> EvidencePage:
    """The page for one reader."""
    open_ = sum(number for state, number in found.states.items() if state != "kept")
    return EvidencePage(
        tuple(_row(house, site, reader, state, due, now) for state, due in found.open),
        open_ - len(found.open),
        tuple(dict.fromkeys(each for _, due in found.open if (each := _problem(site, due)))),
        found.months,
        tuple(checks.ends(house, now)),
        tuple(_anchors(site)),
    )


def closed(site: Site) -> list[tuple[Report, str]]:
    """The last reports that were dealt with, each with the title of the post that did."""
    found = ((each, site.positions.get(each.by)) for each in site.reports.closed()[:SHOWN])
    return [(each, post.title if post is not None else "") for each, post in found]


def _row(house: House, site: Site, reader: Reader, state: renewing.State, due: Due, now: datetime) -> Row:
    css, title = STATES[state]
    letter = _letter(site, due)
    office = site.office(due.office)
    known = letter is not None and secrecy.may_know(house, site, letter, reader, now)
    return Row(
        css,
        title,
        office.name if office is not None else due.office,
        str(letter.fields.get("number") or "tanpa nomor") if known and letter is not None else "",
        due.letter.strip("/") + "/" if known else "",
        due.ends,
        due.at,
        due.tries,
    )


def _letter(site: Site, due: Due) -> Letter | None:
    try:
        found = find(site, due.letter)
    except KeyError:
        return None
    return found if isinstance(found, Letter) else None


def _problem(site: Site, due: Due) -> str:
    letter = _letter(site, due) if due.problem else None
    return due.problem if letter is not None and letter.fields.get("security") in OPEN else ""


def _anchors(site: Site) -> list[tuple[int, str, bool, int]]:
    last = site.anchors.last()
    numbers = range(last.number, max(0, last.number - ANCHORS), -1) if last is not None else ()
    found = (site.anchors.get(each) for each in numbers)
    return [(each.number, each.day, bool(each.token), len(each.leaves)) for each in found if each is not None]
