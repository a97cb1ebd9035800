"""What everybody in generated offices is told about every action, of shipped flows and of random ones: as approved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

import pytest
from explained_words import facts, line
from generated_office import Walk, shipped_flows, under_way
from told_once import beginning, once

from intranet_surat.workflow.explain import explain_all

SHIPPED = {flow.id: flow for flow in shipped_flows()}
LETTERS = 8  # of each kind
LINES = 160


def told(seed: int, on: Walk) -> Iterator[tuple[tuple[str, str, str], list[str]]]:
    """The number of a letter, the item and its state; the action; who is told. The first is told what the action is."""
    for piece in on.stage.pieces():
        first, *others = on.org.people()
        for actor in (first, *others):
            for each in explain_all(on.flow, piece, actor, on.stage.setting):
                said = [line(each), facts(each)] if actor == first else [line(each)]
                yield (
                    (f"{seed} {piece.track or 'surat'} {piece.state}", each.action, f"{actor.person}@{actor.position}"),
                    said,
                )


@pytest.mark.parametrize("kind", ["surat-masuk", "surat-keluar", "nota-dinas", "surat-pengantar-desa", "berita-acara"])
def test_everybody_is_told_why_not_who_can_and_until_when(
    kind: str, approved: Callable[[str, Iterable[str]], None]
) -> None:
    cases = [case for seed, on in islice(under_way(SHIPPED[kind]), LETTERS) for case in told(seed, on)]
    approved(f"explained_{kind}.txt", beginning(once(cases), LINES))


@pytest.mark.parametrize("first", [0, 100, 200, 300, 400, 500])
def test_in_random_flows_too(first: int, approved: Callable[[str, Iterable[str]], None]) -> None:
    cases = [case for seed, on in islice(under_way(None, first), LETTERS) for case in told(seed, on)]
    approved(f"explained_random_{first}.txt", beginning(once(cases), LINES))
