"""The facts of a letter in the order a reader looks for them: label, value and how the value is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from intranet_surat.kinds.dates import long_date
from intranet_surat.kinds.vocabularies import HANDED_IN, lookup
from intranet_surat.resources.letter import Letter
from intranet_surat.services.house import House
from intranet_surat.services.org import SiteOrg

ABOVE = frozenset({"subject", "security", "urgency", "body", "addressees", "carbon_copies", "scan", "signed"})
"""Fields that the page shows elsewhere than among the facts."""

NEVER = frozenset({"print_code", "reply_to", "attachment_unit", "salutation", "closing", "signing_form", "place"})
"""Fields that say nothing beside the page image."""


EMPTY: dict[str, Mapping[str, str]] = {name: {} for name in HANDED_IN}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: ``form`` is ``text``, ``date``, ``instant``, ``code`` or ``masked``."""

    label: str
    value: str
    form: str = "text"


def build(house: House, letter: Letter, org: SiteOrg, private: Mapping[str, str]) -> tuple[Fact, ...]:
    """Make the facts from the fields that the letter's kind declares; empty ones are left out.

    ``private`` holds masked values of the private record, by field name.
    """
    kind = house.kinds[letter.kind]
    found: list[Fact] = []
    for field in sorted(kind.fields, key=lambda each: _ORDER.get(each.name, 50)):
        if field.name in ABOVE or field.name in NEVER:
            continue
        if field.secret:
            if private.get(field.name):
                found.append(Fact(field.title, private[field.name], "masked"))
            continue
        value = letter.fields.get(field.name)
        if value in (None, "", [], {}):
            continue
        if field.name == "attachment_count":
            found.append(Fact(field.title, attachments(letter.fields)))
            continue
        write = _WRITERS.get(field.type, _text)
        found.append(write(house, org, field, value))
    return tuple(found)


def line(house: House, org: SiteOrg, field: Any, value: Any) -> str:
    """The value of one field in words, as it stands in a comparison."""
    fact = _WRITERS.get(field.type, _text)(house, org, field, value)
    return when(house, fact.value) if fact.form in {"date", "instant"} else fact.value


def when(house: House, value: str) -> str:
    """A stored date or instant as it is written in a history: day, month, year, and the time when there is one."""
    if "T" not in value:
        return long_date(date.fromisoformat(value))
    at = house.local(datetime.fromisoformat(value))
    return f"{long_date(at.date())}, {at.hour:02}.{at.minute:02}"


def attachments(fields: Mapping[str, Any]) -> str:
    """The count and the unit of the attachments as they stand on the letter."""
    count = fields.get("attachment_count")
    return f"{count} {fields.get('attachment_unit') or ''}".strip() if count else "-"


def addressees(rows: Iterable[Mapping[str, Any]]) -> str:
    """Addressees in one phrase for a heading: names, or how many there are."""
    told = [str(each.get("name", "")) for each in rows]
    return ", ".join(told) if len(told) <= 3 else f"{len(told)} tujuan"


def _text(_house: House, _org: SiteOrg, field: Any, value: Any) -> Fact:
    if isinstance(value, bool):
        return Fact(field.title, "Ya" if value else "Tidak")
    return Fact(field.title, str(value))


def classification(house: House, code: str) -> str:
    """The code with its name."""
    known = house.reference.classification(code)
    return f"{code} {known.name}" if known is not None else code


def _choice(house: House, org: SiteOrg, field: Any, value: Any) -> Fact:
    if field.vocabulary == "classification":
        return Fact(field.title, classification(house, str(value)))
    if field.vocabulary == "positions":
        return _position(house, org, field, value)
    words = lookup(field.vocabulary or "", {**EMPTY, **house.reference.vocabularies()})
    return Fact(field.title, words.get(str(value), str(value)))


def _position(_house: House, org: SiteOrg, field: Any, value: Any) -> Fact:
    return Fact(field.title, org.title(str(value)))


def _rows(_house: House, _org: SiteOrg, field: Any, value: Any) -> Fact:
    lines = []
    for row in value if isinstance(value, list | tuple) else [value]:
        if isinstance(row, Mapping) and "name" in row and "kind" in row:
            lines.append(str(row["name"]))
        else:
            cells = row.values() if isinstance(row, Mapping) else [row]
            lines.append(", ".join(str(cell) for cell in cells if cell))
    return Fact(field.title, "; ".join(lines))


def _date(_house: House, _org: SiteOrg, field: Any, value: Any) -> Fact:
    return Fact(field.title, str(value), "date")


def _instant(_house: House, _org: SiteOrg, field: Any, value: Any) -> Fact:
    return Fact(field.title, str(value), "instant")


_WRITERS: dict[str, Callable[[House, SiteOrg, Any, Any], Fact]] = {
    "choice": _choice,
    "position": _position,
    "date": _date,
    "instant": _instant,
    "rows": _rows,
    "addressees": _rows,
}

_ORDER = {
    "number": 0,
    "sender_number": 1,
    "letter_date": 2,
    "received_at": 3,
    "agenda_number": 4,
    "addressee": 5,
    "signatory": 6,
    "second_signatory": 7,
    "acknowledged_by": 8,
    "classification": 9,
    "attachment_count": 10,
}
