"""How much is looked at for an answer, and what is told where the way is too long or the flow too large."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from random import Random
from typing import Any

from generated_office import Walk, office, shipped_flows, under_way

from intranet_surat.workflow.explain import explain
from intranet_surat.workflow.legs import MOST
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.reach import Roads
from intranet_surat.workflow.view import Actor

LETTERS = 4  # of each flow
AUTHOR, STRANGER = Actor("o2", "p2"), Actor("orang-luar", "luar")


def looked_at(flow_id: str, seed: int, on: Walk) -> Iterator[str]:
    """The places that were looked at for a letter and its items, and how often something was worked out for them."""
    for piece in on.stage.pieces():
        roads = Roads(on.flow, piece, on.stage.setting)
        states: dict[str, int] = {}
        for node in roads.seen:
            states[node.state] = states.get(node.state, 0) + 1
        places = " ".join(f"{name} {many}" if many > 1 else name for name, many in sorted(states.items()))
        if len(roads.seen) > 1:
            yield (
                f"{flow_id} {seed} {piece.track or 'surat'} di {piece.state}: {len(roads.seen)} tempat ({places}),"
                f" {len(roads.doing.known)} tindakan dan {len(roads.doing.plainly)} polos, {len(roads.entering.known)} masuk, {len(roads.entering.views)} rupa,"
                f" {len(roads.doing.able)} orang dan {len(roads.doing.ready)} polos, {len(roads.deeds)} jalan, harga {sum(roads.prices.values())}"
            )


def test_no_more_is_looked_at_than_is_needed(approved: Callable[[str, Iterable[str]], None]) -> None:
    found: list[str] = []
    for flow in (*shipped_flows(), None):
        for seed, on in islice(under_way(flow), LETTERS):
            found.extend(looked_at(on.flow.id, seed, on))
    approved("looked_at.txt", found)


def letter(states: dict[str, Any], rules: dict[str, str]) -> Walk:
    """A letter of p2, below p1, below p0, each held by one person."""
    written = {
        "flow": "surat/1", "id": "batas", "version": "1", "title": "Batas", "applies_to": {"direction": "keluar"},
        "calendar": "hari-kerja-kabupaten", "absence": [{"stand_in": "plh"}],
        "rules": {name: {"if": text, "says": f"Aturan {name}."} for name, text in rules.items()},
        "states": {**states, "akhir": {"title": "Akhir", "final": "true"}},
    }  # fmt: skip
    flow = load(json.dumps(written, indent=1), "batas.yaml")
    org = office(Random(1), flow)
    org.bosses, org.holders = {"p1": "p0", "p2": "p1"}, {"p0": "o0", "p1": "o1", "p2": "o2"}
    org.deputies, org.author, org.fields = {}, "p2", {}
    return Walk(flow, org, Random(1))


def chain(length: int) -> Walk:
    """A letter before so many states, each left by its author; the last act is 'tutup'."""
    names = [f"s{number}" for number in range(length)]
    states = {
        name: {"title": name, "actions": {f"maju_{name}": {"title": "Maju", "by": "author", "to": following}}}
        for name, following in zip(names, [*names[1:], "ujung"], strict=True)
    }
    states["s0"]["start"] = "true"
    states["ujung"] = {"title": "Ujung", "actions": {"tutup": {"title": "Tutup", "by": "author", "to": "akhir"}}}
    return letter(states, {})


def test_of_a_long_way_the_first_steps_are_told_and_one_asks_again() -> None:
    on = chain(MOST + 1)
    found = on.asked(on.stage.letter, AUTHOR, "tutup")
    assert found.remedy is not None
    assert found.remedy.then == "Jalannya masih panjang; tanyakan lagi sesudah langkah-langkah ini."
    (step,) = found.remedy.make
    assert (step.what, step.of, len(step.value)) == ("state", "ujung", MOST)
    assert step.value[-1] == {"action": f"maju_s{MOST - 1}", "title": "Maju", "as": ["p2"], "state": f"s{MOST - 1}"}
    assert on.apply(on.stage.letter, AUTHOR, "tutup") == ("", 2)


def test_a_way_that_is_just_short_enough_is_told_whole() -> None:
    on = chain(MOST)
    found = on.asked(on.stage.letter, AUTHOR, "tutup")
    assert found.remedy is not None
    assert (found.remedy.then, len(found.remedy.make[0].value)) == ("", MOST)
    assert on.apply(on.stage.letter, AUTHOR, "tutup") == ("", 1)


def marks(many: int) -> Walk:
    """A letter on which so many marks may be set in any order; the way on asks for two that exclude each other."""
    names = [f"f{number}" for number in range(many)]
    actions = {
        name: {"title": name, "by": "author", "needs": [f"belum_{name}"], "do": [{"set": {name: "yes"}}], "to": "awal"}
        for name in names
    }
    rules = {f"belum_{name}": f"letter.{name} is absent" for name in names}
    rules |= {"mustahil": "letter.number is present and letter.number is absent", "nomor": "letter.number is present"}
    more = {
        "lompat": {"title": "Lompat", "by": "author", "needs": ["mustahil"], "to": "jauh"},
        "maju": {"title": "Maju", "by": "author", "to": "akhir"},
    }
    return letter({
        "awal": {"title": "Awal", "start": "true", "actions": {**actions, **more}},
        "jauh": {"title": "Jauh", "actions": {"tutup": {"title": "Tutup", "by": "author", "needs": ["nomor"], "to": "akhir"}}},
    }, rules)  # fmt: skip


def test_where_the_flow_is_too_large_nothing_is_called_impossible() -> None:
    on = marks(10)
    found = explain(on.flow, on.stage.letter, AUTHOR, "tutup", on.stage.setting)
    assert found.remedy is not None
    assert found.says == "Surat belum sampai di keadaan 'Jauh'."
    assert found.remedy.never == ""
    assert (
        found.remedy.then == "Alur ini terlalu besar untuk ditelusuri dari sini; tanyakan lagi dari keadaan berikutnya."
    )


def test_where_all_was_looked_at_it_is() -> None:
    on = marks(3)
    found = explain(on.flow, on.stage.letter, STRANGER, "tutup", on.stage.setting)
    assert found.remedy is not None
    assert found.remedy.never == found.says == "Keadaan 'Jauh' tidak dapat dicapai lagi dari 'Awal'."
