"""Who may do what in a flow: every power it gives to the positions of an office, for letters of every secrecy.

A power says: some letter of this level that can stand in this state lets the position do it. The letters that
are tried are canonical (`workflow.matrix_letters`): addressed to the head of the office and signed by him,
written by one of the given authors, passed on only along ways that people of the flow can really take; what a
rule asks of other fields, of children and of earlier acts is tried both ways. Two flows compare by the
difference of their powers (`workflow.diff`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import product

from intranet_surat.workflow import sight
from intranet_surat.workflow.chart import Deed, deeds
from intranet_surat.workflow.check_parts import machines
from intranet_surat.workflow.deeds import Case
from intranet_surat.workflow.limits import limit
from intranet_surat.workflow.matrix_letters import Bound, Ground, Letters, Sample
from intranet_surat.workflow.matrix_scope import Scope, Spot, scope
from intranet_surat.workflow.model import Flow, State
from intranet_surat.workflow.overlay import start_of, states_of
from intranet_surat.workflow.timers import ring, timers
from intranet_surat.workflow.view import Actor

SEES, KNOWS, EDITS = "melihat surat", "mengetahui adanya surat", "mengubah naskah"
"""Reading the whole letter; knowing of it by a line without its subject; changing its text. No act has such a name."""
ACTED = "*"
"""Stands for whoever has acted on the item before."""
PAPER, STAND_IN, ESCALATED = "dari kertas", "pengganti", "sesudah eskalasi"
_STRANGER = Actor("", "")


@dataclass(frozen=True, slots=True, order=True)
class Power:
    """A position may do an action in a state (``track.state`` of a track), on letters of a level of secrecy.

    ``how`` is empty for what it may do in its own right, else `PAPER` (enters what another wrote on paper),
    `STAND_IN` (whoever stands in for it may) or `ESCALATED` (once the limit has passed).
    """

    position: str
    state: str
    action: str
    level: str
    how: str = ""


class TooMuch(Exception):
    """The powers are not found within the number of questions that may be asked."""


class Memory:
    """What was found for states, by all that it depends on: two versions of a flow share what they have in common.

    ``most`` bounds how often it is asked whether somebody may do an act on a letter; None: as often as it takes.
    """

    def __init__(self, most: int | None = None) -> None:
        self._left = most
        self._numbers: dict[object, int] = {}
        self.found: dict[object, _Found] = {}
        self.able: dict[object, _Able] = {}

    def number(self, value: object) -> int:
        """A short name of a large value."""
        return self._numbers.setdefault(value, len(self._numbers))

    def ask(self) -> None:
        """Counts a question. Raises TooMuch."""
        if self._left is not None:
            self._left -= 1
            if self._left < 0:
                raise TooMuch


def matrix(flow: Flow, ground: Ground, memory: Memory | None = None) -> frozenset[Power]:
    """All powers that a flow gives on this ground; what stands in ``memory`` was found on the same ground.

    Raises TooMuch when the memory bounds the questions.
    """
    known = memory or Memory()
    scopes = {
        (machine.track, name): scope(flow, machine.track, state)
        for machine in machines(flow)
        for name, state in machine.states.items()
    }
    levels = (_Walk(Letters(flow, ground, level), scopes, known) for level in ground.sight)
    return frozenset(power for walk in levels for power in walk.powers())


@dataclass(frozen=True, slots=True)
class _Found:
    """What one state gives: (position, action, how), the deeds that somebody can do, and whom children go to."""

    powers: frozenset[tuple[str, str, str]]
    done: frozenset[str]
    passed: frozenset[tuple[str, str, str]]  # (track, giver, holder)


_Able = tuple[frozenset[str], frozenset[tuple[str, str, str]]]
"""The positions that can do an act, and the children that they can make by it: (track, giver, holder)."""


class _Walk:
    """One level of secrecy: which states are reached, by items in whose hands, and what may be done there."""

    def __init__(self, letters: Letters, scopes: Mapping[Spot, Scope], memory: Memory) -> None:
        self.flow, self.letters, self.scopes, self.memory = letters.flow, letters, scopes, memory
        self.reached: dict[str | None, set[str]] = {machine.track: set() for machine in machines(self.flow)}
        self.pairs: dict[str, set[tuple[str, str]]] = {track: set() for track in self.flow.tracks}
        self.acted: dict[Spot, set[str]] = {}
        self.found: dict[Spot, _Found] = {}
        self.numbers = {
            id(one): memory.number((one.bare, letters.common(one.reads_security)))
            for state in scopes.values()
            for one in (state, *state.acts.values())
        }

    def powers(self) -> Iterator[Power]:
        """The powers of this level, once nothing new is reached any more."""
        self._enter(None, start_of(self.flow, None))
        while self._round():
            pass
        for (track, name), found in self.found.items():
            shown = name if track is None else f"{track}.{name}"
            for position, action, how in found.powers:
                if how == ESCALATED and (position, action, "") in found.powers:
                    continue  # another letter lets the position do it at once
                yield Power(position, shown, action, self.letters.level, how)

    def _round(self) -> bool:
        """Looks at every state reached so far; whether that led further."""
        size = self._size()
        for track, names in self.reached.items():
            for name in sorted(names):
                found = self._look(track, name)
                self.found[track, name] = found
                self.acted.setdefault((track, name), set()).update(
                    who for who, action, how in found.powers if _deed(action, how)
                )
                for deed in deeds(states_of(self.flow, track)[name]):
                    if deed.action.name in found.done and deed.action.to is not None:
                        self._enter(track, deed.action.to)
                for child, giver, holder in found.passed:
                    self.pairs[child].add((giver, holder))
                    self._enter(child, start_of(self.flow, child))
        return self._size() != size

    def _size(self) -> int:
        sizes = (map(len, sets.values()) for sets in (self.reached, self.pairs, self.acted))
        return sum(sum(each) for each in sizes)

    def _enter(self, track: str | None, target: str) -> None:
        """Marks the states in which an item can come to stand when it is sent to ``target``."""
        states, waiting, seen = states_of(self.flow, track), [target], set[str]()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            state = states[name]
            if state.choose:
                waiting += [each.to for each in state.choose if self.letters.may_choose(track, name, each.when)]
                continue
            self.reached[track].add(name)
            if state.route is not None:  # a chain without levels is passed at once
                waiting.append(state.route.done)
            if state.gather is not None:
                waiting += [state.gather.done, state.gather.returned]

    def _look(self, track: str | None, name: str) -> _Found:
        """What a state gives by all ways on which an item can come into somebody's hands."""
        here = self.scopes[track, name]
        number = self.numbers[id(here)]
        acted = {spot: tuple(sorted(self.acted.get(spot, ()))) for spot in here.acted}
        pairs = tuple(sorted(self.pairs[track])) if track is not None else ()
        acts = {act: (self.numbers[id(one)], one.apart) for act, one in here.acts.items()}
        look = _State(self.letters, track, states_of(self.flow, track)[name], acted, self.memory, acts)
        found = []
        for bound in self.letters.bounds(track, pairs, every="author" in here.apart):
            key = (number, track, bound, tuple(acted.items()))
            if key not in self.memory.found:
                self.memory.found[key] = look.at(bound)
            found.append(self.memory.found[key])
        return _Found(
            frozenset().union(*(each.powers for each in found)),
            frozenset().union(*(each.done for each in found)),
            frozenset().union(*(each.passed for each in found)),
        )


