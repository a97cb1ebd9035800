"""What follows from a flow alone and is worked out once for each: deeds, distances, what may still change.

Nothing here looks at an item. Which way an item can really take stands in `workflow.reach`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from intranet_surat.workflow import cast, rules
from intranet_surat.workflow.literals import Way, together, ways
from intranet_surat.workflow.model import Action, Effect, Flow, Route, Sign, State, Who
from intranet_surat.workflow.model_words import WRITTEN
from intranet_surat.workflow.near import Near
from intranet_surat.workflow.overlay import states_of
from intranet_surat.workflow.standing import READ


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done; ``kind`` as in `view.Offer`.

    Those whose turn it is do it: of the ``route``, its initials and sending back, or of the signatures in ``turns``.
    """

    kind: str
    action: Action
    route: Route | None = None
    turns: Sign | None = None


def deeds(state: State) -> Iterator[Deed]:
    """All that can be done in a state, in the order of the file: route, sign, then the actions."""
    if state.route is not None:
        route = state.route
        yield Deed("initial", Action(route.act, route.title, (), to=route.done, stand_in=route.stand_in), route)
        if route.reject is not None:
            yield Deed("reject", replace(route.reject, stand_in=route.stand_in), route)
    if state.sign is not None:
        sign = state.sign
        turns = sign if sign.in_turn else None
        prepare = replace(sign.prepare, by=sign.by, to=None, stand_in=sign.stand_in)
        yield Deed("prepare", prepare, turns=turns)
        yield Deed("sign", Action(sign.act, sign.title, sign.by, to=sign.done, stand_in=sign.stand_in), turns=turns)
        if sign.reject is not None:
            reject = replace(sign.reject, by=sign.by, stand_in=sign.stand_in)
            yield Deed("reject", reject, turns=turns)
    for action in state.actions.values():
        yield Deed("action", action)


def leads_to(state: State) -> Iterator[str]:
    """The states to which a state leads directly, the usual one first."""
    for branch in state.choose:
        yield branch.to
    if state.route is not None:
        yield state.route.done
    if state.sign is not None:
        yield state.sign.done
    if state.gather is not None:
        yield state.gather.done
    for action in state.actions.values():
        if action.to is not None:
            yield action.to
    if state.route is not None and state.route.reject is not None and state.route.reject.to is not None:
        yield state.route.reject.to
    if state.sign is not None and state.sign.reject is not None and state.sign.reject.to is not None:
        yield state.sign.reject.to
    if state.gather is not None:
        yield state.gather.returned


def of_levels(route: Route) -> tuple[Who, ...]:
    """The expressions of the cast that a route is made of."""
    return (route.levels,) if isinstance(route.levels, Who) else tuple(level.who for level in route.levels)


def passes_to(state: State) -> Iterator[str]:
    """The states to which an item may go on from a state in which nobody must act."""
    for branch in state.choose:
        yield branch.to
    if state.route is not None:
        yield state.route.done
    if state.gather is not None:
        yield state.gather.done
        yield state.gather.returned


