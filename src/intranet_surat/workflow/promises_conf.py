"""What the abstract machine of a flow deals in: configurations, acts, results, and what may still be spent."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from intranet_surat.workflow.promises_tracks import Want

MANY = 2


class Beyond(Exception):
    """A question that this machine cannot answer; the argument is the reason, in words."""


class Kid(NamedTuple):
    """Children alike: ``phase`` is open; ended ones are noted as far as somebody asks.

    As ``ended`` under the name that rules can tell apart, and as ``counts`` under their outcome while the letter
    waits for them in the state in which they ended.
    """

    track: str
    state: str
    phase: str = "open"
    prepared: bool = False


class Conf(NamedTuple):
    """One configuration; ``free`` are fields, as bits, whose values an editor has just chosen."""

    state: str
    facts: tuple[int, ...]
    free: int = 0
    prepared: bool = False
    kids: tuple[tuple[Kid, int], ...] = ()


class Result(NamedTuple):
    """Where an act leads: the states passed on the way, and the promises ``never`` broken there."""

    conf: Conf
    passed: frozenset[str] = frozenset()
    broken: frozenset[int] = frozenset()
    entered: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """One act: all that it may lead to, and sets of results of which people can bring about one for sure."""

    wants: tuple[Want, ...]
    results: tuple[Result, ...]
    sure: tuple[tuple[Result, ...], ...] = ()

    @property
    def cost(self) -> int:
        """How many acts it takes."""
        return sum(want.kind != "start" for want in self.wants)


@dataclass(slots=True)
class Work:
    """What may still be spent; raises Beyond when it is used up."""

    left: int

    def spend(self) -> None:
        """One case is looked at."""
        self.left -= 1
        if self.left < 0:
            raise Beyond("terlalu banyak kemungkinan untuk diperiksa")


def by_track(kids: Iterable[tuple[Kid, int]]) -> dict[str, frozenset[tuple[str, bool]]]:
    """Children as rules see them."""
    found: dict[str, set[tuple[str, bool]]] = {}
    for kid, _ in kids:
        if kid.phase != "counts":
            found.setdefault(kid.track, set()).add((kid.state, kid.phase == "open"))
    return {track: frozenset(each) for track, each in found.items()}
