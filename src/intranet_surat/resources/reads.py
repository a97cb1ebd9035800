"""What was read must still hold when a decision is committed; which objects a decision reads, its service knows."""

from __future__ import annotations

from typing import Any


def still(*read: Any) -> None:
    """Let the commit fail when one of these stored objects was changed meanwhile; what is new cannot have been."""
    for each in read:
        if each._p_jar is not None:  # noqa: SLF001 - the persistence protocol's own attribute
            each._p_activate()  # noqa: SLF001 - of a ghost nothing is compared
            each._p_jar.readCurrent(each)  # noqa: SLF001
