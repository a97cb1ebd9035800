"""Deliveries: the tray of who receives, opening one, and how far a sent letter has come, addressee by addressee."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid, Unknown
from intranet_surat.kinds.text import clean
from intranet_surat.resources.delivery import Delivery
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Section, Year
from intranet_surat.services import delivery as deliveries
from intranet_surat.services import letter_pdf, pages, secrecy
from intranet_surat.web import api, delivered, delivery_rows, letter_files, letter_json, letter_page, sent_form
from intranet_surat.web.layout import batch, batch_asked
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.negotiation import file as file_view
from intranet_surat.web.views import files
from intranet_surat.web.views import letter as letter_view

TRAY = "intranet_surat.templates:deliveries.jinja2"
ONE = "intranet_surat.templates:delivery.jinja2"
SENT = "intranet_surat.templates:sent.jinja2"


@page(permission="logged in", context=Section, name="", drawer="kiriman", request_method="GET", renderer=TRAY)
@page(permission="logged in", context=Year, name="", drawer="kiriman", request_method="GET", renderer=TRAY)
def show_tray(context: Any, request: Request) -> dict[str, Any]:
    """What has arrived for this office; only for those who register it."""
    section = context if isinstance(context, Section) else context.__parent__
    found = delivered.in_tray(request.house, request.site, section, request.reader, request.now)
    waiting = [each for each in found if each.state in delivered.WAITING]
    start, size = batch_asked(request)
    done = [each for each in found if each.state not in delivered.WAITING]
    shown = done[start : start + size]
    return {
        "office": section.__parent__,
        "waiting": [delivered.view(request, each) for each in waiting],
        "done": [delivered.view(request, each) for each in shown],
        "batch": batch(request, start, size, len(done)),
    }


@data(permission="logged in", context=Section, name="", drawer="kiriman", request_method="GET")
@data(permission="logged in", context=Year, name="", drawer="kiriman", request_method="GET")
def tray_data(context: Any, request: Request) -> dict[str, Any]:
    """The same for programs."""
    section = context if isinstance(context, Section) else context.__parent__
    found = delivered.in_tray(request.house, request.site, section, request.reader, request.now)
    start, size = batch_asked(request)
    items = [delivered.as_json(request, each) for each in found[start : start + size]]
    return api.folder(
        request.resource_url(context),
        "Deliveries",
        f"Kiriman {section.__parent__.name}",
        items,
        batch=batch(request, start, size, len(found)),
    )


@page(permission="logged in", context=Delivery, name="", request_method="GET", renderer=ONE)
def show_one(context: Delivery, request: Request) -> dict[str, Any]:
    """A delivery: its pages, and the way to register it. Opening it tells the sender that it was received."""
    letter = opened(context, request)
    return {
        "delivery": context,
        "view": delivered.view(request, context),
        "file": letter,
        "pages": pages_of(request, context),
        "here": request.resource_url(context),
        "register_url": delivered.register_url(request, context),
        "secret": context.security in secrecy.SECRET,
        "registered": delivered.registered_letter(request.site, context),
    }


def pages_of(request: Request, context: Delivery) -> int:
    """How many pages the delivered file shows; none of a secret one."""
    file = delivered.file_of(request.site, context)
    if file is None or context.security in secrecy.SECRET:
        return 0
    letter = find(request.site, context.letter)
    paper = next(each for each in letter_files.all_files(letter) if each.sha256 == context.rendition)
    counted = letter_files.counted(request.house, letter, paper)
    return counted.pages if counted is not None else 0


@data(permission="logged in", context=Delivery, name="", request_method="GET")
def one_data(context: Delivery, request: Request) -> dict[str, Any]:
    """The same for programs."""
    opened(context, request)
    return delivered.as_json(request, context)


def opened(context: Delivery, request: Request) -> Any:
    """The delivered file, for somebody who registers here. Raises Unknown."""
    deliveries.demand(request.house, request.site, context, request.reader, request.now)
    if letter_view.is_look(request):
        deliveries.open_delivery(request.house, request.site, context, request.reader, request.now)
    return delivered.file_of(request.site, context)


@file_view(permission="logged in", context=Delivery, name="halaman", request_method="GET")
def page_image(context: Delivery, request: Request) -> Response:
    """The image of a page of what was delivered; a secret letter stays in its envelope until it is registered."""
    deliveries.demand(request.house, request.site, context, request.reader, request.now)
    file = delivered.file_of(request.site, context)
    if file is None or context.security in secrecy.SECRET:
        raise Unknown
    image = pages.image(request.house, file.sha256, file.open, files.number(request, "n", 1), files.width(request))
    return Response(body=image.read_bytes(), content_type="image/png")


@page(permission="view", context=Letter, name="pengiriman", request_method="GET", renderer=SENT)
def show_sent(context: Letter, request: Request) -> dict[str, Any]:
    """How far the letter has come, addressee by addressee, those that need somebody first."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    secrecy.demand(house, site, context, reader, now)
    made = letter_page.build(house, site, context, reader, now, letter_pdf.opened(house, context, whole=False))
    rows = [each for each in made.deliveries if not each.copy]
    copies = [each for each in made.deliveries if each.copy]
    return letter_view.frame(request, context) | {
        "letter": made,
        "rows": rows,
        "copies": copies,
        "counts": delivery_rows.counts(rows),
        "may_confirm": delivered.may_confirm(house, site, context, reader, now),
        "final": deliveries.final_file(context),
    }


