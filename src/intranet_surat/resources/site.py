"""The site and its offices: the fixed upper part of the tree; letters hang below their year."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from BTrees.OOBTree import OOBTree
from persistent import Persistent

from intranet_surat.resources.anchors import Anchors
from intranet_surat.resources.flows import Running
from intranet_surat.resources.folder import Folder
from intranet_surat.resources.jobs import JobQueue
from intranet_surat.resources.mandates import Mandates
from intranet_surat.resources.people import People, Positions
from intranet_surat.resources.renewals import Renewals
from intranet_surat.resources.reports import Reports

VILLAGES = "desa"
_YEAR = re.compile(r"20[0-9]{2}")
SECTIONS = {"surat-masuk": "masuk", "surat-keluar": "keluar", "kiriman": "kiriman", "berkas": "berkas"}


class FlowText(Persistent):
    """The text of a flow as it was published, under its SHA-256; never changed."""

    def __init__(self, id: str, version: int, text: str, source: str, stored_at: datetime) -> None:  # noqa: A002
        self.id = id
        self.version = version
        self.text = text
        self.source = source
        self.stored_at = stored_at


class Office(Folder):
    """An office, whatever its rank: the hierarchy is ``parent``, and not containment.

    ``kind`` is one of kepala-daerah, sekretariat, inspektorat, badan, dinas, kecamatan, desa; ``patterns``
    maps a letter kind to its number pattern, ``registers`` a number series to the code of the office that
    keeps it for this one; both are replaced, never changed in place.
    """

    code: str = ""
    slug: str = ""
    name: str = ""
    short: str = ""
    kind: str = "dinas"
    parent: str | None = None
    head: str | None = None
    address: str = ""
    phone: str = ""
    email: str = ""
    site_url: str = ""
    active: bool = True
    unit_code: str = ""
    patterns: Mapping[str, str] = MappingProxyType({})
    registers: Mapping[str, str] = MappingProxyType({})

    def __getitem__(self, name: str) -> Any:
        return _always(self, name, Section, SECTIONS[name]) if name in SECTIONS else super().__getitem__(name)


class Section(Folder):
    """One of an office's four drawers; ``direction`` is ``masuk``, ``keluar``, ``kiriman`` or ``berkas``.

    Every year is there, stored or not: that a year's folder exists must not tell that it holds a letter.
    """

    direction: str = ""

    def __getitem__(self, name: str) -> Any:
        return _always(self, name, Year) if _YEAR.fullmatch(name) else super().__getitem__(name)


class Year(Folder):
    """The letters of one year in one drawer."""


def _always(parent: Folder, name: str, make: type[Folder], direction: str = "") -> Folder:
    """Return the stored child, or an empty one that stands nowhere but knows where it would."""
    found: Folder | None = parent.get(name)
    if found is None:
        found = make(direction=direction) if direction else make()
        found.__parent__ = parent
        found.__name__ = name
    return found


class Villages(Folder):
    """The villages: governments of their own, which the regency writes to and does not dispose to."""

    def __setitem__(self, name: str, child: Any) -> None:
        super().__setitem__(name, child)
        self.__parent__.note(child)


class Site(Folder):
    """The regency. What is not a page of its own is an attribute and cannot be reached by a URL."""

    is_site = True
    title: str = ""
    regency: str = ""
    evolved: tuple[str, ...] = ()

    def __init__(self, title: str, regency: str) -> None:
        super().__init__(title=title, regency=regency)
        self.codes = OOBTree()
        self.people = People()
        self.positions = Positions()
        self.mandates = Mandates()
        self.flow_texts = OOBTree()
        self.running = Running()
        self.publications = OOBTree()
        self.drafts = OOBTree()
        self.registers = OOBTree()
        self.lists = OOBTree()
        self.jobs = JobQueue()
        self.sessions = OOBTree()
        self.public = OOBTree()
        self.signed = OOBTree()
        self.renewals = Renewals()
        self.anchors = Anchors()
        self.batches = OOBTree()
        self.breakers = OOBTree()
        self.seals = OOBTree()
        self.doubts = OOBTree()
        self.reports = Reports()
        self.reference = OOBTree()
        self[VILLAGES] = Villages()

    def __setitem__(self, name: str, child: Any) -> None:
        super().__setitem__(name, child)
        if isinstance(child, Office):
            self.note(child)

    def note(self, office: Office) -> None:
        """Remember an office under its code. Raises KeyError when the code is taken by another."""
        if self.codes.get(office.code, office) is not office:
            raise KeyError(f"office code {office.code!r} is taken")
        self.codes[office.code] = office

    def add(self, office: Office) -> Office:
        """Hang an office where it belongs: villages under ``desa``, all others at the root."""
        home = self[VILLAGES] if office.kind == VILLAGES else self
        home[office.slug] = office
        return office

    def office(self, code: str) -> Office | None:
        """Return the office with that code, villages included."""
        return self.codes.get(code)

    def offices(self) -> Iterator[Office]:
        """Return all offices in the order of their codes, villages included."""
        return iter(self.codes.values())


def section(office: Office, name: str, year: int | str) -> Year:
    """Return the year of a drawer, made on demand. Raises ValueError for a drawer that no office has."""
    if name not in SECTIONS:
        raise ValueError(f"an office has no drawer {name!r}")
    if name not in office:
        office[name] = Section(direction=SECTIONS[name])
    drawer = office[name]
    if str(year) not in drawer:
        drawer[str(year)] = Year()
    return drawer[str(year)]


def new_site(title: str, regency: str) -> Site:
    """Return an empty site that knows all shipped evolution steps as done."""
    from intranet_surat.resources.evolution import SHIPPED  # noqa: PLC0415  steps may name the site's classes

    site = Site(title, regency)
    site.evolved = tuple(step.name for step in SHIPPED)
    return site
