"""Orders by which one post acts for another: the register, one order with its acts, registering, confirming, ending."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid, NotAllowed, Unknown
from intranet_surat.kinds import dates
from intranet_surat.kinds.vocabularies import SECURITY
from intranet_surat.resources.mandates import ACTING, Mandate
from intranet_surat.resources.site import Site
from intranet_surat.services import mandates
from intranet_surat.services.itemview import org_at
from intranet_surat.services.mandate_rules import Order
from intranet_surat.web import api, carried_form, letter_uploads, mandate_page, security
from intranet_surat.web.layout import site_url
from intranet_surat.web.negotiation import data, file, page
from intranet_surat.web.views.door import sent_fields
from intranet_surat.web.views.files import attachment

LIST = "intranet_surat.templates:mandates.jinja2"
ONE = "intranet_surat.templates:mandate.jinja2"
FORM = "intranet_surat.templates:mandate_form.jinja2"
FIELDS = ("jabatan", "form", "deputy", "since", "until", "number", "dated", "letter", "ceiling", "signs", "some")


@page(context=Site, name="wakil", request_method="GET", permission=security.LOGGED_IN)
def show(request: Request) -> Response:
    """The register of orders, or one of them."""
    if request.GET.get("surat"):
        return _one(request, _asked(request))
    return listed(request, {}, {})


def listed(request: Request, typed: Mapping[str, str], errors: Mapping[str, str]) -> Response:
    """The register and its forms; ``typed`` and ``errors`` are those of the form about being away."""
    rows = [mandate_page.row(request, each) for each in mandate_page.seen(request)]
    shown = {
        "waiting": [each for each in rows if each.state == "proposed"],
        "running": [each for each in rows if each.state in ("accepted", "active")],
        "past": [each for each in rows if each.state in ("ended", "revoked")],
        "posts": mandate_page.posts(request),
        "away": away(request),
        "typed": typed,
        "errors": errors,
    }
    return render_to_response(LIST, shown, request=request)


@data(context=Site, name="wakil", request_method="GET", permission=security.LOGGED_IN)
def show_data(request: Request) -> dict[str, Any]:
    """The register for programs."""
    found = (mandate_page.row(request, each) for each in mandate_page.seen(request))
    return api.folder(site_url(request) + "@@wakil", "Mandates", "Wakil", map(mandate_page.as_json, found))


@file(context=Site, name="berkas-wakil", request_method="GET", permission=security.LOGGED_IN)
def download(request: Request) -> Response:
    """The scan of an order."""
    mandate = _asked(request)
    if mandate.scan is None:
        raise Unknown
    scan = mandate.scan
    return attachment(scan.open(), scan.size, scan.type, scan.filename or f"surat-perintah-{mandate.id}.pdf")


@page(context=Site, name="tetapkan-wakil", request_method="GET", permission=security.LOGGED_IN)
def show_form(request: Request) -> Response:
    """The form for one position; without one, or for one of others, there is none."""
    return _form(request, {"form": "Plh.", "ceiling": "T", "signs": "ya"}, {})


@page(context=Site, name="tetapkan-wakil", request_method="POST", permission=security.LOGGED_IN)
def register(request: Request) -> Response:
    """Keep the order; it waits for a second person."""
    sent = {name: str(request.POST.get(name, "")).strip() for name in FIELDS}
    if carried_form.only_shown(request):
        return _form(request, sent, {})
    found: list[Any] = []
    try:
        found = letter_uploads.accept(request, "berkas", "attachment")
        mandate = mandates.propose(
            request.house,
            request.site,
            _order(request, sent, request.POST.getall("kinds")),
            request.reader,
            request.now,
            upload=found[0] if found else None,
        )
    except Invalid as wrong:
        response = _form(request, sent, wrong.fields, letter_uploads.keep(request, found))
        response.status_int = 400
        return response
    request.tell("Penunjukan didaftarkan. Berlaku setelah disahkan oleh orang lain.")
    return HTTPSeeOther(f"{site_url(request)}@@wakil?surat={mandate.id}")


@data(context=Site, name="tetapkan-wakil", request_method="POST", permission=security.LOGGED_IN)
def register_data(request: Request) -> dict[str, Any]:
    """The same for programs: the fields of the form; ``kinds`` is a list, the scan comes as ``berkas`` of a form."""
    sent = sent_fields(request)
    if unknown := set(sent) - {*FIELDS, "kinds", "berkas", "csrf_token"}:
        raise Invalid(dict.fromkeys(sorted(unknown), "Isian ini tidak ditanyakan di sini."))
    kinds = sent.get("kinds", ()) if request.content_type == "application/json" else request.POST.getall("kinds")
    if not isinstance(kinds, list | tuple):
        raise Invalid({"kinds": "Pilih jenis naskah dari daftar."})
    values = {name: str(sent.get(name, "")).strip() for name in FIELDS}
    found = [] if request.content_type == "application/json" else letter_uploads.accept(request, "berkas", "attachment")
    order = _order(request, values | {"some": "ya" if kinds else ""}, [str(each) for each in kinds])
    mandate = mandates.propose(
        request.house, request.site, order, request.reader, request.now, upload=found[0] if found else None
    )
    request.response.status_int = 201
    return mandate_page.as_json(mandate_page.row(request, mandate))


@page(context=Site, name="sahkan-wakil", request_method="POST", permission=security.LOGGED_IN)
def confirm(request: Request) -> Response:
    """The second person finds it right."""
    mandate = _asked(request)
    try:
        mandates.confirm(request.house, request.site, mandate, request.reader, request.now)
    except Invalid as wrong:
        raise NotAllowed(" ".join(wrong.fields.values())) from None
    request.tell("Penunjukan disahkan. Yang diwakili, wakilnya, dan atasannya diberi tahu.")
    return HTTPSeeOther(f"{site_url(request)}@@wakil?surat={mandate.id}")


@data(context=Site, name="sahkan-wakil", request_method="POST", permission=security.LOGGED_IN)
def confirm_data(request: Request) -> dict[str, Any]:
    """The same for programs: ``surat`` is the id of the order."""
    mandate = _asked(request)
    mandates.confirm(request.house, request.site, mandate, request.reader, request.now)
    return mandate_page.as_json(mandate_page.row(request, mandate))


@page(context=Site, name="cabut-wakil", request_method="POST", permission=security.LOGGED_IN)
def revoke(request: Request) -> Response:
    """End an order now."""
    mandate = _asked(request)
    mandates.revoke(
        request.house, request.site, mandate, request.reader, str(request.POST.get("alasan", "")), request.now
    )
    request.tell("Penunjukan dicabut dan berakhir sekarang juga.")
    return HTTPSeeOther(f"{site_url(request)}@@wakil?surat={mandate.id}")


@data(context=Site, name="cabut-wakil", request_method="POST", permission=security.LOGGED_IN)
def revoke_data(request: Request) -> dict[str, Any]:
    """The same for programs: ``surat`` and ``alasan``."""
    mandate = _asked(request)
    reason = str(sent_fields(request).get("alasan", ""))
    mandates.revoke(request.house, request.site, mandate, request.reader, reason, request.now)
    return mandate_page.as_json(mandate_page.row(request, mandate))


def away(request: Request) -> list[tuple[str, str, str]]:
    """The reader's posts whose holder is away: id, title, the day on which he is back."""
    org = org_at(request.house, request.site, request.now)
    known = ((each, title, org.back_on(each)) for each, title in mandate_page.posts(request).items())
    return [(each, title, request.words.date(back)) for each, title, back in known if back is not None]


