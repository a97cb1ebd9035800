"""Who asks, and whether he may: sessions, bearer tokens, form tokens, permissions. Rights come from services."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pyramid.authorization import Everyone
from pyramid.httpexceptions import HTTPForbidden
from pyramid.interfaces import ICSRFStoragePolicy, ISecurityPolicy
from pyramid.request import Request
from pyramid.security import Allowed, Denied
from zope.interface import implementer

from intranet_surat.resources.letter import Item
from intranet_surat.resources.site import Year
from intranet_surat.services import accounts, search, secrecy
from intranet_surat.services.reader import Reader
from intranet_surat.web import cookies
from intranet_surat.web.negotiation import wants_json
from intranet_surat.web.sites import find_site

SESSION = "surat_sesi"
DOOR = "surat_pintu"
REFRESH = timedelta(seconds=60)
"""The idle clock in the cookie is set again after this long; not with every picture on a page."""

OPEN = frozenset({"masuk", "v"})
"""What is answered without having come in."""

VIEW = "view"
LOGGED_IN = "logged in"
PERMISSIONS = frozenset({VIEW, LOGGED_IN})
"""``view``: may know the letter, elsewhere: has come in. ``logged in``: has come in. What one may *do* is asked
of the flow by the services, which have a sentence for it."""


def bearer(request: Request) -> str:
    """The token of an ``Authorization: Bearer`` header, or nothing."""
    kind, _, value = (request.headers.get("Authorization") or "").partition(" ")
    return value.strip() if kind.lower() == "bearer" else ""


def session_secret(request: Request) -> str:
    """The secret of the page session, when its cookie is ours and not idle for too long."""
    text = cookies.unsigned(request, SESSION, cookies.read(request, SESSION))
    if text is None:
        return ""
    secret, _, seen = text.rpartition(" ")
    last = datetime.fromisoformat(seen)
    if not last <= request.now + REFRESH or request.now - last > idle_limit(request):
        return ""
    if request.now - last > REFRESH:
        remember(request, secret)
    return secret


def has_been_in(request: Request) -> bool:
    """Whether this browser has a page session of ours, also one that is over: what was typed then is not lost."""
    return cookies.unsigned(request, SESSION, cookies.read(request, SESSION)) is not None


def idle_limit(request: Request) -> timedelta:
    """After how long without a request a page session is over."""
    return timedelta(minutes=int(request.registry.settings.get("intranet_surat.session_idle_minutes", 30)))


def remember(request: Request, secret: str) -> None:
    """Put a page session into the browser, with the idle clock at now."""
    cookies.give(request, SESSION, cookies.signed(request, SESSION, f"{secret} {request.now.isoformat()}"))


def forget(request: Request) -> None:
    """Take the page session out of the browser."""
    cookies.take_away(request, SESSION)


def current_session(request: Request) -> Any:
    """The stored session that this request comes with, or None."""
    site = find_site(request)
    if site is None:
        return None
    if token := bearer(request):
        return accounts.session(site, token, request.now, kind="token")
    secret = request.session_secret
    return accounts.session(site, secret, request.now) if secret else None


def current_reader(request: Request) -> Reader | None:
    """Who reads, with the positions held today; None for somebody who has not come in.

    Asked before traversal (pyramid_tm does) nobody reads yet, and that answer is not kept.
    """
    site = find_site(request)
    if site is None:
        return None
    if not hasattr(request, "known_reader"):
        found = current_session(request)
        request.known_reader = None if found is None else accounts.reader(site, found, request.words.today)
    reader: Reader | None = request.known_reader
    return reader


def form_token(request: Request) -> str:
    """The token that forms send back: bound to the session, at the door to a cookie of its own."""
    if request.session_secret:
        return cookies.signature(request, "formulir", request.session_secret)
    key = cookies.unsigned(request, DOOR, cookies.read(request, DOOR))
    if key is None:
        key = secrets.token_urlsafe(24)
        cookies.give(request, DOOR, cookies.signed(request, DOOR, key))
    return cookies.signature(request, "pintu", key)


def needs_form_token(request: Request) -> bool:
    """Every unsafe request needs the token, but those that no other site's page can make a browser send.

    These carry a bearer token, or ask in JSON for what anybody may have while no session is at stake: a token, or
    the verdict on a file.
    """
    if bearer(request):
        return False
    return not (wants_json(request) and request.view_name in OPEN and not request.session_secret)


@implementer(ICSRFStoragePolicy)
class FormTokens:
    """Where Pyramid gets form tokens from; nothing is stored."""

    def get_csrf_token(self, request: Request) -> str:
        """The token of this request's session."""
        return str(request.session_token)

    def new_csrf_token(self, request: Request) -> str:
        """The same: a new token comes with a new session."""
        return str(request.session_token)

    def check_csrf_token(self, request: Request, supplied_token: str) -> bool:
        """Whether a form was made for this session."""
        if not isinstance(supplied_token, str):  # a file was sent in its place
            return False
        return hmac.compare_digest(str(request.session_token).encode(), supplied_token.encode())


@implementer(ISecurityPolicy)
class Policy:
    """Deny by default: a permission that is not known here is held by nobody."""

    def identity(self, request: Request) -> Reader | None:
        """Who reads."""
        reader: Reader | None = request.reader
        return reader

    def authenticated_userid(self, request: Request) -> str | None:
        """The id of the person who reads."""
        reader = self.identity(request)
        return None if reader is None else reader.person

    def permits(self, request: Request, context: Any, permission: str) -> Allowed | Denied:
        """Whether the reader has the permission on a resource."""
        reader = self.identity(request)
        if reader is None or permission not in PERMISSIONS:
            return Denied(f"{permission} denied to {Everyone if reader is None else reader.person}")
        if isinstance(context, Item) and not may_know(request, context):
            return Denied(f"{permission} denied to {reader.person}")
        if isinstance(context, Year) and not has_rows(request, context):
            return Denied(f"{permission} denied to {reader.person}")
        return Allowed(f"{permission} allowed to {reader.person}")

    def remember(self, request: Request, userid: str, **_options: Any) -> list[tuple[str, str]]:
        """Sessions are opened by `views.door` alone."""
        raise HTTPForbidden(f"{userid} must come in by the door of {request.host}")

    def forget(self, request: Request, **_options: Any) -> list[tuple[str, str]]:
        """Take the session out of the browser."""
        forget(request)
        return []


def has_rows(request: Request, year: Year) -> bool:
    """Whether the reader has rows in a year of letters: to others the year does not exist.

    A year is made with its first letter, so that its mere existence would tell of one. The two other drawers
    hold deliveries and case files, whose pages ask for their own right.
    """
    section = year.__parent__
    if section.direction not in {"masuk", "keluar"}:
        return True
    key = (section.__parent__.code, section.direction, int(str(year.__name__)))
    seats = (replace(request.reader, position=each) for each in request.reader.positions)
    return any(search.folders(request.site, each).get(key, 0) > 0 for each in seats)


def may_know(request: Request, item: Item) -> bool:
    """Whether the reader may know a letter; asked once a request and letter."""
    known: dict[str, bool] = request.known_letters
    letter, site = item.letter, find_site(request)
    if site is not None and letter.id not in known:
        known[letter.id] = secrecy.may_know(request.house, site, letter, request.reader, request.now)
    return known.get(letter.id, False)
