"""What sentences of every room are put together with: names in a row; not the sentences."""

from __future__ import annotations

from collections.abc import Iterable


def joined(names: Iterable[str], last: str = "dan") -> str:
    """``a``, ``a dan b``, ``a, b, dan c``; what is empty is left out."""
    known = [each for each in names if each]
    comma = "," if known[2:] else ""
    return f"{', '.join(known[:-1])}{comma} {last} {known[-1]}" if known[1:] else "".join(known)
