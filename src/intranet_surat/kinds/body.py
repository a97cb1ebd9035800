"""The body of a letter: a small versioned tree of typed blocks, and how it is typed in a text area.

A blank line separates paragraphs, ``# `` begins a heading, ``1. `` ``a. `` ``1) `` ``a) `` begin a numbered
point of level 1 to 4, lines ``| a | b |`` make a table whose first row is the head; a backslash in front of a
line takes these meanings away. Numbers are counted
anew when the letter is printed. How it looks on paper is the templates' affair.
"""

from __future__ import annotations

import re
from typing import Any

from intranet_surat.kinds.text import TextError, clean

Tree = dict[str, Any]
Block = dict[str, Any]

VERSION = 1
MOST_BLOCKS = 2_000
MOST_SIGNS = 200_000
MOST_COLUMNS = 12
LONGEST_WORD = 2_000
"""A longer one cannot be broken into lines, nor printed."""
_POINT = re.compile(r"(?:(\d{1,3})|([a-z]{1,2}))([.)])(?: +|$)(.*)")
_ROMAN = "abcdefghijklmnopqrstuvwxyz"


def empty() -> Tree:
    """A body without blocks."""
    return {"v": VERSION, "blocks": []}


def parse(text: str) -> Tree:
    """Read typed text as a tree; raises TextError for signs that cannot be stored and for broken tables."""
    blocks: list[Block] = []
    open_block: Block | None = None
    for line in clean(text, lines=True).split("\n"):
        line = line.strip()  # noqa: PLW2901
        if not line:
            open_block = None
        elif line.startswith("\\"):
            open_block = _words(line[1:], blocks, None)
        elif line.startswith("|"):
            open_block = _row(line, blocks, open_block)
        elif line.startswith("# "):
            blocks.append({"t": "h", "text": line[2:].strip()})
            open_block = None
        elif (point := _point(line)) is not None:
            blocks.append(point)
            open_block = point
        else:
            open_block = _words(line, blocks, open_block)
    tree = {"v": VERSION, "blocks": blocks}
    if found := problems(tree):
        raise TextError(found[0])
    return tree


def _words(line: str, blocks: list[Block], open_block: Block | None) -> Block:
    if open_block is not None and open_block["t"] in ("p", "n"):
        open_block["text"] = f"{open_block['text']} {line}"
        return open_block
    blocks.append({"t": "p", "text": line})
    return blocks[-1]


def _point(line: str) -> Block | None:
    found = _POINT.match(line)
    if found is None:
        return None
    figure, _letter, mark, rest = found.groups()
    level = {("1", "."): 1, ("a", "."): 2, ("1", ")"): 3, ("a", ")"): 4}["1" if figure else "a", mark]
    if not rest.strip():
        return None
    return {"t": "n", "level": level, "text": rest.strip()}


def _row(line: str, blocks: list[Block], open_block: Block | None) -> Block:
    inside = line.removeprefix("|").removesuffix("|")
    cells = [each.strip().replace("\\|", "|") for each in re.split(r"(?<!\\)\|", inside)]
    if open_block is not None and open_block["t"] == "table":
        dashes = all(re.fullmatch(r":?-{3,}:?", each) for each in cells)  # the usual line under the head
        if open_block["rows"] or not dashes:
            open_block["rows"].append(cells)
        return open_block
    table: Block = {"t": "table", "head": cells, "rows": []}
    blocks.append(table)
    return table