def _deed(action: str, how: str) -> bool:
    return action not in (SEES, KNOWS, EDITS) and how in ("", ESCALATED)


class _State:
    """One state before which people stand."""

    def __init__(
        self,
        letters: Letters,
        track: str | None,
        state: State,
        acted: Mapping[Spot, tuple[str, ...]],
        memory: Memory,
        acts: Mapping[str, tuple[int, frozenset[str]]],
    ) -> None:
        self.letters, self.track, self.state, self.acted = letters, track, state, acted
        self.memory, self.acts = memory, acts
        self.powers: set[tuple[str, str, str]] = set()
        self.done: set[str] = set()
        self.passed: set[tuple[str, str, str]] = set()

    def at(self, bound: Bound) -> _Found:
        """What the state gives on the canonical letters of one binding."""
        self.powers, self.done, self.passed = set(), set(), set()
        flow, setting = self.letters.flow, self.letters.setting
        plain = self.letters.sample(bound, self.track, self.state, self.acted)
        turns = [(turn, self._late(turn)) for turn in self.letters.turns(plain, self.state)]
        for turn, after in turns:
            for item, how in ((turn, ""), (after, ESCALATED)) if after is not None else ((turn, ""),):
                self._sight(item, how)
                for position in sight.editors(flow, item, setting):
                    self.powers.add((position, EDITS, how))
        late = turns[0][1]
        for deed in deeds(self.state):
            number, names = self.acts[deed.action.name]
            who = tuple(getattr(bound, name) if name in names else None for name in ("author", "giver", "holder"))
            key = (number, self.track, deed.action.name, who, tuple(self.acted.items()))
            known = self.memory.able
            if key not in known:
                known[key] = self._able(plain, deed)
            self._deed(plain, deed, known[key], "")
            if late is not None and late.assigned:
                self._deed(late, deed, self._able(late, deed), ESCALATED)
        for position, action, how in tuple(self.powers):
            if how == "" and self._may_be_represented(action):
                self.powers.add((position, action, STAND_IN))
        return _Found(frozenset(self.powers), frozenset(self.done), frozenset(self.passed))

    def _late(self, item: Sample) -> Sample | None:
        """The item after its escalation, if it has one; a child that is given to another is noted as passed on."""
        flow, setting, deadline = self.letters.flow, self.letters.setting, limit(self.state)
        if deadline is None or deadline.escalate is None:
            return None
        found = [each for each in timers(flow, item, setting.now, setting) if each.kind == "escalate"]
        rung = ring(flow, item, found[0], setting)
        if self.track is not None and rung.holder is not None:
            self.passed.add((self.track, item.giver or "", rung.holder))
            return None
        return replace(item, told=rung.told, assigned=rung.assigned)

    def _sight(self, item: Sample, how: str) -> None:
        opens = self.letters.opens
        found: dict[str, set[str]] = {}
        for reason, positions in sight.readers(self.letters.flow, item, self.letters.setting).items():
            if reason == "acted":
                continue
            for position in positions:
                found.setdefault(position, set()).add(reason)
        if not self.state.see.only:
            found[ACTED] = {"acted"}
        for position, reasons in found.items():
            self.powers.add((position, SEES if reasons & opens else KNOWS, how))

    def _able(self, item: Sample, deed: Deed) -> _Able:
        """Who can do a deed on some variant of the item, and to whom he can pass a child."""
        able, passed = set[str](), set[tuple[str, str, str]]()
        tried = self.letters.variants(item, self.state, deed, self.acted)
        for variant, setting in product(tried, self.letters.settings(deed)):
            self.memory.ask()
            case = Case(self.letters.flow, variant, _STRANGER, setting)
            who = case.who(deed)
            for position in who:
                if position in able or not position:
                    continue
                self.memory.ask()
                mine = case.of(Actor(position, position))
                if next(mine.gaps(deed, who), None) is None:
                    able.add(position)
                    passed.update(_children(mine, deed))
        return frozenset(able), frozenset(passed)

    def _deed(self, item: Sample, deed: Deed, found: _Able, how: str) -> None:
        """Notes what those who can do a deed may do, and who may enter it for them."""
        able, passed = found
        self.powers.update((position, deed.action.name, how) for position in able)
        self.passed.update(passed)
        if able:
            self.done.add(deed.action.name)
            clerks = Case(self.letters.flow, item, _STRANGER, self.letters.setting).clerks(deed)
            self.powers.update((position, deed.action.name, PAPER) for position in clerks)

    def _may_be_represented(self, action: str) -> bool:
        lines = self.letters.flow.absence
        first = lines[0].stand_in if lines else "none"
        return first != "none" and any(
            deed.action.name == action and deed.action.stand_in for deed in deeds(self.state)
        )


def _children(case: Case, deed: Deed) -> Iterator[tuple[str, str, str]]:
    """(track, giver, holder) of the children that the deed can make."""
    fan_out = deed.action.fan_out
    if fan_out is None:
        return
    asked = case.asked(deed)
    field = asked.form.fields[fan_out.per]
    if isinstance(field.source, str):
        field = asked.form.fields[field.source]
    for holder in asked.candidates(field):
        yield fan_out.track, case.actor.position, holder
