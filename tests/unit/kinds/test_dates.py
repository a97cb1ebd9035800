from datetime import date, time

import pytest

from intranet_surat.kinds import dates

DAY = date(2026, 11, 12)


@pytest.mark.parametrize(
    "typed",
    [
        "12/11/2026",
        "12-11-26",
        "12.11.2026",
        "12 11 2026",
        "2026-11-12",
        "12 Nov 2026",
        "12 November 2026",
        "12 nop 26",
        "12-Nov-2026",
        "Kamis, 12 November 2026",
        " 12  NOVEMBER  2026 ",
    ],
)
def test_dates_as_officials_type_them(typed):
    assert dates.parse_date(typed) == DAY


@pytest.mark.parametrize("typed", ["12 Nov", "12/11"])
def test_without_a_year_it_is_the_year_of_today(typed):
    assert dates.parse_date(typed, today=date(2026, 1, 1)) == DAY
    with pytest.raises(ValueError, match="tidak terbaca"):
        dates.parse_date(typed)


def test_a_short_year_of_the_last_century():
    assert dates.parse_date("1/2/85") == date(1985, 2, 1)


@pytest.mark.parametrize("typed", ["31/02/2026", "2026-13-01", "32 Januari 2026", "0/1/2026"])
def test_a_day_that_does_not_exist_is_told(typed):
    with pytest.raises(ValueError, match="penanggalan"):
        dates.parse_date(typed)


@pytest.mark.parametrize("typed", ["besok", "", "12 Foo 2026", "12/11/202", "1899", "Nov 2026"])
def test_what_is_no_date_is_told_with_an_example(typed):
    with pytest.raises(ValueError, match="misalnya 21/11/2026"):
        dates.parse_date(typed)


def test_years_out_of_reach_are_refused():
    with pytest.raises(ValueError, match="luar jangkauan"):
        dates.parse_date("1/1/1026")


@pytest.mark.parametrize(
    "typed",
    [
        "20/11/2026 09.42",
        "20 Nov 2026 9:42 WIB",
        "20 November 2026 pukul 09.42 WIB",
        "20/11/2026, 09.42",
        "2026-11-20T09:42",
        "2026-11-20T02:42:00+00:00",
    ],
)
def test_instants_as_officials_type_them(typed):
    assert dates.parse_instant(typed, "Asia/Jakarta").isoformat()[:10] == "2026-11-20"
    assert dates.parse_instant(typed, "Asia/Jakarta").timestamp() == 1795142520


def test_a_date_alone_is_its_beginning():
    assert dates.parse_instant("20/11/2026", "Asia/Jakarta").isoformat() == "2026-11-20T00:00:00+07:00"


@pytest.mark.parametrize("typed", ["20/11/2026 25.00", "20/11/2026 09.61", "kemarin 09.00"])
def test_an_instant_that_cannot_be_is_told(typed):
    with pytest.raises(ValueError, match="terbaca"):
        dates.parse_instant(typed, "Asia/Jakarta")


def test_times():
    assert dates.parse_time(" 9:05 WIB") == time(9, 5)


def test_dates_as_letters_print_them():
    assert dates.long_date(DAY) == "12 November 2026"
    assert dates.short_date(date(2026, 5, 1)) == "1 Mei"
    assert dates.weekday(DAY) == "Kamis"
    assert dates.day_range(DAY, DAY) == "12 November 2026"
    assert dates.day_range(DAY, date(2026, 11, 14)) == "12 s.d. 14 November 2026"
    assert dates.day_range(DAY, date(2026, 12, 1)) == "12 November s.d. 1 Desember 2026"
    assert dates.day_range(DAY, date(2027, 1, 1)) == "12 November 2026 s.d. 1 Januari 2027"
