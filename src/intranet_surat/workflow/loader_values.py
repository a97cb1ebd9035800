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
_ONLY = re.compile(r"only\s*(\[(?P<list>.*)\]|\s(?P<one>.*))", re.DOTALL)


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
    nodes = node.items if isinstance(node, Items) else [node]
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
