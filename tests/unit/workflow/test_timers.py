"""Reminders, escalations and pauses of a flow, played through without a database."""

from __future__ import annotations

from datetime import UTC, datetime
from textwrap import dedent

import pytest
from engine_cases import do, flow, stage

from intranet_surat.workflow import engine, limits, testing
from intranet_surat.workflow.rehearsal import Stage
from intranet_surat.workflow.timers import timers

BODY = """
cast:
  agendaris: role agendaris of office
  pimpinan: holder of letter.addressee
  sekretaris: position sekretaris of office
  pemegang: holder of item
forms:
  bagi: {kepada: {type: positions, from: staff under actor, required: true}, batas: {type: deadline, default: 3 working days}}
states:
  dicatat:
    start: true
    deadline: {within: 4 hours, remind: [{who: agendaris, at: 1 working day before}, {who: agendaris, at: 1 hour before}, {who: pimpinan, at: due}]}
    actions: {naikkan: {by: agendaris, to: menunggu}, serahkan: {by: agendaris, to: tunggu_saja}}
  menunggu:
    deadline:
      within: 2 working days
      remind: [{who: pimpinan, at: 1 working day before}]
      escalate: {after: 1 working day, to: sekretaris, do: notify}
      paused_while: some disposisi is open
    actions:
      selesaikan: {by: pimpinan, to: selesai}
      bagikan: {by: pimpinan, ask: bagi, fan_out: {track: disposisi, per: form.kepada}}
      catat: {by: agendaris, do: [{set: {batas_surat: 2026-11-27}}]}
  tunggu_saja:
    deadline: {within: letter.batas_surat, escalate: {after: 2 hours, to: sekretaris, do: reassign}}
    actions:
      putuskan: {by: pimpinan, to: selesai}
      undur: {by: agendaris, do: [{set: {batas_surat: 2026-11-27}}]}
  selesai: {final: true}
tracks:
  disposisi:
    states:
      diterima:
        start: true
        deadline: {within: item.batas, remind: [{who: pemegang, at: 1 working day before}], escalate: {after: 1 working day, to: superior of pemegang, do: reassign}}
        actions: {lapor: {by: pemegang, to: jadi}}
      jadi: {final: true, outcome: done}
"""
LETTER = {"addressee": "kadis", "batas_surat": "2026-11-18"}
ORG = {"staff": {"kadis": ["kabid"], "kabid": ["staf"]}}


def wib(text: str) -> datetime:
    return datetime.fromisoformat(text + "+07:00").astimezone(UTC)


def begun(*acts: str) -> Stage:
    """A letter that arrived on Monday 16 November at nine."""
    on = stage(BODY, LETTER, ORG)
    for each in acts:
        do(on, "agendaris", each)
    return on


def listed(on: Stage) -> list[tuple[str, str, tuple[str, ...]]]:
    piece = on.letter
    return [
        (each.kind, f"{each.at.astimezone(on.setting.calendar.zone):%d %H:%M}", each.who)
        for each in timers(on.flow, piece, piece.due, on.setting)
    ]


def by_time(on: Stage) -> list[tuple[str, str]]:
    return [(act.item, act.action) for act in on.acts if not act.position]


def test_timers_stand_in_their_order_and_none_before_the_limit_began() -> None:
    assert listed(begun()) == [("remind", "16 12:00", ("agendaris",)), ("remind", "16 13:00", ("kadis",))]
    assert listed(begun("naikkan")) == [
        ("remind", "17 16:00", ("kadis",)),
        ("escalate", "19 16:00", ("sekretaris",)),
    ]


def test_a_state_without_limit_has_no_timers() -> None:
    on = begun("naikkan")
    do(on, "kadis", "selesaikan")
    assert listed(on) == []
    on.wait(20, "working days")
    assert by_time(on) == []


def test_waiting_lets_the_timers_ring_in_their_order_and_once() -> None:
    on = begun("naikkan")
    on.wait(1, "working days")
    assert (by_time(on), on.notified, on.escalated()) == ([("surat", "diingatkan")], ("kadis",), ())
    on.wait(5, "working days")
    assert by_time(on) == [("surat", "diingatkan"), ("surat", "dieskalasi")]
    assert (on.notified, on.escalated()) == (("sekretaris",), ("kadis",))
    assert engine.can_act(on.flow, on.letter, on.setting) == {"kadis", "agendaris"}
    assert "sekretaris" in engine.readers(on.flow, on.letter, on.setting)["see"]
    do(on, "kadis", "selesaikan")
    assert on.escalated() == ()


def test_the_clock_stands_still_and_runs_on_with_what_was_left() -> None:
    on = begun("naikkan")
    due = on.letter.due
    do(on, "kadis", "bagikan", kepada=["kabid"], batas="10 working days")
    assert (on.letter.paused_since, on.letter.due, listed(on)) == (on.setting.now, due, [])
    on.at(wib("2026-11-19T09:02"))
    do(on, "kabid", "lapor")
    assert on.letter.paused_since is None
    assert on.letter.due == on.setting.calendar.later(
        wib("2026-11-19T09:03"), on.setting.calendar.between(wib("2026-11-16T09:02"), due)
    )
    assert on.letter.pauses == ((wib("2026-11-16T09:02"), wib("2026-11-19T09:03")),)
    assert by_time(on) == []


