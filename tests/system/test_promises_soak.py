"""Promises of many random flows against brute force: few in `make test`, thousands by `make soak`."""

from __future__ import annotations

from promise_worlds import compare


def test_thousands_of_random_flows_get_no_wrong_answer(amount):
    tally = compare(range(1000, 1000 + amount(10, 3000)), amount(40, 300))
    assert tally.wrong == []
    assert tally.longer * 30 <= tally.shortest
