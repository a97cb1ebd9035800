"""The page of a letter and of a disposition, as page and as JSON; acting stands in `letter_act`."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request

from intranet_surat.resources.letter import Disposition, Item, Letter
from intranet_surat.services import letter_pdf, letters, secrecy
from intranet_surat.services.itemview import descendants
from intranet_surat.web import letter_json, letter_page
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.words import SECTIONS

TEMPLATE = "intranet_surat.templates:letter.jinja2"
GUESSES = ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose")
"""Headers by which browsers say that nobody looks at the page yet."""


@page(permission="view", context=Letter, renderer=TEMPLATE)
@page(permission="view", context=Disposition, renderer=TEMPLATE)
def show(context: Item, request: Request) -> dict[str, Any]:
    """The page; the first opening by who must act or holds a disposition is recorded."""
    made = opened(context, request)
    return frame(request, context) | {"letter": made, "mine": mine(context, request)}


@data(permission="view", context=Letter)
@data(permission="view", context=Disposition)
def show_json(context: Item, request: Request) -> dict[str, Any]:
    """The same for programs."""
    return letter_json.build(request, opened(context, request))


def opened(context: Item, request: Request) -> letter_page.LetterPage:
    """Make the page's data for a reader with full sight; raises Unknown for all others."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    secrecy.demand(house, site, context, reader, now)
    if is_look(request):
        mark_read(context, request)
    return letter_page.build(house, site, context, reader, now, letter_pdf.opened(house, context.letter, whole=False))


def is_look(request: Request) -> bool:
    """Whether somebody looks at what is fetched: no prefetching, and no picture or frame of another site."""
    if request.method != "GET" or any("prefetch" in request.headers.get(each, "").lower() for each in GUESSES):
        return False
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "cross-site":
        return False
    return request.headers.get("Sec-Fetch-Dest", "document") in {"document", "empty"}


def mark_read(context: Item, request: Request) -> None:
    """Record the first opening in a short transaction of its own, so that no later failure undoes it."""
    reader = request.reader
    below = [each for each in descendants(context.letter) if each.holder in reader.positions]
    unread = [
        each for each in {id(each): each for each in (context, *below)}.values()
        if not all(position in each.reads for position in reader.positions)
    ]  # fmt: skip
    marked = [letters.mark_read(request.house, request.site, each, reader, request.now) for each in unread]
    if any(marked):
        request.tm.commit()
        request.tm.begin()


def mine(context: Item, request: Request) -> list[Disposition]:
    """The open dispositions of the reader, when he stands on the letter's own page."""
    if not isinstance(context, Letter):
        return []
    held = [each for each in descendants(context) if each.holder in request.reader.positions]
    return [each for each in held if letter_page.is_open(request.house, request.site, each)]


def frame(request: Request, context: Item) -> dict[str, Any]:
    """Addresses that every page of a letter needs."""
    letter = context.letter
    drawer = letter.__parent__.__parent__
    return {
        "here": request.resource_url(letter),
        "item_url": request.resource_url(context),
        "drawer": f"{SECTIONS.get(drawer.__name__, drawer.__name__)} {letter.__parent__.__name__}",
        "drawer_url": request.resource_url(letter.__parent__),
    }
