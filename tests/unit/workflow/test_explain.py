"""`explain`: over generated offices every refusal has a remedy that works, or says that nothing helps any more."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from generated_office import Walk, flows, office, on_its_way, shipped_flows

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.workflow import engine
from intranet_surat.workflow.chart import chart
from intranet_surat.workflow.explain import explain_all, told
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Absence
from intranet_surat.workflow.rehearsal import MONDAY
from intranet_surat.workflow.view import Actor, Capacity

SHIPPED = shipped_flows()
_MOST_PLACES = 150  # configurations that the search looks at before it gives up on a letter


def walk(seed: int, kind: str) -> Walk | None:
    """A letter of a shipped flow or of a random one; None when its people cannot even begin it."""
    random = Random(seed)
    return on_its_way(SHIPPED[seed % len(SHIPPED)] if kind == "shipped" else flows(random), random)


def wrongs(seed: int, kind: str) -> tuple[Counter[str], list[str]]:
    """What is wrong with the answers about one letter, for all persons, items and actions."""
    on = walk(seed, kind)
    found: Counter[str] = Counter()
    wrong: list[str] = []
    for piece, actor, action in list(on.triples()) if on is not None else ():
        assert on is not None
        answer = on.asked(piece, actor, action)
        why = ""
        if answer.allowed:
            found["allowed"] += 1
            why = on.can(piece, actor, action)
        elif not answer.says or answer.remedy is None:
            why = "silent"
        elif answer.remedy.never:
            found["never"] += 1
        else:
            found["remedy"] += 1
            json.dumps(told(answer.remedy))
            other = on.copy()
            why, asked = other.apply(next(each for each in other.stage.pieces() if each.id == piece.id), actor, action)
            found["asked again"] += asked > 1
        if why:
            wrong.append(
                f"seed {seed}: {actor.position} {action} in {piece.state}: {answer.says} {answer.remedy}: {why}"
            )
    return found, wrong


@pytest.mark.parametrize("kind", ["shipped", "random"])
def test_every_triple_is_allowed_or_its_remedy_makes_the_act_succeed(kind: str, amount: Any) -> None:
    total: Counter[str] = Counter()
    for seed in range(amount(16, 300)):
        found, wrong = wrongs(seed, kind)
        assert wrong == []
        total += found
    assert total["remedy"] > 0
    assert total["never"] > 0


@pytest.mark.parametrize("kind", ["shipped", "random"])
def test_what_is_said_to_be_never_possible_is_not_found_by_looking_everywhere(kind: str, amount: Any) -> None:
    looked = 0
    for seed in range(amount(8, 300)):
        on = walk(seed, kind)
        if on is None:
            continue
        never = {action for action in names(on) if never_for_all(on, action)}
        reached = everywhere(on, never)
        assert reached == {}, f"seed {seed}: {reached}"
        looked += len(never)
    assert looked > 0


def names(on: Walk) -> list[str]:
    known = chart(on.flow, None)
    return list(dict.fromkeys(deed.action.name for state in known.states for deed in known.deeds(state)))


def never_for_all(on: Walk, action: str) -> bool:
    answers = [on.asked(on.stage.letter, actor, action) for actor in on.org.people()]
    return all(each.remedy is not None and each.remedy.never for each in answers)


def everywhere(on: Walk, wanted: set[str]) -> dict[str, str]:
    """Which of the wanted actions somebody may do after any acts of anybody, and where."""
    seen: set[str] = set()
    queue = [on]
    while queue and len(seen) < _MOST_PLACES:
        at = queue.pop(0)
        place = configuration(at)
        if place in seen:
            continue
        seen.add(place)
        moves = at.moves()
        for piece, _, action in moves:
            if piece.parent is None and action in wanted:
                return {action: place}
        for number, (piece, actor, action) in enumerate(moves):
            if number and moves[number - 1][2] == action and moves[number - 1][0] is piece:
                continue  # one of those who may is enough
            further = at.copy()
            try:
                further.act(next(each for each in further.stage.pieces() if each.id == piece.id), actor, action)
            except (NotAllowed, Invalid):
                continue
            queue.append(further)
    return {}


def configuration(on: Walk) -> str:
    letter = on.stage.letter
    fields = {name: letter.fields.get(name) for name in sorted(chart(on.flow, None).read)}
    below = sorted(f"{each.track}:{each.state}:{each.holder}" for each in on.stage.pieces() if each.parent is not None)
    return f"{letter.state} {letter.initials} {fields} {below[:4]}"


@pytest.mark.parametrize("kind", ["shipped", "random"])
def test_the_engine_refuses_what_explain_refuses_with_the_same_sentence_and_remedy(kind: str, amount: Any) -> None:
    for seed in range(amount(8, 300)):
        on = walk(seed, kind)
        for piece in on.stage.pieces() if on is not None else ():
            assert on is not None
            for actor in on.org.people():
                for answer in explain_all(on.flow, piece, actor, on.stage.setting):
                    if not answer.here or answer.allowed:
                        continue
                    with pytest.raises(NotAllowed) as refused:
                        engine.act(on.flow, piece, answer.action, {}, actor, on.stage.setting)
                    assert (refused.value.message, refused.value.remedy) == (answer.says, answer.remedy)


def test_one_action_and_all_actions_are_answered_alike(amount: Any) -> None:
    for seed in range(amount(8, 300)):
        on = walk(seed, "shipped")
        assert on is not None
        actor = on.org.people()[0]
        for answer in explain_all(on.flow, on.stage.letter, actor, on.stage.setting):
            assert on.asked(on.stage.letter, actor, answer.action) == answer


def test_an_action_that_no_flow_knows_is_never_possible() -> None:
    on = walk(0, "shipped")
    assert on is not None
    answer = on.asked(on.stage.letter, Actor("x", "x"), "terbang")
    assert answer.remedy is not None
    assert "tidak mengenal" in answer.remedy.never


def test_a_branch_is_taken_with_a_value_that_suits_the_rules_of_the_act_before_it_too() -> None:
    def acts(name: str, **more: Any) -> dict[str, Any]:
        return {"title": name, "actions": {name: {"title": name, "by": "author", **more}}}

    written = {
        "flow": "surat/1", "id": "cabang", "version": "1", "title": "Cabang", "applies_to": {"direction": "keluar"},
        "calendar": "hari-kerja-kabupaten", "absence": [{"stand_in": "plh"}],
        "rules": {"dikenal": {"if": "letter.a in [satu, dua]", "says": "A satu atau dua."},
                  "satu": {"if": "letter.a is satu", "says": "A satu."}},
        "states": {
            "awal": {**acts("maju", needs=["dikenal"], to="pilih"), "start": "true", "edit": "author"},
            "pilih": {"choose": [{"when": "satu", "to": "kiri"}, {"else": "true", "to": "kanan"}]},
            "kiri": acts("tutup", to="akhir"), "kanan": acts("buka", to="akhir"),
            "akhir": {"title": "Akhir", "final": "true"},
        },
    }  # fmt: skip
    flow = load(json.dumps(written, indent=1), "cabang.yaml")
    org = office(Random(1), flow)
    org.author, org.fields = "p1", {"a": "satu"}
    org.holders["p1"] = "o1"
    on = Walk(flow, org, Random(1))
    answer = on.asked(on.stage.letter, Actor("o1", "p1"), "buka")
    assert answer.remedy is not None
    assert [make.value["example"] for make in answer.remedy.make if make.what == "field"] == ["dua"]
    assert on.apply(on.stage.letter, Actor("o1", "p1"), "buka") == ("", 1)


def test_a_stand_in_whose_order_begins_later_is_told_with_the_time() -> None:
    flow = replace(
        next(each for each in SHIPPED if each.id == "surat-keluar"), absence=(Absence("plh", needs_order=True),)
    )
    org = office(Random(1), flow)
    org.author, org.fields = "p1", {**org.fields, "body": "isi", "addressees": ["BPKAD"], "signatory": "p0"}
    org.holders.pop("p1", None)
    org.deputies = {"p1": ("o9", MONDAY + timedelta(days=2), Capacity("plh", "Plh.", "800/1", ceiling="SR"))}
    on = Walk(flow, org, Random(1))
    answer = on.asked(on.stage.letter, Actor("orang-luar", "luar"), "ajukan")
    assert answer.remedy is not None
    assert (answer.remedy.as_, answer.remedy.at) == (("p1",), datetime(2026, 11, 17, 17, tzinfo=UTC))
    assert on.apply(on.stage.letter, Actor("orang-luar", "luar"), "ajukan") == ("", 1)
