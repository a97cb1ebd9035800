"""By whom and in which steps a deed is done at a place on a way ahead, and what that takes.

Where the steps lead is worked out in `workflow.entering`; which ways there are is found in `workflow.reach`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast, initials, judging, remedies, turns
from intranet_surat.workflow.chart import Deed
from intranet_surat.workflow.deeds import Case
from intranet_surat.workflow.entering import Entering
from intranet_surat.workflow.legs import NOBODY, Asking, Facts, Leg, Node
from intranet_surat.workflow.matters import Move
from intranet_surat.workflow.model import Sign
from intranet_surat.workflow.overlay import over, told
from intranet_surat.workflow.repairs import Gap, agreed, answers
from intranet_surat.workflow.standing import LEVEL, ON_BEHALF, READ, SIGN_DEEDS
from intranet_surat.workflow.view import Actor, Make, Remedy


@dataclass(slots=True, eq=False)
class Done:
    """How a deed is done: whom the flow names, what it takes, its steps; ``doers`` where rules ask for them.

    ``missing`` is as in `legs.Road`. Without steps nobody can do it.
    """

    who: tuple[str, ...]
    missing: tuple[Gap, ...] | None
    remedy: Remedy
    legs: tuple[Leg, ...]
    doers: tuple[Actor, ...]


class Doing:
    """How deeds are done on the ways ahead of one item; every answer is remembered."""

    def __init__(self, entering: Entering) -> None:
        self.entering = entering
        self.flow = entering.flow
        self.setting = entering.setting
        self.chart = entering.chart
        self.known: dict[tuple[Move, Node, bool], Done] = {}
        self.on_behalf = entering.item.letter.fields.get("signing_form") in ON_BEHALF
        self.people: dict[tuple[tuple[str, ...], Facts], tuple[str, ...]] = {}
        self.ready: dict[tuple[tuple[str, ...], bool], Remedy] = {}
        self.plainly: dict[Move, Done | None] = {}
        self.able: dict[tuple[tuple[str, ...], tuple[str, ...], bool, str, Facts], Remedy] = {}
        self.suiting: dict[tuple[int, int], tuple[tuple[Make, ...], tuple[Make, ...] | None]] = {}

    def done(self, node: Node, move: Move) -> Done:
        """How a deed is done at a node; the same wherever all is the same that it asks."""
        if (
            move.plain
            and node is not self.entering.start
            and not [fact for fact in node.facts if fact[0] in move.about]
        ):
            plain = self.plainly[move] if move in self.plainly else self._plain(move)
            if plain is not None:
                return plain
        key = move, self.entering.places.only(node, move.asks), node is self.entering.start
        found = self.known.get(key)
        if found is None:
            who = self._who(node, move)
            missing = () if move.bare else remedies.missed(self.entering.case(node), move.deed)
            remedy = self._somebody(node, move, who, missing)
            legs = self._legs(node, move, who, remedy) if not remedy.never else ()
            case = self.entering.case(node) if move.watched else None
            doers = tuple([_doer(case, move.deed, leg) for leg in legs]) if case is not None else ()
            found = self.known[key] = Done(who, missing, remedy, legs, doers)
        return found

    def _plain(self, move: Move) -> Done | None:
        """How a plain deed is done while nothing is changed that says by whom; None when nobody can do it today."""
        who, action = self.named(move, ()), move.deed.action
        key = who, action.stand_in
        if key not in self.ready:
            self.ready[key] = Remedy(remedies.fit(self.entering.case(self.entering.start), move.deed, who))
        remedy, found = self.ready[key], None
        if remedy.as_:
            leg = Leg(action.name, action.title, move.state.name, remedy.as_)
            found = Done(who, (), remedy, (leg,), ())
        self.plainly[move] = found
        return found

    def suited(self, node: Node, move: Move, done: Done, needed: tuple[Make, ...]) -> tuple[Make, ...] | None:
        """What a deed and a branch behind it need, with values under which its rules that hold today still do."""
        if move.bare and len(needed) == 1 and not done.legs[-1].make:
            return needed
        key = id(done), id(needed)
        if key not in self.suiting:
            case, needs = self.entering.case(node), move.deed.action.needs
            trees = [self.flow.rules[name].tree for name in needs]
            kept = [tree for tree in trees if judging.holds(tree, self.flow, case.item, case.actor, self.setting)]
            found = agreed(
                remedies.in_order(done.legs[-1].make, needed, done.legs[-1].as_),
                self.chart.ways(needs),
                case.spot,
                lambda after: all(judging.holds(tree, self.flow, after, case.actor, self.setting) for tree in kept),
            )
            self.suiting[key] = needed, found
        return self.suiting[key][1]

    def named(self, move: Move, facts: Facts) -> tuple[str, ...]:
        """Whom the cast expressions of a deed mean, when acts have changed these fields."""
        if facts:
            facts = tuple([fact for fact in facts if fact[0] in move.named])
        key = move.by, facts
        if key not in self.people:
            item = told(self.entering.item, dict(facts)) if facts else self.entering.item
            self.people[key] = cast.of_all(move.deed.action.by, self.flow, item, self.setting)
        return self.people[key]

    def _somebody(self, node: Node, move: Move, who: tuple[str, ...], missing: tuple[Gap, ...] | None) -> Remedy:
        """What it takes for one of these at a node; deeds that miss nothing but people share it."""
        deed, entering = move.deed, self.entering
        if not move.bare:
            return remedies.somebody(entering.case(node), deed, who, missing)
        signs = (deed.kind if self.on_behalf else "sign") if deed.kind in SIGN_DEEDS else ""
        read = READ if signs else LEVEL
        facts = tuple([fact for fact in node.facts if fact[0] in read]) if node.facts else ()
        key = (who, move.by or move.key, deed.action.stand_in, signs, facts)
        if key not in self.able:
            self.able[key] = remedies.somebody(entering.case(node), deed, who, ())
        return self.able[key]

    def _who(self, node: Node, move: Move) -> tuple[str, ...]:
        """Whom the flow names at a node."""
        route, here = move.deed.route, node is self.entering.start
        if move.deed.turns is not None:
            return self._awaited(node, move.deed.turns)[:1]
        if route is None:
            asked = here or move.asks.actors
            return self.entering.case(node).who(move.deed) if asked else self.named(move, node.facts)
        try:
            levels = self.entering.tiers(node, route)
        except NotAllowed:
            return ()
        turn = initials.turn(route, levels, self.entering.view(node), self.setting)
        return turn.waiting if turn is not None else ()

    def _legs(self, node: Node, move: Move, who: tuple[str, ...], remedy: Remedy) -> tuple[Leg, ...]:
        """The steps by which the deed is done: a signature after its preparation, the initials of all levels."""
        if move.deed.kind == "initial":
            return tuple(self._initials(node, move, remedy))
        leg, sign = self._leg(node, move, who, remedy), move.state.sign
        if sign is None or move.deed.kind not in SIGN_DEEDS:
            return (leg,)
        here = node is self.entering.start or node.midway
        if move.prepare is None:
            return () if node.midway else (leg,)
        legs = self._signatures(node, move, leg)
        if not legs or (here and self.entering.case(node).prepared(sign)):
            return legs
        before = self.done(node, move.prepare).legs
        return (*before, *legs) if before else ()

    def _signatures(self, node: Node, move: Move, first: Leg) -> tuple[Leg, ...]:
        """A signature, and of those in turn also the ones awaited after it; none when one of them cannot be given."""
        legs, sign = [first], move.deed.turns
        if sign is not None:
            for each in self._awaited(node, sign)[1:]:
                remedy = self._somebody(node, move, (each,), ())
                if remedy.never:
                    return ()
                legs.append(self._leg(node, move, (each,), remedy))
        return tuple(legs)

    def _awaited(self, node: Node, sign: Sign) -> tuple[str, ...]:
        """Who is still to sign at a node, in their order."""
        view = self.entering.view(node)
        if node.midway:
            return turns.waiting(self.flow, view, sign, self.setting)
        return cast.of_all(sign.by, self.flow, view, self.setting)

    def _leg(self, node: Node, move: Move, who: tuple[str, ...], remedy: Remedy) -> Leg:
        action = move.deed.action
        asks = Asking(node, move, who, remedy) if move.answered else None
        then = remedies.WHOEVER if move.watched and not remedy.as_ else remedy.then
        return Leg(action.name, action.title, move.state.name, remedy.as_, "", "", remedy.make, remedy.at, asks, then)

    def told(self, leg: Leg) -> dict[str, Any]:
        """A step for a program, with answers without which its rules would refuse it."""
        return leg.told(self._entered(*leg.asks) if leg.asks is not None else {})

    def _entered(self, node: Node, move: Move, who: tuple[str, ...], remedy: Remedy) -> dict[str, Any]:
        """What may be entered, so that the rules about it hold, when all is made true that the deed needs."""
        case = self.entering.case(node)
        made = {
            make.of.removeprefix("letter."): make.value["example"]
            for make in remedy.make
            if make.what == "field" and make.of.startswith("letter.")
        }
        case = replace(case, item=told(over(case.item), made), actor=_actor(case, move.deed, who, remedy.as_))
        found = answers(self.chart.ways(move.deed.action.needs), case.spot, case.asked(move.deed))
        return {".".join(name): value for name, value in (found or {}).items()}

    def _initials(self, node: Node, move: Move, lacking: Remedy) -> Iterator[Leg]:
        """The initials that are still awaited, lowest level first; none are known while a level lacks somebody."""
        route = move.state.route
        try:
            levels = self.entering.tiers(node, route) if route is not None else ()
        except NotAllowed:
            yield replace(self._leg(node, move, (), lacking), then=remedies.WHOEVER)
            return
        case = self.entering.case(node)
        item = over(case.item)
        while route is not None and (turn := initials.turn(route, levels, item, self.setting)) is not None:
            remedy = self._somebody(node, move, turn.waiting, ())
            if remedy.never:
                return
            yield self._leg(node, move, turn.waiting, remedy)
            actor = _actor(case, move.deed, turn.waiting, remedy.as_ or turn.waiting)
            item = over(item, initials=(*item.initials, initials.by(turn.level, actor, item)))


def _doer(case: Case, deed: Deed, leg: Leg) -> Actor:
    """Who does a step: whoever is appointed for it, if that is needed."""
    for make in leg.make:
        holds = make.what == "holder" and make.of in leg.as_
        if holds or (make.what == "position" and not leg.as_):
            among = (make.value or {}).get("one_of", ())[:1]
            person = next((person for each in among for person in case.setting.org.persons(each)), "")
            return Actor(person, make.of if holds else next(iter(among), ""))
    return _actor(case, deed, leg.as_, leg.as_)


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
