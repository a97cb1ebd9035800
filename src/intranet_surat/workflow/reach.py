"""How an item can come from where it stands to every other state of its flow, or that it cannot any more.

A search over states: what an act needs today is counted, what can never be met closes the way. Fields that
effects change and items that are given out on the way are followed, so that no way is promised that closes
behind the item. Where a single act leads is worked out in `workflow.entering`.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast, initials, judging, remedies
from intranet_surat.workflow.chart import Deed, chart
from intranet_surat.workflow.deeds import Case, of_route
from intranet_surat.workflow.entering import NOBODY, Entered, Entering
from intranet_surat.workflow.legs import Facts, Leg, Node, Road, Way
from intranet_surat.workflow.model import Effect, Flow, Gather, State
from intranet_surat.workflow.overlay import over, told
from intranet_surat.workflow.remembering import remembering
from intranet_surat.workflow.repairs import agreed, answers
from intranet_surat.workflow.view import Actor, ItemView, Make, Remedy, Setting

_ACT, _CHANGE = 1, 20  # what a step costs, and what something costs that must be changed for it
_MOST_NODES = 400  # places that are looked at besides one for each state


class Roads:
    """All ways ahead of an item, cheapest first: to every state, and to every deed that can be done there.

    ``deeds`` maps a state and the name of a deed in it to its road. ``whole`` tells that all was looked at; else
    what is not found may still be possible.
    """

    def __init__(self, flow: Flow, item: ItemView, setting: Setting) -> None:
        self.flow = flow
        self.item = item
        self.setting = setting = remembering(setting)
        self.chart = chart(flow, item.track)
        self.entering = Entering(flow, item, setting)
        self.states: dict[str, Way] = {}
        self.deeds: dict[tuple[str, str], Road] = {}
        self.prices: dict[tuple[str, str], int] = {}
        self.people: dict[tuple[tuple[str, ...], Facts], tuple[str, ...]] = {}
        self.able: dict[tuple[tuple[str, ...], bool, bool, Facts], Remedy] = {}
        self.lists: dict[int, list[dict[str, Any]]] = {}
        self.words: dict[int, dict[str, Any]] = {}
        self.whole = self._search()

    def _search(self) -> bool:
        """Goes all ways; answers whether they came to an end."""
        states = self.chart.far(self.item.state)
        wanted = [(state, deed.action.name) for state in states for deed in self.chart.deeds(state)]
        order, most = count(), _MOST_NODES + len(states)
        queue: list[tuple[int, int, Node, Way]] = [(0, next(order), self.entering.start, Way())]
        done: set[Node] = set()
        while queue:
            cost, _, node, way = heappop(queue)
            if node in done:
                continue
            while wanted and self.prices.get(wanted[-1], cost + 1) <= cost:
                wanted.pop()
            if not wanted:
                return True  # nothing that costs more is easier than what is known for every deed
            if len(done) == most:
                return False
            done.add(node)
            self.states.setdefault(node.state, way)
            for further, legs in self._steps(node, cost, way):
                if further not in done:
                    heappush(queue, (cost + _price(legs), next(order), further, way.further(legs)))
        return True

    def who(self, state: State, deed: Deed) -> tuple[str, ...]:
        """The positions that the flow will name in a state that is still ahead; of a route, those of every level."""
        if state.route is None or not of_route(state, deed):
            return self._positions(deed, ())
        try:
            levels = self.entering.tiers(Node(state.name, self.entering.start.open), state.route)
        except NotAllowed:
            return ()
        return tuple(dict.fromkeys([member for level in levels for member in level.members]))

    def told(self, legs: tuple[Leg, ...]) -> list[dict[str, Any]]:
        """The steps of a way for a program; one list for all that are reached by the same."""
        if id(legs) not in self.lists:
            self.lists[id(legs)] = [self._told(leg) for leg in legs]
        return self.lists[id(legs)]

    def _told(self, leg: Leg) -> dict[str, Any]:
        if id(leg) not in self.words:
            self.words[id(leg)] = leg.told()
        return self.words[id(leg)]

    def _steps(self, node: Node, cost: int, way: Way) -> Iterator[tuple[Node, tuple[Leg, ...]]]:
        """What can be done at a node, and where it leads."""
        state = self.chart.states.get(node.state)
        if state is None:
            return
        case = self.entering.case(node)
        for deed in self.chart.deeds(node.state):
            who, remedy = self._judged(node, case, deed)
            legs = self._legs(node, state, case, deed, who, remedy) if not remedy.never else ()
            if not legs:
                if node != self.entering.start and not deed.action.needs and self.chart.lasting:
                    self.prices[node.state, deed.action.name] = cost  # nor will it be possible later
                continue
            least: tuple[Make, ...] | None = None
            for further, needed in self._leads(node, state, case, deed, legs):
                more = self._agreed(case, deed, (*legs[-1].make, *needed)) if needed else ()
                if more is None:
                    continue
                least = more if least is None or len(more) < len(least) else least
                if deed.kind != "prepare":
                    went = (*legs[:-1], legs[-1]._replace(make=more)) if needed else legs
                    yield self._changed(node, further, went), went
            if least is not None:
                before = legs[:-1] if deed.kind == "sign" else ()
                self._note(
                    node,
                    deed,
                    cost,
                    Road(
                        way.further(before), case, who, remedy, tuple(each for each in least if each not in remedy.make)
                    ),
                )
        if state.gather is not None and state.gather.track in node.open:
            yield from self._ended(node, state.gather)

    def _changed(self, node: Node, further: Node, legs: tuple[Leg, ...]) -> Node:
        """The place behind these steps, with the fields as they were made for them; effects come after."""
        made = {
            name: make.value["example"]
            for leg in legs
            for make in leg.make
            if make.what == "field" and isinstance(make.value["example"], str | bool | None)
            if (name := make.of.removeprefix("letter.")) in self.chart.read
        }
        if not made:
            return further
        before = dict(node.facts)
        effects = {name: value for name, value in further.facts if name not in before or before[name] != value}
        return further._replace(facts=tuple(sorted({**before, **made, **effects}.items())))

    def _agreed(self, case: Case, deed: Deed, needed: tuple[Make, ...]) -> tuple[Make, ...] | None:
        """What a deed and a branch behind it need, with values under which its rules that hold today still do."""
        trees = [self.flow.rules[name].tree for name in deed.action.needs]
        kept = [tree for tree in trees if judging.holds(tree, self.flow, case.item, case.actor, self.setting)]
        return agreed(
            needed,
            self.chart.ways(deed.action.needs),
            case.spot,
            lambda after: all(judging.holds(tree, self.flow, after, case.actor, self.setting) for tree in kept),
        )

    def _note(self, node: Node, deed: Deed, cost: int, road: Road) -> None:
        """The deed can be done at the node; what no act could improve is as cheap as coming there."""
        key, makes = (node.state, deed.action.name), len(road.remedy.make) + len(road.more)
        price = cost + _CHANGE * makes if makes and (road.more or self.chart.improves(deed)) else cost
        if key not in self.deeds or price < self.prices[key]:
            self.prices[key], self.deeds[key] = price, road

    def _judged(self, node: Node, case: Case, deed: Deed) -> tuple[tuple[str, ...], Remedy]:
        """Whom the flow names, and what it takes for one of them; where nothing is missing, asked once for all."""
        action = deed.action
        who = self._named(node, case, deed)
        if action.needs or (action.ask is not None and self.chart.chooses(action.ask)):
            return who, remedies.somebody(case, deed, who)
        key = (who, action.stand_in, deed.kind in ("prepare", "sign"), self.entering.about_people(node.facts))
        if key in self.able:
            return who, self.able[key]
        remedy = remedies.somebody(case, deed, who)
        if not (remedy.make or remedy.never or remedy.at):
            self.able[key] = remedy
        return who, remedy

    def _named(self, node: Node, case: Case, deed: Deed) -> tuple[str, ...]:
        """Whom the flow names at a node."""
        if node.acted or node == self.entering.start:
            return case.who(deed)
        route = case.state.route
        if route is None or not of_route(case.state, deed):
            return self._positions(deed, self.entering.about_people(node.facts))
        try:
            levels = self.entering.tiers(node, route)
        except NotAllowed:
            return ()
        turn = initials.turn(route, levels, case.item, self.setting)
        return turn.waiting if turn is not None else ()

    def _positions(self, deed: Deed, facts: Facts) -> tuple[str, ...]:
        """Whom its cast expressions mean, when acts have changed these fields."""
        key = tuple([who.text for who in deed.action.by]), facts
        if key not in self.people:
            item = told(self.entering.item, dict(facts))
            self.people[key] = cast.of_all(deed.action.by, self.flow, item, self.setting)
        return self.people[key]

    def _legs(
        self, node: Node, state: State, case: Case, deed: Deed, who: tuple[str, ...], remedy: Remedy
    ) -> tuple[Leg, ...]:
        """The steps by which the deed is done: a signature after its preparation, the initials of all levels."""
        if deed.kind == "initial":
            return tuple(self._initials(node, case, deed))
        leg = self._leg(case, deed, who, remedy)
        sign = state.sign
        if deed.kind != "sign" or sign is None or (node == self.entering.start and case.prepared(sign)):
            return (leg,)
        prepare = next(each for each in self.chart.deeds(node.state) if each.kind == "prepare")
        who, remedy = self._judged(node, case, prepare)
        return () if remedy.never else (self._leg(case, prepare, who, remedy), leg)

    def _leg(self, case: Case, deed: Deed, who: tuple[str, ...], remedy: Remedy) -> Leg:
        action = deed.action
        entered = None
        if any(map(self.chart.asks, action.needs)):
            case = case.of(_actor(case, deed, who, remedy.as_))
            found = answers(self.chart.ways(action.needs), case.spot, case.asked(deed))
            entered = {".".join(name): value for name, value in (found or {}).items()}
        return Leg(action.name, action.title, case.item.state, remedy.as_, "", "", remedy.make, remedy.at, entered)

    def _initials(self, node: Node, case: Case, deed: Deed) -> Iterator[Leg]:
        """The initials that are still awaited, lowest level first."""
        route = case.state.route
        try:
            levels = self.entering.tiers(node, route) if route is not None else ()
        except NotAllowed:
            return
        item = over(case.item)
        while route is not None and (turn := initials.turn(route, levels, item, self.setting)) is not None:
            now = Case(self.flow, item, NOBODY, self.setting, case.stands)
            remedy = remedies.somebody(now, deed, turn.waiting)
            if remedy.never:
                return
            yield self._leg(now, deed, turn.waiting, remedy)
            actor = _actor(now, deed, turn.waiting, remedy.as_ or turn.waiting)
            item = over(item, initials=(*item.initials, initials.by(turn.level, actor, item)))

    def _leads(self, node: Node, state: State, case: Case, deed: Deed, legs: tuple[Leg, ...]) -> Entered:
        """Where the item stands after these steps, with what each place needs."""
        effects, fan_out, acted = deed.action.do, deed.action.fan_out, node.acted
        if deed.kind == "sign" and state.sign is not None:
            effects = (*state.sign.prepare.do, Effect("signed", state.sign.method))
        asked = None
        if node.state in self.chart.acted or self.chart.answered:
            doers = [_actor(case, deed, leg.as_, leg.as_) for leg in legs]
            acted = tuple(dict.fromkeys((*acted, *((node.state, each) for each in doers))))
            asked = case.of(doers[-1]).asked(deed)
        if self.chart.straight(deed) and deed.action.to is not None:
            return ((Node(deed.action.to, node.open, node.facts, node.ended, acted), ()),)
        opened = node.open | {fan_out.track} if fan_out is not None else node.open
        after = Node(node.state, opened, self.entering.facts(node.facts, effects), node.ended, acted)
        if deed.action.to is None:
            return ((after, ()),)
        return self.entering.enter(after, deed.action.to, asked)

    def _ended(self, node: Node, gather: Gather) -> Iterator[tuple[Node, tuple[Leg, ...]]]:
        """The items below end: as done, or all of them returned."""
        below = chart(self.flow, gather.track)
        now = [child for child in self.item.children if child.track == gather.track and child.outcome is None]
        starts = {child.state for child in now} | {name for name, state in below.states.items() if state.start}
        ends = {below.states[name].outcome for start in starts for name in below.far(start)}
        here = node.state == self.item.state
        kept = here and any(child.outcome == "done" and child.ended > self.item.entered for child in self.item.children)
        closed = node._replace(open=node.open - {gather.track}, ended=node.ended | {gather.track})
        for outcome, target, possible in (
            ("done", gather.done, "done" in ends or kept),
            ("returned", gather.returned, bool(ends & {"returned", "withdrawn"}) and not kept),
        ):
            if possible:
                for reached, make in self.entering.enter(closed, target, None):
                    yield reached, (Leg("", "", node.state, (), gather.track, outcome, make),)


def _actor(case: Case, deed: Deed, who: tuple[str, ...], positions: tuple[str, ...]) -> Actor:
    """Who does the deed: of the first position who may."""
    if not positions:
        return NOBODY
    people = [Actor(person, positions[0]) for person in case.setting.org.persons(positions[0])]
    if len(people) > 1:
        for each in people:
            if not any(gap.mine or gap.never for gap in case.of(each).gaps(deed, who)):
                return each
    return next(iter(people), Actor("", positions[0]))


def _price(legs: tuple[Leg, ...]) -> int:
    return sum([_ACT + _CHANGE * (len(leg.make) + (leg.at is not None)) for leg in legs])
