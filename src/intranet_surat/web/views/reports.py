"""The tray of what strangers reported, for who keeps the regency's evidence."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid
from intranet_surat.resources.site import Site
from intranet_surat.services import reports
from intranet_surat.services.evidence import keepers
from intranet_surat.web import keepers_links, reports_page, security
from intranet_surat.web.layout import site_url
from intranet_surat.web.negotiation import page

TEMPLATE = "intranet_surat.templates:reports.jinja2"
SEVERAL = "beberapa"


@page(context=Site, name=reports.PAGE, request_method="GET", permission=security.LOGGED_IN)
def tray(request: Request) -> Response:
    """The reports that wait, and the last that were dealt with. Raises NotAllowed."""
    keepers.demand(request.site, request.reader)
    return drawn(request, {}, [], "")


@page(context=Site, name=reports.PAGE, request_method="POST", permission=security.LOGGED_IN)
def close(request: Request) -> Response:
    """Note what was done with a report, or with several at once. Raises NotAllowed, Unknown."""
    names, note = [str(each) for each in request.POST.getall("laporan")], str(request.POST.get("catatan", ""))
    try:
        done = reports.close(request.site, request.reader, names, note, request.now)
    except Invalid as wrong:
        response = drawn(request, wrong.fields, names, note, several=SEVERAL in request.POST)
        response.status_int = 400
        return response
    request.tell(f"{len(done)} laporan selesai ditangani." if len(done) > 1 else "Laporan selesai ditangani.")
    return HTTPSeeOther(f"{site_url(request)}@@{reports.PAGE}")


def drawn(request: Request, errors: Any, names: list[str], note: str, *, several: bool = False) -> Response:
    """The tray, also with a note that was not taken: of one report, or of the ``several`` that were ticked."""
    site = request.site
    shown = {
        "waiting": list(site.reports.open()),
        "closed": reports_page.closed(site),
        "errors": errors,
        "typed": {} if several else dict.fromkeys(names, note),
        "together": {"names": names, "note": note, "wrong": errors.get("note", "")} if several else {},
        "several": SEVERAL,
        "verdicts": reports_page.VERDICTS,
        "public": f"{site_url(request)}v/",
        **keepers_links.links(request),
    }
    return render_to_response(TEMPLATE, shown, request=request)
