"""The questions and verbs of the engine: what may be done, and what an act leads to.

Pure: nothing is stored or sent here. Services hand in an `ItemView` and carry out the `Outcome`. Who may
do what is decided in `workflow.deeds`, who reads and waits in `workflow.sight`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.workflow import cast, explain, initials, passage
from intranet_surat.workflow.chart import Deed
from intranet_surat.workflow.deeds import SIGNED, Case
from intranet_surat.workflow.model import FanOut, Field, Flow
from intranet_surat.workflow.offers import later, offers, on_paper
from intranet_surat.workflow.overlay import changes, given, new_child, over, start_of, state_of, told
from intranet_surat.workflow.sight import (
    awaited,
    branch,
    can_act,
    closed,
    editors,
    expected,
    left_open,
    own_next,
    readers,
    waits_for,
)
from intranet_surat.workflow.view import Actor, Done, ItemView, NewChild, Outcome, Setting, Step

__all__ = [
    "SIGNED",
    "act",
    "awaited",
    "branch",
    "can_act",
    "closed",
    "editors",
    "expected",
    "foreseen",
    "gathered",
    "later",
    "left_open",
    "offers",
    "on_paper",
    "own_next",
    "readers",
    "start",
    "waits_for",
]


def start(flow: Flow, item: ItemView, actor: Actor, setting: Setting) -> Outcome:
    """The item, in no state yet, enters the first state of its flow or track.

    Raises NotAllowed with the sentence when an automatic step on the way is impossible.
    """
    way = passage.Way(flow, setting, actor, {})
    fresh = over(item, state="", initials=())
    return passage.outcome(way.enter(fresh, start_of(flow, item.track)), action="")


def act(
    flow: Flow,
    item: ItemView,
    action: str,
    form: Mapping[str, Any],
    actor: Actor,
    setting: Setting,
) -> Outcome:
    """What it leads to when the actor does ``action`` with these answers.

    Raises NotAllowed when he may not, with the sentence; Invalid when the answers cannot be taken.
    """
    case = Case(flow, item, actor, setting)
    deed = case.find(action)
    if deed is None:
        why = explain.explain(flow, item, actor, action, setting)
        raise NotAllowed(why.says, action=action, who=why.who, remedy=why.remedy)
    who = case.who(deed)
    refusal = explain.refusal(case, deed, who)
    if refusal is not None:
        raise NotAllowed(refusal.says, action=action, who=who, remedy=refusal.remedy)
    entered = {key: value for key, value in form.items() if not (deed.kind == "sign" and key.startswith("_"))}
    if deed.kind == "sign" and form.get(SIGNED) is not True:
        raise NotAllowed("Surat hanya dapat ditandatangani lewat halaman tanda tangan.", action=action)
    values = case.asked(deed).check(entered)
    refusal = explain.answered(case, deed, values)
    if refusal is not None:
        raise NotAllowed(refusal.says, action=action, who=who, remedy=refusal.remedy)
    children = _children(case, deed, values)
    reached = case.passage(deed, values, len(children))
    if reached is None:
        return _stay(case, deed, values, children)
    return replace(passage.outcome(reached, action=action, form=values), children=children)


def foreseen(flow: Flow, item: ItemView, action: str, actor: Actor, setting: Setting) -> passage.Passage | None:
    """Where ``action`` would lead before anything is entered; None when the state does not know it.

    The item at its end is as it comes there; `entered` is still that of now where it stays. Raises NotAllowed for
    what leads nowhere, `passage.Undecided` where the way depends on what is entered.
    """
    case = Case(flow, item, actor, setting)
    deed = case.find(action)
    if deed is None:
        return None
    reached = case.passage(deed, None, 1 if deed.action.fan_out is not None else 0)
    seq = max((act.seq for act in item.acts), default=item.entered) + 1
    if reached is not None:
        return replace(reached, item=over(reached.item, entered=seq, assigned=(), told=()))
    done = Done(seq, item.id, action, item.state, item.state, actor.position, actor.person)
    after = over(
        item, acts=(*item.acts, done), initials=case.with_initials() if deed.kind == "initial" else item.initials
    )
    after = told(after, {**changes(deed.action.do, {}), **given(deed.action.do, item)})
    return passage.Passage((Step(item.state, item.state, deed.action.do),), after, case.state, None)


def gathered(flow: Flow, item: ItemView, setting: Setting) -> Outcome | None:
    """What the end of a child leads to for its parent, or None while the parent waits.

    Asked after each child that ended; nobody's act, so ``action`` is empty.
    """
    gather = state_of(flow, item).gather
    target = passage.gathered(gather, item) if gather is not None else None
    if target is None:
        return None
    way = passage.Way(flow, setting, None, {})
    return passage.outcome(way.enter(item, target), action="")


def _stay(case: Case, deed: Deed, values: Mapping[str, Any], children: tuple[NewChild, ...]) -> Outcome:
    """The outcome of a deed that enters no state. ``due`` is only told when it changed."""
    item, state = case.item, case.state
    given, due = item.initials, None
    if deed.kind == "initial":
        given = case.with_initials()
        after = over(item, initials=given)
        # A limit of the state runs on from level to level; only one of the route begins anew.
        if state.route is not None and state.route.deadline is not None and _level(case, after) != _level(case, item):
            due = passage.Way(case.flow, case.setting, case.actor, values).due(after, state)
    return Outcome(
        action=deed.action.name,
        state=item.state,
        entered=False,
        steps=(Step(item.state, item.state, deed.action.do),),
        form=values,
        children=children,
        initials=given,
        due=due,
        final=state.final,
        outcome=state.outcome,
    )


def _level(case: Case, item: ItemView) -> int | None:
    route = case.state.route
    turn = initials.now(case.flow, item, route, case.setting) if route is not None else None
    return turn.level if turn is not None else None


def _children(case: Case, deed: Deed, values: Mapping[str, Any]) -> tuple[NewChild, ...]:
    """The child items that a deed makes: one for each value of the field, none twice."""
    fan_out = deed.action.fan_out
    if fan_out is None:
        return ()
    holders = tuple(dict.fromkeys(cast.holders_in(values.get(fan_out.per))))
    if not holders:
        raise Invalid({fan_out.per: "Pilih paling sedikit satu penerima."})
    busy = case.busy(deed)
    for holder in holders:
        if holder in busy:
            title = case.setting.org.title(holder)
            raise Invalid({fan_out.per: f"{title} masih memegang surat ini. Pilih penerima yang lain."})
    return tuple(_child(case, deed, fan_out, holder, values) for holder in holders)


def _child(case: Case, deed: Deed, fan_out: FanOut, holder: str, values: Mapping[str, Any]) -> NewChild:
    fields = _own(case.asked(deed).form.fields, fan_out.per, holder, values)
    child = new_child(case.item, fan_out.track, holder, case.actor.position, fields)
    way = passage.Way(case.flow, case.setting, case.actor, values)
    begun = way.enter(child, start_of(case.flow, fan_out.track))
    effects = tuple(effect for step in begun.steps for effect in step.effects)
    return NewChild(fan_out.track, begun.state.name, holder, fields, begun.due, effects)


def _own(asked: Mapping[str, Field], per: str, holder: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers as one child holds them: its own holder instead of all, whether it is the one chosen.

    The only recipient is the main one, also when nobody said so.
    """
    fields: dict[str, Any] = {**values, per: holder}
    alone = len(cast.holders_in(values.get(per))) == 1
    for field in asked.values():
        if field.type == "position" and field.source == per:
            chosen = values.get(field.name)
            fields[field.name] = chosen == holder if chosen is not None else alone
    return fields
