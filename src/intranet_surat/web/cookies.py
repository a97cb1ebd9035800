"""Values that travel in a cookie: signed, named and bounded here. What they mean is told where they are used."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Any

from pyramid.request import Request

LONGEST = 3000
"""Browsers drop cookies over 4 kB; a longer value is not set at all."""


def name(request: Request, base: str) -> str:
    """The cookie's name: over https it carries the prefix that ties it to this host."""
    return f"__Host-{base}" if request.scheme == "https" else base


def secret(request: Request) -> bytes:
    """The key that signs cookies and form tokens, set up by `intranet_surat.web`."""
    return bytes(request.registry.surat_cookie_key)


def signature(request: Request, purpose: str, text: str) -> str:
    """A keyed digest of a text; ``purpose`` keeps digests of different uses apart."""
    key = hmac.new(secret(request), purpose.encode(), hashlib.sha256).digest()
    digest = hmac.new(key, text.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def signed(request: Request, purpose: str, text: str) -> str:
    """The text in a form that can stand in a cookie, with its signature."""
    body = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"{body}.{signature(request, purpose, body)}"


def unsigned(request: Request, purpose: str, value: str | None) -> str | None:
    """The text of a signed value, or None when it was not signed here for this purpose."""
    body, _, mark = (value or "").partition(".")
    if not mark or not hmac.compare_digest(mark.encode(), signature(request, purpose, body).encode()):
        return None
    try:
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)).decode()
    except ValueError:
        return None


def give(request: Request, base: str, value: str, max_age: int | None = None) -> None:
    """Set a cookie on the response of this request."""
    if len(value) <= LONGEST:
        _on_response(request, base, value, max_age)


def take_away(request: Request, base: str) -> None:
    """Remove a cookie with the response of this request."""
    _on_response(request, base, "", 0)


def read(request: Request, base: str) -> str | None:
    """The raw value of a cookie."""
    value: str | None = request.cookies.get(name(request, base))
    return value


def _on_response(request: Request, base: str, value: str, max_age: int | None) -> None:
    def write(request: Request, response: Any) -> None:
        response.set_cookie(
            name(request, base),
            value,
            max_age=max_age,
            path="/",
            secure=request.scheme == "https",
            httponly=True,
            samesite="Lax",
        )

    request.add_response_callback(write)
