"""How a value is read for each type of the table of keywords: `READERS`.

Each reader answers None (or fewer values) when it refused something, which is then a finding already.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from intranet_surat.workflow import durations, rules
from intranet_surat.workflow.findings import quoted
from intranet_surat.workflow.language import Keyword
from intranet_surat.workflow.loader_reading import ID, LONGEST_EXPRESSION, LONGEST_NAME, Reading
from intranet_surat.workflow.model import Duration, Mark, See, Who
from intranet_surat.workflow.nodes import Items, Node, Pairs, Text

_REFERENCE = re.compile(r"(letter|item|form)\.([a-z][a-z0-9_]*)")
_BASE = re.compile(r"([a-z0-9][a-z0-9_-]*)@([1-9][0-9]{0,5})")
_PATH = re.compile(r"(\*|[a-z0-9_-]+)(\.(\*|[a-z0-9_-]+))*")
_BEFORE = " before"
_LONGEST_PATH = 300
_DEEPEST_PATH = 16
_ONLY = re.compile(r"only\s*(\[(?P<list>.*)\]|\s(?P<one>.*))", re.DOTALL)


DUE = "due"
"""The word of ``remind: at`` for the due instant itself."""


def label(keyword: Keyword) -> str:
    """How a key is named in sentences."""
    return f"'{keyword.key}'"


def _text(reading: Reading, keyword: Keyword, node: Node) -> str | None:
    text = reading.text(node, label(keyword))
    return text.text.strip() if text is not None else None


def _name(reading: Reading, keyword: Keyword, node: Node) -> str | None:
    return reading.name(node, label(keyword))


def _id(reading: Reading, keyword: Keyword, node: Node) -> str | None:
    return reading.name(node, label(keyword), ID)


def _names(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, ...]:
    return _each(_name, reading, keyword, node)


def _ids(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, ...]:
    return _each(_id, reading, keyword, node)


def _words(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, ...]:
    return _each(_word, reading, keyword, node)


def _each(
    one: Callable[[Reading, Keyword, Node], str | None], reading: Reading, keyword: Keyword, node: Node
) -> tuple[str, ...]:
    nodes = reading.several(node, label(keyword))
    return tuple(value for value in (one(reading, keyword, each) for each in nodes) if value is not None)


def _number(reading: Reading, keyword: Keyword, node: Node) -> int | None:
    text = reading.text(node, label(keyword))
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
    text = reading.text(node, label(keyword))
    if text is None or text.text in accepted:
        return None if text is None else text.text
    message = f"{quoted(text.text)} bukan isi yang diterima untuk '{keyword.key}'."
    reading.found.add(text.mark, message, rule="word", accepted=accepted, meant=text.text)
    return None


def _who(reading: Reading, keyword: Keyword, node: Node) -> tuple[Who, ...]:
    if keyword.required and isinstance(node, Items) and not node.items:
        reading.found.add(node.mark, f"{label(keyword)} tidak menyebut siapa pun.", rule="empty")
    return reading.whos(node, label(keyword))


def _one(reading: Reading, keyword: Keyword, node: Node) -> Who | None:
    return reading.who(node, label(keyword))


def _duration(reading: Reading, keyword: Keyword, node: Node) -> Duration | None:
    text = reading.text(node, label(keyword), LONGEST_NAME)
    return reading.part(durations.parse, text) if text is not None else None


def _within(reading: Reading, keyword: Keyword, node: Node) -> Duration | str | None:
    if isinstance(node, Text) and _REFERENCE.fullmatch(node.text):
        return node.text
    return _duration(reading, keyword, node)


def _expression(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, Any] | None:
    text = reading.text(node, label(keyword), LONGEST_EXPRESSION)
    tree = reading.part(rules.parse, text) if text is not None else None
    return None if text is None or tree is None else (text.text, tree)


def _sight(reading: Reading, keyword: Keyword, node: Node) -> See:
    match = _ONLY.fullmatch(node.text) if isinstance(node, Text) else None
    if match is None or not isinstance(node, Text):
        return See(reading.whos(node, label(keyword)))
    group = "list" if match["list"] is not None else "one"
    parts = Items(node.mark)
    for part in re.finditer(r"[^,]+", match[group]):
        text = part[0]
        column = node.mark.column + match.start(group) + part.start() + len(text) - len(text.lstrip())
        parts.items.append(Text(text.strip(), Mark(node.mark.file, node.mark.line, column)))
    return See(reading.whos(parts, label(keyword)), only=True)


def _levels(reading: Reading, keyword: Keyword, node: Node) -> Who | list[Node] | None:
    return node.items if isinstance(node, Items) else reading.who(node, label(keyword))


def _need(reading: Reading, keyword: Keyword, node: Node) -> str | None:
    if isinstance(node, Text) and re.fullmatch(r"all|any|[1-9][0-9]?", node.text):
        return node.text
    return _closed(reading, keyword, node, ("all", "any"))


def _field(reading: Reading, keyword: Keyword, node: Node) -> str | None:
    text = reading.text(node, label(keyword), LONGEST_NAME)
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
    return reading.who(node, label(keyword))


def _mapping(reading: Reading, keyword: Keyword, node: Node) -> Pairs | None:
    return reading.pairs(node, label(keyword))


def _list(reading: Reading, keyword: Keyword, node: Node) -> list[Node]:
    return reading.items(node, label(keyword))


def _moment(reading: Reading, keyword: Keyword, node: Node) -> Duration | str | None:
    """``due``, or the duration of ``<duration> before``."""
    text = reading.text(node, label(keyword), LONGEST_NAME)
    if text is None or text.text == DUE:
        return None if text is None else DUE
    if text.text.endswith(_BEFORE):
        return reading.part(durations.parse, Text(text.text.removesuffix(_BEFORE), text.mark))
    message = f"'{keyword.key}' berisi 'due' atau misalnya '1 working day before', bukan {quoted(text.text)}."
    reading.found.add(text.mark, message, rule="word", accepted=(DUE, "1 working day before"), meant=text.text)
    return None


def _either(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, tuple[str, ...]] | None:
    """The text, and its names, which ``or`` stands between."""
    text = reading.text(node, label(keyword), LONGEST_EXPRESSION)
    if text is None:
        return None
    names, column = list[str](), text.mark.column
    for part in re.split(r"(\s+or\s+)", text.text):
        if part.strip() != "or":
            name = reading.name(Text(part.strip(), Mark(text.mark.file, text.mark.line, column)), label(keyword))
            if name is None:
                return None
            names.append(name)
        column += len(part)
    return text.text, tuple(names)


def _moves(reading: Reading, keyword: Keyword, node: Node) -> dict[str, str]:
    """Old name -> new name."""
    named = reading.named(node, label(keyword), "keadaan lama")
    return {old: new for old, _, value in named if (new := reading.name(value, "Keadaan baru")) is not None}


def _track_moves(reading: Reading, keyword: Keyword, node: Node) -> dict[str, dict[str, str]]:
    return {name: _moves(reading, keyword, value) for name, _, value in reading.named(node, label(keyword), "jalur")}


def _base(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, int] | None:
    text = reading.text(node, label(keyword), LONGEST_NAME)
    match = _BASE.fullmatch(text.text) if text is not None else None
    if text is not None and match is None:
        message = f"'{keyword.key}' ditulis id@versi, misalnya surat-masuk@2, bukan {quoted(text.text)}."
        reading.found.add(text.mark, message, rule="extends")
    return None if match is None else (match[1], int(match[2]))


def _path(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, ...] | None:
    text = reading.text(node, label(keyword), _LONGEST_PATH)
    if text is None:
        return None
    path = tuple(text.text.split("."))
    if _PATH.fullmatch(text.text) and len(path) <= _DEEPEST_PATH:
        return path
    message = f"'{keyword.key}' berisi paling banyak {_DEEPEST_PATH} nama dipisahkan titik, bukan {quoted(text.text)}."
    reading.found.add(text.mark, message, rule="path")
    return None


def _pair(reading: Reading, keyword: Keyword, node: Node) -> tuple[str, str] | None:
    names = _names(reading, keyword, node)
    if isinstance(node, Items) and len(node.items) == len(names) == 2:
        return names[0], names[1]
    if not isinstance(node, Items) or len(node.items) == len(names):
        reading.found.add(node.mark, f"'{keyword.key}' memuat dua keadaan, misalnya [a, b].", rule="type")
    return None


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
    "named": _mapping,
    "people": _mapping,
    "forms": _mapping,
    "tests": _mapping,
    "values": _mapping,
    "any": _raw,
    "list": _list,
    "moment": _moment,
    "either": _either,
    "moves": _moves,
    "track-moves": _track_moves,
    "base": _base,
    "path": _path,
    "pair": _pair,
}
