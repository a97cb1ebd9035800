"""The demo authority as a WSGI application: ``/tsa``, ``/ocsp``, ``/crl/<name>.crl`` and its certificates."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from cryptography.hazmat.primitives.serialization import Encoding

from intranet_surat.demo.authority import states, tokens
from intranet_surat.demo.authority.issuing import Authority

LARGEST = 16 * 1024
"""No question to such an authority is longer."""

Answer = tuple[str, str, bytes]
_NOTHING: Answer = ("404 Not Found", "text/plain; charset=utf-8", b"nothing here\n")


class Server:
    """WSGI over an authority and a clock; both may be exchanged while it runs."""

    def __init__(self, authority: Authority, clock: Callable[[], datetime]) -> None:
        self.authority = authority
        self.clock = clock

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        status, kind, body = self.answer(environ["REQUEST_METHOD"], environ.get("PATH_INFO", "/"), _body(environ))
        start_response(status, [("Content-Type", kind), ("Content-Length", str(len(body)))])
        return [body]

    def answer(self, method: str, path: str, body: bytes) -> Answer:
        """Status, type and body of the answer to one request."""
        now = self.clock()
        if path == "/tsa" and method == "POST":
            return "200 OK", "application/timestamp-reply", tokens.answer(self.authority, body, now)
        if path == "/ocsp" and method == "POST":
            return "200 OK", "application/ocsp-response", states.answer(self.authority, body, now)
        if path.startswith("/ocsp/") and method == "GET":
            return "200 OK", "application/ocsp-response", states.answer(self.authority, _from_path(path), now)
        if path.startswith("/crl/") and method == "GET":
            found = states.revoked_list(self.authority, path[5:].removesuffix(".crl"), now)
            return ("200 OK", "application/pkix-crl", found) if found is not None else _NOTHING
        known = {"/akar.cer": self.authority.root, "/penerbit.cer": self.authority.issuer}
        if path in known and method == "GET":
            return "200 OK", "application/pkix-cert", known[path].public_bytes(Encoding.DER)
        return _NOTHING


def _body(environ: dict[str, Any]) -> bytes:
    length = environ.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > LARGEST:
        return b""
    body: bytes = environ["wsgi.input"].read(int(length))
    return body


def _from_path(path: str) -> bytes:
    try:
        return base64.b64decode(unquote(path.removeprefix("/ocsp/")), validate=True)
    except binascii.Error:
        return b""
