"""Case files: finished letters filed under a classification, a topic, a year and a unit, with their retention rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from BTrees.OOBTree import OOTreeSet

from intranet_surat.resources.folder import Folder


class CaseFile(Folder):
    """A file of the archive. ``rule`` is the snapshot of the retention rule, replaced and never changed in place."""

    id: str = ""
    classification: str = ""
    title: str = ""
    year: int = 0
    unit: str = ""
    office: str = ""
    rule: Mapping[str, Any] = MappingProxyType({})
    opened_at: datetime | None = None

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self._letters = OOTreeSet()

    def file(self, letter_path: str) -> None:
        """File a letter by its path; filing it twice is filing it once."""
        self._letters.insert(letter_path)

    def letters(self) -> Iterator[str]:
        """Return the paths of the letters in it."""
        return iter(self._letters)
