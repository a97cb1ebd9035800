"""What time does to an item: the reminders and the escalation of its limit, and what each of them does.

Pure: services keep the timers as jobs (`services.deadlines`), the tests of a flow file let them run in memory
(`workflow.rehearsal`). How the limit itself stands is known in `workflow.limits`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intranet_surat.workflow import cast
from intranet_surat.workflow.limits import limit
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.overlay import state_of
from intranet_surat.workflow.own_acts import ESCALATED, REASSIGNED, REMINDED
from intranet_surat.workflow.sight import waits_for
from intranet_surat.workflow.view import ItemView, Setting


@dataclass(frozen=True, slots=True)
class Timer:
    """One thing that will happen at an instant: ``kind`` is ``remind`` or ``escalate``.

    ``who`` are the positions as they are now, ``do`` is ``notify`` or ``reassign``, ``n`` counts the reminders of
    one deadline.
    """

    kind: str
    at: datetime
    who: tuple[str, ...]
    do: str
    n: int


@dataclass(frozen=True, slots=True)
class Ring:
    """What a timer does when it rings: the act, whom it tells, and who gets the work (``holder`` of a child).

    ``nobody`` tells that the flow names nobody here, so that the administrators of the office are told instead.
    """

    action: str
    told: tuple[str, ...]
    holder: str | None = None
    assigned: tuple[str, ...] = ()
    nobody: bool = False


def timers(flow: Flow, item: ItemView, due: datetime | None, setting: Setting) -> tuple[Timer, ...]:
    """The reminders and the escalation of an item in its present state with this limit, in their order.

    None while its clock stands still, and none that would lie before the limit began to run.
    """
    state = state_of(flow, item)
    deadline = limit(state)
    if deadline is None or due is None or item.paused_since is not None:
        return ()
    in_turn = state.route is not None or (state.sign is not None and state.sign.in_turn)
    level = waits_for(flow, item, setting) if in_turn else ()
    found = []
    for number, remind in enumerate(deadline.remind):
        before = remind.before
        at = due if before is None else setting.calendar.before(due, before.amount, before.unit)
        found.append(Timer("remind", at, cast.of_all(remind.who, flow, item, setting, level=level), "notify", number))
    escalate = deadline.escalate
    if escalate is not None:
        at = setting.calendar.after(due, escalate.after.amount, escalate.after.unit)
        found.append(Timer("escalate", at, cast.of_all(escalate.to, flow, item, setting, level=level), escalate.do, 0))
    began = item.limit_since
    return tuple(sorted((each for each in found if began is None or each.at > began), key=lambda each: each.at))


def ring(flow: Flow, item: ItemView, timer: Timer, setting: Setting) -> Ring:
    """What a timer that rings now does."""
    admins = setting.org.role("admin", item.office)
    if timer.kind == "remind":
        return Ring(REMINDED, timer.who or admins, nobody=not timer.who)
    if timer.do == "notify":
        return Ring(ESCALATED, timer.who or admins, nobody=not timer.who)
    has = {item.holder} if item.track is not None else set(waits_for(flow, item, setting))
    fresh = tuple(each for each in timer.who if each not in has)
    if not fresh:
        return Ring(ESCALATED, timer.who or admins, nobody=not timer.who)
    if item.track is not None:
        return Ring(REASSIGNED, fresh[:1], holder=fresh[0])
    return Ring(REASSIGNED, fresh, assigned=tuple(dict.fromkeys((*item.assigned, *fresh))))
