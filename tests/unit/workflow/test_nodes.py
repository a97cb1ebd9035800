"""The tree of a flow file: everything is text with a place, and YAML's own surprises are refused."""

import pytest

from intranet_surat.workflow import nodes
from intranet_surat.workflow.findings import Found
from intranet_surat.workflow.nodes import Broken, Items, Pairs, Text, compose


def tree(text):
    found = Found()
    root = compose(text, "uji.yaml", found)
    assert not found.sorted()
    return root


def problems(text):
    found = Found()
    compose(text, "uji.yaml", found)
    return [(one.mark.line, one.mark.column, one.rule) for one in found.sorted()]


@pytest.mark.parametrize(
    "word", ["005", "no", "on", "3:30", "900.1.3", "~", "null", "1e3", "2026-11-20", "0x1F", "true"]
)
def test_a_plain_value_stays_the_text_that_was_written(word):
    assert tree(f"a: {word}").entries["a"].value.text == word


def test_keys_and_values_know_their_line_and_column():
    entry = tree("a:\n  kunci: isi\n").entries["a"].value.entries["kunci"]
    assert (entry.key.mark.line, entry.key.mark.column) == (2, 3)
    assert (entry.value.mark.line, entry.value.mark.column) == (2, 10)


def test_the_place_of_a_quoted_value_is_its_first_letter():
    assert tree('a: "isi"').entries["a"].value.mark.column == 5


def test_columns_count_letters_and_not_bytes():
    assert tree("a: [é, b]").entries["a"].value.items[1].mark.column == 8


def test_lists_and_mappings_keep_their_order():
    root = tree("b: [x, {c: y}]\na: z")
    assert list(root.entries) == ["b", "a"]
    inner = root.entries["b"].value
    assert isinstance(inner, Items)
    assert isinstance(inner.items[0], Text)
    assert isinstance(inner.items[1], Pairs)


def test_an_empty_value_is_empty_text():
    assert tree("a:\n").entries["a"].value.text == ""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: &x 1\n", (1, 4, "anchor")),
        ("a: 1\nb: *x\n", (2, 4, "anchor")),
        ("a: !!int 3\n", (1, 4, "tag")),
        ("a: !!python/object:os.system {}\n", (1, 4, "tag")),
        ("a: 1\nb: 2\na: 3\n", (3, 1, "duplicate-key")),
        ("a: 1\n---\nb: 2\n", (2, 1, "documents")),
        ("[a, b]\n", (1, 1, "root")),
        ("kata\n", (1, 1, "root")),
        ("", (1, 1, "root")),
        ("# hanya komentar\n", (1, 1, "root")),
        ("[a]: 1\n", (1, 1, "key")),
        ("a: b: c\n", (1, 5, "yaml")),
        ("a: [1, 2\n", (2, 1, "yaml")),
        ("a:\n\tb: 1\n", (2, 1, "yaml")),
        ("a: x\u200by\n", (1, 5, "characters")),
        ("a: x\u202ey\n", (1, 5, "characters")),
        ("a: x\x07y\n", (1, 5, "characters")),
        ('a: "x\\u202ey"\n', (1, 5, "characters")),
        ('a: "x\\0y"\n', (1, 5, "characters")),
        ("a: e\u0301\n", (1, 1, "characters")),
        ("%TAG ! tag:x,2000:\n---\na: 1\n", (1, 1, "tag")),
    ],
)
def test_what_a_flow_file_may_not_hold_is_told_with_its_place(text, expected):
    assert expected in problems(text)


def test_a_refused_value_leaves_a_silent_hole_and_the_rest_is_read():
    found = Found()
    root = compose("a: *x\nb: isi\n", "uji.yaml", found)
    assert isinstance(root.entries["a"].value, Broken)
    assert root.entries["b"].value.text == "isi"
    assert len(found.sorted()) == 1


def test_of_two_equal_keys_the_first_is_kept_and_named():
    found = Found()
    root = compose("a: satu\na: dua\n", "uji.yaml", found)
    assert root.entries["a"].value.text == "satu"
    assert "baris 1" in found.sorted()[0].message


def test_the_hint_for_a_colon_in_a_sentence_says_to_quote_it():
    found = Found()
    compose("says: Perhatian: isi dulu\n", "uji.yaml", found)
    assert "kutip" in found.sorted()[0].message


def test_a_missing_c_parser_changes_nothing(monkeypatch):
    text = "a: {b: [c, 'd']}\n"
    fast = tree(text)
    monkeypatch.setattr(nodes, "_Loader", nodes.yaml.SafeLoader)
    assert tree(text) == fast
    assert problems("a: &x 1\n") == [(1, 4, "anchor")]
