"""A tree of nodes as YAML text: always the same text for the same tree, which reads back as the same tree.

Used for the resolved text of a flow that extends another one, and to show where each of its values comes from.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from intranet_surat.workflow.nodes import Items, Node, Pairs, Text

WIDTH = 120
_STEP = "  "
_LONGEST_KEY = 1000  # YAML reads a key without '?' up to 1024 characters
_PLAIN = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_ ./()@+-]*[A-Za-z0-9_./()@+-])?")
_BLOCK_LEVELS = 2  # the keys of the file and the names below them stand on lines of their own


def text_of(tree: Pairs) -> str:
    """The YAML text of a flow's tree."""
    return "".join(f"{line}\n" for line in _Printer(origins=False).pairs(tree, 0))


def with_origins(tree: Pairs) -> str:
    """The same, each value on a line of its own with the file and the line that it comes from."""
    return "".join(f"{line}\n" for line in _Printer(origins=True).pairs(tree, 0))


class _Printer:
    def __init__(self, *, origins: bool) -> None:
        self.origins = origins

    def pairs(self, pairs: Pairs, depth: int) -> Iterator[str]:
        """The lines of a mapping in block style."""
        for entry in pairs:
            key = scalar(entry.key.text)
            if len(key) > _LONGEST_KEY:
                yield f"{_STEP * depth}? {key}"
                key = ""
            yield from self.after(f"{_STEP * depth}{key}:", entry.value, depth)

    def items(self, items: Items, depth: int) -> Iterator[str]:
        """The lines of a list in block style."""
        for item in items.items:
            lines = list(self.after(f"{_STEP * depth}-", item, depth))
            if len(lines) > 1 and isinstance(item, Pairs) and not lines[1].lstrip().startswith("?"):
                # The first key stands behind the dash: it has the width of one step.
                lines[:2] = [lines[0] + lines[1][len(lines[0]) :]]
            yield from lines

    def after(self, begun: str, node: Node, depth: int) -> Iterator[str]:
        """The line that was begun, with the node behind it or on the lines below."""
        inline = None if self.origins and _inner(node) else _inline(node)
        fits = inline is not None and len(begun) + len(inline) < WIDTH
        if inline is not None and (not _inner(node) or (fits and depth >= _BLOCK_LEVELS - 1 and _flat(node))):
            origin = f"  # {node.mark.file}:{node.mark.line}" if self.origins else ""
            yield f"{begun} {inline}{origin}"
            return
        yield begun
        if isinstance(node, Pairs):
            yield from self.pairs(node, depth + 1)
        elif isinstance(node, Items):
            yield from self.items(node, depth + 1)


def scalar(text: str) -> str:
    """A text as a YAML scalar: as it is when that is safe anywhere, else in quotation marks."""
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


def _inner(node: Node) -> bool:
    """Whether the node holds others."""
    return (isinstance(node, Pairs) and bool(node.entries)) or (isinstance(node, Items) and bool(node.items))


def _flat(node: Node) -> bool:
    """Whether the node is read easily on one line: it holds no mapping of mappings."""
    inner = node.items if isinstance(node, Items) else [one.value for one in node] if isinstance(node, Pairs) else []
    return not any(isinstance(one, Pairs) and any(_inner(each.value) for each in one) for one in inner)


def _inline(node: Node) -> str | None:
    """The node in flow style; None when it does not fit on a line anyway."""
    if isinstance(node, Pairs):
        parts = _each([(scalar(entry.key.text), entry.value) for entry in node])
        return None if parts is None else "{" + ", ".join(parts) + "}"
    if isinstance(node, Items):
        parts = _each([("", item) for item in node.items])
        return None if parts is None else "[" + ", ".join(parts) + "]"
    return scalar(node.text) if isinstance(node, Text) else '""'


def _each(nodes: list[tuple[str, Node]]) -> list[str] | None:
    parts: list[str] = []
    width = 0
    for key, node in nodes:
        inner = _inline(node)
        if inner is None:
            return None
        parts.append(f"{key}: {inner}" if key else inner)
        width += len(parts[-1])
        if width > WIDTH:
            return None
    return parts
