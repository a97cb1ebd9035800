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
from intranet_surat.web import api, carried_form, letter_uploads, mandate_page, security, sent_form, stepup
from intranet_surat.web.layout import site_url
from intranet_surat.web.negotiation import data, file, page
from intranet_surat.web.views.door import sent_fields
from intranet_surat.web.views.files import attachment

LIST = "intranet_surat.templates:mandates.jinja2"
ONE = "intranet_surat.templates:mandate.jinja2"
FORM = "intranet_surat.templates:mandate_form.jinja2"
DAYS = ("since", "until", "dated")
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
        "handovers": handovers(request),
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
        mandate = _register(request, sent, request.POST.getall("kinds"), found)
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
    sent_form.only(request, (*FIELDS, "kinds", "berkas"))
    kinds = sent.get("kinds", ()) if request.content_type == "application/json" else request.POST.getall("kinds")
    if not isinstance(kinds, list | tuple):
        raise Invalid({"kinds": "Pilih jenis naskah dari daftar."})
    values = {name: str(sent.get(name, "")).strip() for name in FIELDS}
    mandate = _register(request, values | {"some": "ya" if kinds else ""}, [str(each) for each in kinds], [])
    request.response.status_int = 201
    return mandate_page.as_json(mandate_page.row(request, mandate))


@page(context=Site, name="sahkan-wakil", request_method="POST", permission=security.LOGGED_IN)
def confirm(request: Request) -> Response:
    """The second person finds it right, and proves with his password that it is he."""
    mandate = _asked(request)
    try:
        _confirm(request, mandate)
    except Invalid as wrong:
        if stepup.FIELD not in wrong.fields:
            raise NotAllowed(" ".join(wrong.fields.values())) from None
        return _one(request, mandate, wrong.fields, "sahkan")
    request.tell("Penunjukan disahkan. Yang diwakili, wakilnya, dan atasannya diberi tahu.")
    return HTTPSeeOther(f"{site_url(request)}@@wakil?surat={mandate.id}")


@data(context=Site, name="sahkan-wakil", request_method="POST", permission=security.LOGGED_IN)
def confirm_data(request: Request) -> dict[str, Any]:
    """The same for programs: ``surat`` is the id of the order, ``sandi`` the password once more."""
    mandate = _asked(request)
    _confirm(request, mandate)
    return mandate_page.as_json(mandate_page.row(request, mandate))


@page(context=Site, name="cabut-wakil", request_method="POST", permission=security.LOGGED_IN)
def revoke(request: Request) -> Response:
    """End an order now, with the password once more."""
    mandate = _asked(request)
    try:
        _revoke(request, mandate)
    except Invalid as wrong:
        return _one(request, mandate, wrong.fields, "cabut")
    request.tell("Penunjukan dicabut dan berakhir sekarang juga.")
    return HTTPSeeOther(f"{site_url(request)}@@wakil?surat={mandate.id}")


@data(context=Site, name="cabut-wakil", request_method="POST", permission=security.LOGGED_IN)
def revoke_data(request: Request) -> dict[str, Any]:
    """The same for programs: ``surat``, ``alasan`` and ``sandi``."""
    mandate = _asked(request)
    _revoke(request, mandate)
    return mandate_page.as_json(mandate_page.row(request, mandate))


def away(request: Request) -> list[tuple[str, str, str]]:
    """The reader's posts whose holder is away: id, title, the day on which he is back."""
    org = org_at(request.house, request.site, request.now)
    known = ((each, title, org.back_on(each)) for each, title in mandate_page.posts(request).items())
    return [(each, title, request.words.date(back)) for each, title, back in known if back is not None]


def handovers(request: Request) -> list[tuple[str, str, date]]:
    """The posts that the reader keeps and that wait to change hands: id, title, from which day on."""
    known = ((each, title, request.site.positions[each].asked) for each, title in mandate_page.posts(request).items())
    return [(each, title, asked.since) for each, title, asked in known if asked is not None]


