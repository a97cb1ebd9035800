"""Which places a way ahead has: what is asked no more is forgotten, and nothing that still matters is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from generated_office import Walk, office, shipped_flows

from intranet_surat.workflow.chart import chart
from intranet_surat.workflow.explain import explain_all
from intranet_surat.workflow.legs import NUMBERED, Places
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.matters import Matters, matters
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.reach import Roads
from intranet_surat.workflow.remembering import remembering
from intranet_surat.workflow.view import Actor, Done
from intranet_surat.workflow.wanting import Wanted

FLOWS = Path(__file__).parent / "flows"
SHIPPED = {flow.id: flow for flow in shipped_flows()}
RICH = [load((FLOWS / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml") for name in ("lengkap", "keluar", "masuk")]
NOWHERE: frozenset[str] = frozenset()


def letter(flow: Flow, **fields: Any) -> Walk:
    """A letter of p2, below p1, below p0, each held by one person."""
    org = office(Random(1), flow)
    org.bosses, org.holders = {"p1": "p0", "p2": "p1"}, {"p0": "o0", "p1": "o1", "p2": "o2"}
    org.roles = {role: ["p1"] for role in org.roles}
    org.deputies, org.author = {}, "p2"
    org.fields = {"security": "B", "body": "isi", "addressees": ["BPKAD"], "signatory": "p0", **fields}
    return Walk(flow, org, Random(1))


def roads(on: Walk) -> Roads:
    return Roads(on.flow, on.stage.letter, on.stage.setting)


def asked(known: Matters) -> Iterator[str]:
    """What matters in a flow, as a text."""
    for name, asks in known.ahead.items():
        yield f"{name}: isian {sorted(asks.fields)} pelaku {sorted(asks.actors)} anak {sorted(asks.tracks)}"
        yield f"  dilalui {sorted(known.passed(name))}"
        for move in known.moves[name]:
            needs = move.asks
            told = [
                each
                for each in ("answered", "bare", "improves", "numbers", "straight", "watched")
                if getattr(move, each)
            ]
            yield f"  {' '.join(move.key)} ({move.deed.kind}): {' '.join(told)}"
            yield f"    isian {sorted(needs.fields)} pelaku {sorted(needs.actors)} anak {sorted(needs.tracks)}"
            yield f"    oleh {move.by} menurut {sorted(move.named)} efek {[(each.name, each.value) for each in move.effects]}"
            yield f"    sesudah {move.prepare.key if move.prepare is not None else '-'}"
    yield f"polos {sorted((name, sorted(map(str, tests))) for name, tests in known.plain.items())}"
    yield f"tetap {sorted(map(str, known.firm)) if known.firm is not None else '-'}"


@pytest.mark.parametrize("flow", [*SHIPPED.values(), *RICH], ids=lambda flow: flow.id)
def test_what_matters_from_each_state_on(flow: Flow, approved: Callable[[str, Iterable[str]], None]) -> None:
    found = [
        line for track in (None, *flow.tracks) for line in (f"== {track or 'surat'}", *asked(matters(flow, track)))
    ]
    approved(f"matters_{flow.source.rpartition('/')[2].removesuffix('.yaml')}_{flow.id}.txt", found)


def test_a_letter_that_comes_back_stands_where_it_stood_but_for_what_is_still_asked() -> None:
    found = roads(letter(SHIPPED["surat-keluar"], classification="900.1"))
    assert {node for node in found.seen if node.state == "dicetak" and node.facts == (("print_code", "kode"),)}
    assert [node for node in found.seen if node.state == "konsep" and not node.facts] == [
        found.entering.places.at("konsep", NOWHERE)
    ]
    assert {dict(node.facts).get("print_code") for node in found.seen if node.state in ("konsep", "paraf")} == {None}


def test_of_values_that_all_rules_take_alike_only_the_first_is_looked_at() -> None:
    entering = roads(letter(SHIPPED["surat-keluar"], classification="400.7")).entering

    def kept(value: str | None) -> tuple[tuple[str, Any], ...]:
        return entering.kept(entering.places.at("periksa_tu", NOWHERE, (("classification", value),))).facts

    assert [kept(value) for value in ("400.7", "800", None, "900", "900.1")] == [
        (), (), (), (("classification", "900"),), (("classification", "900"),),
    ]  # fmt: skip


def test_a_number_ends_the_question_who_acted_before() -> None:
    known, places = matters(SHIPPED["surat-keluar"], None), Places()
    acted = (NUMBERED, ("dinomori", "p1", "o1"), ("lain", "p1", "o1"))
    before = places.at("diperiksa", NOWHERE, acted=acted)
    assert places.only(before, known.ahead["diperiksa"]).acted == (NUMBERED, ("dinomori", "p1", "o1"))
    assert places.only(before, known.ahead["konsep"]).acted == ()
    acts = roads(letter(SHIPPED["surat-keluar"])).entering.view(before).acts[-3:]
    assert [(act.state_from, act.position, act.person, act.numbered) for act in acts] == [
        ("", "", "", True), ("dinomori", "p1", "o1", False), ("lain", "p1", "o1", False),
    ]  # fmt: skip


def test_a_number_on_the_way_matters_only_if_somebody_acted_before_it_whom_a_rule_asks_for() -> None:
    on = letter(SHIPPED["surat-keluar"])

    def numbered() -> tuple[tuple[str, ...], ...]:
        entering = roads(on).entering
        return entering.kept(entering.places.at("diperiksa", NOWHERE, acted=(NUMBERED, ("dinomori", "p1", "o1")))).acted

    assert numbered() == (("dinomori", "p1", "o1"),)
    on.stage.acts.append(Done(1, on.stage.letter.id, "nomori", "dinomori", "diperiksa", "p2", "o2"))
    assert numbered() == (NUMBERED, ("dinomori", "p1", "o1"))
    on.stage.acts.append(Done(2, on.stage.letter.id, "tanda_tangani", "diperiksa", "konsep", "p0", "o0", numbered=True))
    assert numbered() == (("dinomori", "p1", "o1"),)


def test_a_place_where_people_have_only_changed_more_is_not_looked_at_again() -> None:
    found = roads(letter(SHIPPED["surat-keluar"], signatory="p9", classification="400.7"))
    assert [node for node in found.seen if node.state == "konsep"] == [found.entering.places.at("konsep", NOWHERE)]
    assert {dict(node.facts).get("signatory") for node in found.seen if node.state != "konsep"} == {"p0"}
    classes = {dict(node.facts).get("classification") for node in found.seen if node.state == "periksa_tu"}
    assert classes == {None}


def test_what_an_act_writes_counts_behind_it_and_not_what_was_entered_for_it() -> None:
    written = {
        "flow": "surat/1", "id": "tulis", "version": "1", "title": "Tulis", "applies_to": {"direction": "keluar"},
        "calendar": "hari-kerja-kabupaten", "absence": [{"stand_in": "plh"}],
        "rules": {"satu": {"if": "letter.a is satu", "says": "A satu."}, "dua": {"if": "letter.a is dua", "says": "A dua."},
                  "b": {"if": "letter.b is present", "says": "B."}},
        "states": {
            "awal": {"title": "Awal", "start": "true", "edit": "author", "actions": {"maju": {
                "title": "Maju", "by": "author", "needs": ["satu", "b"], "do": [{"set": {"a": "dua"}}], "to": "tengah"}}},
            "tengah": {"title": "Tengah", "actions": {"tutup": {"title": "Tutup", "by": "author", "needs": ["dua"], "to": "akhir"}}},
            "akhir": {"title": "Akhir", "final": "true"},
        },
    }  # fmt: skip
    on = letter(load(json.dumps(written, indent=1), "tulis.yaml"))
    assert {dict(node.facts)["a"] for node in roads(on).seen if node.state == "tengah"} == {"dua"}
    assert {dict(node.facts).get("b") for node in roads(on).seen if node.state == "tengah"} == {None}
    assert on.apply(on.stage.letter, Actor("o2", "p2"), "tutup") == ("", 1)


def test_initials_that_nobody_can_give_are_not_looked_for_in_every_way() -> None:
    on = letter(SHIPPED["surat-keluar"], classification="400.7", signatory="p1")
    on.org.bosses = {"p2": "p1"}
    found = roads(on)
    told = {each.action: each for each in explain_all(on.flow, on.stage.letter, Actor("o2", "p2"), on.stage.setting)}
    remedy = told["paraf"].remedy
    assert remedy is not None
    assert remedy.never == "Keadaan 'Paraf' tidak dapat dicapai lagi dari 'Konsep'."
    assert found.whole
    assert not any(dict(node.facts).get("classification") for node in found.seen if node.state == "periksa_tu")


def test_the_nearest_wanted_deed_moves_away_as_roads_become_known() -> None:
    flow = SHIPPED["surat-keluar"]
    wanted = Wanted(chart(flow, None), "siap_kirim")
    assert [wanted.nearest(each) for each in ("siap_kirim", "terkirim", "diarsipkan")] == [0, 0, None]
    wanted.price(("siap_kirim", "kirim"), 0)
    assert [wanted.nearest(each) for each in ("siap_kirim", "terkirim")] == [1, 0]
    wanted.price(("terkirim", "berkaskan"), 2)
    assert wanted.nearest("siap_kirim") == 1
    wanted.rise(1)
    assert wanted.nearest("siap_kirim") == 1
    wanted.rise(2)
    assert wanted.nearest("siap_kirim") is None


def test_a_state_that_nobody_ever_comes_to_is_wanted_no_more() -> None:
    wanted = Wanted(chart(SHIPPED["surat-keluar"], None), "terkirim")
    wanted.close("terkirim")
    assert wanted.nearest("terkirim") is None


def test_a_field_and_another_official_are_told_together_where_one_alone_does_not_help() -> None:
    written = {
        "flow": "surat/1", "id": "dua", "version": "1", "title": "Dua", "applies_to": {"direction": "keluar"},
        "calendar": "hari-kerja-kabupaten", "absence": [{"stand_in": "plh"}],
        "cast": {"tu": "role tata_usaha of office", "bos": "superior of author"},
        "rules": {"isi": {"if": "letter.b is satu", "says": "B satu."}, "atasan": {"if": "actor among bos", "says": "A."}},
        "states": {
            "awal": {"title": "Awal", "start": "true", "edit": "author", "actions": {
                "maju": {"title": "Maju", "by": "tu", "needs": ["isi", "atasan"], "to": "akhir"}}},
            "akhir": {"title": "Akhir", "final": "true"},
        },
    }  # fmt: skip
    on = letter(load(json.dumps(written, indent=1), "dua.yaml"))
    on.org.roles["tata_usaha"] = ["p0"]
    answer = on.asked(on.stage.letter, Actor("o0", "p0"), "maju")
    assert answer.remedy is not None
    assert [(make.what, make.of) for make in answer.remedy.make] == [
        ("field", "letter.b"), ("position", "role tata_usaha of office"),
    ]  # fmt: skip
    assert answer.remedy.make[1].value == {"office": "KANTOR", "role": "tata_usaha", "one_of": ["p1"]}
    assert on.apply(on.stage.letter, Actor("o0", "p0"), "maju") == ("", 1)


def test_within_one_answer_an_organisation_is_asked_each_question_once() -> None:
    on = letter(SHIPPED["surat-keluar"])
    questions: list[tuple[str, tuple[str, ...]]] = []

    class Heard:
        def __getattr__(self, name: str) -> Any:
            def ask(*what: str) -> Any:
                questions.append((name, what))
                return getattr(on.org, name)(*what)

            return ask

    setting = on.stage.setting
    once = remembering(type(setting)(Heard(), setting.now, setting.calendar, setting.vocabularies))  # type: ignore[arg-type]
    asked_: list[tuple[str, tuple[str, ...]]] = [
        ("role", ("tata_usaha", "KANTOR")), ("capacity", ("o1", "p1")), ("head", ("KANTOR",)), ("superior", ("p2",)),
        ("staff", ("p0",)), ("persons", ("p1",)), ("now", ("p1",)), ("office_of", ("p1",)), ("title", ("p1",)),
    ]  # fmt: skip
    for name, what in asked_ * 2:
        assert getattr(once.org, name)(*what) == getattr(on.org, name)(*what)
    assert questions == asked_
    assert remembering(once) is once
    assert once.org.authority("p1", "an") is None
    assert once.org.post("sekdis", "KANTOR") == ()
    assert once.org.awaited("p1") == ()


def test_two_places_that_are_equal_are_the_same() -> None:
    places = Places()
    here = places.at("konsep", NOWHERE, (("classification", "900"),))
    assert places.at("konsep", frozenset(), (("classification", "900"),)) is here
    assert places.but(here, facts=()) is places.at("konsep", NOWHERE) is not here
    assert places.but(here, midway=True) is not here
    assert places.but(places.but(here, midway=True), midway=False) is here
