"""The public page behind the QR code: without log-in, without navigation, the same for every unknown code."""

from __future__ import annotations

from typing import Any

from pyramid.request import Request
from pyramid.security import NO_PERMISSION_REQUIRED

from intranet_surat.errors import Invalid, SuratError, Unknown
from intranet_surat.resources.site import Site
from intranet_surat.services import public
from intranet_surat.services.public import PublicFacts
from intranet_surat.web import errors, public_page
from intranet_surat.web.negotiation import data, page

TEMPLATE = "intranet_surat.templates:public.jinja2"
FILE = "berkas"
LARGEST = 10 * 1024 * 1024


def told(request: Request) -> PublicFacts:
    """What may be told of the token in the address. Raises Unknown for an address of another shape."""
    if len(request.subpath) != 1:
        raise Unknown
    return public.facts(request.house, request.site, request.subpath[0], request.now)


@page(permission=NO_PERMISSION_REQUIRED, context=Site, name="v", request_method="GET", renderer=TEMPLATE)
def show(context: Site, request: Request) -> dict[str, Any]:  # noqa: ARG001
    """The verdict on the letter."""
    facts = told(request)
    request.response.status_int = 200 if facts.known else 404
    shown = public_page.of_letter(facts, request.words)
    return {"verdict": shown, "uploaded": False, "error": "", "here": address(request)}


@data(permission=NO_PERMISSION_REQUIRED, context=Site, name="v", request_method="GET")
def show_json(context: Site, request: Request) -> dict[str, Any]:  # noqa: ARG001
    """The same for programs."""
    facts = told(request)
    request.response.status_int = 200 if facts.known else 404
    return public_page.as_json(facts)


@page(permission=NO_PERMISSION_REQUIRED, context=Site, name="v", request_method="POST", renderer=TEMPLATE)
def compare(context: Site, request: Request) -> dict[str, Any]:  # noqa: ARG001
    """The verdict on a file that somebody brings; it is judged in a child and kept nowhere."""
    facts = told(request)
    shown = public_page.of_letter(facts, request.words)
    try:
        verdict = public.judge(request.house, request.site, brought(request), request.now, token=request.subpath[0])
    except SuratError as refused:
        request.response.status_int = errors.problem(refused).status
        says = refused.fields.get(FILE, refused.message) if isinstance(refused, Invalid) else refused.message
        return {"verdict": shown, "uploaded": False, "error": says, "here": address(request)}
    made = public_page.of_file(facts, verdict, request.words)
    return {"verdict": made, "uploaded": True, "error": "", "here": address(request)}


@data(permission=NO_PERMISSION_REQUIRED, context=Site, name="v", request_method="POST")
def compare_json(context: Site, request: Request) -> dict[str, Any]:  # noqa: ARG001
    """The same for programs."""
    facts = told(request)
    verdict = public.judge(request.house, request.site, brought(request), request.now, token=request.subpath[0])
    return public_page.as_json(facts) | {"file": verdict.as_dict()}


def brought(request: Request) -> bytes:
    """The bytes of the file; one more than allowed, so that the service sees what is too large. Raises Invalid."""
    sent = request.POST.get(FILE)
    if not getattr(sent, "filename", "") or not hasattr(sent, "file"):
        raise Invalid({FILE: "Pilih berkas PDF yang akan diperiksa."})
    return bytes(sent.file.read(LARGEST + 1))


def address(request: Request) -> str:
    """The address of this very page."""
    return str(request.resource_url(request.site, "v", *request.subpath))
