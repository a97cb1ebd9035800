"""What a state's powers depend on in its flow: the names it uses, through all that they name in turn.

States that are equal in this, in one flow or in two versions of it, give equal powers (`workflow.matrix`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any

from intranet_surat.workflow.chart import deeds
from intranet_surat.workflow.model import Action, Branch, Flow, Route, State, Who
from intranet_surat.workflow.overlay import states_of
from intranet_surat.workflow.rules import Named, Ref

Spot = tuple[str | None, str]
"""A state: its track (None: the letter's own) and its name."""

_PLACES = frozenset({"mark", "marks"})
_SILENT = _PLACES | frozenset({"title", "text", "says", "remind", "within", "paused_while"})
"""What gives or takes no power."""


@dataclass(frozen=True, slots=True)
class Scope:
    """All that decides what a state, or one act in it, gives.

    ``bare`` is that as plain values; ``acted`` are the states whose actors it names; ``apart`` tells which of
    ``author``, ``giver`` and ``holder`` of an item matter to it; ``acts`` are the scopes of a state's acts.
    """

    bare: object
    acted: tuple[Spot, ...]
    reads_security: bool
    apart: frozenset[str]
    acts: Mapping[str, Scope]


def scope(flow: Flow, track: str | None, state: State) -> Scope:
    """The scope of one state."""
    found = _Found(flow, track)
    found.add(("states", state.name), state)
    whole = _scope(flow, track, found)
    if state.route is not None or state.sign is not None:
        # Whose turn it is hangs on everything.
        alike = replace(whole, apart=frozenset({"author", "giver", "holder"}))
        return replace(alike, acts={deed.action.name: alike for deed in deeds(state)})
    acts = {}
    for name, action in state.actions.items():
        one = _Found(flow, track)
        one.add(("actions", f"{state.name}.{name}"), action)
        acts[name] = _scope(flow, track, one)
    return replace(whole, acts=acts)


def _scope(flow: Flow, track: str | None, found: _Found) -> Scope:
    acted = dict.fromkeys(
        (owner(flow, track, str(who.args[0])), str(who.args[0])) for who in found.whos() if who.op == "actors"
    )
    refs = [part for part in found.parts() if isinstance(part, Ref)]
    apart = {who.op for who in found.whos()} & {"author", "giver"}
    if any(isinstance(part, Route) for part in found.parts()):
        apart.add("author")
    fields = {ref.path[0] for ref in refs if ref.root == "item"}
    if fields - {"read"} or any(who.op == "item" for who in found.whos()):
        apart.add("holder")
    kinds = flow.applies.kinds
    first = flow.absence[0].stand_in if flow.absence else "none"
    extra = (kinds[0] if kinds else "", first == "none")
    values = tuple((key, bare(value)) for key, value in sorted(found.values.items()))
    security = any(ref.path[0] == "security" for ref in refs)
    return Scope((values, extra), tuple(acted), security, frozenset(apart), {})


def owner(flow: Flow, track: str | None, name: str) -> str | None:
    """The track whose state a name means inside a track: its own, else the letter's."""
    return track if track is not None and name in states_of(flow, track) else None


def bare(value: Any) -> object:
    """A value of the model as plain tuples, without places and without words that only people read."""
    if is_dataclass(value) and not isinstance(value, type):
        return (type(value).__name__, *(bare(getattr(value, f.name)) for f in fields(value) if f.name not in _SILENT))
    if isinstance(value, Mapping):
        return tuple((key, bare(one)) for key, one in value.items())
    if isinstance(value, list | tuple):
        return tuple(bare(one) for one in value)
    return value


def parts(value: Any) -> Iterator[Any]:
    """Every dataclass inside a value of the model, itself first."""
    if is_dataclass(value) and not isinstance(value, type):
        yield value
        for each in fields(value):
            if each.name not in _PLACES:
                yield from parts(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from parts(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from parts(one)


class _Found:
    """Collects what is named, and what that names."""

    def __init__(self, flow: Flow, track: str | None) -> None:
        self.flow = flow
        self.track = track
        self.values: dict[tuple[str, str], Any] = {}

    def add(self, key: tuple[str, str], value: Any) -> None:
        """Notes a value, and all it names."""
        if key in self.values or value is None:
            return
        self.values[key] = value
        for part in parts(value):
            self._named(part)

    def _named(self, part: Any) -> None:
        if isinstance(part, Who) and part.op == "name":
            self.add(("cast", part.args[0]), self.flow.cast.get(part.args[0]))
        elif isinstance(part, Named):
            self.add(("rules", part.rule), self.flow.rules.get(part.rule))
        elif isinstance(part, Branch) and part.when is not None:
            self.add(("rules", part.when), self.flow.rules.get(part.when))
        elif isinstance(part, Action):
            for rule in part.needs:
                self.add(("rules", rule), self.flow.rules.get(rule))
            if part.ask is not None:
                self.add(("forms", part.ask), self.flow.forms.get(part.ask))
        for name in _onward(part):
            state = states_of(self.flow, self.track).get(name)
            if state is not None and passes(state):
                self.add(("states", name), state)

    def parts(self) -> Iterator[Any]:
        """Every dataclass found."""
        for value in self.values.values():
            yield from parts(value)

    def whos(self) -> Iterator[Who]:
        """Every expression of the cast found."""
        return (part for part in self.parts() if isinstance(part, Who))


def _onward(part: Any) -> Iterator[str]:
    """The states to which a part of a state leads."""
    for name in ("to", "done", "returned"):
        target = getattr(part, name, None)
        if isinstance(target, str):
            yield target


def passes(state: State) -> bool:
    """Whether an item may pass through the state at once."""
    return bool(state.choose) or state.route is not None or state.gather is not None
