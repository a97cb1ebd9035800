"""The navigation: which pages a position has beside its desk, and on which of them the reader is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pyramid.location import lineage
from pyramid.request import Request

from intranet_surat.resources.people import Position
from intranet_surat.services import publishing, reports
from intranet_surat.services.evidence import keepers
from intranet_surat.web.words import SECTIONS


@dataclass(frozen=True, slots=True)
class NavLink:
    """One word of the navigation; ``wide`` is the part that phones leave out, ``unit`` what is counted."""

    href: str
    title: str
    wide: str = ""
    current: str = ""
    count: int | None = None
    unit: str = "surat"


def links(request: Request, position: Position, counts: Mapping[str, int]) -> tuple[NavLink, ...]:
    """The links for who sits at a position; ``counts`` has the rows of his trays."""
    site, view, roles = request.site, request.view_name, position.roles
    home, base = request.resource_url(site), request.resource_url(site.office(position.office))
    here, at_site = _section(request), getattr(request, "context", None) is site
    found = [NavLink(home, "Meja", "", _here(at_site and view in {"", "meja"}), counts.get("waiting", 0))]
    if "operator_loket" in roles:
        found.append(NavLink(base + "@@loket", "Loket", "", _here(view == "loket")))
    for slug, title, wide in (("surat-masuk", "Masuk", "Surat"), ("surat-keluar", "Keluar", "Surat")):
        found.append(NavLink(base + slug + "/", title, wide, "true" if here == slug else ""))
    if roles & {"agendaris", "tata_usaha"}:
        found.append(NavLink(base + "kiriman/", "Kiriman", "", "true" if here == "kiriman" else ""))
    if roles & publishing.ROLES:
        drafts = publishing.waiting(request.house, site, request.reader, request.now) or None
        found.append(NavLink(base + "@@alur", "Alur", "", _here(view in {"alur", "konsep-alur"}), drafts))
    if keepers.KEEPER in roles:
        waiting = site.reports.waiting(reports.MOST) or None
        current = _here(view in {keepers.PAGE, reports.PAGE})
        found.append(NavLink(f"{home}@@{keepers.PAGE}", "Bukti", "", current, waiting, "laporan"))
    found.append(NavLink(base + "berkas/", "Arsip", "", "true" if here == "berkas" else ""))
    return tuple(found)


def _here(here: bool) -> str:
    return "page" if here else ""


def _section(request: Request) -> str:
    """The section in which the page stands: ``surat-masuk``, ``berkas``, ... or nothing."""
    context = getattr(request, "context", None)
    if not hasattr(context, "__parent__") or getattr(request, "exception", None) is not None:
        return ""  # an error page says nothing of how far the address led
    names = [each.__name__ for each in lineage(context)]
    return next((each for each in names if each in SECTIONS), "")
