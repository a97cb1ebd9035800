"""The configurations that a letter can reach, nearest first, and what follows from how they hang together.

What one act leads to is known in `workflow.promises_machine`; a path found here is only believed once it was
played through (`workflow.promises_story`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from heapq import heappop, heappush
from typing import NamedTuple

from intranet_surat.workflow.promises_conf import Beyond, Conf, Result
from intranet_surat.workflow.promises_facts import Ask
from intranet_surat.workflow.promises_machine import Abstract
from intranet_surat.workflow.promises_tracks import Want


class Edge(NamedTuple):
    """One thing that may happen; without acts a configuration is only seen as one of two cases."""

    to: int
    wants: tuple[Want, ...]
    cost: int
    result: Result | None = None


class Path(NamedTuple):
    """Acts that lead somewhere: each step with the configuration after it, the first one without acts."""

    steps: tuple[tuple[tuple[Want, ...], Conf], ...]

    @property
    def wants(self) -> tuple[Want, ...]:
        """The acts alone."""
        return tuple(want for wants, _ in self.steps for want in wants if want.kind != "start")

    def known(self) -> list[Conf]:
        """The configuration after each step, with what becomes known of it later; what an act writes was not so."""
        found = [self.steps[-1][1]]
        for number in range(len(self.steps) - 1, 0, -1):
            wants, after = self.steps[number]
            before = self.steps[number - 1][1]
            chosen = bool(wants) and wants[-1].kind == "edit"
            facts = tuple(
                now if chosen or (wants and then != now) else later
                for now, then, later in zip(before.facts, after.facts, found[-1].facts, strict=True)
            )
            found.append(before._replace(facts=facts))
        return found[::-1]


class Graph:
    """All configurations, from the making of a letter or from ``start`` on, until one of the states is met.

    ``why`` is the reason when they could not all be visited.
    """

    def __init__(self, machine: Abstract, start: Conf | None = None, until: Collection[str] = ()) -> None:
        self.machine = machine
        self.confs: list[Conf] = []
        self.edges: list[list[Edge]] = []
        self.sure: list[list[tuple[tuple[int, frozenset[str]], ...]]] = []
        self.broken: list[frozenset[int]] = []
        self.cost: list[int] = []
        self.came: list[tuple[int, Edge] | None] = []
        self.why: str | None = None
        self.until = frozenset(until)
        self.met = False
        self._ids: dict[Conf, int] = {}
        self._heap: list[tuple[int, int]] = []
        self._reach(start or machine.start(), 0, None)
        self._visit()

    def _visit(self) -> None:
        done: set[int] = set()
        while self._heap and not self.met:
            cost, node = heappop(self._heap)
            if node in done:
                continue
            done.add(node)
            try:
                self._step(node, cost)
            except Beyond as beyond:
                self.why = str(beyond)
                return

    def _step(self, node: int, cost: int) -> None:
        try:
            self._look(node, cost)
        except Ask as found:
            self._split(node, cost, found)

    def _look(self, node: int, cost: int) -> None:
        """Everything that may happen in one configuration."""
        conf = self.confs[node]
        broken = self.machine.broken(conf) if conf.state else frozenset()
        moves = list(self.machine.moves(conf))
        self.broken[node] = broken
        for move in moves:
            for result in move.results:
                self.met = self.met or result.conf.state in self.until or not self.until.isdisjoint(result.passed)
                edge = Edge(self._id(result.conf), move.wants, move.cost, result)
                self._go(node, cost, edge)
            for group in move.sure:
                self.sure[node].append(tuple((self._id(each.conf), each.passed) for each in group))

    def _split(self, node: int, cost: int, found: Ask) -> None:
        """The configuration as two: what decides is known in each."""
        conf, number = self.confs[node], self.machine.facts.at[found.key]
        both = []
        for part in (conf.facts[number] & found.part, conf.facts[number] & ~found.part):
            if not part:
                raise Beyond("sebuah isian surat berubah dengan cara yang tidak dapat diikuti")
            facts = (*conf.facts[:number], part, *conf.facts[number + 1 :])
            both.append(self._id(conf._replace(facts=facts)))
        for each in both:
            self._go(node, cost, Edge(each, (), 0))
        # What an editor has just chosen he may choose as he needs it; the rest is as it is.
        groups = [(each,) for each in both] if conf.free >> number & 1 else [tuple(both)]
        self.sure[node] = [tuple((each, frozenset[str]()) for each in group) for group in groups]

    def _go(self, node: int, cost: int, edge: Edge) -> None:
        self.edges[node].append(edge)
        self._reach(self.confs[edge.to], cost + edge.cost, (node, edge))

    def _id(self, conf: Conf) -> int:
        if conf not in self._ids:
            self._ids[conf] = len(self.confs)
            self.confs.append(conf)
            self.edges.append([])
            self.sure.append([])
            self.broken.append(frozenset())
            self.cost.append(-1)
            self.came.append(None)
        return self._ids[conf]

    def _reach(self, conf: Conf, cost: int, came: tuple[int, Edge] | None) -> None:
        node = self._id(conf)
        if self.cost[node] < 0 or cost < self.cost[node]:
            self.cost[node], self.came[node] = cost, came
            heappush(self._heap, (cost, node))

    def path(self, node: int, last: Edge | None = None) -> Path:
        """The fewest acts that lead to a configuration, and one act more."""
        steps = [(last.wants, self.confs[last.to])] if last is not None else []
        at = node
        while (came := self.came[at]) is not None:
            steps.append((came[1].wants, self.confs[at]))
            at = came[0]
        return Path((((), self.confs[at]), *reversed(steps)))

    def breaking(self, number: int) -> Iterator[Path]:
        """Paths to where an expression ``never`` may be true, shortest first."""
        found: list[tuple[int, int, Edge | None]] = []
        for node, broken in enumerate(self.broken):
            if number in broken and self.cost[node] >= 0:
                found.append((self.cost[node], node, None))
            passing = (edge for edge in self.edges[node] if edge.result is not None and number in edge.result.broken)
            found += [(self.cost[node] + edge.cost, node, edge) for edge in passing]
        found.sort(key=lambda each: (each[0], each[1], each[2] is not None))
        yield from (self.path(node, edge) for _, node, edge in found)

    def visited(self) -> list[int]:
        """The configurations in the order in which they were reached."""
        return sorted((n for n in range(len(self.confs)) if self.cost[n] >= 0), key=lambda n: (self.cost[n], n))

    def may_reach(self, states: Collection[str]) -> set[int]:
        """The configurations from which one of the states may be reached."""
        back: dict[int, list[int]] = {}
        won = [node for node, conf in enumerate(self.confs) if conf.state in states]
        for node, edges in enumerate(self.edges):
            for edge in edges:
                back.setdefault(edge.to, []).append(node)
                if edge.result is not None and not edge.result.passed.isdisjoint(states):
                    won.append(node)
        found = set(won)
        while won:
            more = [node for node in back.get(won.pop(), ()) if node not in found]
            found.update(more)
            won += more
        return found

    def must_reach(self, states: Collection[str]) -> set[int]:
        """The configurations from which cooperative people can surely reach one of the states."""
        back: dict[int, list[tuple[int, int]]] = {}
        left: dict[tuple[int, int], int] = {}
        found = {node for node, conf in enumerate(self.confs) if conf.state in states}
        for node, groups in enumerate(self.sure):
            for number, group in enumerate(groups):
                open_ones = [to for to, passed in group if passed.isdisjoint(states)]
                left[node, number] = len(open_ones)
                for to in open_ones:
                    back.setdefault(to, []).append((node, number))
                if not open_ones and group:
                    found.add(node)
        won = list(found)
        while won:
            for node, number in back.get(won.pop(), ()):
                left[node, number] -= 1
                if not left[node, number] and node not in found:
                    found.add(node)
                    won.append(node)
        return found
