"""What the frame of a page needs: letterhead, navigation, the result line, rows and batches of lists.

Templates find it as ``page`` and ``words``; pages themselves are made in `web.views`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any
from urllib.parse import urlencode

from pyramid.request import Request

from intranet_surat.services import calendars, search, secrecy
from intranet_surat.services.itemview import org_at
from intranet_surat.services.reference import CALENDAR
from intranet_surat.web import cookies, navigation
from intranet_surat.web.navigation import NavLink
from intranet_surat.web.words import Words, in_turn
from intranet_surat.workflow.view import Capacity

TOLD = "surat_kabar"
STATIC = "intranet_surat.templates:static/"
PAGE_SIZE = 20
LARGEST_PAGE = 100


@dataclass(frozen=True, slots=True)
class Told:
    """The line that says what the last act did; perhaps with a link, such as to undo it."""

    text: str
    kind: str = "good"
    href: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class RowView:
    """A stored row as a list shows it."""

    row: Any
    url: str
    subject: str
    meta: tuple[str, ...]
    turn: str = ""

    def __getattr__(self, name: str) -> Any:
        """Whatever else a template asks is the stored row's own."""
        return getattr(self.row, name)


@dataclass(frozen=True, slots=True)
class Batch:
    """A stretch of a list and the addresses of its neighbours."""

    start: int
    size: int
    total: int
    url: str
    query: tuple[tuple[str, str], ...] = ()

    def at(self, start: int) -> str:
        """The address of the same list from another row on."""
        query = [*self.query, *([("mulai", str(start))] if start else [])]
        if self.size != PAGE_SIZE:
            query.append(("banyak", str(self.size)))
        return f"{self.url}?{urlencode(query)}" if query else self.url

    @property
    def end(self) -> int:
        """The number of the last row shown, counted from 1."""
        return min(self.start + self.size, self.total)

    @property
    def previous(self) -> str:
        """The address of the batch before, or nothing."""
        return self.at(max(0, self.start - self.size)) if self.start else ""

    @property
    def next(self) -> str:
        """The address of the batch after, or nothing."""
        return self.at(self.start + self.size) if self.start + self.size < self.total else ""

    @property
    def last(self) -> str:
        """The address of the last batch."""
        return self.at(max(0, (self.total - 1) // self.size * self.size))

    @property
    def previous_words(self) -> str:
        """``1–20``: which rows stand before."""
        first = max(0, self.start - self.size)
        return f"{first + 1}–{min(first + self.size, self.start)}"

    @property
    def next_words(self) -> str:
        """``41–60``: which rows stand after."""
        return f"{self.start + self.size + 1}–{min(self.start + 2 * self.size, self.total)}"

    @property
    def words(self) -> str:
        """``21–40 dari 164``."""
        return f"{self.start + 1}–{self.end} dari {Words.number(self.total)}" if self.total else "0"


def batch_asked(request: Request) -> tuple[int, int]:
    """Where the list starts and how many rows are wanted; nonsense counts as nothing said."""
    start = _whole(request.GET.get("mulai"), 0, 10_000_000)
    return start, max(1, _whole(request.GET.get("banyak"), PAGE_SIZE, LARGEST_PAGE))


def batch(request: Request, start: int, size: int, total: int) -> Batch:
    """The batch shown on this page, with the filters of its address kept."""
    kept = tuple((k, v) for k, v in request.GET.items() if k not in {"mulai", "banyak"} and v)
    return Batch(start, size, total, request.path_url, kept)


def row_view(request: Request, row: Any) -> RowView:
    """A row with its address and the words under its subject."""
    words = request.words
    number = f"Agenda {words.number(row.order)}" if row.order else str(row.number)
    came = f"diterima {words.within(row.at)}" if row.direction == "masuk" else words.within(row.at)
    titles = [post.title for each in row.signed if (post := request.site.positions.get(each)) is not None]
    turn = in_turn(titles, row.place, row.of)
    return RowView(
        row=row,
        url=site_url(request) + row.path.strip("/") + "/",
        subject=secrecy.MASK if row.masked else row.subject or "(tanpa hal)",
        meta=tuple(each for each in (turn, row.sender, f"{number}, {came}" if number else came) if each),
        turn=turn,
    )


def row_views(request: Request, rows: Iterable[Any]) -> list[RowView]:
    """Rows as lists show them."""
    return [row_view(request, each) for each in rows]


def site_url(request: Request) -> str:
    """The address of our site, wherever the host keeps it; ends with a slash."""
    known: str | None = getattr(request, "known_site_url", None)
    if known is None:
        known = request.known_site_url = str(request.resource_url(request.site))
    return known


def tell(request: Request, text: str, kind: str = "good", href: str = "", label: str = "") -> None:
    """Say on the next page what this act did. Never put a subject in it: it travels in a cookie."""
    value = json.dumps([text, kind, href, label])
    cookies.give(request, TOLD, cookies.signed(request, TOLD, value), max_age=300)


class Page:
    """The frame of the page that answers this request."""

    def __init__(self, request: Request) -> None:
        """Nothing is read until a template asks."""
        self._request = request

    @property
    def reader(self) -> Any:
        """Who reads, or None."""
        return self._request.reader

    @property
    def regency(self) -> str:
        """``Kabupaten Serang``."""
        return str(self._request.house.settings.regency)

    @property
    def demo(self) -> bool:
        """Whether this is the demo, which every page says."""
        return bool(self._request.house.settings.demo)

    @property
    def csrf(self) -> str:
        """The token that a form sends back."""
        return str(self._request.session_token)

    @property
    def home(self) -> str:
        """The address of the desk."""
        return site_url(self._request)

    def link(self, name: str = "") -> str:
        """The address of a page of the site itself, such as ``@@cari``."""
        return site_url(self._request) + name

    def url(self, resource: Any, *parts: str, **options: Any) -> str:
        """The address of any resource."""
        return str(self._request.resource_url(resource, *parts, **options))

    def asset(self, name: str) -> str:
        """The address of a file of ours, with its hash: browsers may keep it for ever."""
        return str(self._request.static_url(STATIC + name))

    def new_key(self) -> str:
        """A key for one sending of one form."""
        return secrets.token_urlsafe(16)

    @cached_property
    def told(self) -> Told | None:
        """What the last act did; shown once."""
        text = cookies.unsigned(self._request, TOLD, cookies.read(self._request, TOLD))
        if text is None:
            return None
        cookies.take_away(self._request, TOLD)
        return Told(*json.loads(text))

    @cached_property
    def _position(self) -> Any:
        return self._request.site.positions[self.reader.position] if self.reader else None

    @cached_property
    def _office(self) -> Any:
        return self._request.site.office(self._position.office) if self._position else None

    @property
    def post(self) -> str:
        """The title of the position he sits at."""
        return str(self._position.title) if self._position else ""

    @property
    def office(self) -> str:
        """What the letterhead says: the office; for the head of the regency the post itself."""
        if self._office is None:
            return "Intranet Surat"
        return self.post if self._office.kind == "kepala-daerah" else str(self._office.name)

    @property
    def office_short(self) -> str:
        """The office as phones show it."""
        if self._office is None or self._office.kind == "kepala-daerah":
            return ""
        return str(self._office.short)

    @property
    def body_class(self) -> str:
        """``leader`` for the head of the regency, ``acting`` for who acts for another post."""
        if self.acting:
            return "acting"
        return "leader" if self._office is not None and self._office.kind == "kepala-daerah" else ""

    @cached_property
    def acting(self) -> str:
        """The line that says for which post, and until when, he acts; empty for a post of his own."""
        if self._capacity is None:
            return ""
        until = f" sampai {self._request.words.day(self._capacity.until)}" if self._capacity.until else ""
        return f"Anda bertindak sebagai {self._capacity.title} {self.post}{until}."

    @property
    def acting_title(self) -> str:
        """The post as his signature prints it."""
        return f"{self._capacity.title} {self.post}" if self._capacity is not None else self.post

    @property
    def acting_order(self) -> str:
        """The number of the order by which he acts."""
        return self._capacity.order if self._capacity is not None else ""

    @cached_property
    def own_seat(self) -> str:
        """The title of the first post that he holds in his own right."""
        org = org_at(self._request.house, self._request.site, self._request.now)
        own = (each for each in self.reader.positions if org.capacity(self.reader.person, each) is None)
        return org.title(next(own, ""))

    @cached_property
    def _capacity(self) -> Capacity | None:
        if self._position is None:
            return None
        org = org_at(self._request.house, self._request.site, self._request.now)
        return org.capacity(self.reader.person, self.reader.position)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """Tray -> rows of the position he sits at."""
        return search.counts(self._request.site, self.reader) if self.reader else {}

    @cached_property
    def nav(self) -> tuple[NavLink, ...]:
        """The navigation; empty at the door."""
        return navigation.links(self._request, self._position, self.counts) if self._office is not None else ()


def make_words(request: Request) -> Words:
    """The words of this request's moment and place."""
    house = request.house

    @cache
    def calendar() -> Any:
        # Asked when a page first counts days: an error page needs no database for its words.
        site = request.site
        return house.calendars[CALENDAR] if site is None else calendars.calendar(house, site, CALENDAR)

    return Words(request.now, house.settings.timezone, lambda day: calendar().works(day))


def _whole(text: str | None, default: int, largest: int) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 9:
        return default
    return min(int(text), largest)
