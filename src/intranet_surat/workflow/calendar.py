"""Working calendars: on which instant a duration ends or began. Holidays come from outside as plain dates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from intranet_surat.workflow.view import Clock

SATURDAY_SUNDAY = frozenset({5, 6})
_FARTHEST = 366 * 20  # days looked ahead; a calendar with no working day in twenty years is a mistake


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Office days and hours of one place; ``weekend`` counts Monday as 0.

    ``hours`` are the opening and the closing time of the days that have others (in Ramadan).
    Raises ValueError when no working day or no working hour would be left.
    """

    name: str
    timezone: str = "Asia/Jakarta"
    weekend: frozenset[int] = SATURDAY_SUNDAY
    holidays: frozenset[date] = frozenset()
    opens: time = time(8)
    closes: time = time(16)
    hours: Mapping[date, tuple[time, time]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not set(range(7)) - self.weekend:
            raise ValueError(f"calendar {self.name!r} has no working day in the week")
        for opens, closes in ((self.opens, self.closes), *self.hours.values()):
            if not opens < closes:
                raise ValueError(f"calendar {self.name!r} closes at {closes}, not after it opens at {opens}")

    @property
    def zone(self) -> ZoneInfo:
        """Where its office hours are meant."""
        return ZoneInfo(self.timezone)

    def works(self, on: date) -> bool:
        """Whether offices work on this day."""
        return on.weekday() not in self.weekend and on not in self.holidays

    def end_of(self, on: date) -> datetime:
        """The closing time of a day, in UTC."""
        return self._instant(on, self._hours_of(on)[1])

    def after(self, start: datetime, amount: int, unit: str) -> datetime:
        """The instant, in UTC, at which a duration that begins at ``start`` ends.

        Working days end at the closing time of the last of them, the day of ``start`` not counted;
        hours are office hours; days are days of the calendar to the same hour. Raises ValueError for an
        unknown unit.
        """
        local = start.astimezone(self.zone)
        if unit == "working days":
            day = local.date()
            for _ in range(amount):
                day = self._next(day + timedelta(days=1))
            return self.end_of(day)
        if unit == "days":
            return self._instant(local.date() + timedelta(days=amount), local.time())
        if unit == "hours":
            return self.later(start, timedelta(hours=amount))
        raise ValueError(f"unknown unit of time {unit!r}")

    def before(self, end: datetime, amount: int, unit: str) -> datetime:
        """The instant, in UTC, that lies a duration before ``end``.

        Working days are counted back from the day of ``end``, to the same time within the hours of the office;
        hours are office hours; days are days of the calendar. Raises ValueError for an unknown unit.
        """
        local = end.astimezone(self.zone)
        if unit == "working days":
            day = local.date()
            for _ in range(amount):
                day = self._last(day - timedelta(days=1))
            opens, closes = self._hours_of(day)
            return self._instant(day, min(max(local.time(), opens), closes))
        if unit == "days":
            return self._instant(local.date() - timedelta(days=amount), local.time())
        if unit == "hours":
            return self._earlier(end, timedelta(hours=amount))
        raise ValueError(f"unknown unit of time {unit!r}")

    def later(self, start: datetime, office_time: timedelta) -> datetime:
        """The instant, in UTC, at which that much office time has passed since ``start``."""
        left = office_time
        day = self._next(start.astimezone(self.zone).date())
        begin = max(start.astimezone(UTC), self._begin_of(day))
        while True:
            closing = self.end_of(day)
            here = max(closing - begin, timedelta())
            if left <= here:
                return begin + left
            left -= here
            day = self._next(day + timedelta(days=1))
            begin = self._begin_of(day)

    def between(self, start: datetime, end: datetime) -> timedelta:
        """The office time that lies between two instants; none when ``end`` is not later."""
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        found = timedelta()
        while day <= last:
            if self.works(day):
                found += max(min(self.end_of(day), end) - max(self._begin_of(day), start), timedelta())
            day += timedelta(days=1)
        return found

    def _earlier(self, end: datetime, left: timedelta) -> datetime:
        """The instant after which that much office time is left until ``end``."""
        day = self._last(end.astimezone(self.zone).date())
        closing = min(end.astimezone(UTC), self.end_of(day))
        while True:
            opening = self._begin_of(day)
            here = max(closing - opening, timedelta())
            if left < here:
                return closing - left
            left -= here
            if not left:
                return opening
            day = self._last(day - timedelta(days=1))
            closing = self.end_of(day)

    def _hours_of(self, on: date) -> tuple[time, time]:
        return self.hours.get(on, (self.opens, self.closes))

    def _begin_of(self, on: date) -> datetime:
        return self._instant(on, self._hours_of(on)[0])

    def _next(self, day: date) -> date:
        """The day itself or the first working day after it."""
        for ahead in range(_FARTHEST):
            if self.works(day + timedelta(days=ahead)):
                return day + timedelta(days=ahead)
        raise ValueError(f"calendar {self.name!r} has no working day within twenty years of {day}")

    def _last(self, day: date) -> date:
        """The day itself or the last working day before it."""
        for back in range(_FARTHEST):
            if self.works(day - timedelta(days=back)):
                return day - timedelta(days=back)
        raise ValueError(f"calendar {self.name!r} has no working day within twenty years of {day}")

    def _instant(self, on: date, at: time) -> datetime:
        return datetime.combine(on, at.replace(tzinfo=None), tzinfo=self.zone).astimezone(UTC)


def moment(text: Any) -> date | datetime | None:
    """A date or an instant from its ISO text, or None; an instant without offset is meant in UTC."""
    if not isinstance(text, str):
        return None
    try:
        if len(text) == len("2026-11-20"):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def day(when: date | datetime, clock: Clock) -> date:
    """The day of an instant where the calendar is at home; without a home, by its own offset."""
    if not isinstance(when, datetime):
        return when
    zone = getattr(clock, "zone", None)
    return when.astimezone(zone).date() if zone is not None else when.date()


def end_of(on: date, clock: Clock) -> datetime:
    """When a day ends for the offices of the calendar; a clock that knows no closing time ends it at midnight."""
    closing = getattr(clock, "end_of", None)
    if closing is not None:
        ends: datetime = closing(on)
        return ends
    return datetime.combine(on + timedelta(days=1), time(), tzinfo=UTC)
