"""The desk: what waits for the post one sits at, in trays; for who has not come in, the door."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyramid.renderers import render_to_response
from pyramid.request import Request
from pyramid.security import NO_PERMISSION_REQUIRED

from intranet_surat.kinds.vocabularies import SECURITY
from intranet_surat.resources.folder import find
from intranet_surat.resources.lists import LONGEST, SEALS, Row
from intranet_surat.resources.site import Site
from intranet_surat.services import breaker, letters, publishing, search
from intranet_surat.services.itemview import org_at
from intranet_surat.web import api, cookies, doubt_words, errors, turn_words
from intranet_surat.web.layout import RowView, batch, batch_asked, row_views, site_url
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views.door import DOOR, door
from intranet_surat.workflow import standing

ROWS_COOKIE = "surat_baris"
MANY = 30
"""From so many rows on, the list is shown in one line a row unless the reader says otherwise."""
INITIALLED = 5
"""So few of them are looked at themselves, to say that they have their initials."""
GROUPS = ("Sekarang", "Minggu ini", "Nanti", "Tanpa batas")
TRAYS = (
    ("menunggu", "waiting", "Menunggu saya"),
    ("belum-dibaca", "unread", "Belum dibaca"),
    ("sudah-dibaca", "read", "Sudah dibaca"),
    ("tanda-tangan", "sign", "Menunggu tanda tangan"),
    ("internal", "internal", "Internal"),
    ("eksternal", "external", "Eksternal"),
    ("sangat-segera", "urgent", "Sangat segera"),
    ("tembusan", "cc", "Tembusan"),
    ("rahasia", "secret", "Rahasia"),
)
ASKED = ("ditunggu", "asked", "Yang saya tunggu")


@dataclass(frozen=True, slots=True)
class Tray:
    """One tray with its figure."""

    slug: str
    name: str
    title: str
    count: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading of time."""

    title: str
    rows: list[RowView]


@dataclass(frozen=True, slots=True)
class Seat:
    """Another post of the same person, and what waits there."""

    id: str
    title: str
    count: int


@dataclass(frozen=True, slots=True)
class News:
    """What the reader must know, which letter or flow it is about, and where he reads why.

    It is ``mine`` when it came back to him, so that he has something to do.
    """

    what: str
    about: str
    url: str
    mine: bool = True


@page(context=Site, name="", request_method="GET", permission=NO_PERMISSION_REQUIRED)
def show_desk(request: Request) -> Any:
    """The first page: the desk, or the door."""
    if request.reader is None:
        return render_to_response(DOOR, door(request), request=request)
    return render_to_response("intranet_surat.templates:desk.jinja2", desk(request), request=request)


@data(context=Site, name="", request_method="GET", permission=NO_PERMISSION_REQUIRED)
def desk_data(request: Request) -> Any:
    """The desk for programs."""
    if request.reader is None:
        return errors.answer(request, errors.NOT_IN)
    found = desk(request)
    return api.folder(
        site_url(request),
        "Desk",
        found["tray"].title,
        (api.summary(request, each) for each in found["rows"]),
        batch=found["batch"],
        position=request.reader.position,
        position_title=request.page.post,
        provider_away=found["outage"].says if found["outage"] is not None else None,
        undecided=[{"@id": each.url, "about": each.subject} for each in found["undecided"]],
        news=[{"@id": each.url, "what": each.what, "about": each.about} for each in found["news"]],
        trays=[{"@id": each.url, "id": each.slug, "title": each.title, "count": each.count} for each in found["trays"]],
    )


def desk(request: Request) -> dict[str, Any]:
    """What the desk shows."""
    site, reader = request.site, request.reader
    counts = request.page.counts
    trays = tray_list(request, counts)
    tray = next(each for each in trays if each.current)
    start, size = batch_asked(request)
    rows, total = search.tray(site, reader, tray.name, start, size)
    shown = row_views(request, rows)
    late = late_count(request) if counts.get("waiting") else 0
    asked, asked_total = search.tray(site, reader, ASKED[1], 0, 5)
    signs, to_sign = search.tray(site, reader, "sign", 0, INITIALLED)
    undecided = doubt_words.waiting(request)
    doubtful = {each.path for each in undecided}
    certain = [each for each in signs if each.path not in doubtful]
    longest, _ = search.tray(site, reader, LONGEST, 0, 1)
    return {
        "trays": trays,
        "tray": tray,
        "rows": shown,
        "groups": groups(request, shown),
        "batch": batch(request, start, size, total),
        "late": late,
        "oldest": oldest(request, shown, total) if tray.name == "waiting" else "",
        "dense": is_dense(request, total),
        "sign": row_views(request, (certain or (signs if to_sign > len(signs) else []))[:1]),
        "undecided": undecided,
        "seals": search.tray(site, reader, SEALS, 0, 0)[1],
        "signs_since": longest[0].since if longest else None,
        "initialled": to_sign == len(signs) and initialled(request, signs),
        "asked": row_views(request, asked),
        "asked_total": asked_total,
        "asked_url": tray_url(request, ASKED[0]),
        "seats": seats(request),
        "not_for": not_for(request),
        "begin": begin(request),
        "news": news(request),
        "outage": breaker.outage(request.house, site, reader, request.now),
    }


