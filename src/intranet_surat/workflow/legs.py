"""The steps of a way ahead and the places between them; found by `workflow.reach`, told by `workflow.explain`.

What is read most often is no named tuple: a slot is read six times as fast. Nobody writes into one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, TypedDict, Unpack

from intranet_surat.workflow.matters import Asks, Move
from intranet_surat.workflow.repairs import Gap
from intranet_surat.workflow.view import Actor, Make, Remedy

MOST = 40
"""Of a longer way only so many steps are told: the first."""

Fact = tuple[str, Any]
Facts = tuple[Fact, ...]
Acted = tuple[str, str, str]
"""A state, and who has acted in it: his position, and the person."""

_NONE = frozenset[str]()
NOBODY = Actor("", "")
NUMBERED = ("", "", "")
"""Stands among those who have acted for the act that gave a number: who acted before it does not count any more."""


class Asking(NamedTuple):
    """A step at which something must be entered that its rules take: the deed at its place, by whom and with what."""

    node: Node
    move: Move
    who: tuple[str, ...]
    remedy: Remedy


@dataclass(slots=True, eq=False)
class Leg:
    """One step: an act by one of ``as_``, or that the items of a track end (then ``action`` is empty).

    ``make`` must be true before it; ``asks`` is what must be known to find what must be entered at it. ``then`` tells
    why one must ask again before it, when all of ``make`` is true.
    """

    action: str
    title: str
    state: str
    as_: tuple[str, ...] = ()
    track: str = ""
    outcome: str = ""
    make: tuple[Make, ...] = ()
    at: datetime | None = None
    asks: Asking | None = None
    then: str = ""

    def needing(self, make: tuple[Make, ...]) -> Leg:
        """The step, when it needs this."""
        return Leg(
            self.action, self.title, self.state, self.as_, self.track, self.outcome, make, self.at, self.asks, self.then
        )

    def told(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """The step for a program, with what is to be entered at it."""
        if self.track:
            return {"track": self.track, "outcome": self.outcome, "state": self.state}
        found: dict[str, Any] = {"action": self.action, "title": self.title, "as": [*self.as_], "state": self.state}
        if self.at is not None:
            found["at"] = self.at.isoformat()
        if answers:
            found["answers"] = {**answers}
        return found


@dataclass(slots=True, eq=False)
class Node:
    """Where an item may stand: its state, the tracks with open items below it, the fields that acts have changed.

    ``ended`` are the tracks whose items have ended on the way, ``acted`` who has acted where rules ask for it, behind
    `NUMBERED` if the letter was given a number on the way. ``midway`` tells that some have signed the file that the
    item is at: who comes to that state again begins anew.
    """

    state: str
    open: frozenset[str]
    facts: Facts
    ended: frozenset[str]
    acted: tuple[Acted, ...]
    midway: bool


class Changed(TypedDict, total=False):
    """How a place differs from another."""

    state: str
    opened: frozenset[str]
    facts: Facts
    ended: frozenset[str]
    acted: tuple[Acted, ...]
    midway: bool


class Places:
    """The places on the ways ahead of one item, each made once: two that are equal are the same."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], Node] = {}

    def at(
        self,
        state: str,
        opened: frozenset[str],
        facts: Facts = (),
        ended: frozenset[str] = _NONE,
        acted: tuple[Acted, ...] = (),
        midway: bool = False,
    ) -> Node:
        """The place that is so."""
        key = state, opened, facts, ended, acted, midway
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Node(state, opened, facts, ended, acted, midway)
        return found

    def but(self, node: Node, **changed: Unpack[Changed]) -> Node:
        """A place that differs from another in this, named as in `at`."""
        same: Changed = {
            "state": node.state, "opened": node.open, "facts": node.facts, "ended": node.ended, "acted": node.acted,
            "midway": node.midway,
        }  # fmt: skip
        same.update(changed)
        return self.at(**same)

    def only(self, node: Node, asks: Asks) -> Node:
        """A place as far as this is asked of it."""
        opened, facts, ended, acted = node.open, node.facts, node.ended, node.acted
        if not (facts or acted or opened or ended):
            return node
        if facts:
            fields = asks.fields
            facts = tuple([each for each in facts if each[0] in fields])
        if acted:
            actors = asks.actors
            acted = tuple([each for each in acted if each[0] in actors or each == NUMBERED]) if actors else ()
        if opened or ended:
            opened, ended = opened & asks.tracks, ended & asks.tracks
        return self.at(node.state, opened, facts, ended, acted, node.midway)


@dataclass(slots=True, eq=False)
class Way:
    """The first steps of a way, and how many it has."""

    legs: tuple[Leg, ...] = ()
    steps: int = 0

    def further(self, legs: tuple[Leg, ...]) -> Way:
        """The way with more steps at its end."""
        steps = self.steps + len(legs)
        return Way((*self.legs, *legs)[:MOST] if self.steps < MOST else self.legs, steps)

    @property
    def whole(self) -> bool:
        """Whether all steps are told."""
        return self.steps == len(self.legs)


@dataclass(slots=True, eq=False)
class Road:
    """The easiest way to a deed, and what the deed itself needs there.

    ``node`` is where the item stands before it; ``who`` are those that the flow names for it then, ``remedy`` is
    for them. ``missing`` is what the deed misses whoever does it, None when that depends on him; ``more`` is what the
    states behind it need.
    """

    way: Way
    node: Node
    who: tuple[str, ...]
    missing: tuple[Gap, ...] | None
    remedy: Remedy
    more: tuple[Make, ...] = ()
