"""An item as it would be: the same as the item but for what is told, its child before it is made, its state."""

from __future__ import annotations

from dataclasses import fields
from types import SimpleNamespace
from typing import Any

from engine_cases import flow

from intranet_surat.workflow.model import Effect, State
from intranet_surat.workflow.overlay import Overlay, changes, new_child, over, start_of, state_of, states_of, told

FLOW = flow("""
    cast: {a: author}
    states:
      siap: {actions: {x: {by: a, to: konsep}}}
      konsep: {start: true, actions: {y: {by: a, to: selesai}}}
      selesai: {final: true}
    tracks:
      tugas: {states: {baru: {start: true, actions: {z: {by: a, to: beres}}}, beres: {final: true, outcome: done}}}
""")


def item(**changed: Any) -> Any:
    """An item of which every value is another one."""
    values: dict[str, Any] = {each.name: f"the {each.name}" for each in fields(Overlay) if each.name != "base"}
    return SimpleNamespace(**{**values, "track": None, "fields": {"a": 1}, **changed})


def values(view: Overlay) -> dict[str, Any]:
    return {each.name: getattr(view, each.name) for each in fields(Overlay)}


def test_an_item_seen_through_is_the_same_but_for_what_is_told():
    letter = item()
    seen = over(letter)
    assert values(seen) == {**vars(letter), "base": None}
    assert seen.letter is seen
    assert values(over(letter, state="x", holder=None)) == {**values(seen), "state": "x", "holder": None}
    again = over(seen, due="y")
    assert values(again) == {**values(seen), "due": "y"}
    assert values(seen)["due"] == "the due"


def test_a_child_seen_through_has_its_letter():
    letter = item()
    child = over(item(track="tugas", letter=letter))
    assert child.base is letter
    assert child.letter is letter
    assert over(item(track="tugas", letter=letter), base=None).base is None


def test_a_child_about_to_be_made_begins_with_nothing_of_its_parent_but_the_letter():
    letter = item()
    child = new_child(letter.__class__(**vars(letter), letter=letter), "tugas", "kasi", "kadis", {"b": 2})
    assert values(child) == {
        **dict.fromkeys(("since", "due", "limit_since", "paused_since")),
        **dict.fromkeys(("children", "initials", "pauses", "assigned", "told", "held"), ()),
        "id": "", "track": "tugas", "state": "", "entered": -1, "version": 1, "fields": {"b": 2}, "holder": "kasi", "giver": "kadis",
        "base": letter, "office": letter.office, "kind": letter.kind, "author": letter.author, "acts": letter.acts,
    }  # fmt: skip


def test_fields_that_an_act_changes_are_those_of_the_letter_also_for_a_child():
    letter = over(item(fields={"a": 1, "b": 2}))
    assert told(letter, {}) is letter
    assert told(letter, {"b": 3}).fields == {"a": 1, "b": 3}
    child = over(item(track="tugas", letter=letter, fields={"c": 4}))
    after = told(child, {"b": 3})
    assert after.fields == {"c": 4}
    assert after.letter.fields == {"a": 1, "b": 3}
    assert letter.fields == {"a": 1, "b": 2}


def test_effects_change_fields_by_words_and_by_answers():
    effects = [
        Effect("notify", "x"),
        Effect("set", {"place": "Serang", "day": "form.hari", "none": "form.tidak_ada"}),
        Effect("signed", "wet"),
        Effect("set", {"place": "Anyer"}),
    ]
    assert changes(effects, {"hari": "besok"}) == {"place": "Anyer", "day": "besok", "none": None, "signed": "wet"}
    assert changes([], {}) == {}


def test_an_item_stands_in_a_state_of_its_own_part_of_the_flow():
    assert states_of(FLOW, None) is FLOW.states
    assert states_of(FLOW, "tugas") is FLOW.tracks["tugas"].states
    assert states_of(FLOW, "lain") == {}
    assert state_of(FLOW, item(state="siap")) is FLOW.states["siap"]
    assert state_of(FLOW, item(track="tugas", state="beres")) is FLOW.tracks["tugas"].states["beres"]
    assert state_of(FLOW, item(track="tugas", state="siap")) == State("siap", "siap")


def test_a_part_begins_where_it_says_so_else_with_its_first_state():
    assert start_of(FLOW, None) == "konsep"
    assert start_of(FLOW, "tugas") == "baru"
    assert start_of(FLOW, "lain") == ""
    assert start_of(SimpleNamespace(states={"x": State("x", "x"), "y": State("y", "y")}, tracks={}), None) == "x"
