"""The difference in power: what is gained and lost is what two full matrices differ by, however a flow was edited."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import brute_powers
import pytest

from flow_edits import edited, text_of, tree_of
from intranet_surat.workflow.diff import diff, renamed
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.matrix import matrix
from intranet_surat.workflow.matrix_little import little_ground

SHIPPED = sorted((Path(__file__).parents[3] / "workflows").glob("*.yaml"))
WHOLE = frozenset({"act", "see", "acted", "holder", "cc"})
FULL = {"B": WHOLE, "R": WHOLE - {"see", "cc"}}


def tuples(powers: Any) -> set[Any]:
    return {(each.position, each.state, each.action, each.level, each.how) for each in powers}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_powers_of_a_shipped_flow_are_those_the_engine_gives(path):
    flow = load(text_of(tree_of(path.read_text("utf-8"))), path.name)
    ground = little_ground(FULL, flow)
    assert tuples(matrix(flow, ground)) == brute_powers.powers(flow, ground)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_gained_and_lost_are_the_difference_of_both_matrices_for_random_edits(path, amount):
    text = text_of(tree_of(path.read_text("utf-8")))
    before = load(text, "sebelum.yaml")
    moved = 0
    for seed in range(amount(2, 150)):
        dice = random.Random(f"{path.stem} {seed}")
        changed, done = edited(text, dice, dice.choice([1, 1, 2, 4]))
        after = load(changed, "sesudah.yaml")
        ground = little_ground(FULL, before, after)
        names = renamed(before, after)
        old = {(who, called(state, names), *rest) for who, state, *rest in brute_powers.powers(before, ground)}
        new = brute_powers.powers(after, ground)
        found = diff(before, after, ground)
        assert tuples(found.gained) == new - old, (seed, done)
        assert tuples(found.lost) == old - new, (seed, done)
        moved += len(found.gained) + len(found.lost)
    assert moved > 0


def called(state: str, names: Any) -> str:
    track, _, name = state.rpartition(".")
    new = names.get((track or None, name), name)
    return f"{track}.{new}" if track else new
