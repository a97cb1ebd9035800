"""HTTP in and out: `includeme` adds what requests carry, who may come in, the headers and the views.

It wants ``config.registry.house`` and the site in the tree; both are set up by `intranet_surat.config`.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any

from pyramid.config import Configurator
from pyramid.events import BeforeRender
from pyramid.request import Request
from pyramid.response import Response
from pyramid.tweens import INGRESS

from intranet_surat.resources.site import Site
from intranet_surat.services.house import House
from intranet_surat.web import security
from intranet_surat.web.assets import ContentHash
from intranet_surat.web.headers import is_ours
from intranet_surat.web.layout import Page, make_words, tell
from intranet_surat.web.predicates import AsWritten, Drawer, InSurat
from intranet_surat.web.sites import find_site

STATIC_NAME = "surat-statis"
STATIC_SPEC = "intranet_surat.templates:static"


def house(request: Request) -> House:
    """What services need of the application."""
    found: House = request.registry.house
    return found


def now(request: Request) -> datetime:
    """The moment of this request: one for all that it does."""
    return house(request).clock()


def site(request: Request) -> Site | None:
    """Our site in the tree of this request."""
    return find_site(request)


def add_to_templates(event: BeforeRender) -> None:
    """Give every template the frame and the words."""
    request = event.get("request")
    if request is not None and hasattr(request, "page"):
        event["page"] = request.page
        event["words"] = request.words


def is_refused(request: Request, response: Response) -> bool:
    """Whether nothing of a request is kept: also a page that a view made of a refusal may follow half an act."""
    return bool(response.status_int >= 400 and is_ours(request))


def includeme(config: Configurator) -> None:
    """Add the web to an application. Including it twice or beside a host's own settings is harmless."""
    settings: dict[str, Any] = config.registry.settings
    given = str(settings.get("intranet_surat.secret") or "") or secrets.token_hex(32)
    config.registry.surat_cookie_key = hashlib.sha256(given.encode()).digest()
    settings.setdefault("tm.commit_veto", is_refused)
    config.include("pyramid_jinja2")
    for name, function in (
        ("house", house),
        ("now", now),
        ("words", make_words),
        ("session_secret", security.session_secret),
        ("session_token", security.form_token),
        ("known_letters", lambda _request: {}),
        ("page", Page),
    ):
        config.add_request_method(function, name, reify=True)
    config.add_request_method(site, "site", property=True)
    config.add_request_method(security.current_reader, "reader", property=True)
    config.add_request_method(tell, "tell")
    config.set_security_policy(security.Policy())
    config.set_csrf_storage_policy(security.FormTokens())
    config.set_default_csrf_options(require_csrf=True, callback=security.needs_form_token)
    config.add_tween("intranet_surat.web.headers.tween_factory", under=INGRESS)
    config.add_view_predicate("in_surat", InSurat)
    config.add_view_predicate("drawer", Drawer)
    config.add_view_predicate("as_written", AsWritten)
    config.include("intranet_surat.web.body_bound")
    config.add_subscriber(add_to_templates, BeforeRender)
    config.add_static_view(STATIC_NAME, STATIC_SPEC, cache_max_age=None)
    config.add_cache_buster(STATIC_SPEC, ContentHash())
    config.scan("intranet_surat.web.views")
