"""What an actor is offered now, what is refused with its sentence, and what comes later."""

from __future__ import annotations

from dataclasses import replace

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import initials
from intranet_surat.workflow.deeds import Case, Deed, deeds
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.overlay import over
from intranet_surat.workflow.road import ahead
from intranet_surat.workflow.view import Actor, ItemView, Offer, Setting


def offers(flow: Flow, item: ItemView, actor: Actor, setting: Setting) -> tuple[Offer, ...]:
    """Every action of the present state for this actor: allowed, or refused with its sentence.

    A rule that depends on what will be entered does not refuse here; the act judges it.
    """
    case = Case(flow, item, actor, setting)
    return tuple(_offer(case, deed) for deed in deeds(case.state))


def _offer(case: Case, deed: Deed) -> Offer:
    action, who = deed.action, case.who(deed)
    says = case.refusal(deed, who)
    return Offer(
        action=action.name,
        title=action.title,
        kind=deed.kind,
        allowed=says is None,
        form=case.flow.forms.get(action.ask) if action.ask is not None else None,
        says=says or "",
        who=who,
        to=action.to,
        fan_out=action.fan_out is not None,
    )


def later(flow: Flow, item: ItemView, actor: Actor, setting: Setting) -> tuple[Offer, ...]:
    """The actions of states still ahead that will name this actor, each refused with its sentence."""
    here = {deed.action.name for deed in deeds(Case(flow, item, actor, setting).state)}
    found: dict[str, Offer] = {}
    noun = "Surat" if item.track is None else "Disposisi"
    for state in ahead(flow, item):
        there = Case(flow, replace(over(item), state=state.name, initials=()), actor, setting)
        for deed in deeds(state):
            action = deed.action
            if action.name in here or action.name in found:
                continue
            who = _named(there, deed)
            if actor.position in who:
                says = f"{noun} belum sampai di keadaan '{state.title}'."
                found[action.name] = Offer(
                    action.name, action.title, deed.kind, False, says=says, who=who, to=action.to
                )
    return tuple(found.values())


def _named(case: Case, deed: Deed) -> tuple[str, ...]:
    """The positions that the flow will name; of a route, those of every level."""
    route = case.state.route
    if route is None or deed.kind not in ("initial", "reject"):
        return case.who(deed)
    try:
        levels = initials.tiers(case.flow, case.item, route, case.setting)
    except NotAllowed:
        return ()
    return tuple(dict.fromkeys(member for level in levels for member in level.members))
