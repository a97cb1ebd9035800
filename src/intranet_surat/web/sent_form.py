"""What every writing request carries, as a form or as JSON: values, idempotency key, version that was shown."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from pyramid.request import Request

from intranet_surat.errors import Invalid

ENVIRON = "intranet_surat.key"
KEY, VERSION, TOKEN = "_kunci", "_versi", "csrf_token"
TEXTS = "__teks__"
"""Each value of it names a box of the form that a person types into, as against what is ticked or chosen."""


def is_json(request: Request) -> bool:
    """Whether the body is JSON; a multipart body is a form, whatever answer is wanted."""
    return bool(request.content_type == "application/json")


def body(request: Request) -> dict[str, Any]:
    """Return the object that a JSON body holds; raises Invalid for anything else."""
    if not request.body:
        return {}
    try:
        found = request.json_body
    except (ValueError, RecursionError):
        raise Invalid({}, "Isi permintaan bukan JSON yang benar.") from None
    if not isinstance(found, dict):
        raise Invalid({}, "Isi permintaan harus objek JSON.")
    return found


def values(request: Request) -> dict[str, Any]:
    """Return the fields of a JSON body without what the request carries for itself."""
    return {name: value for name, value in body(request).items() if name not in {KEY, VERSION, TOKEN}}


def names(request: Request) -> set[str]:
    """Return the names in a form that stand for fields and files, without what the request carries for itself."""
    return {name for name in request.POST if name not in {KEY, VERSION, TOKEN} and not name.startswith("__")}


def only(request: Request, asked: Iterable[str]) -> None:
    """Raise Invalid that names what was sent, as a form or as JSON, and is not asked."""
    given = set(values(request)) if is_json(request) else names(request)
    if unknown := given.difference(asked):
        raise Invalid(dict.fromkeys(sorted(unknown), "Isian ini tidak ditanyakan di sini."))


def text(request: Request, name: str) -> str:
    """Return one value of a form; nothing when a file was sent under that name."""
    found = request.POST.get(name, "")
    return found if isinstance(found, str) else ""


def key(request: Request) -> str:
    """Return the idempotency key: of the form, of the JSON, or of the header; a new one when none was sent.

    The new one stays the same when the request is run again after a collision, or after a commit whose answer
    was lost: it is kept where all runs of one request meet.
    """
    found = body(request).get(KEY) if is_json(request) else text(request, KEY)
    found = found or request.headers.get("Idempotency-Key")
    return str(found or request.environ.setdefault(ENVIRON, secrets.token_urlsafe(16)))


def version(request: Request) -> int | None:
    """Return the version of the text that the page showed; None when the request does not say.

    Raises Invalid for something that is no version: an act must not pass because its guard was mistyped.
    """
    found = body(request).get(VERSION) if is_json(request) else request.POST.get(VERSION)
    told = str(found if found is not None else "")
    if told and not (told.isascii() and told.isdigit() and len(told) < 9):
        raise Invalid({VERSION: "Versi adalah bilangan, misalnya 3, seperti pada jawaban yang Anda baca."})
    return int(told) if told else None
