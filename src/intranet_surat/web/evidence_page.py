"""How evidence stands, in lines and rows for its keepers: letters by office, by name only to who knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.renewals import Due
from intranet_surat.resources.site import Site
from intranet_surat.services import secrecy
from intranet_surat.services.evidence import renewing
from intranet_surat.services.evidence.checks import Check, End, Light, Seen
from intranet_surat.services.house import House
from intranet_surat.services.reader import Reader

LIGHTS: Mapping[Light, tuple[str, str]] = {
    "good": ("st-done", "Baik"),
    "warn": ("st-warn", "Periksa"),
    "bad": ("st-bad", "Tangani"),
}
STATES: Mapping[renewing.State, tuple[str, str]] = {
    "due": ("st-work", "Sedang diperbarui"),
    "missing": ("st-work", "Sedang dibuat"),
    "late": ("st-bad", "Terlambat"),
    "broken": ("st-bad", "Galat pada sistem"),
    "lost": ("st-bad", "Tidak dapat dibuat lagi"),
    "revoked": ("st-bad", "Sertifikat dicabut sebelum dipakai"),
}
OPEN = frozenset({"B", "T"})
ANCHORS = 7
MONTHS = 24
"""So many months of renewals are shown, and so many anchors above."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that is looked at: its light as a word, how it stands, who does what, and by which command."""

    css: str
    light: str
    title: str
    says: str
    todo: str
    command: str


@dataclass(frozen=True, slots=True)
class Ending:
    """Something on which evidence stands, with its state as a word and its last day."""

    css: str
    state: str
    what: str
    day: date


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
    """How each thing stands, the letters to work on, months in which others are renewed, what ends, the last anchors.

    ``problems`` is what was met with letters that are not secret, without telling with which: it may name who signed.
    """

    lines: tuple[Line, ...]
    rows: tuple[Row, ...]
    more: int
    problems: tuple[str, ...]
    months: tuple[tuple[date, int], ...]
    ends: tuple[Ending, ...]
    anchors: tuple[tuple[int, str, bool, int], ...]


def build(house: House, site: Site, reader: Reader, found: Seen, now: datetime) -> EvidencePage:
    """The page for one reader."""
    letters = found.letters
    open_ = sum(number for state, number in letters.states.items() if state != "kept")
    return EvidencePage(
        tuple(map(_line, found.lines)),
        tuple(_row(house, site, reader, state, due, now) for state, due in letters.open),
        open_ - len(letters.open),
        tuple(dict.fromkeys(each for _, due in letters.open if (each := _problem(site, due)))),
        letters.months[:MONTHS],
        tuple(map(_ending, found.ends)),
        tuple(_anchors(site)),
    )


def _line(each: Check) -> Line:
    css, word = LIGHTS[each.light]
    return Line(css, word, each.title, each.says, each.todo, each.command)


def _ending(each: End) -> Ending:
    css, word = ("st-back", "Berakhir") if each.over else ("st-warn", "Segera") if each.soon else ("st-done", "Berlaku")
    return Ending(css, word, each.what, each.day)


def _row(house: House, site: Site, reader: Reader, state: renewing.State, due: Due, now: datetime) -> Row:
    css, title = STATES[state]
    office, number = site.office(due.office), _number(house, site, reader, due, now)
    return Row(
        css,
        title,
        office.name if office is not None else due.office,
        number,
        due.letter.strip("/") + "/" if number else "",
        due.ends,
        due.at,
        due.tries,
    )


def _number(house: House, site: Site, reader: Reader, due: Due, now: datetime) -> str:
    """By what the letter is called to a reader who may know it; empty for all others, and for one that is lost."""
    try:
        letter = find(site, due.letter)
        known = isinstance(letter, Letter) and secrecy.may_know(house, site, letter, reader, now)
        return str(letter.fields.get("number") or "tanpa nomor") if known else ""
    except KeyError:
        return ""


def _problem(site: Site, due: Due) -> str:
    try:
        letter = find(site, due.letter) if due.problem else None
        return due.problem if isinstance(letter, Letter) and letter.fields.get("security") in OPEN else ""
    except KeyError:
        return ""


def _anchors(site: Site) -> list[tuple[int, str, bool, int]]:
    last = site.anchors.last()
    numbers = range(last.number, max(0, last.number - ANCHORS), -1) if last is not None else ()
    found = (site.anchors.get(each) for each in numbers)
    return [(each.number, each.day, bool(each.token), len(each.leaves)) for each in found if each is not None]
