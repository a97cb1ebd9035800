"""Reminders, escalations and clocks that stand still, as an office meets them."""

from __future__ import annotations

import threading
from datetime import timedelta
from random import Random

import pytest

from intranet_surat.resources.evolution import know_limits
from intranet_surat.resources.folder import path
from intranet_surat.services import acting, calendars, deadlines, search, secrecy, work
from intranet_surat.services.itemview import descendants
from intranet_surat.workflow import engine
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.rehearsal import MONDAY, Stage
from limit_cases import BY_TIME, ask, by_time, facts, letter, told, until, wib


@pytest.fixture
def heard(desk):
    return told(desk)


def test_an_official_is_reminded_once_and_not_before_the_time(desk, db, heard):
    made = letter(desk, "naikkan")
    until(desk, db, "2026-11-24 15:59")
    assert by_time(made) == []
    heard.clear()
    until(desk, db, "2026-11-24 16:00")
    assert (by_time(made), heard) == (["diingatkan"], [("pengingat", "kepala")])
    assert until(desk, db, "2026-11-24 18:00") == 0
    assert by_time(made) == ["diingatkan"]


def test_what_is_late_is_told_to_whom_the_flow_names_and_he_may_read_it(desk, db, heard):
    made = letter(desk, "naikkan")
    secretary = desk.as_("sekretaris.dinkes")
    assert not secrecy.may_know(desk.house, desk.site, made, secretary, desk.now)
    until(desk, db, "2026-11-26 16:00")
    assert by_time(made) == ["diingatkan", "dieskalasi"]
    assert ("eskalasi", "sekretaris") in heard
    assert secrecy.sight(desk.house, desk.site, made, secretary, desk.now) == "full"
    desk.act("kepala.dinkes", made, "selesaikan")
    assert made.told == ()


def test_of_a_secret_letter_the_one_it_is_escalated_to_sees_a_masked_line(desk, db, heard):
    made = letter(desk, "naikkan", security="R")
    until(desk, db, "2026-11-26 16:00")
    secretary = desk.as_("sekretaris.dinkes")
    assert ("eskalasi", "sekretaris") in heard
    assert secrecy.sight(desk.house, desk.site, made, secretary, desk.now) == "line"


def test_nobody_is_reminded_of_what_is_done(desk, db, heard):
    made = letter(desk, "naikkan")
    desk.act("kepala.dinkes", made, "selesaikan")
    heard.clear()
    until(desk, db, "2026-12-10 09:00")
    assert (by_time(made), [about for about, _ in heard if about != "menunggu"]) == ([], [])


def test_a_worker_that_was_away_for_a_week_does_everything_once_in_order_and_nothing_for_what_was_done(desk, db, heard):
    first, second, done = letter(desk), letter(desk, "naikkan"), letter(desk, "naikkan")
    desk.clock.now = wib("2026-11-24 10:00")
    desk.act("kepala.dinkes", done, "selesaikan")
    heard.clear()
    until(desk, db, "2026-11-30 08:00")
    assert by_time(first) == ["diingatkan"]
    assert by_time(second) == ["diingatkan", "dieskalasi"]
    assert by_time(done) == []
    late = [each for each in heard if each[0] != "menunggu"]
    assert sorted(late) == [("eskalasi", "sekretaris"), ("pengingat", "agendaris"), ("pengingat", "kepala")]
    assert until(desk, db, "2026-12-30 08:00") == 0
    assert by_time(second) == ["diingatkan", "dieskalasi"]


def test_reminders_do_not_come_again_when_their_keys_were_forgotten(desk, db, heard):
    made = letter(desk, "naikkan")
    until(desk, db, "2026-11-27 08:00")
    desk.site.jobs.forget(wib("2027-06-01 08:00"))
    item = ask(desk, made, "kabid-p2p.dinkes")[0]
    desk.act("kabid-p2p.dinkes", item, "lapor")
    until(desk, db, "2026-11-27 09:00")
    assert by_time(made).count("dieskalasi") == 1


