"""The page of the working calendar: everybody reads it, and who keeps it adds days and takes them out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.errors import Invalid
from intranet_surat.kinds import dates
from intranet_surat.resources.site import Site
from intranet_surat.services import calendars
from intranet_surat.services.calendars import Day, Edit
from intranet_surat.web import api, carried_form, security
from intranet_surat.web.layout import site_url
from intranet_surat.web.negotiation import data, page

TEMPLATE = "intranet_surat.templates:calendar.jinja2"
NAME = "kalender"
FIELDS = ("date", "until", "name", "kind", "basis", "opens", "closes", "why")


@dataclass(frozen=True, slots=True)
class Version:
    """One version of the calendar: when, by which post, and why; the shipped one has no reason."""

    at: datetime
    by: str
    why: str


@page(context=Site, name=NAME, request_method="GET", permission=security.LOGGED_IN)
def show(request: Request) -> Response:
    """The days of a year, and how the calendar came to be as it is."""
    return drawn(request, {}, {})


@data(context=Site, name=NAME, request_method="GET", permission=security.LOGGED_IN)
def show_data(request: Request) -> dict[str, Any]:
    """All days for programs."""
    days = ({"@type": "Day", **each.row} for each in calendars.days(request.site))
    return api.folder(site_url(request) + "@@" + NAME, "Calendar", "Kalender kerja", days)


@page(context=Site, name=NAME, request_method="POST", permission=security.LOGGED_IN)
def change(request: Request) -> Response:
    """Add a day or a period, or take a day out."""
    calendars.demand(request.site, request.reader)
    sent = {name: str(request.POST.get(name, "")).strip() for name in FIELDS}
    removed = str(request.POST.get("hapus", ""))
    if carried_form.only_shown(request):
        return drawn(request, sent, {}, removed)
    try:
        edits = [Edit("remove", Day(_stored(removed), "", ""))] if removed else _added(request, sent)
        changed = calendars.change(request.site, edits, sent["why"], request.reader, request.now)
    except Invalid as wrong:
        response = drawn(request, sent, wrong.fields, removed)
        response.status_int = 400
        return response
    first = edits[0].day.date
    done = f"{request.words.long_date(first)} dihapus" if removed else f"{changed} hari ditambahkan"
    request.tell(f"Kalender kerja: {done}. Batas surat yang berjalan sedang dihitung ulang.")
    return HTTPSeeOther(f"{site_url(request)}@@{NAME}?tahun={first.year}")


def drawn(request: Request, typed: Mapping[str, str], errors: Mapping[str, str], removed: str = "") -> Response:
    """The page, also with what was typed when something of it is wrong."""
    days = calendars.days(request.site)
    years = sorted({each.date.year for each in days} | {request.words.today.year})
    asked = str(request.params.get("tahun", ""))
    year = int(asked) if asked in {str(each) for each in years} else request.words.today.year
    shown = {
        "days": [each for each in days if each.date.year == year],
        "year": year,
        "years": years,
        "versions": [_version(request.site, each) for each in calendars.versions(request.site)],
        "keeper": calendars.may_change(request.site, request.reader),
        "kinds": calendars.KINDS,
        "typed": typed,
        "errors": errors,
        "removed": removed,
        "here": site_url(request) + "@@" + NAME,
    }
    return render_to_response(TEMPLATE, shown, request=request)


def _added(request: Request, sent: Mapping[str, str]) -> list[Edit]:
    """The edits that were typed. Raises Invalid with all that is wrong, also of what is judged besides them."""
    wrong: dict[str, str] = {}
    entered: dict[str, date] = {}
    for field in ("date", "until"):
        try:
            entered[field] = dates.parse_date(sent[field] or sent["date"])
        except ValueError as error:
            if field == "date" or sent["until"]:
                wrong[field] = str(error)
    first = entered.get("date", request.words.today)
    day = Day(first, sent["name"], sent["kind"], sent["basis"], _clock(sent["opens"]), _clock(sent["closes"]))
    edits = [Edit("add", day)]
    if not wrong:
        try:
            edits = calendars.period(request.site, day, entered["until"])
        except Invalid as bad:
            wrong.update(bad.fields)
    if wrong:
        raise Invalid(calendars.against(request.site, edits, sent["why"]) | wrong)
    return edits


def _stored(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid({"date": "Hari ini tidak ada di kalender. Muat ulang halaman."}) from None


def _clock(text: str) -> str:
    """``8.00`` and ``08:00`` as the table keeps them."""
    hour, _, minute = text.replace(".", ":").partition(":")
    is_clock = hour.isdecimal() and minute.isdecimal() and len(text) < 9
    return f"{int(hour):02}:{int(minute):02}" if is_clock else text


def _version(site: Site, found: Any) -> Version:
    position = site.positions.get(found.position)
    by = position.title if position is not None else "DKISP, lewat baris perintah" if found.why else ""
    return Version(found.loaded_at, by, found.why)
