"""Office time counted forth and back, over holidays, short days, leap years, other zones, and beyond 2038."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet_surat.workflow.calendar import WorkingCalendar

RAMADAN = {date(2027, 2, 8) + timedelta(days=n): (time(8), time(15)) for n in range(30)}
LEAP = frozenset({date(2028, 2, 29), date(2026, 12, 25), date(2036, 2, 29)})
SERANG = WorkingCalendar("serang", holidays=LEAP, opens=time(7, 30), hours=RAMADAN)
ZONES = (SERANG, WorkingCalendar("jayapura", timezone="Asia/Jayapura"), WorkingCalendar("utc", timezone="UTC"))
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2040, 1, 1, tzinfo=UTC)
INSTANTS = st.integers(0, int((LAST - FIRST).total_seconds() // 60)).map(lambda n: FIRST + timedelta(minutes=n))
SPANS = st.integers(1, 60 * 8 * 40).map(lambda n: timedelta(minutes=n))
PLACES = st.sampled_from(ZONES)


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text + "+07:00").astimezone(UTC)


@given(PLACES, INSTANTS, SPANS)
def test_office_time_that_passed_is_the_time_between(place: WorkingCalendar, start: datetime, span: timedelta) -> None:
    end = place.later(start, span)
    assert place.between(start, end) == span
    assert place.later(start, place.between(start, end)) == end  # an instant within the hours of an office


@given(PLACES, INSTANTS, SPANS, SPANS)
def test_more_office_time_ends_later_and_parts_add_up(
    place: WorkingCalendar, start: datetime, span: timedelta, more: timedelta
) -> None:
    middle, end = place.later(start, span), place.later(start, span + more)
    assert start < middle < end
    assert place.later(middle, more) == end
    assert place.between(start, middle) + place.between(middle, end) == place.between(start, end)


@given(PLACES, INSTANTS, st.timedeltas(timedelta(0), timedelta(days=30)), SPANS)
def test_who_begins_later_ends_no_earlier(
    place: WorkingCalendar, start: datetime, after: timedelta, span: timedelta
) -> None:
    assert place.later(start, span) <= place.later(start + after, span)


@given(PLACES, INSTANTS, st.integers(1, 200))
def test_hours_back_and_forth_meet(place: WorkingCalendar, end: datetime, amount: int) -> None:
    start = place.before(end, amount, "hours")
    assert start < end
    assert place.between(start, end) == timedelta(hours=amount)


@given(PLACES, INSTANTS, st.integers(1, 40))
def test_working_days_back_are_working_days_and_as_many(place: WorkingCalendar, end: datetime, amount: int) -> None:
    start = place.before(end, amount, "working days").astimezone(place.zone)
    assert place.works(start.date())
    last = end.astimezone(place.zone).date()
    passed = (start.date() + timedelta(days=n) for n in range((last - start.date()).days))
    assert sum(place.works(each) for each in passed) == amount


@pytest.mark.parametrize(
    ("end", "amount", "unit", "start"),
    [
        ("2026-11-25T16:00", 1, "working days", "2026-11-24T16:00"),
        ("2026-11-23T10:00", 1, "working days", "2026-11-20T10:00"),  # Monday to Friday
        ("2026-11-21T23:00", 1, "working days", "2026-11-20T16:00"),  # a Saturday night
        ("2026-12-28T16:00", 1, "working days", "2026-12-24T16:00"),  # over a holiday
        ("2028-03-01T09:00", 1, "working days", "2028-02-28T09:00"),  # over a leap day off
        ("2027-02-10T16:00", 1, "working days", "2027-02-09T15:00"),  # a shorter day
        ("2026-11-25T10:00", 2, "days", "2026-11-23T10:00"),
        ("2026-11-25T10:00", 4, "hours", "2026-11-24T14:30"),
        ("2026-11-25T16:00", 17, "hours", "2026-11-24T07:30"),
        ("2026-11-22T10:00", 1, "hours", "2026-11-20T15:00"),
        ("2038-01-19T10:15", 1, "working days", "2038-01-18T10:15"),  # the end of 32 bits
    ],
)
def test_a_duration_before(end: str, amount: int, unit: str, start: str) -> None:
    assert SERANG.before(wib(end), amount, unit) == wib(start)


def test_shorter_days_end_earlier_and_count_less() -> None:
    assert SERANG.after(wib("2027-02-10T09:00"), 1, "working days") == wib("2027-02-11T15:00")
    assert SERANG.between(wib("2027-02-10T00:00"), wib("2027-02-11T00:00")) == timedelta(hours=7)
    assert SERANG.later(wib("2027-02-10T14:00"), timedelta(hours=2)) == wib("2027-02-11T09:00")


def test_nothing_lies_between_an_instant_and_an_earlier_one() -> None:
    assert SERANG.between(wib("2026-11-25T10:00"), wib("2026-11-24T10:00")) == timedelta()
    assert SERANG.between(wib("2026-11-21T10:00"), wib("2026-11-22T10:00")) == timedelta()


def test_what_cannot_be_counted_back_says_so() -> None:
    with pytest.raises(ValueError, match="unknown unit"):
        SERANG.before(wib("2026-11-25T10:00"), 1, "weeks")
    days = frozenset(date(2026, 1, 1) - timedelta(days=n) for n in range(366 * 25))
    with pytest.raises(ValueError, match="no working day within twenty years"):
        WorkingCalendar("x", holidays=days).before(wib("2026-01-01T09:00"), 1, "working days")
    with pytest.raises(ValueError, match="closes at 08:00:00"):
        WorkingCalendar("x", hours={date(2026, 1, 5): (time(9), time(8))})
