"""What the loader makes of flow files that use every keyword, and what it says about each slip in them: as approved."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from approved_values import finding, lines

from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load_all
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.world import World

BASE, OFFICE = "semua.yaml", "semua_kantor.yaml"
FLOWS = Path(__file__).parent / "flows"
WHOLE = {name: (FLOWS / name).read_text("utf-8") for name in (BASE, OFFICE, "lengkap.yaml")}
NAMED = {"cast", "rules", "forms", "states", "tracks", "tests", "actions"}  # below these stand names of the designer


@pytest.mark.parametrize("name", WHOLE)
def test_every_value_of_a_flow_is_read_with_its_place(name, approved):
    flow = load_all(WHOLE, World())[name]
    assert isinstance(flow, Flow)
    approved(f"read_{Path(name).stem}.txt", lines(flow, flow.id))


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
    """One key, or one value, of each kind of place."""
    seen = set()
    for path, is_key, node in scalars(yaml.compose(WHOLE[name], yaml.CBaseLoader)):
        if is_key == key and kind(path) not in seen:
            seen.add(kind(path))
            yield ".".join(path), node


def with_other(name: str, node: Any, new: str) -> str:
    text = WHOLE[name]
    return text[: node.start_mark.index] + new + text[node.end_mark.index :]


def said(name: str, text: str) -> Iterator[str]:
    """What is found in this file, and in those that build on it, when its text is this one."""
    for file, flow in load_all({BASE: WHOLE[BASE], name: text}, World()).items():
        if isinstance(flow, FlowError):
            for one in flow.findings:
                yield f"  {'' if file == name else f'({file}) '}{finding(one)}"


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
        found += [f"{path}: {write(node)}", *said(name, with_other(name, node, write(node)))]
    approved(f"{slip}_{Path(name).stem}.txt", found)


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
        found += [".".join(path), *said(name, text)]
        holder[key] = value
        for each in order:
            holder[each] = holder.pop(each)
    approved(f"a_key_left_out_{Path(name).stem}.txt", found)


def pairs(node: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], dict[str, Any], str]]:
    """Every pair of a tree: its path, the mapping in which it stands, its key."""
    if isinstance(node, dict):
        for key in list(node):
            yield (*path, key), node, key
            yield from pairs(node[key], (*path, key))
    elif isinstance(node, list):
        for one in node:
            yield from pairs(one, (*path, "-"))
