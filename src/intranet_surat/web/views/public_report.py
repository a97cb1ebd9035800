"""Anybody reports a letter that looks wrong: a form below the public page, without log-in, name or file."""

from __future__ import annotations

import json
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid, SuratError, TooLarge
from intranet_surat.resources.site import Site
from intranet_surat.services import reports
from intranet_surat.web import cookies, errors, public_frame
from intranet_surat.web.negotiation import page
from intranet_surat.web.pace import Pace, network
from intranet_surat.web.views import public

TEMPLATE = "intranet_surat.templates:public_report.jinja2"
REPORTING = rf"/v/{public_frame.REPORT}/?$"
SENT = "terkirim"
PACE = Pace(3)
PURPOSE = "asal laporan"


@page(**public.PUBLIC, path_info=REPORTING, request_method="GET")
def ask_report(context: Site, request: Request) -> Any:  # noqa: ARG001
    """The form by which anybody reports a letter; and what is said after it."""
    public.LOOKS.check(request.remote_addr, request.now)
    return reporting(request, {}, {}, sent=SENT in request.GET)


@page(**public.PUBLIC, path_info=REPORTING, request_method="POST")
def report(context: Site, request: Request) -> Any:  # noqa: ARG001
    """Take a report. What it is about is told by us; what somebody made up about it counts as nothing."""
    typed = {"text": str(request.POST.get("isi", "")), "contact": str(request.POST.get("kontak", ""))}
    try:
        if (request.content_length or 0) > public.FORM:
            raise TooLarge(reports.LONG.format(most=reports.LONGEST))
        PACE.check(request.remote_addr, request.now)
        known = cookies.unsigned(request, public_frame.REPORT, str(request.POST.get("tentang", "")))
        about = json.loads(known) if known else {}
        reports.take(request.site, typed, about, request.now, origin=origin(request))
    except SuratError as refused:
        says = dict(refused.fields) if isinstance(refused, Invalid) else {"all": refused.message}
        return reporting(request, typed, says, status=errors.problem(refused).status)
    sent = public_frame.address(request, public_frame.REPORT)
    return HTTPSeeOther(f"{sent}{'&' if '?' in sent else '?'}{SENT}=1")


def origin(request: Request) -> str:
    """A digest of the day and the network that a request comes from, under our key; "" when that is not known."""
    known = network(request.remote_addr or "")
    return cookies.signature(request, PURPOSE, f"{request.words.today} {known}") if known else ""


def reporting(
    request: Request, typed: dict[str, str], says: dict[str, str], *, sent: bool = False, status: int = 200
) -> Response:
    """The form, also with what was typed when something of it is wrong; or the thanks."""
    about = str(request.POST.get("tentang", "")) if request.method == "POST" else ""
    shown = public_frame.frame(request) | {"error": says, "typed": typed, "sent": sent, "about": about}
    response = render_to_response(TEMPLATE, shown, request=request)
    response.status_int = status
    return response
