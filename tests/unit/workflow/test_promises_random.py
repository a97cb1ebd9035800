"""Promises of random small flows against everything that can happen in them; the long run is in tests/system."""

from __future__ import annotations

from promise_worlds import compare


def test_no_answer_is_wrong_and_examples_are_the_shortest_on_random_flows():
    tally = compare(range(20), 50)
    assert tally.wrong == []
    assert tally.longer * 30 <= tally.shortest
    assert tally.shortest >= 15
    assert {"never yes", "never no", "always_possible yes", "always_possible no"} <= set(tally.answers)
