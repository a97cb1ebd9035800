"""How an item can come from where it stands to every other state of its flow, or that it cannot any more.

A search over states: what an act needs today is counted, what can never be met closes the way. Fields that
effects change and items that are given out on the way are followed, so that no way is promised that closes
behind the item. Where a single act leads is worked out in `workflow.entering`.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush
from itertools import count, takewhile
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow.chart import Deed, chart
from intranet_surat.workflow.deeds import Case
from intranet_surat.workflow.doing import Doing, Done
from intranet_surat.workflow.entering import Entered, Entering
from intranet_surat.workflow.legs import NUMBERED, Acted, Leg, Node, Road, Way
from intranet_surat.workflow.matters import Move
from intranet_surat.workflow.model import Flow, Gather, State
from intranet_surat.workflow.overlay import state_of
from intranet_surat.workflow.remedies import shortened
from intranet_surat.workflow.remembering import remembering
from intranet_surat.workflow.repairs import Gap
from intranet_surat.workflow.standing import SIGN_DEEDS
from intranet_surat.workflow.view import Actor, ItemView, Make, Remedy, Setting
from intranet_surat.workflow.wanting import Key, Wanted

_ACT, _CHANGE = 1, 20  # what a step costs, and what something costs that must be changed for it
_LONG = "Jalannya masih panjang; tanyakan lagi sesudah langkah-langkah ini."
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
        self.stands = state_of(flow, item)
        self.entering = Entering(flow, item, setting)
        self.doing = Doing(self.entering)
        self.states: set[str] = set()
        self.deeds: dict[Key, Road] = {}
        self.prices: dict[Key, int] = {}
        self.made: dict[tuple[int, str], tuple[tuple[Make, ...], Remedy | None]] = {}
        self.fitting: dict[tuple[Actor, bool, str], bool] = {}
        self.words: dict[int, dict[str, Any]] = {}
        self.been = frozenset(act.state_to for act in item.acts if act.item == item.id)
        self.seen: set[Node] = set()
        self.looked: dict[str, list[tuple[Node, int]]] = {}
        self.wanted = Wanted(self.chart, item.state)
        self.whole = self._search()

    def _search(self) -> bool:
        """Goes all ways, those first that may bring most; answers whether they came to an end."""
        order, wanted, most = count(), self.wanted, _MOST_NODES + len(self.chart.far(self.item.state))
        queue: list[tuple[int, int, int, Node, Way, tuple[Leg, ...]]]
        queue = [(0, next(order), 0, self.entering.start, Way(), ())]
        while queue:
            least, number, cost, node, before, last = heappop(queue)
            if node in self.seen:
                continue
            if least > wanted.least:
                wanted.rise(least)
            ahead = wanted.nearest(node.state)
            if ahead is None:
                continue  # nothing behind it is easier from here than what is known
            if cost + ahead > least:
                heappush(queue, (cost + ahead, number, cost, node, before, last))
                continue
            if self._dearer(node, cost):
                continue
            if len(self.seen) == most:
                return False
            self.seen.add(node)
            self.looked.setdefault(node.state, []).append((node, cost))
            way = before.further(last)
            self.states.add(node.state)
            for further, legs in self._steps(node, cost, way):
                ahead = wanted.nearest(further.state) if further not in self.seen else None
                if ahead is not None:
                    price = cost + _price(legs)
                    heappush(queue, (price + ahead, next(order), price, further, way, legs))
            while self.entering.closed:
                wanted.close(self.entering.closed.pop())
        return True

    def _dearer(self, node: Node, cost: int) -> bool:
        """Whether the place was looked at with less that people have changed, who could as well change it behind it."""
        facts = node.facts
        for other, before in self.looked.get(node.state, ()) if facts else ():
            number = len(facts) - len(other.facts)
            if (
                number < 1
                or cost < before + _CHANGE * number
                or self.entering.places.but(other, facts=facts) is not node
            ):
                continue
            more = [name for name, value in facts if (name, value) not in other.facts]
            if len(more) == number and self.chart.written.isdisjoint(more):
                return True
        return False

    def who(self, move: Move) -> tuple[str, ...]:
        """The positions that the flow will name in a state that is still ahead; of a route, those of every level."""
        if move.deed.route is None:
            plain = self.doing.plainly.get(move)
            return plain.who if plain is not None else self.doing.named(move, ())
        try:
            levels = self.entering.tiers(
                self.entering.places.at(move.state.name, self.entering.start.open), move.deed.route
            )
        except NotAllowed:
            return ()
        return tuple(dict.fromkeys([member for level in levels for member in level.members]))

    def missed(self, deed: Deed) -> tuple[Gap, ...] | None:
        """What a deed of the present state misses whoever does it; None where the search cannot know all of it."""
        road = self.deeds.get((self.item.state, deed.action.name))
        if road is None or road.node is not self.entering.start or road.more or self.chart.answered:
            return None
        return road.missing if deed.kind not in SIGN_DEEDS and deed.action.fan_out is None else None

    def fits(self, case: Case, deed: Deed) -> bool:
        """Whether nothing speaks against the actor himself, as long as the fields of the letter are as they are."""
        key = case.actor, deed.action.stand_in, deed.kind if deed.kind in SIGN_DEEDS else ""
        if key not in self.fitting:
            self.fitting[key] = case.unfit(deed, case.actor) is None
        return self.fitting[key]

    def case(self, road: Road) -> Case:
        """The item as it stands before the deed at the end of a road."""
        return self.entering.case(road.node)

    def steps(self, way: Way, state: State, says: str) -> tuple[tuple[Make, ...], Remedy | None]:
        """The steps of a way for a program, cut where something must come true on it; told once for all of its deeds.

        With them all that can be said, if one must ask again on the way.
        """
        key = id(way.legs), says
        found = self.made.get(key)
        if found is None:
            made, then = self._cut(way, state, says)
            short = Remedy(make=made, then=then) if then else None
            found = self.made[key] = made, shortened(made, self.chart.people) or short
        return found

    def _cut(self, way: Way, state: State, says: str) -> tuple[tuple[Make, ...], str]:
        made, acts = list[Make](), list[dict[str, Any]]()
        for leg in way.legs:
            if leg.make:
                if acts:
                    made.append(Make("state", leg.state, acts, says))
                made.extend(leg.make)
                acts = []
            if leg.then:
                return tuple(made), leg.then
            words = self.words.get(id(leg))
            if words is None:
                words = self.words[id(leg)] = self.doing.told(leg)
            acts.append(words)
        if acts:
            made.append(Make("state", state.name, acts, says))
        return tuple(made), "" if way.whole else _LONG

    def _steps(self, node: Node, cost: int, way: Way) -> Iterator[tuple[Node, tuple[Leg, ...]]]:
        """What can be done at a node, and where it leads."""
        start = node is self.entering.start
        for move in self.entering.matters.moves.get(node.state, ()):
            if self._useless(node, move):
                continue
            done = self.doing.done(node, move)
            if not done.legs:
                if not start and not move.deed.action.needs and self.chart.lasting:
                    self.wanted.price(move.key, cost)  # nor will it be possible later
                continue
            if move.plain and move.straight and not done.remedy.make:
                further = self.entering.kept(self._straight(node, move, (NUMBERED,) if move.numbers else node.acted))
                if further not in self.seen:
                    yield further, done.legs
                self._note(node, move, cost, way, done, ())
                continue
            least: tuple[Make, ...] | None = None
            for further, needed in self._leads(node, move, done):
                more = self.doing.suited(node, move, done, needed) if needed else ()
                if more is None:
                    continue
                least = more if least is None or len(more) < len(least) else least
                if move.deed.kind != "prepare":
                    went = (*done.legs[:-1], done.legs[-1].needing(more)) if needed else done.legs
                    yield self.entering.kept(self._changed(node, further, went)), went
            if least is not None:
                self._note(node, move, cost, way, done, least)
        gather = self.chart.states[node.state].gather if node.state in self.chart.states else None
        if gather is not None and gather.track in node.open:
            for further, legs in self._ended(node, gather):
                yield self.entering.kept(further), legs

    def _useless(self, node: Node, move: Move) -> bool:
        """Whether the easiest road to a deed is known, and it leads nowhere else."""
        state, name = move.key
        if name in self.wanted.open.get(state, ()):
            return False
        action = move.deed.action
        if action.to is None:
            return action.fan_out is None
        if self.wanted.nearest(action.to) is None:
            return True
        plain = move.straight and move.bare and not move.watched and not move.numbers
        return plain and self.entering.kept(self.entering.places.but(node, state=action.to)) in self.seen

    def _changed(self, node: Node, further: Node, legs: tuple[Leg, ...]) -> Node:
        """The place behind these steps, with the fields as they were made for them; effects come after."""
        made: dict[str, Any] = {}
        for leg in legs:
            for make in leg.make:
                name = make.of.removeprefix("letter.")
                if make.what == "field" and name in self.entering.followed:
                    value = make.value["example"]
                    if isinstance(value, str | bool | None):
                        made[name] = value
        if not made:
            return further
        written = {name for name, _ in {*node.facts} ^ {*further.facts}}
        made = {name: value for name, value in made.items() if name not in written}
        return self.entering.places.but(further, facts=tuple(sorted({**dict(further.facts), **made}.items())))

    def _note(self, node: Node, move: Move, cost: int, way: Way, done: Done, needed: tuple[Make, ...]) -> None:
        """The deed can be done at the node; what no act could improve is as cheap as coming there."""
        made = done.remedy.make
        more = tuple([each for each in needed if each not in made]) if needed else ()
        makes = len(made) + len(more)
        price = cost + _CHANGE * makes if makes and (more or move.improves) else cost
        if move.key not in self.deeds or price < self.prices[move.key]:
            first = move.deed.action.name
            before = (*takewhile(lambda leg: leg.action != first, done.legs),) if move.deed.kind == "sign" else ()
            self.prices[move.key] = price
            self.deeds[move.key] = Road(
                way.further(before) if before else way, node, done.who, done.missing, done.remedy, more
            )
            self.wanted.price(move.key, price)

    def _leads(self, node: Node, move: Move, done: Done) -> Entered:
        """Where the item stands after these steps, with what each place needs."""
        action, acted = move.deed.action, (NUMBERED,) if move.numbers else node.acted
        asked = None
        if done.doers:
            doers = ((node.state, each.position, each.person) for each in done.doers)
            acted = tuple(dict.fromkeys((*acted, *doers)))
            asked = self.entering.case(node).of(done.doers[-1]).asked(move.deed)
        if move.straight:
            return ((self._straight(node, move, acted), ()),)
        opened = node.open | {action.fan_out.track} if action.fan_out is not None else node.open
        facts = self.entering.facts(node.facts, move.effects)
        after = self.entering.places.at(node.state, opened, facts, node.ended, acted, node.midway)
        if action.to is None:
            return ((after, ()),)
        return self.entering.enter(after, action.to, asked)

    def _straight(self, node: Node, move: Move, acted: tuple[Acted, ...]) -> Node:
        """Where a deed leads that changes nothing else."""
        to = move.deed.action.to or node.state
        return self.entering.places.at(to, node.open, node.facts, node.ended, acted)

    def _ended(self, node: Node, gather: Gather) -> Iterator[tuple[Node, tuple[Leg, ...]]]:
        """The items below end: as done, or all of them returned."""
        below = chart(self.flow, gather.track)
        now = [child for child in self.item.children if child.track == gather.track and child.outcome is None]
        starts = {child.state for child in now} | {name for name, state in below.states.items() if state.start}
        ends = {below.states[name].outcome for start in starts for name in below.far(start)}
        here = node.state == self.item.state
        kept = here and any(child.outcome == "done" and child.ended > self.item.entered for child in self.item.children)
        closed = self.entering.places.but(node, opened=node.open - {gather.track}, ended=node.ended | {gather.track})
        for outcome, target, possible in (
            ("done", gather.done, "done" in ends or kept),
            ("returned", gather.returned, bool(ends & {"returned", "withdrawn"}) and not kept),
        ):
            if possible:
                for reached, make in self.entering.enter(closed, target, None):
                    yield reached, (Leg("", "", node.state, (), gather.track, outcome, make),)


def _price(legs: tuple[Leg, ...]) -> int:
    price = _ACT * len(legs)
    for leg in legs:
        if leg.make or leg.at is not None:
            price += _CHANGE * (len(leg.make) + (leg.at is not None))
    return price