@dataclass(slots=True, eq=False)
class Chart:
    """The states of a flow's letter, or of one track; remembers every answer."""

    flow: Flow
    track: str | None
    states: Mapping[str, State]
    _deeds: dict[str, tuple[Deed, ...]] = field(default_factory=dict)
    _names: dict[str, frozenset[str]] = field(default_factory=dict)
    _far: dict[str, dict[str, int]] = field(default_factory=dict)
    _near: dict[str, Near] = field(default_factory=dict)
    _asks: dict[str, bool] = field(default_factory=dict)
    _ways: dict[tuple[tuple[str, ...], tuple[str, ...]], tuple[Way, ...]] = field(default_factory=dict)
    _edited: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    _personal: dict[int, bool] = field(default_factory=dict)
    _written: frozenset[str] | None = None
    _people: frozenset[str] | None = None
    _read: frozenset[str] | None = None
    _acted: frozenset[str] | None = None
    _answered: bool | None = None

    def deeds(self, state: str) -> tuple[Deed, ...]:
        """All that can be done in a state."""
        if state not in self._deeds:
            self._deeds[state] = tuple(deeds(self.states[state])) if state in self.states else ()
        return self._deeds[state]

    def names(self, state: str) -> frozenset[str]:
        """The names of all that can be done in a state."""
        if state not in self._names:
            self._names[state] = frozenset(deed.action.name for deed in self.deeds(state))
        return self._names[state]

    def far(self, start: str) -> dict[str, int]:
        """How many steps each state lies from ``start``; those that no way leads to are left out."""
        if start not in self._far:
            found = {start: 0} if start in self.states else {}
            queue = list(found)
            for name in queue:
                for target in leads_to(self.states[name]):
                    if target in self.states and target not in found:
                        found[target] = found[name] + 1
                        queue.append(target)
            self._far[start] = found
        return self._far[start]

    def near(self, start: str) -> Near:
        """All states ahead in which something can be done, nearest first, with the fewest acts that lead there.

        Where nobody must act, an item passes by itself. Only as far as somebody looks: of most states the nearest few.
        """
        if start not in self._near:
            self._near[start] = Near(self._ahead(start))
        return self._near[start]

    def _ahead(self, start: str) -> Iterator[tuple[str, int]]:
        now, steps, seen = [start], 0, set[str]()
        while now:
            later: list[str] = []
            for name in now:
                if name not in seen and name in self.states:
                    seen.add(name)
                    passed = [*passes_to(self.states[name])]
                    now.extend(passed)
                    later.extend(each for each in leads_to(self.states[name]) if each not in passed)
                    if self.deeds(name):
                        yield name, steps
            now, steps = later, steps + 1

    def asks(self, rule: str) -> bool:
        """Whether a rule, or one that it names, depends on what is entered at the action."""
        if rule not in self._asks:
            self._asks[rule] = any(ref.root == "form" for ref in rules.read_by(self.flow.rules[rule].tree, self.flow))
        return self._asks[rule]

    def straight(self, deed: Deed) -> bool:
        """Whether a deed leads to where somebody must act, whoever does it, and changes nothing that is read."""
        state = self.states.get(deed.action.to or "")
        waits = state is not None and not state.choose and state.route is None and state.gather is None
        effects = (*deed.action.do, *(state.entering(self.track) if state is not None else ()))
        written = {name for effect in effects for name in (effect.value if effect.name == "set" else ())}
        written |= {effect.writes for effect in effects if effect.writes is not None}
        written |= {"number"} if "signed" in written else written  # it stays from then on
        plain = deed.kind != "sign" and deed.action.fan_out is None
        return waits and plain and not written & (self.read | self.people)

    def improves(self, deed: Deed) -> bool:
        """Whether acts may bring about what the rules of a deed miss: items below, or a field that effects write."""
        names = tuple(name for name in deed.action.needs if name in self.flow.rules)
        tests = {literal.test for way in self.ways(names) for literal in way.others}
        fields = {ref.path[0] for name in names for ref in rules.read_by(self.flow.rules[name].tree, self.flow)}
        below = any(isinstance(each, rules.Children | rules.InState) for each in tests)
        return below or not fields.isdisjoint(self.written)

    @property
    def written(self) -> frozenset[str]:
        """The fields of the letter that effects of any act write, and ``read``, which reading writes."""
        if self._written is None:
            effects = [
                effect
                for name, state in self.states.items()
                for some in (state.entering(self.track), *(deed.action.do for deed in self.deeds(name)))
                for effect in some
            ]
            names = {name for effect in effects if effect.name == "set" for name in effect.value}
            self._written = frozenset((*names, *WRITTEN, "letter_date", "agenda_year", "read"))
        return self._written

    @property
    def lasting(self) -> bool:
        """Whether no act changes from which fields of the letter follows who may do what."""
        return self.written.isdisjoint(self.people) and self.written.isdisjoint(READ)

    def personal(self, deed: Deed) -> bool:
        """Whether what a deed misses depends on who does it, besides whether he may: rules or forms ask for him."""
        key = id(deed)
        if key not in self._personal:
            names = (*deed.action.needs, *self.branches)
            tests = (
                each.test
                for name in names
                if name in self.flow.rules
                for way in self.ways((name,))
                for each in way.others
            )
            form = self.flow.forms.get(deed.action.ask or "")
            some = [each.source for each in form.fields.values()] if form is not None else []
            some.extend(
                each for state in self.states.values() if state.route is not None for each in of_levels(state.route)
            )
            parts = (part for who in some if isinstance(who, Who) for part in every_part(who, self.flow))
            self._personal[key] = any(isinstance(each, rules.Among) for each in tests) or any(
                part.op == "actor" for part in parts
            )
        return self._personal[key]

    @property
    def branches(self) -> frozenset[str]:
        """The rules on which branches depend."""
        return frozenset(each.when for state in self.states.values() for each in state.choose if each.when is not None)

    def chooses(self, form: str) -> bool:
        """Whether a form has a field that must be filled from a list, which may be empty."""
        fields = self.flow.forms[form].fields.values() if form in self.flow.forms else ()
        return any(each.required and (each.of is not None or isinstance(each.source, Who)) for each in fields)

    def ways(self, needs: tuple[str, ...], against: tuple[str, ...] = ()) -> tuple[Way, ...]:
        """The ways in which these rules hold, and those that are named ``against`` do not."""
        key = (needs, against)
        if key not in self._ways:
            trees = self.flow.rules
            every = [(name, True) for name in needs] + [(name, False) for name in against]
            found = together(ways(trees[name].tree, self.flow, holds=holds) for name, holds in every)
            self._ways[key] = tuple(Way(each, letter=self.track is None) for each in found)
        return self._ways[key]

    @property
    def people(self) -> frozenset[str]:
        """The fields of the letter that say who somebody is."""
        if self._people is None:
            every = (
                *self.flow.cast.values(),
                *(who for name in self.states for deed in self.deeds(name) for who in deed.action.by),
                *(field.source for form in self.flow.forms.values() for field in form.fields.values()),
            )
            parts = (part for who in every if isinstance(who, Who) for part in cast.parts(who))
            self._people = frozenset(str(part.args[0]) for part in parts if part.op == "letter" and part.args)
        return self._people

    @property
    def read(self) -> frozenset[str]:
        """The fields of the letter that any rule reads."""
        if self._read is None:
            refs = (ref for rule in self.flow.rules.values() for ref in rules.references(rule.tree))
            roots = ("letter",) if self.track is not None else ("letter", "item")
            self._read = frozenset(ref.path[0] for ref in refs if ref.root in roots)
        return self._read

    @property
    def acted(self) -> frozenset[str]:
        """The states whose actors a rule asks for, or the cast."""
        if self._acted is None:
            tests = (part for rule in self.flow.rules.values() for part in rules.walk(rule.tree))
            among = (test.who for test in tests if isinstance(test, rules.Among))
            by = (who for name in self.states for deed in self.deeds(name) for who in deed.action.by)
            every = (part for who in (*among, *by, *self.flow.cast.values()) for part in cast.parts(who))
            self._acted = frozenset(str(part.args[0]) for part in every if part.op == "actors")
        return self._acted

    @property
    def answered(self) -> bool:
        """Whether a branch depends on an act: on what is entered at it, or on who does it."""
        if self._answered is None:
            names = self.branches
            tests = (literal.test for name in names for way in self.ways((name,)) for literal in way.others)
            self._answered = any(map(self.asks, names)) or any(isinstance(each, rules.Among) for each in tests)
        return self._answered

    def edited_from(self, state: str, target: str) -> tuple[str, ...]:
        """The states on the way from a state to ``target``, both counted, in which somebody may change the letter."""
        key = (state, target)
        if key not in self._edited:
            on_way = (name for name in self.far(state) if target in self.far(name))
            self._edited[key] = tuple(name for name in on_way if self.states[name].edits)
        return self._edited[key]

    def writers(self, state: str, name: str) -> Iterator[tuple[str, Effect]]:
        """The effects that write a field of the letter, with the state in which their act is done."""
        for at in self.far(state):
            here = self.states[at]
            for effect in (*here.entering(self.track), *(each for deed in self.deeds(at) for each in deed.action.do)):
                if (effect.name == "set" and name in effect.value) or effect.writes == name:
                    yield at, effect
            if here.sign is not None and name == "signed":
                yield at, Effect("signed", here.sign.method)


def every_part(who: Who, flow: Flow) -> Iterator[Who]:
    """An expression of the cast and all inside it, also behind the names of others."""
    waiting, seen = [who], set[str]()
    for each in waiting:
        for part in cast.parts(each):
            yield part
            name = str(part.args[0]) if part.op == "name" else ""
            if name in flow.cast and name not in seen:
                seen.add(name)
                waiting.append(flow.cast[name])


_MOST = 256
_charts: dict[tuple[int, str | None], Chart] = {}
"""By the identity of the flow, which its chart keeps alive: a flow is known by what it is, not by what it holds."""


def chart(flow: Flow, track: str | None) -> Chart:
    """The chart of a flow's letter or of one of its tracks."""
    key = id(flow), track
    found = _charts.get(key)
    if found is None:
        found = Chart(flow, track, states_of(flow, track))
        if len(_charts) >= _MOST:
            _charts.clear()
        _charts[key] = found
    return found
