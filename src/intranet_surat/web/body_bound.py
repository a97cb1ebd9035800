"""How much of a request is read at all: asked before its form is, also by the check of the form token.

A view may name its own bound and refuses what is larger. Everywhere else what somebody sends who has never come in is
read only while it is small; of anything larger nothing is, and the answer is the one to an empty form, so that it tells
nothing of what stands at the address.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.viewderivers import INGRESS

from intranet_surat.errors import TooLarge
from intranet_surat.web import security

OPTION = "body_most"
STRANGER = 1024 * 1024
"""So much is read of who has never come in: more than a form of text has."""
TOO_LARGE = "Yang Anda kirim terlalu besar untuk halaman ini. Tidak ada yang dibaca atau disimpan."

View = Callable[[Any, Request], Response]


def includeme(config: Configurator) -> None:
    """Let views say ``body_most``, the bytes of the largest body that is read for them."""
    config.add_view_deriver(bounded, "body_bound", under=INGRESS, over="secured_view")


def bounded(view: View, info: Any) -> View:
    """The view behind its bound; its own one raises TooLarge."""
    most = info.options.get(OPTION)
    if most is None:
        return for_strangers(view, alone=info.exception_only)

    def within(context: Any, request: Request) -> Response:
        if (request.content_length or 0) > most:
            request.body = b""  # the page of the refusal would look for what was typed
            raise TooLarge(TOO_LARGE)
        return view(context, request)

    return within


def for_strangers(view: View, *, alone: bool) -> View:
    """The view, with nothing of a large body from a stranger.

    ``alone`` is for the pages of errors, which ask no database for who it is: it may be what failed.
    """

    def within(context: Any, request: Request) -> Response:
        large = (request.content_length or 0) > STRANGER
        if large and not security.has_been_in(request) and (alone or request.reader is None):
            request.body = b""
        return view(context, request)

    return within


bounded.options = (OPTION,)  # type: ignore[attr-defined]  # where Pyramid looks for the names of options
