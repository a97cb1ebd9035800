"""One's own account: which posts one holds and sits at, where one is logged in; and the page of shortcuts."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from pyramid.httpexceptions import HTTPSeeOther
from pyramid.request import Request
from pyramid.response import Response

from intranet_surat.resources.site import Site
from intranet_surat.services import accounts
from intranet_surat.services.itemview import org_at
from intranet_surat.services.org import DAY
from intranet_surat.web import api, security
from intranet_surat.web.layout import site_url
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views.desk import seats
from intranet_surat.web.views.door import sent_fields

ACCOUNT = "intranet_surat.templates:account.jinja2"


@dataclass(frozen=True, slots=True)
class Place:
    """A device at which the person is logged in; ``mark`` names the session without telling its secret."""

    mark: str
    label: str
    kind: str
    started: Any
    until: Any
    here: bool


@page(context=Site, name="akun", request_method="GET", permission=security.LOGGED_IN, renderer=ACCOUNT)
def show_account(request: Request) -> dict[str, Any]:
    """Posts, sessions, the way out."""
    person = request.site.people[request.reader.person]
    return {"person": person, "holdings": holdings(request), "seats": seats(request), "places": places(request)}


@data(context=Site, name="akun", request_method="GET", permission=security.LOGGED_IN)
def account_data(request: Request) -> dict[str, Any]:
    """Who one is, for programs."""
    person = request.site.people[request.reader.person]
    held = [request.site.positions[each] for each in request.reader.positions]
    return api.folder(
        site_url(request) + "@@akun",
        "Account",
        person.name,
        ({"@type": "Position", "id": each.id, "title": each.title, "office": each.office} for each in held),
        person=person.id,
        position=request.reader.position,
    )


@page(context=Site, name="jabatan", request_method="POST", permission=security.LOGGED_IN)
def sit_at(request: Request) -> Response:
    """Sit at another of one's posts."""
    position = request.POST.get("jabatan", "")
    accounts.sit_at(request.site, request.session_secret, position, request.now, request.words.today)
    capacity = org_at(request.house, request.site, request.now).capacity(request.reader.person, position)
    title = request.site.positions[position].title
    request.tell(f"Anda sekarang bekerja sebagai {f'{capacity.title} {title}' if capacity is not None else title}.")
    return HTTPSeeOther(site_url(request))


@data(context=Site, name="jabatan", request_method="POST", permission=security.LOGGED_IN)
def sit_at_data(request: Request) -> dict[str, Any]:
    """Let a token work at another post."""
    position = str(sent_fields(request).get("jabatan", ""))
    accounts.sit_at(request.site, security.bearer(request), position, request.now, request.words.today)
    return {"position": position}


@page(context=Site, name="akhiri-sesi", request_method="POST", permission=security.LOGGED_IN)
def end_place(request: Request) -> Response:
    """End one's session at another device."""
    mark = request.POST.get("sesi", "")
    person = request.reader.person
    for each in accounts.sessions_of(request.site, person, request.now):
        if mark_of(each.id) == mark and accounts.end_session(request.site, person, each.id, request.now):
            request.tell("Sesi di perangkat itu sudah diakhiri.")
    return HTTPSeeOther(site_url(request) + "@@akun")


@page(
    context=Site,
    name="pintasan",
    request_method="GET",
    permission=security.LOGGED_IN,
    renderer="intranet_surat.templates:shortcuts.jinja2",
)
def show_shortcuts(_request: Request) -> dict[str, Any]:
    """The list of keyboard shortcuts."""
    return {}


def holdings(request: Request) -> dict[str, str]:
    """Position id -> office, and in what capacity and until when it is held."""
    words, person = request.words, request.reader.person
    org = org_at(request.house, request.site, request.now)
    found = {}
    for each in request.reader.positions:
        position = request.site.positions[each]
        office = request.site.office(position.office)
        held = next((one for one in position.holdings(words.today) if one.person == person), None)
        capacity, order = org.capacity_words(person, each)
        acts = org.capacity(person, each)
        last = acts.until if acts is not None else held.until - DAY if held is not None and held.until else None
        parts = [office.name if office else "", capacity]
        parts.append(f"sejak {words.date(held.since)}" if held else "")
        parts.append(f"sampai {words.date(last)}" if last else "")
        parts.append(f"surat perintah {order}" if acts is not None and order else "")
        found[each] = ", ".join(part for part in parts if part)
    return found


def places(request: Request) -> list[Place]:
    """Where the person is logged in, the newest first."""
    here = accounts.session(request.site, request.session_secret, request.now)
    mine = accounts.sessions_of(request.site, request.reader.person, request.now)
    return [Place(mark_of(each.id), each.label, each.kind, each.started, each.until, each is here) for each in mine]


def mark_of(key: str) -> str:
    """A name for a session that helps nobody to take it over."""
    return hashlib.sha256(f"sesi {key}".encode()).hexdigest()[:20]
