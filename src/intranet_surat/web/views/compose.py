"""Writing a letter that goes out: a new draft, or the reply to a letter received; correcting it is `edit`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid, NotAllowed, SuratError, Unknown
from intranet_surat.kinds import schema
from intranet_surat.resources.folder import find
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Office, Section
from intranet_surat.services import letters, secrecy
from intranet_surat.services.uploads import Upload
from intranet_surat.web import (
    carried_form,
    forms,
    letter_json,
    letter_page,
    letter_uploads,
    previews,
    replies,
    sent_form,
)
from intranet_surat.web.kind_form import KindForm
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views import letter as letter_view

BOXES = (("lampiran", "Berkas lampiran", True),)
SAVE, PREVIEW = ("simpan", "Simpan konsep"), ("lihat", "Perbarui pratinjau")
TEMPLATE = "intranet_surat.templates:compose.jinja2"
CHOOSE = "intranet_surat.templates:compose_choose.jinja2"


def kind_asked(request: Request, name: str) -> Any:
    """The outgoing kind of that id. Raises Unknown."""
    kind = request.house.kinds.get(name)
    if kind is None or kind.direction != "keluar":
        raise Unknown
    return kind


def kind_named(request: Request, name: str) -> Any:
    """The same for a body of a program. Raises Invalid with the kinds there are."""
    try:
        return kind_asked(request, name)
    except Unknown:
        known = ", ".join(sorted(each.id for each in request.house.kinds.values() if each.direction == "keluar"))
        raise Invalid({"kind": f"Sebutkan jenis surat keluar: {known}."}) from None


def writable(request: Request, office: Office) -> list[Any]:
    """The kinds that the reader may begin in this office."""
    found = letters.beginnable(request.house, request.site, office, "keluar", request.reader, request.now)
    return [request.house.kinds[each] for each in found]


@page(permission="logged in", context=Section, name="tambah", drawer="keluar", request_method="GET")
def show_form(context: Section, request: Request) -> Response:
    """The form of the kind that the address names; without a kind the list of those one may write."""
    office = context.__parent__
    name = request.GET.get("jenis", "")
    if not name:
        found = writable(request, office)
        if not found:
            raise NotAllowed(f"Jabatan Anda tidak menulis surat keluar di {office.name}.", action="tambah")
        return render_to_response(CHOOSE, {"kinds": found, "here": request.resource_url(context)}, request=request)
    kind = kind_asked(request, name)
    actor, _flow = begun(request, office, kind)
    source = answered(request)
    made = KindForm(request, kind, office, actor.position)
    values = schema.initial(kind)
    if source is not None:
        values |= replies.prefilled(request.site, source, kind)
    if office.head and "signatory" in {each.name for each in kind.form_fields}:
        values.setdefault("signatory", office.head)
    form = made.form(
        values=values, files=BOXES, buttons=(SAVE, PREVIEW), cancel=(request.resource_url(context), "Batal")
    )
    return drawn(request, form, kind, office, source=source)


@page(permission="logged in", context=Section, name="tambah", drawer="keluar", request_method="POST")
def add(context: Section, request: Request) -> Response:
    """Begin the draft; with "Perbarui pratinjau" or "Tambah baris" the form comes back."""
    office = context.__parent__
    kind = kind_asked(request, request.GET.get("jenis", ""))
    actor, _flow = begun(request, office, kind)
    source = answered(request)
    made = KindForm(request, kind, office, actor.position)
    options: dict[str, Any] = {"buttons": (SAVE, PREVIEW), "cancel": (request.resource_url(context), "Batal")}
    try:
        found = made.uploads("lampiran", "attachment")
        if back := again(made, request, kind, office, BOXES, found, source=source, **options):
            return back
        letter = created(request, office, kind, made.read(), found, source)
    except Invalid as wrong:
        return refused(made, request, kind, office, BOXES, wrong, source=source, **options)
    request.tell("Konsep tersimpan. Periksa halamannya, lalu ajukan.")
    return HTTPSeeOther(request.resource_url(letter))


@data(permission="logged in", context=Section, name="tambah", drawer="keluar", request_method="POST")
def add_json(context: Section, request: Request) -> dict[str, Any]:
    """Begin a draft from JSON: the fields of the kind beside ``kind`` and perhaps ``reply_to``."""
    office = context.__parent__
    sent = sent_form.body(request) if sent_form.is_json(request) else request.POST
    kind = kind_named(request, str(sent.get("kind") or request.GET.get("jenis", "")))
    actor, _flow = begun(request, office, kind)
    source = answered(request, str(sent.get("reply_to") or ""))
    made = KindForm(request, kind, office, actor.position)
    found = [] if sent_form.is_json(request) else made.uploads("lampiran", "attachment")
    letter = created(
        request,
        office,
        kind,
        made.read(beside=frozenset({"kind", "reply_to"}), usual=schema.initial(kind)),
        found,
        source,
    )
    secrecy.demand(request.house, request.site, letter, request.reader, request.now)
    request.response.status_int = 201
    request.response.location = request.resource_url(letter)
    return letter_json.build(
        request, letter_page.build(request.house, request.site, letter, request.reader, request.now)
    )


@page(permission="view", context=Letter, name="balas", request_method="GET")
def reply(context: Letter, request: Request) -> Response:
    """Lead to the form of a reply in the drawer of the reader's own office."""
    secrecy.demand(request.house, request.site, context, request.reader, request.now)
    office = request.site.office(request.site.positions[request.reader.position].office)
    query = {"jenis": request.GET.get("jenis", letter_page.REPLY), "balas": path_of(context)}
    return HTTPSeeOther(request.resource_url(drawer(office), "@@tambah", query=query))


