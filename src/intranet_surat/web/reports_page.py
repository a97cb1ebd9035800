"""What strangers reported, as the tray shows it; what is taken and closed: `services.reports`."""

from __future__ import annotations

from collections.abc import Mapping

from intranet_surat.resources.reports import Report
from intranet_surat.resources.site import Site

VERDICTS: Mapping[str, str] = {"sah": "sah", "belum": "belum dapat dipastikan", "tidak": "tidak sah"}
SHOWN = 50
"""So many reports that are done are shown."""


def closed(site: Site) -> list[tuple[Report, str]]:
    """The last reports that were dealt with, each with the title of the post that did."""
    found = ((each, site.positions.get(each.by)) for each in site.reports.closed()[:SHOWN])
    return [(each, post.title if post is not None else "") for each, post in found]
