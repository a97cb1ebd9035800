"""Who reads: a person with the positions held at this moment. Log-in lives in `services.accounts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from intranet_surat.resources.lists import Closed
from intranet_surat.workflow.view import Actor


@dataclass(frozen=True, slots=True)
class Reader:
    """A person at work. ``position`` is the one he sits at now and always one of ``positions`` (ids).

    ``closed`` tells what stays closed to him at the positions for which he only acts.
    """

    person: str
    positions: tuple[str, ...]
    position: str
    closed: Mapping[str, Closed] = field(default_factory=dict, compare=False)

    @property
    def actor(self) -> Actor:
        """The actor for the position he sits at."""
        return Actor(self.person, self.position)

    def actors(self) -> tuple[Actor, ...]:
        """The actors he may be, the position he sits at first."""
        rest = (Actor(self.person, each) for each in self.positions if each != self.position)
        return (self.actor, *rest)