def begun(request: Request, office: Office, kind: Any) -> tuple[Any, Any]:
    """Who begins the letter and on which flow. Raises NotAllowed with the sentence."""
    return letters.creator(request.house, request.site, office, "keluar", kind.id, request.reader, request.now)


def answered(request: Request, where: str = "") -> Letter | None:
    """The letter that is answered, which the reader must see. Raises Unknown."""
    where = where or request.GET.get("balas", "")
    if not where:
        return None
    if "://" in where:
        where = where.removeprefix(request.resource_url(request.site)).strip("/")
    try:
        found = find(request.site, where)
    except KeyError:
        raise Unknown from None
    if not isinstance(found, Letter):
        raise Unknown
    secrecy.demand(request.house, request.site, found, request.reader, request.now)
    return found


def created(
    request: Request, office: Office, kind: Any, values: Mapping[str, Any], found: list[Upload], source: Letter | None
) -> Letter:
    """Begin the letter; values of the private record go apart."""
    fields, private = schema.split(kind, values)
    where = path_of(source) if source is not None else None
    if where is not None:
        fields = {**fields, "reply_to": where}
    letter = letters.create(
        request.house,
        request.tm,
        request.site,
        office,
        "keluar",
        kind.id,
        fields,
        request.reader,
        request.now,
        key=sent_form.key(request),
        uploads=found,
        secret_fields=private or None,
        reply_to=where,
    )
    for each in found:
        letter_uploads.waiting(request).drop(each.sha256)
    return letter


def again(
    made: KindForm, request: Request, kind: Any, office: Office, boxes_: Any, found: list[Upload],
    *, letter: Letter | None = None, source: Letter | None = None, **options: Any,
) -> Response | None:  # fmt: skip
    """The form once more when only a row or the preview was asked for; nothing is stored then."""
    kept = _kept(request, boxes_, found)
    if request.POST.get("_tambah"):
        form = made.form(values={}, files=boxes_, kept=kept, **options)
        forms.wants_row(form, request.POST)
        return drawn(request, form, kind, office, letter=letter, source=source)
    if carried_form.only_shown(request):
        form = made.again(Invalid({}), files=boxes_, kept=kept, **options)
        form.elsewhere.clear()
        return drawn(request, form, kind, office, letter=letter, source=source)
    if not request.POST.get("lihat"):
        return None
    problems: Invalid | None = None
    try:
        values = made.read(draft=True)
    except Invalid as wrong:
        problems, values = wrong, {}
    form = made.again(problems or Invalid({}), files=boxes_, kept=kept, **options)
    form.elsewhere.clear()
    image = previews.make(request, kind, office, values, letter) if problems is None else None
    response = drawn(request, form, kind, office, letter=letter, source=source, image=image)
    response.status_int = 400 if problems is not None else 200
    return response


def refused(
    made: KindForm, request: Request, kind: Any, office: Office, boxes_: Any, wrong: Invalid,
    *, letter: Letter | None = None, source: Letter | None = None, **options: Any,
) -> Response:  # fmt: skip
    """The form with what is wrong beside the fields, and with the files kept."""
    try:
        found = made.uploads(boxes_[0][0], "attachment")
    except SuratError:
        found = []
    form = made.again(wrong, files=boxes_, kept=_kept(request, boxes_, found), **options)
    response = drawn(request, form, kind, office, letter=letter, source=source)
    response.status_int = 400
    return response


def drawn(
    request: Request, form: Any, kind: Any, office: Office,
    *, letter: Letter | None = None, source: Letter | None = None, image: Any = None,
) -> Response:  # fmt: skip
    """The page: the form beside the page as it will be printed."""
    found: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "office": office,
        "letter": letter,
        "source": source,
        "source_label": letter_page.label(source) if source is not None else "",
        "image": image,
        "here": request.resource_url(letter) if letter is not None else "",
        "preview_base": request.resource_url(drawer(office)),
        "drawer_url": request.resource_url(drawer(office)),
    }
    if letter is not None:
        found |= letter_view.frame(request, letter)
    return render_to_response(TEMPLATE, found, request=request)


def drawer(office: Office) -> Section:
    """The office's drawer for letters that go out."""
    found: Section = office["surat-keluar"]
    return found


def _kept(request: Request, boxes_: Any, found: list[Upload]) -> dict[str, Any]:
    kept = letter_uploads.keep(request, found)
    return {boxes_[0][0]: kept} if kept else {}
