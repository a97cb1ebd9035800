"""The addresses by which the two pages of who keeps evidence lead to each other, and how much waits there."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request

from intranet_surat.services import reports
from intranet_surat.services.evidence import keepers
from intranet_surat.web.layout import site_url


def links(request: Request) -> dict[str, Any]:
    """What `macros.keeping` needs."""
    home = site_url(request)
    waiting = request.site.reports.waiting(reports.MOST)
    return {"evidence": f"{home}@@{keepers.PAGE}", "tray": f"{home}@@{reports.PAGE}", "count": waiting}
