"""Finding our site in the tree of whoever includes us; it is not always the root."""

from __future__ import annotations

from pyramid.location import lineage
from pyramid.request import Request

from intranet_surat.resources.site import Site


def find_site(request: Request) -> Site | None:
    """The site that a request reached: above its context, else on the way from the root."""
    known = getattr(request, "known_site", None)
    if known is None:
        known = request.known_site = _find(request)
    return known


def _find(request: Request) -> Site | None:
    context = getattr(request, "context", None)
    if hasattr(context, "__parent__"):
        for each in lineage(context):
            if isinstance(each, Site):
                return each
    here = getattr(request, "root", None)
    for name in ("", *(getattr(request, "traversed", None) or ())):
        here = here if not name else _step(here, name)
        if here is None or isinstance(here, Site):
            return here
    return None


def _step(here: object, name: str) -> object | None:
    try:
        return here[name]  # type: ignore[index]
    except (KeyError, TypeError):
        return None
