"""What happened to a letter, as plain values, and the letter as it comes into being again: the material of a replay.

Read from the lines of a history in `workflow.replay_reading`; played in `workflow.replay` and `workflow.audit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.view import Child, Done, Initial, Setting

NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class PastAct:
    """One line of the history.

    ``kind`` tells what it was: ``start``, ``act``, ``text`` (a correction: ``form`` holds the changed fields),
    ``read``, ``escalation`` (a limit was over), ``lapse`` (the number of an unsigned letter was given up), ``closing``
    (a parent that closed by itself) or ``note`` (it changed nothing that a flow can see). ``facts`` are what the
    effects did, ``children`` the items that it made, by their holder.
    """

    kind: str
    at: datetime
    item: str
    action: str
    position: str
    person: str
    state_from: str
    state_to: str
    form: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    children: Mapping[str, str] = field(default_factory=dict)


PROVIDER_AWAY = "provider_away"
"""Fact of an act: since when the signing provider did not answer then; no organisation and no calendar tells it."""


def as_noted(setting: Setting, act: PastAct) -> Setting:
    """The world as it was at an act, with what only the act itself tells of it."""
    since = act.facts.get(PROVIDER_AWAY)
    return replace(setting, provider_away=datetime.fromisoformat(str(since)) if since else None)


@dataclass(frozen=True, slots=True)
class Past:
    """A letter from its first act on; ``acts[0]`` made it. ``fields`` are those it was made with.

    ``flow`` is what it began on, ``others`` the flows of items that began on another: that of another office, or a
    later version. ``print_code`` is the code of its printed copy: made by chance, so it is not found again but kept.
    """

    id: str
    office: str
    kind: str
    fields: Mapping[str, Any]
    acts: tuple[PastAct, ...]
    flow: Flow
    others: Mapping[str, Flow] = field(default_factory=dict)
    print_code: str = ""


@dataclass(slots=True)
class Twin:
    """A letter or an item of it in its second life: an `ItemView` that changes.

    ``done`` is the list that all items of one letter share: its history so far.
    """

    id: str
    office: str
    kind: str
    track: str | None
    flow: Flow
    done: list[Done]
    fields: Mapping[str, Any]
    author: str
    holder: str | None = None
    giver: str | None = None
    parent: Twin | None = None
    state: str = ""
    entered: int = 0
    since: datetime | None = None
    due: datetime | None = None
    limit_since: datetime | None = None
    paused_since: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    assigned: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    initials: tuple[Initial, ...] = ()
    outcome: str | None = None
    ended: int = -1
    texts: int = 1
    items: list[Twin] = field(default_factory=list)
    seen: tuple[Child, ...] | None = None

    @property
    def letter(self) -> Twin:
        """The letter at the top."""
        return self if self.parent is None else self.parent.letter

    @property
    def version(self) -> int:
        """The version of the letter's text."""
        return self.letter.texts

    @property
    def acts(self) -> list[Done]:
        """All acts on the letter and its items so far."""
        return self.done

    @property
    def children(self) -> tuple[Child, ...]:
        """The items directly below, as their parent sees them; remembered until one of them changes."""
        if self.seen is None:
            self.seen = tuple(
                Child(
                    each.id, each.track or "", each.state, each.outcome, each.giver or "", each.holder or "", each.ended
                )
                for each in self.items
            )  # fmt: skip
        return self.seen

    def all(self) -> Iterator[Twin]:
        """This one and all below it."""
        yield self
        for each in self.items:
            yield from each.all()
