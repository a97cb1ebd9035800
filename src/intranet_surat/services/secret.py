"""The one type that holds a passphrase or a code while a single call needs it; nothing here stores one.

A ``Secret`` cannot be shown, compared, copied, pickled or formatted by accident. Python may have made
copies of the bytes before they came here (the body of the request); wiping shortens their life, it does
not promise that no copy is left in memory.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Literal, NoReturn, Self

Kind = Literal["passphrase", "totp"]

MAXIMUM = 1024
"""Longest secret taken, in bytes; longer input is not a passphrase."""


class Secret:
    """Bytes for one call, a passphrase or a one-time code (``kind``).

    Use it as a context manager: it is wiped at the end of the block.
    """

    __slots__ = ("_buffer", "kind")

    def __init__(self, value: str | bytes | bytearray, kind: Kind = "passphrase") -> None:
        """Take ``value``; raises ValueError when it is longer than `MAXIMUM` bytes, without quoting it."""
        self.kind = kind
        data = value.encode() if isinstance(value, str) else value
        if len(data) > MAXIMUM:
            raise ValueError(f"a secret has at most {MAXIMUM} bytes")
        self._buffer: bytearray | None = bytearray(data)

    def reveal(self) -> bytes:
        """The bytes, for the one call that needs them; raises ValueError after `wipe`."""
        if self._buffer is None:
            raise ValueError("this secret was wiped")
        return bytes(self._buffer)

    def wipe(self) -> None:
        """Overwrite and forget the bytes; may be called again."""
        if self._buffer is not None:
            self._buffer[:] = bytes(len(self._buffer))
            self._buffer = None

    @property
    def wiped(self) -> bool:
        """Whether the bytes are gone."""
        return self._buffer is None

    def __bool__(self) -> bool:
        return bool(self._buffer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.wipe()

    def __repr__(self) -> str:
        return "<Secret>"

    __str__ = __repr__

    def __format__(self, spec: str) -> NoReturn:
        raise TypeError("a secret is not formatted")

    def __eq__(self, other: object) -> NoReturn:
        raise TypeError("a secret is not compared")

    __hash__ = None  # type: ignore[assignment]

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret is not stored or copied")

    def __copy__(self) -> NoReturn:
        raise TypeError("a secret is not stored or copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a secret is not stored or copied")


def secret_of(path: Path) -> Secret:
    """The passphrase or PIN in a file of the settings. Raises OSError, ValueError for one that is too long."""
    # A line end belongs to the editor that wrote the file, not to the secret.
    return Secret(path.read_bytes().rstrip(b"\r\n"))