def text(tree: Tree) -> str:
    """The text that `parse` reads back as ``tree``."""
    parts: list[str] = []
    counts = [0, 0, 0, 0]
    before = ""
    for block in tree["blocks"]:
        kind = block["t"]
        if kind == "n":
            level = block["level"]
            counts[level - 1] += 1
            counts[level:] = [0] * (4 - level)
            parts.append("\n" if before == "n" else "\n\n")
            parts.append(f"{label(level, counts[level - 1])} {block['text']}")
        else:
            counts = [0, 0, 0, 0]
            parts.append("\n\n")
            if kind == "table":
                rows = [block["head"], *block["rows"]]
                parts.append("\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in rows))
            else:
                parts.append(f"# {block['text']}" if kind == "h" else _guarded(block["text"]))
        before = kind
    return "".join(parts).strip("\n")


def _guarded(words: str) -> str:
    special = words.startswith(("# ", "|", "\\")) or _point(words) is not None
    return f"\\{words}" if special else words


def label(level: int, number: int) -> str:
    """What stands before the ``number``-th point of a level: ``1.`` ``a.`` ``1)`` ``a)``."""
    letter = _ROMAN[(number - 1) % 26] if number <= 26 else _ROMAN[(number - 1) // 26 - 1] + _ROMAN[(number - 1) % 26]
    return {1: f"{number}.", 2: f"{letter}.", 3: f"{number})", 4: f"{letter})"}[level]


def plain(tree: Tree) -> str:
    """All words of the tree, for search and for comparing, one block a line."""
    found: list[str] = []
    for block in tree.get("blocks", ()):
        if block["t"] == "table":
            found.extend(" ".join(row) for row in (block["head"], *block["rows"]))
        else:
            found.append(block["text"])
    return "\n".join(found)


def problems(tree: Any) -> list[str]:
    """What is wrong with a tree that came from outside, as Indonesian sentences; empty when it is sound."""
    if not isinstance(tree, dict) or tree.get("v") != VERSION or not isinstance(tree.get("blocks"), list):
        return ['Isi surat harus berbentuk {"v": 1, "blocks": [...]}.']
    if set(tree) != {"v", "blocks"}:
        return ["Isi surat memuat bagian yang tidak dikenal."]
    if len(tree["blocks"]) > MOST_BLOCKS:
        return [f"Isi surat memuat {len(tree['blocks'])} bagian, paling banyak {MOST_BLOCKS}."]
    found = [sentence for at, block in enumerate(tree["blocks"], 1) for sentence in _block_problems(at, block)]
    if not found and len(plain(tree)) > MOST_SIGNS:
        found.append(f"Isi surat terlalu panjang, paling banyak {MOST_SIGNS} huruf. Jadikan sebagian lampiran.")
    return found


def _block_problems(at: int, block: Any) -> list[str]:
    if not isinstance(block, dict):
        return [f"Bagian {at} bukan bagian isi surat."]
    kind = block.get("t")
    wanted = {"p": {"t", "text"}, "h": {"t", "text"}, "n": {"t", "level", "text"}, "table": {"t", "head", "rows"}}
    if not isinstance(kind, str) or kind not in wanted or set(block) != wanted[kind]:
        return [f"Bagian {at} bukan paragraf, judul, butir, atau tabel."]
    if kind == "table":
        return _table_problems(at, block)
    if kind == "n" and (isinstance(block["level"], bool) or block["level"] not in (1, 2, 3, 4)):
        return [f"Bagian {at}: tingkat butir harus 1 sampai 4."]
    return _text_problems(f"Bagian {at}", block["text"], blank=False)


def _table_problems(at: int, block: Block) -> list[str]:
    head, rows = block["head"], block["rows"]
    if not isinstance(head, list) or not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        return [f"Bagian {at}: tabel harus terdiri dari baris dan kolom."]
    if not 1 <= len(head) <= MOST_COLUMNS:
        return [f"Bagian {at}: tabel harus 1 sampai {MOST_COLUMNS} kolom, ada {len(head)}."]
    if len(rows) > MOST_BLOCKS:
        return [f"Bagian {at}: tabel paling banyak {MOST_BLOCKS} baris."]
    for number, row in enumerate(rows, 1):
        if len(row) != len(head):
            return [f"Bagian {at}: baris {number} tabel berisi {len(row)} kolom, kepala tabel {len(head)} kolom."]
    return [s for row in (head, *rows) for cell in row for s in _text_problems(f"Bagian {at}", cell, blank=True)]


def _text_problems(where: str, value: Any, *, blank: bool) -> list[str]:
    if not isinstance(value, str):
        return [f"{where}: isinya harus teks."]
    if not blank and not value.strip():
        return [f"{where} kosong."]
    try:
        if clean(value) != value:
            return [f"{where}: ada spasi berlebih atau huruf yang tidak dalam bentuk baku."]
        if any(len(word) > LONGEST_WORD for word in value.split()):
            return [f"{where}: ada kata lebih panjang dari {LONGEST_WORD} huruf. Pisahkan dengan spasi."]
    except TextError as error:
        return [f"{where}: {error}"]
    return []
