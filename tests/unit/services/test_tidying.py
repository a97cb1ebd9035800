"""What need not be remembered for ever is forgotten at night."""

from __future__ import annotations

from datetime import timedelta

from intranet_surat.services import accounts, idempotency, tidying, work


def night(desk, db):
    desk.commit()
    desk.clock.forward(days=1)
    done = work.run_due(desk.house, db, desk.now)
    desk.commit()
    return done


def test_a_form_is_known_for_thirty_days_and_then_forgotten(desk, db):
    person = desk.as_("agendaris.dinkes").person
    letter = desk.register("agendaris.dinkes", "DINKES", key="formulir-lama")
    tidying.schedule(desk.house, desk.site, desk.now)
    night(desk, db)
    assert "formulir-lama" in desk.site.people[person].keys
    desk.clock.forward(days=30)
    night(desk, db)
    assert "formulir-lama" not in desk.site.people[person].keys
    assert letter.history.problems() == []


def test_sessions_that_are_over_are_removed(desk, db):
    reader = desk.as_("kepala.dinkes")
    accounts.open_session(desk.site, reader.person, reader.position, desk.now)
    tidying.schedule(desk.house, desk.site, desk.now)
    desk.commit()
    assert len(desk.site.sessions) == 1
    night(desk, db)
    assert len(desk.site.sessions) == 0


def test_it_comes_back_every_night_and_once(desk, db):
    tidying.schedule(desk.house, desk.site, desk.now)
    tidying.schedule(desk.house, desk.site, desk.now)
    assert [night(desk, db) for _ in range(3)] == [1, 1, 1]


def test_a_key_that_is_still_young_stays(desk):
    desk.register("agendaris.dinkes", "DINKES", key="formulir-baru")
    assert idempotency.forget(desk.site, desk.now - tidying.KEYS_LAST) == 0


def test_it_comes_at_two_in_the_night_where_the_office_is(desk):
    tidying.schedule(desk.house, desk.site, desk.now)
    (job,) = [each for each in desk.site.jobs.pending() if each.name == tidying.JOB]
    night = desk.house.local(job.at)
    assert (night.date(), night.hour) == (desk.house.today(desk.now) + timedelta(days=1), 2)
