"""A post and who sits at it: absence and return."""

from __future__ import annotations

from datetime import date
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid, Unknown
from intranet_surat.kinds import dates
from intranet_surat.resources.people import Position
from intranet_surat.resources.site import Site
from intranet_surat.services import absences, mandates
from intranet_surat.services.itemview import org_at
from intranet_surat.web import security, stepup
from intranet_surat.web.layout import site_url
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views.door import sent_fields
from intranet_surat.web.views.mandates import listed


@page(context=Site, name="berhalangan", request_method="POST", permission=security.LOGGED_IN)
def leave(request: Request) -> Response:
    """Record until when a holder is away, proved with the password once more: a standing substitute acts from then."""
    position = asked(request)
    try:
        _, until = carry_leave(request, position)
    except Invalid as wrong:
        typed = {name: str(request.POST.get(name, "")) for name in ("jabatan", "since", "until", "reason")}
        response = listed(request, typed, wrong.fields)
        response.status_int = 400
        return response
    request.tell(f"{position.title} tercatat berhalangan sampai {request.words.date(until)}.")
    return HTTPSeeOther(site_url(request) + "@@wakil")


@data(context=Site, name="berhalangan", request_method="POST", permission=security.LOGGED_IN)
def leave_data(request: Request) -> dict[str, Any]:
    """The same for programs: ``jabatan``, ``since``, ``until``, ``reason``, and the password once more as ``sandi``."""
    position = asked(request)
    since, until = carry_leave(request, position)
    return {"position": position.id, "since": since.isoformat(), "until": until.isoformat()}


def carry_leave(request: Request, position: Position) -> tuple[date, date]:
    """Record the absence, and answer with its first and last day. Raises NotAllowed, Invalid."""
    since, until = days(request, "since", "until")
    reason = str(sent_fields(request).get("reason", ""))
    told: Any = (request.house, request.site, position, since, until, reason, request.reader, request.now)
    if wrong := absences.against(*told):
        raise Invalid(wrong)
    stepup.demand(request)
    absences.leave(*told)
    return since, until


@page(context=Site, name="kembali-bertugas", request_method="POST", permission=security.LOGGED_IN)
def come_back(request: Request) -> Response:
    """The holder is back, and says so with his password once more; a Plh. ends with it."""
    position = asked(request)
    try:
        carry_back(request, position)
    except Invalid as wrong:
        response = listed(request, {"jabatan": position.id}, wrong.fields)
        response.status_int = 400
        return response
    request.tell(f"{position.title} kembali bertugas. Plh. untuk jabatan ini berakhir.")
    return HTTPSeeOther(site_url(request) + "@@wakil")


@data(context=Site, name="kembali-bertugas", request_method="POST", permission=security.LOGGED_IN)
def come_back_data(request: Request) -> dict[str, Any]:
    """The same for programs: ``jabatan``, and ``sandi`` for the password once more."""
    position = asked(request)
    carry_back(request, position)
    return {"position": position.id}


def carry_back(request: Request, position: Position) -> None:
    """End the absence. Raises NotAllowed; Invalid without the right password."""
    org = org_at(request.house, request.site, request.now)
    if mandates.may_register(org, request.reader, position.id):
        stepup.demand(request)
    absences.come_back(request.house, request.site, position, request.reader, request.now)


def asked(request: Request) -> Position:
    """The position that the request names. Raises Unknown, also when it is none of the reader's business."""
    name = request.GET.get("jabatan") or str(sent_fields(request).get("jabatan", ""))
    org = org_at(request.house, request.site, request.now)
    position = request.site.positions.get(name)
    known = name in request.reader.positions or mandates.may_register(org, request.reader, name)
    if position is None or not known:
        raise Unknown
    return position


def days(request: Request, *names: str) -> list[date]:
    """The days that were entered. Raises Invalid with each that is none."""
    found, wrong = [], {}
    for name in names:
        try:
            found.append(dates.parse_date(str(sent_fields(request).get(name, ""))))
        except ValueError as error:
            wrong[name] = str(error)
    if wrong:
        raise Invalid(wrong)
    return found
