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
