"""Registering a letter that came in: the form with its scan, the number given, and what looks like the same letter."""

from __future__ import annotations

from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid, NotAllowed, SuratError, Unknown
from intranet_surat.kinds import schema
from intranet_surat.kinds.warnings import warnings
from intranet_surat.resources.folder import find
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Section
from intranet_surat.services import acting, delivery, letters, pages, secrecy
from intranet_surat.services.uploads import PLACES, Upload
from intranet_surat.web import (
    carried_form,
    delivered,
    letter_files,
    letter_json,
    letter_page,
    letter_path,
    letter_uploads,
    sent_form,
    similar_letters,
)
from intranet_surat.web.kind_form import KindForm
from intranet_surat.web.negotiation import data, file, page
from intranet_surat.web.views import files
from intranet_surat.web.views import letter as letter_view

KIND = "surat-masuk"
SCAN = "pindai"
BOXES = ((SCAN, "Berkas pindai", False), ("lampiran", "Lampiran", True))
ONWARD = "lalu"
BY = "kiriman"
"""The name under which a program tells by which delivery a letter came."""
TEMPLATE = "intranet_surat.templates:{}.jinja2"


def author(context: Section, request: Request) -> tuple[Any, Any]:
    """Who may register here, and the flow that the letter will take. Raises NotAllowed with the sentence."""
    office = context.__parent__
    return letters.creator(request.house, request.site, office, "masuk", KIND, request.reader, request.now)


def kind_form(context: Section, request: Request, position: str) -> KindForm:
    """The form of an incoming letter for this office."""
    return KindForm(request, request.house.kinds[KIND], context.__parent__, position)


def came_by(context: Section, request: Request) -> Any:
    """The delivery that is being registered, when the address or the form names one. Raises Unknown."""
    where = sent_form.text(request, BY) or request.GET.get(BY, "")
    if sent_form.is_json(request) and request.method == "POST":
        where = str(sent_form.body(request).get(BY) or where)
    if not where:
        return None
    year, _, name = where.partition("/")
    try:
        found = context.__parent__["kiriman"][year][name]
    except KeyError:
        raise Unknown from None
    delivery.demand(request.house, request.site, found, request.reader, request.now)
    return found


@page(permission="logged in", context=Section, name="tambah", drawer="masuk", request_method="GET")
def show_form(context: Section, request: Request) -> Response:
    """The empty form, or one that a delivery has filled."""
    actor, flow = author(context, request)
    source = came_by(context, request)
    made = kind_form(context, request, actor.position)
    values = usual(context, request)
    if source is not None:
        values |= delivered.prefilled(request.site, source)
    form = made.form(values=values, files=() if source is not None else BOXES, **_options(context, request, flow))
    return drawn(context, request, form, source, flow)


def usual(context: Section, request: Request) -> dict[str, Any]:
    """What a new letter has unless somebody says otherwise: received now, for the head of the office."""
    known = schema.initial(request.house.kinds[KIND])
    return known | {"received_at": request.now.isoformat(), "addressee": context.__parent__.head}


@page(permission="logged in", context=Section, name="tambah", drawer="masuk", request_method="POST")
def add(context: Section, request: Request) -> Response:
    """Register; what is wrong comes back with the uploads kept."""
    actor, flow = author(context, request)
    source = came_by(context, request)
    made = kind_form(context, request, actor.position)
    found: list[Upload] = []
    try:
        problems: dict[str, str] = {}
        for name, place in ((SCAN, "scan"), ("lampiran", "attachment")):
            try:
                found.extend(made.uploads(name, place))
            except Invalid as wrong:
                problems |= wrong.fields or {name: wrong.message}
        if request.POST.get("lihat") or request.POST.get("_tambah") or carried_form.only_shown(request):
            raise Invalid(problems, "")
        fields = _all_read(made, problems)
        letter = created(context, request, fields, found, source)
    except Invalid as wrong:
        kept = letter_uploads.keep(request, found)
        form = made.again(
            wrong,
            files=() if source is not None else BOXES,
            kept=_kept(found, kept),
            **_options(context, request, flow),
        )
        response = drawn(context, request, form, source, flow, kept)
        response.status_int = 400 if wrong.fields or wrong.message else 200
        return response
    for each in found:
        letter_uploads.waiting(request).drop(each.sha256)
    alike = similar_letters.find(request.site, request.reader, letter)
    if request.POST.get(ONWARD) and not alike and not odd(letter, request):
        send_on(letter, request)
    return HTTPSeeOther(request.resource_url(letter, "@@tercatat"))


