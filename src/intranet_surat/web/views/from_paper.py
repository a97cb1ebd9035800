"""Entering what a leader wrote on paper, and the leader's word about it; the act itself is `services.proxy`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Changed, Invalid, NotAllowed, Unknown
from intranet_surat.resources.letter import Disposition, Item, Letter
from intranet_surat.services import proxy, secrecy
from intranet_surat.services.acting import ActResult
from intranet_surat.services.proxy import PaperOffer
from intranet_surat.services.uploads import Upload
from intranet_surat.web import asked_form, carried_form, letter_json, letter_page, sent_form
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views import compare, letter_act

PLACES = {proxy.SHEET: proxy.PLACE}


@page(permission="view", context=Letter, name="dari-kertas", request_method="GET")
@page(permission="view", context=Disposition, name="dari-kertas", request_method="GET")
def show(context: Item, request: Request) -> Response:
    """The page on which a clerk enters an action from somebody's paper."""
    found = known(context, request)
    if found is None:
        return letter_act.gone(context, request)
    if not found.offer.allowed:
        raise NotAllowed(found.offer.says, action=found.offer.action, who=found.offer.who)
    return letter_act.drawn(context, request, found.offer, author=found.author)


@page(permission="view", context=Letter, name="dari-kertas", request_method="POST")
@page(permission="view", context=Disposition, name="dari-kertas", request_method="POST")
def enter(context: Item, request: Request) -> Response:
    """Enter it, then show the letter; what cannot be taken comes back with what was typed."""
    found = known(context, request)
    if found is not None and found.offer.allowed and carried_form.only_shown(request):
        return letter_act.drawn(context, request, found.offer, Invalid({}, ""), status=200, author=found.author)
    try:
        result = done(context, request, found)
    except Invalid as wrong:
        if found is None or not found.offer.allowed:
            raise
        return letter_act.drawn(context, request, found.offer, wrong, author=found.author)
    except Changed as changed:
        return compare.changed(context, request, changed)
    request.tell(result.message)
    return HTTPSeeOther(letter_act.way_on(context, request))


@data(permission="view", context=Letter, name="dari-kertas", request_method="POST")
@data(permission="view", context=Disposition, name="dari-kertas", request_method="POST")
def enter_json(context: Item, request: Request) -> dict[str, Any]:
    """The same for programs; the scan of the paper comes as multipart/form-data."""
    result = done(context, request, known(context, request))
    return {"message": result.message, "repeated": result.repeated} | _seen(context, request)


@page(permission="view", context=Letter, name="jawab-kertas", request_method="POST")
@page(permission="view", context=Disposition, name="jawab-kertas", request_method="POST")
def answer(context: Item, request: Request) -> Response:
    """The author's word about what was entered for him."""
    request.tell(said(context, request))
    return HTTPSeeOther(letter_act.way_on(context, request))


@data(permission="view", context=Letter, name="jawab-kertas", request_method="POST")
@data(permission="view", context=Disposition, name="jawab-kertas", request_method="POST")
def answer_json(context: Item, request: Request) -> dict[str, Any]:
    """The same for programs."""
    return {"message": said(context, request)} | _seen(context, request)


def said(context: Item, request: Request) -> str:
    """Note the word and answer with the line to tell. Raises Unknown for an address that names no such act."""
    if len(request.subpath) != 1 or not (request.subpath[0].isdecimal() and len(request.subpath[0]) < 9):
        raise Unknown
    entered = sent_form.values(request) if sent_form.is_json(request) else request.POST
    return proxy.answer(
        request.house, request.site, context, int(request.subpath[0]), request.reader, request.now,
        right=bool(entered.get("benar")), reason=str(entered.get("alasan") or ""), key=sent_form.key(request),
    )  # fmt: skip


def known(context: Item, request: Request) -> PaperOffer | None:
    """What the address names, if the reader may enter it from paper now. Raises Unknown."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    secrecy.demand(house, site, context, reader, now)
    if len(request.subpath) != 2:
        raise Unknown
    wanted = tuple(request.subpath)
    mine = proxy.offers(house, site, context, reader, now)
    return next((each for each in mine if (each.offer.action, each.author.position) == wanted), None)


def done(context: Item, request: Request, found: PaperOffer | None) -> ActResult:
    """Read what was entered and do it. What is not open any more may be this very form, sent once more."""
    entered, files = read(context, request, found) if found is not None and found.offer.form is not None else ({}, [])
    return proxy.enter(
        request.house, request.tm, request.site, context, request.subpath[0], request.subpath[1], entered,
        request.reader, request.now,
        key=sent_form.key(request), version=sent_form.version(request), uploads=files,
    )  # fmt: skip


def read(context: Item, request: Request, found: PaperOffer) -> tuple[dict[str, Any], list[Upload]]:
    """What was entered, and the files. Raises Invalid with all that is wrong, also of what could be read."""
    form = found.offer.form
    if form is None:
        return {}, []
    try:
        return letter_act.read(request, form, PLACES)
    except Invalid as wrong:
        legible = replace(form, fields={name: one for name, one in form.fields.items() if name not in wrong.fields})
        rest = asked_form.entered(legible, asked_form.plain(request.POST), request.house.local(request.now))
        files = getattr(request, "accepted_uploads", [])
        house, site, reader, now = request.house, request.site, request.reader, request.now
        more = proxy.against(house, site, context, found, rest, files, reader, now) if found.offer.allowed else {}
        raise Invalid(more | wrong.fields) from None


def _seen(context: Item, request: Request) -> dict[str, Any]:
    house, site, reader, now = request.house, request.site, request.reader, request.now
    if secrecy.sight(house, site, context, reader, now) != "full":
        return {}
    return letter_json.build(request, letter_page.build(house, site, context, reader, now))
