"""The one place that sets the headers which guard a browser; no view sets them by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable

from pyramid.registry import Registry
from pyramid.request import Request
from pyramid.response import Response
from pyramid_retry import is_error_retryable
from ZODB.POSException import StorageError

from intranet_surat.web import errors
from intranet_surat.web.sites import find_site

log = logging.getLogger(__name__)

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
)
FILE_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
PERMISSIONS = ("camera", "microphone", "geolocation", "payment", "usb", "browsing-topics")
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{each}=()" for each in PERMISSIONS),
}
STATIC_ROUTE = "surat-statis/"
FOR_EVER = "public, max-age=31536000, immutable"


def guard(request: Request, response: Response) -> None:
    """Set the headers that belong to this response."""
    headers = response.headers
    headers.update(ALWAYS)
    kind = response.content_type or ""
    shown = kind.startswith(("text/html", "image/")) or kind == "application/json"
    static = is_static(request) and response.status_int in {200, 206, 304}
    headers["Content-Security-Policy"] = PAGE_POLICY if shown or static else FILE_POLICY
    headers["Cache-Control"] = FOR_EVER if static else "no-store"
    if not static:
        for each in ("Expires", "Pragma", "Last-Modified", "ETag"):
            headers.pop(each, None)
    if request.scheme == "https":
        headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"


def is_static(request: Request) -> bool:
    """Whether a file of our own look is served."""
    route = getattr(request, "matched_route", None)
    return route is not None and STATIC_ROUTE in route.name


def is_ours(request: Request) -> bool:
    """Whether the response belongs to this package; a host's own pages keep the host's headers."""
    if is_static(request):
        return True
    return find_site(request) is not None or getattr(request, "root", None) is None


def tween_factory(handler: Callable[[Request], Response], _registry: Registry) -> Callable[[Request], Response]:
    """Wrap everything: also what fails at commit time gets our error page and our headers.

    A request that lost the storage server is not run again, though ZEO calls that transient: its commit may have
    happened, and each try would wait as long as the first. The person repeats it, with the key of the form.
    """

    def tween(request: Request) -> Response:
        try:
            response = handler(request)
            if isinstance(getattr(request, "exception", None), StorageError):
                request.exception = None  # its page is made; pyramid_retry would run the request again
        except Exception as exc:
            if (is_error_retryable(request, exc) and not isinstance(exc, StorageError)) or not is_ours(request):
                raise
            response = errors.respond(request, exc)
        if is_ours(request):
            guard(request, response)
        return response

    return tween
