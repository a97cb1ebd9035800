"""The working calendar as data: who changed which days off and why; what a duration means on it is `workflow.calendar`.

Every change is a new version of the table of days off. The versions before stay readable, and running limits are
counted anew by a job.
"""

from __future__ import annotations

import hashlib
import json
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.resources.reads import still
from intranet_surat.resources.reference import ReferenceVersion
from intranet_surat.resources.site import Site
from intranet_surat.services.house import House
from intranet_surat.services.reader import Reader
from intranet_surat.workflow.calendar import SATURDAY_SUNDAY, WorkingCalendar

if TYPE_CHECKING:
    from intranet_surat.workflow.view import Clock

TABLE = "hari_libur"
JOB = "hitung-batas"
KEEPER = "pengelola_kalender"
"""The role of who keeps the calendar for the whole regency."""

KINDS: Mapping[str, str] = {
    "libur-nasional": "Libur nasional",
    "cuti-bersama": "Cuti bersama",
    "libur-daerah": "Libur daerah",
    "jam-kerja": "Jam kerja lain",
}
SHORTER = "jam-kerja"
FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST = 200
LONGEST_PERIOD = 62
COLUMNS = ("date", "name", "kind", "basis", "opens", "closes")
MOST_VERSIONS = 20

_made: dict[tuple[str, str, str], WorkingCalendar] = {}
_lock = threading.Lock()
_MOST_MADE = 64


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not worked, or (``jam-kerja``) is worked in other hours than usual."""

    date: date
    name: str
    kind: str
    basis: str = ""
    opens: str = ""
    closes: str = ""

    @property
    def row(self) -> dict[str, str]:
        """As the table keeps it."""
        return {**{name: str(getattr(self, name)) for name in COLUMNS}, "date": self.date.isoformat()}


@dataclass(frozen=True, slots=True)
class Edit:
    """One change: ``add`` a day, or ``remove`` what stands on a date."""

    op: str
    day: Day


def days(site: Site) -> tuple[Day, ...]:
    """All days of the present version, in their order."""
    present = site.reference.get(TABLE)
    return () if present is None else tuple(_days(present))


def versions(site: Site) -> Iterator[ReferenceVersion]:
    """The versions of the table, the newest first."""
    found = site.reference.get(TABLE)
    for _ in range(MOST_VERSIONS):
        if found is None:
            return
        yield found
        found = site.reference.get(f"{TABLE}@{found.before}") if found.before else None


def calendar(house: House, site: Site, name: str) -> Clock:
    """The working calendar that flows call by this name, with the days off of the present version."""
    base = house.calendars[name]
    present = site.reference.get(TABLE)
    if present is None or not isinstance(base, WorkingCalendar):
        return base
    key = (name, base.timezone, present.version)
    found = _made.get(key)
    if found is None:
        listed = tuple(_days(present))
        found = replace(
            base,
            holidays=frozenset(each.date for each in listed if each.kind != SHORTER),
            hours={each.date: _hours(each) for each in listed if each.kind == SHORTER},
        )
        with _lock:
            if len(_made) >= _MOST_MADE:
                _made.clear()
            _made[key] = found
    return found


def depend_on(site: Site) -> None:
    """What was counted holds only while this version of the calendar is the present one when it is committed."""
    present = site.reference.get(TABLE)
    if present is not None:
        still(present)


def may_change(site: Site, reader: Reader | None) -> bool:
    """Whether the reader sits at a position that keeps the calendar."""
    position = site.positions.get(reader.position) if reader is not None else None
    return position is not None and KEEPER in position.roles


def demand(site: Site, reader: Reader | None) -> None:
    """Raise NotAllowed unless the reader may change the calendar; the shell of who installs (None) may."""
    if reader is not None and not may_change(site, reader):
        raise NotAllowed("Kalender kerja hanya diubah oleh jabatan dengan peran pengelola kalender.")


def change(site: Site, edits: Iterable[Edit], why: str, reader: Reader | None, now: datetime) -> int:
    """Make a new version of the table and have all running limits counted anew; answer how many days it changes.

    ``reader`` is None for the shell of who installs. Raises NotAllowed, or Invalid by field with the sentence.
    """
    demand(site, reader)
    edits = list(edits)
    if wrong := against(site, edits, why):
        raise Invalid(wrong)
    why, present = _clean(why), site.reference.get(TABLE)
    before = {each.date: each for each in days(site)}
    after = dict(before)
    for edit in edits:
        if edit.op == "remove":
            del after[edit.day.date]
        else:
            after[edit.day.date] = checked(edit.day)
    changed = {*before.items()} ^ {*after.items()}
    if not changed:
        raise Invalid({"date": "Tidak ada hari yang berubah."})
    listed = [after[key].row for key in sorted(after)]
    known = present.version if present is not None else ""
    version = hashlib.sha256(json.dumps([known, listed], sort_keys=True).encode()).hexdigest()
    made = ReferenceVersion(TABLE, version, listed, now)
    made.before, made.why = known, why
    made.person, made.position = (reader.person, reader.position) if reader is not None else ("", "")
    if present is not None:
        present.after = version  # written so that whoever counted on it meanwhile collides
        site.reference[f"{TABLE}@{known}"] = present
    site.reference[TABLE] = made
    site.jobs.add(JOB, {"version": version}, key=f"{JOB}:{version}", at=now)
    return len({each.date for _, each in changed})


def against(site: Site, edits: Iterable[Edit], why: str) -> dict[str, str]:
    """What is wrong with a change, a sentence for each field; nothing is written."""
    wrong: dict[str, str] = {}
    if not 0 < len(_clean(why)) <= LONGEST:
        wrong["why"] = f"Isi alasan perubahan, paling panjang {LONGEST} huruf."
    listed = {each.date: each.name for each in days(site)}
    for edit in edits:
        day = edit.day
        if edit.op == "remove":
            if listed.pop(day.date, None) is None:
                wrong.setdefault("date", f"{day.date:%d-%m-%Y} tidak ada di kalender.")
            continue
        if day.date in listed:
            wrong.setdefault("date", f"{day.date:%d-%m-%Y} sudah ada di kalender: {listed[day.date]}.")
        listed[day.date] = day.name
        for field, sentence in _against(day):
            wrong.setdefault(field, sentence)
    return wrong


def period(site: Site, day: Day, last: date) -> list[Edit]:
    """The edits that add a day, or the same for each day up to ``last``; weekends are left out of a period.

    Other hours do not touch days off that stand in the calendar already. Raises Invalid for a period that is none.
    """
    if not day.date <= last <= day.date + timedelta(days=LONGEST_PERIOD):
        raise Invalid({"until": f"Isi tanggal akhir sesudah tanggal awal, paling lama {LONGEST_PERIOD} hari."})
    known = {each.date for each in days(site)} if day.kind == SHORTER else set()
    every = (day.date + timedelta(days=number) for number in range((last - day.date).days + 1))
    worked = [each for each in every if day.date == last or each.weekday() not in SATURDAY_SUNDAY]
    return [Edit("add", replace(day, date=each)) for each in worked if each not in known or day.date == last]


def checked(day: Day) -> Day:
    """The day in its stored form. Raises Invalid by field."""
    if wrong := dict(_against(day)):
        raise Invalid(wrong)
    name, basis = _clean(day.name), _clean(day.basis)
    if day.kind != SHORTER:
        return Day(day.date, name, day.kind, basis)
    opens, closes = _hours(day)
    return Day(day.date, name, day.kind, basis, f"{opens:%H:%M}", f"{closes:%H:%M}")


def _against(day: Day) -> Iterator[tuple[str, str]]:
    """What is wrong with a day, by field."""
    if not FIRST_YEAR <= day.date.year <= LAST_YEAR:
        yield "date", f"Isi tahun dari {FIRST_YEAR} sampai {LAST_YEAR}."
    if not 0 < len(_clean(day.name)) <= LONGEST:
        yield "name", f"Isi nama hari, paling panjang {LONGEST} huruf."
    if len(_clean(day.basis)) > LONGEST:
        yield "basis", f"Paling panjang {LONGEST} huruf."
    if day.kind not in KINDS:
        yield "kind", f"Pilih salah satu: {', '.join(KINDS)}."
    if day.kind != SHORTER:
        return
    try:
        opens, closes = _hours(day)
    except ValueError:
        yield "opens", "Isi jam buka dan jam tutup, misalnya 08:00 dan 15:00."
    else:
        if not opens < closes:
            yield "closes", "Jam tutup harus sesudah jam buka."


def _days(version: ReferenceVersion) -> Iterator[Day]:
    for row in version.rows:
        yield Day(date.fromisoformat(row["date"]), *(row.get(name, "") for name in COLUMNS[1:]))


def _hours(day: Day) -> tuple[time, time]:
    return time.fromisoformat(day.opens), time.fromisoformat(day.closes)


def _clean(text: str) -> str:
    """Text in one line, in NFC, without what does not show."""
    shown = "".join(each if each.isprintable() else " " for each in unicodedata.normalize("NFC", text))
    return " ".join(shown.split())
