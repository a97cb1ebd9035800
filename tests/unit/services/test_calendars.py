"""The working calendar as the regency keeps it: versions, who may change it, and what becomes of running limits."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from ZODB.POSException import ReadConflictError

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.services import acting, calendars, open_letters
from intranet_surat.services.calendars import Day, Edit
from limit_cases import ask, by_time, facts, letter, told, until, wib

WHY = "Keputusan Bupati nomor 1"
TUESDAY, WEDNESDAY = date(2026, 11, 24), date(2026, 11, 25)


def off(day: date, kind: str = "libur-daerah", **more: str) -> list[Edit]:
    return [Edit("add", Day(day, "Hari jadi", kind, **more))]


def change(desk, edits, why: str = WHY, reader=None) -> int:
    changed = calendars.change(desk.site, edits, why, reader, desk.now)
    desk.commit()
    return changed


def now(desk):
    return calendars.calendar(desk.house, desk.site, "hari-kerja-kabupaten")


def test_a_new_day_off_makes_a_version_with_reason_and_the_old_one_stays(desk):
    before = desk.site.reference["hari_libur"].version
    assert change(desk, off(TUESDAY)) == 1
    newest, shipped = calendars.versions(desk.site)
    assert (newest.why, newest.before, newest.position) == (WHY, before, "")
    assert (shipped.version, shipped.after) == (before, newest.version)
    assert not now(desk).works(TUESDAY)
    assert now(desk).works(WEDNESDAY)


def test_taking_a_day_out_again_is_a_version_of_its_own(desk):
    change(desk, off(TUESDAY))
    change(desk, [Edit("remove", Day(TUESDAY, "", ""))], "Dibatalkan")
    assert [each.why for each in calendars.versions(desk.site)] == ["Dibatalkan", WHY, ""]
    assert now(desk).works(TUESDAY)


def test_only_who_keeps_the_calendar_changes_it(desk):
    for login in ("kasubag-umum.dinkes", "kepala.dinkes"):
        with pytest.raises(NotAllowed):
            change(desk, off(TUESDAY), reader=desk.as_(login))
    keeper = next(each for each in desk.site.positions.values() if calendars.KEEPER in each.roles)
    login = desk.site.people[keeper.holders[0].person].login
    change(desk, off(TUESDAY), reader=desk.as_(login))
    assert next(iter(calendars.versions(desk.site))).position == keeper.id


@pytest.mark.parametrize(
    ("edits", "why", "field"),
    [
        (off(TUESDAY), " ", "why"),
        ([], WHY, "date"),
        (off(date(2026, 12, 25)), WHY, "date"),
        ([Edit("remove", Day(TUESDAY, "", ""))], WHY, "date"),
        (off(date(1999, 1, 1)), WHY, "date"),
        ([Edit("add", Day(TUESDAY, "", "libur-daerah"))], WHY, "name"),
        (off(TUESDAY, kind="lain"), WHY, "kind"),
        (off(TUESDAY, kind="jam-kerja"), WHY, "opens"),
        (off(TUESDAY, kind="jam-kerja", opens="15:00", closes="08:00"), WHY, "closes"),
        (off(TUESDAY, basis="x" * 300), WHY, "basis"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(desk, edits, why, field):
    with pytest.raises(Invalid) as wrong:
        calendars.change(desk.site, edits, why, None, desk.now)
    assert list(wrong.value.fields) == [field]


def test_in_ramadan_offices_close_earlier_except_on_days_off(desk):
    day = Day(date(2027, 2, 8), "Ramadan", "jam-kerja", "", "08:00", "15:00")
    edits = calendars.period(desk.site, day, date(2027, 3, 9))
    change(desk, edits)
    assert now(desk).end_of(date(2027, 2, 10)) == wib("2027-02-10 15:00")
    assert now(desk).end_of(date(2027, 3, 10)) == wib("2027-03-10 16:00")
    assert not now(desk).works(date(2027, 3, 8))  # Nyepi stays a day off
    assert {each.day.date.weekday() for each in edits} == set(range(5))
    with pytest.raises(Invalid):
        calendars.period(desk.site, day, date(2026, 2, 8))


def test_running_limits_move_with_their_reason_and_dates_that_were_chosen_stay(desk, db):
    told(desk)
    made = letter(desk, "naikkan")  # two working days: Wednesday 16.00
    other = letter(desk, "naikkan")
    (item,) = ask(desk, other, "kabid-p2p.dinkes", batas="2026-11-27")
    due = item.due
    change(desk, off(TUESDAY))
    until(desk, db, "2026-11-23 09:05")
    assert made.due == wib("2026-11-26 16:00")
    assert facts(made, "batas")["batas"] == [
        {
            "item": made.id, "from": "2026-11-25T09:00:00+00:00", "to": "2026-11-26T09:00:00+00:00",
            "reason": "Kalender kerja berubah",
        }
    ]  # fmt: skip
    assert (item.due, by_time(other)) == (due, ["batas"])  # that of the pause, before
    until(desk, db, "2026-11-24 16:00")
    assert by_time(made) == ["batas"]  # the reminder of the old limit is void
    until(desk, db, "2026-11-25 16:00")
    assert by_time(made) == ["batas", "diingatkan"]


def test_a_limit_that_stands_still_moves_too_and_runs_on_by_the_new_calendar(desk, db):
    told(desk)
    made = letter(desk, "naikkan")
    (item,) = ask(desk, made, "kabid-p2p.dinkes", batas="10 working days")
    change(desk, off(TUESDAY))
    until(desk, db, "2026-11-23 09:05")
    assert made.due == wib("2026-11-26 16:00")
    desk.clock.now = wib("2026-11-25 09:00")
    desk.act("kabid-p2p.dinkes", item, "lapor")
    assert made.due == wib("2026-11-27 16:00")  # 7 hours of Monday, and two whole days, from Wednesday 9.00


def test_many_letters_are_counted_anew_in_batches(desk, db, monkeypatch):
    told(desk)
    monkeypatch.setattr(open_letters, "BATCH", 2)
    letters = [letter(desk, "naikkan") for _ in range(5)]
    change(desk, off(TUESDAY))
    assert until(desk, db, "2026-11-23 09:05") > 2
    assert {each.due for each in letters} == {wib("2026-11-26 16:00")}


def test_the_job_of_a_version_that_was_replaced_does_nothing(desk, db):
    told(desk)
    made = letter(desk, "naikkan")
    change(desk, off(TUESDAY))
    change(desk, [Edit("remove", Day(TUESDAY, "", ""))])
    until(desk, db, "2026-11-23 09:05")
    assert (made.due, by_time(made)) == (wib("2026-11-25 16:00"), [])


def test_who_counts_on_a_calendar_that_changes_meanwhile_counts_again(two):
    desk, other = two
    told(desk)
    other.house = desk.house
    made = letter(desk)
    other.tm.abort()
    other.tm.begin()
    same = other.again(made)
    acting.act(
        other.house, other.tm, other.site, same, "naikkan", {}, other.as_("agendaris.dinkes"), other.now, key="k" * 12
    )
    change(desk, off(TUESDAY))
    with pytest.raises(ReadConflictError):
        other.commit()
    other.tm.abort()
    other.tm.begin()


def test_a_site_without_the_table_takes_the_shipped_calendar(desk):
    del desk.site.reference["hari_libur"]
    assert now(desk) is desk.house.calendars["hari-kerja-kabupaten"]
    assert calendars.days(desk.site) == ()
    assert change(desk, off(TUESDAY)) == 1
    assert [each.date for each in calendars.days(desk.site)] == [TUESDAY]
    assert now(desk).after(desk.now, 1, "working days") - desk.now > timedelta(days=2)
