"""The history of a letter: a table of acts, and whether the chain that guards them still holds."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request

from intranet_surat.resources.letter import Letter
from intranet_surat.services import secrecy
from intranet_surat.services.itemview import org_at
from intranet_surat.web import history_page, letter_json, letter_page
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views import letter as letter_view

TEMPLATE = "intranet_surat.templates:history.jinja2"


def made(context: Letter, request: Request) -> history_page.HistoryPage:
    """The rows, for a reader with full sight."""
    secrecy.demand(request.house, request.site, context, request.reader, request.now)
    org = org_at(request.house, request.site, request.now)
    return history_page.build(request.house, request.site, context, org)


@page(permission="view", context=Letter, name="riwayat", request_method="GET", renderer=TEMPLATE)
def show(context: Letter, request: Request) -> dict[str, Any]:
    """The table."""
    found = made(context, request)
    return letter_view.frame(request, context) | {
        "history": found,
        "subject": context.fields.get("subject", ""),
        "label": letter_page.label(context),
    }


def entered(context: Letter, seq: int) -> dict[str, Any]:
    """What was entered with an act, without the address of a letter that not every reader may know."""
    found = dict(context.history.entered(seq))
    form = {name: value for name, value in found.get("form", {}).items() if name != letter_json.ANSWERED}
    return found | {"form": form} if "form" in found else found


@data(permission="view", context=Letter, name="riwayat", request_method="GET")
def show_json(context: Letter, request: Request) -> dict[str, Any]:
    """The acts as they are hashed, so that a program may verify the chain by itself."""
    found = made(context, request)
    acts = [act.facts() | {"hash": act.hash, "entered": entered(context, act.seq)} for act in context.history]
    return {
        "@id": request.resource_url(context, "@@riwayat"),
        "@type": "History",
        "items": acts,
        "items_total": len(acts),
        "head": found.head,
        "problems": list(found.problems),
    }
