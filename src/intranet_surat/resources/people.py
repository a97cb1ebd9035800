"""Persons and positions: who holds what, under whom, from when to when; no log-in and no rights."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from BTrees.OOBTree import OOBTree

from intranet_surat.resources.folder import Folder
from intranet_surat.resources.values import Record, stored


def _covers(since: date, until: date | None, on: date) -> bool:
    return since <= on and (until is None or on < until)


@stored
@dataclass(frozen=True, slots=True)
class Tie:
    """A position answers to the position ``position`` from ``since`` until before ``until``."""

    position: str
    since: date
    until: date | None = None

    def on(self, day: date) -> bool:
        """Tell whether it holds on that day."""
        return _covers(self.since, self.until, day)


@stored
@dataclass(frozen=True, slots=True)
class Holding:
    """A person holds a position; ``capacity`` is empty, or ``Plt.``, ``Plh.``, ``Pj.``; ``order`` names the decree.

    ``mandate`` is the id of the mandate by which he acts.
    """

    person: str
    since: date
    until: date | None = None
    capacity: str = ""
    order: str = ""
    mandate: str = ""

    @property
    def acting(self) -> bool:
        """Tell whether he acts for the position and does not hold it in his own right; a Pj. does."""
        return self.capacity in ("Plt.", "Plh.")

    def on(self, day: date) -> bool:
        """Tell whether it holds on that day."""
        return _covers(self.since, self.until, day)


@stored
@dataclass(frozen=True, slots=True)
class Away:
    """A holder is away from his post from ``since`` until before ``until``, for ``reason``."""

    person: str
    since: date
    until: date
    reason: str = ""

    def on(self, day: date) -> bool:
        """Tell whether he is away on that day."""
        return _covers(self.since, self.until, day)


@stored
@dataclass(frozen=True, slots=True)
class Handover:
    """Somebody asked that a position goes to ``person`` from a day on, or is closed in favour of ``successor``.

    Nothing happens before a second person has answered; ``confirmed`` tells what he said, ``reason`` why not.
    """

    person: str
    successor: str
    order: str
    since: date
    asked_by: str
    asked_at: datetime
    answered_by: str = ""
    answered_at: datetime | None = None
    confirmed: bool = False
    reason: str = ""


class Person(Record):
    """A human being. ``password`` is a hash, ``nik`` sealed; ``keys`` are the idempotency keys of what he sent.

    ``guesses`` tell when the secrets were sent that a provider refused lately as his, ``unanswered`` the attempts,
    with their times, of whose secret nobody knows yet whether it was right.
    """

    __parent__: Any = None
    __name__: str | None = None
    id: str = ""
    name: str = ""
    nip: str = ""
    rank: str = ""
    login: str = ""
    password: str = ""
    email: str = ""
    active: bool = True
    nik: bytes = b""
    guesses: tuple[datetime, ...] = ()
    unanswered: tuple[tuple[str, datetime], ...] = ()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.keys = OOBTree()


class Position(Record):
    """A post, known by an opaque id for ever; nothing of it is deleted, only ended.

    ``closed`` is the day from which it is no more; its work is then that of the position ``successor``. Of
    ``handovers`` only the last can wait for its answer.
    """

    __parent__: Any = None
    __name__: str | None = None
    id: str = ""
    code: str = ""
    title: str = ""
    office: str = ""
    superiors: tuple[Tie, ...] = ()
    holders: tuple[Holding, ...] = ()
    roles: frozenset[str] = frozenset()
    away: tuple[Away, ...] = ()
    closed: date | None = None
    successor: str = ""
    handovers: tuple[Handover, ...] = ()

    @property
    def asked(self) -> Handover | None:
        """Return the handover that waits for a second person, or None."""
        last = self.handovers[-1] if self.handovers else None
        return last if last is not None and last.answered_at is None else None

    def superior(self, on: date) -> str | None:
        """Return the id of the position above it on that day."""
        return next((tie.position for tie in self.superiors if tie.on(on)), None)

    def holdings(self, on: date) -> tuple[Holding, ...]:
        """Return who holds it on that day, with capacity."""
        return tuple(each for each in self.holders if each.on(on))

    def holder_ids(self, on: date) -> tuple[str, ...]:
        """Return the ids of the persons who hold it on that day or act for it, the definitive holder first."""
        return tuple(each.person for each in sorted(self.holdings(on), key=lambda each: each.acting))

    def owners(self, on: date) -> tuple[str, ...]:
        """Return the ids of those who hold it in their own right on that day."""
        return tuple(each.person for each in self.holdings(on) if not each.acting)

    def back_on(self, on: date) -> date | None:
        """Return the day on which the first of its owners is back, when all of them are away on that day."""
        ends = [
            max((each.until for each in self.away if each.person == one and each.on(on)), default=None)
            for one in self.owners(on)
        ]
        known = [each for each in ends if each is not None]
        return min(known) if known and len(known) == len(ends) else None


class People(Folder):
    """All persons by id, and by log-in name."""

    def __init__(self) -> None:
        super().__init__()
        self._logins = OOBTree()

    def __setitem__(self, name: str, child: Person) -> None:
        if child.login and child.login in self._logins:
            raise KeyError(f"log-in {child.login!r} is taken")
        super().__setitem__(name, child)
        if child.login:
            self._logins[child.login] = name

    def login(self, login: str) -> Person | None:
        """Return the person with that log-in name."""
        name = self._logins.get(login)
        return None if name is None else self[name]


class Positions(Folder):
    """All positions by id; indexes by office, by position above and by holder, whatever the dates.

    `tie` and `hold` keep the indexes; whoever assigns ``superiors`` or ``holders`` of a position that
    already hangs here calls `reindex` after it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._offices = OOBTree()
        self._under = OOBTree()
        self._held = OOBTree()

    def __setitem__(self, name: str, child: Position) -> None:
        super().__setitem__(name, child)
        self.reindex(child)

    def reindex(self, position: Position) -> None:
        """Add what the position says of itself to the indexes."""
        _enter(self._offices, [position.office], position.id)
        _enter(self._under, (tie.position for tie in position.superiors), position.id)
        _enter(self._held, (holding.person for holding in position.holders), position.id)

    def tie(self, position: Position, tie: Tie) -> None:
        """End the tie that is open on ``tie.since`` and begin a new one."""
        ended = tuple(
            Tie(old.position, old.since, tie.since) if old.until is None else old for old in position.superiors
        )
        position.superiors = (*ended, tie)
        self.reindex(position)

    def hold(self, position: Position, holding: Holding) -> None:
        """Let a person hold the position, beside those who hold it already."""
        position.holders = (*position.holders, holding)
        self.reindex(position)

    def of_office(self, code: str) -> tuple[Position, ...]:
        """Return the positions of an office in the order in which they were made."""
        return tuple(self[name] for name in self._offices.get(code, ()))

    def under(self, position: str, on: date) -> tuple[Position, ...]:
        """Return the positions directly below, on that day, in the order in which they were made."""
        below = (self[name] for name in self._under.get(position, ()))
        return tuple(each for each in below if each.superior(on) == position)

    def held_by(self, person: str, on: date) -> tuple[Position, ...]:
        """Return the positions that the person holds on that day, in the order in which they were made."""
        held = (self[name] for name in self._held.get(person, ()))
        return tuple(each for each in held if person in each.holder_ids(on))


def _enter(index: OOBTree, keys: Iterable[str], name: str) -> None:
    for key in keys:
        known = index.get(key, ())
        if name not in known:
            index[key] = (*known, name)
