"""Limits of every kind, and what happens to them: how they stand, why they moved, what rings then; as approved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from approved_values import short
from engine_cases import do, flow, stage
from told_once import once

from intranet_surat.workflow import limits
from intranet_surat.workflow.calendar import WorkingCalendar
from intranet_surat.workflow.limits import Clockwork
from intranet_surat.workflow.overlay import over, state_of
from intranet_surat.workflow.rehearsal import MONDAY, Stage
from intranet_surat.workflow.timers import ring, timers
from intranet_surat.workflow.view import Setting

FLOW = flow("""
cast: {a: author, b: role b of office, h: holder of item, g: giver of item, c: holder of letter.chosen}
rules: {ditahan: {if: letter.hold is present, says: x}}
forms: {bagi: {kepada: {type: positions, from: staff under actor, required: true}, batas: {type: deadline}}}
states:
  hari: {start: true, deadline: {within: 2 working days, remind: [{who: a, at: 1 working day before}, {who: [a, b], at: due}], escalate: {after: 1 working day, to: [b, c], do: reassign}, paused_while: ditahan}, actions: {lanjut: {by: a, to: jam}, bagikan: {by: a, ask: bagi, fan_out: {track: tugas, per: form.kepada}}}}
  jam: {deadline: {within: 5 hours, remind: [{who: c, at: 3 days before}, {who: c, at: 2 hours before}], escalate: {after: 2 hours, to: c}}, actions: {lanjut_jam: {by: [a, b], to: isian}}}
  isian: {deadline: {within: letter.batas, paused_while: ditahan, escalate: {after: 3 hours, to: b, do: reassign}}, actions: {lanjut_isian: {by: b, to: paraf}}}
  paraf: {deadline: {within: 3 working days}, route: {act: paraf, levels: [{who: b}, {who: c}], deadline: {within: 1 working day, remind: [{who: level, at: due}], escalate: {after: 1 working day, to: superior of level}}, done: tanpa, reject: {act: tolak, to: hari}}}
  tanpa: {actions: {lanjut_tanpa: {by: a, to: akhir}}}
  akhir: {final: true}
tracks:
  tugas:
    states:
      baru: {start: true, deadline: {within: item.batas, remind: [{who: h, at: 1 hour before}], escalate: {after: 1 working day, to: [h, g, b], do: reassign}}, actions: {jadi: {by: h, to: beres}}}
      beres: {final: true, outcome: done}
""")  # fmt: skip
HOUR = timedelta(hours=1)
HOLIDAY = WorkingCalendar(
    "libur", holidays=frozenset({date(2026, 11, 17)}), hours={date(2026, 11, 18): (time(9), time(12))}
)
NEVER: dict[str, Any] = {"limit_since": None, "due": None}
EVENTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing": ({}, {}),
    "another date": ({"batas": "2026-12-01"}, {}),
    "no date": ({"batas": None}, {}),
    "something that is no date": ({"batas": "besok"}, {}),
    "an instant": ({"batas": "2026-11-20T15:00:00+07:00"}, {}),
    "a holiday": ({}, {"calendar": HOLIDAY}),
    "it must stand still": ({"hold": "ya"}, {}),
    "it stands still": ({"hold": "ya"}, {"paused_since": MONDAY + HOUR}),
    "it runs on": ({}, {"paused_since": MONDAY + HOUR}),
    "it runs on at once": ({}, {"paused_since": MONDAY + 30 * HOUR}),
    "it runs on with another date": ({"batas": "2026-12-01"}, {"paused_since": MONDAY + HOUR}),
    "it stood still twice": ({}, {"pauses": ((MONDAY + HOUR, MONDAY + 2 * HOUR), (MONDAY + 3 * HOUR, MONDAY + 26 * HOUR))}),
    "it stood still when it was over": ({}, {"pauses": ((MONDAY + 300 * HOUR, MONDAY + 302 * HOUR),)}),
    "it stood still from the moment it was over": ({}, {"pauses": ((datetime.fromisoformat("2026-11-18T09:00:00+00:00"), MONDAY + 302 * HOUR),)}),
    "it has no beginning": ({}, NEVER),
    "somebody else has it too": ({}, {"assigned": ("b",), "told": ("c",)}),
}  # fmt: skip


def at(moment: datetime | None) -> str:
    return f"{moment:%d/%m %H.%M}" if moment is not None else "-"


def stands(clock: Clockwork) -> str:
    return f"{at(clock.due)} sejak {at(clock.limit_since)} berhenti {[(at(a), at(b)) for a, b in clock.pauses]} {at(clock.paused_since)}"


def described(item: Any, setting: Setting) -> Iterator[str]:
    """How the limit stands, what it becomes, and what rings."""
    for name, (clock, changes) in (
        ("kini", limits.turn(FLOW, item, setting)),
        ("lain", limits.turn(FLOW, item, setting, "Diubah")),
        ("baru", limits.anew(FLOW, item, setting)),
    ):
        moved = [f"{at(each.before)} -> {at(each.after)} {each.why}" for each in changes]
        for each in changes:
            first, then = (moment and moment.isoformat() for moment in (each.before, each.after))
            assert each.facts(item.id) == {"item": item.id, "from": first, "to": then, "reason": each.why}
        if name != "lain" or moved:
            yield f"{name}: {stands(clock)} {'; '.join(moved)}".rstrip()
    for timer in timers(FLOW, item, item.due, setting):
        rung = short(ring(FLOW, item, timer, setting), "")
        yield f"{timer.kind} {timer.n} {at(timer.at)} {timer.who} {timer.do}: {rung}"


def begun(on: Stage, state: str) -> tuple[Any, Setting]:
    """The letter in a state since Monday."""
    item = over(on.letter, state=state, limit_since=MONDAY, since=MONDAY)
    deadline = limits.limit(state_of(FLOW, item))
    return over(item, due=limits.begin(deadline, item, MONDAY, on.setting.calendar)), on.setting


def test_a_limit_stands_moves_and_rings_as_approved(approved):
    found, usual = [], {}
    for event, (fields, changes) in EVENTS.items():
        rest = dict(changes)
        on = stage(FLOW, {"batas": "2026-11-18", "chosen": "pimpinan"}, {"staff": {"a": ["x"], "pimpinan": ["b"]}})
        setting = Setting(on.org, MONDAY + 30 * HOUR, rest.pop("calendar", on.setting.calendar), {})
        for state in FLOW.states:
            item, _ = begun(on, state)
            told = [*described(over(item, fields={**item.fields, **fields}, **rest), setting)]
            if event == "nothing":
                usual[state] = told
                found.append(((state, event), [limits.reason(limits.limit(FLOW.states[state])), *told]))
            elif told != usual[state]:
                found.append(((state, event), [line for line in told if line not in usual[state]]))
    approved("limits_of_letters.txt", once(found))


def test_the_limit_of_an_item_stands_moves_and_rings_as_approved(approved):
    found = []
    for batas in ("1 working day", "2026-11-20", None):
        for holder in ("x", "a", "b"):
            on = stage(FLOW, {"chosen": "pimpinan"}, {"staff": {"a": ["x", "b", "a"]}, "author": "a"})
            do(on, "a", "bagikan", kepada=["x"], **({"batas": batas} if batas else {}))
            piece = on.pieces()[1]
            piece.holder = holder
            on.setting = Setting(on.org, MONDAY + 30 * HOUR, on.setting.calendar, {})
            found.append(((str(batas), holder), [*described(piece, on.setting)]))
    approved("limits_of_items.txt", once(found))