@data(permission="logged in", context=Section, name="tambah", drawer="masuk", request_method="POST")
def add_json(context: Section, request: Request) -> dict[str, Any]:
    """Register from JSON, or from a multipart body with the scan."""
    actor, _flow = author(context, request)
    source = came_by(context, request)
    made = kind_form(context, request, actor.position)
    found = [] if sent_form.is_json(request) else made.uploads(SCAN, "scan") + made.uploads("lampiran", "attachment")
    letter = created(context, request, made.read(beside=frozenset({BY}), usual=usual(context, request)), found, source)
    secrecy.demand(request.house, request.site, letter, request.reader, request.now)
    request.response.status_int = 201
    request.response.location = request.resource_url(letter)
    answer = letter_json.build(
        request, letter_page.build(request.house, request.site, letter, request.reader, request.now)
    )
    alike = similar_letters.find(request.site, request.reader, letter)
    return answer | {"duplicates": [request.resource_url(find(request.site, each.path)) for each in alike]}


def created(context: Section, request: Request, fields: dict[str, Any], found: list[Upload], source: Any) -> Letter:
    """Begin the letter, and tell the delivery that it came by."""
    if source is not None and source.registered:
        return find(request.site, source.registered)
    if source is not None:
        fields = {**fields, "sender_office": source.sender}
        found = delivered.as_upload(request, source)
    letter = letters.create(
        request.house,
        request.tm,
        request.site,
        context.__parent__,
        "masuk",
        KIND,
        fields,
        request.reader,
        request.now,
        key=sent_form.key(request),
        uploads=found,
        origin=path_of(source) if source is not None else None,
    )
    if source is not None and source.registered not in (None, path_of(letter)):
        raise NotAllowed("Kiriman ini baru saja dicatat orang lain. Buka kembali baki kiriman.", action="tambah")
    if source is not None:
        delivery.registered(request.house, request.site, source, letter, request.now)
    return letter


def odd(letter: Letter, request: Request) -> list[str]:
    """What is strange about the dates of a registered letter: the paper may say so, or a finger slipped."""
    words = request.words
    kind = request.house.kinds[letter.kind]
    return list(warnings(kind, letter.fields, {}, timezone=words.timezone, today=words.today).values())


