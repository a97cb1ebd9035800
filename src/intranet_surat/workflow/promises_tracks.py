"""Tracks by what comes of them: which outcomes a child can have, in how few acts, and whether it always ends.

Children of children are known only in this way. Rules are left aside: an outcome named here may still be
impossible for a given letter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from heapq import heappop, heappush

from intranet_surat.workflow.chart import deeds, leads_to
from intranet_surat.workflow.check_parts import effects, machines
from intranet_surat.workflow.model import Effect, Flow, State
from intranet_surat.workflow.model_words import SEAL_BESIDES
from intranet_surat.workflow.overlay import start_of, states_of
from intranet_surat.workflow.promises_facts import Key, key
from intranet_surat.workflow.rules import Node, references

_FOLLOWED = frozenset({"number", "set", "signed", "pdf", "freeze", "archive", "notify", "send", SEAL_BESIDES})
"""The effects of the language; one of an application may write any field."""


@dataclass(frozen=True, slots=True)
class Want:
    """One act of a story: its kind as in `view.Offer` (or start, edit, night), and where it is done."""

    kind: str
    track: str | None
    state: str
    action: str
    many: bool = False


class Tracks:
    """The tracks of a flow, summarised."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        own = {name: _made_in(flow, name) for name in flow.tracks}
        self.nested = {name: _closure(name, own) for name in flow.tracks}
        self._ends: dict[str, dict[str, tuple[Want, ...]]] = {name: {} for name in flow.tracks}
        changed = True
        while changed:
            changed = False
            for name in flow.tracks:
                found = self._shortest(name)
                if {key: len(each) for key, each in found.items()} != {k: len(v) for k, v in self._ends[name].items()}:
                    self._ends[name] = found
                    changed = True
        self.ends_surely = self._surely()

    def ends(self, track: str) -> dict[str, tuple[Want, ...]]:
        """Outcome -> the fewest acts that lead a new child of the track to it."""
        return self._ends.get(track, {})

    def hidden(self, trees: Iterable[Node]) -> Iterator[Key]:
        """Fields of the letter that change where nobody follows: below children, and by effects from outside."""
        nested = {name for each in self.nested.values() for name in each}
        for machine in machines(self.flow):
            for effect, _ in effects(machine):
                if machine.track in nested:
                    yield from (("letter", name) for name in _touched(effect))
                if effect.name not in _FOLLOWED:
                    yield from (key(ref) for tree in trees for ref in references(tree) if ref.root == "letter")

    def _shortest(self, track: str) -> dict[str, tuple[Want, ...]]:
        states = states_of(self.flow, track)
        first = start_of(self.flow, track)
        best: dict[str, int] = {}
        came: dict[str, tuple[str, tuple[Want, ...]]] = {}
        heap: list[tuple[int, int, str, str, tuple[Want, ...]]] = [(0, 0, first, "", ())]
        found: dict[str, tuple[Want, ...]] = {}
        order = 0
        while heap:
            cost, _, name, before, wants = heappop(heap)
            if name in best or name not in states:
                continue
            best[name], came[name] = cost, (before, wants)
            state = states[name]
            if state.final and state.outcome is not None and state.outcome not in found:
                found[state.outcome] = _story(came, name)
            for target, acts in self._steps(track, state):
                order += 1
                heappush(heap, (cost + len(acts), order, target, name, acts))
        return found

    def _steps(self, track: str, state: State) -> Iterator[tuple[str, tuple[Want, ...]]]:
        """The ways out of a state of a track, each with its acts."""
        for branch in state.choose:
            yield branch.to, ()
        if state.route is not None:
            yield state.route.done, ()
        if state.gather is not None:
            inner = self.ends(state.gather.track)
            if "done" in inner:
                yield state.gather.done, inner["done"]
            for outcome in ("returned", "withdrawn"):
                if outcome in inner:
                    yield state.gather.returned, inner[outcome]
            yield state.gather.returned, ()
        for deed in deeds(state):
            before: tuple[Want, ...] = ()
            if deed.kind == "sign" and state.sign is not None:
                before = (Want("prepare", track, state.name, state.sign.prepare.name),)
            if deed.action.to is not None and deed.kind != "prepare":
                yield deed.action.to, (*before, Want(deed.kind, track, state.name, deed.action.name))

    def _locally(self, track: str) -> bool:
        """Whether an item of the track, wherever it is, can be ended by acts that no rule forbids.

        Acts that make children do not count, and its own children are taken to end first: they are fewer
        levels deep, and the tree below a letter is finite.
        """
        states = states_of(self.flow, track)
        behind: dict[str, list[str]] = {}
        for name, state in states.items():
            for target in leads_to(state):
                behind.setdefault(target, []).append(name)
        won = {name for name, state in states.items() if state.final}
        waiting = list(won)
        while waiting:
            for name in behind.get(waiting.pop(), ()):
                if name not in won and _leads(states[name], won):
                    won.add(name)
                    waiting.append(name)
        return set(states) == won

    def _surely(self) -> frozenset[str]:
        """The tracks whose items always end, with all that they wait for."""
        good = {name for name in self.flow.tracks if self._locally(name)}
        waits = {
            name: {state.gather.track for state in track.states.values() if state.gather is not None}
            for name, track in self.flow.tracks.items()
        }
        while bad := {name for name in good if not waits[name] <= good}:
            good -= bad
        return frozenset(good)


def _leads(state: State, won: set[str]) -> bool:
    if state.choose:
        return all(branch.to in won for branch in state.choose)
    if state.gather is not None:
        return {state.gather.done, state.gather.returned} <= won
    return any(
        deed.action.to in won and not deed.action.needs and deed.action.fan_out is None
        for deed in deeds(state)
        if deed.kind != "prepare"
    )


def _story(came: dict[str, tuple[str, tuple[Want, ...]]], name: str) -> tuple[Want, ...]:
    acts: list[tuple[Want, ...]] = []
    while name:
        name, wants = came[name]
        acts.append(wants)
    return tuple(want for wants in reversed(acts) for want in wants)


def _made_in(flow: Flow, track: str) -> set[str]:
    """The tracks of which an item of this track makes children."""
    acts = [deed.action for state in states_of(flow, track).values() for deed in deeds(state)]
    return {action.fan_out.track for action in acts if action.fan_out is not None}


def _closure(track: str, own: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(own[track])
    while waiting:
        one = waiting.pop()
        if one in own and one not in found:
            found.add(one)
            waiting += own[one]
    return found


def _touched(effect: Effect) -> tuple[str, ...]:
    """The fields of the letter that an effect of the language may change."""
    if effect.name == "set":
        return tuple(effect.value)
    return ("signed", "number") if effect.writes == "signed" else (effect.writes,) if effect.writes is not None else ()