def test_two_workers_at_once_remind_once(desk, db, heard):
    letters = [letter(desk, "naikkan") for _ in range(4)]
    desk.clock.now = wib("2026-11-26 16:00")
    start = threading.Barrier(2)

    def turn():
        start.wait()
        for _ in range(3):
            work.run_due(desk.house, db, desk.now)

    workers = [threading.Thread(target=turn) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    until(desk, db, "2026-11-26 17:00")
    assert [by_time(each) for each in letters] == [["diingatkan", "dieskalasi"]] * 4
    assert sorted(each for each in heard if each[0] == "pengingat") == [("pengingat", "kepala")] * 4


def test_a_worker_killed_before_its_commit_leaves_the_reminder_to_the_next(desk, db, heard):
    made = letter(desk, "naikkan")

    class KilledError(BaseException):
        pass

    def killed(house, site, args, now):
        deadlines.ring(house, site, args, now)
        raise KilledError

    whole = dict(desk.house.jobs)
    desk.house.jobs[deadlines.JOB] = killed
    desk.clock.now = wib("2026-11-24 16:00")
    with pytest.raises(KilledError):
        work.run_due(desk.house, db, desk.now)
    desk.commit()
    assert by_time(made) == []
    desk.house.jobs.update(whole)
    until(desk, db, "2026-11-24 16:10")  # the lease of the dead one is over
    assert by_time(made) == ["diingatkan"]
    assert [about for about, _ in heard if about == "pengingat"] == ["pengingat"]


def test_the_clock_stands_still_while_the_flow_says_so_and_runs_on_with_what_was_left(desk, db, heard):
    made = letter(desk, "naikkan")  # until Wednesday 16.00
    desk.clock.now = wib("2026-11-24 10:00")  # 6 + 8.5 hours are left
    (item,) = ask(desk, made, "kabid-p2p.dinkes", batas="10 working days")
    assert made.paused_since == desk.now
    assert facts(made, "batas")["batas"][0]["reason"] == "Batas berhenti"
    until(desk, db, "2026-12-01 09:00")
    assert by_time(made) == ["batas"]  # no reminder, no escalation
    desk.act("kabid-p2p.dinkes", item, "lapor")
    assert (made.paused_since, made.due) == (None, wib("2026-12-02 15:00"))
    assert facts(made, "batas")["batas"] == [
        {"item": made.id, "from": None, "to": made.due.isoformat(), "reason": "Batas berjalan lagi"}
    ]
    until(desk, db, "2026-12-01 15:00")
    assert by_time(made) == ["batas", "batas", "diingatkan"]


def test_what_was_late_before_the_clock_stood_still_stays_late(desk, db, heard):
    made = letter(desk, "naikkan")
    due = made.due
    until(desk, db, "2026-11-27 09:00")
    (item,) = ask(desk, made, "kabid-p2p.dinkes")
    desk.clock.now = wib("2026-11-28 09:00")
    desk.act("kabid-p2p.dinkes", item, "lapor")
    assert made.due == due
    until(desk, db, "2026-12-04 09:00")
    assert by_time(made).count("dieskalasi") == 1


def test_a_late_disposition_goes_to_the_superior_and_who_had_it_still_reads_it(desk, db, heard):
    made = letter(desk, "naikkan")
    (item,) = ask(desk, made, "staf-p2p.dinkes")
    before, after = desk.post("staf-p2p.dinkes"), desk.post("kasi-p2p.dinkes")
    until(desk, db, "2026-11-27 16:00")
    assert (item.holder, item.held) == (after, (before,))
    assert facts(made, "dialihkan")["had"] == before
    assert "lapor" in desk.titles("kasi-p2p.dinkes", item)
    assert "lapor" not in desk.titles("staf-p2p.dinkes", item)
    assert secrecy.sight(desk.house, desk.site, item, desk.as_("staf-p2p.dinkes"), desk.now) == "full"
    waiting = search.tray(desk.site, desk.as_("kasi-p2p.dinkes"), "waiting")[0]
    assert path(item) in [row.path for row in waiting]
    assert path(item) not in [row.path for row in search.tray(desk.site, desk.as_("staf-p2p.dinkes"), "waiting")[0]]
    desk.act("kasi-p2p.dinkes", item, "lapor")
    assert item.outcome == "done"


def test_a_late_letter_may_be_decided_by_whom_it_went_to_until_it_leaves_the_state(desk, db, heard):
    made = letter(desk, "serahkan")
    assert desk.titles("sekretaris.dinkes", made) == []
    until(desk, db, "2026-11-26 16:00")
    assert by_time(made) == ["dialihkan"]
    assert made.assigned == (desk.post("sekretaris.dinkes"),)
    assert made.due == wib("2026-11-30 16:00")
    assert facts(made, "dialihkan")["batas"][0]["reason"] == "Pekerjaan dialihkan, batas mulai lagi"
    assert desk.titles("sekretaris.dinkes", made) == ["putuskan"]
    assert desk.titles("kepala.dinkes", made) == ["putuskan"]
    until(desk, db, "2026-12-01 16:00")
    assert by_time(made) == ["dialihkan", "dieskalasi"]  # he has it already: he is told, and it goes no further
    desk.act("sekretaris.dinkes", made, "putuskan")
    assert (made.state, made.assigned) == ("selesai", ())


def test_a_reminder_that_reaches_nobody_is_told_to_the_administrator_without_the_letter(desk, db, heard):
    made = letter(desk, "titip")
    heard.clear()
    until(desk, db, "2026-11-23 10:00")
    assert heard == [("tanpa-penerima", "kasubag-umum")]
    assert not secrecy.may_know(desk.house, desk.site, made, desk.as_("kasubag-umum.dinkes"), desk.now)


def test_the_limit_that_a_state_sets_is_kept_with_its_reason(desk, heard):
    made = letter(desk, "naikkan")
    (item,) = ask(desk, made, "kabid-p2p.dinkes", batas="2 working days")
    assert facts(made, "naikkan")["batas"] == [
        {
            "item": made.id, "from": wib("2026-11-24 16:00").astimezone(made.due.tzinfo).isoformat(),
            "to": made.due.isoformat(), "reason": "2 hari kerja sejak surat sampai di sini",
        }
    ]  # fmt: skip
    (set_,) = facts(made, "telaah")["batas"]
    assert (set_["item"], set_["to"], set_["reason"]) == (item.id, item.due.isoformat(), "Menurut isian")


def test_acts_of_time_are_nobodys(desk, db, heard):
    made = letter(desk, "naikkan")
    until(desk, db, "2026-11-26 16:00")
    act = made.history[len(made.history) - 1]
    assert (act.position, act.person, act.who["title"]) == ("", "", "Sistem")
    assert made.history.problems() == []


def test_a_reminder_does_not_keep_an_official_from_acting_at_the_same_time(desk, db, two, heard):
    made = letter(desk, "naikkan")
    until(desk, db, "2026-11-24 16:00")
    assert acting.offers(desk.house, desk.site, made, desk.as_("kepala.dinkes"), desk.now)[0].allowed


def minute_by_minute(desk, db, when):
    """Time passes until ``when`` with a worker that is always there."""
    while True:
        nearest = min((job.at for job in desk.site.jobs.pending() if job.at <= when), default=None)
        desk.clock.now = when if nearest is None else max(nearest, desk.now)
        work.run_due(desk.house, db, desk.now)
        desk.commit()
        if nearest is None:
            return


def test_an_office_and_the_tests_of_a_flow_agree_on_what_time_does(desk, db, heard, amount):
    flow = desk.house.flows.choose(desk.site, "DINKES", "masuk", "surat-masuk")
    staff = {"pimpinan": ["kabid"], "kabid": ["kasi"], "kasi": ["staf"], "staf": ["bawahan"]}
    logins = {"pimpinan": "kepala.dinkes", "agendaris": "agendaris.dinkes", "kabid": "kabid-p2p.dinkes",
              "kasi": "kasi-p2p.dinkes", "staf": "staf-p2p.dinkes"}  # fmt: skip
    clock = calendars.calendar(desk.house, desk.site, flow.calendar)
    for seed in range(amount(6, 200)):
        random = Random(seed)
        desk.clock.now = MONDAY
        made = letter(desk)
        stage = Stage(flow, LittleOrg(flow, {"staff": staff}, {"addressee": "pimpinan"}), calendar=clock)
        now = MONDAY
        while made.state != "selesai" and now < MONDAY + timedelta(days=60):
            now += timedelta(minutes=random.randrange(1, 4000))
            minute_by_minute(desk, db, now)
            stage.at(now)
            pieces = {piece.id: piece for piece in stage.pieces()}
            # the same items in the same order: that of their making
            items = [made, *sorted(descendants(made), key=lambda each: each.order)]
            chosen = random.randrange(len(items))
            who = random.choice(sorted(logins))
            able = desk.titles(logins[who], items[chosen])
            assert able == sorted_offers(stage, list(pieces.values())[chosen], who)
            if able:
                action = random.choice(able)
                holder = random.choice(["kabid", "kasi", "staf"])
                form = {"kepada": [holder], "batas": "2 working days"} if action == "telaah" else {}
                if form and any(desk.site.positions[each.holder].code.startswith(holder) for each in items[1:]):
                    continue
                stage.act(list(pieces.values())[chosen], action, form, who)
                given = {**form, "kepada": [desk.post(logins[holder])]} if form else {}
                desk.act(logins[who], items[chosen], action, given)
            assert made.state == stage.letter.state, seed
        ids = [made.id, *(each.id for each in sorted(descendants(made), key=lambda each: each.order))]
        for name, piece in zip(ids, stage.pieces(), strict=True):
            real = [act.action for act in made.history if act.item == name and act.action in BY_TIME - {"batas"}]
            assert real == [act.action for act in stage.acts if act.item == piece.id and not act.position], seed
        dues = sorted(each.due for each in (made, *descendants(made)) if each.due is not None)
        assert dues == sorted(piece.due for piece in stage.pieces() if piece.due is not None), seed


def sorted_offers(stage, piece, who):
    """What somebody may do with an item of the stage, in the order of the flow."""
    offers = engine.offers(stage.flow, piece, stage.actor(piece, "", who), stage.setting)
    return [each.action for each in offers if each.allowed]


def test_a_letter_from_before_limits_had_a_beginning_gets_one_and_is_counted_by_the_calendar(desk, db):
    told(desk)
    made = letter(desk, "naikkan")
    since, due, made.limit_since = made.limit_since, made.due, None
    desk.commit()
    know_limits(desk.site)
    assert (made.limit_since, made.due) == (since, due)
    know_limits(desk.site)
    assert made.limit_since == since
