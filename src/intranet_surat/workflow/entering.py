"""Where an act would lead an item further ahead, and what each branch on the way would need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast, initials, remedies
from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.changing import Spot, around
from intranet_surat.workflow.chart import WRITTEN, chart
from intranet_surat.workflow.deeds import Case
from intranet_surat.workflow.legs import Facts, Node
from intranet_surat.workflow.model import Effect, Flow, Route, State, Who
from intranet_surat.workflow.overlay import Overlay, over, told
from intranet_surat.workflow.repairs import repair
from intranet_surat.workflow.standing import READ
from intranet_surat.workflow.view import Actor, Child, Done, ItemView, Make, Setting

NOBODY = Actor("", "")

Entered = tuple[tuple[Node, tuple[Make, ...]], ...]
"""Where an item may come to stand, with what each needs."""

Made = Mapping[str, Any]
"""Fields of the letter that were changed for the branches taken before."""


class Entering:
    """One item as it would be further on; every answer is remembered."""

    def __init__(self, flow: Flow, item: ItemView, setting: Setting) -> None:
        self.flow = flow
        self.item = over(item)
        self.setting = setting
        self.chart = chart(flow, item.track)
        opened = frozenset(child.track for child in self.item.children if child.outcome is None)
        self.start = Node(item.state, opened)
        self.views: dict[Node, Overlay] = {self.start: self.item}
        self.known: dict[tuple[Node, str], Entered] = {}
        self.levels: dict[tuple[str, Facts], tuple[initials.Tier, ...] | NotAllowed] = {}

    def case(self, node: Node) -> Case:
        """The item at a node, before nobody yet."""
        return Case(self.flow, self.view(node), NOBODY, self.setting, self.item.state)

    def view(self, node: Node) -> Overlay:
        """The item as it would stand at a node."""
        if node not in self.views:
            children = [*self.item.children]
            for track in node.open | node.ended:
                children.extend(self._given(track, node.open))
            acts = (*self.item.acts, *self._acts(node)) if node.acted else self.item.acts
            view = over(self.item, state=node.state, initials=(), assigned=(), children=children, acts=acts)
            self.views[node] = told(view, dict(node.facts))
        return self.views[node]

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
        for number, (state, actor) in enumerate(node.acted, 1):
            yield Done(since + number, self.item.id, "", state, "", actor.position, actor.person)

    def _given(self, track: str, opened: frozenset[str]) -> Iterator[Child]:
        """An item that was given out on the way, as rules see it."""
        if any(child.track == track for child in self.item.children):
            return
        states = chart(self.flow, track).states.values()
        state = next((each for each in states if (each.start if track in opened else each.final)), None)
        if state is not None:
            yield Child("", track, state.name, state.outcome if state.final else None, "", "")

    def facts(self, before: Facts, effects: tuple[Effect, ...]) -> Facts:
        """The fields that rules read, as these effects leave them."""
        read = self.chart.read
        if not effects or not read:
            return before
        found = dict(before)
        fields = self.item.letter.fields
        for effect in effects:
            if effect.name == "set":
                found.update((name, value) for name, value in effect.value.items() if name in read)
            elif WRITTEN.get(effect.name) in read:
                name = WRITTEN[effect.name]
                if effect.name == "signed":
                    found[name] = effect.value
                elif effect.name == "number":
                    found[name] = None if effect.value == "void" else fields.get(name) or "1"
                elif effect.options.get("code"):
                    found[name] = fields.get(name) or "kode"
        return tuple(sorted((name, value) for name, value in found.items() if fields.get(name) != value))

    def enter(self, node: Node, target: str, asked: Asked | None) -> Entered:
        """Where an item stands that goes from a node to ``target``."""
        if self.chart.answered:
            return tuple(self._enter(node, target, asked, frozenset(), {}))
        key = (node, target)
        if key not in self.known:
            self.known[key] = tuple(self._enter(node, target, None, frozenset(), {}))
        return self.known[key]

    def _enter(
        self, node: Node, target: str, asked: Asked | None, seen: frozenset[str], made: Made
    ) -> Iterator[tuple[Node, tuple[Make, ...]]]:
        state = self.chart.states.get(target)
        if state is None or target in seen:
            return
        seen |= {target}
        facts = self.facts(node.facts, state.on_enter)
        if made:
            written = {name for name, _ in {*facts} ^ {*node.facts}}
            made = {name: value for name, value in made.items() if name not in written}
        node = Node(target, node.open, facts, node.ended, node.acted)
        if state.choose:
            yield from self._choose(node, state, asked, seen, made)
        elif state.route is not None:
            yield from self._route(node, state.route, asked, seen, made)
        elif state.gather is not None and state.gather.track not in node.open:
            yield from self._enter(node, state.gather.returned, asked, seen, made)
        else:
            yield node, ()

    def _route(
        self, node: Node, route: Route, asked: Asked | None, seen: frozenset[str], made: Made
    ) -> Iterator[tuple[Node, tuple[Make, ...]]]:
        try:
            levels = self.tiers(node, route)
        except NotAllowed as refused:
            gap = remedies.broken(self.case(node), refused)
            if any(make.what == "field" for make in gap.make):
                yield from self._longer(node, self.view(node), route)
            elif not gap.never:
                yield node, gap.make
            return
        if levels:
            yield node, ()
        else:
            yield from self._enter(node, route.done, asked, seen, made)
            yield from self._longer(node, self.view(node), route)

    def _longer(self, node: Node, view: Overlay, route: Route) -> Iterator[tuple[Node, tuple[Make, ...]]]:
        """A route that has no level today, or no signatory yet, has some under another."""
        below = route.levels.args[-1] if isinstance(route.levels, Who) and route.levels.op == "superiors" else None
        name = cast.field_of(below, self.flow) if below is not None else None
        if name is None:
            return
        for other in around(self.case(node).spot).values(("letter", name), ()):
            try:
                levels = initials.tiers(self.flow, told(view, {name: other}), route, self.setting)
            except NotAllowed:
                continue
            if levels:
                value = {"tests": [{"op": "present", "values": [], "holds": True}], "example": other}
                yield node, (Make("field", f"letter.{name}", value, "Pilih penanda tangan yang lebih tinggi."),)
                return

    def _choose(
        self, node: Node, state: State, asked: Asked | None, seen: frozenset[str], made: Made
    ) -> Iterator[tuple[Node, tuple[Make, ...]]]:
        """Every branch that can be taken; of one that today's letter does not take, what must change."""
        actor = asked.actor if asked is not None else None
        spot = Spot(self.flow, told(self.view(node), made), actor, self.setting, self.item.state)
        before: tuple[str, ...] = ()
        for branch in state.choose:
            needs = (branch.when,) if branch.when is not None else ()
            says = f"Cabang di '{state.title}' harus ke '{branch.to}'."
            gap = repair(self.chart.ways(needs, before), spot, asked=asked, form=None, says=says)
            if gap is None or not gap.never:
                make = gap.make if gap is not None else ()
                fields = (each for each in make if each.what == "field" and each.of.startswith("letter."))
                after = {each.of.removeprefix("letter."): each.value["example"] for each in fields}
                for reached, more in self._enter(node, branch.to, asked, seen, {**made, **after}):
                    yield reached, (*make, *more)
            if branch.when is not None:
                before = (*before, branch.when)
