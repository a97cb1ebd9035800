"""An object that the database has lost: its record is gone, and what points at it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def lose(desk: Any, storage: Any, lost: Any) -> Callable[[], None]:
    """Take an object's record out of the storage; the answer puts it back."""
    desk.commit()
    oid, kept = lost._p_oid, storage.changes._data
    record = kept.pop(oid)
    _anew(desk)

    def found() -> None:
        desk.tm.abort()
        desk.tm.begin()
        kept[oid] = record
        _anew(desk)

    return found


def _anew(desk: Any) -> None:
    """Nothing is remembered of what was read."""
    desk.site._p_jar.cacheMinimize()
