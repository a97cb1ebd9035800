"""Reading the tests of a flow file into plain values with places; running them is `workflow.testing`."""

from __future__ import annotations

from typing import Any

from intranet_surat.workflow import language
from intranet_surat.workflow.findings import quoted
from intranet_surat.workflow.loader_block import Block
from intranet_surat.workflow.loader_reading import Reading
from intranet_surat.workflow.model import FlowTest, Mark
from intranet_surat.workflow.nodes import Entry, Node, Pairs, Text, plain

INCLUDE = "include"
"""The key among the names of tests that takes over those of the base."""
MOST_TESTS = 100
MOST_STEPS = 200
_LONGEST_TITLE = 120
_KINDS = ("act", "wait", "read", "provider", "expect")


def read_tests(reading: Reading, node: Node | None) -> tuple[FlowTest, ...]:
    """The tests, by their titles."""
    pairs = reading.pairs(node, "'tests'") if node is not None else None
    if pairs is not None and len(pairs.entries) > MOST_TESTS:
        message = f"Ada {len(pairs.entries)} uji; sebuah alur paling banyak {MOST_TESTS}."
        reading.found.add(pairs.mark, message, rule="size")
        return ()
    if pairs is None:
        return ()
    include = language.at("tests")["include"]
    if INCLUDE in pairs.entries and isinstance(pairs.entries[INCLUDE].value, Text):
        message = f"'{INCLUDE}' hanya untuk alur yang memuat 'extends': {include.doc}"
        reading.found.add(pairs.entries[INCLUDE].key.mark, message, rule="extends")
    read = [_test(reading, entry) for entry in pairs if not isinstance(entry.value, Text)]
    for entry in pairs:
        if isinstance(entry.value, Text) and entry.key.text != INCLUDE:
            reading.pairs(entry.value, f"Uji {quoted(entry.key.text)}")
    return tuple(test for test in read if test is not None)


def _test(reading: Reading, entry: Entry) -> FlowTest | None:
    title = reading.text(entry.key, "Nama uji", _LONGEST_TITLE)
    block = Block.of(reading, entry.value, "test", "uji")
    if block is None or title is None:
        return None
    letter, org = _plain(block.take("letter")), _plain(block.take("org"))
    nodes = block.items("run")
    if len(nodes) > MOST_STEPS:
        message = f"Uji ini punya {len(nodes)} langkah; paling banyak {MOST_STEPS}."
        reading.found.add(block.at("run"), message, rule="size")
        return None
    steps: list[dict[str, Any]] = []
    marks: list[Mark] = []
    for node in nodes:
        inner = Block.of(reading, node, "step", "langkah uji")
        if inner is not None:
            steps.append(_step(inner))
            marks.append(inner.mark)
    return FlowTest(title.text, letter, org, tuple(steps), tuple(marks), entry.key.mark, block.take("through") or ())


def _plain(pairs: Pairs | None) -> dict[str, Any]:
    value = plain(pairs) if pairs is not None else {}
    return value if isinstance(value, dict) else {}


def _step(block: Block) -> dict[str, Any]:
    found = block.reading.found
    kinds = [key for key in _KINDS if key in block]
    if len(kinds) != 1:
        message = "Sebuah langkah memuat tepat satu dari: who dan act, wait, read, provider, expect."
        found.add(block.mark, message, rule="step", accepted=_KINDS)
        return {}
    kind = kinds[0]
    if (kind == "act") != ("who" in block):
        found.add(block.mark, "'who' dan 'act' selalu bersama.", rule="step")
    for key in ("form", "denied"):
        if key in block and kind != "act":
            found.add(block.at(key), f"'{key}' hanya untuk langkah dengan 'act'.", rule="step")
    if kind == "wait":
        block.take("wait")
        return {"wait": _text(block, "wait")}
    if kind == "read":
        return {"read": block.take("read") or ""}
    if kind == "provider":
        return {"provider": block.take("provider") or ""}
    if kind == "expect":
        return {"expect": _expect(block)}
    step: dict[str, Any] = {"who": block.take("who") or "", "act": block.take("act") or ""}
    step["form"] = _plain(block.take("form"))
    if "denied" in block:
        step["denied"] = block.take("denied") or ""
    return step


def _text(block: Block, key: str) -> str:
    """A value that was typed already, as it was written."""
    value = plain(block.entries[key].value)
    return value if isinstance(value, str) else ""


def _expect(block: Block) -> dict[str, Any]:
    inner = block.block("expect")
    if inner is None:
        return {}
    return {key: list(value) if isinstance(value := inner.take(key), tuple) else value for key in inner.entries}
