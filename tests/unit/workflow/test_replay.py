"""A past letter through the flow it ran on, and through drafts that ask more, less, or otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from textwrap import dedent

import past_lives
import pytest
from benchmarks.past_letters import Diary
from engine_cases import HEAD

from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.replay import replay
from intranet_surat.workflow.replay_report import Tally

KELUAR = """
cast:
  konseptor: author
  penandatangan: holder of letter.signatory
  tata_usaha: role tata_usaha of office
  kasubag: role kasubag of office
  kabid: role kabid of office
rules:
  lengkap: {if: letter.body is present, says: Lengkapi isi.}
forms:
  alasan:
    alasan: {title: Alasan, type: text, required: true}
states:
  konsep:
    title: Konsep
    start: true
    edit: konseptor
    actions:
      ajukan: {title: Ajukan, by: konseptor, needs: lengkap, to: paraf}
  paraf:
    title: Paraf
    route:
      act: paraf
      title: Paraf
      levels: [{who: kasubag}]
      deadline: {within: 1 working day}
      reject: {act: kembalikan, title: Kembalikan, ask: alasan, to: konsep}
      done: periksa
  periksa:
    title: Diperiksa
    deadline: {within: 2 working days}
    actions:
      lulus: {title: Lulus, by: tata_usaha, to: kirim}
  kirim: {title: Terkirim, final: true}
