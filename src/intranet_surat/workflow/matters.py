"""What a flow still asks of an item from each state on; what is asked no more is forgotten on a way ahead.

So two ways that differ in nothing that still matters come to the same place. Nothing here looks at an item.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from intranet_surat.workflow import rules
from intranet_surat.workflow.chart import Chart, Deed, chart, every_part, of_levels, passes_to
from intranet_surat.workflow.literals import Test
from intranet_surat.workflow.model import Effect, Flow, State, Who
from intranet_surat.workflow.overlay import USED
from intranet_surat.workflow.standing import LEVEL, READ, SIGN_DEEDS


class Asks(NamedTuple):
    """What is asked: fields of the letter, who has acted in these states, items of these tracks."""

    fields: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    tracks: frozenset[str] = frozenset()

    def with_(self, other: Asks) -> Asks:
        """Both together."""
        return Asks(self.fields | other.fields, self.actors | other.actors, self.tracks | other.tracks)


class Move:
    """A deed of a state, with what follows from the flow alone.

    A signature is done with its preparation: ``prepare``, and the ``effects`` of both. ``by`` are its cast
    expressions, ``named`` the fields of the letter that they read. ``bare`` deeds miss nothing but people,
    ``answered`` ones have rules about what is entered; ``watched`` tells that rules ask who does it, ``numbers``
    that it gives a number, so that they ask no more who acted before. ``plain`` deeds are one step, for which nothing
    is asked but these people and the fields ``about`` them.
    """

    __slots__ = (
        "about", "answered", "asks", "bare", "by", "deed", "effects", "improves", "key", "named", "numbers", "plain",
        "prepare", "state", "straight", "watched",
    )  # fmt: skip

    def __init__(self, known: Chart, state: State, deed: Deed, asks: Asks, prepare: Move | None) -> None:
        action = deed.action
        self.state = state
        self.deed = deed
        self.key = (state.name, action.name)
        self.asks: Asks = asks if prepare is None else asks.with_(prepare.asks)
        self.by = tuple(who.text for who in action.by)
        parts = (part for who in action.by for part in every_part(who, known.flow))
        self.named = frozenset(str(part.args[0]) for part in parts if part.op == "letter" and part.args)
        self.prepare = prepare
        self.effects = action.do
        if deed.kind == "sign" and state.sign is not None:
            self.effects = (*state.sign.prepare.do, Effect("signed", state.sign.method))
        self.numbers = bool(known.acted) and _numbers(self.effects)
        self.straight = known.straight(deed)
        self.improves = known.improves(deed)
        self.answered = any(map(known.asks, action.needs))
        self.bare = not action.needs and not (action.ask is not None and known.chooses(action.ask))
        self.watched = state.name in known.acted or known.answered
        self.about = self.named | LEVEL
        alone = deed.kind not in SIGN_DEEDS and deed.route is None and deed.turns is None
        self.plain = alone and self.bare and not self.watched and not self.asks.actors


class Matters:
    """What each deed of one chart asks, and what is asked from each state on."""

    def __init__(self, known: Chart) -> None:
        self.chart = known
        self.flow = known.flow
        self.people = Asks(known.people | READ)
        self.moves = {name: self._moves(state) for name, state in known.states.items()}
        self.ahead: Mapping[str, Asks] = self._ahead()
        self.plain = self._plain()
        self.firm = self._firm()
        self._passed: dict[str, frozenset[str]] = {}

    def passed(self, target: str) -> frozenset[str]:
        """The fields that decide where an item comes to stand that goes to a state, and those written on the way."""
        if target not in self._passed:
            found, waiting = {*self.people.fields}, [target]
            for name in waiting:
                state = self.chart.states[name]
                found |= self._rules(branch.when for branch in state.choose if branch.when is not None).fields
                written = _written(state.entering(self.chart.track))
                found |= {*written, "number", USED} if written & {"signed", "number"} else written
                waiting.extend(each for each in passes_to(state) if each in self.chart.states and each not in waiting)
            self._passed[target] = frozenset(found)
        return self._passed[target]

    def _plain(self) -> dict[str, tuple[Test, ...]]:
        """The fields that rules only compare with words, and how: two values may be the same to all of them."""
        tests = {test for rule in self.flow.rules for way in self.chart.ways((rule,)) for test in way.tests}
        letter = {name[1] for test in tests for name in test.names if name[0] == "letter"}
        asked = {name: [test for test in tests if any(name in each[1:2] for each in test.names)] for name in letter}
        return {
            name: tuple(some)
            for name, some in asked.items()
            if name not in self.people.fields and all(test.names == (("letter", name),) for test in some)
        }

    def _firm(self) -> tuple[Test, ...] | None:
        """Tests that, while met, keep the fields that say who somebody is; None where these may change anyway."""
        people, states = self.chart.people, self.chart.states.values()
        tests = {test for rule in self.flow.rules for way in self.chart.ways((rule,)) for test in way.tests}
        about = [test for test in tests if any(name[1] in people for name in test.names if name[0] == "letter")]
        routes = [state for state in states if state.route is not None]
        watched = any(move.asks.actors for state in routes for move in self.moves[state.name])
        branches = self._rules(self.chart.branches).fields
        alone = all(len(test.names) == 1 for test in about)
        firm = self.chart.lasting and alone and len(routes) == 1 and not watched and people.isdisjoint(branches)
        return tuple(about) if firm else None

    def _moves(self, state: State) -> tuple[Move, ...]:
        found: list[Move] = []
        for deed in self.chart.deeds(state.name):
            before = found if deed.kind == "sign" else ()
            prepare = next((each for each in before if each.deed.kind == "prepare"), None)
            found.append(Move(self.chart, state, deed, self._asked(deed), prepare))
        return tuple(found)

    def _asked(self, deed: Deed) -> Asks:
        """What decides who may do a deed, and whether."""
        found = self.people.with_(self._rules(deed.action.needs)).with_(self._cast(deed.action.by))
        if deed.action.fan_out is not None:
            found = found.with_(Asks(tracks=frozenset((deed.action.fan_out.track,))))
        if deed.route is not None:
            found = found.with_(self._cast(of_levels(deed.route)))
        return found

    def _rules(self, names: Iterable[str]) -> Asks:
        found = Asks()
        for name in names:
            rule = self.flow.rules.get(name)
            if rule is None:
                continue
            tests = {literal.test for way in self.chart.ways((name,)) for literal in way.others}
            refs = (ref for ref in rules.read_by(rule.tree, self.flow) if ref.root in ("letter", "item"))
            tracks = (each.track for each in tests if isinstance(each, rules.Children))
            among = self._cast(each.who for each in tests if isinstance(each, rules.Among))
            fields = frozenset(ref.path[0] for ref in refs)
            fields |= {USED} if "number" in fields else fields
            found = found.with_(Asks(fields, among.actors, frozenset(tracks)))
        return found

    def _cast(self, some: Iterable[Who]) -> Asks:
        """Whose acts these expressions mean; the fields that they read always matter."""
        parts = (part for who in some for part in every_part(who, self.flow))
        return Asks(actors=frozenset(str(part.args[0]) for part in parts if part.op == "actors"))

    def _ahead(self) -> dict[str, Asks]:
        """What is asked in each state or in any behind it, before it is written anew."""
        found = {name: self._here(name, state) for name, state in self.chart.states.items()}
        changed = True
        while changed:
            changed = False
            for name, state in reversed([*self.chart.states.items()]):
                every = found[name]
                for target, effects in self._leads(state):
                    if target in found:
                        entering = (*effects, *self.chart.states[target].entering(self.chart.track))
                        every = every.with_(_before(found[target], effects, entering))
                if every != found[name]:
                    found[name], changed = every, True
        return found

    def _here(self, name: str, state: State) -> Asks:
        found = self.people if self.chart.deeds(name) or state.choose else Asks()
        for move in self.moves[name]:
            found = found.with_(move.asks)
        found = found.with_(self._rules(branch.when for branch in state.choose if branch.when is not None))
        return found.with_(Asks(tracks=frozenset((state.gather.track,)))) if state.gather is not None else found

    def _leads(self, state: State) -> Iterator[tuple[str, tuple[Effect, ...]]]:
        """The states to which a state leads, with the effects of the act."""
        for move in self.moves[state.name]:
            if move.deed.action.to is not None:
                yield move.deed.action.to, move.effects
        yield from ((target, ()) for target in passes_to(state))


def _numbers(effects: Iterable[Effect]) -> bool:
    """Whether these give a number: who acted before is asked no more then (`cast.acts_of`)."""
    return any(effect.name == "number" and effect.value != "void" for effect in effects)


def _before(asked: Asks, effects: Iterable[Effect], entering: Iterable[Effect]) -> Asks:
    """What is asked before an act, of what is asked where it leads: not what is written on the way."""
    actors = frozenset[str]() if _numbers(effects) else asked.actors
    surely = _written(effect for effect in entering if not effect.voids)  # a number that was signed under stays
    return Asks(asked.fields - surely, actors, asked.tracks)


def _written(effects: Iterable[Effect]) -> set[str]:
    """The fields of the letter that effects write, whatever stood there."""
    found: set[str] = set()
    for effect in effects:
        if effect.name == "set":
            found.update(effect.value)
        elif effect.writes is not None:
            found.add(effect.writes)
    return found


@lru_cache(maxsize=256)
def _made(known: Chart) -> Matters:
    return Matters(known)


def matters(flow: Flow, track: str | None) -> Matters:
    """What matters in a flow's letter or in one of its tracks."""
    return _made(chart(flow, track))
