"""The page of the agency's seal on a letter: each attempt with its evidence, and what may be decided of the last."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid, SuratError, TooLarge
from intranet_surat.resources.letter import Letter
from intranet_surat.services import sealing_doubts, secrecy
from intranet_surat.services.itemview import org_at
from intranet_surat.services.providers.base import SigningError
from intranet_surat.web import api, errors, letter_page, seal_page, sent_form
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views import letter as letter_view
from intranet_surat.web.views import signing_doubts
from intranet_surat.workflow.sentences import joined

TEMPLATE = "intranet_surat.templates:seal.jinja2"
ATTEMPT, DECISION = "percobaan", "putusan"
AGAIN, LEAVE, BRING = "lagi", "biarkan", "pakai"
TOLD = {
    AGAIN: "Segel dipesan sekali lagi.",
    LEAVE: "Surat diteruskan tanpa segel.",
    BRING: "Berkas bersegel sudah diperiksa dan dipakai.",
}


@page(permission="view", context=Letter, name="segel", request_method="GET")
def show(context: Letter, request: Request) -> Response:
    """The evidence, and what may be decided."""
    return drawn(context, request)


@data(permission="view", context=Letter, name="segel", request_method="GET")
def show_json(context: Letter, request: Request) -> dict[str, Any]:
    """The same for programs."""
    return told(context, request)


@page(permission="view", context=Letter, name="segel", request_method="POST")
def decide(context: Letter, request: Request) -> Response:
    """Do what was decided; a file that is not the one shows the page again with its sentence."""
    try:
        said = decided(context, request, request.POST)
    except (SigningError, Invalid, TooLarge) as refused:
        return drawn(context, request, refused)
    request.tell(said)
    return HTTPSeeOther(request.resource_url(context, "@@segel"))


@data(permission="view", context=Letter, name="segel", request_method="POST")
def decide_json(context: Letter, request: Request) -> dict[str, Any]:
    """The same for programs: ``putusan`` is lagi, biarkan or pakai (with the file ``berkas``)."""
    sent = sent_form.body(request) if sent_form.is_json(request) else request.POST
    return {"message": decided(context, request, sent), **told(context, request)}


def decided(context: Letter, request: Request, form: Any) -> str:
    """Carry out the decision; joins the transaction. Raises Unknown, NotAllowed, Invalid, TooLarge, Refused."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    sealing_doubts.demand(house, site, context, reader, now)
    attempt, decision = str(form.get(ATTEMPT) or ""), str(form.get(DECISION) or "")
    if decision == AGAIN:
        sealing_doubts.once_more(site, context, attempt, reader.person, now)
    elif decision == LEAVE:
        sealing_doubts.leave(site, context, attempt, reader.person, now)
    elif decision == BRING:
        file = signing_doubts.brought(form)
        sealing_doubts.bring(house, site, context, attempt, file, reader.person, now)
    else:
        raise Invalid({DECISION: f"Pilih salah satu: {', '.join(TOLD)}."})
    return TOLD[decision]


def drawn(context: Letter, request: Request, refused: SuratError | None = None) -> Response:
    """The page, with the sentence of what was refused."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    secrecy.demand(house, site, context, reader, now)
    waits = sealing_doubts.undecided(context)
    says = refused.fields.get("berkas", refused.message) if isinstance(refused, Invalid) else ""
    found = letter_view.frame(request, context) | {
        "letter": letter_page.build(house, site, context, reader, now),
        "attempts": [_row(request, each) for each in reversed(context.seals)],
        "waits": waits,
        "mine": waits is not None and sealing_doubts.may(house, site, context, reader, now),
        "deciders": _deciders(request, context, waits),
        "error": says or getattr(refused, "message", ""),
    }
    response = render_to_response(TEMPLATE, found, request=request)
    response.status_int = errors.problem(refused).status if refused is not None else 200
    return response


def told(context: Letter, request: Request) -> dict[str, Any]:
    """Every attempt as plain values."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    secrecy.demand(house, site, context, reader, now)
    waits = sealing_doubts.undecided(context)
    return {
        "@id": request.resource_url(context, "@@segel"),
        "@type": "Seals",
        "waits_for": waits.id if waits is not None else None,
        "items": [
            {
                "id": each.id,
                "state": each.state,
                "error": each.outcome or None,
                "sentence": each.sentence,
                "provider": each.provider or None,
                "sent": {"sha256": each.sha256, "size": each.size, "at": api.instant(each.started)},
                "came_back": {"sha256": each.result, "size": each.returned_size} if each.result else None,
            }
            for each in context.seals
        ],
    }


def _deciders(request: Request, letter: Letter, waits: Any) -> str:
    """Who decides about the seal, in words: the position that ordered it, and who administrates the letter's office."""
    org = org_at(request.house, request.site, request.now)
    ordered = (waits.position,) if waits is not None and waits.position else ()
    titles = [org.title(each) for each in (*ordered, *org.role("admin", letter.office))]
    return joined(dict.fromkeys(titles), "atau") or "admin kantor surat ini"


def _row(request: Request, attempt: Any) -> dict[str, Any]:
    site, provider = request.site, request.house.providers.get(attempt.provider)
    words, css = seal_page.WORDS[attempt.state]
    return {
        "attempt": attempt,
        "words": words,
        "css": css,
        "provider": provider.title if provider is not None else attempt.provider,
        "orderer": site.positions[attempt.position].title if attempt.position in site.positions else "",
        "decider": site.people[attempt.decider].name if attempt.decider in site.people else attempt.decider,
    }