"""
ORG = {"author": "staf", "kasubag": "kasubag", "kabid": "kabid", "tata_usaha": "tata_usaha"}
TIER = (
    "levels: [{who: kasubag}]",
    "levels: [{who: kasubag}, {who: kabid}]",
)


def flow(*changes, version=1, base=KELUAR):
    text = HEAD.replace("version: 1", f"version: {version}") % "keluar" + dedent(base)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return load(text, "uji.yaml")


def draft(*changes, base=KELUAR):
    return flow(*changes, version=2, base=base)


def diary(of=None, **letter):
    of = of or flow()
    return Diary(of, LittleOrg(of, ORG, {"body": "naskah", **letter}))


@pytest.fixture
def sent():
    """A letter sent: submitted on Monday at nine, initialled on Tuesday at ten, passed on Wednesday at eleven."""
    day = diary()
    for action, who in (("ajukan", "staf"), ("paraf", "kasubag"), ("lulus", "tata_usaha")):
        day.act(day.stage.letter, action, who)
        day.stage.minutes(25 * 60)
    return day


def play(to, day):
    return replay(to, day.past(), lambda _, now: replace(day.stage.setting, now=now))


def states(found):
    return [(each.at, each.state_to) for each in found.lines]


def test_the_same_flow_gives_back_every_state_and_instant(sent):
    found = play(flow(), sent)
    assert states(found) == [(each.at, each.state_to) for each in sent.acts]
    assert (found.differences, found.waits, found.ended) == ((), (), True)
    assert found.item.due == sent.stage.letter.due


def test_one_more_tier_adds_exactly_its_own_limit(sent):
    found = play(draft(TIER), sent)
    calendar = sent.stage.setting.calendar
    initialled, passed = sent.acts[2].at, sent.acts[3].at
    due = calendar.after(initialled, 1, "working days")
    (wait,) = found.waits
    assert (wait.state, wait.who, wait.at, wait.limited) == ("paraf", "kabid", due, True)
    # Tuesday 10.00 to Wednesday 16.00, eight hours a day: six hours and eight.
    assert wait.office_time == timedelta(hours=14)
    # Passed on Wednesday 11.00; fourteen office hours later is Friday 9.00.
    assert found.lines[-1].at == passed.replace(day=passed.day + 2, hour=2)
    assert found.differences == ()
    assert found.ended


def test_a_new_state_is_passed_at_the_end_of_its_limit(sent):
    new = "  diteliti:\n    title: Diteliti\n    deadline: {within: 2 hours}\n    actions:\n      teliti: {title: Teliti, by: kabid, to: periksa}\n"
    found = play(draft(("done: periksa", "done: diteliti"), ("  periksa:\n", new + "  periksa:\n")), sent)
    (wait,) = found.waits
    assert (wait.state, wait.action, wait.who, wait.office_time) == ("diteliti", "teliti", "kabid", timedelta(hours=2))
    assert found.lines[-1].at == sent.acts[3].at + timedelta(hours=2)
    assert (found.differences, found.ended) == ((), True)


def test_a_new_tier_without_a_limit_of_its_own_takes_no_time_and_says_so(sent):
    found = play(draft(TIER, ("      deadline: {within: 1 working day}\n", "")), sent)
    (wait,) = found.waits
    assert (wait.limited, wait.office_time) == (False, timedelta())
    assert [each.at for each in found.lines if each.action == "lulus"] == [sent.acts[3].at]


def test_a_letter_that_still_waits_would_wait_at_the_new_tier():
    day = diary()
    day.act(day.stage.letter, "ajukan", "staf")
    day.act(day.stage.letter, "paraf", "kasubag")
    found = play(draft(TIER), day)
    assert [(each.kind, each.says) for each in found.differences] == [
        ("elsewhere", "Sampai di 'paraf', dahulu di 'periksa'.")
    ]
    assert (found.item.state, found.waits, found.ended) == ("paraf", (), False)


def test_a_rule_that_refuses_is_named_with_its_sentence_once(sent):
    rule = ("lengkap: {if: letter.body is present", "lengkap: {if: letter.lampiran is present")
    found = play(draft(rule), sent)
    assert [(each.kind, each.action, each.rule, each.says) for each in found.differences] == [
        ("refused", "ajukan", "lengkap", "Lengkapi isi.")
    ]
    assert (found.item.state, found.ended) == ("konsep", False)


def test_a_renamed_state_is_found_by_what_migrate_says(sent):
    renamed = [("  periksa:\n", "  diperiksa:\n"), ("done: periksa", "done: diperiksa")]
    silent = play(draft(*renamed), sent)
    assert [each.kind for each in silent.differences] == ["elsewhere"]
    told = play(draft(*renamed, ("states:\n", "migrate: [{from: 1, states: {periksa: diperiksa}}]\nstates:\n")), sent)
    assert (told.differences, told.renamed, told.ended) == ((), (("periksa", "diperiksa"),), True)


def test_initials_that_nobody_asks_any_more_are_needless():
    two = flow(TIER)
    day = diary(two)
    for action, who in (("ajukan", "staf"), ("paraf", "kasubag"), ("paraf", "kabid"), ("lulus", "tata_usaha")):
        day.act(day.stage.letter, action, who)
        day.stage.minutes(60)
    without_lower = play(draft((TIER[0], "levels: [{who: kabid}]")), day)
    without_upper = play(draft(), day)
    assert [(each.kind, each.action) for each in without_lower.differences] == [("needless", "paraf")]
    assert [(each.kind, each.action) for each in without_upper.differences] == [("needless", "paraf")]
    assert without_lower.ended
    assert without_upper.ended


def test_an_action_that_is_gone_stops_the_letter(sent):
    found = play(draft(("lulus: {title: Lulus, by: tata_usaha", "periksa_lagi: {title: Lagi, by: kabid")), sent)
    assert [(each.kind, each.action, each.says) for each in found.differences] == [
        ("gone", "lulus", "Tindakan 'lulus' tidak ada di keadaan 'Diperiksa'.")
    ]
    assert not found.ended


def test_what_is_newly_asked_as_a_text_is_assumed_and_what_is_not_asked_is_left_out():
    asking = flow(("lulus: {title: Lulus, by: tata_usaha", "lulus: {title: Lulus, ask: alasan, by: tata_usaha"))
    for old, new in ((asking, draft()), (flow(), load(asking.text.replace("version: 1", "version: 2"), "uji.yaml"))):
        day = diary(old)
        day.act(day.stage.letter, "ajukan", "staf")
        day.act(day.stage.letter, "paraf", "kasubag")
        day.act(day.stage.letter, "lulus", "tata_usaha", {"alasan": "Sudah"} if old is asking else {})
        assert (play(new, day).differences, play(new, day).ended) == ((), True)


def test_a_report_tells_added_waits_refusals_and_letters_that_stop(sent):
    new = draft(TIER)
    tally = Tally(new)
    for _ in range(3):
        tally.count(play(new, sent), True)
    report = tally.report()
    (row,) = report.added
    assert (report.letters, report.same, report.stopped, report.refused) == (3, 0, (), ())
    assert (row.title, row.letters, row.total, row.median) == ("Paraf", 3, timedelta(hours=42), timedelta(hours=14))
    strict = draft(("lengkap: {if: letter.body is present", "lengkap: {if: letter.lampiran is present"))
    tally = Tally(strict)
    tally.count(play(strict, sent), True)
    (refused,) = tally.report().refused
    assert (refused.rule, refused.count, refused.letters) == ("lengkap", 1, ("surat",))
    assert tally.report().stopped == ("surat",)


@pytest.mark.parametrize(("effect", "stays"), [("", "800/2"), (", {signed: wet}", "800/1")])
def test_a_number_that_was_signed_under_stays_through_the_night_in_a_look_at_past_letters_too(effect, stays):
    asked = "needs: lengkap, to: paraf"

    def numbering(version, more):
        return past_lives.flow(version, (asked, f"needs: lengkap, do: [{{number: seri}}{more}], to: paraf"))

    life = past_lives.Life(numbering(1, ""))
    life.act("staf", "ajukan", "800/1")
    life.act("kasubag", "paraf")
    life.act("kabid", "paraf")
    life.act("kadis", "siapkan", "800/1")
    life.night()
    life.act("kadis", "siapkan", "800/2")
    found = replay(numbering(2, effect), life.past(), life.world())
    assert (found.differences, found.item.state) == ((), "ttd")
    assert found.item.fields["number"] == stays
