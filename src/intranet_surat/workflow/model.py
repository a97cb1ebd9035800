"""What a flow is, once read: frozen values without behaviour.

The loader makes them from YAML, the checker and the engine read them, nothing stores them: the database
holds a flow's text under its hash (`resources.site`). Names follow the keys of the language, so that a
designer who reads the reference can read this module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intranet_surat.workflow.model_words import (
    PADES,
    UNSIGNED,
    Applies,
    Duration,
    Effect,
    Mark,
    Name,
    Unavailable,
    Who,
)

__all__ = [
    "Absence", "Action", "Applies", "Branch", "Deadline", "Duration", "Effect", "Escalate", "FanOut", "Field", "Flow",
    "FlowTest", "Form", "Gather", "Level", "Mark", "Move", "Name", "Opening", "Promise", "Remind", "Route", "Rule",
    "See", "Sign", "State", "Track", "Unavailable", "Who",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """A named guard: ``tree`` is the parsed expression, ``says`` the sentence shown when it is false."""

    name: Name
    text: str
    tree: Any
    says: str
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One field asked at an action.

    ``type`` is one of ``text``, ``date``, ``deadline``, ``yes-no``, ``choice``, ``choices``, ``position``,
    ``positions``, ``file``, ``files``. ``of`` names a vocabulary, ``source`` (key ``from``) is a cast
    expression or the name of another field of the form.
    """

    name: Name
    type: str
    title: str = ""
    required: bool = False
    of: str | None = None
    source: Who | str | None = None
    default: Any = None
    at_most: Duration | None = None
    accept: tuple[str, ...] = ()
    read_code: bool = False
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """The fields asked at an action, in order."""

    name: Name
    fields: Mapping[Name, Field]


@dataclass(frozen=True, slots=True)
class FanOut:
    """One child item of ``track`` for each value of the form field ``per``."""

    track: Name
    per: Name


@dataclass(frozen=True, slots=True)
class Action:
    """What somebody may do in a state. ``to`` is None when the state stays.

    ``stand_in`` tells whether an acting holder may do it; ``entered_by`` are those who may enter it from the
    paper of the one in ``by``.
    """

    name: Name
    title: str
    by: tuple[Who, ...]
    needs: tuple[Name, ...] = ()
    ask: Name | None = None
    do: tuple[Effect, ...] = ()
    fan_out: FanOut | None = None
    to: Name | None = None
    stand_in: bool = True
    entered_by: tuple[Who, ...] = ()
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Branch:
    """One line of ``choose``: ``when`` is a rule's name, or None for ``else``."""

    when: Name | None
    to: Name
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """One tier of a route; ``need`` is ``all``, ``any`` or a number of its members."""

    who: Who
    need: str = "all"


@dataclass(frozen=True, slots=True)
class Route:
    """Initials over levels. ``levels`` is one cast expression that gives a list, or explicit levels."""

    act: Name
    title: str
    levels: Who | tuple[Level, ...]
    done: Name
    at_most: int | None = None
    edit: bool = False
    deadline: Deadline | None = None
    if_file_changes: str = "continue at changer"
    reject: Action | None = None
    stand_in: bool = False
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Sign:
    """A signature over frozen bytes, ``in_turn`` by all of ``by``. Left only by a verified one, or by ``reject``."""

    act: Name
    title: str
    by: tuple[Who, ...]
    prepare: Action
    done: Name
    method: str = PADES
    end_of: str | None = None
    number_at_end: str | None = None
    reject: Action | None = None
    stand_in: bool = False
    batch: bool = False
    unavailable: Unavailable | None = None
    in_turn: bool = False
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Gather:
    """Waits for this item's children in ``track``."""

    track: Name
    until: str
    done: Name
    returned: Name
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class See:
    """Who reads besides those who can act or have acted; ``only`` narrows to exactly these."""

    who: tuple[Who, ...] = ()
    only: bool = False


