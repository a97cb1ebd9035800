"""Browsing the tree: the map, an office, the registers of its letters. Every list holds the reader's own rows only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyramid.request import Request

from intranet_surat.resources.site import Office, Section, Site, Villages, Year
from intranet_surat.services import letters, search
from intranet_surat.web import api
from intranet_surat.web.layout import batch, batch_asked, row_views, site_url
from intranet_surat.web.negotiation import data, page
from intranet_surat.web.views.search import fragments
from intranet_surat.web.words import SECTIONS

DRAWERS = ("surat-masuk", "surat-keluar", "kiriman", "berkas")
LETTERS = {"masuk": "surat-masuk", "keluar": "surat-keluar"}
MOST_FILTERED = 500
REGISTER = "intranet_surat.templates:register.jinja2"
FOLDER = "intranet_surat.templates:folder.jinja2"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A year of a register in the folder tree."""

    title: str
    url: str
    count: int | None
    current: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A register with its years; ``open`` when the page stands in it."""

    title: str
    url: str
    open: bool
    leaves: tuple[Leaf, ...]


@dataclass(frozen=True, slots=True)
class OfficeNode:
    """An office in the folder tree."""

    title: str
    url: str
    open: bool
    branches: tuple[Branch, ...]


@page(context=Site, name="map", request_method="GET", permission="view", renderer=FOLDER)
def show_map(request: Request) -> dict[str, Any]:
    """The whole tree, as far as the reader has rows in it."""
    return {"title": "Map surat", "tiles": (), "office": None, "tree": tree(request, None, "", 0), "what": ""}


@data(context=Site, name="map", request_method="GET", permission="view")
def map_data(request: Request) -> dict[str, Any]:
    """The same for programs: one item a register and year."""
    items = [
        {
            "@id": leaf.url,
            "@type": "Register",
            "title": f"{node.title}, {branch.title} {leaf.title}",
            "count": leaf.count,
        }
        for node in tree(request, None, "", 0)
        for branch in node.branches
        for leaf in branch.leaves
    ]
    return api.folder(site_url(request) + "@@map", "Map", "Map surat", items)


@page(context=Office, name="", request_method="GET", permission="view", renderer=FOLDER)
def show_office(context: Office, request: Request) -> dict[str, Any]:
    """An office: its registers, and how to reach it."""
    counted = counts_of(request, context.code)
    tiles = [
        (SECTIONS[str(each.__name__)], request.resource_url(each), counted.get(each.direction))
        for each in (context[name] for name in DRAWERS)
    ]
    found = tree(request, context, "", 0)
    return {"title": context.name, "tiles": tiles, "office": context, "tree": found, "what": "Register kantor ini"}


@data(context=Office, name="", request_method="GET", permission="view")
def office_data(context: Office, request: Request) -> dict[str, Any]:
    """The same for programs."""
    items = [
        {"@id": request.resource_url(each), "@type": "Section", "title": SECTIONS[str(each.__name__)]}
        for each in (context[name] for name in DRAWERS)
    ]
    return api.folder(
        request.resource_url(context), "Office", context.name, items, code=context.code, short=context.short
    )


@page(context=Villages, name="", request_method="GET", permission="view", renderer=FOLDER)
def show_villages(context: Villages, request: Request) -> dict[str, Any]:
    """The villages, by name."""
    offices = sorted(context.values(), key=lambda each: each.name)
    tiles = [(each.name, request.resource_url(each), None) for each in offices]
    return {"title": "Desa", "tiles": tiles, "office": None, "tree": tree(request, None, "", 0), "what": "Daftar desa"}


@data(context=Villages, name="", request_method="GET", permission="view")
def villages_data(context: Villages, request: Request) -> dict[str, Any]:
    """The same for programs."""
    items = [
        {"@id": request.resource_url(each), "@type": "Office", "title": each.name, "code": each.code}
        for each in sorted(context.values(), key=lambda each: each.name)
    ]
    return api.folder(request.resource_url(context), "Villages", "Desa", items)


@page(context=Section, name="", request_method="GET", permission="view", drawer="letters", renderer=REGISTER)
@page(context=Year, name="", request_method="GET", permission="view", drawer="letters", renderer=REGISTER)
def show_register(context: Any, request: Request) -> dict[str, Any]:
    """The register of a year; on the section itself that of the newest year."""
    return register(context, request)


@data(context=Section, name="", request_method="GET", permission="view", drawer="letters")
@data(context=Year, name="", request_method="GET", permission="view", drawer="letters")
def register_data(context: Any, request: Request) -> dict[str, Any]:
    """The same for programs."""
    found = register(context, request)
    return api.folder(
        request.resource_url(context),
        "Register",
        found["title"],
        (api.summary(request, each) for each in found["rows"]),
        batch=found["batch"],
        office=found["office"].code,
        direction=found["section"].direction,
        year=found["year"],
    )


def register(context: Any, request: Request) -> dict[str, Any]:
    """What a register shows: the reader's own rows of one office, direction and year."""
    section = context if isinstance(context, Section) else context.__parent__
    office = section.__parent__
    year = int(str(context.__name__)) if isinstance(context, Year) else newest_year(office, section, request)
    start, size = batch_asked(request)
    wanted = " ".join(request.GET.get("q", "").split())[:100]
    rows, total = asked_rows(request, office.code, section.direction, year, wanted, start, size)
    book = "Buku agenda" if section.direction == "masuk" else "Register"
    return {
        "title": f"{book} {SECTIONS[LETTERS[section.direction]].lower()} {year}",
        "office": office,
        "section": section,
        "section_url": request.resource_url(section),
        "may_add": bool(
            letters.beginnable(request.house, request.site, office, section.direction, request.reader, request.now)
        ),
        "year": year,
        "wanted": wanted,
        "rows": row_views(request, rows),
        "batch": batch(request, start, size, total),
        "tree": tree(request, office, section.direction, year),
    }


