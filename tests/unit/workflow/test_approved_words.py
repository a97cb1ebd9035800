"""The small readings, each by itself: YAML, people, lengths of time, narrower and shorter, printing; as approved."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from approved_values import finding, place
from told_once import once

from intranet_surat.workflow import cast, durations, inserting, language, nodes
from intranet_surat.workflow.findings import FlowError, Found
from intranet_surat.workflow.model import Mark, Who
from intranet_surat.workflow.narrowing import Objection, narrower, shorter
from intranet_surat.workflow.nodes import Broken, Entry, Items, Node, Pairs, Text, compose
from intranet_surat.workflow.printing import text_of, with_origins

HERE = Mark("uji.yaml", 3, 11)


def told(read: Callable[[], Any]) -> Iterator[Any]:
    """What is read, or what is wrong with it."""
    try:
        yield read()
    except FlowError as error:
        yield from (finding(one) for one in error.findings)


def person(who: Who) -> str:
    inner = ", ".join(person(arg) if isinstance(arg, Who) else repr(arg) for arg in who.args)
    return f"{who.op}({inner}) at {place(who.mark)} {who.text!r}"


PEOPLE = (
    "author", "actor", "level", "pimpinan", "a", "a-b", "SETDA", "tata_usaha2", "  author  ", "role   tata_usaha  of  office",
    "role tata_usaha of SETDA", "role tata_usaha of S", "role tata_usaha of SEKRETARIAT-DAERAH_2", "role tata_usaha of setda",
    "role tata_usaha of oficce", "role tata_usaha of 7", "role tata_usaha of", "role tata_usaha ov office", "role tata_usaha",
    "role 7 of office", "role of office", "role", "position sekretaris of office", "position sekretaris of SETDA", "position ? of office",
    "position sekretaris", "head of office", "head of SETDA", "head office", "head", "head of", "head of letter.x",
    "superior of author", "superior of superior of author", "superior author", "superior of", "superior ov author",
    "superiors of author below letter.signatory", "superiors of author", "superiors of author under letter.signatory",
    "superiors of superior of author below holder of letter.signatory", "superiors of author below", "superiors of below author",
    "superiors of pimpinan below pimpinan", "superiors pimpinan below kadis", "staff under author", "staff of author", "staff",
    "staff under", "staff under head of office", "holder of item", "holder of letter.signatory", "holder of form.kepada", "holder of item.kepada",
    "holder of pimpinan", "holder of", "holder of author", "holder of head of office", "holder item", "holder of role x of office",
    "giver of item", "giver of letter.x", "giver of itme", "giver of", "giver", "actors of konsep", "actors of", "actors of 9", "actors konsep",
    "actors of KONSEP", "letter.addressee", "letter.a.b", "form.kepada", "item.batas", "letter", "letter.", "letter.9", "surat.x", "letter.a-b",
    "author author", "pimpinan lain", "pimpinan below kadis", "pimpinan di bawah", "penulis,", "9lives", "not author", "autor", "rolle x of office",
    "superior of role tata_usaha of office", "staff under position x of SETDA", "superior of author and actor", "role a of office of office", "item", "office", "off ice", "é", "",
    "superior of " * 19 + "author", "superior of " * 20 + "author", "author " * 40, "author " * 41,
)  # fmt: skip


def test_a_word_for_people_means_this_or_is_refused_in_this_way(approved):
    found = []
    for text in PEOPLE:
        name = text if len(text) < 150 else f"{len(text.split())} words: {text.split()[0]}..."
        found.append((repr(name), [*told(lambda text=text: person(cast.parse(text, HERE)))]))
    approved("words_people.txt", once(found))


def test_everything_inside_a_word_for_people_is_found_outermost_first():
    who = cast.parse("superiors of superior of author below holder of letter.signatory", HERE)
    assert [part.op for part in cast.parts(who)] == ["superiors", "superior", "author", "holder", "letter"]
    assert [part.op for part in cast.parts(cast.parse("role a of SETDA", HERE))] == ["role", "office"]


LENGTHS = (
    "4 hours", "1 hour", "2 days", "1 day", "3 working days", "1 working day", "3  working   days ", " 4 hours", "0 hours", "00 hours", "007 days", "3660 days",
    "3661 days", "999999999 days", "1234567890 days", "4", "4 ", "4hours", "hours", "", "   ", "-1 days", "1.5 hours", "four hours", "3 workingdays",
    "3 working day", "3 wroking days", "1 week", "2 Hours", "2 days and nights", "2 minggu", "٣ days",
)  # fmt: skip


def test_a_length_of_time_means_this_or_is_refused_in_this_way(approved):
    found = ((repr(text), [*told(lambda text=text: told_length(text))]) for text in LENGTHS)
    approved("words_lengths.txt", once(found))


def told_length(text: str) -> str:
    length = durations.parse(text, HERE)
    return f"{length.amount} {length.unit}: {durations.text(length)}"


FILES = (
    "a: b", "a: {b: [c, 'd', \"e\"]}\nf:\n- g\n-   h: i\n", "a:\n", "a: ''", "? a\n: b", "'a': b", "a: |\n  satu\n  dua\n", "a: >\n  satu\n  dua\n",
    "a: &x 1", "a: &x [1]", "a: &x {b: c}", "&x a: 1", "a: *x\nb: c", "*x : b\nc: d", "- *x", "*x", "a: [*x, b]", "a: {*x : b, c: d}", "a: !!int 3", "a: !t [1]", "a: !t {b: c}",
    "!t a: 1", "!t\na: 1", "a: ! b", "a: 1\nb: 2\na: 3", "a: 1\na: 2\na: 3\nb: {c: d, c: e}", "a: 1\n---\nb: 2", "---\na: 1\n...\n", "a: 1\n...\n---\nb: 2", "[a, b]", "kata", "'kata'", "- a",
    "", "# hanya komentar", "[a]: 1\nb: 2", "{a: b}: 1\nc: d", "? [a]\n: {b: c}\nd: e", "%TAG ! tag:x,2000:\n---\na: 1", "%YAML 1.1\n---\na: 1",
    "a: b: c", "says: Perhatian: isi dulu", "a: [1, 2", "a: {b: c", "a: 'b", 'a: "b', "a: [1 2", "a: [1, 'b' c]", "a:\n\tb: 1", "\ta: 1", "a: @b", "a: `b", "a: 1\n b: 2", "a:\n  b: 1\n c: 2", "a: 1\nb\nc: 3",
    "a: ]", "a: }", "- a\nb: c", "a: 'b' c", "a: %b", "a: b\n  c: d", "a: [b]]", 'a: "\\x"', 'a: "\\q"', "\x00a: 1",
    "a: x\u200by", "a: x\u202ey\u202dz\nb: \u200b", "a: x\x07y", 'a: "x\\u202ey"\nb: c', 'a: "x\\0y"', '"x\\u200b": 1\nb: c', "a: e\u0301", "a: b\nc: e\u0301\u200b", 'a: "e\\u0301"', "a: é", "\ufeffa: b",
    "a: \ud800", "a: \x7f", "a: \x1f", "a: \x08", "a: \x0b", "a: \x85", "a: \xad", "a: \u2028", "a: \ufffd", "a: \ufff9", "a:\tb", "a: b\r\nc: d\r\n",
)  # fmt: skip


def tree(node: Node) -> str:
    at = f"@{node.mark.line}:{node.mark.column}"
    if isinstance(node, Pairs):
        return "{" + ", ".join(f"{tree(entry.key)}: {tree(entry.value)}" for entry in node) + "}" + at
    if isinstance(node, Items):
        return "[" + ", ".join(tree(one) for one in node.items) + "]" + at
    return f"{node.text!r}{at}" if isinstance(node, Text) else f"broken{at}"


def test_a_file_is_read_as_this_tree_or_refused_in_this_way(approved):
    told = []
    for text in FILES:
        found = Found()
        root = compose(text, "uji.yaml", found)
        told += [repr(text), f"  {tree(root) if root is not None else 'nothing'}"]
        told += [f"  {finding(one)}" for one in found.sorted()]
        told += [f"  plain {nodes.plain(root)!r}"] if root is not None and not found else []
    approved("words_yaml.txt", told)


def of_depth(depth: int) -> str:
    return "a: " + "[" * (depth - 1) + "]" * (depth - 1)


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (of_depth(64), None),
        (of_depth(65), (1, 67, "size", "Isi bertingkat lebih dari 64 kali; sebuah alur jauh lebih datar.")),
        ("a: " + "x" * (512 * 1024 - 3), None),
        ("a: " + "x" * (512 * 1024 - 2), (1, 1, "size", "Berkas alur lebih besar dari 512 kB; pecah atau ringkas.")),
        ("a: " + "é" * (256 * 1024 - 1), (1, 1, "size", "Berkas alur lebih besar dari 512 kB; pecah atau ringkas.")),
    ],
)
def test_a_file_may_be_so_deep_and_so_large_and_no_more(text, refused):
    found = Found()
    root = compose(text, "uji.yaml", found)
    assert (root is None) == (refused is not None)
    assert [(one.mark.line, one.mark.column, one.rule, one.message) for one in found.sorted()] == [refused][
        : len(found.sorted())
    ]
    assert bool(found) == (refused is not None)


def test_a_file_may_hold_so_many_values_and_no_more(monkeypatch):
    monkeypatch.setattr(nodes, "MOST_NODES", 6)
    found = Found()
    assert compose("a: [1, 2, 3]\n", "uji.yaml", found) is not None  # a key, three values, a list, the whole
    assert not found
    assert compose("a: [1, 2, 3, 4, 5, 6, 7]\n", "uji.yaml", found) is None
    said = found.sorted()[0]
    assert (said.message, said.rule) == ("Berkas alur memuat lebih dari 6 isi; sebuah alur jauh lebih kecil.", "size")
    assert (said.mark.line, said.mark.column) == (1, 20)
    assert len(found.sorted()) == 1


def test_the_hole_that_a_refused_value_leaves_is_empty_in_plain_text():
    found = Found()
    assert nodes.plain(compose("a: *x\nb: [*y, c]\n", "uji.yaml", found)) == {"a": "", "b": ["", "c"]}
    assert nodes.marks("a: b", "uji.yaml") == compose("a: b", "uji.yaml", found)
    assert nodes.marks("[a]", "uji.yaml") == Pairs(Mark("uji.yaml", 1, 1))


WORDS = {
    "semua": frozenset({"a", "b", "c"}),
    "sebagian": frozenset({"a", "b"}),
    "lain": frozenset({"a", "z"}),
    "kosong": frozenset[str](),
}
CHANGES = (
    # key, what the regency has ("" for nothing), what the office writes
    ("within", "4 hours", "4 hours"), ("within", "4 hours", "3 hours"), ("within", "4 hours", "5 hours"), ("within", "2 days", "2 days"), ("within", "2 days", "1 day"),
    ("within", "2 days", "3 days"), ("within", "2 days", "02 days"), ("within", "2 working days", "02 working days"), ("within", "2 days", "1 hour"), ("within", "2 days", "1 working day"), ("within", "2 working days", "12 hours"),
    ("within", "2 working days", "13 hours"), ("within", "2 working days", "1 day"), ("within", "27 hours", "2 working days"), ("within", "26 hours", "2 working days"), ("within", "18 hours", "1 working day"),
    ("within", "17 hours", "1 working day"), ("within", "4 hours", "x"), ("within", "4 hours", "[4 hours]"), ("within", "item.batas", "4 hours"), ("within", "item.batas", "item.batas"), ("within", "item.batas", "item.lain"),
    ("within", "4 hours", "item.batas"), ("within", "[4 hours]", "4 hours"), ("within", "{a: b}", "4 hours"), ("within", "", "4 hours"), ("within", "4 hours", "{a: b}"),
    ("paused_while", "", "r"), ("paused_while", "r", "r"), ("paused_while", "r", "s"), ("at_most", "", "3"), ("at_most", "5", "5"), ("at_most", "5", "4"), ("at_most", "5", "6"), ("at_most", "5", "0"), ("at_most", "5", "1"), ("at_most", "5", "x"),
    ("at_most", "x", "5"), ("at_most", "5", "²"), ("kinds", "", "[a]"), ("kinds", "[a, b]", "[a]"), ("kinds", "[a, b]", "[b, a]"), ("kinds", "[a, b]", "[a, c]"), ("kinds", "[a, b]", "[]"), ("kinds", "[a, b]", "a"), ("kinds", "[a, b]", "c"), ("kinds", "a", "[a]"),
    ("kinds", "a", "[a, b]"), ("kinds", "a", "b"), ("kinds", "[a, {b: c}]", "[a]"), ("kinds", "[a, b]", "[a, {b: c}]"), ("kinds", "[a, b]", "{a: b}"), ("title", "", "x"), ("title", "Satu", "Dua"), ("title", "Satu", "Satu"), ("of", "semua", "sebagian"),
    ("of", "sebagian", "semua"), ("of", "semua", "lain"), ("of", "semua", "tidak_ada"), ("of", "tidak_ada", "semua"), ("of", "semua", "kosong"), ("dari", "semua", "sebagian"),
    ("deadline", "{within: 4 hours, remind: [a]}", "{within: 3 hours, remind: [a]}"), ("deadline", "{within: 4 hours, remind: [a]}", "{within: 3 hours}"), ("deadline", "{within: 4 hours}", "{within: 4 hours, at_most: 3}"),
    ("deadline", "{within: 4 hours}", "{within: 4 hours, paused_while: r}"), ("deadline", "{within: 4 hours}", "{within: 4 hours, escalate: {after: 1 day}}"), ("deadline", "", "{within: 4 hours, paused_while: r}"), ("deadline", "", "{within: 4 hours}"),
    ("deadline", "{a: {b: 4 hours}, c: 1 day}", "{a: {b: 5 hours}, c: 2 days}"), ("deadline", "{a: {b: 4 hours}, c: 1 day}", "{a: {b: 4 hours}, c: 2 days}"), ("deadline", "{a: b}", "[a, b]"), ("deadline", "{a: b}", "b"), ("remind", "[a, b]", "[b, c, a]"), ("remind", "[a, b]", "[b, c]"), ("remind", "[a, {b: c}]", "[{b: c}, a]"),
    ("remind", "[a, {b: c}]", "[{b: d}, a]"), ("remind", "[a]", "a"), ("word", "all", "any"),
)  # fmt: skip


def test_what_an_office_writes_is_narrower_or_shorter_or_is_refused_in_this_way(approved):
    told = []
    for key, old, new in CHANGES:
        before = value_of(f"a: {old}", "kabupaten.yaml") if old else None
        now = value_of(f"\na: {new}", "kantor.yaml")
        case = key, f"{old or 'nothing'} -> {new}"
        told.append((("shorter", *case), [objection(shorter(before, now, key))]))
        told.append((("narrower", *case), [objection(narrower(before, now, key, WORDS))]))
        if key == "of":
            told.append((("narrower, words unknown", *case), [objection(narrower(before, now, key, None))]))
    approved("words_narrower.txt", once(told))


def value_of(text: str, source: str) -> Node:
    root = compose(text, source, Found())
    assert root is not None, text
    return root.entries["a"].value


def objection(found: Objection | None) -> str:
    if found is None:
        return "yes"
    return f"{place(found.mark)} {found.message}" + (f" meant '{found.suggestion}'" if found.suggestion else "")


TREES: dict[str, Any] = {
    "scalars": {each: each for each in ("a", "a b", "a-b", "a/b.c@d(e)+f", "_a", "9", "-a", " a", "a ", "a:", "a: b", "#", "", "é", "a\nb", '"', "\\", "[", "a,b", "true", "a_", "a)", "(a")},
    "empty": {"a": {}, "b": [], "c": {"d": {}, "e": []}, "f": [[], {}]},
    "block above, flow below": {"a": {"b": {"c": "d"}, "e": ["f", "g"]}, "h": ["i", {"j": "k"}], "l": {"m": "n"}},
    "lists of mappings": {"a": [{"b": {"c": {"d": "e"}}, "f": "g"}, {"h": [{"i": {"j": {"k": "l"}}}]}, "m", ["n", {"o": {"p": {"q": "r"}}}]]},
    "mappings of mappings": {"a": {"b": {"c": {"d": "e"}}, "f": {"g": {"h": {"i": "j"}}}}},
    "a long key": {"k" * 1000: "a", "k" * 1001: "a", "a": {"k" * 1001: {"b": "c"}}, "b": [{"k" * 1001: {"c": {"d": "e"}}}]},
    **{f"a value of {width}": {"a": {"b": {"c": "x" * width}, "d": ["x" * (width - 2), "y"]}} for width in (108, 109, 110, 111, 112, 113, 114, 115, 116)},
    **{f"parts of {width}": {"a": {"b": ["x" * 60, "y" * width], "c": {"d": ["x" * 60, "y" * width]}}} for width in (40, 50, 51, 52, 53, 54, 55, 59, 60, 61, 200)},
}  # fmt: skip


ORIGIN = re.compile(r"  # \S+$")
RUN = re.compile(r"(\w)\1{30,}")  # so many of one letter are told as their number


def test_a_tree_is_printed_like_this(approved):
    told: dict[str, list[str]] = {"": [], "_long": []}
    for name, value in TREES.items():
        printed = node_of(value)
        assert isinstance(printed, Pairs)
        plain, traced = text_of(printed).splitlines(), with_origins(printed).splitlines()
        lines = told["_long" if " of " in name and name[-1].isdigit() else ""]
        lines += [f"== {name}", *traced]
        lines += ["-- tanpa asal", *plain] if plain != [ORIGIN.sub("", line) for line in traced] else []
    for which, lines in told.items():
        approved(
            f"words_printed{which}.txt", (RUN.sub(lambda run: f"{run[1]}{{{len(run[0])}}}", line) for line in lines)
        )


def node_of(value: Any, line: int = 1) -> Node:
    mark = Mark("uji.yaml", line, 1)
    if isinstance(value, dict):
        entries = {key: Entry(Text(key, mark), node_of(one, line + 1)) for key, one in value.items()}
        return Pairs(mark, entries)
    if isinstance(value, list):
        return Items(mark, [node_of(one, line + 1) for one in value])
    return Text(value, mark)


def test_a_hole_in_a_tree_is_printed_as_an_empty_value():
    entry = Entry(Text("a", HERE), Broken(HERE))
    assert text_of(Pairs(HERE, {"a": entry})) == 'a: ""\n'


BASE = """\
states:
  a: {actions: {satu: {to: b}, dua: {to: c}, tiga: {to: b}}, choose: [{when: r, to: b}, {else: true, to: c}]}
  b: {route: {done: c, reject: {to: a}}, sign: {done: c, reject: {to: a}}, gather: {done: c, returned: a}}
  c: {final: true}
