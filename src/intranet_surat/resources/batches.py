"""Batches of signatures: which letters one person signs with one secret; the secret is never here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from intranet_surat.resources.values import Record


class SignBatch(Record):
    """Letters that are signed by one form: pairs of path and SHA-256 of what was shown, in their order.

    What became of a letter its attempt tells, whose key is `key`. ``said`` holds, by number, the sentence where none
    was begun; ``stopped`` is why the rest was not begun, ``ended`` when nothing of it goes on.
    """

    id: str = ""
    person: str = ""
    position: str = ""
    letters: tuple[tuple[str, str], ...] = ()
    started: datetime | None = None
    ended: datetime | None = None
    stopped: str = ""
    said: Mapping[int, str] = MappingProxyType({})

    def key(self, number: int) -> str:
        """The idempotency key of one letter's signature."""
        return f"{self.id}.{number}"
