"""A post and who sits at it: absence and return, and the memo with which a post changes hands."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid, Unknown
from intranet_surat.kinds import dates
from intranet_surat.resources.people import Position
from intranet_surat.resources.site import Site
from intranet_surat.services import absences, accounts, handover, mandates
from intranet_surat.services.itemview import org_at
from intranet_surat.web import api, mandate_page, security
from intranet_surat.web.layout import row_views, site_url
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views.door import sent_fields
from intranet_surat.web.views.mandates import listed

HANDOVER = "intranet_surat.templates:handover.jinja2"


@page(context=Site, name="berhalangan", request_method="POST", permission=security.LOGGED_IN)
def leave(request: Request) -> Response:
    """Record until when a holder is away."""
    position = asked(request)
    try:
        since, until = (_day(request, name) for name in ("since", "until"))
        absences.leave(
            request.house, request.site, position, since, until, str(request.POST.get("reason", "")),
            request.reader, request.now,
        )  # fmt: skip
    except Invalid as wrong:
        typed = {name: str(request.POST.get(name, "")) for name in ("jabatan", "since", "until", "reason")}
        response = listed(request, typed, wrong.fields)
        response.status_int = 400
        return response
    request.tell(f"{position.title} tercatat berhalangan sampai {request.words.date(until)}.")
    return HTTPSeeOther(site_url(request) + "@@wakil")


@data(context=Site, name="berhalangan", request_method="POST", permission=security.LOGGED_IN)
def leave_data(request: Request) -> dict[str, Any]:
    """The same for programs: ``jabatan``, ``since``, ``until``, ``reason``."""
    position = asked(request)
    since, until = (_day(request, name) for name in ("since", "until"))
    reason = str(sent_fields(request).get("reason", ""))
    absences.leave(request.house, request.site, position, since, until, reason, request.reader, request.now)
    return {"position": position.id, "since": since.isoformat(), "until": until.isoformat()}


@page(context=Site, name="kembali-bertugas", request_method="POST", permission=security.LOGGED_IN)
def come_back(request: Request) -> Response:
    """The holder is back; a Plh. ends with it."""
    position = asked(request)
    absences.come_back(request.house, request.site, position, request.reader, request.now)
    request.tell(f"{position.title} kembali bertugas. Plh. untuk jabatan ini berakhir.")
    return HTTPSeeOther(site_url(request) + "@@wakil")


@data(context=Site, name="kembali-bertugas", request_method="POST", permission=security.LOGGED_IN)
def come_back_data(request: Request) -> dict[str, Any]:
    """The same for programs: ``jabatan``."""
    position = asked(request)
    absences.come_back(request.house, request.site, position, request.reader, request.now)
    return {"position": position.id}


@page(context=Site, name="serah-terima", request_method="GET", permission=security.LOGGED_IN)
def show_memo(request: Request) -> Response:
    """The memo: what waits at a post, and the form for whoever may hand it over."""
    return drawn(request, asked(request), {}, {})


@data(context=Site, name="serah-terima", request_method="GET", permission=security.LOGGED_IN)
def memo_data(request: Request) -> dict[str, Any]:
    """The memo for programs."""
    position = asked(request)
    memo = handover.memo(request.house, request.site, position.id, request.reader, request.now)
    rows = (api.summary(request, each) for each in row_views(request, memo.rows))
    where = f"{site_url(request)}@@serah-terima?jabatan={position.id}"
    return api.folder(where, "Handover", f"Memo serah terima {position.title}", rows, hidden=memo.hidden)


@page(context=Site, name="serah-terima", request_method="POST", permission=security.LOGGED_IN)
def take_over(request: Request) -> Response:
    """A new holder takes the post, or the post is closed in favour of another."""
    position = asked(request)
    sent = {name: str(request.POST.get(name, "")).strip() for name in ("login", "order", "since", "successor")}
    try:
        since = _day(request, "since")
        if sent["successor"]:
            handover.close(request.house, request.site, position, sent["successor"], since, request.reader, request.now)
            told = f"{position.title} berakhir; pekerjaannya dilanjutkan jabatan yang Anda pilih."
        else:
            found = accounts.person_by_login(request.site, sent["login"])
            if found is None:
                raise Invalid({"login": "Nama masuk ini tidak dikenal."})
            handover.hand_over(
                request.house, request.site, position, found.id, sent["order"], since, request.reader, request.now
            )
            told = f"{position.title} diserahkan kepada {found.name}. Surat yang menunggu tetap di meja jabatan itu."
    except Invalid as wrong:
        fields = {{"person": "login"}.get(name, name): says for name, says in wrong.fields.items()}
        response = drawn(request, position, sent, fields)
        response.status_int = 400
        return response
    request.tell(told)
    return HTTPSeeOther(site_url(request) + "@@wakil")


def drawn(request: Request, position: Position, typed: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    """The page of the memo."""
    org = org_at(request.house, request.site, request.now)
    memo = handover.memo(request.house, request.site, position.id, request.reader, request.now)
    others = [each for each in request.reader.positions if each != position.id]
    shown = {
        "position": position,
        "rows": row_views(request, memo.rows),
        "hidden": memo.hidden,
        "holders": [request.site.people[each].name for each in org.owners(position.id) if each in request.site.people],
        "may": bool(others) and mandates.may_register(org, request.reader, position.id),
        "successors": mandate_page.deputies(request, position.id),
        "typed": typed,
        "errors": errors,
    }
    return render_to_response(HANDOVER, shown, request=request)


def asked(request: Request) -> Position:
    """The position that the request names. Raises Unknown, also when it is none of the reader's business."""
    name = request.GET.get("jabatan") or str(sent_fields(request).get("jabatan", ""))
    org = org_at(request.house, request.site, request.now)
    position = request.site.positions.get(name)
    known = name in request.reader.positions or mandates.may_register(org, request.reader, name)
    if position is None or not known:
        raise Unknown
    return position


def _day(request: Request, name: str) -> date:
    try:
        return dates.parse_date(str(sent_fields(request).get(name, "")))
    except ValueError as error:
        raise Invalid({name: str(error)}) from error