@data(permission="view", context=Letter, name="pengiriman", request_method="GET")
def sent_data(context: Letter, request: Request) -> dict[str, Any]:
    """The same for programs."""
    secrecy.demand(request.house, request.site, context, request.reader, request.now)
    return sent_items(context, request)


def sent_items(context: Letter, request: Request) -> dict[str, Any]:
    """The rows of a sent letter as JSON."""
    items = [letter_json.delivery(each) for each in delivery_rows.build(request.site, context)]
    return api.folder(request.resource_url(context, "@@pengiriman"), "Dispatch", "Pengiriman", items)


@page(permission="view", context=Letter, name="pengiriman", request_method="POST")
def confirm(context: Letter, request: Request) -> Response:
    """Enter in the dispatch log that a courier or a print was handed over."""
    handed_over(context, request, request.POST)
    request.tell("Penerima dicatat di buku ekspedisi.")
    return HTTPSeeOther(request.resource_url(context, "@@pengiriman"))


@data(permission="view", context=Letter, name="pengiriman", request_method="POST")
def confirm_data(context: Letter, request: Request) -> dict[str, Any]:
    """The same for programs."""
    sent = sent_form.values(request) if sent_form.is_json(request) else request.POST
    handed_over(context, request, sent)
    return sent_items(context, request)


def handed_over(context: Letter, request: Request, sent: Any) -> None:
    """Check what was entered and confirm the delivery. Raises Unknown, Invalid, NotAllowed."""
    secrecy.demand(request.house, request.site, context, request.reader, request.now)
    wanted = str(sent.get("kiriman") or "")
    found = next((each for each in context.deliveries if each.rsplit("/", 1)[-1] == wanted), None)
    if found is None:
        raise Unknown
    names, problems = {}, {}
    for name in ("pembawa", "penerima"):
        try:
            typed = sent.get(name)
            names[name] = clean(typed) if isinstance(typed, str) else ""
        except ValueError as wrong:
            problems[name] = str(wrong)
        else:
            if not 2 <= len(names[name]) <= 160:
                problems[name] = f"Isi nama {name}, 2 sampai 160 huruf."
    if problems:
        raise Invalid(problems)
    deliveries.confirm(
        request.house,
        request.site,
        find(request.site, found),
        request.reader,
        request.now,
        carrier=names["pembawa"],
        receiver_name=names["penerima"],
    )
