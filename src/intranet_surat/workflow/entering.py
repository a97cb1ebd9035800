"""Where an act would lead an item further ahead, and what each branch on the way would need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast, initials, judging, turns
from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.appointing import broken
from intranet_surat.workflow.changing import Spot, around
from intranet_surat.workflow.chart import chart
from intranet_surat.workflow.deeds import Case
from intranet_surat.workflow.legs import NOBODY, NUMBERED, Fact, Facts, Node, Places
from intranet_surat.workflow.matters import matters
from intranet_surat.workflow.model import Effect, Flow, Route, State, Who
from intranet_surat.workflow.overlay import USED, Overlay, over, state_of, told, used
from intranet_surat.workflow.repairs import repair
from intranet_surat.workflow.standing import READ
from intranet_surat.workflow.view import Child, Done, ItemView, Make, Setting

Entered = tuple[tuple[Node, tuple[Make, ...]], ...]
"""Where an item may come to stand, with what each needs."""

_NONE = frozenset[str]()
_GIVEN = {"print_code": "kode"}


class Passed(NamedTuple):
    """What the branches taken before depend on: rules that hold and rules that do not, fields changed for them."""

    needs: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    made: Mapping[str, Any] = MappingProxyType({})


class Entering:
    """One item as it would be further on; every answer is remembered.

    ``closed`` are the states with a route that turned out to be without levels for good.
    """

    def __init__(self, flow: Flow, item: ItemView, setting: Setting) -> None:
        self.flow = flow
        self.item = over(item)
        self.setting = setting
        self.chart = chart(flow, item.track)
        self.matters = matters(flow, item.track)
        self.followed = self.chart.read | self.chart.people
        self.alike: dict[Fact, Fact | None] = {}
        self.first: dict[tuple[str, tuple[bool, ...]], Fact] = {}
        self.closed: set[str] = set()
        opened = frozenset(child.track for child in self.item.children if child.outcome is None)
        since = max((act.seq for act in item.acts if act.numbered), default=-1)
        self.before = {act.state_from for act in item.acts if act.position and act.seq >= since}
        self.places = Places()
        self.start = self.kept(self.places.at(item.state, opened))
        sign = state_of(flow, item).sign
        if sign is not None and sign.in_turn and turns.given(item, sign):
            self.start = self.places.but(self.start, midway=True)
        self.views: dict[Node, Overlay] = {self.start: self.item}
        self.cases: dict[Node, Case] = {}
        self.known: dict[Node, Entered] = {}
        self.levels: dict[tuple[str, Facts], tuple[initials.Tier, ...] | NotAllowed] = {}

    def case(self, node: Node) -> Case:
        """The item at a node, before nobody yet."""
        found = self.cases.get(node)
        if found is None:
            changed = frozenset([name for name, _ in node.facts]) if node.facts else _NONE
            found = Case(self.flow, self.view(node), NOBODY, self.setting, self.item.state, changed)
            self.cases[node] = found
        return found

    @cached_property
    def firm(self) -> bool:
        """Whether nothing will change the fields that say who somebody is: a route without levels never gets any."""
        tests, fields = self.matters.firm, self.item.letter.fields
        if tests is None or not all(cast.holders_in(fields.get(name)) for name in self.chart.people):
            return False
        clock = self.setting.calendar
        return all(
            judging.compared(test.op, fields.get(test.left[1]), test.rights, clock) == test.holds for test in tests
        )

    def kept(self, node: Node) -> Node:
        """A place without what is asked no more from there on; of values that all rules take alike, the first."""
        if not (node.facts or node.open or node.acted or node.ended):
            return node
        asks = self.matters.ahead.get(node.state, self.matters.people)
        if node.acted and node.acted[0] == NUMBERED and asks.actors.isdisjoint(self.before):
            node = self.places.but(node, acted=node.acted[1:])  # nobody acted before it whom a rule still asks for
        node = self.places.only(node, asks)
        for fact in node.facts:
            if self._alike(fact) != fact:
                alike = [self._alike(each) for each in node.facts]
                return self.places.but(node, facts=tuple([each for each in alike if each is not None]))
        return node

    def _alike(self, fact: Fact) -> Fact | None:
        """What rules cannot tell from a fact: None if what stands in the field today, else which came first."""
        if fact in self.alike:
            return self.alike[fact]
        name, value = fact
        found: Fact | None = fact
        tests = self.matters.plain.get(name)
        if tests is not None:
            clock, today = self.setting.calendar, self.item.letter.fields.get(name)
            answers = [
                tuple([judging.compared(test.op, each, test.rights, clock) for test in tests])
                for each in (today, value)
            ]
            found = None if answers[0] == answers[1] else self.first.setdefault((name, answers[1]), fact)
        self.alike[fact] = found
        return found

    def view(self, node: Node) -> Overlay:
        """The item as it would stand at a node."""
        view = self.views.get(node)
        if view is None:
            children = [*self.item.children]
            for track in node.open | node.ended:
                children.extend(self._given(track, node.open))
            acts = (*self.item.acts, *self._acts(node)) if node.acted else self.item.acts
            view = over(self.item, state=node.state, initials=(), assigned=(), children=children, acts=acts)
            view = self.views[node] = told(view, dict(node.facts))
        return view

    def about_people(self, facts: Facts) -> Facts:
        """Those of the changed fields from which follows who may do what."""
        known = self.chart.people
        return tuple([fact for fact in facts if fact[0] in known or fact[0] in READ]) if facts else ()

    def tiers(self, node: Node, route: Route) -> tuple[initials.Tier, ...]:
        """The levels of the route at a node. Raises NotAllowed as `initials.tiers` does."""
        key = node.state, self.about_people(node.facts)
        if node.acted or key not in self.levels:
            try:
                self.levels[key] = initials.tiers(self.flow, self.view(node), route, self.setting)
            except NotAllowed as refused:
                self.levels[key] = refused
        found = self.levels[key]
        if isinstance(found, NotAllowed):
            raise found
        return found

    def _acts(self, node: Node) -> Iterator[Done]:
        """What was done on the way, as far as rules ask who did it."""
        since = max((act.seq for act in self.item.acts), default=0)
        for number, each in enumerate(node.acted, 1):
            state, position, person = each
            yield Done(since + number, self.item.id, "", state, "", position, person, numbered=each == NUMBERED)

    def _given(self, track: str, opened: frozenset[str]) -> Iterator[Child]:
        """An item that was given out on the way, as rules see it."""
        today = [child for child in self.item.children if child.track == track]
        if any(child.outcome is None or track not in opened for child in today):
            return
        states = chart(self.flow, track).states.values()
        state = next((each for each in states if (each.start if track in opened else each.final)), None)
        if state is not None:
            yield Child("", track, state.name, state.outcome if state.final else None, "", "")

    def facts(self, before: Facts, effects: tuple[Effect, ...]) -> Facts:
        """The fields that rules read or that say who somebody is, as these effects leave them."""
        read = self.followed
        if not effects or not read:
            return before
        found = dict(before)
        fields = self.item.letter.fields
        for effect in effects:
            if effect.name == "set":
                found.update((name, value) for name, value in effect.value.items() if name in read)
            elif (name := effect.writes) is not None and name in read:
                if name == "signed":
                    found[name] = effect.value
                elif not effect.voids:
                    found[name] = fields.get(name) or _GIVEN.get(name, "1")
                elif not used(self.item) and not found.get(USED):
                    found[name] = None
            if effect.writes == "signed" and effect.value and "number" in read and not used(self.item):
                found.update({USED: True} if found.get("number", fields.get("number")) else {})
        return tuple(sorted((name, value) for name, value in found.items() if fields.get(name) != value))

    def enter(self, node: Node, target: str, asked: Asked | None) -> Entered:
        """Where an item stands that goes from a node to ``target``."""
        if self.chart.answered or target not in self.chart.states:
            return tuple(self._enter(node, target, asked, frozenset(), Passed()))
        fields = self.matters.passed(target)
        known = tuple([each for each in node.facts if each[0] in fields])
        key = self.places.at(target, node.open, known, node.ended, node.acted)
        if key not in self.known:
            self.known[key] = tuple(self._enter(key, target, None, frozenset(), Passed()))
        if len(key.facts) == len(node.facts):
            return self.known[key]
        aside = [each for each in node.facts if each[0] not in fields]
        return tuple(
            (self.places.but(reached, facts=tuple(sorted([*reached.facts, *aside]))), make)
            for reached, make in self.known[key]
        )

    def _enter(
        self, node: Node, target: str, asked: Asked | None, seen: frozenset[str], passed: Passed
    ) -> Iterator[tuple[Node, tuple[Make, ...]]]:
        state = self.chart.states.get(target)
        if state is None or target in seen:
            return
        seen |= {target}
        facts = self.facts(node.facts, state.entering(self.chart.track))
        if facts != node.facts:
            # What is written here makes the same rules lead elsewhere: they are asked anew behind it.
            written = {name for name, _ in {*facts} ^ {*node.facts}}
            passed = Passed(made={name: value for name, value in passed.made.items() if name not in written})
        node = self.places.at(target, node.open, facts, node.ended, node.acted)
        if state.choose:
            yield from self._choose(node, state, asked, seen, passed)
        elif state.route is not None:
            found = tuple(self._route(node, state.route, asked, seen, passed))
            if self.firm and all(reached.state != target for reached, _ in found):
                self.closed.add(target)
            yield from found
        elif state.gather is not None and state.gather.track not in node.open:
            yield from self._enter(node, state.gather.returned, asked, seen, passed)
        else:
            yield node, ()

    def _route(
        self, node: Node, route: Route, asked: Asked | None, seen: frozenset[str], passed: Passed
    ) -> Iterator[tuple[Node, tuple[Make, ...]]]:
        try:
            levels = self.tiers(node, route)
        except NotAllowed as refused:
            found = tuple(self._longer(node, self.view(node), route))
            gap = broken(self.case(node), refused) if not found else None
            if gap is not None and not gap.never and all(make.what != "field" for make in gap.make):
                found = ((node, gap.make),)
            yield from found
            return
        if levels:
            yield node, ()
        else:
            yield from self._enter(node, route.done, asked, seen, passed)
            yield from self._longer(node, self.view(node), route)

    def _longer(self, node: Node, view: Overlay, route: Route) -> Iterator[tuple[Node, tuple[Make, ...]]]:
        """A route that has no level today, or no signatory yet, has some under another."""
        below = route.levels.args[-1] if isinstance(route.levels, Who) and route.levels.op == "superiors" else None
        name = cast.field_of(below, self.flow) if below is not None else None
        if name is None:
            return
        for other in around(self.case(node).spot).people(name):
            try:
                levels = initials.tiers(self.flow, told(view, {name: other}), route, self.setting)
            except NotAllowed:
                continue
            if levels:
                value = {"tests": [{"op": "present", "values": [], "holds": True}], "example": other}
                yield node, (Make("field", f"letter.{name}", value, "Pilih penanda tangan yang lebih tinggi."),)
                return

    def _choose(
        self, node: Node, state: State, asked: Asked | None, seen: frozenset[str], passed: Passed
    ) -> Iterator[tuple[Node, tuple[Make, ...]]]:
        """Every branch that can be taken; of one that today's letter does not take, what must change."""
        actor = asked.actor if asked is not None else None
        needs, against, made = passed
        spot = Spot(self.flow, told(self.view(node), made), actor, self.setting, self.item.state)
        for branch in state.choose:
            here = (*needs, branch.when) if branch.when is not None else needs
            says = f"Cabang di '{state.title}' harus ke '{branch.to}'."
            gap = repair(self.chart.ways(here, against), spot, asked=asked, form=None, says=says)
            if gap is None or not gap.never:
                make = gap.make if gap is not None else ()
                fields = (each for each in make if each.what == "field" and each.of.startswith("letter."))
                after = {each.of.removeprefix("letter."): each.value["example"] for each in fields}
                behind = Passed(here, against, {**made, **after})
                for reached, more in self._enter(node, branch.to, asked, seen, behind):
                    yield reached, (*make, *more)
            if branch.when is not None:
                against = (*against, branch.when)
