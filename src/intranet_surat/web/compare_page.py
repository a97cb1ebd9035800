"""Two versions of a letter's text side by side, as plain rows; not where versions are stored or shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from intranet_surat.kinds.body import label
from intranet_surat.workflow.sentences import joined

_WORDS = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: ``kind`` is ``same``, ``del`` (only before) or ``ins`` (only after)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class CompareRow:
    """One row of the table; an equal row is folded under ``title``, an empty side is a tuple without pieces."""

    same: bool
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    title: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """All rows, how many of them changed, and the sentence above the table."""

    rows: tuple[CompareRow, ...]
    changes: int
    summary: str


def numbered_lines(blocks: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return each block as the line a reader sees, with the number that its place gives it."""
    lines: list[str] = []
    counters = [0, 0, 0, 0]
    for block in blocks:
        kind = block.get("t")
        if kind == "n":
            level = max(1, min(4, int(block.get("level", 1))))
            counters[level - 1] += 1
            counters[level:] = [0] * (4 - level)
            lines.append(f"{label(level, counters[level - 1])} {block.get('text', '')}")
            continue
        counters = [0, 0, 0, 0]
        if kind == "table":
            rows = [block.get("head") or [], *(block.get("rows") or [])]
            lines.extend("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows if row)
        else:
            lines.append(str(block.get("text", "")))
    return lines


def compare(before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]]) -> Comparison:
    """Compare two texts given as (name, line) pairs; a line of the body carries an empty name.

    Lines with a name are matched by it, so that a changed subject never counts as two changes; lines of
    the body are matched by their text.
    """
    rows: list[CompareRow] = []
    names: list[str] = []
    old, new = dict(before), dict(after)
    same_names: list[str] = []
    for name in dict.fromkeys(name for name, _ in (*before, *after) if name):
        left, right = old.get(name, ""), new.get(name, "")
        if left == right:
            same_names.append(f"{name}: {left}")
            continue
        names.append(name.lower())
        rows.append(_changed(f"{name}: {left}" if left else "", f"{name}: {right}" if right else ""))
    if same_names:
        rows.insert(0, CompareRow(True, title="Kepala surat, tidak berubah", text="\n".join(same_names)))
    body = _body_rows([line for name, line in before if not name], [line for name, line in after if not name])
    rows.extend(body)
    changed_body = sum(1 for row in body if not row.same)
    return Comparison(tuple(rows), len(names) + changed_body, _summary(names, changed_body))


def _body_rows(old: list[str], new: list[str]) -> list[CompareRow]:
    rows: list[CompareRow] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            rows.append(_folded(old[a1:a2]))
            continue
        for offset in range(max(a2 - a1, b2 - b1)):
            left = old[a1 + offset] if a1 + offset < a2 else ""
            right = new[b1 + offset] if b1 + offset < b2 else ""
            rows.append(_changed(left, right))
    return rows


def _folded(lines: Sequence[str]) -> CompareRow:
    count = len(lines)
    start = lines[0] if len(lines[0]) <= 48 else lines[0][:47].rstrip() + "…"
    title = f"“{start}”, tidak berubah" if count == 1 else f"{count} bagian mulai “{start}”, tidak berubah"
    return CompareRow(True, title=title, text="\n".join(lines))


def _changed(left: str, right: str) -> CompareRow:
    if not left or not right:
        return CompareRow(
            False,
            (Piece("del", left),) if left else (),
            (Piece("ins", right),) if right else (),
        )
    old, new = _WORDS.findall(left), _WORDS.findall(right)
    before: list[Piece] = []
    after: list[Piece] = []
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        kind = "same" if tag == "equal" else ""
        _join(before, kind or "del", "".join(old[a1:a2]))
        _join(after, kind or "ins", "".join(new[b1:b2]))
    return CompareRow(False, tuple(before), tuple(after))


def _join(pieces: list[Piece], kind: str, text: str) -> None:
    """Add text; a single blank between two changed stretches belongs to them, so that marks do not flicker."""
    if not text:
        return
    if kind == "same" and not text.strip() and pieces and pieces[-1].kind != "same":
        kind = pieces[-1].kind
    if pieces and pieces[-1].kind == kind:
        pieces[-1] = Piece(kind, pieces[-1].text + text)
    else:
        pieces.append(Piece(kind, text))


def _summary(names: Sequence[str], body: int) -> str:
    total = len(names) + body
    if total == 0:
        return "Tidak ada perubahan di antara kedua versi."
    parts = []
    if body:
        parts.append(f"{body} bagian isi")
    parts.extend(names)
    return f"{total} perubahan: {joined(parts)}."
