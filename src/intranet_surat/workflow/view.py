"""What the engine sees of the world, and what it answers: protocols and plain values.

The engine never meets a stored object. Services hand it an `ItemView` made from the database; the tests
of a flow file hand it one made from YAML. It answers with an `Outcome` and touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from intranet_surat.workflow.model import Effect, Form


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: one person, and the position he acts for (ids)."""

    person: str
    position: str


@dataclass(frozen=True, slots=True)
class Done:
    """An act that stands in the history, as far as the rules may ask for it.

    ``item`` is the id of the item it was done on; the letter's own acts carry the letter's id.
    """

    seq: int
    item: str
    action: str
    state_from: str
    state_to: str
    position: str
    person: str
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Initial:
    """An initial of the present passage of a route: the tier (0 is the lowest), by whom, on which version."""

    level: int
    position: str
    person: str
    version: int


@dataclass(frozen=True, slots=True)
class Child:
    """A child item as its parent sees it: only whether it is open or with which outcome it ended.

    ``outcome`` is None while open, else ``done``, ``returned`` or ``withdrawn``. ``ended`` is the seq of
    the act that ended it.
    """

    id: str
    track: str
    state: str
    outcome: str | None
    giver: str
    holder: str
    ended: int = -1


class ItemView(Protocol):
    """A letter, or a child item of it, as the engine reads it. Positions and persons are ids."""

    @property
    def id(self) -> str: ...
    @property
    def office(self) -> str: ...  # code of the office whose flow it runs
    @property
    def track(self) -> str | None: ...  # None for the letter itself
    @property
    def state(self) -> str: ...
    @property
    def entered(self) -> int: ...  # seq of the act that entered this state
    @property
    def version(self) -> int: ...  # of the text
    @property
    def fields(self) -> Mapping[str, Any]: ...  # letter.x, or item.x for a child (with `read`)
    @property
    def author(self) -> str: ...  # position
    @property
    def holder(self) -> str | None: ...
    @property
    def giver(self) -> str | None: ...
    @property
    def letter(self) -> ItemView: ...  # the letter of a child; the letter itself for a letter
    @property
    def children(self) -> Sequence[Child]: ...  # direct children only
    @property
    def acts(self) -> Sequence[Done]: ...  # all acts on the letter and its items, oldest first
    @property
    def initials(self) -> tuple[Initial, ...]: ...  # of the present passage


class Org(Protocol):
    """Positions and offices at one moment. Unknown names give empty answers, never an error."""

    def role(self, role: str, office: str) -> tuple[str, ...]: ...
    def post(self, code: str, office: str) -> tuple[str, ...]: ...
    def head(self, office: str) -> str | None: ...
    def superior(self, position: str) -> str | None: ...
    def staff(self, position: str) -> tuple[str, ...]: ...  # all below, nearest first; heads only in other offices
    def persons(self, position: str) -> tuple[str, ...]: ...  # who holds it now
    def office_of(self, position: str) -> str | None: ...
    def title(self, position: str) -> str: ...


class Clock(Protocol):
    """A working calendar: turns a duration into an instant."""

    def after(self, start: datetime, amount: int, unit: str) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """What a question to the engine needs besides the flow and the item."""

    org: Org
    now: datetime
    calendar: Clock
    vocabularies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """One action of the present state, as a button or as a refusal with its reason.

    ``kind`` is ``action``, ``initial``, ``sign``, ``prepare`` or ``reject``. When not ``allowed``, ``says``
    is the sentence why; ``who`` are the positions that the flow names for it now.
    """

    action: str
    title: str
    kind: str
    allowed: bool
    form: Form | None = None
    says: str = ""
    who: tuple[str, ...] = ()
    to: str | None = None
    fan_out: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """One passage of an act: the state left, the state reached, the effects of both, in order.

    The first step of an outcome is the act itself, the following are automatic consequences.
    """

    state_from: str
    state_to: str
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class NewChild:
    """A child item to be made: for ``holder``, with the form's values as fields."""

    track: str
    state: str
    holder: str
    fields: Mapping[str, Any]
    due: datetime | None = None
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an act leads to; services carry it out.

    ``entered`` tells whether a state was entered (False when the act stays where it is), ``due`` is the
    instant by which the reached state must be left (None: without limit).
    """

    action: str
    state: str
    entered: bool
    steps: tuple[Step, ...]
    form: Mapping[str, Any] = field(default_factory=dict)
    children: tuple[NewChild, ...] = ()
    initials: tuple[Initial, ...] = ()
    due: datetime | None = None
    final: bool = False
    outcome: str | None = None  # of a track's final state
    new_version: bool = False  # the state reached lets somebody edit again: the frozen file is lifted
