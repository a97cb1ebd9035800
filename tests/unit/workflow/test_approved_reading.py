"""What the loader makes of flow files that use every keyword, and what it says about each slip in them: as approved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from approved_values import finding, lines
from told_once import beginning, once

from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load, load_all
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.world import World

BASE, OFFICE = "semua.yaml", "semua_kantor.yaml"
FLOWS = Path(__file__).parent / "flows"
WHOLE = {name: (FLOWS / name).read_text("utf-8") for name in (BASE, OFFICE, "lengkap.yaml")}
NAMED = {"cast", "rules", "forms", "states", "tracks", "tests", "actions"}  # below these stand names of the designer


@pytest.mark.parametrize("name", WHOLE)
def test_every_value_of_a_flow_is_read_with_its_place(name, approved):
    """Of an office's flow what is not read from its base."""
    flows = load_all(WHOLE, World())
    flow, base = flows[name], flows[BASE]
    assert isinstance(flow, Flow)
    assert isinstance(base, Flow)
    known = Counter(lines(base, "")) if name == OFFICE else Counter[str]()
    there = Counter(lines(flow, ""))
    found = [f"- {line}" for line in (known - there).elements()]
    found += [line.replace(f"{name}:", "") for line in (there - known).elements()]
    approved(f"read_{Path(name).stem}.txt", beginning(found, 80))


def scalars(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], bool, Any]]:
    """Every key and every value of a file with its path; the second part tells whether it is a key."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), True, key
            yield from scalars(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for one in node.value:
            yield from scalars(one, (*path, "-"))
    else:
        yield path, False, node


def kind(path: tuple[str, ...]) -> tuple[str, ...]:
    """The path with the designer's own names left out."""
    return tuple("*" if number and path[number - 1] in NAMED else each for number, each in enumerate(path))


def slips(name: str, key: bool) -> Iterator[tuple[str, Any]]:
    """One key, or one value, of each kind of place; of a key it says in what it stands."""
    seen = set()
    for path, is_key, node in scalars(yaml.compose(WHOLE[name], yaml.CBaseLoader)):
        if is_key == key and kind(path) not in seen:
            seen.add(kind(path))
            yield ".".join(kind(path[:-1] if key else path)).replace(".-", "") or "alur", node


def with_other(name: str, node: Any, new: str) -> str:
    text = WHOLE[name]
    return text[: node.start_mark.index] + new + text[node.end_mark.index :]


def said(name: str, text: str) -> Iterator[str]:
    """What is found in this file, and in those that build on it, when its text is this one."""
    for file, flow in load_all({BASE: WHOLE[BASE], name: text}, World()).items():
        if isinstance(flow, FlowError):
            for one in flow.findings:
                yield finding(one) if one.mark.file == file else f"{finding(one)} (dalam {file})"


SLIPS = {
    "a_value_with_a_slip": (False, lambda node: f"{node.value}x"),
    "a_list_for_a_value": (False, lambda _: "[]"),
    "nothing_for_a_value": (False, lambda _: "''"),
    "a_key_with_a_slip": (True, lambda node: f"{node.value}x"),
}


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("name", [BASE, OFFICE])
def test_a_slip_is_told_with_place_word_and_guess(name, slip, approved):
    key, write = SLIPS[slip]
    found = []
    for path, node in slips(name, key):
        found.append((path, said(name, with_other(name, node, write(node)))))
    approved(f"{slip}_{Path(name).stem}.txt", once(found))


@pytest.mark.parametrize("name", [BASE, OFFICE])
def test_a_key_left_out_is_told_with_what_it_was_for(name, approved):
    found, seen = [], set()
    whole = yaml.load(WHOLE[name], yaml.CBaseLoader)
    for path, holder, key in pairs(whole):
        if kind(path) in seen:
            continue
        seen.add(kind(path))
        order, value = list(holder), holder.pop(key)
        text = yaml.dump(whole, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=10_000)
        found.append((".".join(kind(path)).replace(".-", ""), [*said(name, text)]))
        holder[key] = value
        for each in order:
            holder[each] = holder.pop(each)
    approved(f"a_key_left_out_{Path(name).stem}.txt", once(found))


def pairs(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any], str]]:
    """Every pair of a tree: its path, the mapping in which it stands, its key."""
    if isinstance(node, dict):
        for key in list(node):
            yield (*path, key), node, key
            yield from pairs(node[key], (*path, key))
    elif isinstance(node, list):
        for one in node:
            yield from pairs(one, (*path, "-"))


