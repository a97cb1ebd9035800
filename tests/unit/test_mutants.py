"""`make mutants`: which mutants are drawn, which tests try them, what becomes of them, the table, the exit code."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import pytest

TOOLS = Path(__file__).parents[2] / "tools"
TRIED = {
    "intranet_surat.workflow.cast.x_a__mutmut_1": "killed",
    "intranet_surat.workflow.cast.x_of_all__mutmut_3": "no test",
    "intranet_surat.workflow.cast.x_of_all__mutmut_4": "timeout",
    "intranet_surat.workflow.cast.xǁ_Readerǁphrase__mutmut_20": "killed",
    "intranet_surat.workflow.tell.x__head__mutmut_1": "killed",
    "intranet_surat.workflow.tell.x__head__mutmut_2": "survived",
}

# What mutmut would write for `def older(age): return age >= 18`, and two more that show how a mutant may end.
OFFICE = """
from mutmut.mutation.trampoline import wrap_in_trampoline

def _older(age): return age >= 18
def _older_1(age): return age > 18
def _older_2(age): return age >= 17
def _older_3(age):
    while True: pass
def _older_4(age): raise SystemExit
SEEN = {}
mutants_x_older__mutmut = {"_mutmut_orig": _older}
for number, each in enumerate((_older_1, _older_2, _older_3, _older_4), 1):
    mutants_x_older__mutmut[f"x_older__mutmut_{number}"] = each
older = wrap_in_trampoline(mutants_x_older__mutmut)(_older)
"""
TESTS = """
import office

def test_a_grown_up(tmp_path):
    office.SEEN["grown up"] = office.older(18)
    assert office.SEEN["grown up"]

def test_a_child():
    assert not office.SEEN, "what another test left behind"
    assert not office.older(12)

def test_that_fails_without_any_mutant():
    assert office.older(3)
