"""The list of a position: a row per item it may know, in trays, by year and by word; it wakes no letter."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent

from intranet_surat.resources.values import stored

TRAYS = (
    "waiting", "unread", "read", "sign", "internal", "external", "urgent", "cc", "secret", "archived", "sent", "asked",
    "disputed", "given-up",
)  # fmt: skip
LONGEST = "sign, longest first"
SEALS = "sign, by a seal"
"""Trays shown to nobody, of what stands in ``sign``: who has thousands of them is told of the longest and of seals."""
LEVELS = ("B", "T", "R", "SR")
LATEST = 1 << 40
LAST = "\U0010ffff"


@stored
@dataclass(frozen=True, slots=True, repr=False)
class Row:
    """What a list shows of an item. ``at`` is when it came into the list and stays; ``since`` is of the state.

    Of who signs after others ``since`` is of his turn.
    ``paused`` tells that its limit stands still; it has no ``due`` meanwhile.

    ``order`` is the number in its register as a number (0: none), ``number`` the number as printed;
    ``words`` are what `search` finds it by (see `words_of`). Of a file that several sign ``signed`` are the positions
    that have signed it, ``place`` is the one's whose turn it is, ``of`` how many sign (0: one alone). ``seals`` tells
    that the agency's seal is waited for. It shows only its id when printed to a log.
    """

    item: str
    letter: str
    path: str
    direction: str
    kind: str
    office: str
    year: int
    number: str
    sender: str
    subject: str
    state: str
    state_title: str
    state_class: str
    at: datetime
    due: datetime | None = None
    since: datetime | None = None
    urgency: str = "biasa"
    security: str = "B"
    unread: bool = False
    trays: frozenset[str] = frozenset()
    act_title: str = ""
    masked: bool = False
    words: tuple[str, ...] = ()
    order: int = 0
    paused: bool = False
    signed: tuple[str, ...] = ()
    seals: bool = False
    place: int = 0
    of: int = 0

    def __repr__(self) -> str:
        return f"Row({self.item})"


def level_trays(security: str) -> frozenset[str]:
    """Return the tray, shown to nobody, that gathers the rows of a level above the ordinary."""
    return frozenset() if security == "B" else frozenset({f"sifat {security if security in LEVELS else LEVELS[-1]}"})


def sign_trays(*, seals: bool) -> frozenset[str]:
    """Return the trays of a row whose position is to sign, or to seal."""
    return frozenset({"sign", LONGEST, SEALS} if seals else {"sign", LONGEST})


@dataclass(frozen=True, slots=True)
class Closed:
    """What stays closed to who reads a list: some levels of secrecy, and every kind of letter but ``kinds``.

    ``kinds`` None closes no kind. A delivery has no kind before it is registered.
    """

    levels: frozenset[str] = frozenset()
    kinds: frozenset[str] | None = None

    def __bool__(self) -> bool:
        """Tell whether anything is closed."""
        return bool(self.levels) or self.kinds is not None

    def holds(self, level: str, kind: str) -> bool:
        """Tell whether a letter of this level and kind is closed."""
        known = level if level in LEVELS else LEVELS[-1]
        return known in self.levels or (self.kinds is not None and kind not in self.kinds)


NOTHING = Closed()


class Keys(OOTreeSet):
    """A set of keys with small leaves, so that a changed key rewrites few bytes."""

    max_leaf_size = 12
    max_internal_size = 50


class Rows(OOBTree):
    """Rows by item, with small leaves."""

    max_leaf_size = 8
    max_internal_size = 250


class Counts(Persistent):
    """Exact counters by key. Two transactions that count at once are added up, as `BTrees.Length` does."""

    def __init__(self) -> None:
        self.values: dict[Any, int] = {}

    def change(self, key: Any, by: int) -> None:
        """Add to a counter; one that reaches zero is forgotten."""
        self.values = _added(self.values, {key: by})

    def get(self, key: Any) -> int:
        """Return a counter."""
        return self.values.get(key, 0)

    def _p_resolveConflict(self, old: Any, committed: Any, new: Any) -> Any:  # noqa: N802  the name is ZODB's
        before, after = old["values"], new["values"]
        ours = {key: after.get(key, 0) - before.get(key, 0) for key in {*before, *after}}
        return {**new, "values": _added(committed["values"], ours)}


def _added(counts: Mapping[Any, int], changes: Mapping[Any, int]) -> dict[Any, int]:
    sums = {key: counts.get(key, 0) + changes.get(key, 0) for key in {*counts, *changes}}
    return {key: sums[key] for key in sorted(sums) if sums[key]}


class PositionList(Persistent):
    """All that one position may know, ready to be shown."""

    def __init__(self) -> None:
        self._rows = Rows()
        self._trays = Keys()
        self._years = Keys()
        self._words = Keys()
        self._counts = Counts()
        self._folders = Counts()

    def __contains__(self, item: object) -> bool:
        return item in self._rows

    def get(self, item: str) -> Row | None:
        """Return the row of an item, or None."""
        return self._rows.get(item)

    def rows(self) -> Iterator[Row]:
        """Return all rows in the order of their ids; for checks, not for pages."""
        return iter(self._rows.values())

    def put(self, row: Row) -> None:
        """Add the row of an item, or replace the one it had; an equal row writes nothing."""
        old = self._rows.get(row.item)
        if old == row:
            return
        self._move(old, row)
        self._rows[row.item] = row

    def drop(self, item: str) -> None:
        """Remove the row of an item, if there is one."""
        old = self._rows.get(item)
        if old is not None:
            self._move(old, None)
            del self._rows[item]

    def closed(self, without: Closed, tray: str = "") -> dict[str, Row]:
        """Return the rows that are closed, by item; with a ``tray`` those in it.

        Only an order for some kinds of letters makes it look at all rows; where few stand in the tray, at these.
        """
        found: Iterable[Row]
        if without.kinds is not None:
            few = tray and 4 * self._counts.get(tray) < sum(self._folders.values.values())
            rows = self._found(sorted(self._items(tray))) if few else self._rows.values()
            found = (row for row in rows if row.direction != "kiriman" and without.holds(row.security, row.kind))
        else:
            levels = sorted({each for level in without.levels for each in level_trays(level)})
            found = (self._rows[item] for each in levels for item in self._items(each))
        return {row.item: row for row in found if not tray or tray in row.trays}

    def counts(self, without: Closed = NOTHING) -> dict[str, int]:
        """Return how many rows each tray has, the closed ones left out; an empty tray counts zero."""
        closed = Counter(tray for row in self.closed(without).values() for tray in row.trays)
        return {tray: self._counts.get(tray) - closed[tray] for tray in TRAYS}

    def folders(self, without: Closed = NOTHING) -> dict[tuple[str, str, int], int]:
        """Return how many letters it knows by (office, direction, year)."""
        closed = Counter(_folder(row) for row in self.closed(without).values())
        left = {folder: count - closed[folder] for folder, count in self._folders.values.items()}
        return {folder: count for folder, count in left.items() if count}

    def page(self, tray: str, start: int = 0, size: int = 20, without: Closed = NOTHING) -> tuple[list[Row], int]:
        """Return a part of a tray and the size of the whole: by deadline, those without last, then newest first."""
        closed = self.closed(without, tray)
        return self._part(self._items(tray), closed, start, size), self._counts.get(tray) - len(closed)

    def year_page(
        self,
        direction: str,
        office: str,
        year: int,
        start: int = 0,
        size: int = 20,
        descending: bool = True,
        without: Closed = NOTHING,
    ) -> tuple[list[Row], int]:
        """Return a part of a register of one office and year, and the size of the whole; by number, then time."""
        low = (office, direction, year)
        high = (office, direction, year, LATEST)
        keys = _backwards(self._years, low, high) if descending else self._years.keys(min=low, max=high)
        closed = self.closed(without)
        total = self._folders.get(low) - sum(1 for row in closed.values() if _folder(row) == low)
        return self._part((key[-1] for key in keys), closed, start, size), total

    def search(
        self, words: str | Iterable[str], start: int = 0, size: int = 20, without: Closed = NOTHING
    ) -> tuple[list[Row], int]:
        """Return the rows in which each word begins some word, newest first, and how many there are."""
        asked = query_words(words) if isinstance(words, str) else tuple(dict.fromkeys(_plain(word) for word in words))
        found: dict[str, int] | None = None
        for word in sorted(filter(None, asked), key=len, reverse=True):
            matches = {item: late for _, late, item in self._words.keys(min=(word,), max=(word + LAST,))}
            found = matches if found is None else {item: late for item, late in found.items() if item in matches}
        closed = self.closed(without)
        ordered = sorted((late, item) for item, late in (found or {}).items() if item not in closed)
        return self._found(item for _, item in ordered[start : start + size]), len(ordered)

    def _items(self, tray: str) -> Iterator[str]:
        return (key[-1] for key in self._trays.keys(min=(tray,), max=(tray, LATEST + 1)))

    def _part(self, items: Iterable[str], closed: Mapping[str, Row], start: int, size: int) -> list[Row]:
        return self._found(islice((item for item in items if item not in closed), start, start + size))

    def _found(self, items: Iterable[str]) -> list[Row]:
        return [self._rows[item] for item in items]

    def _move(self, old: Row | None, new: Row | None) -> None:
        for tree, keys_of in ((self._trays, _tray_keys), (self._years, _year_keys), (self._words, _word_keys)):
            before = keys_of(old) if old is not None else set()
            after = keys_of(new) if new is not None else set()
            for key in before - after:
                tree.remove(key)
            for key in after - before:
                tree.insert(key)
        trays = dict.fromkeys(new.trays if new else (), 1)
        for tray in old.trays if old else ():
            trays[tray] = trays.get(tray, 0) - 1
        _count(self._counts, trays)
        folders = {_folder(new): 1} if new else {}
        if old:
            folders[_folder(old)] = folders.get(_folder(old), 0) - 1
        _count(self._folders, folders)


def _count(counts: Counts, changes: Mapping[Any, int]) -> None:
    for key, by in changes.items():
        if by:
            counts.change(key, by)


def _folder(row: Row) -> tuple[str, str, int]:
    return row.office, row.direction, row.year


def _late(at: datetime) -> int:
    return LATEST - int(at.timestamp())


def _tray_keys(row: Row) -> set[tuple[Any, ...]]:
    due = LATEST if row.due is None else int(row.due.timestamp())
    waits = LATEST if row.since is None else int(row.since.timestamp())
    return {(tray, waits if tray == LONGEST else due, _late(row.at), row.item) for tray in row.trays}


def _year_keys(row: Row) -> set[tuple[Any, ...]]:
    return {(*_folder(row), row.order, -_late(row.at), row.item)}


def _word_keys(row: Row) -> set[tuple[Any, ...]]:
    return {(word, _late(row.at), row.item) for word in row.words}


def _backwards(keys: Keys, low: tuple[Any, ...], high: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """Walk a range of (..., time, id) keys from its end; the few keys of one time are read forwards and turned."""
    while True:
        try:
            last = keys.maxKey(high)
        except ValueError:
            return
        if last < low:
            return
        same = last[:-1]
        yield from reversed(list(keys.keys(min=same, max=last)))
        high = same


def words_of(*texts: str) -> tuple[str, ...]:
    """Return the words of texts as rows keep them: ``000.8/15/OR`` as a whole, and its parts."""
    found: dict[str, None] = {}
    for text in texts:
        for token in _plain(text).split():
            whole = _trim(token)
            parts = "".join(sign if sign.isalnum() else " " for sign in whole).split()
            for word in (whole, *parts):
                if word:
                    found[word[:64]] = None
    return tuple(sorted(found))


def query_words(text: str) -> tuple[str, ...]:
    """Return the words of a question, each once: as typed, without signs at their ends."""
    return tuple(dict.fromkeys(word for word in (_trim(token)[:64] for token in _plain(text).split()) if word))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _trim(token: str) -> str:
    start, end = 0, len(token)
    while start < end and not token[start].isalnum():
        start += 1
    while end > start and not token[end - 1].isalnum():
        end -= 1
    return token[start:end]
