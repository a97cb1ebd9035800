"""What an actor is offered now, what is refused with its sentence, and what comes later."""

from __future__ import annotations

from intranet_surat.workflow import explain, standing
from intranet_surat.workflow.chart import Deed
from intranet_surat.workflow.deeds import Case
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.reach import Roads
from intranet_surat.workflow.road import ahead
from intranet_surat.workflow.view import Actor, ItemView, Offer, Setting


def offers(flow: Flow, item: ItemView, actor: Actor, setting: Setting) -> tuple[Offer, ...]:
    """Every action of the present state for this actor: allowed, or refused with its sentence.

    A rule that depends on what will be entered does not refuse here; the act judges it.
    """
    case = Case(flow, item, actor, setting)
    return tuple(_offer(case, deed) for deed in case.deeds())


def _offer(case: Case, deed: Deed) -> Offer:
    action, who = deed.action, case.who(deed)
    refusal = explain.refusal(case, deed, who)
    return Offer(
        action=action.name,
        title=action.title,
        kind=deed.kind,
        allowed=refusal is None,
        form=case.flow.forms.get(action.ask) if action.ask is not None else None,
        says=refusal.says if refusal is not None else "",
        who=who,
        to=action.to,
        fan_out=action.fan_out is not None,
        remedy=refusal.remedy if refusal is not None else None,
    )


def on_paper(flow: Flow, item: ItemView, clerk: Actor, setting: Setting) -> tuple[tuple[Actor, Offer], ...]:
    """What the clerk may enter now from the paper of another, each with the one who wrote it.

    A position that nobody holds has written nothing; who can do it himself enters nothing for another, and who only
    acts for the clerk's position enters what his order covers.
    """
    found: list[tuple[Actor, Offer]] = []
    plain = Case(flow, item, clerk, setting)
    for deed in plain.deeds():
        may = clerk.position in plain.clerks(deed) and standing.refusal(flow, deed, item, clerk, setting) is None
        who = plain.who(deed) if may else ()
        for position in who if clerk.position not in who else ():
            for person in setting.org.persons(position)[:1]:
                writer = Actor(person, position, clerk)
                found.append((writer, _offer(Case(flow, item, writer, setting), deed)))
    return tuple(found)


def later(flow: Flow, item: ItemView, actor: Actor, setting: Setting) -> tuple[Offer, ...]:
    """The actions of states still ahead that will name this actor, each refused with its sentence."""
    case = Case(flow, item, actor, setting)
    here = {deed.action.name for deed in case.deeds()}
    ways = Roads(flow, item, setting)
    found: dict[str, Offer] = {}
    for state in ahead(flow, item):
        for move in ways.entering.matters.moves[state.name]:
            action = move.deed.action
            if action.name in here or action.name in found:
                continue
            told = explain.there(case, move, ways)
            if actor.position in told.who:
                found[action.name] = Offer(
                    action=action.name,
                    title=action.title,
                    kind=told.kind,
                    allowed=False,
                    says=told.says,
                    who=told.who,
                    to=action.to,
                    remedy=told.remedy,
                )
    return tuple(found.values())
