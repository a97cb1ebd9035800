"""The public page, behind the QR code or without one: no log-in, no navigation, the same for every unknown code."""

from __future__ import annotations

import json
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.security import NO_PERMISSION_REQUIRED

from intranet_surat.errors import Invalid, SuratError, TooLarge, Unknown
from intranet_surat.resources.site import Site
from intranet_surat.services import public, verifying_upload
from intranet_surat.services.public import Brought, PublicFacts
from intranet_surat.web import cookies, errors, public_english, public_page
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.pace import Pace
from intranet_surat.web.public_frame import REPORT, address, frame

TEMPLATE = "intranet_surat.templates:public.jinja2"
FILE, PHOTO, CODE = "berkas", "foto", "kode"
LARGEST = 10 * 1024 * 1024
FORM = 64 * 1024
"""What the other parts of the form may add to the largest file."""
WHOLE = 12 * 1024 * 1024
"""No form larger than this is read at all; between the two bounds the page tells the limit beside the file."""
PUBLIC: dict[str, Any] = {
    "permission": NO_PERMISSION_REQUIRED, "context": Site, "name": "v", "as_written": "v", "body_most": WHOLE,
}  # fmt: skip
"""What is the same for each view here; the proxy bounds them by their address."""

LOOKS, FILES = Pace(60), Pace(10)

NO_CODE = "Kode ini tidak dapat dibaca. Ketik kode atau alamat yang tercetak di bawah kode QR."
NO_PHOTO = "Kode QR pada foto ini tidak terbaca. Foto lagi dari dekat dengan cahaya cukup, atau ketik kodenya."


def told(request: Request) -> PublicFacts | None:
    """What may be told of the token in the address; None without one. Raises Unknown for another address, TooOften."""
    LOOKS.check(request.remote_addr, request.now)
    if not request.subpath or request.subpath == ("",):
        return None
    if len(request.subpath) != 1:
        raise Unknown
    return public.facts(request.house, request.site, request.subpath[0], request.now)


@page(**PUBLIC, request_method="GET", renderer=TEMPLATE)
def show(context: Site, request: Request) -> Any:  # noqa: ARG001
    """The verdict on the letter; without a code the ways to ask for one, and a typed code leads to its page."""
    facts = told(request)
    if facts is None and CODE in request.GET:
        found = public.code(request.GET[CODE])
        if found:
            return HTTPSeeOther(address(request, found))
        return answer(request, None, {CODE: NO_CODE}, status=400)
    return answer(request, facts, status=200 if facts is None or facts.known else 404)


@page(permission=NO_PERMISSION_REQUIRED, context=Site, name="v", path_info=r".*/v$", request_method="GET")
def typed_without_end(context: Site, request: Request) -> Any:  # noqa: ARG001
    """Who leaves out the last stroke of the address finds the page."""
    return HTTPSeeOther(address(request, ""))


@data(**PUBLIC, request_method="GET")
def show_json(context: Site, request: Request) -> dict[str, Any]:  # noqa: ARG001
    """The same for programs, of a letter."""
    facts = told(request)
    if facts is None:
        raise Unknown
    request.response.status_int = 200 if facts.known else 404
    return public_page.as_json(facts)


@page(**PUBLIC, request_method="POST", renderer=TEMPLATE)
def compare(context: Site, request: Request) -> Any:  # noqa: ARG001
    """The verdict on a file that somebody brings, judged in a child and kept nowhere; a picture of a code leads on."""
    facts = told(request)
    try:
        if facts is None and getattr(request.POST.get(PHOTO), "filename", None):
            FILES.check(request.remote_addr, request.now)
            found = public.photographed(brought(request, PHOTO))
            if not found:
                raise Invalid({PHOTO: NO_PHOTO})
            return HTTPSeeOther(address(request, found))
        seen = judged(request)
    except SuratError as refused:
        problem = errors.problem(refused)
        says = dict(refused.fields) if isinstance(refused, Invalid) else {FILE: refused.message}
        return answer(request, facts, says, status=problem.status)
    return answer(request, facts, seen=seen)


@data(**PUBLIC, request_method="POST")
def compare_json(context: Site, request: Request) -> dict[str, Any]:  # noqa: ARG001
    """The same for programs."""
    facts = told(request)
    seen = judged(request)
    return public_page.as_json(facts or seen.letter) | {"file": seen.as_dict()}


def judged(request: Request) -> Brought:
    """The file that was brought, judged. Raises Invalid, TooLarge, TooOften, Unavailable."""
    sent = brought(request, FILE)
    FILES.check(request.remote_addr, request.now)
    token = request.subpath[0] if request.subpath else ""
    return public.compare(request.house, request.site, sent, request.now, token=token)


def answer(
    request: Request,
    facts: PublicFacts | None,
    says: dict[str, str] | None = None,
    *,
    seen: Brought | None = None,
    status: int = 200,
) -> dict[str, Any]:
    """What the page shows: a verdict on a file or a letter, or none yet, and what was wrong with the form.

    Beside a file that was refused no verdict stands, on the letter neither: it would be read as one on the file.
    """
    request.response.status_int = status
    spoken = public_english.of_request(request)
    shown = None
    if seen is not None:
        shown = public_page.of_file(seen, spoken.words)
    elif facts is not None and not says:
        shown = public_page.of_letter(facts, spoken.words)
    about = {"code": request.subpath[0] if facts is not None and facts.known else ""}
    if seen is not None:
        about |= {"sha256": seen.verdict.sha256, "verdict": seen.verdict.overall}
    return frame(request) | {
        "verdict": spoken.shown(shown) if shown is not None else None,
        "uploaded": seen is not None,
        "named": facts is not None and facts.known,
        "error": says or {},
        "about": cookies.signed(request, REPORT, json.dumps(about)),
        "official": public_page.OFFICIAL,
    }


def brought(request: Request, name: str) -> bytes:
    """The bytes of a file in the form; one more than allowed, so that what is too large is seen.

    Raises Invalid, TooLarge for a form that cannot hold a file within the limit.
    """
    if (request.content_length or 0) > LARGEST + FORM:
        raise TooLarge(verifying_upload.TOO_LARGE)
    sent = request.POST.get(name)
    if not getattr(sent, "filename", "") or not hasattr(sent, "file"):
        raise Invalid({name: "Pilih berkas PDF yang akan diperiksa."})
    found = bytes(sent.file.read(LARGEST + 1))
    if len(found) > LARGEST:
        raise TooLarge(verifying_upload.TOO_LARGE)
    return found
