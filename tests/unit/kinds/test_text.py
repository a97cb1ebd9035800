import pytest

from intranet_surat.kinds.text import TextError, clean


def test_letters_are_composed_and_odd_blanks_become_blanks():
    assert clean("  Cafe\u0301\u00a0Serang\t2 ") == "Café Serang 2"


def test_line_ends_of_every_system_become_one_kind():
    assert clean("a\r\nb\rc\u2028d", lines=True) == "a\nb\nc\nd"


def test_a_line_end_is_refused_where_one_line_is_asked():
    with pytest.raises(TextError, match="satu baris"):
        clean("hal\nsatu")


@pytest.mark.parametrize(
    "sign", ["\x00", "\x1b", "\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\ue000", "\ufffd", "\U000e0041"]
)
def test_what_cannot_be_seen_is_refused_with_its_place(sign):
    with pytest.raises(TextError) as caught:
        clean(f"Permohonan{sign} dana")
    assert f"U+{ord(sign):04X}" in str(caught.value)
    assert "Permohonan" in str(caught.value)


def test_an_error_never_repeats_an_unprintable_word():
    with pytest.raises(TextError) as caught:
        clean("\u202e\u200b")
    assert str(caught.value).isprintable()


def test_emoji_of_one_sign_pass_here_and_are_left_to_the_fonts():
    assert clean("baik 🙂") == "baik 🙂"
