"""Of which deeds an easier road may still be found, while all ways ahead of an item are gone."""

from __future__ import annotations

from intranet_surat.workflow.chart import Chart

Key = tuple[str, str]
"""A state, and the name of a deed in it."""


class Wanted:
    """The deeds whose easiest road is not known yet, by their states; no such road costs less than ``least``."""

    def __init__(self, known: Chart, start: str) -> None:
        self.chart = known
        self.least = 0
        self.open = {name: known.names(name) for name in known.far(start)}
        self._priced: list[tuple[int, Key]] = []
        self._at: dict[str, int] = {}  # how many of the nearest states do not want anything any more

    def price(self, key: Key, price: int) -> None:
        """A road is known that costs so much."""
        if price <= self.least:
            state, name = key
            self.open[state] -= {name}
        else:
            self._priced.append((price, key))

    def close(self, state: str) -> None:
        """Nobody will ever come to the state."""
        self.open[state] = frozenset()

    def rise(self, least: int) -> None:
        """No road that is not known yet costs less than ``least``: what is known for no more is the easiest."""
        self.least = least
        before, self._priced = self._priced, []
        for price, key in before:
            self.price(key, price)

    def nearest(self, state: str) -> int | None:
        """How few acts lead from a state to a deed that is wanted; None when none does."""
        wanted = self.open
        if wanted.get(state):
            return 0
        near, at = self.chart.near(state), self._at.get(state, 0)
        known = near.known
        while (found := at < len(known) or near.reaches(at)) and not wanted.get(known[at][0]):
            at += 1
        self._at[state] = at
        return known[at][1] if found else None
