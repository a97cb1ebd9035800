"""What the page of an action shows: the letter in brief, the fields that are asked, the papers to look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.resources.letter import Item, Letter
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, flow_of, org_at, setting
from intranet_surat.services.reader import Reader
from intranet_surat.services.scans import comparing
from intranet_surat.web import act_words, asked_form, letter_files, letter_page, scan_page
from intranet_surat.workflow import engine
from intranet_surat.workflow.view import Actor, Offer

TICKS = (
    "Nomor dan tanggal tertulis benar",
    "Tanda tangan dan cap ada, isi tidak dicoret",
    "Kertas asli saya lihat",
)
"""What a person confirms who compares a scan with the print."""


@dataclass(frozen=True, slots=True)
class ActPage:
    """The page of one action."""

    offer: Offer
    letter: Letter
    version: int
    subject: str
    sender: str
    label: str
    urgency: str
    security: str
    number: str
    fields: tuple[asked_form.AskedField, ...]
    paper: letter_files.Paper | None
    printed: letter_files.Paper | None
    scanned: letter_files.Paper | None
    pairs: tuple[scan_page.Pair, ...]
    checks: tuple[scan_page.Check, ...]
    recognised: str
    ticks: tuple[str, ...]
    follows: act_words.Consequences

    def field(self, *types: str) -> asked_form.AskedField | None:
        """Return the first field of one of these types."""
        return next((each for each in self.fields if each.type in types), None)

    def rest(self, *shown: asked_form.AskedField | None) -> tuple[asked_form.AskedField, ...]:
        """Return the fields that the page has not drawn by itself."""
        names = {each.name for each in shown if each is not None}
        return tuple(each for each in self.fields if each.name not in names)


def build(
    house: House,
    site: Any,
    item: Item,
    offer: Offer,
    reader: Reader,
    now: datetime,
    *,
    posted: Any = None,
    errors: Mapping[str, str] | None = None,
    author: Actor | None = None,
) -> ActPage:
    """Make the page; ``posted`` is what was typed when it comes back with ``errors``.

    ``author`` is the one whose paper is entered, when the reader does not act himself.
    """
    letter = item.letter
    flow = flow_of(house, site, item)
    view, asked = StoredItem(house, site, item), setting(house, site, item, house.local(now))
    org = org_at(house, site, now)
    fields: tuple[asked_form.AskedField, ...] = ()
    who = author or actor(flow, view, offer, reader, asked)
    if offer.form is not None:
        typed = asked_form.typed(offer.form, posted) if posted is not None else None
        fields = asked_form.build(flow, offer.form, view, who, asked, typed=typed, errors=errors)
    printed, scanned = (letter_files.counted(house, letter, each) for each in letter_files.pair(letter))
    return ActPage(
        offer=offer,
        letter=letter,
        version=letter.version,
        subject=str(letter.fields.get("subject", "")),
        sender=letter_page.sender(site, letter, org),
        label=letter_page.label(letter),
        urgency=str(letter.fields.get("urgency", "biasa")),
        security=str(letter.fields.get("security", "B")),
        number=str(letter.fields.get("number") or ""),
        fields=fields,
        paper=letter_files.counted(house, letter, letter_files.main(letter)),
        printed=printed,
        scanned=scanned,
        pairs=scan_page.pairs(letter, printed, scanned) if printed is not None and scanned is not None else (),
        checks=scan_page.checks(letter, printed, scanned, now),
        recognised=_recognised(letter) if scanned is not None else "",
        ticks=TICKS if confirms(offer, printed, scanned) else (),
        follows=act_words.build(house, site, item, offer.action, who, now),
    )


def actor(flow: Any, view: Any, offer: Offer, reader: Reader, asked: Any) -> Actor:
    """Return for which of his positions the reader would act."""
    for each in reader.actors():
        if any(one.action == offer.action and one.allowed for one in engine.offers(flow, view, each, asked)):
            return each
    return reader.actor


def _recognised(letter: Letter) -> str:
    scan = comparing.newest(letter)
    return scan.words if scan is not None else ""


def confirms(offer: Offer, printed: Any, scanned: Any) -> bool:
    """Whether the action confirms a scan: it asks nothing, and there is a scan beside a print."""
    return offer.form is None and offer.kind == "action" and printed is not None and scanned is not None
