"""What `make mutants` makes of mutmut's answers: the sample, the tests that try a mutant, the table, the exit code."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SHOWN = """
    intranet_surat.workflow.tell.x__head__mutmut_1: killed
    intranet_surat.workflow.tell.x__head__mutmut_2: survived
    intranet_surat.workflow.cast.xǁ_Readerǁphrase__mutmut_20: caught by type check
    intranet_surat.workflow.cast.x_of_all__mutmut_3: no tests
    intranet_surat.workflow.cast.x_of_all__mutmut_4: timeout
    intranet_surat.workflow.cast.x_of_all__mutmut_5: not checked
To browse: mutmut browse
"""


@pytest.fixture
def mutants(tmp_path, monkeypatch):
    path = Path(__file__).parents[2] / "tools" / "mutants.py"
    spec = importlib.util.spec_from_file_location("tools_mutants", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "ROOM", tmp_path)
    monkeypatch.setattr(module, "SECONDS", 6.0)
    return module


def test_each_mutant_is_read_with_its_outcome(mutants):
    found = mutants.results(SHOWN)
    assert len(found) == 6
    assert found["intranet_surat.workflow.cast.xǁ_Readerǁphrase__mutmut_20"] == "caught by type check"
    assert found["intranet_surat.workflow.cast.x_of_all__mutmut_3"] == "no tests"


def test_the_table_counts_by_module_and_names_who_survived(mutants, tmp_path, capsys):
    assert mutants.tell({**mutants.results(SHOWN), "intranet_surat.workflow.cast.x_a__mutmut_1": "killed"}) == (
        pytest.approx(100 * 4 / 7)
    )
    said = capsys.readouterr().out
    assert "| cast | 5 | 60% | 0 | 1 |" in said
    assert "| tell | 2 | 50% | 1 | 0 |" in said
    assert "4 of 7 mutants killed: 57.1 % (demanded: 90 %)" in said
    left = (tmp_path / "survivors.txt").read_text("utf-8").splitlines()
    assert left == [
        "intranet_surat.workflow.cast.x_of_all__mutmut_3: no tests",
        "intranet_surat.workflow.cast.x_of_all__mutmut_5: not checked",
        "intranet_surat.workflow.tell.x__head__mutmut_2: survived",
    ]


def test_a_sample_does_not_depend_on_the_order_of_the_names(mutants):
    names = [f"m{number}" for number in range(50)]
    assert mutants.sample(names, 7) == mutants.sample(reversed(names), 7)
    assert len(mutants.sample(names, 7)) == 7
    assert mutants.sample(names, 500) == sorted(names)


def test_quick_tests_come_first_and_each_once_before_any_twice(mutants):
    seconds = {"a[1]": 0.1, "a[2]": 0.2, "a[3]": 9.0, "b": 3.2, "c": 2.9}
    assert mutants.quickest(seconds, seconds) == ["a[1]", "c", "a[2]"]  # no time is left for b and a[3]
    assert mutants.quickest(["a[2]", "a[1]", "c"], seconds) == ["a[1]", "c", "a[2]"]
    assert mutants.quickest(["a[3]"], seconds) == ["a[3]"]  # one is always tried
    assert mutants.quickest([], seconds) == []


@pytest.mark.parametrize(("killed", "code"), [(9, 0), (8, 1)])
def test_less_than_ninety_per_cent_fails(mutants, monkeypatch, killed, code):
    shown = "".join(f"a.b.x_c__mutmut_{n}: {'killed' if n < killed else 'survived'}\n" for n in range(10))
    ran = []
    monkeypatch.setattr(mutants, "copy", lambda: None)
    monkeypatch.setattr(mutants, "shorten", lambda: None)
    monkeypatch.setattr(mutants, "mutmut", lambda *words, **_: ran.append(words) or shown)
    assert mutants.main([]) == code
    assert mutants.main(["4"]) in (0, 1)
    assert len(ran[-2]) == 5  # run, and four names
