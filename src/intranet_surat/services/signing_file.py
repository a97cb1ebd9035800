"""A file while it is signed: the bytes that were there stay where they are, only what is appended is written."""

from __future__ import annotations

from io import SEEK_CUR, SEEK_END, SEEK_SET, RawIOBase
from typing import Any


class Appended(RawIOBase):
    """``before`` and what was written behind it, as one stream; a large file is copied once, when all of it is asked.

    A stream that held all would be copied whenever it outgrew its memory.
    """

    def __init__(self, before: bytes) -> None:
        super().__init__()
        self._before, self._after, self._at = before, bytearray(), 0

    def whole(self) -> bytes:
        """All bytes."""
        return b"".join((self._before, self._after))

    def readable(self) -> bool:
        """It is."""
        return True

    def writable(self) -> bool:
        """Behind what was there."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = SEEK_SET) -> int:
        """Go to a place and tell it."""
        start = {SEEK_SET: 0, SEEK_CUR: self._at, SEEK_END: len(self._before) + len(self._after)}[whence]
        self._at = start + offset
        return self._at

    def readinto(self, into: Any) -> int:
        """Read so many bytes as there is room for, or fewer; none at the end."""
        behind = self._at - len(self._before)
        part, at = (self._before, self._at) if behind < 0 else (self._after, behind)
        with memoryview(part) as source:
            found = source[at : at + len(into)]
            into[: len(found)] = found
        self._at += len(found)
        return len(found)

    def write(self, data: Any) -> int:
        """Write at the place, behind what was there. Raises ValueError before it."""
        behind = self._at - len(self._before)
        if behind < 0:
            raise ValueError("what was there is not written over")
        self._after[behind : behind + len(data)] = data
        self._at += len(data)
        return len(data)
