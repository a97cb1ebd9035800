"""Which letters still need evidence, or need it anew, and by when; making it is for the services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent

from intranet_surat.resources.values import stored


@stored
@dataclass(frozen=True, slots=True)
class Due:
    """What is due for one letter: from ``at`` on, and in vain after ``ends``.

    ``stamps`` counts the document timestamps in its file: none means that its first evidence is missing. ``since``
    is when this became due to be done at all, ``tries`` and ``problem`` (English) tell of attempts in vain, ``revoked``
    that a certificate behind the letter was revoked before it was used, ``broken`` that the last attempt ended by a
    fault of ours, such as a file that is not there.
    """

    letter: str
    office: str
    at: datetime
    ends: datetime
    since: datetime
    stamps: int = 0
    tries: int = 0
    problem: str = ""
    revoked: bool = False
    broken: bool = False


class Renewals(Persistent):
    """One `Due` for each letter that was signed electronically, found by its letter and in the order of ``at``."""

    def __init__(self) -> None:
        self._dues = OOBTree()
        self._order = OOTreeSet()

    def put(self, due: Due) -> None:
        """Keep what is due for a letter, instead of what was."""
        self.drop(due.letter)
        self._dues[due.letter] = due
        self._order.insert(_place(due))

    def drop(self, letter: str) -> None:
        """Forget a letter."""
        known = self._dues.pop(letter, None)
        if known is not None:
            self._order.remove(_place(known))

    def get(self, letter: str) -> Due | None:
        """Return what is due for the letter at a path."""
        return self._dues.get(letter)

    def due(self, now: datetime) -> Iterator[Due]:
        """Return what may be done now, what ends first before the others; what has ended is not among it."""
        found = [self._dues[letter] for _, letter in self._order.keys(max=(_text(now), "\uffff"))]
        return iter(sorted((each for each in found if each.ends > now), key=lambda each: (each.ends, each.at)))

    def __iter__(self) -> Iterator[Due]:
        return iter(self._dues.values())

    def __bool__(self) -> bool:
        return True


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _place(due: Due) -> tuple[str, str]:
    return _text(due.at), due.letter