def _asked(request: Request) -> Mandate:
    """The order that the request names. Raises Unknown, also when it is not for the reader."""
    name = request.GET.get("surat") or str(sent_fields(request).get("surat", ""))
    mandate = request.site.mandates.get(name)
    org = org_at(request.house, request.site, request.now)
    if mandate is None or not mandates.may_see(org, mandate, request.reader):
        raise Unknown
    return mandate


def _confirm(request: Request, mandate: Mandate) -> None:
    if mandates.may_confirm(org_at(request.house, request.site, request.now), mandate, request.reader):
        stepup.demand(request)
    mandates.confirm(request.house, request.site, mandate, request.reader, request.now)


def _revoke(request: Request, mandate: Mandate) -> None:
    reason = str(sent_fields(request).get("alasan", ""))
    if mandates.may_register(org_at(request.house, request.site, request.now), request.reader, mandate.position):
        stepup.demand(request)
    mandates.revoke(request.house, request.site, mandate, request.reader, reason, request.now)


def _one(request: Request, mandate: Mandate, errors: Mapping[str, str] | None = None, at: str = "") -> Response:
    """One order; ``errors`` are those of the form that is called ``at``."""
    acts, total = mandates.acts(request.house, request.site, mandate, request.reader, request.now)
    shown = {
        "row": mandate_page.row(request, mandate),
        "acts": acts,
        "total": total,
        "stages": _stages(request, mandate),
        "errors": errors or {},
        "at": at,
        "typed": {"alasan": request.POST.get("alasan", "")},
    }
    response = render_to_response(ONE, shown, request=request)
    response.status_int = 400 if errors else 200
    return response


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
        "key": sent_form.key(request) if request.method == "POST" else None,
        "before": [mandate_page.row(request, each) for each in reversed(before)],
    }
    return render_to_response(FORM, shown, request=request)


def _register(request: Request, sent: Mapping[str, str], kinds: list[str], found: list[Any]) -> Mandate:
    """Keep the order that was typed; the file that came goes into ``found``. Raises Invalid with all that is wrong."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    wrong: dict[str, str] = {}
    if request.content_type != "application/json":
        try:
            found.extend(letter_uploads.accept(request, "berkas", "attachment"))
        except Invalid as bad:
            wrong.update(bad.fields)
    has_file = bool(found) or "berkas" in wrong
    order, days = _order(request, sent, kinds)
    wrong.update(days)
    if wrong:
        more = mandates.against(house, site, order, reader, now, has_file=has_file)
        # What follows from a day is not told while some day cannot be read.
        raise Invalid({name: says for name, says in more.items() if not (days and name in DAYS)} | wrong)
    upload = found[0] if found else None
    return mandates.register(house, site, order, reader, now, key=sent_form.key(request), upload=upload)


def _order(request: Request, sent: Mapping[str, str], kinds: list[str]) -> tuple[Order, dict[str, str]]:
    """What was typed, as an order, and the days that are none."""
    wrong: dict[str, str] = {}
    days: dict[str, date | None] = {}
    for name in DAYS:
        try:
            days[name] = dates.parse_date(sent[name]) if sent[name] else None
        except ValueError as error:
            wrong[name] = str(error)
    if not sent["since"]:
        wrong["since"] = "Isi hari mulainya."
    org = org_at(request.house, request.site, request.now)
    acting = sent["form"] in ACTING
    owners = org.owners(sent["deputy"])
    order = Order(
        form=sent["form"],
        position=sent["jabatan"],
        deputy=sent["deputy"],
        person=owners[0] if acting and owners else "",
        number=sent["number"],
        dated=days.get("dated"),
        since=days.get("since") or request.words.today,
        until=days.get("until"),
        kinds=frozenset(kinds) if sent["some"] else None,
        ceiling=sent["ceiling"] or "T",
        signs=sent["signs"] == "ya",
        letter=urlsplit(sent["letter"]).path.removeprefix(urlsplit(site_url(request)).path.rstrip("/")),
    )
    return order, wrong
