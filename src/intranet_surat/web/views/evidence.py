"""The pages of who keeps the regency's evidence: how it stands, and what strangers reported."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid
from intranet_surat.resources.site import Site
from intranet_surat.services import reports
from intranet_surat.services.evidence import checks, keepers
from intranet_surat.web import api, evidence_page, security
from intranet_surat.web.layout import site_url
from intranet_surat.web.negotiation import data, page

EVIDENCE = "intranet_surat.templates:evidence.jinja2"
REPORTS = "intranet_surat.templates:reports.jinja2"
SEVERAL = "beberapa"


@page(context=Site, name=keepers.PAGE, request_method="GET", permission=security.LOGGED_IN, renderer=EVIDENCE)
def show(request: Request) -> dict[str, Any]:
    """What is late, what is renewed when, what ends when, how the anchors stand. Raises NotAllowed."""
    keepers.demand(request.site, request.reader)
    found = checks.overview(request.house, request.site, request.now)
    return {
        "seen": evidence_page.build(request.house, request.site, request.reader, found, request.now),
        "lines": checks.checks(request.house, request.site, found, request.now),
        "lights": evidence_page.LIGHTS,
        **_links(request),
    }


@data(context=Site, name=keepers.PAGE, request_method="GET", permission=security.LOGGED_IN)
def show_data(request: Request) -> dict[str, Any]:
    """The lines for programs."""
    keepers.demand(request.site, request.reader)
    found = checks.overview(request.house, request.site, request.now)
    lines = checks.checks(request.house, request.site, found, request.now)
    items = [
        {"@type": "Check", "name": each.name, "light": each.light, "says": each.says, "figures": dict(each.figures)}
        for each in lines
    ]
    return api.folder(f"{site_url(request)}@@{keepers.PAGE}", "Evidence", "Bukti", items)


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
        "closed": evidence_page.closed(site),
        "errors": errors,
        "typed": {} if several else dict.fromkeys(names, note),
        "together": {"names": names, "note": note, "wrong": errors.get("note", "")} if several else {},
        "several": SEVERAL,
        "verdicts": evidence_page.VERDICTS,
        "public": f"{site_url(request)}v/",
        **_links(request),
    }
    return render_to_response(REPORTS, shown, request=request)


def _links(request: Request) -> dict[str, Any]:
    home = site_url(request)
    waiting = request.site.reports.waiting(reports.MOST)
    return {"evidence": f"{home}@@{keepers.PAGE}", "tray": f"{home}@@{reports.PAGE}", "count": waiting}
