"""What the checks share: the machines of a flow, their acts and ways, and where things stand in the file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from intranet_surat.workflow import cast, rules
from intranet_surat.workflow.findings import Found, quoted
from intranet_surat.workflow.model import Action, Deadline, Effect, Flow, Form, Mark, State, Who
from intranet_surat.workflow.nodes import Items, Node, Pairs, Text
from intranet_surat.workflow.world import World

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Machine:
    """The letter's own states (``track`` None) or those of one track, and where they stand in the file."""

    track: str | None
    states: Mapping[str, State]
    path: Path


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a state: the state it leads to, and the place of the key that says so."""

    to: str
    path: Path
    mark: Mark | None = None
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one flow: what every check is given.

    ``letter_fields`` are the names that ``letter.x`` may have (None: all), ``item_fields`` those of
    ``item.x`` by track, ``words`` what each cast name comes down to.
    """

    flow: Flow
    world: World
    places: Places
    found: Found
    letter_fields: frozenset[str] | None
    item_fields: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]]

    def unknown(self, mark: Mark, what: str, word: str, accepted: Collection[str] | None, rule: str) -> bool:
        """A finding when ``word`` is not among the accepted ones (None: all are); whether there was one."""
        if accepted is None or word in accepted:
            return False
        self.found.add(mark, f"{what} {quoted(word)} tidak ada.", rule=rule, accepted=accepted, meant=word)
        return True


class Places:
    """Looks up where a key or a value of the flow stands in its file."""

    def __init__(self, tree: Pairs) -> None:
        self.tree = tree

    def _node(self, path: Path) -> tuple[Mark, Node]:
        """The place of the last key on the path, and its value; as far as the path can be followed."""
        node: Node = self.tree
        mark = self.tree.mark
        for key in path:
            if not isinstance(node, Pairs) or key not in node.entries:
                break
            mark, node = node.entries[key].key.mark, node.entries[key].value
        return mark, node

    def key(self, *path: str) -> Mark:
        """Where the last key of the path stands."""
        return self._node(path)[0]

    def value(self, *path: str) -> Mark:
        """Where the value under the path stands."""
        return self._node(path)[1].mark

    def word(self, word: str, *path: str) -> Mark:
        """Where ``word`` stands in the value under the path: the value itself, or an item of the list."""
        node = self._node(path)[1]
        for item in node.items if isinstance(node, Items) else ():
            if isinstance(item, Text) and item.text == word:
                return item.mark
        return node.mark

    def inside(self, item: Mark, key: str, *path: str) -> Mark:
        """Where the value of ``key`` stands in that mapping of the list under the path which is at ``item``."""
        node = self._node(path)[1]
        for pairs in node.items if isinstance(node, Items) else ():
            if isinstance(pairs, Pairs) and pairs.mark == item and key in pairs.entries:
                return pairs.entries[key].value.mark
        return item

    def lines(self, *path: str) -> set[tuple[str, int]]:
        """The lines, of whichever files, on which anything under the path stands."""
        mark, node = self._node(path)
        found, waiting = {(mark.file, mark.line)}, [node]
        while waiting:
            one = waiting.pop()
            found.add((one.mark.file, one.mark.line))
            if isinstance(one, Pairs):
                found.update((entry.key.mark.file, entry.key.mark.line) for entry in one)
                waiting += [entry.value for entry in one]
            elif isinstance(one, Items):
                waiting += one.items
        return found


def machines(flow: Flow) -> list[Machine]:
    """The letter's machine first, then those of the tracks."""
    tracks = [Machine(name, track.states, ("tracks", name, "states")) for name, track in flow.tracks.items()]
    return [Machine(None, flow.states, ("states",)), *tracks]


def acts(machine: Machine) -> Iterator[tuple[Action, Path, State]]:
    """Every act that asks, needs or does something, with its place: actions, rejections, preparations."""
    for state in machine.states.values():
        for action, path in acts_in(machine, state):
            yield action, path, state


def acts_in(machine: Machine, state: State) -> Iterator[tuple[Action, Path]]:
    """The same of one state."""
    here = (*machine.path, state.name)
    for name, action in state.actions.items():
        yield action, (*here, "actions", name)
    if state.route is not None and state.route.reject is not None:
        yield state.route.reject, (*here, "route", "reject")
    if state.sign is not None:
        yield state.sign.prepare, (*here, "sign", "prepare")
        if state.sign.reject is not None:
            yield state.sign.reject, (*here, "sign", "reject")


