from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from approved_values import finding, lines
from engine_cases import HERE, flow, stage
from hypothesis import given
from hypothesis import strategies as st
from told_once import once

from intranet_surat.workflow import judging, rules
from intranet_surat.workflow.chart import chart
from intranet_surat.workflow.findings import Finding, FlowError
from intranet_surat.workflow.model import Mark
from intranet_surat.workflow.rehearsal import actor

PLAIN = flow("""
states:
  konsep: {start: true, actions: {kirim: {by: author, to: terkirim}}}
  terkirim: {final: true}
rules:
  benar: {if: letter.a is satu, says: Salah.}
  berantai: {if: benar and letter.b is dua, says: Salah.}
""")


def holds(text: str, letter: dict[str, Any] | None = None, form: dict[str, Any] | None = None, who: str = "a") -> bool:
    on = stage(PLAIN, letter or {})
    return judging.holds(rules.parse(text, HERE), PLAIN, on.letter, actor(who), on.setting, form=form)


@pytest.mark.parametrize(
    ("text", "letter", "expected"),
    [
        ("letter.a is satu", {"a": "satu"}, True),
        ("letter.a is satu", {"a": "dua"}, False),
        ("letter.a is satu", {}, False),
        ("letter.a is not satu", {}, True),
        ('letter.a is "dua kata"', {"a": "dua kata"}, True),
        ("letter.a is 900", {"a": "900"}, True),
        ("letter.a is yes", {"a": True}, True),
        ("letter.a is no", {"a": False}, True),
        ("letter.security not in [R, SR]", {"security": "B"}, True),
        ("letter.security not in [R, SR]", {"security": "SR"}, False),
        ("letter.security in [R, SR]", {"security": "R"}, True),
        ("letter.security in [R, SR]", {}, False),
        ('letter.classification under "900"', {"classification": "900"}, True),
        ('letter.classification under "900"', {"classification": "900.1.3"}, True),
        ('letter.classification under "900"', {"classification": "9001"}, False),
        ("letter.classification under 900.1", {"classification": "900.10"}, False),
        ('letter.classification under "900"', {}, False),
        ("letter.body is present", {"body": {"v": 1}}, True),
        ("letter.body is present", {"body": {}}, False),
        ("letter.body is present", {"body": ""}, False),
        ("letter.body is absent", {}, True),
        ("letter.lapor is present", {"lapor": False}, True),
        ("letter.signed is none", {"signed": None}, True),
        ("letter.signed is none", {"signed": "wet"}, False),
        ("letter.a equals letter.b", {"a": "x", "b": "x"}, True),
        ("letter.a equals letter.b", {"a": "x", "b": "y"}, False),
        ("letter.a equals letter.b", {}, False),
        ("letter.a before letter.b", {"a": "2026-11-20", "b": "2026-11-21"}, True),
        ("letter.a before letter.b", {"a": "2026-11-21", "b": "2026-11-21"}, False),
        ("letter.a before 2026-11-22", {"a": "2026-11-21T23:30:00+07:00"}, True),
        ("letter.a before 2026-11-22", {"a": "2026-11-21T18:00:00+00:00"}, False),  # next day in Serang
        ("letter.a before letter.b", {"a": "kemarin", "b": "2026-11-21"}, False),
        ("benar", {"a": "satu"}, True),
        ("berantai", {"a": "satu", "b": "dua"}, True),
        ("not benar or letter.c is present", {"a": "satu"}, False),
        ("letter.a is x and (letter.b is y or letter.b is z)", {"a": "x", "b": "z"}, True),
        ("letter.a is x or letter.b is y and letter.c is z", {"a": "x"}, True),
        ("state is konsep", {}, True),
        ("state is terkirim", {}, False),
        ("letter.tags is merah", {"tags": ["putih", "merah"]}, True),
    ],
)
def test_a_rule_is_judged_on_the_fields_of_the_letter(text: str, letter: dict[str, Any], expected: bool) -> None:
    assert holds(text, letter) is expected


def test_what_was_entered_is_read_with_its_parts() -> None:
    rule = "form.pindai.code equals letter.print_code"
    assert holds(rule, {"print_code": "abc"}, {"pindai": {"code": "abc"}})
    assert not holds(rule, {"print_code": "abc"}, {"pindai": {"code": "lain"}})
    assert not holds(rule, {"print_code": "abc"}, {"pindai": "abc"})
    assert not holds(rule, {}, {"pindai": {}})


def test_a_rule_depends_on_the_form_also_through_another_rule() -> None:
    made = flow("""
    states:
      konsep: {start: true, actions: {kirim: {by: author, ask: f, needs: luar, to: terkirim}}}
      terkirim: {final: true}
    forms: {f: {x: {type: text}}}
    rules:
      luar: {if: not dalam, says: Salah.}
      dalam: {if: form.x is satu, says: Salah.}
      lain: {if: letter.a is satu, says: Salah.}
    """)
    assert chart(made, None).asks("luar")
    assert not chart(made, None).asks("lain")


