"""One mapping of a flow file, read as one place of the language by the table of keywords.

Which values become which part of the model is decided by the other loader modules.
"""

from __future__ import annotations

from itertools import islice
from typing import Any

from intranet_surat.workflow import language
from intranet_surat.workflow.findings import nearest, quoted
from intranet_surat.workflow.loader_reading import MOST_NAMES, Reading
from intranet_surat.workflow.loader_values import READERS, label
from intranet_surat.workflow.model import Mark
from intranet_surat.workflow.nodes import Broken, Node, Pairs, Text

_MOST_STRANGE = 20  # unknown keys of one mapping that are looked at for what was probably meant


class Block:
    """One mapping of the file, read as one place of the language."""

    def __init__(self, reading: Reading, pairs: Pairs, where: str, what: str) -> None:
        self.reading = reading
        self.mark = pairs.mark
        self.what = what
        self.where = where
        self.keywords = language.at(where)
        self.entries = {entry.key.text: entry for entry in pairs if self._known(entry.key)}
        # A key that was misspelt is not told a second time as missing.
        strange = islice((key for key in pairs.entries if key not in self.keywords), _MOST_STRANGE)
        guesses = {nearest(key, list(self.keywords)) for key in strange}
        for keyword in self.keywords.values():
            if keyword.required and keyword.key not in pairs.entries and keyword.key not in guesses:
                message = f"{what} harus memuat '{keyword.key}': {keyword.doc}"
                reading.found.add(pairs.mark, message, rule="missing-key")

    @staticmethod
    def of(reading: Reading, node: Node, where: str, what: str) -> Block | None:
        """The mapping ``node`` read as the place ``where``, or None when it is no mapping."""
        pairs = reading.pairs(node, what)
        return None if pairs is None else Block(reading, pairs, where, what)

    def _known(self, key: Text) -> bool:
        keyword = self.keywords.get(key.text)
        found = self.reading.found
        if keyword is None:
            message = f"Kunci {quoted(key.text)} tidak dikenal di sini ({self.what})."
            found.add(key.mark, message, rule="unknown-key", accepted=list(self.keywords), meant=key.text)
        return keyword is not None

    def __contains__(self, key: str) -> bool:
        return key in self.entries

    def at(self, key: str) -> Mark:
        """The place of the value of ``key``, or of the whole mapping."""
        entry = self.entries.get(key)
        return entry.value.mark if entry else self.mark

    def take(self, key: str) -> Any:
        """The value of ``key``, typed as the table says; None when absent or refused."""
        keyword = self.keywords[key]
        entry = self.entries.get(key)
        if entry is None or isinstance(entry.value, Broken):
            return None
        return READERS[keyword.type](self.reading, keyword, entry.value)

    def block(self, key: str) -> Block | None:
        """The mapping under ``key``, read as the place that the table says it holds."""
        keyword, entry = self.keywords[key], self.entries.get(key)
        return Block.of(self.reading, entry.value, keyword.holds, label(keyword)) if entry is not None else None

    def items(self, key: str) -> list[Node]:
        """The list under ``key``; empty when absent."""
        return self.take(key) or []

    def blocks(self, key: str, most: int = MOST_NAMES) -> list[Block]:
        """The mappings in the list under ``key``, each read as the place that the table says it holds."""
        nodes, where = self.items(key), self.keywords[key].holds
        if len(nodes) > most:
            message = f"'{key}' memuat {len(nodes)} butir; paling banyak {most}."
            self.reading.found.add(self.at(key), message, rule="size")
            return []
        read = [Block.of(self.reading, node, where, f"butir '{key}'") for node in nodes]
        return [block for block in read if block is not None]

    def exactly_one(self, keys: tuple[str, ...], what: str) -> str | None:
        """The one of these keys that is there; a finding when none or several are."""
        there = [key for key in keys if key in self]
        if len(there) == 1:
            return there[0]
        message = f"{what} memuat tepat satu dari: {', '.join(keys)}."
        self.reading.found.add(self.mark, message, rule="missing-key" if not there else "state-shape", accepted=keys)
        return None