def send_on(letter: Letter, request: Request) -> None:
    """Do the letter's usual first act, when it asks for nothing; a refusal leaves the letter registered."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    request.tm.commit()
    request.tm.begin()
    offers = acting.offers(house, site, letter, reader, now)
    usual = next((each for each in offers if each.allowed and each.form is None and each.to), None)
    if usual is None:
        return
    key = f"{sent_form.key(request)}:lalu"
    try:
        acting.act(house, request.tm, site, letter, usual.action, {}, reader, now, key=key, version=letter.version)
    except SuratError as refused:
        request.tell(f"Surat tercatat. {refused.message}", "warn")


def drawn(
    context: Section, request: Request, form: Any, source: Any, flow: Any, kept: list[Any] | None = None
) -> Response:
    """The page: the form beside the paper that is typed from, and what happens next."""
    start = next(state for state in flow.states.values() if state.start)
    found = {
        "form": form,
        "office": context.__parent__,
        "drawer_url": request.resource_url(context),
        "here": request.resource_url(context),
        "source": source,
        "source_url": request.resource_url(source) if source is not None else "",
        "scan": next((each for each in kept or () if each.pages), None),
        "limits": PLACES["scan"].sentence(),
        "next": [start.title, *(state.title for state in letter_path.ahead(flow.states, start))],
        "last": "",
    }
    return render_to_response(TEMPLATE.format("register_incoming"), found, request=request)


def _options(context: Section, request: Request, flow: Any) -> dict[str, Any]:
    start = next(state for state in flow.states.values() if state.start)
    usual = next((each for each in start.actions.values() if each.ask is None and each.to), None)
    buttons = [("diam", "Catat surat")]
    if usual is not None:
        buttons.insert(0, (ONWARD, f"Catat dan {usual.title[:1].lower()}{usual.title[1:]}"))
    return {"buttons": buttons, "cancel": (request.resource_url(context), "Batal")}


def _all_read(made: KindForm, problems: dict[str, str]) -> dict[str, Any]:
    """The fields, or one refusal with all that is wrong, files included."""
    try:
        fields = made.read()
    except Invalid as wrong:
        raise Invalid({**problems, **wrong.fields}, wrong.message) from None
    if problems:
        raise Invalid(problems)
    return fields


def _kept(found: list[Upload], kept: list[Any]) -> dict[str, Any]:
    by_place: dict[str, list[Any]] = {"scan": [], "attachment": []}
    for upload, one in zip(found, kept, strict=True):
        by_place[upload.place].append(one)
    return {SCAN: by_place["scan"][-1:], "lampiran": by_place["attachment"]}


@file(permission="logged in", context=Section, name="berkas-sementara", request_method="GET")
def kept_page(context: Section, request: Request) -> Response:  # noqa: ARG001  the address is the drawer's
    """A page of a file that waits in a form; only for the person who sent it."""
    kept = letter_uploads.waiting(request).get(request.GET.get("berkas", ""))
    if kept is None:
        raise Unknown
    image = pages.image(
        request.house, kept.sha256, lambda: kept.path.open("rb"), files.number(request, "n", 1), files.width(request)
    )
    return Response(body=image.read_bytes(), content_type="image/png")


@page(
    permission="view",
    context=Letter,
    name="tercatat",
    request_method="GET",
    renderer=TEMPLATE.format("registered"),
)
def registered(context: Letter, request: Request) -> dict[str, Any]:
    """The number that a hand must write on the paper, and the next letter."""
    secrecy.demand(request.house, request.site, context, request.reader, request.now)
    made = letter_page.build(request.house, request.site, context, request.reader, request.now)
    return letter_view.frame(request, context) | {
        "letter": made,
        "agenda": context.fields.get("agenda_number"),
        "year": context.fields.get("agenda_year") or request.words.today.year,
        "office": request.site.office(context.office),
        "again": request.resource_url(context.__parent__.__parent__, "@@tambah"),
        "alike": similar_letters.find(request.site, request.reader, context),
        "odd": odd(context, request),
    }


@page(
    permission="view",
    context=Letter,
    name="mirip",
    request_method="GET",
    renderer=TEMPLATE.format("duplicates"),
)
def compare_alike(context: Letter, request: Request) -> dict[str, Any]:
    """Two letters that look the same, side by side; nothing is blocked, the acts of the new one stand below."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    secrecy.demand(house, site, context, reader, now)
    alike = similar_letters.find(site, reader, context)
    wanted = request.GET.get("dengan", "")
    row = next((each for each in alike if each.item == wanted), alike[0] if alike else None)
    if row is None:
        raise Unknown
    other = find(site, row.path)
    secrecy.demand(house, site, other, reader, now)
    return letter_view.frame(request, context) | {
        "letter": letter_page.build(house, site, context, reader, now),
        "other": letter_page.build(house, site, other, reader, now),
        "other_url": request.resource_url(other),
        "paper": letter_files.main(context),
        "other_paper": letter_files.main(other),
        "rows": similar_letters.side_by_side(request.words, context, other),
    }