"""


def module(name: str):
    spec = importlib.util.spec_from_file_location(f"tools_{name}", TOOLS / f"{name}.py")
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


@pytest.fixture
def mutants():
    return module("mutants")


def test_the_table_counts_by_module_and_names_who_survived(mutants, tmp_path, capsys):
    assert not mutants.tell(tmp_path, TRIED, len(TRIED))
    said = capsys.readouterr().out
    assert "| cast | 4 | 75% | 0 | 1 |\n| tell | 2 | 50% | 1 | 0 |\n\n" in said
    assert "4 of 6 mutants killed: 66.7 % (demanded: 90 %)" in said
    assert (tmp_path / "survivors.txt").read_text("utf-8").splitlines() == [
        "intranet_surat.workflow.cast.x_of_all__mutmut_3: no test",
        "intranet_surat.workflow.tell.x__head__mutmut_2: survived",
    ]


def test_the_figure_of_a_sample_stands_with_its_interval(mutants, tmp_path, capsys):
    tried = {f"a.b.x_c__mutmut_{number}": "killed" if number < 270 else "survived" for number in range(300)}
    assert mutants.tell(tmp_path, tried, 28000)
    assert "90.0 %, for all 28000 with 95 % certainty between 86.1 % and 92.9 %" in capsys.readouterr().out
    assert mutants.interval(300, 300)[1] == pytest.approx(100)
    assert mutants.interval(0, 300)[0] == pytest.approx(0)


def test_less_than_ninety_per_cent_is_not_enough(mutants, tmp_path):
    def of(killed):
        return {f"a.b.x_c__mutmut_{number}": "killed" if number < killed else "survived" for number in range(10)}

    assert mutants.tell(tmp_path, of(9), 10)
    assert not mutants.tell(tmp_path, of(8), 10)


def test_the_same_seed_draws_the_same_mutants_in_the_same_order_by_chance(mutants):
    names = [f"a.b.x_c__mutmut_{number}" for number in range(50)]
    drawn = mutants.drawn(names, 7, 3)
    assert len(drawn) == 7
    assert drawn == mutants.drawn(names, 7, 3) != mutants.drawn(names, 7, 4)
    assert drawn != sorted(drawn)
    assert sorted(mutants.drawn(names, 500, 3)) == sorted(mutants.drawn(names, None, 3)) == sorted(names)


def test_modules_are_asked_for_by_their_names(mutants):
    assert [mutants.module_of(each) for each in mutants.of_modules(TRIED, ["t*l", "check_*"])] == ["tell", "tell"]
    assert mutants.of_modules(TRIED, ["cas"]) == []
    assert mutants.of_modules(reversed(TRIED), []) == sorted(TRIED)


def test_an_empty_word_from_make_asks_for_nothing(mutants):
    wish = mutants.asked(["--count", "", "--seed", "", "--only", "", "--tests", ""])
    assert (wish.count, wish.seed, wish.only, wish.tests) == (None, 3, [], [])
    wish = mutants.asked(["--count", "300", "--seed", "5", "--only", "tell check_*"])
    assert (wish.count, wish.seed, wish.only) == (300, 5, ["tell", "check_*"])


def test_the_copy_follows_the_files_and_keeps_the_mutants_of_those_that_did_not_change(mutants, tmp_path, monkeypatch):
    root, room = tmp_path / "root", tmp_path / "room"
    place = Path("src/intranet_surat/workflow")
    monkeypatch.setattr(mutants, "ROOT", root)
    monkeypatch.setattr(mutants, "MUTATED", ("src",))
    monkeypatch.setattr(mutants, "BESIDE", ("tests",))
    for name in (
        place / "same.py",
        place / "changed.py",
        place / "gone.py",
        place / "stopped.py",
        Path("tests/test_a.py"),
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("1")
    mutants.copy(room)
    for name in ("same.py", "changed.py", "gone.py", "stopped.py"):
        (room / "mutants" / place).mkdir(parents=True, exist_ok=True)
        (room / "mutants" / place / name).write_text("mutated")
        (room / "mutants" / place / f"{name}.meta").write_text("{}")
    (root / place / "changed.py").write_text("2")
    (root / place / "gone.py").unlink()
    (room / "mutants" / place / "stopped.py.meta").unlink()
    (root / "tests" / "test_a.py").write_text("2")
    mutants.copy(room)
    assert {file.name for file in (room / "mutants" / place).iterdir()} == {"same.py", "same.py.meta"}
    assert {file.name: file.read_text() for file in (room / place).iterdir()} == {
        "same.py": "1", "changed.py": "2", "stopped.py": "1",
    }  # fmt: skip
    assert (room / "mutants" / "tests" / "test_a.py").read_text() == "2"


def test_what_was_found_counts_until_the_code_its_tests_or_the_choice_of_tests_change(mutants, tmp_path):
    for name in mutants.DECIDING:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    before = mutants.fingerprint(tmp_path, ["a"])
    assert mutants.fingerprint(tmp_path, ["a"]) == before != mutants.fingerprint(tmp_path, ["b"])
    for name in mutants.DECIDING:
        (tmp_path / name).write_text("2")
        assert mutants.fingerprint(tmp_path, ["a"]) != before
        (tmp_path / name).write_text("1")


def test_each_parametrised_test_has_its_turn_before_any_has_a_second_one():
    quickest = module("mutants_session").quickest
    seconds = {"a[1]": 0.1, "a[2]": 0.2, "a[3]": 9.0, "b": 3.2, "c": 2.9}
    assert quickest(seconds, seconds, 6.0) == ["a[1]", "a[2]", "c"]  # no time is left for b and a[3]
    assert quickest(["a[2]", "a[1]", "c"], seconds, 3.1) == ["a[1]", "c"]
    assert quickest(["a[3]"], seconds, 6.0) == ["a[3]"]  # one is always tried
    assert quickest([], seconds, 6.0) == []


def test_half_of_the_time_is_for_tests_that_compare_a_whole_text_and_reach_little_else():
    quickest = module("mutants_session").quickest
    seconds = {"a": 0.1, "b": 0.5, "whole[1]": 2.0, "whole[2]": 2.5, "wide": 1.0, "other": 3.0}
    reached = {"whole[1]": 5, "whole[2]": 6, "wide": 90}
    assert quickest(seconds, seconds, 4.0, reached) == ["a", "b", "wide", "whole[1]"]
    assert quickest(seconds, seconds, 9.0, reached) == ["a", "b", "wide", "whole[1]", "whole[2]"]
    assert quickest(["wide", "whole[1]"], seconds, 2.5, reached) == ["wide"]
    assert quickest(["whole[2]"], seconds, 1.0, reached) == ["whole[2]"]


def test_a_session_tries_each_mutant_alone_and_writes_down_what_became_of_it(mutants, tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "office.py").write_text(OFFICE)
    (tmp_path / "test_office.py").write_text(TESTS)
    (tmp_path / "outcomes").write_text("office.x_before__mutmut_1: killed\noffice.x_older__mut")  # cut short by a stop
    before = mutants.found(tmp_path / "outcomes")
    assert before == {"office.x_before__mutmut_1": "killed"}
    (tmp_path / "outcomes").write_text("office.x_before__mutmut_1: killed\n")
    names = [*(f"office.x_older__mutmut_{number}" for number in range(1, 5)), "office.x_never__mutmut_1"]
    request = {
        "modules": ["office"],
        "mutants": names,
        "tests": ["test_office.py"],
        "seconds": 5.0,
        "limit": 1.0,
        "jobs": 2,
    }
    request |= {"outcomes": str(tmp_path / "outcomes"), "learned": str(tmp_path / "learned")}
    (tmp_path / "request.json").write_text(json.dumps(request))
    words = [sys.executable, str(TOOLS / "mutants_session.py"), "request.json"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (
        "left out, for it fails without any mutant: test_office.py::test_that_fails_without_any_mutant" in done.stdout
    )
    assert mutants.found(tmp_path / "outcomes") == {
        "office.x_before__mutmut_1": "killed",
        "office.x_older__mutmut_1": "killed",
        "office.x_older__mutmut_2": "survived",  # nobody asks about seventeen
        "office.x_older__mutmut_3": "timeout",
        "office.x_older__mutmut_4": "killed",
        "office.x_never__mutmut_1": "no test",
    }
