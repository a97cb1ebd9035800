"""Answers that are dear to find and may be a little old: kept in this process, for each database its own.

Nothing is decided by a kept answer: whoever writes finds his own, in the transaction that writes.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from intranet_surat.resources.site import Site

Answer = TypeVar("Answer")

ROOM = 64
"""So many answers are kept for a database; the one that was asked for longest ago goes first."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[Answer]):
    """An answer, and when it was found."""

    answer: Answer
    at: datetime


class Lately:
    """Kept answers by key; safe to share between threads. What is kept holds no stored object."""

    def __init__(self) -> None:
        self._known: WeakKeyDictionary[Any, OrderedDict[Hashable, Kept[Any]]] = WeakKeyDictionary()
        self._lock = threading.Lock()

    def get(
        self, site: Site, key: Hashable, now: datetime, lasts: timedelta, find: Callable[[], Answer]
    ) -> Kept[Answer]:
        """The kept answer when it is not older than ``lasts``, else the one that is found now."""
        if site._p_jar is None:  # noqa: SLF001 - the persistence protocol's own attribute
            return Kept(find(), now)
        database = site._p_jar.db()  # noqa: SLF001
        with self._lock:
            mine = self._known.setdefault(database, OrderedDict())
            found = mine.get(key)
            if found is not None and timedelta() <= now - found.at < lasts:
                mine.move_to_end(key)
                return found
        made = Kept(find(), now)
        with self._lock:
            mine[key] = made
            mine.move_to_end(key)
            while len(mine) > ROOM:
                mine.popitem(last=False)
        return made
