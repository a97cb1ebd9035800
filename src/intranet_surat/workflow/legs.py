"""The steps of a way ahead and the places between them; found by `workflow.reach`, told by `workflow.explain`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from intranet_surat.workflow.deeds import Case
from intranet_surat.workflow.view import Actor, Make, Remedy

MOST = 40
"""Of a longer way only so many steps are told: the first."""

Facts = tuple[tuple[str, Any], ...]


class Leg(NamedTuple):
    """One step: an act by one of ``as_``, or that the items of a track end (then ``action`` is empty).

    ``make`` must be true before it; without ``answers`` its rules would refuse it.
    """

    action: str
    title: str
    state: str
    as_: tuple[str, ...] = ()
    track: str = ""
    outcome: str = ""
    make: tuple[Make, ...] = ()
    at: datetime | None = None
    answers: Mapping[str, Any] | None = None

    def told(self) -> dict[str, Any]:
        """The step for a program."""
        if self.track:
            return {"track": self.track, "outcome": self.outcome, "state": self.state}
        found: dict[str, Any] = {"action": self.action, "title": self.title, "as": [*self.as_], "state": self.state}
        if self.at is not None:
            found["at"] = self.at.isoformat()
        if self.answers:
            found["answers"] = dict(self.answers)
        return found


class Node(NamedTuple):
    """Where an item may stand: its state, the tracks with open items below it, the fields that acts have changed.

    ``ended`` are the tracks whose items have ended on the way, ``acted`` who has acted where rules ask for it.
    """

    state: str
    open: frozenset[str]
    facts: Facts = ()
    ended: frozenset[str] = frozenset()
    acted: tuple[tuple[str, Actor], ...] = ()


class Way(NamedTuple):
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


class Road(NamedTuple):
    """The easiest way to a deed, and what the deed itself needs there.

    ``case`` is the item as it stands before it; ``who`` are those that the flow names for it then, ``remedy`` is
    for them. ``more`` is what the states behind it need.
    """

    way: Way
    case: Case
    who: tuple[str, ...]
    remedy: Remedy
    more: tuple[Make, ...] = ()
