from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from engine_cases import HERE
from hypothesis import given
from hypothesis import strategies as st

from intranet_surat.workflow import durations
from intranet_surat.workflow.calendar import WorkingCalendar, day, end_of, moment
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.model import Duration

CHRISTMAS = frozenset({date(2026, 12, 25)})
SERANG = WorkingCalendar("hari-kerja", holidays=CHRISTMAS)


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text + "+07:00")


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        ("2026-11-16T09:00", 1, "working days", "2026-11-17T16:00"),
        ("2026-11-20T15:00", 3, "working days", "2026-11-25T16:00"),  # Friday
        ("2026-11-21T10:00", 1, "working days", "2026-11-23T16:00"),  # Saturday
        ("2026-12-24T10:00", 1, "working days", "2026-12-28T16:00"),  # over a holiday and a weekend
        ("2026-11-16T23:30", 1, "working days", "2026-11-17T16:00"),  # late in the evening is still that day
        ("2026-11-16T09:00", 2, "days", "2026-11-18T09:00"),
        ("2026-11-20T09:00", 2, "days", "2026-11-22T09:00"),
        ("2026-11-16T09:00", 4, "hours", "2026-11-16T13:00"),
        ("2026-11-16T15:00", 4, "hours", "2026-11-17T11:00"),
        ("2026-11-20T15:00", 4, "hours", "2026-11-23T11:00"),
        ("2026-11-16T06:00", 1, "hours", "2026-11-16T09:00"),
        ("2026-11-16T18:00", 8, "hours", "2026-11-17T16:00"),
        ("2026-11-21T10:00", 9, "hours", "2026-11-24T09:00"),
    ],
)
def test_a_duration_ends_at(start: str, amount: int, unit: str, end: str) -> None:
    found = SERANG.after(wib(start), amount, unit)
    assert found == wib(end)
    assert found.tzinfo is UTC


def test_office_hours_and_zone_are_settings() -> None:
    jayapura = WorkingCalendar("papua", timezone="Asia/Jayapura", opens=time(7, 30), closes=time(15))
    start = datetime(2026, 11, 16, 0, 0, tzinfo=UTC)  # 09.00 there
    assert jayapura.after(start, 1, "working days") == datetime(2026, 11, 17, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "wrong",
    [{"weekend": frozenset(range(7))}, {"opens": time(16), "closes": time(8)}, {"opens": time(8), "closes": time(8)}],
)
def test_a_calendar_without_working_time_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="calendar 'x'"):
        WorkingCalendar("x", **wrong)  # type: ignore[arg-type]


def test_a_calendar_with_no_working_day_ahead_says_so() -> None:
    days = frozenset(date(2026, 1, 1) + timedelta(days=n) for n in range(366 * 25))
    with pytest.raises(ValueError, match="no working day within twenty years"):
        WorkingCalendar("x", holidays=days).after(wib("2026-11-16T09:00"), 1, "working days")
    with pytest.raises(ValueError, match="unknown unit"):
        SERANG.after(wib("2026-11-16T09:00"), 1, "weeks")


FIRST = wib("2026-01-01T00:00")
STARTS = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))


@given(STARTS, st.integers(1, 60))
def test_working_days_end_at_closing_time_of_a_working_day_and_grow(start: datetime, amount: int) -> None:
    end, next_end = (SERANG.after(start, each, "working days") for each in (amount, amount + 1))
    local = end.astimezone(SERANG.zone)
    assert SERANG.works(local.date())
    assert local.time() == time(16)
    assert start < end < next_end


@given(STARTS, st.integers(1, 60))
def test_hours_end_within_office_hours_and_add_up(start: datetime, amount: int) -> None:
    end = SERANG.after(start, amount, "hours")
    local = end.astimezone(SERANG.zone)
    assert SERANG.works(local.date())
    assert time(8) < local.time() <= time(16)
    assert SERANG.after(SERANG.after(start, 1, "hours"), amount, "hours") == SERANG.after(start, amount + 1, "hours")


def test_dates_and_instants_are_read_from_their_texts() -> None:
    assert moment("2026-11-20") == date(2026, 11, 20)
    assert moment("2026-11-20T10:00:00+07:00") == wib("2026-11-20T10:00")
    assert moment("2026-11-20T10:00:00") == datetime(2026, 11, 20, 10, tzinfo=UTC)
    for text in ("2026-13-20", "besok", "", None, 7):
        assert moment(text) is None


def test_the_day_of_an_instant_is_the_day_in_the_office() -> None:
    evening = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    assert day(evening, SERANG) == date(2026, 11, 21)
    assert day(date(2026, 11, 20), SERANG) == date(2026, 11, 20)
    assert end_of(date(2026, 11, 20), SERANG) == wib("2026-11-20T16:00")


class _NoHome:
    def after(self, start: datetime, amount: int, unit: str) -> datetime:
        return start + timedelta(**{unit: amount})


def test_a_clock_without_a_home_takes_the_instants_own_day() -> None:
    evening = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    assert day(evening, _NoHome()) == date(2026, 11, 20)
    assert end_of(date(2026, 11, 20), _NoHome()) == datetime(2026, 11, 21, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 working days", Duration(3, "working days")),
        ("1 working day", Duration(1, "working days")),
        ("  2   days ", Duration(2, "days")),
        ("1 hour", Duration(1, "hours")),
        ("14 working  days", Duration(14, "working days")),
    ],
)
def test_durations_are_read(text: str, expected: Duration) -> None:
    assert durations.parse(text, HERE) == expected


@pytest.mark.parametrize(
    ("text", "column", "message", "suggestion"),
    [
        ("3 workin days", 3, "Satuan waktu 'workin days'", "working days"),
        ("3 weeks", 3, "Satuan waktu 'weeks'", None),
        ("3", 1, "Lama waktu ditulis 'angka satuan'", None),
        ("tiga hari", 1, "Lama waktu ditulis", None),
        ("3:30", 1, "Lama waktu ditulis", None),
        ("0 days", 1, "harus 1 sampai", None),
        ("99999 days", 1, "harus 1 sampai", None),
        ("", 1, "Lama waktu ditulis", None),
    ],
)
def test_a_wrong_duration_is_pointed_at(text: str, column: int, message: str, suggestion: str | None) -> None:
    with pytest.raises(FlowError) as error:
        durations.parse(text, HERE)
    (finding,) = error.value.findings
    assert message in finding.message
    assert finding.mark.column == column
    assert finding.suggestion == suggestion


def test_durations_read_aloud_in_indonesian() -> None:
    assert durations.text(Duration(14, "working days")) == "14 hari kerja"
    assert durations.text(Duration(4, "hours")) == "4 jam kerja"
