"""Told to who acts from a page that is old: the item has gone on since, by whose act, when and to where."""

from __future__ import annotations

from pyramid.request import Request

from intranet_surat.errors import Moved, NotAllowed
from intranet_surat.resources.letter import Item
from intranet_surat.services import mandates
from intranet_surat.services.itemview import flow_of, state_of
from intranet_surat.web import history_page
from intranet_surat.workflow.chart import chart
from intranet_surat.workflow.overlay import states_of
from intranet_surat.workflow.own_acts import OF_TIME

NOTHING = "Yang Anda kirim tidak dilakukan; lihat dulu suratnya sebelum bertindak lagi."


def title(context: Item, request: Request, action: str) -> str:
    """What the flow calls an action, in whichever state has it; empty for what it does not know."""
    known = chart(flow_of(request.house, request.site, context), context.track)
    deeds = (deed for state in known.states for deed in known.deeds(state))
    return next((deed.action.title for deed in deeds if deed.action.name == action), "")


def says(context: Item, request: Request) -> str:
    """Who brought the item to where it stands, by what and when; empty for one that nobody has moved."""
    house, site, letter = request.house, request.site, context.letter
    acts = (act for act in reversed([*letter.history]) if act.item == context.id and act.action not in OF_TIME)
    last = next((act for act in acts if act.state_from not in ("", act.state_to)), None)
    if last is None:
        return ""
    now = flow_of(house, site, context)
    states = states_of(history_page.flow_then(house, site, last, now), context.track)
    called = history_page.called(last, history_page.action_of(last, states))
    by = mandates.acted_as(last.capacity, str(last.who.get("title", "")))
    when, here = request.words.moment_within(last.at), state_of(house, site, context).title
    return f"Berpindah karena '{called}'{f' oleh {by}' if by else ''}, {when}; sekarang di '{here}'."


def refused(context: Item, request: Request, refusal: NotAllowed) -> NotAllowed:
    """What a page tells instead of a refusal for what the present state does not know; the same if nobody moved it."""
    action = request.subpath[0]
    called, moved = title(context, request, action), says(context, request)
    if not called or not moved:
        return refusal
    return Moved(f"'{called}' tidak dapat dilakukan sekarang. {moved} {NOTHING}", action=action, remedy=refusal.remedy)
