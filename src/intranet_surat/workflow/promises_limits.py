"""How long a letter takes at most when everybody keeps his deadlines, over all ways it may go.

Durations count where they can be compared: hours of the office are at most the working days they lie in,
days of the calendar compare with days alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intranet_surat.workflow import durations
from intranet_surat.workflow.model import Duration, Flow, Promise, State
from intranet_surat.workflow.narrowing import SHORTEST_DAY
from intranet_surat.workflow.promises_conf import Conf
from intranet_surat.workflow.promises_graph import Edge, Graph, Path
from intranet_surat.workflow.promises_tracks import Want

_MOST_LOOPS = 40  # circles compared for the shortest


@dataclass(frozen=True, slots=True)
class Broken:
    """Why the limit does not hold; ``certain`` only when nothing but the path itself is in doubt."""

    why: str
    certain: bool
    path: Path | None


class Limits:
    """One promise ``within`` over one graph."""

    def __init__(self, flow: Flow, graph: Graph, promise: Promise) -> None:
        self.flow = flow
        self.graph = graph
        self.promise = promise
        self.limit = promise.within or Duration(0, "days")
        self.known: dict[str, int | str] = {}
        self.nodes = self._before()
        self.island = _islands(
            {node: [edge.to for edge in edges if edge.to in self.nodes] for node, edges in self.nodes.items()}
        )

    def broken(self) -> Broken | None:
        """The nearest way on which the promise is not kept; None when there is none."""
        found = [*self._standing(), *self._round()]
        if not found:
            found = [*self._long()]
        if not found:
            return None
        return min(found, key=lambda each: (not each.certain, len(each.path.wants) if each.path else 0))

    def _before(self) -> dict[int, list[Edge]]:
        """The configurations on the way to the promised states, with the acts that do not arrive there yet."""
        found: dict[int, list[Edge]] = {}
        waiting = [0]
        while waiting:
            node = waiting.pop()
            if node in found:
                continue
            edges = [edge for edge in self.graph.edges[node] if not self._arrives(edge)]
            found[node] = edges
            waiting += [edge.to for edge in edges]
        return found

    def _arrives(self, edge: Edge) -> bool:
        passed = edge.result.passed if edge.result is not None else frozenset()
        wanted = self.promise.states
        return self.graph.confs[edge.to].state in wanted or not passed.isdisjoint(wanted)

    def _standing(self) -> Iterator[Broken]:
        """States in which a letter may stay as long as it likes."""
        seen: set[str] = set()
        for node in sorted(self.nodes, key=lambda each: (self.graph.cost[each], each)):
            name = self.graph.confs[node].state
            if not name or name in seen:
                continue
            seen.add(name)
            state = self.flow.states[name]
            if state.final:
                yield Broken(f"Surat berakhir di '{name}'", True, self.graph.path(node))
                continue
            limit = self._of(state)
            if limit is None:
                why = f"keadaan '{name}' tidak mempunyai batas"
                if state.gather is not None:
                    yield Broken(f"{why} sendiri, hanya jalur yang ditunggunya", False, self.graph.path(node))
                else:
                    yield Broken(why.capitalize(), True, self.graph.path(node))
            elif isinstance(limit, str):
                yield Broken(limit, False, self.graph.path(node))

    def _of(self, state: State) -> int | str | None:
        """How long a letter stays in a state at most, in the unit of the promise; a reason; None without limit."""
        if state.name not in self.known and (found := self._limit(state)) is not None:
            self.known[state.name] = found
        return self.known.get(state.name)

    def _limit(self, state: State) -> int | str | None:
        deadline, times = state.deadline, 1
        if state.route is not None and state.route.deadline is not None:
            deadline = state.route.deadline
            levels = len(state.route.levels) if isinstance(state.route.levels, tuple) else None
            counts = [each for each in (levels, state.route.at_most) if each is not None]
            if not counts:
                return f"banyaknya tingkat paraf di '{state.name}' tidak dibatasi"
            times = min(counts)
        if deadline is None:
            return None
        if deadline.paused_while is not None:
            return f"jam batas di '{state.name}' dapat dihentikan"
        if not isinstance(deadline.within, Duration):
            return f"batas di '{state.name}' baru diketahui dari isian"
        amount = _as(deadline.within, self.limit.unit)
        if amount is None:
            return f"batas di '{state.name}' memakai satuan yang tidak dapat dibandingkan"
        return amount * times

    def _round(self) -> Iterator[Broken]:
        """Circles on which deadlines begin anew again and again."""
        tried = 0
        for node in sorted(self.nodes, key=lambda each: (self.graph.cost[each], each)):
            for edge in self.nodes[node]:
                inside = self.island[edge.to] == self.island[node]
                if not inside or edge.result is None or not edge.result.entered or tried >= _MOST_LOOPS:
                    continue
                tried += 1
                steps = self._steps((edge, *self._way(edge.to, node)))
                names = " -> ".join(dict.fromkeys(conf.state for wants, conf in steps if wants))
                yield Broken(f"Surat dapat berputar: {names}", True, Path((*self.graph.path(node).steps, *steps)))

    def _steps(self, edges: Iterable[Edge]) -> list[tuple[tuple[Want, ...], Conf]]:
        return [(edge.wants, self.graph.confs[edge.to]) for edge in edges]

    def _way(self, start: int, end: int) -> list[Edge]:
        """The fewest steps between two configurations of one island."""
        came: dict[int, tuple[int, Edge] | None] = {start: None}
        queue = [start]
        for node in queue:
            if node == end:
                break
            for edge in self.nodes[node]:
                if edge.to not in came and self.island[edge.to] == self.island[start]:
                    came[edge.to] = (node, edge)
                    queue.append(edge.to)
        found: list[Edge] = []
        at = end
        while (step := came[at]) is not None:
            at, edge = step
            found.append(edge)
        return found[::-1]

    def _long(self) -> Iterator[Broken]:
        """The way on which all deadlines together are longest, when they are longer than was promised.

        No deadline begins anew inside an island here: how long a letter has taken is the same all over it.
        """
        members: dict[int, list[int]] = {}
        for node, island in self.island.items():
            members.setdefault(island, []).append(node)
        longest = {self.island[0]: 0}
        came: dict[int, tuple[int, Edge]] = {}
        for island in sorted(members, reverse=True):
            for node in sorted(members[island]):
                for edge in self.nodes[node]:
                    there = self.island[edge.to]
                    more = longest[island] + self._cost(edge)
                    if there != island and more > longest.get(there, -1):
                        longest[there], came[there] = more, (node, edge)
        worst = max(longest, key=lambda each: (longest[each], each))
        if longest[worst] > self.limit.amount:
            total = durations.text(Duration(longest[worst], self.limit.unit))
            yield Broken(f"Jumlah batas di jalan ini {total}", True, self._path(worst, came))

    def _path(self, island: int, came: dict[int, tuple[int, Edge]]) -> Path:
        """The way that led to an island, from the beginning."""
        crossed: list[tuple[int, Edge]] = []
        while island in came:
            crossed.append(came[island])
            island = self.island[crossed[-1][0]]
        edges: list[Edge] = []
        at = 0
        for node, edge in reversed(crossed):
            edges += [*self._way(at, node), edge]
            at = edge.to
        return Path((((), self.graph.confs[0]), *self._steps(edges)))

    def _cost(self, edge: Edge) -> int:
        if edge.result is None or not edge.result.entered:
            return 0
        found = self._of(self.flow.states[self.graph.confs[edge.to].state])
        return found if isinstance(found, int) else 0


def _islands(graph: dict[int, list[int]]) -> dict[int, int]:
    """Node -> the number of its island: nodes that lead to each other. What leads on has the higher number.

    Tarjan's algorithm, without recursion.
    """
    number: dict[int, int] = {}
    low: dict[int, int] = {}
    island: dict[int, int] = {}
    open_ones: list[int] = []
    for root, targets in graph.items():
        work = [(root, iter(targets))] if root not in number else []
        while work:
            node, ahead = work[-1]
            if node not in number:
                number[node] = low[node] = len(number)
                open_ones.append(node)
            step = next(ahead, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == number[node]:
                    name = len(island)
                    while node not in island:
                        island[open_ones.pop()] = name
            elif step not in number:
                work.append((step, iter(graph[step])))
            elif step not in island:
                low[node] = min(low[node], number[step])
    return island


def _as(duration: Duration, unit: str) -> int | None:
    """How much of another unit a duration is at most; None where that depends on the calendar."""
    if duration.unit == unit:
        return duration.amount
    if (duration.unit, unit) == ("hours", "working days"):
        return -(-duration.amount // SHORTEST_DAY)
    return None
