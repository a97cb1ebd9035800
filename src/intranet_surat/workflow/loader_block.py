"""Reading one mapping of a flow file by the table of keywords: keys checked, values typed.

Which values become which part of the model is decided by the other loader modules.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from intranet_surat.workflow import cast, durations, language, rules
from intranet_surat.workflow.findings import FlowError, Found, quoted
from intranet_surat.workflow.language import Keyword
from intranet_surat.workflow.model import Duration, Mark, See, Who
from intranet_surat.workflow.nodes import Broken, Items, Node, Pairs, Text

LONGEST_NAME = 64
LONGEST_TEXT = 400
LONGEST_EXPRESSION = 1000
MOST_NAMES = 200

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
_REFERENCE = re.compile(r"(letter|item|form)\.([a-z][a-z0-9_]*)")
_ONLY = re.compile(r"only\s*(\[(?P<list>.*)\]|\s(?P<one>.*))", re.DOTALL)
_MISSING_QUOTES = "Isi berupa kalimat; apit dengan tanda kutip bila memuat titik dua, kurung, atau koma."

Value = TypeVar("Value")


class Reading:
    """One reading of one file: where findings go, and which effects this application runs."""

    def __init__(self, found: Found, effects: Mapping[str, frozenset[str]] | None) -> None:
        self.found = found
        self.effects = effects

    def block(self, node: Node, where: str, what: str) -> Block | None:
        """The mapping ``node`` read as a place of the language, or None when it is no mapping."""
        pairs = self.pairs(node, what)
        return None if pairs is None else Block(self, pairs, where, what)

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

    def name(self, node: Node, what: str, pattern: re.Pattern[str] = _NAME) -> str | None:
        """``node`` if it is a name of the simple form."""
        text = self.text(node, what, LONGEST_NAME)
        if text is None:
            return None
        if pattern.fullmatch(text.text):
            return text.text
        extra = "tanda hubung" if pattern is _ID else "garis bawah"
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
        nodes = node.items if isinstance(node, Items) else [node]
        read = [self.who(one, what) for one in nodes]
        return tuple(who for who in read if who is not None)


class Block:
    """One mapping of the file, read as one place of the language."""

    def __init__(self, reading: Reading, pairs: Pairs, where: str, what: str) -> None:
        self.reading = reading
        self.mark = pairs.mark
        self.what = what
        self.where = where
        self.keywords = language.at(where)
        self.entries = {entry.key.text: entry for entry in pairs if self._known(entry.key)}
        for keyword in self.keywords.values():
            if keyword.required and keyword.key not in pairs.entries:
                message = f"{what} harus memuat '{keyword.key}': {keyword.doc}"
                reading.found.add(pairs.mark, message, rule="missing-key")

    def _known(self, key: Text) -> bool:
        keyword = self.keywords.get(key.text)
        found = self.reading.found
        if keyword is not None and not keyword.later:
            return True
        if keyword is not None:
            message = f"Kunci '{keyword.key}' dikenal bahasa ini, tetapi belum dijalankan; hapus kunci itu."
            found.add(key.mark, message, rule="later-key")
            return False
        accepted = [one.key for one in self.keywords.values() if not one.later]
        message = f"Kunci {quoted(key.text)} tidak dikenal di sini ({self.what})."
        found.add(key.mark, message, rule="unknown-key", accepted=accepted, meant=key.text)
        return False

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

    def block(self, key: str, where: str) -> Block | None:
        """The mapping under ``key``, read as the place ``where``."""
        keyword, entry = self.keywords[key], self.entries.get(key)
        return self.reading.block(entry.value, where, _label(keyword)) if entry is not None else None

    def items(self, key: str) -> list[Node]:
        """The list under ``key``; empty when absent."""
        return self.take(key) or []


def _label(keyword: Keyword) -> str:
    return f"'{keyword.key}'"


def _text(reading: Reading, keyword: Keyword, node: Node) -> str | None:
    text = reading.text(node, _label(keyword))
    return text.text.strip() if text is not None else None


def _name(reading: Reading, keyword: Keyword, node: Node) -> str | None:
    return reading.name(node, _label(keyword))


def _id(reading: Reading, keyword: Keyword, node: Node) -> str | None:
    return reading.name(node, _label(keyword), _ID)


def _names(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, ...]:
    return _each(_name, reading, keyword, node)


def _ids(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, ...]:
    return _each(_id, reading, keyword, node)


def _words(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, ...]:
    return _each(_word, reading, keyword, node)


def _each(
    one: Callable[[Reading, Keyword, Node], str | None], reading: Reading, keyword: Keyword, node: Node
) -> tuple[str, ...]:
    nodes = node.items if isinstance(node, Items) else [node]
    return tuple(value for value in (one(reading, keyword, each) for each in nodes) if value is not None)


def _number(reading: Reading, keyword: Keyword, node: Node) -> int | None:
    text = reading.text(node, _label(keyword))
    if text is None:
        return None
    if re.fullmatch(r"[1-9][0-9]{0,5}", text.text):
        return int(text.text)
    message = f"'{keyword.key}' harus bilangan bulat mulai 1, bukan {quoted(text.text)}."
    reading.found.add(text.mark, message, rule="type")
    return None


def _yes_no(reading: Reading, keyword: Keyword, node: Node) -> bool | None:
    word = _closed(reading, keyword, node, ("true", "false"))
    return None if word is None else word == "true"


def _word(reading: Reading, keyword: Keyword, node: Node) -> str | None:
    return _closed(reading, keyword, node, keyword.values)


def _closed(reading: Reading, keyword: Keyword, node: Node, accepted: tuple[str, ...]) -> str | None:
    text = reading.text(node, _label(keyword))
    if text is None or text.text in accepted:
        return None if text is None else text.text
    message = f"{quoted(text.text)} bukan isi yang diterima untuk '{keyword.key}'."
    reading.found.add(text.mark, message, rule="word", accepted=accepted, meant=text.text)
    return None


def _who(reading: Reading, keyword: Keyword, node: Node) -> tuple[Who, ...]:
    return reading.whos(node, _label(keyword))


def _one(reading: Reading, keyword: Keyword, node: Node) -> Who | None:
    return reading.who(node, _label(keyword))


def _duration(reading: Reading, keyword: Keyword, node: Node) -> Duration | None:
    text = reading.text(node, _label(keyword), LONGEST_NAME)
    return reading.part(durations.parse, text) if text is not None else None


def _within(reading: Reading, keyword: Keyword, node: Node) -> Duration | str | None:
    if isinstance(node, Text) and _REFERENCE.fullmatch(node.text):
        return node.text
    return _duration(reading, keyword, node)


def _expression(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, Any] | None:
    text = reading.text(node, _label(keyword), LONGEST_EXPRESSION)
    tree = reading.part(rules.parse, text) if text is not None else None
    return None if text is None or tree is None else (text.text, tree)


def _sight(reading: Reading, keyword: Keyword, node: Node) -> See:
    match = _ONLY.fullmatch(node.text) if isinstance(node, Text) else None
    if match is None or not isinstance(node, Text):
        return See(reading.whos(node, _label(keyword)))
    group = "list" if match["list"] is not None else "one"
    parts = Items(node.mark)
    for part in re.finditer(r"[^,]+", match[group]):
        text = part[0]
        column = node.mark.column + match.start(group) + part.start() + len(text) - len(text.lstrip())
        parts.items.append(Text(text.strip(), Mark(node.mark.file, node.mark.line, column)))
    return See(reading.whos(parts, _label(keyword)), only=True)


def _levels(reading: Reading, keyword: Keyword, node: Node) -> Who | list[Node] | None:
    return node.items if isinstance(node, Items) else reading.who(node, _label(keyword))


def _need(reading: Reading, keyword: Keyword, node: Node) -> str | None:
    if isinstance(node, Text) and re.fullmatch(r"all|any|[1-9][0-9]?", node.text):
        return node.text
    return _closed(reading, keyword, node, ("all", "any"))


def _field(reading: Reading, keyword: Keyword, node: Node) -> str | None:
    text = reading.text(node, _label(keyword), LONGEST_NAME)
    if text is None:
        return None
    match = _REFERENCE.fullmatch(text.text)
    if match is not None and match[1] == "form":
        return match[2]
    message = f"'{keyword.key}' harus menunjuk isian formulir, misalnya form.kepada, bukan {quoted(text.text)}."
    reading.found.add(text.mark, message, rule="type")
    return None


def _source(reading: Reading, keyword: Keyword, node: Node) -> Who | str | None:
    if isinstance(node, Text) and node.text.startswith("form."):
        return _field(reading, keyword, node)
    return reading.who(node, _label(keyword))


def _mapping(reading: Reading, keyword: Keyword, node: Node) -> Pairs | None:
    return reading.pairs(node, _label(keyword))


def _list(reading: Reading, keyword: Keyword, node: Node) -> list[Node]:
    return reading.items(node, _label(keyword))


def _raw(_reading: Reading, _keyword: Keyword, node: Node) -> Node:
    return node


READERS: dict[str, Callable[[Reading, Keyword, Node], Any]] = {
    "text": _text,
    "name": _name,
    "names": _names,
    "id": _id,
    "ids": _ids,
    "number": _number,
    "yes-no": _yes_no,
    "word": _word,
    "words": _words,
    "who": _who,
    "one": _one,
    "duration": _duration,
    "within": _within,
    "expression": _expression,
    "sight": _sight,
    "levels": _levels,
    "need": _need,
    "default": _raw,
    "field": _field,
    "source": _source,
    "mapping": _mapping,
    "list": _list,
}
