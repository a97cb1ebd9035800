"""Page, JSON or file: how a view says what it answers. Every view of ours is declared through these three.

``permission`` has no default: a view that forgets to say who may see it does not start.
"""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.view import view_config

HTML = "text/html"
JSON = "application/json"


def page(*, permission: str, **settings: Any) -> view_config:
    """Declare a view that answers with a page; it is the one chosen when the client does not care."""
    return view_config(permission=permission, accept=HTML, **settings)


def data(*, permission: str, **settings: Any) -> view_config:
    """Declare a view that answers with JSON; chosen when the client prefers ``application/json``."""
    return view_config(permission=permission, accept=JSON, renderer="json", **settings)


def file(*, permission: str, **settings: Any) -> view_config:
    """Declare a view that answers with the bytes of a file or an image, whatever the client says it accepts."""
    return view_config(permission=permission, **settings)


def wants_json(request: Request) -> bool:
    """Whether the client prefers JSON to a page."""
    if not request.headers.get("Accept"):
        return False
    offers = request.accept.acceptable_offers([HTML, JSON])
    return bool(offers) and offers[0][0] == JSON
