"""Versions of a letter's text side by side, and the answer to who acts on a text that has changed meanwhile."""

from __future__ import annotations

from typing import Any

from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Changed, Unknown
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.services import secrecy
from intranet_surat.services.itemview import org_at
from intranet_surat.web import carried_form, compare_page, letter_lines
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views import letter as letter_view

TEMPLATE = "intranet_surat.templates:compare.jinja2"


@page(permission="view", context=Letter, name="banding", request_method="GET", renderer=TEMPLATE)
def show(context: Letter, request: Request) -> dict[str, Any]:
    """Two versions: the two newest unless the address names others."""
    secrecy.demand(request.house, request.site, context, request.reader, request.now)
    before, after = asked(context, request)
    return compared(context, request, before, after)


@data(permission="view", context=Letter, name="banding", request_method="GET")
def show_json(context: Letter, request: Request) -> dict[str, Any]:
    """The same as rows of pieces."""
    secrecy.demand(request.house, request.site, context, request.reader, request.now)
    before, after = asked(context, request)
    found = compared(context, request, before, after)["comparison"]
    return {
        "@id": request.resource_url(context, "@@banding"),
        "from": before,
        "to": after,
        "changes": found.changes,
        "summary": found.summary,
        "items": [
            {"before": [[each.kind, each.text] for each in row.before], "after": [[p.kind, p.text] for p in row.after]}
            for row in found.rows
            if not row.same
        ],
    }


def changed(context: Item, request: Request, refusal: Changed) -> Response:
    """The answer 409: what was shown beside what is stored now, and the way to act on that."""
    letter = context.letter
    found = compared(letter, request, refusal.shown, refusal.current) | {
        "refusal": refusal,
        "again": request.resource_url(context),
        "typed": carried_form.typed(request),
    }
    response = render_to_response(TEMPLATE, found, request=request)
    response.status_int = 409
    return response


def asked(context: Letter, request: Request) -> tuple[int, int]:
    """Which two versions the address names. Raises Unknown for one that does not exist."""
    last = len(context.versions)
    try:
        after = int(request.GET.get("ke", last))
        before = int(request.GET.get("dari", max(1, after - 1)))
    except ValueError:
        raise Unknown from None
    if not (1 <= before <= last and 1 <= after <= last):
        raise Unknown
    return before, after


def compared(context: Letter, request: Request, before: int, after: int) -> dict[str, Any]:
    """Everything that the page of a comparison shows."""
    house, site = request.house, request.site
    org = org_at(house, site, request.now)
    versions = {each.version: each for each in context.versions}
    old, new = versions.get(before), versions.get(after)
    if old is None or new is None:
        raise Unknown
    kind = house.kinds[context.kind]
    comparison = compare_page.compare(
        letter_lines.of(house, kind, old.fields, org), letter_lines.of(house, kind, new.fields, org)
    )
    return letter_view.frame(request, context) | {
        "comparison": comparison,
        "before": old,
        "after": new,
        "titles": {each.version: org.title(each.position) for each in context.versions},
        "versions": sorted(versions),
        "subject": context.fields.get("subject", ""),
        "label": "Kembali ke konsep" if context.direction == "keluar" else "Kembali ke surat",
        "refusal": None,
        "again": "",
        "typed": [],
    }
