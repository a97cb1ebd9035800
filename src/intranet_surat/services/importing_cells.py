"""Reading CSV sheets cell by cell, with a place for each problem. What the rows mean: `services.importing`."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

Check = Callable[[str], "str | None"]
"""Answers what was expected when a cell cannot be taken, else None."""

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_NIP = re.compile(r"\d{18}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it came: its name for messages, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet: its cells by column; columns that the file leaves out are empty."""

    sheet: str
    line: int
    cells: Mapping[str, str]
    order: Mapping[str, int]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def problem(self, column: str, says: str) -> str:
        """A line that tells what is wrong in a cell, and where."""
        return f"{self.sheet}:{self.line}:{self.order.get(column, 0) + 1}: {column}: {says}"


@dataclass
class Rows:
    """The rows that could be read, and a line for each problem."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def columns(**checks: Check) -> Mapping[str, Check]:
    """The columns of a sheet in their order, each with the check of its cells."""
    return checks


def read(sheet: Sheet | None, checks: Mapping[str, Check]) -> Rows:
    """Read a sheet; no sheet has no rows and no problems."""
    found = Rows()
    if sheet is None:
        return found
    try:
        lines = csv.reader(io.StringIO(sheet.data.decode("utf-8-sig"), newline=""), strict=True)
        head = [each.strip() for each in next(lines, [])]
        needed = [name for name, check in checks.items() if check("") is not None]
        missing = [name for name in needed if name not in head]
        strange = [name for name in head if name not in checks]
        if missing or strange or len(set(head)) != len(head):
            found.problems.append(
                f"{sheet.name}:1:1: expected the columns {', '.join(checks)} (needed: {', '.join(needed)}), "
                f"found {', '.join(head) or 'nothing'}"
            )
            return found
        for cells in lines:
            if cells:
                _take(found, sheet.name, lines.line_num, head, cells, checks)
    except (UnicodeDecodeError, csv.Error) as error:
        found.problems.append(f"{sheet.name}: expected CSV in UTF-8 with commas: {error}")
    return found


def _take(found: Rows, sheet: str, line: int, head: list[str], cells: list[str], checks: Mapping[str, Check]) -> None:
    if len(cells) != len(head):
        found.problems.append(f"{sheet}:{line}:1: expected {len(head)} cells, found {len(cells)}")
        return
    order = {name: place for place, name in enumerate(head)}
    values = {
        name: unicodedata.normalize("NFC", cells[order[name]].strip()) if name in order else "" for name in checks
    }
    row = Row(sheet, line, values, order)
    problems = [
        row.problem(name, f"{says}, found {values[name]!r}")
        for name, check in checks.items()
        if (says := "no control or invisible signs" if _FORBIDDEN.search(values[name]) else check(values[name]))
    ]
    found.problems += problems
    if not problems:
        found.rows.append(row)


def optional(_text: str) -> None:
    """Takes anything, also nothing."""
    return


def text(value: str) -> str | None:
    """Takes any text but none."""
    return None if value else "expected a text"


def office_code(value: str) -> str | None:
    """Takes the code of an office."""
    return None if re.fullmatch(r"[A-Z0-9][A-Z0-9-]{1,59}", value) else "expected a code such as DINKES"


def post_code(value: str) -> str | None:
    """Takes the code of a position within its office."""
    return None if re.fullmatch(r"[a-z0-9][a-z0-9-]{1,59}", value) else "expected a code such as kabid-kesmas"


def login(value: str) -> str | None:
    """Takes a log-in name."""
    return None if re.fullmatch(r"[a-z0-9][a-z0-9.-]{2,79}", value) else "expected a log-in such as kepala.dinkes"


def nip(value: str) -> str | None:
    """Takes nothing, or the eighteen digits of a staff number with a birthday that exists."""
    says = "expected nothing or 18 digits that begin with a birthday (YYYYMMDD)"
    if not value:
        return None
    return None if _NIP.fullmatch(value) and day(f"{value[:4]}-{value[4:6]}-{value[6:8]}") is None else says


def day(value: str) -> str | None:
    """Takes a date."""
    try:
        date.fromisoformat(value)
    except ValueError:
        return "expected a date such as 2026-01-31"
    return None


def optional_day(value: str) -> str | None:
    """Takes nothing or a date."""
    return day(value) if value else None


def yes_no(value: str) -> str | None:
    """Takes yes, no, or nothing."""
    return None if value in {"", "yes", "no"} else "expected yes or no"


def one_of(*accepted: str) -> Check:
    """Takes one of some words."""

    def check(value: str) -> str | None:
        return None if value in accepted else f"expected one of {', '.join(each or 'nothing' for each in accepted)}"

    return check


def words(*accepted: str) -> Check:
    """Takes any number of some words, with blanks between them."""

    def check(value: str) -> str | None:
        return None if set(value.split()) <= set(accepted) else f"expected words among {', '.join(accepted)}"

    return check
