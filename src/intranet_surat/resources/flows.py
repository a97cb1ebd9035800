"""What is kept of published flows, of drafts, and of which items run which flow; choosing among them is for services.

The text itself is a `resources.site.FlowText` under its hash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from BTrees.IOBTree import IOBTree
from BTrees.OOBTree import OOTreeSet
from persistent import Persistent

from intranet_surat.resources.folder import path
from intranet_surat.resources.values import Record, stored

if TYPE_CHECKING:
    from intranet_surat.resources.letter import Item

REGENCY = ""
"""The place of flows that are meant for the whole regency; an office's place is its code."""


@stored
@dataclass(frozen=True, slots=True)
class Publication:
    """That a text came into force: for which place, written and approved by whom, why, and what was proved.

    ``written`` is the designer's own text where it is not the stored one (a flow that extends ``base``).
    """

    id: str
    version: int
    hash: str
    place: str
    person: str
    position: str
    approved_person: str
    approved_position: str
    at: datetime
    why: str
    summary: tuple[str, ...] = ()
    written: str = ""
    base: str | None = None
    source: str = ""


class Trial(Record):
    """A dry run of a draft over all letters that it would move, as far as the worker has come.

    ``flow`` is the hash of what was tried. The letters stand in pieces, one for each transaction of the worker: rows of
    version, track, old state, new state ("" for a letter that stays), path, id of the item, id of the letter, and why
    it stays, and whether it only waits. ``progressed`` is when the worker last did a piece: None for a dry run of an
    older release, which counts for nothing and is begun anew.
    """

    flow: str = ""
    person: str = ""
    begun: datetime | None = None
    progressed: datetime | None = None
    ended: datetime | None = None
    total: int = 0
    seen: int = 0

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._pieces = IOBTree()

    def add(self, piece: int, letters: int, rows: tuple[tuple[Any, ...], ...], now: datetime) -> None:
        """Keep what was found about some more letters."""
        self._pieces[piece] = rows
        self.seen, self.progressed = self.seen + letters, now

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """All rows, in the order in which the letters were looked at."""
        return (row for rows in self._pieces.values() for row in rows)


class Draft(Record):
    """A text that is being written for a place, and what became of it.

    ``state`` is ``ditulis``, ``diajukan``, ``ditolak`` or ``terbit``; ``started_from`` is the hash of the version that
    was in force when it was begun; ``saved`` counts how often it was stored, so that nobody overwrites unseen;
    ``hands`` are the persons who wrote in it. ``trial`` is the last dry run over all letters, where one was needed.
    """

    id: str = ""
    place: str = REGENCY
    flow: str = ""
    source: str = ""
    text: str = ""
    person: str = ""
    position: str = ""
    started_from: str = ""
    saved: int = 0
    saved_at: datetime | None = None
    state: str = "ditulis"
    why: str = ""
    proposed_at: datetime | None = None
    answer: str = ""
    answered_person: str = ""
    answered_position: str = ""
    published: str = ""
    hands: tuple[str, ...] = ()
    trial: Trial | None = None

    @property
    def open(self) -> bool:
        """Whether it is still written or waits for approval."""
        return self.state in ("ditulis", "diajukan", "ditolak")


class Running(Persistent):
    """Which items that have not ended run which flow: pairs of hash and path.

    One set for all flows, so that the first letters of a flow, begun at once, do not both make a set of their own.
    """

    def __init__(self) -> None:
        self._pairs = OOTreeSet()

    def add(self, item: Item) -> None:
        """Note that an item began; it must hang in the tree and have its flow."""
        self._pairs.insert(_pair(item))

    def drop(self, item: Item) -> None:
        """Note that an item ended, or leaves its flow; one that was not noted is passed over."""
        pair = _pair(item)
        if pair in self._pairs:
            self._pairs.remove(pair)

    def of(self, flow: str, after: str = "") -> Iterator[str]:
        """The paths of the items that run the flow of this hash, in their order, from ``after`` on."""
        return (where for _, where in self._pairs.keys(min=(flow, after), max=(flow, "\x7f")))

    def pairs(self, after: tuple[str, str] = ("", "")) -> Iterator[tuple[str, str]]:
        """Hash and path of every item behind a pair, in their order."""
        return iter(self._pairs.keys(min=after, excludemin=True))

    def flows(self) -> Iterator[str]:
        """The hashes of the flows that something runs."""
        last = ""
        while (found := next(iter(self._pairs.keys(min=(last, "\x7f"))), None)) is not None:
            last = found[0]
            yield last


def ended(item: Item) -> bool:
    """Whether an item came to its end: a letter in a final state, a disposition with its outcome."""
    return item.archived_at is not None if item.track is None else item.outcome is not None  # type: ignore[attr-defined]


def walk(site: Any) -> Iterator[Item]:
    """Every letter of all offices and every disposition, each before those below it; reads the whole tree."""
    for office in site.offices():
        for drawer in ("surat-masuk", "surat-keluar"):
            for year in office.get(drawer, {}).values():
                for letter in year.values():
                    yield letter
                    yield from _below(letter)


def _below(item: Item) -> Iterator[Item]:
    for each in item.dispositions():
        yield each
        yield from _below(each)


def _pair(item: Item) -> tuple[str, str]:
    if item.flow is None:
        raise ValueError(f"item {item.id} runs no flow")
    return item.flow.hash, path(item)