def asked_rows(
    request: Request, office: str, direction: str, year: int, wanted: str, start: int, size: int
) -> tuple[list[Any], int]:
    """A stretch of the register; with words, of what is found among the newest rows that hold them."""
    site, reader = request.site, request.reader
    if not wanted:
        return search.register(site, reader, office, direction, year, start, size)
    found, _ = search.find(site, reader, wanted, 0, MOST_FILTERED)
    found = found or search.find(site, reader, fragments(wanted), 0, MOST_FILTERED)[0]
    here = [each for each in found if (each.office, each.direction, each.year) == (office, direction, year)]
    return here[start : start + size], len(here)


def newest_year(office: Office, section: Section, request: Request) -> int:
    """The newest year of which the reader has rows, else this year; what others have must not show here."""
    found = search.folders(request.site, request.reader)
    here = (office.code, section.direction)
    return max((year for code, way, year in found if (code, way) == here), default=request.words.today.year)


def counts_of(request: Request, code: str) -> dict[str, int]:
    """Direction -> rows of the reader in an office."""
    found: dict[str, int] = {}
    for (office, direction, _year), count in search.folders(request.site, request.reader).items():
        if office == code:
            found[direction] = found.get(direction, 0) + count
    return found


def tree(request: Request, here: Office | None, direction: str, year: int) -> list[OfficeNode]:
    """The folders in which the reader has rows, his own office first and always."""
    site = request.site
    folders: Mapping[tuple[str, str, int], int] = search.folders(site, request.reader)
    own = site.positions[request.reader.position].office
    codes = {own, *(office for office, way, _ in folders if way)} | ({here.code} if here is not None else set())
    found = []
    for code in sorted(codes, key=lambda each: (each != own, each)):
        office = site.office(code)
        if office is None:
            continue
        is_here = here is not None and code == here.code
        branches = [branch(request, office, way, folders, (is_here and way == direction, year)) for way in LETTERS]
        url = request.resource_url(office)
        found.append(OfficeNode(office.short or office.name, url, is_here or here is None, tuple(branches)))
    return found


def branch(
    request: Request,
    office: Office,
    way: str,
    folders: Mapping[tuple[str, str, int], int],
    here: tuple[bool, int],
) -> Branch:
    """One register of an office with the years the reader has rows in."""
    section = office[LETTERS[way]]
    url = request.resource_url(section)
    years = sorted((each for code, direction, each in folders if (code, direction) == (office.code, way)), reverse=True)
    leaves = tuple(
        Leaf(str(each), f"{url}{each}/", folders[office.code, way, each], here == (True, each))
        for each in years
        if str(each) in section
    )
    return Branch(SECTIONS[LETTERS[way]], url, here[0], leaves)
