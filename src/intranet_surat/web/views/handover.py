"""A post changes hands: the memo of what waits there, who asks for it, and who confirms it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.resources.people import Position
from intranet_surat.resources.site import Site
from intranet_surat.services import accounts, handover
from intranet_surat.services.handover import Wish
from intranet_surat.services.itemview import org_at
from intranet_surat.web import api, mandate_page, security, stepup
from intranet_surat.web.layout import row_views, site_url
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views.door import sent_fields
from intranet_surat.web.views.posts import asked, days

TEMPLATE = "intranet_surat.templates:handover.jinja2"
FIELDS = ("login", "order", "since", "successor", "alasan")


@page(context=Site, name="serah-terima", request_method="GET", permission=security.LOGGED_IN)
def show(request: Request) -> Response:
    """The memo: what waits at a post, and what the reader may do about who has it."""
    return drawn(request, asked(request))


@data(context=Site, name="serah-terima", request_method="GET", permission=security.LOGGED_IN)
def show_data(request: Request) -> dict[str, Any]:
    """The memo for programs."""
    position = asked(request)
    memo = handover.memo(request.house, request.site, position.id, request.reader, request.now)
    rows = (api.summary(request, each) for each in row_views(request, memo.rows))
    title = f"Memo serah terima {position.title}"
    return api.folder(address(request, position), "Handover", title, rows, hidden=memo.hidden, asked=told(position))


@page(context=Site, name="serah-terima", request_method="POST", permission=security.LOGGED_IN)
def ask(request: Request) -> Response:
    """Ask that a new holder takes the post, or that it is closed in favour of another."""
    position = asked(request)
    try:
        done = carry_ask(request, position)
    except Invalid as wrong:
        return drawn(request, position, wrong.fields)
    request.tell(done)
    return HTTPSeeOther(address(request, position))


@data(context=Site, name="serah-terima", request_method="POST", permission=security.LOGGED_IN)
def ask_data(request: Request) -> dict[str, Any]:
    """The same for programs: ``jabatan``, ``since``, and ``login`` with ``order``, or ``successor``."""
    position = asked(request)
    message = carry_ask(request, position)
    return {"message": message, "position": position.id, "asked": told(position)}


@page(context=Site, name="sahkan-serah-terima", request_method="POST", permission=security.LOGGED_IN)
def confirm(request: Request) -> Response:
    """The second person finds it right, and proves with his password that it is he."""
    position = asked(request)
    try:
        done = carry_confirm(request, position)
    except Invalid as wrong:
        if stepup.FIELD not in wrong.fields:
            raise NotAllowed(" ".join(wrong.fields.values())) from None
        return drawn(request, position, wrong.fields)
    request.tell(done)
    return HTTPSeeOther(site_url(request) + "@@wakil")


@data(context=Site, name="sahkan-serah-terima", request_method="POST", permission=security.LOGGED_IN)
def confirm_data(request: Request) -> dict[str, Any]:
    """The same for programs: ``jabatan`` and ``sandi``."""
    position = asked(request)
    return {"message": carry_confirm(request, position), "position": position.id}


@page(context=Site, name="tolak-serah-terima", request_method="POST", permission=security.LOGGED_IN)
def refuse(request: Request) -> Response:
    """Drop what was asked."""
    position = asked(request)
    try:
        handover.refuse(request.house, request.site, position, sent(request)["alasan"], request.reader, request.now)
    except Invalid as wrong:
        return drawn(request, position, wrong.fields)
    request.tell("Usul serah terima ditolak. Pemegang jabatan tetap.")
    return HTTPSeeOther(address(request, position))


@data(context=Site, name="tolak-serah-terima", request_method="POST", permission=security.LOGGED_IN)
def refuse_data(request: Request) -> dict[str, Any]:
    """The same for programs: ``jabatan`` and ``alasan``."""
    position = asked(request)
    handover.refuse(request.house, request.site, position, sent(request)["alasan"], request.reader, request.now)
    return {"position": position.id}


def carry_ask(request: Request, position: Position) -> str:
    """Ask for what was entered, and answer with the line to tell. Raises Invalid with all that is wrong."""
    typed, wrong = sent(request), {}
    since = request.words.today
    try:
        since = days(request, "since")[0]
    except Invalid as bad:
        wrong.update(bad.fields)
    person = accounts.person_by_login(request.site, typed["login"]) if not typed["successor"] else None
    if person is None and not typed["successor"]:
        wrong["login"] = "Nama masuk ini tidak dikenal."
    wish = Wish(person.id if person is not None else "", typed["successor"], typed["order"], since)
    house, site, reader, now = request.house, request.site, request.reader, request.now
    if wrong:
        found = handover.against(house, site, position, wish, reader, now)
        raise Invalid({"login" if name == "person" else name: says for name, says in found.items()} | wrong)
    try:
        handover.ask(house, site, position, wish, reader, now)
    except Invalid as bad:
        raise Invalid({"login" if name == "person" else name: says for name, says in bad.fields.items()}) from None
    return f"Serah terima {position.title} diajukan. Berlaku setelah disahkan oleh orang kedua."


def carry_confirm(request: Request, position: Position) -> str:
    """Confirm what waits, and answer with the line to tell. Raises Invalid, also for a wrong password."""
    org = org_at(request.house, request.site, request.now)
    if handover.may_confirm(org, request.reader, position):
        stepup.demand(request)
    handover.confirm(request.house, request.site, position, request.reader, request.now)
    last = position.handovers[-1]
    if last.successor:
        return f"{position.title} berakhir; pekerjaannya dilanjutkan {request.site.positions[last.successor].title}."
    name = request.site.people[last.person].name
    return f"{position.title} diserahkan kepada {name}. Surat yang menunggu tetap di meja jabatan itu."


def drawn(request: Request, position: Position, errors: Mapping[str, str] | None = None) -> Response:
    """The page of the memo; with errors it carries what was typed."""
    org = org_at(request.house, request.site, request.now)
    people, reader = request.site.people, request.reader
    memo = handover.memo(request.house, request.site, position.id, reader, request.now)
    waits, may = position.asked, handover.may_ask(org, reader, position)
    second = waits is not None and handover.may_confirm(org, reader, position)
    shown = {
        "position": position,
        "rows": row_views(request, memo.rows),
        "hidden": memo.hidden,
        "holders": [people[each].name for each in org.owners(position.id) if each in people],
        "waits": waits,
        "goes_to": _goes_to(request, org, position),
        "asked_by": people[waits.asked_by].name if waits is not None else "",
        "second": second,
        "why_not_second": handover.second(org, reader, position) if waits is not None and not second else "",
        "may": may and waits is None,
        "why_not": "" if may else handover.refusal(org, position),
        "successors": mandate_page.deputies(request, position.id),
        "typed": sent(request) if errors else dict.fromkeys(FIELDS, ""),
        "errors": errors or {},
    }
    response = render_to_response(TEMPLATE, shown, request=request)
    response.status_int = 400 if errors else 200
    return response


def _goes_to(request: Request, org: Any, position: Position) -> str:
    """Who has the post, or its work, when what waits is confirmed."""
    waits = position.asked
    if waits is None:
        return ""
    if waits.successor:
        return f"Jabatan dihapus; pekerjaannya dilanjutkan {org.title(waits.successor)}"
    return str(request.site.people[waits.person].name)


def sent(request: Request) -> dict[str, str]:
    """The fields of the forms, as text."""
    found = sent_fields(request)
    return {name: str(found.get(name, "")).strip() for name in FIELDS}


def told(position: Position) -> dict[str, str] | None:
    """What waits for a second person, for programs."""
    waits = position.asked
    if waits is None:
        return None
    return {
        "person": waits.person, "successor": waits.successor, "order": waits.order, "since": waits.since.isoformat(),
    }  # fmt: skip


def address(request: Request, position: Position) -> str:
    """Where the memo of a post is read."""
    return f"{site_url(request)}@@serah-terima?jabatan={position.id}"
