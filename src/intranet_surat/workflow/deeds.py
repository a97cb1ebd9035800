"""What can be done in a state, by whom, and the sentence why somebody may not: asked by offers and by acts.

An action, the initials of a route, a signature, its preparation and both refusals are all one `Deed`, so
that nothing offers what an act would refuse.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast, initials, judging
from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.model import Action, Flow, Form, Sign, State, Who
from intranet_surat.workflow.overlay import over, state_of, told
from intranet_surat.workflow.passage import Passage, Undecided, Way
from intranet_surat.workflow.view import Actor, Initial, ItemView, Setting

SIGNED = "_signed"
"""Key that only the signing service puts into a form, after it has verified the signed file."""

_MOST_TITLES = 3


@dataclass(frozen=True, slots=True)
class Deed:
    """One thing that can be done; ``kind`` as in `view.Offer`."""

    kind: str
    action: Action


def deeds(state: State) -> Iterator[Deed]:
    """All that can be done in a state, in the order of the file: route, sign, then the actions."""
    if state.route is not None:
        route = state.route
        yield Deed("initial", Action(route.act, route.title, (), to=route.done))
        if route.reject is not None:
            yield Deed("reject", route.reject)
    if state.sign is not None:
        sign = state.sign
        yield Deed("prepare", replace(sign.prepare, by=sign.prepare.by or sign.by, to=None))
        yield Deed("sign", Action(sign.act, sign.title, sign.by, to=sign.done))
        if sign.reject is not None:
            yield Deed("reject", replace(sign.reject, by=sign.reject.by or sign.by))
    for action in state.actions.values():
        yield Deed("action", action)


@dataclass(frozen=True, slots=True)
class Case:
    """One actor before one item."""

    flow: Flow
    item: ItemView
    actor: Actor
    setting: Setting

    @property
    def state(self) -> State:
        """The state in which the item stands."""
        return state_of(self.flow, self.item)

    def find(self, name: str) -> Deed | None:
        """The deed of this name in the present state."""
        return next((deed for deed in deeds(self.state) if deed.action.name == name), None)

    def who(self, deed: Deed) -> tuple[str, ...]:
        """The positions that may do it now, as far as the flow names them."""
        if self.state.route is not None and _of_route(self.state, deed):
            turn = initials.now(self.flow, self.item, self.state.route, self.setting)
            return turn.waiting if turn is not None else ()
        return cast.of_all(deed.action.by, self.flow, self.item, self.setting, actor=self.actor)

    def asked(self, deed: Deed) -> Asked:
        """The form of the deed, ready to be answered."""
        form = self.flow.forms.get(deed.action.ask) if deed.action.ask is not None else None
        return Asked(form or Form("", {}), self.flow, self.item, self.actor, self.setting)

    def refusal(self, deed: Deed, who: tuple[str, ...]) -> str | None:
        """The sentence why this actor may not do it, before anything is entered; None when he may.

        ``who`` are those that the flow names now. Rules about what will be entered are not judged here.
        """
        if self.actor.position not in who:
            return self._not_yours(deed, who)
        for name in deed.action.needs:
            rule = self.flow.rules[name]
            if not judging.reads_form(rule.tree, self.flow) and not self.holds(name, None):
                return rule.says
        if deed.kind == "sign" and self.state.sign is not None and not self.prepared(self.state.sign):
            return f"Lakukan '{self.state.sign.prepare.title}' lebih dulu, agar Anda melihat yang ditandatangani."
        hopeless = self.asked(deed).hopeless() or self._all_busy(deed)
        if hopeless is not None:
            return hopeless
        try:
            self.passage(deed, None, 1 if deed.action.fan_out is not None else 0)
        except NotAllowed as refused:
            return refused.message
        except Undecided:
            pass
        return None

    def busy(self, deed: Deed) -> frozenset[str]:
        """Who holds an open child of this item already, in the track that the deed makes children of."""
        fan_out = deed.action.fan_out
        track = fan_out.track if fan_out is not None else None
        return frozenset(child.holder for child in self.item.children if child.track == track and child.outcome is None)

    def _all_busy(self, deed: Deed) -> str | None:
        """The sentence when everybody who could receive a child has one already."""
        asked = self.asked(deed)
        field = asked.form.fields.get(deed.action.fan_out.per) if deed.action.fan_out is not None else None
        if field is None or not isinstance(field.source, Who) or set(asked.candidates(field)) - self.busy(deed):
            return None
        return "Semua jabatan yang dapat dipilih sudah memegang surat ini."

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
            item = replace(over(self.item), initials=self.with_initials())
            route = self.state.route
            if route is None or initials.now(self.flow, item, route, self.setting) is not None:
                return None
        if deed.kind == "sign" and self.state.sign is not None:
            item = told(over(self.item), {"signed": self.state.sign.method})
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
        if not who:
            return "Belum ada jabatan yang dapat melakukan ini. Hubungi admin kantor."
        return f"Ini tugas {titles(who, self.setting)}."


def titles(who: tuple[str, ...], setting: Setting) -> str:
    """The titles of positions, for a sentence."""
    names = [setting.org.title(each) for each in who[:_MOST_TITLES]]
    if len(who) > _MOST_TITLES:
        names.append(f"{len(who) - _MOST_TITLES} jabatan lain")
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} atau {names[-1]}"


def _of_route(state: State, deed: Deed) -> bool:
    """Whether those whose turn it is do the deed: the initials, and sending back."""
    return deed.kind == "initial" or (deed.kind == "reject" and state.route is not None)