@dataclass(frozen=True, slots=True)
class Remind:
    """A reminder to ``who``: at the due instant, or ``before`` it by a duration."""

    who: tuple[Who, ...]
    before: Duration | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Escalate:
    """What happens ``after`` the due instant: ``to`` is told, or gets the work (``do``: notify or reassign)."""

    after: Duration
    to: tuple[Who, ...]
    do: str = "notify"
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Deadline:
    """``within`` is a duration, or a field reference such as ``item.batas``.

    ``paused_while`` is the parsed expression of `workflow.rules` during which the clock stands still.
    """

    within: Duration | str
    remind: tuple[Remind, ...] = ()
    escalate: Escalate | None = None
    paused_while: Any = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """One line of ``absence``, tried in order: who may stand in for a holder who is away.

    ``stand_in`` is ``plh``, ``plt``, ``substitute`` or ``none``; with ``needs_order`` only by a numbered order.
    """

    stand_in: str
    needs_order: bool = False
    notify: tuple[Who, ...] = ()
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """What must hold in every reachable configuration.

    ``kind`` is ``never`` (``tree`` is the parsed expression), ``always_possible`` (``states``: one of them can
    always be reached) or ``within`` (one of ``states`` is reached at the latest after ``within``, counted from
    the start, while everybody keeps his deadline).
    """

    kind: str
    text: str
    says: str
    mark: Mark
    tree: Any = None
    states: tuple[Name, ...] = ()
    within: Duration | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """One line of ``migrate``: how letters of version ``source`` come to this version.

    A state that is not named keeps its name. ``restart`` are states of this version whose passage begins anew
    for a letter that is moved into them: initials and preparations do not count, the deadline starts.
    """

    source: int
    states: Mapping[Name, Name] = field(default_factory=dict)
    tracks: Mapping[Name, Mapping[Name, Name]] = field(default_factory=dict)
    restart: tuple[Name, ...] = ()
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Opening:
    """What an office may change: a ``path`` (``*`` stands for any name) as ``change`` says, or an insertion.

    ``change`` is ``free``, ``narrower`` or ``shorter``; ``between`` are two states between which one may be put.
    """

    path: tuple[str, ...] = ()
    change: str = "free"
    between: tuple[Name, Name] | None = None
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class State:
    """A state of a letter or of a child item. At most one of choose, route, sign, gather."""

    name: Name
    title: str
    start: bool = False
    final: bool = False
    outcome: str | None = None
    edit: tuple[Who, ...] = ()
    see: See = See()
    deadline: Deadline | None = None
    on_enter: tuple[Effect, ...] = ()
    actions: Mapping[Name, Action] = field(default_factory=dict)
    choose: tuple[Branch, ...] = ()
    route: Route | None = None
    sign: Sign | None = None
    gather: Gather | None = None
    mark: Mark | None = None

    @property
    def edits(self) -> bool:
        """Whether the text may be changed here; a file that was made of it is given up."""
        return bool(self.edit) or (self.route is not None and self.route.edit)

    def entering(self, track: str | None) -> tuple[Effect, ...]:
        """``on_enter``, and nothing is signed any more where the letter's text is edited: in no item, on no branch."""
        return (*self.on_enter, UNSIGNED) if self.edits and track is None and not self.choose else self.on_enter


@dataclass(frozen=True, slots=True)
class Track:
    """A child flow."""

    name: Name
    states: Mapping[Name, State]


@dataclass(frozen=True, slots=True)
class FlowTest:
    """One test of the file: letter fields, a little org and the steps, as plain values with marks.

    ``through`` are states that are passed by their first action whenever the letter comes to them.
    """

    name: str
    letter: Mapping[str, Any]
    org: Mapping[str, Any]
    run: tuple[Mapping[str, Any], ...]
    marks: tuple[Mark, ...]
    mark: Mark
    through: tuple[Name, ...] = ()


@dataclass(frozen=True, slots=True)
class Flow:
    """A whole flow. ``hash`` is the SHA-256 (hex) of ``text`` in UTF-8, its identity in the database.

    ``text`` is complete by itself. For a flow that extends another one it is the resolved flow, ``base`` names
    the one below (``id@version``) and ``written`` is what the designer wrote; otherwise ``written`` is ``text``.
    """

    id: str
    version: int
    title: str
    applies: Applies
    calendar: str
    cast: Mapping[Name, Who]
    rules: Mapping[Name, Rule]
    forms: Mapping[Name, Form]
    states: Mapping[Name, State]
    tracks: Mapping[Name, Track]
    tests: tuple[FlowTest, ...]
    text: str
    hash: str
    source: str
    absence: tuple[Absence, ...] = ()
    promises: tuple[Promise, ...] = ()
    migrate: tuple[Move, ...] = ()
    open: tuple[Opening, ...] = ()
    base: str | None = None
    written: str = ""
