"""Search over the reader's own rows: number, sender, words of the subject."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request

from intranet_surat.resources.site import Site
from intranet_surat.services import search as lists
from intranet_surat.web import api
from intranet_surat.web.layout import batch, batch_asked, row_views, site_url
from intranet_surat.web.negotiation import data, page

LONGEST = 200
LABELS = frozenset({"agenda", "nomor", "no"})
"""Words that people put before a number and that stand in no row."""


@page(
    context=Site,
    name="cari",
    request_method="GET",
    permission="view",
    renderer="intranet_surat.templates:search.jinja2",
)
def show_search(request: Request) -> dict[str, Any]:
    """What was found, the newest first."""
    return found(request)


@data(context=Site, name="cari", request_method="GET", permission="view")
def search_data(request: Request) -> dict[str, Any]:
    """The same for programs."""
    asked = found(request)
    items = (api.summary(request, each) for each in asked["rows"])
    return api.folder(site_url(request) + "@@cari", "Search", f"Cari: {asked['q']}", items, batch=asked["batch"])


def found(request: Request) -> dict[str, Any]:
    """The rows that hold all words asked for."""
    asked = " ".join(request.GET.get("q", "").split())[:LONGEST]
    start, size = batch_asked(request)
    rows, total = lists.find(request.site, request.reader, asked, start, size) if asked else ([], 0)
    if asked and not total and (loose := fragments(asked)) != asked:
        rows, total = lists.find(request.site, request.reader, loose, start, size)
    return {"q": asked, "rows": row_views(request, rows), "batch": batch(request, start, size, total)}


def fragments(asked: str) -> str:
    """The same question by the parts of its numbers: a piece of a number, and ``agenda 12``, is looked for so too."""
    parts = "".join(sign if sign.isalnum() else " " for sign in asked).split()
    named = [each for each in parts if each.casefold() not in LABELS]
    return " ".join(named or parts)
