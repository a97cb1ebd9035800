"""A table of reference data as it is read from a CSV file; what the tables mean is for `reference` and others."""

from __future__ import annotations

import csv
import hashlib
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """One table: its rows as read, and the SHA-256 of the file as its version."""

    name: str
    version: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __iter__(self) -> Iterator[dict[str, str]]:
        """The rows as dictionaries by column."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)


def read_table(name: str, data: bytes) -> Table:
    """Read a CSV table; raises ValueError in English, with the line, when a row does not fit the head."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
    if not rows:
        raise ValueError(f"{name}: the table is empty, a head line was expected")
    head = tuple(rows[0])
    for line, row in enumerate(rows[1:], start=2):
        if len(row) != len(head):
            raise ValueError(f"{name}:{line}: expected {len(head)} columns ({', '.join(head)}), found {len(row)}")
    clean = tuple(tuple(unicodedata.normalize("NFC", cell) for cell in row) for row in rows[1:])
    return Table(name, hashlib.sha256(data).hexdigest(), head, clean)