WRONG = {
    "else comes first": ("- {when: keuangan, to: dicetak}\n      - {else: true, to: ttd}", "- {else: true, to: ttd}\n      - {when: keuangan, to: dicetak}"),
    "a choice without branches": ("choose:\n      - {when: keuangan, to: dicetak}\n      - {else: true, to: ttd}", "choose: []"),
    "a stand-in twice": ("- {stand_in: substitute}", "- {stand_in: plh}"),
    "a promise without a sentence": (", says: Surat 900 di jalur elektronik.}", "}"),
    "a limit promised for nothing": ("within: 30 working days, to: [diarsipkan, dibatalkan]", "within: 30 working days"),
    "a promise of two kinds": ("{always_possible: diarsipkan", "{never: letter.scan is present, always_possible: diarsipkan"),
    "an end of a track without outcome": ("selesai: {final: true, outcome: done}", "selesai: {final: true}"),
    "an end of the letter with outcome": ("dibatalkan: {final: true}", "dibatalkan: {final: true, outcome: done}"),
    "an effect of two kinds": ("do: [{signed: wet}]", "do: [{signed: wet, freeze: file}]"),
    "an empty effect": ("do: [{signed: wet}]", "do: [{}]"),
    "an effect that nobody knows": ("do: [{signed: wet}]", "do: [{singed: wet}]"),
    "an effect with a strange option": ("{pdf: naskah, code: true}", "{pdf: naskah, kode: true}"),
    "an effect that is not run yet": ("do: [{signed: wet}]", "do: [{seal: wet}]"),
    "a rule that explains itself": ("if: letter.hold is present", "if: keuangan and ditahan"),
    "rules in a circle": ("if: letter.hold is present", "if: kode_cocok"),
    "an actor where nobody acts": ("paused_while: ditahan", "paused_while: actor among konseptor"),
    "a formula where a rule is named": ("when: keuangan", "when: form.pindai.code is present"),
    "a fan-out to what is not chosen": ("per: form.kepada}", "per: form.instruksi}"),
    "a fan-out without its form": ("ask: teruskan, fan_out", "fan_out"),
    "a fan-out to no track": ("fan_out: {track: tindak_lanjut", "fan_out: {track: lain"),
    "a gathering of no track": ("gather: {track: tindak_lanjut", "gather: {track: lain"),
    "two ways on at once": ("diarsipkan: {final: true}", "diarsipkan: {final: true, actions: {x: {by: tata_usaha, to: konsep}}}"),
    "two states to begin": ("  diarsipkan: {final: true}", "  diarsipkan: {start: true, final: true}"),
    "a state that nobody reaches": ("  diarsipkan: {final: true}", "  diarsipkan: {final: true}\n  sepi: {actions: {x: {by: tata_usaha, to: konsep}}}"),
    "a state without a way out": ("  diarsipkan: {final: true}", "  diarsipkan: {title: Macet}"),
    "an act twice in a state": ("act: paraf\n      title: Paraf", "act: kembalikan\n      title: Paraf"),
    "a person that is nobody": ("tata_usaha: role tata_usaha of office", "tata_usaha: role tata_usaha of of"),
    "a boss below nobody": ("tata_usaha: role tata_usaha of office", "tata_usaha: superiors of author below"),
    "actors of no state": ("tata_usaha: role tata_usaha of office", "tata_usaha: actors of"),
    "a person explained by himself": ("tata_usaha: role tata_usaha of office", "tata_usaha: superior of tata_usaha"),
    "an item above all items": ("penandatangan: holder of letter.signatory", "penandatangan: holder of item"),
    "a limit from no answer": ("deadline: {within: item.batas}", "deadline: {within: item.lama}"),
    "a limit of an item for the letter": ("deadline: {within: 2 working days}", "deadline: {within: item.batas}"),
    "a default over the limit": ("default: 3 working days, at_most: 14", "default: 30 working days, at_most: 14"),
    "a paper entry of a signature": ("      by: penandatangan\n", "      by: penandatangan\n      entered_by: tata_usaha\n"),
    "a moved state that is nowhere": ("states: {arsip: diarsipkan}", "states: {arsip: lemari}"),
    "a moved track that is nowhere": ("tracks: {tindak_lanjut: {baru: diterima}}", "tracks: {lain: {baru: diterima}}"),
    "a restart that is nowhere": ("restart: [paraf]", "restart: [lemari]"),
    "a move from the future": ("- {from: 2,", "- {from: 9,"),
    "an opening of nothing": ("path: states.paraf.route.at_most, change", "path: states.lain.route.at_most, change"),
    "a name with a hidden sign": ("title: Ajukan, by", 'title: "Aju\\u200bkan", by'),
    "a test of nobody": ("- {who: staf, act: ajukan}", "- {act: ajukan}"),
    "a test that expects no state": ("{expect: {state: paraf, waits", "{expect: {state: lemari, waits"),
    "a rule about a state that is nowhere": ("{never: state is ttd and", "{never: state is lemari and"),
    "a rule about children that are nowhere": ("{never: state is ttd and", "{never: some lain is open and"),
    "a rule about children in no state": ("{never: state is ttd and", "{never: some tindak_lanjut is lemari and"),
}  # fmt: skip


def test_what_is_wrong_together_is_told_as_approved(approved):
    found = []
    for name, (old, new) in WRONG.items():
        assert old in WHOLE[BASE], name
        found.append((name, said(BASE, WHOLE[BASE].replace(old, new, 1))))
    approved("wrong_together.txt", once(found))


def test_names_that_the_house_does_not_know_are_told_with_those_it_knows(approved):
    """Every kind of name stands in the flow, and the house knows only a similar one."""
    effects = {
        name: frozenset({"code"}) for name in ("number", "set", "pdf", "freeze", "archive", "notify", "send", "signed")
    }
    house = World(
        fields={"keluar": frozenset({"subjek"}), "surat-dinas": frozenset({"signatori"})}, effects=effects,
        offices=("BPKAD",), roles=("tata_usaha_umum",), posts=("sekretaris",), vocabularies=("instruksi-umum",),
        series=("surat-masuk",), calendars=("hari-libur",), templates=("naskah-dinas",), archives=("by-year",),
        sends=("addressee",),
    )  # fmt: skip
    with pytest.raises(FlowError) as refused:
        load(WHOLE[BASE], BASE, house)
    approved("unknown_to_the_house.txt", once([("semua", map(finding, refused.value.findings))]))
