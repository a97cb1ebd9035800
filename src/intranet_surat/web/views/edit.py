"""Correcting the text of a stored letter: the form with its version, and a new version unless somebody was first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Changed, Invalid, NotAllowed
from intranet_surat.kinds import schema
from intranet_surat.resources.letter import Letter
from intranet_surat.services import letters, secrecy
from intranet_surat.services.uploads import Upload
from intranet_surat.web import letter_json, letter_page, sent_form
from intranet_surat.web.kind_form import KindForm
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views import compare
from intranet_surat.web.views.compose import BOXES, PREVIEW, again, drawn, refused

SCAN = (("pindai", "Berkas pindai", False),)


@page(permission="view", context=Letter, name="ubah", request_method="GET")
def show_edit(context: Letter, request: Request) -> Response:
    """The form with the stored text and the version it carries."""
    made, kind = editing(context, request)
    form = made.form(
        values=dict(context.fields), files=boxes(context), version=context.version, **edit_options(context, request)
    )
    return drawn(request, form, kind, request.site.office(context.office), letter=context)


@page(permission="view", context=Letter, name="ubah", request_method="POST")
def edit(context: Letter, request: Request) -> Response:
    """Store a new version, unless somebody else did meanwhile."""
    made, kind = editing(context, request)
    office = request.site.office(context.office)
    options = {"version": sent_form.version(request), **edit_options(context, request)}
    name, place = box(context)
    try:
        found = made.uploads(name, place)
        if back := again(made, request, kind, office, boxes(context), found, letter=context, **options):
            return back
        updated(context, request, kind, made.read(), found)
    except Invalid as wrong:
        return refused(made, request, kind, office, boxes(context), wrong, letter=context, **options)
    except Changed as changed:
        return compare.changed(context, request, changed)
    request.tell(f"Tersimpan sebagai versi {context.version}.")
    return HTTPSeeOther(request.resource_url(context))


@data(permission="view", context=Letter, name="ubah", request_method="POST")
def edit_json(context: Letter, request: Request) -> dict[str, Any]:
    """The same for programs: all fields of the kind, and ``_versi``."""
    made, kind = editing(context, request)
    name, place = box(context)
    found = [] if sent_form.is_json(request) else made.uploads(name, place)
    updated(context, request, kind, made.read(), found)
    return letter_json.build(
        request, letter_page.build(request.house, request.site, context, request.reader, request.now)
    )


def editing(context: Letter, request: Request) -> tuple[KindForm, Any]:
    """The form of a stored letter. Raises Unknown, NotAllowed when nobody of the reader's positions may edit."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    secrecy.demand(house, site, context, reader, now)
    if letters.editor(house, site, context, reader, now) is None:
        raise NotAllowed("Naskah tidak dapat diubah dalam keadaan sekarang oleh jabatan Anda.", action="ubah")
    whole = house.kinds[context.kind]
    # What is sealed was entered once and is not shown again: the form leaves it as it is.
    kind = replace(whole, fields=tuple(each for each in whole.fields if not each.secret))
    return KindForm(request, kind, site.office(context.office), context.author), kind


def updated(context: Letter, request: Request, kind: Any, values: Mapping[str, Any], found: list[Upload]) -> None:
    """Store the new version. Raises Changed, NotAllowed; Invalid when the request does not say what it is based on."""
    version = sent_form.version(request)
    if version is None:
        raise Invalid({"_versi": "Sebutkan versi naskah yang Anda ubah."})
    fields, _private = schema.split(kind, values)
    letters.update(
        request.house,
        request.site,
        context,
        fields,
        request.reader,
        request.now,
        version=version,
        key=sent_form.key(request),
        uploads=found,
    )


def box(context: Letter) -> tuple[str, str]:
    """The name of the file box of a stored letter, and the place that its files are meant for."""
    return (BOXES[0][0], "attachment") if context.direction == "keluar" else (SCAN[0][0], "scan")


def boxes(context: Letter) -> tuple[tuple[str, str, bool], ...]:
    """The file boxes of a stored letter."""
    return BOXES if context.direction == "keluar" else SCAN


def edit_options(context: Letter, request: Request) -> dict[str, Any]:
    """Buttons of the form of a stored letter."""
    save = ("simpan", "Simpan perubahan")
    buttons = (save, PREVIEW) if context.direction == "keluar" else (save,)
    return {"buttons": buttons, "cancel": (request.resource_url(context), "Batal, kembali ke surat")}
