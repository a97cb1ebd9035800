"""Offices, positions and persons from CSV into the site: everything is checked first, then all or nothing is stored.

Errors are for DKISP's shell: English, with file, line and column. The command is `cli.imports`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from intranet_surat.resources.folder import new_id
from intranet_surat.resources.people import Holding, Person, Position, Tie
from intranet_surat.resources.site import Office, Site
from intranet_surat.services import importing_cells as cells
from intranet_surat.services.importing_cells import Row, Sheet

OFFICE_KINDS = (
    "kepala-daerah", "sekretariat", "inspektorat", "badan", "dinas", "satuan", "rsud", "kecamatan", "desa",
)  # fmt: skip
ROLES = (
    "agendaris", "tata_usaha", "arsiparis", "pemeriksa_basah", "admin", "pengonsep", "operator_loket",
    "perancang_alur", "perancang_alur_kabupaten", "penyetuju_alur", "pengelola_kalender", "pengelola_bukti",
)  # fmt: skip
CAPACITIES = ("", "Plt.", "Plh.", "Pj.", "Pjs.")

OFFICE_COLUMNS = cells.columns(
    code=cells.office_code, name=cells.text, kind=cells.one_of(*OFFICE_KINDS),
    short=cells.optional, parent=cells.optional, slug=cells.optional, address=cells.optional, phone=cells.optional,
    email=cells.optional, site_url=cells.optional, unit_code=cells.optional, active=cells.yes_no,
)  # fmt: skip
POSITION_COLUMNS = cells.columns(
    office=cells.office_code, code=cells.post_code, title=cells.text, since=cells.day,
    superior=cells.optional, roles=cells.words(*ROLES), head=cells.yes_no,
)  # fmt: skip
PERSON_COLUMNS = cells.columns(
    login=cells.login, name=cells.text, position=cells.text, since=cells.day,
    nip=cells.nip, rank=cells.optional, email=cells.optional, until=cells.optional_day,
    capacity=cells.one_of(*CAPACITIES), order=cells.optional,
)  # fmt: skip


class ImportProblems(Exception):
    """The files cannot be taken; the text has one line for each problem."""


@dataclass
class Counts:
    """How much was added and changed."""

    added: dict[str, int] = field(default_factory=lambda: {"offices": 0, "positions": 0, "persons": 0})
    changed: dict[str, int] = field(default_factory=lambda: {"offices": 0, "positions": 0, "persons": 0})

    def note(self, what: str, *, new: bool) -> None:
        """Count one."""
        (self.added if new else self.changed)[what] += 1


def take(site: Site, offices: Sheet | None, positions: Sheet | None, persons: Sheet | None) -> Counts:
    """Store what the sheets say. Raises ImportProblems, and then nothing was changed."""
    read = {
        "offices": cells.read(offices, OFFICE_COLUMNS),
        "positions": cells.read(positions, POSITION_COLUMNS),
        "persons": cells.read(persons, PERSON_COLUMNS),
    }
    problems = [each for rows in read.values() for each in rows.problems]
    problems += _twice(read["offices"].rows, lambda row: row["code"], "code")
    problems += _twice(read["positions"].rows, lambda row: f"{row['code']}@{row['office']}", "code")
    problems += _unknown(site, read)
    if problems:
        raise ImportProblems("\n".join(problems[:50]))
    counts = Counts()
    for row in _parents_first(read["offices"].rows):
        counts.note("offices", new=_office(site, row))
    made = {_key(each.code, each.office): each for each in site.positions.values()}
    for row in read["positions"].rows:
        counts.note("positions", new=_position(site, made, row))
    for row in read["positions"].rows:
        _tie(site, made, row)
    for row in read["persons"].rows:
        counts.note("persons", new=_person(site, made, row))
    return counts


def _key(code: str, office: str) -> str:
    return f"{code}@{office}"


def _twice(rows: Iterable[Row], key: Callable[[Row], str], column: str) -> list[str]:
    seen: dict[str, Row] = {}
    problems = []
    for row in rows:
        before = seen.setdefault(key(row), row)
        if before is not row:
            problems.append(row.problem(column, f"{key(row)} stands in line {before.line} already"))
    return problems


def _unknown(site: Site, read: Mapping[str, cells.Rows]) -> list[str]:
    """References to offices and positions that neither the files nor the site have."""
    codes = {each.code for each in site.offices()} | {row["code"] for row in read["offices"].rows}
    posts = {_key(each.code, each.office) for each in site.positions.values()}
    posts |= {_key(row["code"], row["office"]) for row in read["positions"].rows}
    problems = [
        row.problem("parent", f"expected the code of an office, found {row['parent']!r}")
        for row in read["offices"].rows
        if row["parent"] and row["parent"] not in codes
    ]
    for row in read["positions"].rows:
        if row["office"] not in codes:
            problems.append(row.problem("office", f"expected the code of an office, found {row['office']!r}"))
        if row["superior"] and _full(row) not in posts:
            problems.append(
                row.problem("superior", f"expected a position such as sekda@SETDA, found {row['superior']!r}")
            )
    problems += [
        row.problem("position", f"expected a position such as kepala@DINKES, found {row['position']!r}")
        for row in read["persons"].rows
        if row["position"] not in posts
    ]
    return problems


def _full(row: Row) -> str:
    """The superior of a position row; without an office it stands in the same one."""
    return row["superior"] if "@" in row["superior"] else _key(row["superior"], row["office"])


def _parents_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: bool(row["parent"]))


def _office(site: Site, row: Row) -> bool:
    found = site.office(row["code"])
    values = {
        "name": row["name"],
        "kind": row["kind"],
        "short": row["short"] or row["name"],
        "parent": row["parent"] or None,
        "active": row["active"] != "no",
        **{name: row[name] for name in ("address", "phone", "email", "site_url", "unit_code") if row[name]},
    }
    if found is None:
        slug = row["slug"] or row["code"].lower()
        site.add(Office(**{"unit_code": row["code"], **values, "code": row["code"], "slug": slug}))
        return True
    for name, value in values.items():
        if getattr(found, name) != value:
            setattr(found, name, value)
    return False


def _position(site: Site, made: dict[str, Position], row: Row) -> bool:
    key = _key(row["code"], row["office"])
    found = made.get(key)
    roles = frozenset(row["roles"].split())
    new = found is None
    if found is None:
        found = made[key] = Position(
            id=new_id(), code=row["code"], title=row["title"], office=row["office"], roles=roles
        )
        site.positions[found.id] = found
    else:
        found.title, found.roles = row["title"], roles
    office = site.office(row["office"])
    if row["head"] == "yes" and office is not None:
        office.head = found.id
    return new


def _tie(site: Site, made: Mapping[str, Position], row: Row) -> None:
    if not row["superior"]:
        return
    position, above, since = made[_key(row["code"], row["office"])], made[_full(row)], date.fromisoformat(row["since"])
    if position.superior(since) != above.id:
        site.positions.tie(position, Tie(above.id, since))


def _person(site: Site, made: Mapping[str, Position], row: Row) -> bool:
    found = site.people.login(row["login"])
    new = found is None
    if found is None:
        found = Person(id=new_id(), login=row["login"])
        site.people[found.id] = found
    found.name, found.nip, found.rank, found.email = row["name"], row["nip"], row["rank"], row["email"]
    until = date.fromisoformat(row["until"]) if row["until"] else None
    holding = Holding(found.id, date.fromisoformat(row["since"]), until, row["capacity"], row["order"])
    position = made[row["position"]]
    if holding not in position.holders:
        same = [each for each in position.holders if (each.person, each.since) != (holding.person, holding.since)]
        position.holders = (*same, holding)
        site.positions.reindex(position)
    return new
