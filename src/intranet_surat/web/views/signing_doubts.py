"""The page of an attempt whose outcome nobody knows: what was sent, what came back, and what the signatory may do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid, SuratError, TooLarge
from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.services import secrecy, signing_attempts, signing_doubts, undecided
from intranet_surat.services.providers.base import SigningError
from intranet_surat.services.signing_results import Result
from intranet_surat.web import errors, letter_page, sent_form
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views import letter as letter_view

TEMPLATE = "intranet_surat.templates:sign_doubt.jinja2"
ATTEMPT = "percobaan"
FILE = "berkas"
LARGEST = 64 * 1024 * 1024
CHOOSE = "Pilih berkas PDF yang Anda terima dari penyedia tanda tangan."
FETCHED = "Hasilnya diterima dari penyedia dan lolos pemeriksaan kami. Periksa, lalu pakai."


@page(permission="view", context=Letter, name="percobaan", request_method="GET")
def show(context: Letter, request: Request) -> Response:
    """The evidence, and what the signatory may decide."""
    return shown(context, request, request.GET)


@data(permission="view", context=Letter, name="percobaan", request_method="GET")
def show_json(context: Letter, request: Request) -> dict[str, Any]:
    """The same for programs."""
    attempt, found = evidence(context, request, request.GET)
    return {
        "@id": request.resource_url(context, "@@percobaan", query={ATTEMPT: attempt.id}),
        "@type": "SigningAttempt",
        "id": attempt.id,
        "state": attempt.state,
        "error": attempt.outcome,
        "sentence": attempt.sentence,
        "provider": attempt.provider,
        "sent": {"sha256": attempt.sha256, "size": attempt.size, "at": _iso(attempt.started)},
        "came_back": {"sha256": attempt.result, "size": attempt.returned_size, "at": _iso(attempt.answered)}
        if attempt.result
        else None,
        "kept": found["kept"] is not None,
        "can_fetch": found["can_fetch"],
        "decides": found["decides"],
        "past": found["past"],
        "decision": attempt.decision or None,
    }


@page(permission="view", context=Letter, name="percobaan-ambil", request_method="POST")
def fetch(context: Letter, request: Request) -> Response:
    """The signatory has the provider asked once more for its result."""
    try:
        fetched(context, request, request.POST)
    except SigningError as refused:
        return shown(context, request, request.POST, refused)
    request.tell(FETCHED)
    return HTTPSeeOther(request.resource_url(context, "@@percobaan", query={ATTEMPT: request.POST[ATTEMPT]}))


@data(permission="view", context=Letter, name="percobaan-ambil", request_method="POST")
def fetch_json(context: Letter, request: Request) -> dict[str, str]:
    """The same for programs."""
    fetched(context, request, sent(request))
    return {"message": FETCHED}


@page(permission="view", context=Letter, name="percobaan-pakai", request_method="POST")
def use(context: Letter, request: Request) -> Response:
    """The signatory uses a file: the one he brings, or the one that is kept."""
    try:
        result = used(context, request, request.POST)
    except (SigningError, Invalid, TooLarge) as refused:
        return shown(context, request, request.POST, refused)
    request.tell(result.message)
    if undecided.past(context, signing_attempts.by_id(context, result.attempt)):
        return HTTPSeeOther(request.resource_url(context, "@@percobaan", query={ATTEMPT: result.attempt}))
    return HTTPSeeOther(request.resource_url(context, "@@hasil-tanda-tangan"))


@data(permission="view", context=Letter, name="percobaan-pakai", request_method="POST")
def use_json(context: Letter, request: Request) -> dict[str, Any]:
    """The same for programs."""
    result = used(context, request, sent(request))
    return {"message": result.message, "sha256": result.sha256}


def fetched(context: Letter, request: Request, form: Mapping[str, Any]) -> None:
    """Ask the provider. Raises Unknown, NotAllowed, SigningError."""
    attempt = str(form.get(ATTEMPT) or "")
    signing_doubts.fetch(
        request.house, request.tm, request.site, path_of(context), request.reader, attempt, request.now
    )


def used(context: Letter, request: Request, form: Mapping[str, Any]) -> Result:
    """Take the file in. Raises Unknown, NotAllowed, Invalid, TooLarge, SigningError."""
    attempt, key = str(form.get(ATTEMPT) or ""), sent_form.key(request)
    house, tm, site, reader, now = request.house, request.tm, request.site, request.reader, request.now
    if form.get("tersimpan"):
        return signing_doubts.use(house, tm, site, path_of(context), reader, attempt, key, now)
    return signing_doubts.bring(house, tm, site, path_of(context), reader, attempt, brought(form), key, now)


def sent(request: Request) -> Mapping[str, Any]:
    """What a program sent, as JSON or, with a file, as a form."""
    found: Mapping[str, Any] = sent_form.body(request) if sent_form.is_json(request) else request.POST
    return found


def evidence(context: Letter, request: Request, form: Mapping[str, Any]) -> tuple[SignAttempt, dict[str, Any]]:
    """The attempt that was named, and what the page says of it. Raises Unknown."""
    house, site, reader = request.house, request.site, request.reader
    secrecy.demand(house, site, context, reader, request.now)
    attempt = signing_attempts.by_id(context, str(form.get(ATTEMPT) or ""))
    provider, mine = house.providers.get(attempt.provider), attempt.person == reader.person
    kept, past = signing_attempts.evidence(context, attempt), undecided.past(context, attempt)
    return attempt, {
        "attempt": attempt,
        "kept": kept,
        "can_fetch": mine and signing_doubts.can_fetch(house, context, attempt),
        "provider": provider.title if provider is not None else attempt.provider,
        "signer": site.people[attempt.person].name if attempt.person in site.people else "",
        "sealing": attempt.sealed,
        "mine": mine,
        "uses": mine and kept is not None and not past,
        "decides": signing_doubts.decides(house, site, context, attempt, reader, request.now)
        and not (mine and kept is not None and not past),
        "deciders": undecided.deciders(house, site, attempt, request.now),
        "past": past,
        "brings": mine and (attempt.state == "unknown" or past) and kept is None,
    }


def shown(context: Letter, request: Request, form: Mapping[str, Any], refused: SuratError | None = None) -> Response:
    """The page, with the sentence of what was refused."""
    _, found = evidence(context, request, form)
    made = letter_page.build(request.house, request.site, context, request.reader, request.now)
    says = (
        refused.fields.get(FILE, refused.message) if isinstance(refused, Invalid) else getattr(refused, "message", "")
    )
    known = letter_view.frame(request, context) | found | {"letter": made, "error": says}
    response = render_to_response(TEMPLATE, known, request=request)
    response.status_int = errors.problem(refused).status if refused is not None else 200
    return response


def brought(form: Mapping[str, Any]) -> bytes:
    """The file of a form. Raises Invalid, TooLarge."""
    file: Any = form.get(FILE)
    if not getattr(file, "filename", "") or not hasattr(file, "file"):
        raise Invalid({FILE: CHOOSE})
    found = bytes(file.file.read(LARGEST + 1))
    if len(found) > LARGEST:
        raise TooLarge("Berkas ini terlalu besar untuk sebuah surat.")
    return found


def _iso(when: Any) -> str | None:
    return when.isoformat() if when is not None else None
