"""How a finding looks: place, sentence, guess, line, caret, accepted words; and in which order."""

import pytest

from intranet_surat.errors import SuratError
from intranet_surat.workflow.findings import MOST_FINDINGS, Finding, FlowError, Found, nearest, quoted, show
from intranet_surat.workflow.model import Mark


def at(line, column=1):
    return Mark("uji.yaml", line, column)


def test_a_finding_shows_place_sentence_guess_line_caret_and_accepted_words():
    text = "a: 1\n  ke: selesia\n"
    finding = Finding(at(2, 7), "Keadaan 'selesia' tidak ada.", ("selesai", "konsep"), "selesai", "unknown-state")
    assert show(finding, text).splitlines() == [
        "uji.yaml:2:7: Keadaan 'selesia' tidak ada; mungkin maksud Anda 'selesai'? [unknown-state]",
        "      ke: selesia",
        "          ^",
        "    diterima: selesai, konsep",
    ]


def test_a_finding_without_a_guess_ends_as_a_sentence():
    assert show(Finding(at(1), "Kosong.", rule="empty"), "a").splitlines()[0] == "uji.yaml:1:1: Kosong. [empty]"


def test_the_caret_of_a_very_long_line_stays_on_the_screen():
    text = "x" * 5000 + "SALAH" + "y" * 5000
    _, line, caret = show(Finding(at(1, 5001), "Salah."), text).splitlines()
    assert len(line) < 200
    assert line[caret.index("^") :].startswith("SALAH")


def test_a_finding_behind_the_end_of_the_text_shows_only_its_headline():
    assert len(show(Finding(at(9), "Salah."), "a\n").splitlines()) == 1


def test_many_accepted_words_are_cut_and_counted():
    words = tuple(f"k{number}" for number in range(40))
    assert "dan 28 lagi" in show(Finding(at(1), "Salah.", words), "a")


def test_control_characters_of_a_hostile_file_never_reach_the_terminal():
    shown = show(Finding(at(1), f"Nama {quoted(chr(27) + '[31m')}."), "\x1b[2J\x1b[31mmerah")
    assert "\x1b" not in shown
    assert "\\u001b" in shown


def test_a_long_name_is_cut_when_quoted():
    assert len(quoted("x" * 10_000)) < 80


@pytest.mark.parametrize(
    ("word", "expected"),
    [("selesia", "selesai"), ("SELESAI", "selesai"), ("diarsip", "diarsipkan"), ("zzz", None), ("x" * 9999, None)],
)
def test_the_nearest_accepted_word_is_suggested(word, expected):
    assert nearest(word, ["selesai", "diarsipkan", "konsep"]) == expected


def test_findings_are_ordered_by_phase_then_by_place():
    found = Found()
    with found.phase(2):
        found.add(at(1), "akibat", rule="echo")
    found.add(at(9), "sebab kedua", rule="cause")
    found.add(at(3), "sebab pertama", rule="cause")
    assert [one.message for one in found.sorted()] == ["sebab pertama", "sebab kedua", "akibat"]


def test_the_same_finding_is_told_once():
    found = Found()
    found.add(at(1), "sama", rule="x")
    found.add(at(1), "sama", rule="x")
    assert len(found.sorted()) == 1


def test_more_findings_than_anybody_reads_are_counted():
    found = Found()
    for line in range(1, MOST_FINDINGS + 51):
        found.add(at(line), f"salah {line}", rule="x", accepted=["salah"], meant="slah")
    shown = found.sorted()
    assert len(shown) == MOST_FINDINGS + 1
    assert "50 temuan lain" in shown[-1].message


def test_a_flow_error_is_a_refusal_that_says_every_finding():
    error = FlowError([Finding(at(1), "Satu."), Finding(at(2), "Dua.")])
    assert isinstance(error, SuratError)
    assert error.message.splitlines() == ["uji.yaml:1:1: Satu. [syntax]", "uji.yaml:2:1: Dua. [syntax]"]


def test_findings_of_an_expression_are_taken_over_with_their_guess():
    found = Found()
    found.take(FlowError([Finding(at(4), "Satuan salah.", ("hours",), "hours", "duration")]))
    assert found.sorted()[0].suggestion == "hours"


@pytest.mark.parametrize(
    ("word", "accepted", "expected"),
    [
        ("x" * 60, ["x" * 60], "x" * 60),
        ("x" * 61, ["x" * 61], None),
        ("dia", ["diarsipkan", "konsep"], "diarsipkan"),
        ("di", ["diarsipkan", "konsep"], None),
        ("dia", ["diarsipkan", "diajukan"], None),
        ("konsap", ["Konsep", "diajukan"], "Konsep"),
        ("", ["konsep"], None),
        ("konsep", [], None),
    ],
)
def test_a_guess_needs_a_word_that_is_near_or_begins_so_and_only_one(word, accepted, expected):
    assert nearest(word, accepted) == expected


