"""Look-ups in the reference data: classification, retention, instructions, holidays, offices, villages.

The tables are CSV files of `intranet_surat.reference`; every code is text. What offices and positions
exist *now* is in the database and asked through `services.org`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from importlib.resources import files
from typing import TYPE_CHECKING

from intranet_surat.resources.reference import ReferenceVersion
from intranet_surat.services.tables import Table, read_table
from intranet_surat.workflow.calendar import WorkingCalendar

if TYPE_CHECKING:
    from intranet_surat.resources.site import Site

CALENDAR = "hari-kerja-kabupaten"
SHIPPED = (
    "klasifikasi",
    "jra",
    "disposition_instructions",
    "opd_kab_serang",
    "kecamatan_kab_serang",
    "desa_kab_serang",
    "hari_libur",
)


@dataclass(frozen=True, slots=True)
class Classification:
    """One code of the archive classification; ``complete`` is False when the source cut the name off."""

    code: str
    name: str
    level: int
    parent: str
    complete: bool
    leaf: bool


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """A row of the retention schedule (JRA) and the version of the table it stands in."""

    code: str
    name: str
    trigger: str
    active_years: int
    inactive_years: int
    fate: str
    exception: str
    basis: str
    version: str

    def snapshot(self) -> dict[str, str | int]:
        """The rule as plain values, kept on the case file that it was applied to."""
        return {name: getattr(self, name) for name in self.__slots__}


def shipped() -> Reference:
    """The reference data that comes with the package."""
    folder = files("intranet_surat.reference")
    return Reference(read_table(name, folder.joinpath(f"{name}.csv").read_bytes()) for name in SHIPPED)


class Reference:
    """All tables, with the look-ups that services and pages ask for. Never changes once made."""

    def __init__(self, tables: Iterable[Table]) -> None:
        """Take the tables by their names."""
        self.tables: Mapping[str, Table] = {each.name: each for each in tables}

    @cached_property
    def classifications(self) -> Mapping[str, Classification]:
        """Every code, in the order of the table."""
        table = self.tables["klasifikasi"]
        parents = {row["parent"] for row in table}
        return {
            row["code"]: Classification(
                row["code"],
                row["name_id"],
                int(row["level"]),
                row["parent"],
                row["complete"] == "yes",
                row["code"] not in parents,
            )
            for row in table
        }

    def classification(self, code: str) -> Classification | None:
        """The classification with exactly this code."""
        return self.classifications.get(code)

    def find_classification(self, text: str, limit: int = 20) -> list[Classification]:
        """Codes that begin with the text, then those whose name holds all its words."""
        wanted = text.strip().casefold()
        if not wanted:
            return []
        words = wanted.split()
        by_code = [each for each in self.classifications.values() if each.code.startswith(wanted)]
        by_name = [
            each
            for each in self.classifications.values()
            if not each.code.startswith(wanted) and all(word in each.name.casefold() for word in words)
        ]
        return (by_code + by_name)[:limit]

    @cached_property
    def _retention(self) -> Mapping[str, RetentionRule]:
        table = self.tables["jra"]
        return {
            row["code"]: RetentionRule(
                row["code"],
                row["name_id"],
                row["trigger"],
                int(row["active_years"]),
                int(row["inactive_years"]),
                row["fate"],
                row["exception"],
                row["basis"],
                table.version,
            )
            for row in table
        }

    def retention(self, code: str) -> RetentionRule | None:
        """The retention rule for a code: its own, else that of the nearest code above it."""
        parts = code.split(".")
        for length in range(len(parts), 0, -1):
            found = self._retention.get(".".join(parts[:length]))
            if found is not None:
                return found
        return None

    def vocabularies(self) -> Mapping[str, Mapping[str, str]]:
        """The vocabularies that forms choose from: name, then code and label."""
        return self._vocabularies

    @cached_property
    def _vocabularies(self) -> Mapping[str, Mapping[str, str]]:
        instructions = self.tables["disposition_instructions"]
        return {"instruksi-disposisi": {row["code"]: row["label_id"] for row in instructions}}

    @cached_property
    def holidays(self) -> Mapping[date, str]:
        """Days off besides weekends, with their names."""
        return {date.fromisoformat(row["date"]): row["name"] for row in self.tables["hari_libur"]}

    def calendars(self, timezone: str = "Asia/Jakarta") -> Mapping[str, WorkingCalendar]:
        """The working calendars by the names that flows use."""
        return {
            CALENDAR: WorkingCalendar(
                name=CALENDAR,
                timezone=timezone,
                weekend=frozenset({5, 6}),
                holidays=frozenset(self.holidays),
                opens=time(7, 30),
                closes=time(16, 0),
            )
        }

    def store(self, site: Site, now: datetime) -> list[str]:
        """Store the tables that the site does not have in this version; answers their names.

        The version before stays readable under ``name@version``: records point to it.
        """
        changed = []
        for name, table in self.tables.items():
            present = site.reference.get(name)
            if present is not None and present.version != table.version:
                site.reference[f"{name}@{present.version}"] = present
            if present is None or present.version != table.version:
                site.reference[name] = ReferenceVersion(
                    name=name, version=table.version, rows=tuple(table), loaded_at=now
                )
                changed.append(name)
        return changed


def stored(site: Site) -> Reference:
    """The reference data as the site has it now."""
    return Reference(
        Table(each.name, each.version, tuple(each.rows[0]), tuple(tuple(row.values()) for row in each.rows))
        for name, each in site.reference.items()
        if "@" not in name
    )
