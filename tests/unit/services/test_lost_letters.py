"""A letter that the database has lost is no deleted one: the jobs about it fail where somebody sees it."""

from __future__ import annotations

import dataclasses

import pytest
from lost_objects import lose
from signing_stage import SIGNATORY, prepared
from ZODB.POSException import POSKeyError

from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.resources.folder import find_if_there, path
from intranet_surat.resources.jobs import TRIES
from intranet_surat.services import apart, calendars, deadlines, notices, open_letters, signing_attempts, work


@pytest.fixture
def letter(desk):
    """A letter with a limit, an open signature and a notice on its way."""
    made = prepared(desk)
    made.attempts.append(SignAttempt(id="x", state="sending", started=desk.now))
    desk.commit()
    return made


def jobs(desk, letter):
    """The jobs that would pass a deleted letter over in silence, each with what it was given."""
    where, attempt = path(letter), letter.attempts[-1].id
    told = {"letter": where, "position": desk.post(SIGNATORY), "key": "k", "about": notices.REMINDER}
    return [
        (deadlines.ring, {"item": where, "entered": letter.entered}),
        (signing_attempts.check, {"letter": where, "attempt": attempt}),
        (notices.carry, told),
    ]


@pytest.mark.parametrize("lost", ["letter", "folder"])
def test_reminders_signatures_and_notices_of_a_lost_letter_fail_and_are_not_passed_over(desk, storage, letter, lost):
    todo, where = jobs(desk, letter), path(letter)
    found = lose(desk, storage, letter if lost == "letter" else letter.__parent__._items)
    for job, args in todo:
        with pytest.raises(POSKeyError):
            job(desk.house, desk.site, args, desk.now)
    found()
    assert find_if_there(desk.site, where).id == letter.id
    for job, args in todo:
        job(desk.house, desk.site, args, desk.now)
    assert letter.attempts[-1].state == "unknown"


def test_jobs_of_a_letter_that_was_deleted_do_nothing(desk, letter):
    todo, where = jobs(desk, letter), path(letter)
    del letter.__parent__[letter.__name__]
    desk.commit()
    assert find_if_there(desk.site, where) is None
    for job, args in todo:
        job(desk.house, desk.site, args, desk.now)


def test_a_letter_whose_limit_cannot_be_counted_keeps_no_other_from_the_new_calendar(desk, db, storage, letter):
    other = prepared(desk)
    due = other.due
    assert due is not None
    assert letter.due == due
    day = desk.house.local(due).date()
    lose(desk, storage, letter.history)
    calendars.change(
        desk.site, [calendars.Edit("add", calendars.Day(day, "Libur", "libur-daerah"))], "Uji", None, desk.now
    )
    desk.commit()
    work.run_due(desk.house, db, desk.now)
    desk.tm.abort()
    desk.tm.begin()
    assert other.due > due
    (alone,) = [each for each in desk.site.jobs.pending() if each.name == calendars.JOB + apart.ALONE]
    assert (alone.args["item"], alone.tries) == (path(letter), 1)
    assert [each for each in desk.site.jobs.pending() if each.name == calendars.JOB] == []


def test_letters_that_all_break_alike_keep_those_behind_them_waiting_and_not_for_ever(desk, db, clock, monkeypatch):
    monkeypatch.setattr(open_letters, "BATCH", 2)
    broken = [desk.register("agendaris.dinkes", "DINKES") for _ in range(2)]
    sound = [desk.register("agendaris.kramatwatu", "KRAMATWATU") for _ in range(2)]
    names, done = {each.id for each in broken}, set()

    def do(letter):
        if letter.id in names:
            raise KeyError(letter.id)
        done.add(letter.id)

    def carry(_house, site, args, now):
        open_letters.go_on(site, "uji", args, "x", do, now)

    def alone(_house, site, args, _now):
        open_letters.alone(site, args, do)

    desk.house = dataclasses.replace(desk.house, jobs={**desk.house.jobs, "uji": carry, "uji-surat": alone})
    desk.site.jobs.add("uji", {}, key="uji:x", at=desk.now)
    desk.commit()
    for _ in range(2 * TRIES + 2):
        work.run_due(desk.house, db, desk.now)
        clock.forward(hours=6)
    desk.tm.abort()
    desk.tm.begin()
    assert done == {each.id for each in sound}
    assert sorted(each.name for each in desk.site.jobs.parked()) == ["uji-surat", "uji-surat"]
