import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intranet_surat.kinds import body
from intranet_surat.kinds.text import TextError, clean

TYPED = """Menjawab surat Saudara,
disampaikan:

1. peninjauan telah
   dilaksanakan;
2. perkuatan:
a. kiri;
1) hulu;
a) bronjong;
b. kanan.

# Rincian
| Bahan | Jumlah |
|---|---|
| Batu | 45 |

Sekian."""


def test_every_form_of_typing_becomes_its_block():
    assert body.parse(TYPED)["blocks"] == [
        {"t": "p", "text": "Menjawab surat Saudara, disampaikan:"},
        {"t": "n", "level": 1, "text": "peninjauan telah dilaksanakan;"},
        {"t": "n", "level": 1, "text": "perkuatan:"},
        {"t": "n", "level": 2, "text": "kiri;"},
        {"t": "n", "level": 3, "text": "hulu;"},
        {"t": "n", "level": 4, "text": "bronjong;"},
        {"t": "n", "level": 2, "text": "kanan."},
        {"t": "h", "text": "Rincian"},
        {"t": "table", "head": ["Bahan", "Jumlah"], "rows": [["Batu", "45"]]},
        {"t": "p", "text": "Sekian."},
    ]


def test_points_are_counted_anew_when_shown():
    tree = body.parse("5. satu\n9. dua\nx. dalam\n3. tiga\n\nputus\n\n7. lagi")
    assert body.text(tree) == "1. satu\n2. dua\na. dalam\n3. tiga\n\nputus\n\n1. lagi"


@pytest.mark.parametrize(
    ("level", "number", "shown"), [(1, 12, "12."), (2, 26, "z."), (2, 27, "aa."), (3, 1, "1)"), (4, 28, "ab)")]
)
def test_labels_of_the_four_levels(level, number, shown):
    assert body.label(level, number) == shown


def test_a_year_at_the_start_of_a_line_is_no_point():
    assert body.parse("2026. Tahun itu")["blocks"][0]["t"] == "p"


def test_a_backslash_takes_the_meaning_away():
    assert body.parse("\\1. bukan butir")["blocks"] == [{"t": "p", "text": "1. bukan butir"}]


words = st.text(min_size=1, max_size=30).map(lambda s: " ".join(s.split()))


def stored(text):
    try:
        return bool(text) and clean(text) == text
    except TextError:
        return False


line = words.filter(stored)
blocks = st.one_of(
    st.fixed_dictionaries({"t": st.just("p"), "text": line}),
    st.fixed_dictionaries({"t": st.just("n"), "level": st.integers(1, 4), "text": line}),
    st.fixed_dictionaries({"t": st.just("h"), "text": line}),
)


@given(st.lists(blocks, max_size=8))
def test_what_is_shown_in_the_box_is_read_back_as_the_same_tree(found):
    tree = {"v": 1, "blocks": found}
    assert body.problems(tree) == []
    assert body.parse(body.text(tree)) == tree


@given(
    st.lists(
        st.lists(line.filter(lambda s: not s.endswith("\\") and "\\|" not in s), min_size=2, max_size=2),
        min_size=1,
        max_size=4,
    )
)
def test_tables_are_read_back_as_the_same_tree(rows):
    if all(set(cell) <= set(":-") for cell in rows[min(1, len(rows) - 1)]):
        return
    tree = {"v": 1, "blocks": [{"t": "table", "head": rows[0], "rows": rows[1:]}]}
    assert body.parse(body.text(tree)) == tree


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(text):
    with contextlib.suppress(TextError):
        tree = body.parse(text)
        assert body.problems(tree) == []
        assert body.parse(body.text(tree)) == tree


@pytest.mark.parametrize(
    "tree",
    [
        None, [], {}, {"v": 2, "blocks": []}, {"v": 1, "blocks": {}}, {"v": 1, "blocks": [], "x": 1},
        {"v": 1, "blocks": ["a"]}, {"v": 1, "blocks": [{"t": "x", "text": "a"}]}, {"v": 1, "blocks": [{"t": ["p"], "text": "a"}]},
        {"v": 1, "blocks": [{"t": "p", "text": "a", "html": "b"}]}, {"v": 1, "blocks": [{"t": "p", "text": 1}]},
        {"v": 1, "blocks": [{"t": "p", "text": " "}]}, {"v": 1, "blocks": [{"t": "p", "text": "a\nb"}]},
        {"v": 1, "blocks": [{"t": "p", "text": "a\u202eb"}]}, {"v": 1, "blocks": [{"t": "n", "level": 5, "text": "a"}]},
        {"v": 1, "blocks": [{"t": "n", "level": True, "text": "a"}]},
        {"v": 1, "blocks": [{"t": "table", "head": ["a"], "rows": [["1", "2"]]}]},
        {"v": 1, "blocks": [{"t": "table", "head": [], "rows": []}]}, {"v": 1, "blocks": [{"t": "table", "head": ["a"] * 13, "rows": []}]},
        {"v": 1, "blocks": [{"t": "table", "head": "ab", "rows": []}]}, {"v": 1, "blocks": [{"t": "p", "text": "a"}] * 2001},
        {"v": 1, "blocks": [{"t": "p", "text": "a" * 200_001}]},
    ],
)  # fmt: skip
def test_a_tree_from_outside_that_is_no_body_is_told(tree):
    assert body.problems(tree)


def test_words_of_a_tree_for_search():
    assert body.plain(body.parse("halo\n\n| a | b |\n| c | d |")) == "halo\na b\nc d"
