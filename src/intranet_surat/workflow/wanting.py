"""Of which deeds an easier road may still be found, while all ways ahead of an item are gone."""

from __future__ import annotations

from intranet_surat.workflow.chart import Chart

Key = tuple[str, str]
"""A state, and the name of a deed in it."""

_NOT_ASKED = 0, ""


class Wanted:
    """The deeds whose easiest road is not known yet, by their states; no such road costs less than ``least``."""

    def __init__(self, known: Chart, start: str) -> None:
        self.chart = known
        self.least = 0
        self.open = {name: known.names(name) for name in known.far(start)}
        self._priced: list[tuple[int, Key]] = []
        self._nearest: dict[str, tuple[int, str] | None] = {}

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
        found = self._nearest.get(state, _NOT_ASKED)
        if found is not None and not self.open.get(found[1]):
            found = self._nearest[state] = self._first(state)
        return found[0] if found is not None else None

    def _first(self, state: str) -> tuple[int, str] | None:
        """The nearest state that has one, and how far it is; where nobody must act, an item passes by itself."""
        now, seen, steps = [state], {state}, 0
        while now:
            later: list[str] = []
            for name in now:
                if self.open.get(name):
                    return steps, name
                passed, acted = self.chart.onward(name)
                new = [each for each in passed if each not in seen]
                seen.update(new)
                now.extend(new)
                later.extend(acted)
            now = [each for each in dict.fromkeys(later) if each not in seen]
            seen.update(now)
            steps += 1
        return None