def test_a_pause_that_began_after_the_limit_does_not_forgive_it() -> None:
    on = begun("naikkan")
    due = on.letter.due
    on.at(wib("2026-11-19T09:00"))
    do(on, "kadis", "bagikan", kepada=["kabid"])
    on.at(wib("2026-11-20T09:00"))
    do(on, "kabid", "lapor")
    assert on.letter.due == due
    on.at(wib("2026-11-20T09:30"))
    assert ("surat", "dieskalasi") in by_time(on)


def test_a_late_item_goes_to_the_superior_and_from_him_no_further_than_its_chosen_date() -> None:
    on = begun("naikkan")
    do(on, "kadis", "bagikan", kepada=["staf"])
    on.wait(5, "working days")
    item = on.pieces()[1]
    assert (item.holder, item.held, on.escalated()) == ("kabid", ("staf",), ("staf",))
    assert engine.waits_for(on.flow, item, on.setting) == ("kabid",)
    assert "staf" in engine.readers(on.flow, item, on.setting)["holder"]
    assert [action for _, action in by_time(on)] == ["diingatkan", "dialihkan"]
    do(on, "kabid", "lapor")
    assert item.outcome == "done"


def test_a_letter_may_be_decided_by_whom_it_went_to_until_it_leaves_the_state() -> None:
    on = begun("serahkan")
    assert on.letter.due == wib("2026-11-18T16:00")
    on.at(wib("2026-11-19T10:00"))
    assert on.letter.assigned == ("sekretaris",)
    assert engine.waits_for(on.flow, on.letter, on.setting) == ("kadis", "sekretaris")
    assert [
        each.action
        for each in engine.offers(on.flow, on.letter, on.org.actors("sekretaris")[0], on.setting)
        if each.allowed
    ] == ["putuskan"]
    do(on, "sekretaris", "putuskan")
    assert (on.letter.state, on.letter.assigned) == ("selesai", ())


def test_a_limit_follows_the_field_that_it_is_taken_from() -> None:
    on = begun("serahkan")
    do(on, "agendaris", "undur")
    assert on.letter.due == wib("2026-11-27T16:00")
    on.at(wib("2026-11-20T10:00"))
    assert by_time(on) == []


def test_every_change_of_a_limit_has_its_reason() -> None:
    on = begun("serahkan")
    on.letter.fields = {**on.letter.fields, "batas_surat": "2026-11-20"}
    _, changes = limits.turn(on.flow, on.letter, on.setting)
    (change,) = changes
    assert change.facts("surat") == {
        "item": "surat", "from": "2026-11-18T09:00:00+00:00", "to": "2026-11-20T09:00:00+00:00",
        "reason": limits.FIELD_CHANGED,
    }  # fmt: skip
    assert limits.turn(on.flow, on.letter, on.setting, "Alur berganti versi")[1][0].why == "Alur berganti versi"
    assert limits.reason(limits.limit(on.flow.states["menunggu"])) == "2 hari kerja sejak surat sampai di sini"
    assert limits.reason(limits.limit(on.flow.states["tunggu_saja"])) == "Menurut isian"
    assert limits.reason(limits.limit(on.flow.states["selesai"])) == "Keadaan ini tanpa batas"


def test_an_item_of_an_older_release_keeps_its_limit() -> None:
    on = begun("naikkan")
    due, on.letter.limit_since = on.letter.due, None
    clock, changes = limits.turn(on.flow, on.letter, on.setting)
    assert (clock.due, changes) == (due, ())


def test_each_level_of_a_route_has_its_own_reminders() -> None:
    on = stage("""
    cast: {penandatangan: holder of letter.signatory}
    states:
      konsep: {start: true, actions: {ajukan: {by: author, to: paraf}}}
      paraf:
        route: {levels: superiors of author below penandatangan, act: paraf, deadline: {within: 1 working day, remind: [{who: level, at: due}]}, reject: {act: balik, to: konsep}, done: selesai}
      selesai: {final: true}
    """, {"signatory": "kadis"}, {"author": "staf", "superiors": ["kasi", "kabid", "kadis"]})  # fmt: skip
    do(on, "staf", "ajukan")
    on.wait(2, "working days")
    assert on.notified == ("kasi",)
    do(on, "kasi", "paraf")
    on.wait(2, "working days")
    assert (on.notified, [action for _, action in by_time(on)]) == (("kabid",), ["diingatkan", "diingatkan"])


RUN = """
      - {who: agendaris, act: naikkan}
      - {wait: 1 working day}
      - {expect: {notified: [kadis], escalated: []}}
      - {who: kadis, act: bagikan, form: {kepada: [kabid]}}
      - {wait: 5 working days}
      - {expect: {escalated: [kabid], notified: [kabid, kadis], open: [kadis]}}
"""


@pytest.mark.parametrize(("said", "ok"), [("[kabid]", True), ("[]", False), ("[kadis]", False)])
def test_a_test_in_the_file_expects_who_was_reminded_and_escalated(said: str, ok: bool) -> None:
    tests = "tests:\n  terlambat:\n    letter: {addressee: kadis}\n    org: {staff: {kadis: [kabid]}}\n    run:"
    run = RUN.replace("escalated: [kabid]", f"escalated: {said}")
    made = flow(dedent(BODY) + tests + run)
    (result,) = testing.run(made)
    assert result.ok is ok, result.message
    if not ok:
        assert "escalated seharusnya" in result.message
