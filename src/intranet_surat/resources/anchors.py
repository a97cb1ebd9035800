"""Daily anchors: the heads of all histories that changed, bound into one hash; computing it is for the services."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from BTrees.OOBTree import OOBTree
from persistent import Persistent

from intranet_surat.resources.values import Record


class Anchor(Record):
    """One day's anchor. ``leaves`` has (letter, head, number of acts), ``previous`` is the digest of the one before.

    ``token`` is a timestamp over ``digest``, empty until an authority gave one.
    """

    number: int = 0
    day: str = ""
    previous: str = ""
    root: str = ""
    digest: str = ""
    leaves: tuple[tuple[str, str, int], ...] = ()
    token: bytes = b""
    made_at: datetime | None = None


class Anchors(Persistent):
    """All anchors by number, which histories changed since the last, and which anchor has a letter last."""

    def __init__(self) -> None:
        self._anchors = OOBTree()
        self._changed = OOBTree()
        self._last = OOBTree()

    def touch(self, letter: str, head: str, count: int) -> None:
        """Note that a history has a new head. It is written each time: an anchor made meanwhile collides."""
        self._changed[letter] = (head, count)

    def changed(self) -> tuple[tuple[str, str, int], ...]:
        """Return the heads that no anchor has yet, in the order of the letters."""
        return tuple((letter, head, count) for letter, (head, count) in self._changed.items())

    def add(self, anchor: Anchor) -> Anchor:
        """Append an anchor; its leaves no longer count as changed. Raises ValueError for a gap in the numbers."""
        last = self.last()
        if anchor.number != (last.number + 1 if last is not None else 1):
            raise ValueError("anchors are numbered without gaps")
        self._anchors[_key(anchor.number)] = anchor
        for letter, _, _ in anchor.leaves:
            del self._changed[letter]
            self._last[letter] = anchor.number
        return anchor

    def get(self, number: int) -> Anchor | None:
        """Return an anchor by its number."""
        return self._anchors.get(_key(number))

    def last(self) -> Anchor | None:
        """Return the newest anchor."""
        return self._anchors[self._anchors.maxKey()] if self._anchors else None

    def of(self, letter: str) -> Anchor | None:
        """Return the newest anchor that has the letter's history."""
        number = self._last.get(letter)
        return None if number is None else self.get(number)

    def unstamped(self) -> list[Anchor]:
        """Return the newest anchors that have no timestamp, oldest first: they are stamped in order."""
        found = []
        anchor = self.last()
        while anchor is not None and not anchor.token:
            found.append(anchor)
            anchor = self.get(anchor.number - 1)
        return found[::-1]

    def __iter__(self) -> Iterator[Anchor]:
        return iter(self._anchors.values())

    def __bool__(self) -> bool:
        return True


def _key(number: int) -> str:
    return f"{number:08}"
