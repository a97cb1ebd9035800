"""The basic readings of a node of a flow file: a mapping, a list, a line, a name, an expression.

What a key means, and the types of values, are known in `workflow.loader_block` and `workflow.loader_values`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from intranet_surat.workflow import cast
from intranet_surat.workflow.findings import FlowError, Found, quoted
from intranet_surat.workflow.model import Mark, Who
from intranet_surat.workflow.nodes import Broken, Items, Node, Pairs, Text

LONGEST_NAME = 64
LONGEST_TEXT = 400
LONGEST_EXPRESSION = 1000
MOST_NAMES = 200

NAME = re.compile(r"[a-z][a-z0-9_]*")
ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_MISSING_QUOTES = "Isi berupa kalimat; apit dengan tanda kutip bila memuat titik dua, kurung, atau koma."

Value = TypeVar("Value")


class Reading:
    """One reading of one file: where findings go, and which effects this application runs (None: unknown)."""

    def __init__(self, found: Found, effects: Mapping[str, frozenset[str]] | None) -> None:
        self.found = found
        self.effects = effects

    def pairs(self, node: Node, what: str) -> Pairs | None:
        """``node`` if it is a mapping, else a finding."""
        if isinstance(node, Pairs):
            return node
        if not isinstance(node, Broken):
            self.found.add(node.mark, f"{what} harus berupa kunci dan isi.", rule="type")
        return None

    def items(self, node: Node, what: str) -> list[Node]:
        """The items of ``node`` if it is a list, else a finding and nothing."""
        if isinstance(node, Items):
            return node.items
        if not isinstance(node, Broken):
            self.found.add(node.mark, f"{what} harus berupa daftar, misalnya [a, b].", rule="type")
        return []

    def text(self, node: Node, what: str, longest: int = LONGEST_TEXT) -> Text | None:
        """``node`` if it is a non-empty line of text that is not too long."""
        if isinstance(node, Broken):
            return None
        if not isinstance(node, Text):
            self.found.add(node.mark, f"{what} harus berupa teks. {_MISSING_QUOTES}", rule="type")
            return None
        if not node.text.strip():
            self.found.add(node.mark, f"{what} masih kosong.", rule="empty")
            return None
        if len(node.text) > longest:
            message = f"{what} terlalu panjang: {len(node.text)} huruf, paling banyak {longest}."
            self.found.add(node.mark, message, rule="size")
            return None
        if "\n" in node.text.rstrip("\n"):
            self.found.add(node.mark, f"{what} harus satu baris.", rule="type")
            return None
        return node

    def name(self, node: Node, what: str, pattern: re.Pattern[str] = NAME) -> str | None:
        """``node`` if it is a name of the simple form."""
        text = self.text(node, what, LONGEST_NAME)
        if text is None:
            return None
        if pattern.fullmatch(text.text):
            return text.text
        extra = "tanda hubung" if pattern is ID else "garis bawah"
        message = f"{what} {quoted(text.text)} harus terdiri atas huruf kecil, angka, dan {extra}."
        self.found.add(text.mark, message, rule="name")
        return None

    def named(
        self, node: Node | None, what: str, each: str, most: int = MOST_NAMES
    ) -> Iterator[tuple[str, Text, Node]]:
        """The entries of a mapping whose keys are names of the designer: (name, key, value)."""
        pairs = self.pairs(node, what) if node is not None else None
        for count, entry in enumerate(pairs or ()):
            if count >= most:
                message = f"{what} memuat lebih dari {most} nama; sebuah alur jauh lebih kecil."
                self.found.add(entry.key.mark, message, rule="size")
                return
            name = self.name(entry.key, f"Nama {each}")
            if name is not None:
                yield name, entry.key, entry.value

    def part(self, parse: Callable[[str, Mark], Value], text: Text) -> Value | None:
        """What ``parse`` makes of an expression; its findings become ours."""
        try:
            return parse(text.text, text.mark)
        except FlowError as error:
            self.found.take(error)
            return None

    def who(self, node: Node, what: str) -> Who | None:
        """One cast expression."""
        text = self.text(node, what, LONGEST_EXPRESSION)
        return self.part(cast.parse, text) if text is not None else None

    def whos(self, node: Node, what: str) -> tuple[Who, ...]:
        """One cast expression or a list of them."""
        read = [self.who(one, what) for one in self.several(node, what)]
        return tuple(who for who in read if who is not None)

    def several(self, node: Node, what: str) -> list[Node]:
        """The items of a list, or the one node that is none; nothing when there are too many."""
        if not isinstance(node, Items):
            return [node]
        if len(node.items) > MOST_NAMES:
            message = f"{what} memuat {len(node.items)} butir; paling banyak {MOST_NAMES}."
            self.found.add(node.mark, message, rule="size")
            return []
        return node.items
