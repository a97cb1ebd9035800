"""The village counter: the operator's form beside the queue, and printing while the resident waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid, Unknown
from intranet_surat.kinds import schema
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Office
from intranet_surat.services import letter_pdf, secrecy
from intranet_surat.services.delivery import final_file
from intranet_surat.services.uploads import Upload
from intranet_surat.web import carried_form, counter_page, letter_json, letter_page, letter_uploads, sent_form
from intranet_surat.web.kind_form import KindForm
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views import compose
from intranet_surat.web.views import letter as letter_view
from intranet_surat.web.views.register_incoming import send_on

VILLAGE = "desa"
GROUPS = ("warga", "keperluan")
BOXES = (("lampiran", "Syarat yang ditunjukkan", True),)
SEND, SAVE = ("lalu", "Ajukan surat pengantar"), ("diam", "Simpan saja")
FORM = "intranet_surat.templates:counter.jinja2"
PRINT = "intranet_surat.templates:counter_print.jinja2"


def village(context: Office) -> Office:
    """The village of this counter. Raises Unknown for an office that is none."""
    if context.kind != VILLAGE:
        raise Unknown
    return context


@page(permission="logged in", context=Office, name="loket", request_method="GET")
def show(context: Office, request: Request) -> Response:
    """The form and the queue."""
    made, kind = form_of(context, request)
    today = request.words.today
    # One month, as the hint says; the operator changes it while the resident tells why.
    until = {"valid_from": today.isoformat(), "valid_until": (today + timedelta(days=30)).isoformat()}
    values = schema.initial(kind) | {"signatory": context.head} | until
    return drawn(context, request, made.form(values=values, files=BOXES, buttons=(SEND, SAVE)))


@page(permission="logged in", context=Office, name="loket", request_method="POST")
def ask(context: Office, request: Request) -> Response:
    """Begin the request and hand it to the one who checks; the NIK goes to its own sealed record."""
    made, _kind = form_of(context, request)
    found: list[Upload] = []
    try:
        found = made.uploads("lampiran", "requirement")
        if carried_form.only_shown(request):
            raise Invalid({}, "")
        letter = begun(context, request, made, found)
    except Invalid as wrong:
        kept = {BOXES[0][0]: letter_uploads.keep(request, found)}
        response = drawn(context, request, made.again(wrong, files=BOXES, kept=kept, buttons=(SEND, SAVE)))
        response.status_int = 400 if wrong.fields or wrong.message else 200
        return response
    name = counter_page.short_name(str(letter.fields.get("name", "")))
    told = f"Permohonan {name} tercatat."
    if says := made.doubts("nik"):
        # Real NIKs have errors, so nothing is held up: the operator is told while the card is still on the desk.
        request.tell(f"{told} {says}", "warn", request.resource_url(letter), "Buka permohonan")
    else:
        request.tell(told)
    if request.POST.get("lalu"):
        send_on(letter, request)
    return HTTPSeeOther(request.resource_url(context, "@@loket"))


@data(permission="logged in", context=Office, name="loket", request_method="POST")
def ask_json(context: Office, request: Request) -> dict[str, Any]:
    """The same for programs; the request waits at the counter until its action hands it on."""
    made, _kind = form_of(context, request)
    found = [] if sent_form.is_json(request) else made.uploads(BOXES[0][0], "requirement")
    letter = begun(context, request, made, found)
    secrecy.demand(request.house, request.site, letter, request.reader, request.now)
    request.response.status_int = 201
    request.response.location = request.resource_url(letter)
    return letter_json.build(
        request, letter_page.build(request.house, request.site, letter, request.reader, request.now)
    )


def begun(context: Office, request: Request, made: KindForm, found: list[Upload]) -> Letter:
    """Begin the request with what the counter asks; the rest of the kind's fields are as usual. Raises Invalid."""
    whole = request.house.kinds[counter_page.KIND]
    values = schema.initial(whole) | made.read()
    # Who checks and who signs must tell one resident's letter from the next; the queue shows the purpose anyway.
    purpose = " ".join(str(values.get("purpose") or "").split())[:200].rstrip(" .")
    values["subject"] = f"Surat pengantar: {purpose}" if purpose else values["subject"]
    return compose.created(request, context, whole, values, found, None)


def queue(context: Office, request: Request) -> dict[str, Any]:
    """Who waits, what is on its way and what is ready, for programs: names shortened as on the screen."""
    made = counter_page.build(request.house, request.site, context, request.reader, request.now)
    return {
        name: [
            {"@id": request.resource_url(each.letter), "name": each.name, "title": each.what, "state_title": each.state}
            for each in rows
        ]
        for name, rows in (("waiting", made.waiting), ("running", made.running), ("ready", made.ready))
    }


def form_of(context: Office, request: Request) -> tuple[KindForm, Any]:
    """The form of the village's letter. Raises Unknown, NotAllowed."""
    village(context)
    whole = request.house.kinds[counter_page.KIND]
    actor, _flow = compose.begun(request, context, whole)
    # While a resident waits nobody types what the kind has a value for.
    asked = [each for each in whole.form_fields if each.group in GROUPS or each.name == "signatory"]
    kind = replace(whole, fields=tuple(sorted(asked, key=lambda each: (*GROUPS, each.group).index(each.group))))
    return KindForm(request, kind, context, context.head or actor.position), kind


def drawn(context: Office, request: Request, form: Any) -> Response:
    """The page of the counter."""
    found = {
        "form": form,
        "office": context,
        "here": request.resource_url(context),
        "queue": counter_page.build(request.house, request.site, context, request.reader, request.now),
    }
    return render_to_response(FORM, found, request=request)


@page(permission="view", context=Letter, name="cetak", request_method="GET", renderer=PRINT)
def show_print(context: Letter, request: Request) -> dict[str, Any]:
    """The signed letter to print and hand over: whole on paper, masked on the screen."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    secrecy.demand(house, site, context, reader, now)
    final = final_file(context)
    if final is None:
        raise Unknown
    office = site.office(context.office)
    private = letter_pdf.opened(house, context, whole=False)
    return letter_view.frame(request, context) | {
        "letter": letter_page.build(house, site, context, reader, now, private),
        "final": final,
        "sealed": context.private is not None,
        "counter_url": request.resource_url(office, "@@loket") if office.kind == VILLAGE else "",
        "name": counter_page.short_name(str(context.fields.get("name", ""))),
    }
