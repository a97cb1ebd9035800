from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resource_stage import NOW

from intranet_surat.resources.register import NumberRegister


@pytest.fixture
def register():
    return NumberRegister("DINKES", "surat-keluar", 2026)


def states(register):
    return [(line.number, line.letter, line.state) for line in register.lines()]


def test_numbers_begin_at_one_and_follow_each_other(register):
    assert [register.reserve(letter, NOW) for letter in "abc"] == [1, 2, 3]
    assert register.key == "DINKES/surat-keluar/2026"


def test_a_letter_that_asks_twice_gets_the_same_number(register):
    assert register.reserve("a", NOW) == register.reserve("a", NOW) == 1
    register.use("a")
    assert register.reserve("a", NOW) == 1
    assert register.next == 2


def test_a_void_number_never_comes_back_and_keeps_its_reason(register):
    register.reserve("a", NOW)
    assert register.void("a", "salah klasifikasi") == 1
    assert register.reserve("a", NOW) == 2
    assert states(register) == [(1, "a", "void"), (2, "a", "reserved")]
    assert register.line(1).reason == "salah klasifikasi"


def test_a_void_number_needs_a_reason(register):
    register.reserve("a", NOW)
    with pytest.raises(ValueError, match="needs a reason"):
        register.void("a", "  ")


def test_a_used_number_cannot_become_void(register):
    register.give("a", NOW)
    with pytest.raises(ValueError, match="is used"):
        register.void("a", "alasan")


def test_only_a_reserved_number_can_be_used(register):
    with pytest.raises(LookupError, match="has no number"):
        register.use("a")
    register.reserve("a", NOW)
    assert register.use("a") == register.use("a") == 1


def test_the_number_of_a_letter_can_be_asked(register):
    assert register.number("a") is None
    register.reserve("a", NOW)
    assert register.number("a") == 1
    assert register.line(9) is None


@given(st.lists(st.tuples(st.sampled_from(["reserve", "use", "void", "give"]), st.sampled_from("abcd"))))
def test_whatever_is_done_numbers_are_gapless_and_each_has_one_letter(acts):
    register = NumberRegister("A", "s", 2026)
    voided: set[int] = set()
    for act, letter in acts:
        try:
            if act == "void":
                voided.add(register.void(letter, "alasan"))
            elif act == "use":
                assert register.use(letter) not in voided
            else:
                assert getattr(register, act)(letter, NOW) not in voided
        except (LookupError, ValueError):
            continue
    numbers = [line.number for line in register.lines()]
    assert numbers == list(range(1, register.next))
    assert {line.number for line in register.lines() if line.state == "void"} == voided
    live = [line.letter for line in register.lines() if line.state != "void"]
    assert len(live) == len(set(live))
