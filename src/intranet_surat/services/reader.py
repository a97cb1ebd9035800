"""Who reads: a person with the positions held at this moment. Log-in lives in `services.accounts`."""

from __future__ import annotations

from dataclasses import dataclass

from intranet_surat.workflow.view import Actor


@dataclass(frozen=True, slots=True)
class Reader:
    """A person at work. ``position`` is the one he sits at now and always one of ``positions`` (ids)."""

    person: str
    positions: tuple[str, ...]
    position: str

    @property
    def actor(self) -> Actor:
        """The actor for the position he sits at."""
        return Actor(self.person, self.position)

    def actors(self) -> tuple[Actor, ...]:
        """The actors he may be, the position he sits at first."""
        rest = (Actor(self.person, each) for each in self.positions if each != self.position)
        return (self.actor, *rest)
