"""A flow told in sentences: complete, in Indonesian, and for the shipped flows exactly as approved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from intranet_surat.workflow import language
from intranet_surat.workflow.diff import diff
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.tell import tell

HERE = Path(__file__).parent
SHIPPED = sorted((Path(__file__).parents[3] / "workflows").glob("*.yaml"))
RICH = load((HERE / "flows" / "lengkap.yaml").read_text("utf-8"), "lengkap.yaml")

NOT_TOLD = {
    # places in files, and texts that the rest of the model says already
    "mark", "marks", "text", "act", "hash", "source", "written",
    # what designers call things: only titles, and names that have no title, are told
    "name",
    # the steps of tests
    "letter", "org", "run",
}  # fmt: skip
OTHER = {
    "direction": "keluar", "unit": "hours", "outcome": "withdrawn", "if_file_changes": "keep", "until": "any",
    "do": "reassign", "stand_in": "plt", "kind": "always_possible", "change": "shorter", "need": "any",
    "type": "text", "op": "superior", "quantity": "some", "number_at_end": "void", "within": "item.batas_lain",
    "root": "letter",
}  # fmt: skip
ANOTHER = {
    "direction": "masuk", "outcome": "done", "until": "most", "do": "notify", "stand_in": "substitute",
    "change": "free", "need": "all", "type": "date", "quantity": "no", "number_at_end": "keep", "unit": "days",
    "root": "item",
}  # fmt: skip


def told(flow: Flow) -> list[str]:
    return [each.text for each in tell(flow)]


def changed(value: Any, where: str, inside: str = "") -> Iterator[tuple[str, Any]]:
    """The value with one thing in it changed, for every thing in it; with the place."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            if each.name in NOT_TOLD and not (each.name == "source" and inside in ("forms", "migrate")):
                continue
            if _silent(value, each.name, where):
                continue
            for place, other in changed(getattr(value, each.name), f"{where}.{each.name}", each.name):
                yield place, replace(value, **{each.name: other})
    elif isinstance(value, Mapping):
        if value and inside != "options":
            kept = dict(value)
            kept.popitem()
            yield f"{where}: one less", kept
        for key, one in value.items():
            for place, other in changed(one, f"{where}[{key}]", inside):
                yield place, {**value, key: other}
    elif isinstance(value, tuple):
        whole = inside in ("args", "path", "between")  # has as many parts as it must have
        if value and not whole:
            yield f"{where}: one less", value[:-1]
        for number, one in enumerate(value):
            if whole or not isinstance(one, str):
                for place, other in changed(one, f"{where}[{number}]", inside):
                    yield place, (*value[:number], other, *value[number + 1 :])
    elif isinstance(value, bool):
        yield where, not value
    elif isinstance(value, int):
        yield where, value + 1
    elif isinstance(value, str):
        yield where, _word(value, inside)


def _silent(value: Any, name: str, where: str) -> bool:
    """What a part has that means nothing where it stands."""
    kind = type(value).__name__
    if kind == "Action" and (where.endswith((".reject", ".prepare"))):
        # who refuses or prepares, and whether a stand-in may, is said by the route and the signature
        return name in ("by", "stand_in", "entered_by", "fan_out", "needs") or (
            name == "to" and where.endswith(".prepare")
        )
    if kind == "Who":
        return name == "op" and value.op not in ("superior", "staff")
    if kind == "Promise":
        return name == "kind"
    if kind in ("Absence", "Opening"):
        return (name, value.stand_in if kind == "Absence" else bool(value.between)) in (
            ("needs_order", "none"),
            ("change", True),
        )
    return kind == "Compare" and name == "op"


def _word(value: str, inside: str) -> Any:
    if inside in OTHER:
        return OTHER[inside] if value != OTHER[inside] else ANOTHER.get(inside, "staff")
    return f"{value} lain"


FLOWS = [RICH, *(load(path.read_text("utf-8"), path.name) for path in SHIPPED)]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.id)
def test_whatever_is_changed_in_a_flow_is_told_otherwise_and_stands_in_the_difference(flow):
    before, silent, count = told(flow), [], 0
    for place, other in changed(flow, flow.id):
        count += 1
        try:
            after = told(other)
            said = bool(diff(flow, other).words) or place.endswith(".version")
        except KeyError:
            continue  # a rule that is needed was taken away: the loader refuses such a flow
        if after == before or not said:
            silent.append(place)
    assert silent == []
    assert count > 100


def test_the_difference_that_each_change_makes_is_told_as_approved(approved):
    """One change of each kind of place; what stands after the place is what a designer reads."""
    found, seen = [], set()
    for place, other in changed(RICH, RICH.id):
        kind = re.sub(r"\[[^]]*\]", "[*]", place)
        if kind in seen:
            continue
        seen.add(kind)
        found.append(place)
        try:
            found += [
                f"  {change} ({change.mark.line}:{change.mark.column})" if change.mark else f"  {change}"
                for change in diff(RICH, other).words
            ]
        except KeyError:
            found.append("  (a rule that is needed was taken away)")
    approved("differences_lengkap.txt", found)


def test_every_sentence_of_the_flow_with_all_keywords_is_told_as_approved(approved):
    approved("told_lengkap.txt", [f"{each.part} | {'.'.join(each.key)} | {each.text}" for each in tell(RICH)])


def test_the_flow_of_this_test_uses_every_keyword_that_makes_a_flow():
    tree = yaml.load((HERE / "flows" / "lengkap.yaml").read_text("utf-8"), yaml.BaseLoader)
    used = set(_keys(tree))
    left_out = {"extends", "tests", "test", "step", "expect", "change", "set", "insert_between", "remove"}
    places = {word.where for word in language.KEYWORDS} - {"test", "step", "expect", "change"}
    missing = {
        word.key
        for word in language.KEYWORDS
        if not word.later and word.where in places and word.key not in used | left_out and word.key != "include"
    }
    assert missing - {"state", "set"} == set()


def _keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _keys(value)
    elif isinstance(node, list):
        for one in node:
            yield from _keys(one)


def test_durations_and_people_are_told_in_indonesian():
    said = " ".join(told(RICH))
    assert "3 hari kerja" in said
    assert "4 jam kerja" in said
    for word in ("working", "hours", "superiors", "holder of", "staff under", "None", "True"):
        assert word not in said


def test_a_title_that_two_states_share_is_told_with_their_names():
    states = {name: replace(state, title="Sama") for name, state in RICH.states.items()}
    said = " ".join(told(replace(RICH, states=states)))
    assert "“Sama” (konsep)" in said


def test_every_sentence_has_its_place_and_its_heading():
    for each in tell(RICH):
        assert each.part
        assert each.text[0].isupper() or each.text[0] in "“0123456789"
        assert each.text.endswith(".")
        assert not each.text.endswith("..")
    placed = [each for each in tell(RICH) if each.key[0] in ("states", "tracks")]
    assert all(each.mark is not None and each.mark.file == "lengkap.yaml" for each in placed)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_flow_is_told_as_approved(path):
    """Renew with: surat flow tell workflows/NAME.yaml > tests/unit/workflow/told/NAME.txt ."""
    lines = []
    for each in tell(load(path.read_text("utf-8"), path.name)):
        if not lines or lines[-1][0] != each.part:
            lines += [("", "")] * bool(lines) + [(each.part, each.part)]
        lines.append((each.part, f"  {each.text}"))
    assert "\n".join(line for _, line in lines) + "\n" == (HERE / "told" / f"{path.stem}.txt").read_text("utf-8")
