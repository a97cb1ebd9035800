"""How much a request may bring to a view at all: asked before its form is read, also by the check of the form token."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request
from pyramid.response import Response
from pyramid.viewderivers import INGRESS

from intranet_surat.errors import TooLarge

OPTION = "body_most"
TOO_LARGE = "Yang Anda kirim terlalu besar untuk halaman ini. Tidak ada yang dibaca atau disimpan."

View = Callable[[Any, Request], Response]


def includeme(config: Configurator) -> None:
    """Let views say ``body_most``, the bytes of the largest body that is read for them."""
    config.add_view_deriver(bounded, "body_bound", under=INGRESS, over="secured_view")


def bounded(view: View, info: Any) -> View:
    """The view, behind its bound when it has one; the bound raises TooLarge."""
    most = info.options.get(OPTION)
    if most is None:
        return view

    def within(context: Any, request: Request) -> Response:
        if (request.content_length or 0) > most:
            request.body = b""  # the page of the refusal would look for what was typed
            raise TooLarge(TOO_LARGE)
        return view(context, request)

    return within


bounded.options = (OPTION,)  # type: ignore[attr-defined]  # where Pyramid looks for the names of options
