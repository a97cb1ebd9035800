"""A form that arrives when its session is over: what was typed is carried through the door and shown again.

Carried is text only: never a file, a passphrase or a password. Nothing is done with it by itself: it comes back
as the form that it was, and the person sends it.
"""

from __future__ import annotations

import json
import re
from typing import Any

from pyramid.renderers import render
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.web import cookies, secret_form, sent_form
from intranet_surat.web.negotiation import wants_json

DOOR = "intranet_surat.templates:door.jinja2"
CARRIED = "_bawaan"
SHOW = "_periksa"
"""Sent with a carried form: show it again, do nothing."""
ENDED = "Sesi Anda sudah berakhir. Yang Anda ketik belum hilang: masuklah, lalu lanjutkan."
OTHER_SESSION = "Formulir ini dibuka sebelum Anda masuk kembali. Yang Anda ketik masih ada."
MOST = 400_000
"""So many letters are carried at most; a longer form is no form of ours."""
_FORMS = re.compile(
    r"/@@(?:tambah|loket|ubah|aksi/[^/?]+|dari-kertas/[^/?]+/[^/?]+|konsep-alur/[^/?]+/(?:simpan|ajukan|tolak)|kalender"
    r"|tetapkan-wakil)(?:\?|\Z)"
)
_ACT = re.compile(r"/@@(?:aksi|jawab-kertas)/[^/?]+\Z")
_SECRET = frozenset({*secret_form.FIELDS, "sandi"})
_OWN = frozenset({sent_form.TOKEN, sent_form.KEY, sent_form.VERSION})


def door(request: Request) -> Response | None:
    """The door, holding the form that was sent without a session; None when there is nothing to carry."""
    packed = _pack(request)
    if packed is None:
        return None
    found = {"sentence": ENDED, "name": "", "back": "", "carried": packed, "resume": None}
    return _answer(found, request, 401)


def again(request: Request) -> Response | None:
    """The way back to a form of an earlier session, for who has come in since; None when there is nothing to carry."""
    packed = _pack(request)
    return None if packed is None else resumed(request, packed, str(request.session_token), OTHER_SESSION)


def resumed(request: Request, packed: str, token: str, sentence: str = "") -> Response | None:
    """The page that leads back to a carried form with the ``token`` of the new session; None for what is not ours."""
    text = cookies.unsigned(request, CARRIED, packed)
    if text is None:
        return None
    found = json.loads(text)
    values = [(name, value) for name, value in found["values"] if name != SHOW]
    resume = {"to": found["to"], "values": [*values, (SHOW, "ya")], "files": found["files"], "token": token}
    return _answer({"sentence": sentence, "name": "", "back": "", "carried": "", "resume": resume}, request, 200)


def only_shown(request: Request) -> bool:
    """Whether this form is sent to be looked at once more, and not to be acted upon."""
    return bool(request.POST.get(SHOW))


def way_back(request: Request) -> str:
    """Where the door leads to: the page itself, or the letter when an act was sent from its page."""
    if request.method in {"GET", "HEAD"}:
        return str(request.path_qs)
    return _ACT.sub("/", request.path) if _ACT.search(request.path) else ""


def typed(request: Request) -> list[tuple[str, str]]:
    """The text that this form sent, without what is its own; nothing when a secret or far too much is among it."""
    found = _sent(request)
    return [] if _SECRET & {name for name, _ in found} else found


def texts(request: Request) -> list[str]:
    """What a person typed into the boxes that a form names as such, be it one word; a secret never."""
    if request.method != "POST":
        return []
    boxes = set(request.POST.getall(sent_form.TEXTS)) - _SECRET
    return [value for name, value in _sent(request) if name in boxes and value.strip()]


def _sent(request: Request) -> list[tuple[str, str]]:
    """The names and values of a form without what is its own; nothing when it is far too much."""
    sent = [(name, value) for name, value in request.POST.items() if isinstance(value, str)]
    found = [(name, value) for name, value in sent if name not in _OWN and name != SHOW]
    return [] if sum(len(name) + len(value) for name, value in found) > MOST else found


def _pack(request: Request) -> str | None:
    """What was typed, signed for this site; None when there is nothing, or another site's page sent it.

    Decided by the address alone and not by what stands there: who has not come in learns nothing from it.
    """
    if request.method != "POST" or wants_json(request) or not _FORMS.search(request.path_qs):
        return None
    # A path that begins with two slashes would be an action on another host, with the token of the new session.
    if request.headers.get("Origin") != request.host_url or request.path_qs.startswith("//"):
        return None
    values = typed(request)
    if not values:
        return None
    own = [(name, value) for name, value in request.POST.items() if name in _OWN - {sent_form.TOKEN}]
    files = any(getattr(value, "filename", "") for value in request.POST.values())
    found = {"to": request.path_qs, "values": [*values, *own], "files": files}
    return cookies.signed(request, CARRIED, json.dumps(found, ensure_ascii=False))


def _answer(found: dict[str, Any], request: Request, status: int) -> Response:
    html = render(DOOR, found, request=request)
    return Response(html, status=status, content_type="text/html", charset="utf-8")