def test_findings_of_a_file_stand_in_their_order_and_those_of_its_base_behind_them():
    found = Found("kantor.yaml")
    with found.phase(1):
        found.add(Mark("kantor.yaml", 1, 1), "gema", rule="x")
        with found.phase(3):
            found.add(Mark("kantor.yaml", 1, 1), "gema gema", rule="x")
        found.add(Mark("kantor.yaml", 1, 2), "gema kedua", rule="x")
    found.add(Mark("dasar.yaml", 1, 1), "dasar", rule="y")
    found.add(Mark("kantor.yaml", 9, 7), "kolom tujuh", rule="y")
    found.add(Mark("kantor.yaml", 9, 2), "kolom dua", rule="y")
    assert [one.message for one in found.sorted()] == [
        "kolom dua", "kolom tujuh", "dasar", "gema", "gema kedua", "gema gema",
    ]  # fmt: skip
    assert [phase for phase, _ in found.numbered()] == [1, 3, 1, 0, 0, 0]
    assert [found.has_phase(number) for number in (0, 1, 2, 3)] == [True, True, False, True]
    assert [one.message for one in found.of_rule("y")] == ["dasar", "kolom tujuh", "kolom dua"]


def test_a_finding_has_each_accepted_word_once_a_set_of_them_in_order_and_the_nearest():
    found = Found()
    assert not found
    found.add(at(1), "a", rule="x", accepted=["b", "a", "b"], meant="aa")
    found.add(at(2), "b", rule="x", accepted={"b", "a", "c"}, suggestion="z")
    found.add(at(3), "c", rule="x", accepted=(), meant="aa", suggestion="z")
    found.add(at(4), "d", rule="x", accepted=["konsep"], meant="zzz", suggestion="z")
    assert found
    assert found.sorted() == [
        Finding(at(1), "a", ("b", "a"), "a", "x", "aa"),
        Finding(at(2), "b", ("a", "b", "c"), "z", "x"),
        Finding(at(3), "c", (), "z", "x", "aa"),
        Finding(at(4), "d", ("konsep",), None, "x", "zzz"),
    ]


def test_more_findings_than_anybody_reads_are_counted_at_the_first_that_is_left_out():
    found = Found()
    for number in range(MOST_FINDINGS - 1):
        found.add(at(number + 1), "x", rule="x")
    assert not found.full
    found.add(at(500), "penuh", rule="x")
    assert found.full
    assert len(found.sorted()) == MOST_FINDINGS
    found.add(at(7, 7), "lebih", rule="x", accepted=["a"])
    found.add(at(8, 8), "lebih", rule="x")
    assert len(found.sorted()) == MOST_FINDINGS + 1
    assert found.sorted()[-1] == Finding(
        at(7, 7), "Masih ada 2 temuan lain; perbaiki yang di atas lebih dulu.", (), None, "too-many"
    )


@pytest.mark.parametrize(
    ("length", "column", "shown", "caret"),
    [
        (150, 150, "x" * 150, 149),
        (151, 1, "x" * 150 + "...", 0),
        (151, 76, "x" * 150 + "...", 75),
        (151, 77, "..." + "x" * 150, 78),
        (300, 150, "..." + "x" * 150 + "...", 78),
        (300, 301, "..." + "x" * 75, 78),
        (300, 400, "...", 3),
        (3, 9, "xxx", 3),
        (3, 4, "xxx", 3),
    ],
)
def test_the_line_is_cut_around_the_place_and_the_caret_stands_below_it(length, column, shown, caret):
    lines = show(Finding(at(2, column), "Salah."), "a\n" + "x" * length + "\nb").splitlines()
    assert lines[1:] == ["    " + shown, "    " + " " * caret + "^"]


def test_a_finding_shows_the_line_of_its_own_file_and_twelve_words_without_a_count():
    words = tuple(f"k{number}" for number in range(12))
    finding = Finding(at(1, 2), "Salah.", words, "k\x1b", "x")
    assert show(finding, {"uji.yaml": "ab", "lain.yaml": "cd"}).splitlines() == [
        "uji.yaml:1:2: Salah; mungkin maksud Anda 'k\\u001b'? [x]",
        "    ab",
        "     ^",
        "    diterima: " + ", ".join(words),
    ]
    assert len(show(finding, {"lain.yaml": "cd"}).splitlines()) == 2
    assert show(Finding(at(1), "Salah."), "a\tb\x07c").splitlines()[1] == "    a b c"
    assert str(FlowError([finding, Finding(at(3), "Lain.")])) == (
        "uji.yaml:1:2: Salah; mungkin maksud Anda 'k\\u001b'? [x]\nuji.yaml:3:1: Lain. [syntax]"
    )


@pytest.mark.parametrize(
    ("text", "expected"), [("x" * 60, "'" + "x" * 60 + "'"), ("x" * 61, "'" + "x" * 60 + "...'"), ("", "''")]
)
def test_a_word_is_quoted_whole_up_to_sixty_letters(text, expected):
    assert quoted(text) == expected
