"""Dates, times, numbers and names of values in the words that officials read; no page is made here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date as Day  # noqa: N812  within `Words` the name "date" is a verb of its own
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from intranet_surat.kinds import dates
from intranet_surat.workflow.sentences import joined

ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
COUNTS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
NEAR = timedelta(weeks=6)
"""Within this distance a date is told by its weekday, without the year."""

SECURITY = {"B": "Biasa", "T": "Terbatas", "R": "Rahasia", "SR": "Sangat rahasia"}
URGENCY = {"biasa": "Biasa", "segera": "Segera", "sangat-segera": "Sangat segera"}
SECTIONS = {
    "surat-masuk": "Surat masuk",
    "surat-keluar": "Surat keluar",
    "kiriman": "Kiriman",
    "berkas": "Berkas",
    "desa": "Desa",
}

OFFICE_DAY = 8.5
"""Hours of an office day, for telling an amount of office time in days."""

WorkingDay = Callable[[Day], bool]


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline as shown: ``css`` is ``late``, ``soon``, ``ok`` or ``none``; ``text`` the words."""

    css: str
    text: str


def weekday(day: Day) -> bool:
    """Whether a day is a working day when no calendar is known."""
    return day.weekday() < 5


def number(value: float) -> str:
    """1284 as ``1.284``, 3.14 as ``3,1``."""
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.1f}".translate(str.maketrans(",.", ".,"))
    return f"{int(value):,}".replace(",", ".")


def office_time(amount: timedelta) -> str:
    """An amount of office time: ``1,5 hari kerja``, ``3 jam``, ``20 menit``."""
    hours = amount / timedelta(hours=1)
    if hours >= OFFICE_DAY:
        return f"{number(round(hours / OFFICE_DAY, 1))} hari kerja"
    return f"{round(hours)} jam" if hours >= 1 else f"{round(hours * 60)} menit"


def size(octets: int) -> str:
    """The size of a file: ``812 kB``, ``1,2 MB``."""
    if octets < 1_000_000:
        return f"{number(max(1, round(octets / 1000)))} kB"
    return f"{number(round(octets / 1_000_000, 1))} MB"


def counted(value: int) -> str:
    """A number that opens a sentence: ``Satu``, ``Dua``, from twelve on in figures."""
    return COUNTS[value].capitalize() if 0 <= value < len(COUNTS) else number(value)


def in_turn(signed: Iterable[str], place: int, of: int) -> str:
    """Of one file that several sign: the titles of those who have, and which of them the reader is."""
    names = joined(signed)
    if not names:
        return f"Anda pertama dari {number(of)} penanda tangan" if of else ""
    return f"Sudah ditandatangani {names}; giliran Anda, ke-{number(place)} dari {number(of)}"


def working_days(start: Day, end: Day, works: WorkingDay = weekday) -> int:
    """How many working days lie after ``start`` up to and with ``end``; 0 when ``end`` is not later."""
    if (end - start).days > 1500:  # years late: the exact number of holidays does not matter any more
        return (end - start).days * 5 // 7
    day, count = start, 0
    while day < end:
        day += timedelta(days=1)
        count += works(day)
    return count


