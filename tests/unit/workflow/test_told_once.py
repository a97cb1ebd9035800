"""The form in which many cases are approved together: nothing that was said is left out of it."""

from __future__ import annotations

from told_once import beginning, once


def told(cases, **how):
    return "\n".join(once(cases, **how))


def test_a_sentence_stands_once_with_its_cases_and_places():
    cases = [
        ("camat", ["a.yaml:3:1 who: Tidak ada.", "a.yaml:3:9 who: Tidak ada.", "a.yaml:7:5 unused: Hapus."]),
        ("lurah", ["a.yaml:3:1 who: Tidak ada.", "a.yaml:3:9 who: Tidak ada.", "b.yaml:1:1 who: Tidak ada."]),
        ("kadis", ["a.yaml:7:5 unused: Hapus.", "a.yaml:7:5 unused: Hapus."]),
    ]
    assert told(cases) == (
        "who: Tidak ada.\n    camat: 3:1,9 | lurah: 3:1,9 b.yaml:1:1\nunused: Hapus.\n    camat: 7:5 | kadis: 7:5 x2"
    )


def test_sentences_that_differ_in_their_words_only_are_one():
    said = {
        "a": "Pelaku 'x' tidak ada.",
        "b": "Pelaku 'y' tidak ada.",
        "c": "Pelaku 'dua kata' tidak ada.",
        "d": "Boleh.",
    }
    cases = [(case, [sentence]) for case, sentence in said.items()]
    assert told(cases[:2]) == "Pelaku 'x' tidak ada.\n    a\nPelaku 'y' tidak ada.\n    b"
    assert told(cases) == "Pelaku '…' tidak ada.\n    a: x | b: y | c: 'dua kata'\nBoleh.\n    d"


def test_cases_of_two_words_are_told_by_the_first_and_what_all_have_in_common_as_such():
    cases = [((rule, act), ["Boleh."]) for rule in ("r", "s", "t") for act in ("kirim", "batal", "tarik")]
    assert told(cases) == "Boleh.\n    semua: semua"
    assert told([*cases[:-1], (("t", "tarik"), ["Tidak."])]) == (
        "Boleh.\n    r, s: semua | t: kirim, batal\nTidak.\n    t: tarik"
    )
    assert told([((str(number),), ["Boleh."] if number != 3 else ["Tidak."]) for number in range(1, 7)]) == (
        "Boleh.\n    semua kecuali 3\nTidak.\n    3"
    )


def test_long_names_are_numbered_and_numbers_in_a_row_are_a_range():
    cases = [
        (f"kasus panjang {number}", ["Tidak." if number in (2, 3, 4, 7) else f"Boleh {number}."])
        for number in range(1, 8)
    ]
    assert told(cases, numbered=True).splitlines()[6:11] == [
        "7  kasus panjang 7",
        "Boleh 1.",
        "    1",
        "Tidak.",
        "    2-4 7",
    ]


def test_of_a_long_text_the_beginning_is_read_and_all_of_it_compared():
    lines = [str(number) for number in range(10)]
    assert list(beginning(lines, 10)) == lines
    *first, mark = beginning(lines, 3)
    assert first == ["0", "1", "2"]
    assert mark.startswith("... 7 baris lagi, bertanda ")
    assert [*beginning([*lines[:9], "lain"], 3)][-1] != mark
