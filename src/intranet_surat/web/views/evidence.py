"""The page of who keeps the regency's evidence: how it stands."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request

from intranet_surat.resources.site import Site
from intranet_surat.services.evidence import checks, keepers
from intranet_surat.services.evidence.checks import Seen
from intranet_surat.web import api, evidence_page, keepers_links, security
from intranet_surat.web.layout import site_url
from intranet_surat.web.negotiation import data, page

TEMPLATE = "intranet_surat.templates:evidence.jinja2"


@page(context=Site, name=keepers.PAGE, request_method="GET", permission=security.LOGGED_IN, renderer=TEMPLATE)
def show(request: Request) -> dict[str, Any]:
    """What is late, what is renewed when, what ends when, how the anchors stand. Raises NotAllowed."""
    found = looked(request)
    seen = evidence_page.build(request.house, request.site, request.reader, found, request.now)
    return {"seen": seen, **keepers_links.links(request)}


@data(context=Site, name=keepers.PAGE, request_method="GET", permission=security.LOGGED_IN)
def show_data(request: Request) -> dict[str, Any]:
    """The lines for programs."""
    items = [
        {
            "@type": "Check",
            "name": each.name,
            "light": each.light,
            "says": each.says,
            "todo": each.todo,
            "figures": dict(each.figures),
        }
        for each in looked(request).lines
    ]
    return api.folder(f"{site_url(request)}@@{keepers.PAGE}", "Evidence", "Bukti", items)


def looked(request: Request) -> Seen:
    """How everything stands. Raises NotAllowed for who does not keep evidence."""
    keepers.demand(request.site, request.reader)
    letters = checks.overview(request.house, request.site, request.now)
    return checks.look(request.house, request.site, letters, request.now)
