"""The ways in which rules come true or false."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engine_cases import HERE, flow

from intranet_surat.workflow import rules
from intranet_surat.workflow.literals import Literal, together, ways
from intranet_surat.workflow.model import Rule

FLOW = flow("""
states:
  konsep: {start: true, actions: {kirim: {by: author, needs: [satu, dua, keduanya, salah], to: terkirim}}}
  terkirim: {final: true}
rules:
  satu: {if: letter.a is x, says: A.}
  dua: {if: letter.b is x, says: B.}
  keduanya: {if: satu and dua, says: C.}
  salah: {if: not (satu or keduanya), says: D.}
""")


def said(found):
    """The ways as words: one letter for each test, a capital where it must hold."""
    return sorted(" ".join(_said(each) for each in way) for way in found)


def _said(each: Literal) -> str:
    name = each.test.left.path[0]
    return name.upper() if each.holds else name


def both(text, made=FLOW):
    tree = rules.parse(text, HERE)
    return said(ways(tree, made)), said(ways(tree, made, holds=False))


@pytest.mark.parametrize(
    ("text", "true", "false"),
    [
        ("satu", ["A"], ["a"]),
        ("not satu", ["a"], ["A"]),
        ("letter.c is x and satu and dua", ["C A B"], ["a", "b", "c"]),
        ("letter.c is x or satu or dua", ["A", "B", "C"], ["c a b"]),
        ("keduanya", ["A B"], ["a", "b"]),
        ("keduanya and satu", ["A B"], ["a", "b"]),
        ("keduanya or satu", ["A", "A B"], ["a", "b a"]),
        ("salah", ["a", "a b"], ["A", "A B"]),
        ("not (satu and not dua) and letter.c is x", ["B C", "a C"], ["A b", "c"]),
        ("(satu or dua) and (satu or letter.c is x)", ["A", "A C", "B A", "B C"], ["a b", "a c"]),
    ],
)
def test_a_rule_comes_true_and_false_in_these_ways(text, true, false):
    assert both(text) == (true, false)


def test_a_rule_behind_very_many_names_is_taken_as_one_that_cannot_be_brought_about():
    def chain(length):
        made = {
            f"n{number}": Rule(f"n{number}", "", rules.parse(f"n{number + 1}", HERE), "") for number in range(length)
        }
        made[f"n{length}"] = Rule(f"n{length}", "", rules.parse("letter.a is x", HERE), "")
        return replace(FLOW, rules=made)

    assert both("n0", chain(19)) == (["A"], ["a"])
    assert both("n0", chain(20)) == ([], [""])
    assert both("n0 and letter.b is x", chain(20)) == ([], ["", "b"])
    assert both("not n0", chain(20)) == ([""], [])


def test_no_more_than_sixty_four_ways_are_looked_at():
    one = " or ".join(f"letter.a{number} is x" for number in range(100))
    tree = rules.parse(one, HERE)
    assert len(ways(tree, FLOW)) == 64
    assert [way[0].test.left.path[0] for way in ways(tree, FLOW)] == [f"a{number}" for number in range(64)]
    assert len(ways(tree, FLOW, holds=False)) == 1
    pairs = rules.parse(f"({one}) and (letter.b is x or letter.c is x)", HERE)
    assert len(ways(pairs, FLOW)) == 64
    assert {way[1].test.left.path[0] for way in ways(pairs, FLOW)} == {"b", "c"}


def test_several_rules_come_true_together_with_each_test_once():
    some = [ways(rules.parse(text, HERE), FLOW) for text in ("satu or dua", "satu", "letter.c is x or satu")]
    assert said(together(some)) == ["A", "A C", "B A", "B A C"]
    assert together([]) == ((),)
    assert together([some[0], ()]) == ()
    many = ways(rules.parse(" or ".join(f"letter.a{number} is x" for number in range(20)), HERE), FLOW)
    assert len(together([many, many])) == 64