def effects(machine: Machine) -> Iterator[tuple[Effect, Action | None]]:
    """Every effect, with the act it belongs to (None on entering a state)."""
    for state in machine.states.values():
        for effect in state.on_enter:
            yield effect, None
    for action, _, _ in acts(machine):
        for effect in action.do:
            yield effect, action


def deadlines(machine: Machine, state: State) -> Iterator[tuple[Deadline, Path]]:
    """The deadline of a state and that of its levels of initials, each with its place."""
    here = (*machine.path, state.name)
    if state.deadline is not None:
        yield state.deadline, (*here, "deadline")
    if state.route is not None and state.route.deadline is not None:
        yield state.route.deadline, (*here, "route", "deadline")


def asked_of_nobody(flow: Flow) -> Iterator[rules.Node]:
    """The expressions that are asked while nobody acts: of deadlines and of promises."""
    yield from (promise.tree for promise in flow.promises if promise.tree is not None)
    for machine in machines(flow):
        for state in machine.states.values():
            yield from (one.paused_while for one, _ in deadlines(machine, state) if one.paused_while is not None)


def ways(machine: Machine, state: State) -> Iterator[Way]:
    """All ways out of a state."""
    here = (*machine.path, state.name)
    for branch in state.choose:
        yield Way(branch.to, (*here, "choose"), branch.mark, automatic=True)
    if state.route is not None:
        # An empty chain of initials passes at once, so nobody need wait in a route.
        yield Way(state.route.done, (*here, "route", "done"), automatic=True)
    if state.sign is not None:
        yield Way(state.sign.done, (*here, "sign", "done"))
    if state.gather is not None:
        yield Way(state.gather.done, (*here, "gather", "done"), automatic=True)
        if state.gather.returned is not None:
            yield Way(state.gather.returned, (*here, "gather", "returned"), automatic=True)
    for action, path in acts_in(machine, state):
        if action.to is not None:
            yield Way(action.to, (*path, "to"))


def place_of(look: Look, way: Way) -> Mark:
    """Where the target of a way stands in the file."""
    if way.mark is not None:
        return look.places.inside(way.mark, "to", *way.path)
    return look.places.value(*way.path)


def inside(word: str, who: Who) -> Mark:
    """Where ``word`` stands inside the text of a cast expression."""
    mark = who.mark or Mark("", 1, 1)
    match = re.search(rf"(?<![\w.-]){re.escape(word)}(?![\w-])", who.text)
    return Mark(mark.file, mark.line, mark.column + (match.start() if match is not None else 0))


def words(flow: Flow) -> dict[str, frozenset[str]]:
    """Cast name -> the words (ops) that it comes down to, through all the names it names."""
    own = {name: {part.op for part in cast.parts(who)} for name, who in flow.cast.items()}
    return {name: frozenset().union(*(own[one] for one in reach(name, named(flow)))) for name in flow.cast}


def named(flow: Flow) -> dict[str, list[str]]:
    """Cast name -> the cast names that its expression names."""
    return {
        name: [str(part.args[0]) for part in cast.parts(who) if part.op == "name"] for name, who in flow.cast.items()
    }


def reach(start: str, graph: Mapping[str, list[str]]) -> set[str]:
    """The nodes that can be reached from ``start``, itself included."""
    seen = {start} & set(graph)
    waiting = list(seen)
    while waiting:
        for target in graph[waiting.pop()]:
            if target in graph and target not in seen:
                seen.add(target)
                waiting.append(target)
    return seen


def item_forms(flow: Flow) -> dict[str, list[Form]]:
    """Track -> the forms whose values become the fields of its items."""
    forms: dict[str, dict[str, Form]] = {name: {} for name in flow.tracks}
    for machine in machines(flow):
        for action, _, _ in acts(machine):
            track = action.fan_out.track if action.fan_out is not None else None
            form = flow.forms.get(action.ask or "")
            if track in forms and form is not None:
                forms[track][form.name] = form
    return {track: list(found.values()) for track, found in forms.items()}


def circles(graph: Mapping[str, list[str]]) -> list[list[str]]:
    """Circles of a graph, one through each node that lies on any, in the order of the graph."""
    left = dict(graph)
    found: list[list[str]] = []
    while True:
        while dead := [node for node, targets in left.items() if not any(target in left for target in targets)]:
            for node in dead:
                del left[node]
        if not left:
            return found
        node, trail = next(iter(left)), list[str]()
        while node not in trail:
            trail.append(node)
            node = next(target for target in left[node] if target in left)
        found.append(trail[trail.index(node) :])
        for node in found[-1]:
            del left[node]
