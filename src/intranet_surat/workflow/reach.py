"""How an item can come from where it stands to every other state of its flow, or that it cannot any more.

A search over states: what an act needs today is counted, what can never be met closes the way. Fields that
effects change and items that are given out on the way are followed, so that no way is promised that closes
behind the item.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast, initials, remedies
from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.changing import Spot, around
from intranet_surat.workflow.chart import WRITTEN, Chart, Deed, chart
from intranet_surat.workflow.deeds import Case
from intranet_surat.workflow.model import Effect, Flow, Gather, Route, State, Who
from intranet_surat.workflow.overlay import Overlay, over, told
from intranet_surat.workflow.repairs import Gap, repair
from intranet_surat.workflow.view import Actor, Child, ItemView, Make, Setting

_ACT, _CHANGE = 1, 20  # what a step costs, and what something costs that must be changed for it
_MOST_NODES = 400
_NOBODY = Actor("", "")

Facts = tuple[tuple[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Leg:
    """One step of a way: an act by ``as_``, or that the items of a track end (then ``action`` is empty)."""

    action: str
    title: str
    state: str
    as_: tuple[str, ...] = ()
    track: str = ""
    outcome: str = ""
    make: tuple[Make, ...] = ()

    def told(self) -> dict[str, Any]:
        """The step for a program."""
        if self.track:
            return {"track": self.track, "outcome": self.outcome, "state": self.state}
        return {"action": self.action, "title": self.title, "as": list(self.as_), "state": self.state}


@dataclass(frozen=True, slots=True)
class _Node:
    """Where an item may stand: its state, the tracks with open items below it, the fields that acts have changed.

    ``ended`` are the tracks whose items have ended on the way.
    """

    state: str
    open: frozenset[str]
    facts: Facts = ()
    ended: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Roads:
    """The easiest way to every state and deed that can still be reached.

    ``deeds`` maps a state and the name of a deed in it to the steps before it, and to what it needs besides.
    """

    states: Mapping[str, tuple[Leg, ...]]
    deeds: Mapping[tuple[str, str], tuple[tuple[Leg, ...], tuple[Make, ...]]]


def roads(flow: Flow, item: ItemView, setting: Setting) -> Roads:
    """All ways ahead of an item."""
    return _Search(flow, item, setting).run()


class _Search:
    """One search: cheapest ways first."""

    def __init__(self, flow: Flow, item: ItemView, setting: Setting) -> None:
        self.flow = flow
        self.item = over(item)
        self.setting = setting
        self.chart: Chart = chart(flow, item.track)
        self.read = self.chart.read
        states = self.chart.far(item.state)
        self.wanted = [(state, deed.action.name) for state in states for deed in self.chart.deeds(state)]
        self.views: dict[_Node, Overlay] = {}
        self.states: dict[str, tuple[Leg, ...]] = {}
        self.known: dict[tuple[str, str, bool], tuple[tuple[str, ...], Actor, tuple[Gap, ...]]] = {}
        self.found: dict[tuple[str, str], tuple[int, tuple[Leg, ...], tuple[Make, ...]]] = {}

    def run(self) -> Roads:
        """The ways to all states and deeds."""
        opened = frozenset(child.track for child in self.item.children if child.outcome is None)
        self.start = start = _Node(self.item.state, opened)
        order = count()
        queue: list[tuple[int, int, _Node, tuple[Leg, ...]]] = [(0, next(order), start, ())]
        done: set[_Node] = set()
        while queue and len(done) < _MOST_NODES:
            cost, _, node, way = heappop(queue)
            if node in done:
                continue
            if self.settled(cost):
                break
            done.add(node)
            self.states.setdefault(node.state, way)
            for further, steps in self.steps(node, cost, way):
                if further not in done:
                    heappush(queue, (cost + _price(steps), next(order), further, (*way, *steps)))
        found = {key: (way, make) for key, (_, way, make) in self.found.items()}
        return Roads(self.states, found)

    def settled(self, cost: int) -> bool:
        """Whether nothing that costs as much can be easier than what is known for every deed."""
        while self.wanted:
            known = self.found.get(self.wanted[-1])
            if known is None or known[0] > cost:
                return False
            self.wanted.pop()
        return True

    def note(self, node: _Node, deed: Deed, cost: int, way: tuple[Leg, ...], make: tuple[Make, ...]) -> None:
        """The deed can be done at the node."""
        price, key = cost + _CHANGE * len(make), (node.state, deed.action.name)
        if key not in self.found or price < self.found[key][0]:
            self.found[key] = (price, way, make)

    def view(self, node: _Node) -> Overlay:
        """The item as it would stand at a node."""
        if node == self.start:
            return self.item
        if node not in self.views:
            self.views[node] = self.made(node)
        return self.views[node]

    def made(self, node: _Node) -> Overlay:
        """The same, made anew."""
        children = [*self.item.children]
        for track in node.open | node.ended:
            children.extend(self.given(track, node.open))
        return told(over(self.item, state=node.state, initials=(), children=children), dict(node.facts))

    def given(self, track: str, opened: frozenset[str]) -> Iterator[Child]:
        """An item that was given out on the way, as rules see it."""
        if any(child.track == track for child in self.item.children):
            return
        states = chart(self.flow, track).states.values()
        state = next((each for each in states if (each.start if track in opened else each.final)), None)
        if state is not None:
            yield Child("", track, state.name, state.outcome if state.final else None, "", "")

    def steps(self, node: _Node, cost: int, way: tuple[Leg, ...]) -> Iterator[tuple[_Node, tuple[Leg, ...]]]:
        """What can be done at a node, and where it leads."""
        state = self.chart.states.get(node.state)
        if state is None:
            return
        case = Case(self.flow, self.view(node), _NOBODY, self.setting)
        for deed in self.chart.deeds(node.state):
            least: tuple[Make, ...] | None = None
            for further, steps in self.done(node, state, case, deed):
                make = tuple(each for step in steps for each in step.make)
                least = make if least is None or len(make) < len(least) else least
                if deed.kind != "prepare":
                    yield further, steps
            if least is not None:
                self.note(node, deed, cost, way, least)
        if state.gather is not None and state.gather.track in node.open:
            yield from self.ended(node, state.gather)

    def done(self, node: _Node, state: State, case: Case, deed: Deed) -> Iterator[tuple[_Node, tuple[Leg, ...]]]:
        """The deed is done by somebody."""
        who, case, gaps = self.judged(node, case, deed)
        if any(each.never for each in gaps):
            return
        asked = case.asked(deed)
        make = tuple(each for gap in gaps for each in gap.make)
        effects = deed.action.do
        before: tuple[Leg, ...] = ()
        if deed.kind == "sign" and state.sign is not None:
            sign = state.sign
            effects = (*sign.prepare.do, Effect("signed", sign.method))
            if node.state != self.item.state or not case.prepared(sign):
                prepare = next(each for each in self.chart.deeds(node.state) if each.kind == "prepare")
                before = (Leg(sign.prepare.name, sign.prepare.title, node.state, case.who(prepare)),)
        fan_out = deed.action.fan_out
        opened = node.open | {fan_out.track} if fan_out is not None else node.open
        after = replace(node, open=opened, facts=self.facts(node.facts, effects))
        leg = Leg(deed.action.name, deed.action.title, node.state, who, make=make)
        if deed.action.to is None:
            yield after, (*before, leg)
            return
        for reached, needed in self.enter(after, deed.action.to, asked, frozenset()):
            yield reached, (*before, replace(leg, make=(*make, *needed)))

    def judged(self, node: _Node, case: Case, deed: Deed) -> tuple[tuple[str, ...], Case, tuple[Gap, ...]]:
        """Whom the flow names, who of them is tried, and what is missing; asked once where no rule looks at more."""
        key = (node.state, deed.action.name, node == self.start)
        if deed.action.needs or key not in self.known:
            who, gap = _named(case, deed)
            case, missing = remedies.fitting(case, deed, who)
            gaps = (gap, missing, remedies.hopeless(case, case.asked(deed)) if deed.action.ask is not None else None)
            found = (who, case.actor, tuple(each for each in gaps if each is not None))
            if deed.action.needs:
                return found[0], case, found[2]
            self.known[key] = found
        who, actor, kept = self.known[key]
        return who, replace(case, actor=actor), kept

    def enter(
        self, node: _Node, target: str, asked: Asked | None, seen: frozenset[str]
    ) -> Iterator[tuple[_Node, tuple[Make, ...]]]:
        """Where an item stands that goes to ``target``, with what each branch on the way needs."""
        state = self.chart.states.get(target)
        if state is None or target in seen:
            return
        seen |= {target}
        node = replace(node, state=target, facts=self.facts(node.facts, state.on_enter))
        if state.choose:
            yield from self.choose(node, self.view(node), state, asked, seen)
        elif state.route is not None:
            view = self.view(node)
            try:
                levels = initials.tiers(self.flow, view, state.route, self.setting)
            except NotAllowed as refused:
                gap = remedies.broken(Case(self.flow, view, _NOBODY, self.setting), refused)
                if not gap.never:
                    yield node, gap.make
                return
            if levels:
                yield node, ()
            else:
                yield from self.enter(node, state.route.done, asked, seen)
                yield from self.longer(node, view, state.route)
        elif state.gather is not None and state.gather.track not in node.open:
            yield from self.enter(node, state.gather.returned, asked, seen)
        else:
            yield node, ()

    def longer(self, node: _Node, view: Overlay, route: Route) -> Iterator[tuple[_Node, tuple[Make, ...]]]:
        """A route that has no level today has some under another signatory."""
        below = route.levels.args[-1] if isinstance(route.levels, Who) and route.levels.op == "superiors" else None
        name = cast.field_of(below, self.flow) if below is not None else None
        if name is None:
            return
        changing = around(Spot(self.flow, view, None, self.setting, self.item.state))
        for other in changing.values(("letter", name), ()):
            try:
                levels = initials.tiers(self.flow, told(view, {name: other}), route, self.setting)
            except NotAllowed:
                continue
            if levels:
                value = {"tests": [{"op": "present", "values": [], "holds": True}], "example": other}
                yield node, (Make("field", f"letter.{name}", value, "Pilih penanda tangan yang lebih tinggi."),)
                return

    def choose(
        self, node: _Node, view: Overlay, state: State, asked: Asked | None, seen: frozenset[str]
    ) -> Iterator[tuple[_Node, tuple[Make, ...]]]:
        """Every branch that can be taken; of one that today's letter does not take, what must change."""
        spot = Spot(self.flow, view, asked.actor if asked is not None else None, self.setting, self.item.state)
        before: tuple[str, ...] = ()
        for branch in state.choose:
            needs = (branch.when,) if branch.when is not None else ()
            says = f"Cabang di '{state.title}' harus ke '{branch.to}'."
            gap = repair(self.chart.ways(needs, before), spot, asked=asked, form=None, says=says)
            if gap is None or not gap.never:
                make = gap.make if gap is not None else ()
                for reached, more in self.enter(node, branch.to, asked, seen):
                    yield reached, (*make, *more)
            if branch.when is not None:
                before = (*before, branch.when)

    def ended(self, node: _Node, gather: Gather) -> Iterator[tuple[_Node, tuple[Leg, ...]]]:
        """The items below end: as done, or all of them returned."""
        below = chart(self.flow, gather.track)
        now = [child for child in self.item.children if child.track == gather.track and child.outcome is None]
        starts = {child.state for child in now} | {name for name, state in below.states.items() if state.start}
        ends = {below.states[name].outcome for start in starts for name in below.far(start)}
        here = node.state == self.item.state
        kept = here and any(child.outcome == "done" and child.ended > self.item.entered for child in self.item.children)
        closed = replace(node, open=node.open - {gather.track}, ended=node.ended | {gather.track})
        for outcome, target, possible in (
            ("done", gather.done, "done" in ends or kept),
            ("returned", gather.returned, bool(ends & {"returned", "withdrawn"}) and not kept),
        ):
            if possible:
                for reached, make in self.enter(closed, target, None, frozenset()):
                    yield reached, (Leg("", "", node.state, track=gather.track, outcome=outcome, make=make),)

    def facts(self, before: Facts, effects: tuple[Effect, ...]) -> Facts:
        """The fields that rules read, as these effects leave them."""
        if not effects or not self.read:
            return before
        found = dict(before)
        for effect in effects:
            if effect.name == "set":
                found.update((name, value) for name, value in effect.value.items() if name in self.read)
            elif WRITTEN.get(effect.name) in self.read:
                name = WRITTEN[effect.name]
                if effect.name == "signed":
                    found[name] = effect.value
                elif effect.name == "number":
                    found[name] = None if effect.value == "void" else self.item.letter.fields.get(name) or "1"
                elif effect.options.get("code"):
                    found[name] = self.item.letter.fields.get(name) or "kode"
        fields = self.item.letter.fields
        return tuple(sorted((name, value) for name, value in found.items() if fields.get(name) != value))


def _price(steps: tuple[Leg, ...]) -> int:
    return sum(_ACT + _CHANGE * len(step.make) for step in steps)


def _named(case: Case, deed: Deed) -> tuple[tuple[str, ...], Gap | None]:
    """Whom the flow names for a deed at a node, or why nobody."""
    who = case.who(deed)
    if who:
        return who, None
    if case.state.route is not None and not deed.action.by:
        try:
            case.levels()
        except NotAllowed as refused:
            return (), remedies.broken(case, refused)
        return (), None
    gaps = [remedies.lacking(case, each) for each in deed.action.by]
    return (), next((gap for gap in gaps if not gap.never), gaps[0] if gaps else None)


def named(case: Case, deed: Deed) -> tuple[str, ...]:
    """The positions that the flow will name in a state that is still ahead; of a route, those of every level."""
    if case.state.route is None or deed.kind not in ("initial", "reject"):
        return case.who(deed)
    try:
        return tuple(dict.fromkeys(member for level in case.levels() for member in level.members))
    except NotAllowed:
        return ()
