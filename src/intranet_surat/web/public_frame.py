"""What every page below `/v/` needs: its language and the addresses in it; also the pages that tell an error there."""

from __future__ import annotations

import re
from typing import Any

from pyramid.request import Request

from intranet_surat.web import public_english

REPORT = "lapor"
"""Below the page's own address, so that what nginx allows there holds for it too; no code is so short."""


def frame(request: Request) -> dict[str, Any]:
    """The language of the page, and the addresses in it."""
    spoken = public_english.of_request(request)
    parts = request.subpath or ("",)
    other = public_english.ID if spoken.code == public_english.EN else public_english.EN
    return {
        "lang": spoken.code,
        "t": spoken.say,
        "told": spoken.words,
        "here": address(request, *parts),
        "start": address(request, ""),
        "report": address(request, REPORT),
        "other": address(request, *parts, language=other),
    }


def address(request: Request, *parts: str, language: str = "") -> str:
    """The address of a page here, in the language of this one."""
    language = language or public_english.of_request(request).code
    query = {public_english.LANGUAGE: language} if language != public_english.ID else None
    return str(request.resource_url(request.site, "v", *parts, query=query))


def is_here(request: Request) -> bool:
    """Whether a request was meant for a page below `/v/`."""
    home = request.resource_path(request.site).rstrip("/")
    return re.match(rf"{re.escape(home)}/(?:@@)?v(?:/|\Z)", str(request.path)) is not None
