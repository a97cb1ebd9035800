"""What can be done in a state, by whom, and the sentence why somebody may not: asked by offers and by acts.

An action, the initials of a route, a signature, its preparation and both refusals are all one `Deed`, so
that nothing offers what an act would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast, initials, judging, remedies, standing, turns
from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.appointing import broken
from intranet_surat.workflow.changing import Spot
from intranet_surat.workflow.chart import Deed, chart
from intranet_surat.workflow.model import Effect, Flow, Form, Sign, State
from intranet_surat.workflow.overlay import changes, given, over, state_of, states_of, told
from intranet_surat.workflow.passage import Passage, Undecided, Way
from intranet_surat.workflow.repairs import Gap
from intranet_surat.workflow.sentences import joined
from intranet_surat.workflow.view import Actor, Initial, ItemView, Refusal, Setting

SIGNED = "_signed"
"""Key that only the signing service puts into a form, after it has verified the signed file."""

_MOST_TITLES = 3
_NOTHING = Form("", {})


@dataclass(slots=True, eq=False)
class Case:
    """One actor before one item. ``stands`` is where the item stands now, when ``item`` shows it further on.

    ``changed`` are the fields of the letter that are no longer as they are now. Nobody writes into one.
    """

    flow: Flow
    item: ItemView
    actor: Actor
    setting: Setting
    stands: str = ""
    changed: frozenset[str] = frozenset()

    @property
    def state(self) -> State:
        """The state in which the item stands."""
        return state_of(self.flow, self.item)

    def of(self, actor: Actor) -> Case:
        """The same item before another actor."""
        return Case(self.flow, self.item, actor, self.setting, self.stands, self.changed)

    @property
    def spot(self) -> Spot:
        """The same, for the question what may change."""
        return Spot(self.flow, self.item, self.actor, self.setting, self.stands or self.item.state, self.changed)

    def find(self, name: str) -> Deed | None:
        """The deed of this name in the present state."""
        return next((deed for deed in self.deeds() if deed.action.name == name), None)

    def deeds(self) -> tuple[Deed, ...]:
        """All that can be done in the present state."""
        return chart(self.flow, self.item.track).deeds(self.item.state)

    def who(self, deed: Deed) -> tuple[str, ...]:
        """The positions that may do it now, as far as the flow names them."""
        if deed.route is not None:
            turn = initials.now(self.flow, self.item, deed.route, self.setting)
            return turn.waiting if turn is not None else ()
        if deed.turns is not None:
            return turns.waiting(self.flow, self.item, deed.turns, self.setting)[:1]
        named = cast.of_all(deed.action.by, self.flow, self.item, self.setting, actor=self.actor)
        if deed.kind == "action" and self.item.assigned and not set(named).isdisjoint(self.own()):
            return tuple(dict.fromkeys((*named, *self.item.assigned)))
        return named

    def own(self) -> tuple[str, ...]:
        """The state's own people: who may do its first action. To whom the work is given besides may do the same."""
        first = next(iter(self.state.actions.values()), None)
        return cast.of_all(first.by, self.flow, self.item, self.setting) if first is not None else ()

    def clerks(self, deed: Deed) -> tuple[str, ...]:
        """Who may enter it from the paper of the one who does it. Initials and signatures are never entered so."""
        if deed.kind != "action" or not deed.action.entered_by:
            return ()
        return cast.of_all(deed.action.entered_by, self.flow, self.item, self.setting)

    def levels(self) -> tuple[initials.Tier, ...]:
        """The levels of the present route, none elsewhere. Raises NotAllowed when the chain is broken today."""
        route = self.state.route
        return initials.tiers(self.flow, self.item, route, self.setting) if route is not None else ()

    def asked(self, deed: Deed) -> Asked:
        """The form of the deed, ready to be answered."""
        form = self.flow.forms.get(deed.action.ask) if deed.action.ask is not None else None
        return Asked(form or _NOTHING, self.flow, self.item, self.actor, self.setting)

    def refusal(self, deed: Deed, who: tuple[str, ...], missing: tuple[Gap, ...] | None = None) -> Refusal | None:
        """Why this actor may not do it, before anything is entered, and what would help; None when he may.

        ``who`` are those that the flow names now. What will be entered is free here, as far as the form takes it.
        ``missing`` is what the deed misses whoever does it, for those who know.
        """
        gaps = tuple(self.gaps(deed, who, missing))
        return Refusal(gaps[0].says, remedies.remedy(self, deed, who, gaps, missing)) if gaps else None

    def gaps(self, deed: Deed, who: tuple[str, ...], missing: tuple[Gap, ...] | None = None) -> Iterator[Gap]:
        """All that stands in the way of this actor, the first reason first; further on, not what follows the act."""
        if self.actor.position not in who:
            yield Gap(self._not_yours(deed, who), mine=True)
            return
        unfit = self.unfit(deed, self.actor)
        if unfit is not None:
            yield unfit
        yield from self.missing(deed) if missing is None else missing

    def unfit(self, deed: Deed, actor: Actor) -> Gap | None:
        """What speaks against somebody whom the flow names, in the capacity in which he acts."""
        acting = standing.refusal(self.flow, deed, self.item, actor, self.setting)
        if acting is None:
            return None
        return Gap(acting.says, acting.remedy.make if acting.remedy is not None else (), mine=True)

    def missing(self, deed: Deed) -> Iterator[Gap]:
        """What the deed misses, whoever of those who may does it (but for `Chart.personal` ones)."""
        action = deed.action
        if self.stands and not action.needs and action.ask is None:
            return
        gap = remedies.needed(self, deed)
        if gap is not None:
            yield gap
        if deed.kind in standing.SIGN_DEEDS and not self.stands:
            yield from self._of_file(deed)
        if action.ask is not None:
            asked = self.asked(deed)
            gap = remedies.hopeless(self, asked) or (None if self.stands else remedies.all_busy(self, deed, asked))
            if gap is not None:
                yield gap
        if self.stands or (deed.kind != "initial" and self._waits_at(action.to)):
            return
        try:
            self.passage(deed, None, 1 if action.fan_out is not None else 0)
        except NotAllowed as refused:
            yield broken(self, refused)
        except Undecided:
            pass

    def _of_file(self, deed: Deed) -> Iterator[Gap]:
        """A file is made before it is signed, and not made anew once somebody has signed it."""
        sign = self.state.sign
        if sign is not None and deed.kind == "sign" and not self.prepared(sign):
            yield remedies.unprepared(self, sign)
        if deed.turns is not None and deed.kind == "prepare":
            signed = tuple(act.position for act in turns.given(self.item, deed.turns))
            says = f"Berkas ini sudah ditandatangani {titles(signed, self.setting, 'dan')}; tidak dapat disiapkan lagi."
            yield from (Gap(says, never=says),) if signed else ()

    def _waits_at(self, target: str | None) -> bool:
        """Whether an item that comes to this state stays there for somebody to act, whatever is entered."""
        state = states_of(self.flow, self.item.track).get(target or "")
        return state is not None and not state.choose and state.route is None and state.gather is None

    def busy(self, deed: Deed) -> frozenset[str]:
        """Who holds an open child of this item already, in the track that the deed makes children of."""
        fan_out = deed.action.fan_out
        track = fan_out.track if fan_out is not None else None
        return frozenset(child.holder for child in self.item.children if child.track == track and child.outcome is None)

    def holds(self, rule: str, form: Mapping[str, Any] | None) -> bool:
        """Whether a rule, by its name, holds here."""
        return judging.holds(self.flow.rules[rule].tree, self.flow, self.item, self.actor, self.setting, form=form)

    def prepared(self, sign: Sign) -> bool:
        """Whether the file to be signed was prepared since the item came into this state."""
        return any(
            act.item == self.item.id and act.action == sign.prepare.name and act.seq > self.item.entered
            for act in self.item.acts
        )

    def passage(self, deed: Deed, form: Mapping[str, Any] | None, new_children: int) -> Passage | None:
        """Where the deed leads; None when the item stays where it is. Raises as `Way.enter` does."""
        way = Way(self.flow, self.setting, self.actor, form, new_children)
        item: ItemView = self.item
        if deed.kind == "initial":
            item = over(self.item, initials=self.with_initials())
            route = self.state.route
            if route is None or initials.now(self.flow, item, route, self.setting) is not None:
                return None
        sign = self.state.sign
        if deed.kind == "sign" and sign is not None:
            if sign.in_turn and {*turns.waiting(self.flow, self.item, sign, self.setting)} - {self.actor.position}:
                return None
            signed = (Effect("signed", sign.method),)
            item = told(over(self.item), {**changes(signed, {}), **given(signed, self.item)})
        if deed.action.to is None:
            return None
        return way.enter(item, deed.action.to, deed.action.do)

    def with_initials(self) -> tuple[Initial, ...]:
        """The initials of this passage, those of the actor added."""
        route = self.state.route
        turn = initials.now(self.flow, self.item, route, self.setting) if route is not None else None
        level = turn.level if turn is not None else 0
        return (*self.item.initials, initials.by(level, self.actor, self.item))

    def _not_yours(self, deed: Deed, who: tuple[str, ...]) -> str:
        """Why somebody whom the flow does not name now may not do it."""
        mine = any(initial.position == self.actor.position for initial in self.item.initials)
        if deed.kind == "initial" and mine:
            return "Anda sudah memberi paraf."
        if deed.turns is not None:
            found = turns.not_yet(self.flow, self.item, deed.turns, self.actor.position, self.setting)
            if found is not None:
                return found
        if not who:
            return "Belum ada jabatan yang dapat melakukan ini. Hubungi admin kantor."
        return f"Ini tugas {titles(who, self.setting)}."


def titles(who: tuple[str, ...], setting: Setting, between: str = "atau") -> str:
    """The titles of positions, for a sentence."""
    names = [setting.org.title(each) for each in who[:_MOST_TITLES]]
    if len(who) > _MOST_TITLES:
        names.append(f"{len(who) - _MOST_TITLES} jabatan lain")
    return joined(names, between)