@dataclass(frozen=True, slots=True)
class Words:
    """Words for one moment and one place. Templates know it as ``words``; JSON never uses it."""

    now: datetime
    timezone: str = "Asia/Jakarta"
    works: WorkingDay = weekday

    def local(self, value: datetime | Day | str) -> datetime | Day:
        """A stored value (aware instant, date, or their ISO text) in local time."""
        if isinstance(value, str):
            value = datetime.fromisoformat(value) if "T" in value or " " in value else Day.fromisoformat(value)
        if isinstance(value, datetime):
            zone = ZoneInfo(self.timezone)
            return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
        return value

    @property
    def today(self) -> Day:
        """The local date."""
        return self.now.astimezone(ZoneInfo(self.timezone)).date()

    @property
    def zone(self) -> str:
        """``WIB``, ``WITA`` or ``WIT``."""
        return ZONES.get(self.timezone, self.timezone)

    def date(self, value: datetime | Day | str | None) -> str:
        """``20 November 2026``; nothing for nothing."""
        return dates.long_date(self._day(value)) if value else ""

    def month(self, value: Day) -> str:
        """``November 2026``."""
        return f"{dates.MONTHS[value.month - 1]} {value.year}"

    def long_date(self, value: datetime | Day | str | None) -> str:
        """``Jumat, 20 November 2026``."""
        return f"{dates.weekday(self._day(value))}, {self.date(value)}" if value else ""

    def short_date(self, value: datetime | Day | str | None) -> str:
        """``20 Nov``, with the year when it is not this one."""
        if not value:
            return ""
        day = self._day(value)
        year = "" if day.year == self.today.year else f" {day.year}"
        return f"{dates.short_date(day)}{year}"

    def day(self, value: datetime | Day | str | None) -> str:
        """``Hari ini``, ``Kemarin``, ``Senin, 23 Nov`` within six weeks, else ``23 November 2026``."""
        if not value:
            return ""
        day = self._day(value)
        if day == self.today:
            return "Hari ini"
        if day == self.today - timedelta(days=1):
            return "Kemarin"
        if abs(day - self.today) <= NEAR:
            return f"{dates.weekday(day)}, {dates.short_date(day)}"
        return self.date(value)

    def within(self, value: datetime | Day | str | None) -> str:
        """The same inside a sentence: ``hari ini``, ``kemarin``, else as `day` says it."""
        return _inside(self.day(value))

    def clock(self, value: datetime | str | None) -> str:
        """``09.42``."""
        if not value:
            return ""
        at = self.local(value)
        return f"{at.hour:02}.{at.minute:02}" if isinstance(at, datetime) else ""

    def moment(self, value: datetime | str | None) -> str:
        """``Hari ini, 09.42`` or ``Senin, 23 Nov, 10.05``; a date alone stays without a time."""
        if not value:
            return ""
        clock = self.clock(value)
        return f"{self.day(value)}, {clock}" if clock else self.day(value)

    def moment_within(self, value: datetime | str | None) -> str:
        """The same inside a sentence: ``hari ini, 09.42``, else as `moment` says it."""
        return _inside(self.moment(value))

    def full_moment(self, value: datetime | str | None) -> str:
        """``Jumat, 20 November 2026, 09.42 WIB``: for facts, histories and the foot of a page."""
        if not value:
            return ""
        clock = self.clock(value)
        return f"{self.long_date(value)}, {clock} {self.zone}" if clock else self.long_date(value)

    def office_time(self, amount: timedelta) -> str:
        """An amount of office time: ``1,5 hari kerja``, ``3 jam``, ``20 menit``."""
        return office_time(amount)

    def waited(self, since: datetime | str | None) -> str:
        """How long something waits: ``3 hari kerja``, ``sejak kemarin``, ``sejak 09.12``."""
        if not since:
            return ""
        days = working_days(self._day(since), self.today, self.works)
        if days > 0:
            return f"{number(days)} hari kerja"
        return f"sejak {self.clock(since)}" if self._day(since) == self.today else f"sejak {self.within(since)}"

    def due(self, value: datetime | str | None) -> Due:
        """The deadline in words, with the name of its shape."""
        if not value:
            return Due("none", "Tanpa batas")
        at = self.local(value)
        day = self._day(at)
        if (isinstance(at, datetime) and at < self.now) or day < self.today:
            return Due("late", self._late(at, day))
        if day == self.today:
            clock = self.clock(at) if isinstance(at, datetime) else ""
            return Due("soon", f"Hari ini, {clock}" if clock else "Hari ini")
        near = working_days(self.today, day, self.works) <= 1
        return Due("soon" if near else "ok", self.day(at))

    def group(self, value: datetime | str | None) -> str:
        """The group of the waiting list: ``Sekarang``, ``Minggu ini``, ``Nanti``, ``Tanpa batas``."""
        if not value:
            return "Tanpa batas"
        day = self._day(value)
        if day <= self.today:
            return "Sekarang"
        return "Minggu ini" if day <= self.today + timedelta(days=7) else "Nanti"

    def _late(self, at: Any, day: Day) -> str:
        days = working_days(day, self.today, self.works)
        if days:
            return f"Lewat {number(days)} hari kerja"
        if day == self.today:
            return f"Lewat sejak {self.clock(at)}"
        return f"Lewat sejak {dates.weekday(day)}"

    def _day(self, value: datetime | Day | str | None) -> Day:
        at = self.local(value) if value else self.today
        return at.date() if isinstance(at, datetime) else at

    # plain functions that templates reach through the same name
    number = staticmethod(number)
    size = staticmethod(size)
    counted = staticmethod(counted)
    joined = staticmethod(joined)

    @staticmethod
    def security(code: str) -> str:
        """``Terbatas`` for ``T``."""
        return SECURITY.get(code, code)

    @staticmethod
    def urgency(code: str) -> str:
        """``Segera`` for ``segera``."""
        return URGENCY.get(code, code)

    @staticmethod
    def section(slug: str) -> str:
        """``Surat masuk`` for ``surat-masuk``."""
        return SECTIONS.get(slug, slug)


def _inside(said: str) -> str:
    """``Hari ini`` and ``Kemarin`` begin a line with a capital, and stand without one in it."""
    return f"{said[0].lower()}{said[1:]}" if said.startswith(("Hari ini", "Kemarin")) else said
