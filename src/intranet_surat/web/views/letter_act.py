"""Acting on a letter or a disposition: the page that an action asks for, and the act itself, once for each form."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Changed, Invalid, NotAllowed, Unknown
from intranet_surat.resources.letter import Disposition, Item, Letter
from intranet_surat.services import acting, holds, secrecy
from intranet_surat.services.acting import ActResult
from intranet_surat.services.uploads import Upload
from intranet_surat.web import (
    act_page,
    asked_form,
    carried_form,
    letter_json,
    letter_page,
    letter_uploads,
    moved_on,
    sent_form,
    turn_words,
)
from intranet_surat.web.letter_page import is_open
from intranet_surat.web.negotiation import data, page, wants_json
from intranet_surat.web.views import compare, letter, signing
from intranet_surat.workflow.model import Form
from intranet_surat.workflow.view import Actor, Offer

TEMPLATE = "intranet_surat.templates:{}.jinja2"
UNKNOWN = "Isian ini tidak ditanyakan oleh alur."
REMADE = "Berkas dibuat ulang; nomornya tetap {}. Baca berkas yang baru ini."
AS_FILE = "Kirim berkas sebagai multipart/form-data, bukan di dalam JSON."


@page(permission="view", context=Letter, name="aksi", request_method="GET")
@page(permission="view", context=Disposition, name="aksi", request_method="GET")
def show_form(context: Item, request: Request) -> Response:
    """The page of an action: what it asks, beside what one must look at."""
    offer = offered(context, request)
    if offer is None:
        return gone(context, request)
    if signing.held(context, request, offer):
        return signing.show(context, request, offer)
    if not offer.allowed and not only_unseen(context, request, offer):
        raise refusal(context, request, offer)
    if offer.kind == "sign":
        return signing.show(context, request, offer)
    return drawn(context, request, offer)


@page(permission="view", context=Letter, name="aksi", request_method="POST")
@page(permission="view", context=Disposition, name="aksi", request_method="POST")
def act(context: Item, request: Request) -> Response:
    """Act, then show the letter with the result; what cannot be taken comes back with what was typed."""
    offer = offered(context, request)
    if offer is not None and offer.kind == "sign" and offer.allowed:
        return signing.sign(context, request, offer)
    if offer is not None and signing.held(context, request, offer):
        return signing.show(context, request, offer, status=403)
    if offer is not None and offer.allowed and offer.form is not None and carried_form.only_shown(request):
        return drawn(context, request, offer, Invalid({}, ""), status=200)
    before = context.letter.fields.get("number") if context.letter.frozen else None
    try:
        result = done(context, request, offer)
    except Invalid as wrong:
        if offer is None or not offer.allowed:
            raise
        return drawn(context, request, offer, wrong)
    except NotAllowed as refused:
        if offer is None:
            raise moved_on.refused(context, request, refused) from None
        if not offer.allowed or offer.form is None:
            raise
        return drawn(context, request, offer, Invalid({}, refused.message), status=403)
    except Changed as changed:
        return compare.changed(context, request, changed)
    again = offer is not None and offer.kind == "prepare" and not result.repeated
    remade = again and before and before == context.letter.fields.get("number")
    request.tell(REMADE.format(before) if remade else result.message)
    return HTTPSeeOther(way_on(context, request, offer))


@data(permission="view", context=Letter, name="aksi", request_method="POST")
@data(permission="view", context=Disposition, name="aksi", request_method="POST")
def act_json(context: Item, request: Request) -> Any:
    """Act, and answer with the item as it stands now."""
    offer = offered(context, request)
    if offer is not None and offer.kind == "sign" and offer.allowed:
        return signing.sign_json(context, request)
    result = done(context, request, offer)
    answer: dict[str, Any] = {"message": result.message, "repeated": result.repeated}
    house, site, reader, now = request.house, request.site, request.reader, request.now
    if secrecy.sight(house, site, context, reader, now) == "full":
        answer |= letter_json.build(request, letter_page.build(house, site, context, reader, now))
    return answer


def gone(context: Item, request: Request) -> Response:
    """The letter, for who opens the page of an action that it does not offer now, such as with the back button.

    Raises Unknown for what the flow does not know in any state.
    """
    title = moved_on.title(context, request, request.subpath[0])
    if not title:
        raise Unknown
    moved = moved_on.says(context, request) or "Inilah suratnya."
    request.tell(f"'{title}' tidak dapat dilakukan pada keadaan surat sekarang. {moved}", "warn")
    return HTTPSeeOther(request.resource_url(context))


def only_unseen(context: Item, request: Request, offer: Offer) -> bool:
    """Whether the reader waits only until a scan is compared: he may look at it, and confirm it then."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    if holds.unseen(house, site, context, offer.action, now) is None:
        return False
    return acting.nearest(house, site, context, reader, now)[offer.action][1].allowed