tracks:
  t: {states: {p: {actions: {x: {to: q}}}, q: {final: true}}}
  u: {states: {p: {actions: {x: {to: r}}}, r: {final: true}}}
"""
INSERTED = (
    # between, name, state
    ("a b", "s", "{actions: {maju: {to: b}}}"), ("b c", "s", "{actions: {maju: {to: c}, mundur: {to: b}, diam: {to: s}}}"), ("b a", "s", "{choose: [{when: r, to: a}, {else: true, to: b}]}"), ("p q", "s", "{on_enter: [{notify: x}], actions: {maju: {do: [{notify: x}], to: q}}}"),
    ("p r", "s", "{actions: {maju: {to: r}}}"), ("a a", "s", "{actions: {maju: {to: a}}}"), ("a q", "s", "{}"), ("q a", "s", "{}"), ("c a", "s", "{actions: {maju: {to: a}}}"), ("a b", "c", "{}"), ("p q", "q", "{}"),
    ("a b", "s", "{start: true, final: true, outcome: done, sign: {}, gather: {}}"), ("a b", "s", "{actions: {x: {to: c}, y: {to: bb}}}"), ("a b", "s", "{choose: [{to: c}], route: {done: c, reject: {to: d}}}"),
    ("a b", "s", "{actions: {x: {fan_out: {track: t}, to: b}, y: {fan_out: {track: t}}}}"), ("a b", "s", "{on_enter: [{number: x}, {notify: a, send: b}], actions: {x: {do: [{freeze: file}]}}, route: {reject: {do: [{archive: x}, {notify: y}]}}}"), ("a b", "s", "{actions: [x], choose: {to: z}, on_enter: kata}"),
)  # fmt: skip


def test_a_state_is_inserted_like_this_or_refused_in_this_way(approved):
    told = []
    for words, name, text in INSERTED:
        root, found = compose(BASE, "kabupaten.yaml", Found()), Found()
        state = value_of(f"a: {text}", "kantor.yaml")
        assert isinstance(root, Pairs)
        assert isinstance(state, Pairs)
        first, second = words.split()
        done = inserting.insert(root, (first, second), Text(name, HERE), state, Mark("kantor.yaml", 7, 9), found)
        told += [f"== {words}: {name} {text}", str(done), *(finding(one) for one in found.sorted())]
        before = text_of(nodes.marks(BASE, "kabupaten.yaml")).splitlines()
        told += [f"  {line}" for line in text_of(root).splitlines() if line not in before]
    approved("words_inserted.txt", told)


def test_a_path_goes_through_these_kinds_of_places():
    def way(*words: str) -> list[tuple[str, ...]]:
        places: tuple[str, ...] = (language.ROOT,)
        return [places := language.inside(places, word) for word in words]

    assert way("states", "konsep", "actions", "kirim", "by") == [("state*",), ("state",), ("action*",), ("action",), ()]
    assert way("forms", "f", "tanggal", "of") == [("field**",), ("field*",), ("field",), ()]
    assert way("cast", "pimpinan", "x") == [("*",), ("",), ()]
    assert way("tracks", "t", "states", "*", "deadline", "within") == [
        ("track*",),
        ("track",),
        ("state*",),
        ("state",),
        ("deadline",),
        (),
    ]
    assert way("tests", "satu", "letter", "subject") == [("test*",), ("test",), ("*",), ("",)]
    assert way("applies_to", "kinds") == [("applies_to",), ()]
    assert way("title", "x") == [(), ()]
    everywhere = way("*")[0]
    assert len(everywhere) == len(set(everywhere))
    assert {"state*", "field**", "track*", "rule*", "test*", "applies_to", "*"} == set(everywhere)
    assert language.inside(("state*", "field**"), "nama") == ("state", "field*")
