"""Lists of people typed in a text area: one line a row, columns separated by ``|``, a semicolon or a tab.

A list copied from a spreadsheet comes with tabs and is read as it is. No script is needed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from intranet_surat.kinds import civil
from intranet_surat.kinds.model import Column, KindField
from intranet_surat.kinds.text import TextError, clean

Row = dict[str, str]


def parse(field: KindField, text: str) -> list[Row]:
    """Read the typed rows; raises ValueError with a sentence that names the row and the column."""
    rows: list[Row] = []
    names = [column.name for column in field.columns]
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if not line.strip():
            continue
        cells = _cells(line, len(names))
        if len(cells) > len(names):
            raise ValueError(
                f"Baris {len(rows) + 1}: ada {len(cells)} kolom, paling banyak {len(names)}: {pattern(field)}."
            )
        cells += [""] * (len(names) - len(cells))
        rows.append(checked(field, len(rows) + 1, dict(zip(names, cells, strict=True))))
    return rows


def _cells(line: str, count: int) -> list[str]:
    line = re.sub(r"^\s*\d{1,3}[.)]\s+", "", line)  # a number typed in front
    if count == 1:
        return [line.strip()]
    mark = "\t" if "\t" in line else "|" if "|" in line else ";"
    return [
        each.strip() for each in (line.strip().removeprefix("|").removesuffix("|") if mark == "|" else line).split(mark)
    ]


def checked(field: KindField, number: int, row: Any) -> Row:
    """One row that came as a mapping, cleaned; raises ValueError with the sentence."""
    known = {column.name for column in field.columns}
    if not isinstance(row, Mapping) or not set(row) <= known:
        raise ValueError(f"Baris {number}: kolomnya harus {pattern(field)}.")
    values = {column.name: _cell(column, number, row.get(column.name, "")) for column in field.columns}
    for column in field.columns:
        if column.required and not values[column.name]:
            raise ValueError(f"Baris {number}: {column.title} belum diisi. Urutannya {pattern(field)}.")
    return values


def _cell(column: Column, number: int, value: Any) -> str:
    if not isinstance(value, str):
        raise TextError(f"Baris {number}: {column.title} harus teks.")
    try:
        value = clean(value)
        if value in ("-", "–"):
            value = ""
        if column.type == "nip" and value:
            value = civil.nip(value)
    except ValueError as error:
        raise ValueError(f"Baris {number}, {column.title}: {error}") from None
    if "|" in value:
        raise ValueError(f"Baris {number}: {column.title} tidak dapat memuat tanda |.")
    if len(value) > column.maximum:
        raise ValueError(f"Baris {number}: {column.title} paling panjang {column.maximum} huruf, ada {len(value)}.")
    return value


def text(field: KindField, rows: list[Row]) -> str:
    """The text that `parse` reads back as ``rows``."""
    return "\n".join(" | ".join(row.get(column.name, "") or "-" for column in field.columns) for row in rows)


def pattern(field: KindField) -> str:
    """How one line is typed: the titles of the columns with their mark between."""
    return " | ".join(column.title for column in field.columns)