def offered(context: Item, request: Request) -> Offer | None:
    """The offer that the address names; None when the present state does not know it. Raises Unknown."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    secrecy.demand(house, site, context, reader, now)
    if len(request.subpath) != 1:
        raise Unknown
    offers = acting.offers(house, site, context, reader, now)
    return next((each for each in offers if each.action == request.subpath[0]), None)


def refusal(context: Item, request: Request, offer: Offer) -> NotAllowed:
    """Why the action is refused, with what is told to who comes out of turn."""
    turn = turn_words.build(request.house, request.site, context, request.reader, request.now)
    says = turn_words.refused(turn, offer.action, offer.says)
    return NotAllowed(says, action=offer.action, who=offer.who, remedy=offer.remedy)


def done(context: Item, request: Request, offer: Offer | None) -> ActResult:
    """Read what was entered and act. An action that the state no longer knows is left to the service to refuse."""
    form = offer.form if offer is not None else None
    if offer is not None and offer.allowed:
        # What is not open any more may be this very form, sent once more: the service knows it by its key.
        program(request, form)
    entered, files = read(request, form) if form is not None else (_values(request), [])
    try:
        return acting.act(
            request.house,
            request.tm,
            request.site,
            context,
            request.subpath[0],
            entered,
            request.reader,
            request.now,
            key=sent_form.key(request),
            version=sent_form.version(request),
            uploads=files,
        )
    except NotAllowed:
        if offer is None or offer.allowed:
            raise
        raise refusal(context, request, offer) from None


def program(request: Request, form: Form | None) -> None:
    """Check what only a program can send wrongly. Raises Invalid.

    A file is its bytes: a hash or a code that somebody writes into JSON is not what a child found in a file.
    """
    if not wants_json(request) and not sent_form.is_json(request):
        return
    sent = set(sent_form.values(request)) if sent_form.is_json(request) else sent_form.names(request)
    fields = form.fields if form is not None else {}
    problems = {name: UNKNOWN for name in sent if name not in fields}
    if sent_form.is_json(request):
        problems |= {name: AS_FILE for name in sent & fields.keys() if fields[name].type in {"file", "files"}}
    if problems:
        raise Invalid(problems)


def _values(request: Request) -> dict[str, Any]:
    return sent_form.values(request) if sent_form.is_json(request) else {}


def read(
    request: Request, form: Form, places: Mapping[str, str] = MappingProxyType({})
) -> tuple[dict[str, Any], list[Upload]]:
    """What was entered, and the files that came with it. Raises Invalid with all that is wrong.

    ``places`` tells for which place the file of a field is taken when it is no attachment.
    """
    if sent_form.is_json(request):
        return sent_form.values(request), []
    problems: dict[str, str] = {}
    entered: dict[str, Any] = {}
    found: list[Upload] = []
    for field in form.fields.values():
        if field.type not in {"file", "files"}:
            continue
        place = places.get(field.name, "wet-scan" if field.read_code else "attachment")
        try:
            files = letter_uploads.accept(request, field.name, place, read_code=field.read_code)
        except Invalid as wrong:
            problems.update(wrong.fields or {field.name: wrong.message})
            continue
        told = [letter_uploads.told(each) for each in files]
        if told:
            entered[field.name] = told if field.type == "files" else told[0]
        found.extend(files)
    try:
        entered.update(asked_form.entered(form, asked_form.plain(request.POST), request.house.local(request.now)))
    except Invalid as wrong:
        problems.update(wrong.fields)
    request.accepted_uploads = found
    if problems:
        raise Invalid(problems)
    return entered, found


def drawn(
    context: Item,
    request: Request,
    offer: Offer,
    wrong: Invalid | None = None,
    status: int = 400,
    author: Actor | None = None,
) -> Response:
    """The page of an action; with errors it carries what was typed and the files that were kept.

    With an ``author`` it is the page on which a clerk enters what stands on the author's paper.
    """
    house, site, reader, now = request.house, request.site, request.reader, request.now
    kept = letter_uploads.keep(request, getattr(request, "accepted_uploads", [])) if wrong else []
    posted = asked_form.plain(request.POST) if wrong is not None else None
    made = act_page.build(
        house, site, context, offer, reader, now, posted=posted, errors=problems(wrong), author=author
    )
    found: Mapping[str, Any] = letter.frame(request, context) | {
        "act": made,
        "problems": problems(wrong),
        "sentence": wrong.message if wrong is not None and not wrong.fields else "",
        "kept": kept,
        "key": sent_form.key(request),
    }
    if author is not None:
        found = {
            **found,
            "author_title": site.positions[author.position].title,
            "post_to": request.resource_url(context, "@@dari-kertas", offer.action, author.position),
        }
    template = "disposition" if offer.fan_out and author is None else "act"
    response = render_to_response(TEMPLATE.format(template), dict(found), request=request)
    response.status_int = status if wrong is not None else 200
    return response


def problems(wrong: Invalid | None) -> dict[str, str]:
    """The sentences by field of a refusal, or none."""
    return dict(wrong.fields) if wrong is not None else {}


def way_on(context: Item, request: Request, offer: Offer | None = None) -> str:
    """Where one goes after an act: to what was acted on, or to the desk when it is out of sight now.

    What was prepared is signed next. Who ended an order that he gave goes on with the letter it was about.
    """
    house, site, reader, now = request.house, request.site, request.reader, request.now
    if secrecy.sight(house, site, context, reader, now) != "full":
        return str(request.page.home)
    if offer is not None and offer.kind == "prepare":
        ready = next((each for each in acting.offers(house, site, context, reader, now) if each.kind == "sign"), None)
        if ready is not None and ready.allowed:
            return str(request.resource_url(context, "@@aksi", ready.action))
    if isinstance(context, Disposition) and context.giver in reader.positions and not is_open(house, site, context):
        above = context.__parent__
        return str(request.resource_url(above if above.holder in reader.positions else context.letter))
    return str(request.resource_url(context))
