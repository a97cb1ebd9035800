"""What the engine sees of the world, and what it answers: protocols and plain values.

The engine never meets a stored object. Services hand it an `ItemView` made from the database; the tests
of a flow file hand it one made from YAML. It answers with an `Outcome` and touches nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple, Protocol

from intranet_surat.workflow.model import Effect, Form


class Actor(NamedTuple):
    """Who acts: one person, and the position he acts for (ids).

    ``clerk`` is who enters the act from his paper, when he does not enter it himself.
    """

    person: str
    position: str
    clerk: Actor | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """An act that stands in the history, as far as the rules may ask for it.

    ``item`` is the id of the item it was done on; the letter's own acts carry the letter's id. ``used`` tells that
    the letter was signed by it under the number that it had: that stays its own, whatever becomes of the file.
    """

    seq: int
    item: str
    action: str
    state_from: str
    state_to: str
    position: str
    person: str
    numbered: bool = False
    used: bool = False


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
    def kind(self) -> str: ...  # of the letter
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
    @property
    def since(self) -> datetime | None: ...  # when this state was entered
    @property
    def due(self) -> datetime | None: ...  # by when it must be left; while the clock stands still, as it was
    @property
    def limit_since(self) -> datetime | None: ...  # when the limit began to run: of a route, with each level
    @property
    def paused_since(self) -> datetime | None: ...  # since when the clock stands still
    @property
    def pauses(self) -> tuple[tuple[datetime, datetime], ...]: ...  # those of this limit that are over
    @property
    def assigned(self) -> tuple[str, ...]: ...  # to whom the work of this passage was given besides
    @property
    def told(self) -> tuple[str, ...]: ...  # to whom this passage was escalated
    @property
    def held(self) -> tuple[str, ...]: ...  # who had the item before its holder


def content(item: ItemView, form: Mapping[str, Any], root: str, path: Sequence[str]) -> Any:
    """What stands in ``letter.x``, ``item.x`` or ``form.x``, or in a part of it; None when nothing does."""
    fields = item.letter.fields if root == "letter" else item.fields if root == "item" else form
    found: Any = fields.get(path[0])
    for name in path[1:]:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


@dataclass(frozen=True, slots=True)
class Capacity:
    """In which capacity somebody who is not its definitive holder acts for a position.

    ``kind`` is ``plh``, ``plt`` or ``substitute`` (the words of ``absence``), ``title`` what is printed
    (``Plh.``), ``order`` the number of the order, ``until`` the last day. ``kinds`` are the letter kinds he may
    touch (None: all that acting officials may), ``ceiling`` the highest secrecy (``B``, ``T``, ``R``, ``SR``),
    ``signs`` whether he may sign. ``never`` are the kinds that no acting official may touch.
    """

    kind: str
    title: str
    order: str = ""
    until: date | None = None
    kinds: frozenset[str] | None = None
    ceiling: str = "T"
    signs: bool = True
    never: frozenset[str] = frozenset()


class Org(Protocol):
    """Positions and offices at one moment. Unknown names give empty answers, never an error."""

    def role(self, role: str, office: str) -> tuple[str, ...]: ...
    def post(self, code: str, office: str) -> tuple[str, ...]: ...
    def head(self, office: str) -> str | None: ...
    def superior(self, position: str) -> str | None: ...
    def staff(self, position: str) -> tuple[str, ...]: ...  # all below, nearest first; heads only in other offices
    def persons(self, position: str) -> tuple[str, ...]: ...  # who may act for it now, the definitive holder first
    def capacity(self, person: str, position: str) -> Capacity | None: ...  # None: holds it in his own right
    def now(self, position: str) -> str: ...  # itself; of a closed position the one that has its work
    def authority(  # the order by which it signs `an` or `ub`, if told that covers this kind and level of secrecy
        self, position: str, form: str, kind: str = "", level: str = ""
    ) -> str | None: ...
    def awaited(self, position: str) -> Sequence[tuple[date, Org]]: ...  # when others come to it, and the org of then
    def office_of(self, position: str) -> str | None: ...
    def title(self, position: str) -> str: ...


class Clock(Protocol):
    """A working calendar: turns a duration into an instant, and counts office time."""

    def after(self, start: datetime, amount: int, unit: str) -> datetime: ...
    def before(self, end: datetime, amount: int, unit: str) -> datetime: ...
    def later(self, start: datetime, office_time: timedelta) -> datetime: ...
    def between(self, start: datetime, end: datetime) -> timedelta: ...


@dataclass(frozen=True, slots=True)
class Setting:
    """What a question to the engine needs besides the flow and the item.

    ``provider_away`` tells since when the signing provider does not answer; None while it does.
    """

    org: Org
    now: datetime
    calendar: Clock
    vocabularies: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    provider_away: datetime | None = None


class Make(NamedTuple):
    """One thing that must come true before an action can be done, for programs (``says`` is it for people).

    ``what`` tells how to read ``of`` and ``value`` (both JSON):

    ============  =============================  ===========================================================
    ``field``     ``letter.scan``                tests: ``{op, values, holds}``, all of which it must meet
    ``answer``    ``form.pindai``                the same, of what is entered at the action
    ``act``       an action of this state        ``{title, as}``: to be done first
    ``state``     a state to be reached          acts ``{action, title, state, as}`` that lead there, in order,
                                                 also ``at`` (not before) and ``answers``; or ``{track, outcome}``
    ``children``  a track                        ``{quantity, state, holds}``: what its items must come to
    ``position``  a cast expression              None: somebody must be appointed whom it names
    ``holder``    a position                     None: somebody must hold it, or stand in; or ``{one_of}``: one of those
                                                 who hold these positions
    ``list``      a vocabulary                   None: it needs words
    ``provider``  ``away``                       ``{holds}``: whether it must not answer; nobody brings that about
    ============  =============================  ===========================================================
    """

    what: str
    of: str
    value: Any = None
    says: str = ""


class Remedy(NamedTuple):
    """What would make a refused action possible: act as one of ``as_``, not before ``at``, with all of ``make`` true.

    ``make`` stands in the order in which it must come true; where nobody is named behind a ``position``, who was
    appointed acts. Empty parts ask for nothing. ``never`` is the reason
    why nothing helps any more; then the others are empty. ``then`` tells why one must ask again after all this.
    """

    as_: tuple[str, ...] = ()
    at: datetime | None = None
    make: tuple[Make, ...] = ()
    never: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why somebody may not do something, and what would change that."""

    says: str
    remedy: Remedy | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """One action of the present state, as a button or as a refusal with its reason.

    ``kind`` is ``action``, ``initial``, ``sign``, ``prepare`` or ``reject``. When not ``allowed``, ``says``
    is the sentence why and ``remedy`` what would change it; ``who`` are the positions that the flow names for it now.
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
    remedy: Remedy | None = None


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