@pytest.mark.parametrize(
    ("quantity", "state", "outcomes", "expected"),
    [
        ("all", "final", ["done", "returned"], True),
        ("all", "final", ["done", None], False),
        ("all", "final", [], True),
        ("some", "open", ["done", None], True),
        ("some", "open", ["done"], False),
        ("no", "open", ["done"], True),
        ("no", "selesai", ["done"], False),
    ],
)
def test_rules_about_children(quantity: str, state: str, outcomes: list[str | None], expected: bool) -> None:
    on = stage(PLAIN)
    children = [SimpleNamespace(track="t", state="selesai" if one else "baru", outcome=one) for one in outcomes]
    children.append(SimpleNamespace(track="jalur_lain", state="baru", outcome=None))
    item = SimpleNamespace(children=children, letter=on.letter, fields={}, state="konsep", acts=(), track=None, id="x")
    tree = rules.parse(f"{quantity} t is {state}", HERE)
    assert judging.holds(tree, PLAIN, item, None, on.setting) is expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "column", "accepted"),
    [
        ("letter.a iz satu", 10, "is"),
        ("letter.a not in R", 17, "["),
        ("letter.a is", 12, "present"),
        ("actor among", 12, "actors"),
        ("letter.a is satu and", 21, "not"),
        ("letter.a is satu letter.b is dua", 18, "and"),
    ],
)
def test_a_mistake_is_pointed_at_inside_the_text(text: str, column: int, accepted: str) -> None:
    with pytest.raises(FlowError) as error:
        rules.parse(text, Mark("a.yaml", 7, 11))
    (finding,) = error.value.findings
    assert (finding.mark.line, finding.mark.column) == (7, 10 + column)
    assert accepted in finding.accepted


def test_a_rule_may_be_long_and_nested_but_not_longer() -> None:
    for right, wrong in (("(" * 40 + "a" + ")" * 40, "(" * 41 + "a" + ")" * 41), ("not " * 40 + "a", "not " * 41 + "a"),
                         ("a" * 2000, "a" * 2001)):  # fmt: skip
        rules.parse(right, HERE)
        with pytest.raises(FlowError) as error:
            rules.parse(wrong, HERE)
        message = "Rumus ini terlalu panjang; pecah menjadi beberapa rumus bernama."
        assert error.value.findings == (Finding(HERE, message, rule="rule"),)


def test_rules_that_nest_without_end_are_refused() -> None:
    with pytest.raises(FlowError, match="terlalu panjang"):
        rules.parse("(" * 50 + "a" + ")" * 50, HERE)
    with pytest.raises(FlowError, match="terlalu panjang"):
        rules.parse("not " * 50 + "a", HERE)
    with pytest.raises(FlowError, match="terlalu panjang"):
        rules.parse("a and " * 1000 + "a", HERE)


def test_the_tree_can_be_walked_for_its_names_and_fields() -> None:
    tree = rules.parse("not (a or state is s) and some t is open and form.x.code equals letter.y", HERE)
    kinds = {type(node).__name__ for node in rules.walk(tree)}
    assert kinds == {"Both", "Not", "Either", "Named", "InState", "Children", "Compare"}
    assert [(ref.root, ref.path) for ref in rules.references(tree)] == [("form", ("x", "code")), ("letter", ("y",))]


VALUES = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.dates().map(str)
ANY = st.recursive(
    VALUES, lambda one: st.lists(one, max_size=3) | st.dictionaries(st.text(max_size=3), one), max_leaves=5
)
QUESTIONS = [
    "letter.a is x",
    "letter.a in [x, y]",
    'letter.a under "x"',
    "letter.a equals form.b",
    "form.b before letter.a",
    "letter.a.b.c is present",
    "letter.a is none",
    "actor among actors of konsep",
]


@given(st.sampled_from(QUESTIONS), ANY, ANY)
def test_every_question_has_an_answer_whatever_stands_in_the_fields(question: str, a: Any, b: Any) -> None:
    assert holds(question, {"a": a}, {"b": b}) in (True, False)
    assert holds(f"not {question}", {"a": a}, {"b": b}) is not holds(question, {"a": a}, {"b": b})


RIGHT = """\
letter.a is x
letter.a is not "dua kata"
letter.a in [x, "dua kata", 900.1-2]
letter.a not in [x]
letter.a under "900"
letter.a is present
item.a is absent
form.a is none
letter.a equals form.b.code
item.a before 2026-01-02
letter.a before letter.b
actor among kepala
actor not among kepala
actor among actors of konsep
actor not among actors of konsep
state is konsep
provider is away
all t is final
some t is open
no t is konsep
a
not a
a and b or not (c or d) and e
"""


def test_every_rule_is_read_as_approved(approved: Any) -> None:
    found = []
    for text in RIGHT.splitlines():
        found += [text, *(f"  {line}" for line in lines(rules.parse(text, Mark("a.yaml", 7, 11)), "", "a.yaml"))]
    approved("rules_read.txt", found)


def test_every_mistake_in_a_rule_is_told_as_approved(approved: Any) -> None:
    """Each word of each rule left out, and each written wrong."""
    found: dict[str, list[str]] = {}
    for text in RIGHT.splitlines():
        words = text.split(" ")
        for number, word in enumerate(words):
            for new in ([], [f"{word}?"], [f"{word}x", "x"]):
                wrong = " ".join([*words[:number], *new, *words[number + 1 :]])
                try:
                    rules.parse(wrong, Mark("a.yaml", 7, 11))
                except FlowError as error:
                    found[wrong[:60]] = [finding(one) for one in error.findings]
    approved("rules_wrong.txt", once(found.items()))


def test_a_mistake_in_a_rule_over_several_lines_is_at_its_beginning() -> None:
    with pytest.raises(FlowError) as error:
        rules.parse("letter.a is x\nand (", Mark("a.yaml", 7, 11))
    assert error.value.findings[0].mark == Mark("a.yaml", 7, 11)
    tree = rules.parse("letter.a is x\nand b", Mark("a.yaml", 7, 11))
    assert {ref.mark for ref in rules.references(tree)} == {Mark("a.yaml", 7, 11)}


def test_the_fields_of_a_rule_are_those_of_the_rules_it_names_too_each_rule_once() -> None:
    tree = rules.parse("berantai and form.x before item.y or benar or tak_ada", HERE)
    read = [f"{ref.root}.{'.'.join(ref.path)}" for ref in rules.read_by(tree, PLAIN)]
    assert read == ["form.x", "item.y", "letter.a", "letter.b"]