def initialled(request: Request, signs: Sequence[Row]) -> bool:
    """Whether each of a few letters that wait for a signature has initials."""
    return bool(signs) and all(_has_initials(request.site, each) for each in signs)


def _has_initials(site: Site, row: Row) -> bool:
    try:
        return not row.seals and bool(find(site, row.path).initials)
    except KeyError:
        return False


def news(request: Request) -> list[News]:
    """What came back to the reader: disputed acts from paper, files he signed that are used no more, refused drafts."""
    rows, _ = search.tray(request.site, request.reader, "disputed", 0, 5)
    disputed = [News("Dibantah penulis kertasnya", each.subject, each.url) for each in row_views(request, rows)]
    rows, _ = search.tray(request.site, request.reader, "given-up", 0, 5)
    lost = [News(turn_words.LOST, each.subject, each.url, mine=False) for each in row_views(request, rows)]
    drafts = publishing.refused(request.house, request.site, request.reader, request.now)
    here = site_url(request) + "@@konsep-alur/"
    return [
        *disputed,
        *lost,
        *(News("Konsep alur dikembalikan", each.flow or "belum bernama", here + each.id) for each in drafts),
    ]


def not_for(request: Request) -> list[tuple[str, str, str]]:
    """What waits here and is not for who only acts for the post: how many of what, why, and whose it is; no subject."""
    org = org_at(request.house, request.site, request.now)
    reader = request.reader
    capacity = org.capacity(reader.person, reader.position)
    if capacity is None:
        return []
    can = f"Dapat: {org.title(reader.position)}, sesudah {capacity.title} berakhir."
    closed = search.closed(request.site, reader)
    secret = org.closed(reader.person, reader.position).levels
    levels = Counter(each.security for each in closed if each.security in secret)
    found = [
        (f"{n} surat {SECURITY[level].lower()}", "Menunggu bersampul tertutup.", can) for level, n in levels.items()
    ]
    rows, _ = search.tray(request.site, reader, "waiting", 0, 1000)
    rows += [each for each in closed if each.security not in secret]
    outside = [each.kind for each in rows if not standing.covers(capacity, each.kind)]
    kinds = ((request.house.kinds[kind].title.lower(), n) for kind, n in Counter(outside).items())
    return [*found, *((f"{n} {title}", f"Di luar lingkup {capacity.title}", can) for title, n in kinds)]


def begin(request: Request) -> tuple[str, str] | None:
    """The address and the words of what this post usually begins: the counter's form, or registering a letter."""
    post = request.site.positions[request.reader.position]
    office = request.site.office(post.office)
    if "operator_loket" in post.roles:
        return request.resource_url(office, "@@loket"), "Buka loket"
    if letters.beginnable(request.house, request.site, office, "masuk", request.reader, request.now):
        return request.resource_url(office["surat-masuk"], "@@tambah"), "Catat surat"
    return None


def tray_url(request: Request, slug: str) -> str:
    """The address of a tray."""
    return site_url(request) + ("" if slug == "menunggu" else f"?baki={slug}")


def tray_list(request: Request, counts: Any) -> list[Tray]:
    """The trays in their fixed order; an unknown name in the address is the first one."""
    wanted = request.GET.get("baki", "")
    named: Sequence[tuple[str, str, str]] = TRAYS if wanted != ASKED[0] else (*TRAYS, ASKED)
    wanted = wanted if wanted in {slug for slug, _, _ in named} else "menunggu"
    return [
        Tray(slug, name, title, counts.get(name, 0), tray_url(request, slug), slug == wanted)
        for slug, name, title in named
    ]


def late_count(request: Request) -> int:
    """How many of the waiting rows are over their limit; the earliest limits come first, so few are read."""
    rows, _ = search.tray(request.site, request.reader, "waiting", 0, 100)
    return sum(1 for each in rows if each.due is not None and request.words.due(each.due).css == "late")


def oldest(request: Request, rows: list[RowView], total: int) -> str:
    """How long the longest waits, when all rows are at hand."""
    since = [each.since for each in rows if each.since is not None]
    return request.words.waited(min(since)) if since and len(rows) == total else ""


def groups(request: Request, rows: list[RowView]) -> list[Group]:
    """The rows of this page under headings of time."""
    found: dict[str, list[RowView]] = {title: [] for title in GROUPS}
    for each in rows:
        found[request.words.group(each.due)].append(each)
    return [Group(title, some) for title, some in found.items() if some]


def is_dense(request: Request, total: int) -> bool:
    """One line a row: as chosen now or before, else when there are many."""
    asked = request.GET.get("baris")
    if asked in {"rapat", "longgar"}:
        cookies.give(request, ROWS_COOKIE, asked, max_age=365 * 86400)
        return bool(asked == "rapat")
    chosen = cookies.read(request, ROWS_COOKIE)
    return chosen == "rapat" or (chosen is None and total > MANY)


def seats(request: Request) -> list[Seat]:
    """The other posts of the reader."""
    site, reader = request.site, request.reader
    return [
        Seat(each, site.positions[each].title, search.counts(site, replace(reader, position=each)).get("waiting", 0))
        for each in reader.positions
        if each != reader.position
    ]
