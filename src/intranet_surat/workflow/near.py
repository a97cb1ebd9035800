"""The states ahead of one, nearest first, worked out no further than somebody looks: of most the nearest few."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Lock


class Near:
    """States with the fewest acts that lead there; ``known`` is as far as they are.

    A flow serves all threads, so several may read it at once.
    """

    __slots__ = ("_lock", "_more", "known")

    def __init__(self, more: Iterator[tuple[str, int]]) -> None:
        self.known: list[tuple[str, int]] = []
        self._more = more
        self._lock = Lock()

    def reaches(self, at: int) -> bool:
        """Whether the list has so many that there is one at this place; it is known then."""
        with self._lock:
            while len(self.known) <= at:
                found = next(self._more, None)
                if found is None:
                    return False
                self.known.append(found)
        return True