def _asked(request: Request) -> Mandate:
    """The order that the request names. Raises Unknown, also when it is not for the reader."""
    name = request.GET.get("surat") or str(sent_fields(request).get("surat", ""))
    mandate = request.site.mandates.get(name)
    org = org_at(request.house, request.site, request.now)
    if mandate is None or not mandates.may_see(org, mandate, request.reader):
        raise Unknown
    return mandate


def _one(request: Request, mandate: Mandate) -> Response:
    acts, total = mandates.acts(request.house, request.site, mandate, request.reader, request.now)
    shown = {
        "row": mandate_page.row(request, mandate),
        "acts": acts,
        "total": total,
        "stages": _stages(request, mandate),
    }
    return render_to_response(ONE, shown, request=request)


def _stages(request: Request, mandate: Mandate) -> list[tuple[str, str, Any]]:
    """Who did what with the order: verb, name, when."""
    people = request.site.people
    found = [
        ("Didaftarkan", mandate.proposed_by, mandate.proposed_at),
        ("Disahkan", mandate.confirmed_by, mandate.confirmed_at),
        ("Diakhiri", mandate.ended_by, mandate.ended_at),
    ]
    return [(verb, people[who].name, at) for verb, who, at in found if at is not None and who in people]


def _form(request: Request, typed: Mapping[str, str], errors: Mapping[str, str], kept: Any = ()) -> Response:
    position = str(request.params.get("jabatan", ""))
    posts = mandate_page.posts(request)
    if position not in posts:
        raise NotAllowed("Wakil jabatan ini tidak ditetapkan oleh jabatan Anda.")
    before = [each for each in request.site.mandates.of_position(position) if each.form in ACTING]
    shown = {
        "position": position,
        "title": posts[position],
        "office": request.site.office(request.site.positions[position].office),
        "forms": mandate_page.FORMS,
        "deputies": mandate_page.deputies(request, position),
        "kinds": mandate_page.kinds(request),
        "levels": SECURITY,
        "typed": typed,
        "chosen": request.POST.getall("kinds") if request.method == "POST" else [],
        "errors": errors,
        "kept": list(kept),
        "before": [mandate_page.row(request, each) for each in reversed(before)],
    }
    return render_to_response(FORM, shown, request=request)


def _order(request: Request, sent: Mapping[str, str], kinds: list[str]) -> Order:
    """What was typed, as an order. Raises Invalid for days that are none."""
    wrong: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name in ("since", "until", "dated"):
        try:
            days[name] = dates.parse_date(sent[name]) if sent[name] else None
        except ValueError as error:
            wrong[name] = str(error)
    if not sent["since"]:
        wrong["since"] = "Isi hari mulainya."
    if wrong:
        raise Invalid(wrong)
    org = org_at(request.house, request.site, request.now)
    acting = sent["form"] in ACTING
    owners = org.owners(sent["deputy"])
    return Order(
        form=sent["form"],
        position=sent["jabatan"],
        deputy=sent["deputy"],
        person=owners[0] if acting and owners else "",
        number=sent["number"],
        dated=days["dated"],
        since=days["since"] or request.words.today,
        until=days["until"],
        kinds=frozenset(kinds) if sent["some"] else None,
        ceiling=sent["ceiling"] or "T",
        signs=sent["signs"] == "ya",
        letter=urlsplit(sent["letter"]).path.removeprefix(urlsplit(site_url(request)).path.rstrip("/")),
    )
