"""The cases of acting capacity, row by row, as an expert of the office wrote them: `kasus_wakil.md`."""

from __future__ import annotations

from pathlib import Path

import pytest
from acting_stage import Scene, result, set_up

TABLE = Path(__file__).with_name("kasus_wakil.md")


def rows():
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in line.strip("|").split("|")]


def test_there_are_at_least_forty_cases_numbered_in_order():
    numbers = [int(number) for number, *_ in rows()]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 40


@pytest.mark.parametrize(
    ("number", "state", "who", "deed", "outcome", "sentence"), list(rows()), ids=lambda cell: cell[:60]
)
def test_a_case_comes_out_as_the_table_says(desk, number, state, who, deed, outcome, sentence):
    scene = Scene(desk)
    set_up(scene, state)
    assert result(scene, who, deed) == (outcome, sentence), f"kasus {number}"
