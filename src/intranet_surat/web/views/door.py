"""The door: log in, by page or for a token, and log out."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response
from pyramid.security import NO_PERMISSION_REQUIRED

from intranet_surat.errors import Invalid
from intranet_surat.resources.site import Site
from intranet_surat.services import accounts
from intranet_surat.services.passwords import TooManyAttempts
from intranet_surat.web import carried_form, cookies, errors, security, sent_form
from intranet_surat.web.layout import site_url
from intranet_surat.web.negotiation import data, page

DOOR = "intranet_surat.templates:door.jinja2"


def door(request: Request, *, sentence: str = "", name: str = "", back: str = "") -> dict[str, Any]:
    """What the log-in page shows."""
    return {
        "sentence": sentence,
        "name": name,
        "back": back or safe_way(request, request.GET.get("kembali", "")),
        "carried": request.POST.get(carried_form.CARRIED, ""),
        "resume": None,
    }


@page(context=Site, name="masuk", request_method="GET", permission=NO_PERMISSION_REQUIRED, renderer=DOOR)
def show_door(request: Request) -> Any:
    """The log-in page; who is in already goes to the desk."""
    if request.reader is not None:
        return HTTPSeeOther(safe_way(request, request.GET.get("kembali", "")) or site_url(request))
    return door(request)


@page(context=Site, name="masuk", request_method="POST", permission=NO_PERMISSION_REQUIRED, renderer=DOOR)
def come_in(request: Request) -> Any:
    """Check name and password; a new session each time."""
    name, back = sent_form.text(request, "nama")[:100], safe_way(request, sent_form.text(request, "kembali"))
    try:
        secret, _session = accounts.log_in(
            request.site,
            name,
            sent_form.text(request, "sandi"),
            request.now,
            on=request.words.today,
            address=address(request),
            label=label_of(request),
        )
    except (accounts.WrongLogin, TooManyAttempts) as refused:
        request.response.status_int = errors.problem(refused).status
        return door(request, sentence=refused.message, name=name, back=back)
    if request.session_secret:
        accounts.log_out(request.site, request.session_secret, request.now)
    security.remember(request, secret)
    token = cookies.signature(request, "formulir", secret)
    carried = carried_form.resumed(request, request.POST.get(carried_form.CARRIED, ""), token)
    return carried or HTTPSeeOther(back or site_url(request))


@data(context=Site, name="masuk", request_method="POST", permission=NO_PERMISSION_REQUIRED)
def get_token(request: Request) -> dict[str, str]:
    """A bearer token for a program that acts for a person."""
    sent = sent_fields(request)
    problems = {
        each: f"Kirim {each} sebagai teks." for each in ("nama", "sandi") if not isinstance(sent.get(each), str)
    }
    if problems:
        raise Invalid(problems)
    secret, session = accounts.log_in(
        request.site,
        sent["nama"],
        sent["sandi"],
        request.now,
        on=request.words.today,
        address=address(request),
        kind="token",
        label=label_of(request),
    )
    request.response.status_int = 201
    return {"token": secret, "until": session.until.isoformat() if session.until else ""}


@page(context=Site, name="keluar", request_method="POST", permission=security.LOGGED_IN)
def go_out(request: Request) -> Response:
    """End the session, here and on the server."""
    accounts.log_out(request.site, security.bearer(request) or request.session_secret, request.now)
    security.forget(request)
    request.tell("Anda sudah keluar.")
    response = HTTPSeeOther(site_url(request))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@data(context=Site, name="keluar", request_method="POST", permission=security.LOGGED_IN)
def end_token(request: Request) -> dict[str, bool]:
    """End the token that the request carries, or the session."""
    accounts.log_out(request.site, security.bearer(request) or request.session_secret, request.now)
    security.forget(request)
    return {"ended": True}


def address(request: Request) -> str:
    """Where the request comes from, as the server says: what a header tells is the sender's own word."""
    return request.remote_addr or ""


def safe_way(request: Request, way: str) -> str:
    """The way back when it is a path below our site, else nothing: no link leads to another host."""
    base = urlsplit(site_url(request)).path
    inside = way.startswith(base) and not way.startswith(("//", "/\\")) and "\\" not in way
    if not inside or any(ord(char) < 33 for char in way) or urlsplit(way).netloc:
        return ""
    return "" if way.rstrip("/") == base.rstrip("/") or "@@masuk" in way or "@@keluar" in way else way


def label_of(request: Request) -> str:
    """What the list of sessions calls the device."""
    agent = request.user_agent or ""
    device = next((name for mark, name in _DEVICES if mark in agent), "Perangkat lain")
    browser = next((name for mark, name in _BROWSERS if mark in agent), "program lain")
    return f"{device}, {browser}"


_DEVICES = (
    ("Android", "Ponsel Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Komputer Windows"),
    ("Mac OS", "Komputer Mac"),
    ("Linux", "Komputer Linux"),
)
_BROWSERS = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"), ("curl/", "curl"))


def sent_fields(request: Request) -> dict[str, Any]:
    """What a program sent, as JSON or as a form; raises Invalid for JSON that cannot be read."""
    if request.content_type != "application/json":
        return dict(request.POST)
    try:
        found = request.json_body
        json.dumps(found, ensure_ascii=False).encode()  # half a character is no text
    except (ValueError, RecursionError):
        raise Invalid({}, "Isi permintaan bukan JSON yang benar.") from None
    if not isinstance(found, dict):
        raise Invalid({}, 'Isi permintaan harus objek JSON, misalnya {"nama": "...", "sandi": "..."}.')
    return found
