"""What a letter's page says about acts entered from paper: which can be entered, which wait for their author's word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from intranet_surat.resources.letter import Item
from intranet_surat.services import proxy
from intranet_surat.services.house import House
from intranet_surat.services.itemview import flow_of, org_at
from intranet_surat.services.org import SiteOrg
from intranet_surat.services.reader import Reader
from intranet_surat.workflow.chart import chart
from intranet_surat.workflow.own_acts import DISPUTED


@dataclass(frozen=True, slots=True)
class Enterable:
    """One action that the reader may enter for ``author`` (the title of ``position``)."""

    action: str
    title: str
    position: str
    author: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One act entered from paper that its author has not confirmed: ``mine`` when the reader is asked.

    ``told`` says what was entered, as far as the page does not show it anyway.
    """

    seq: int
    title: str
    author: str
    clerk: str
    written: date
    sheet: str
    mine: bool
    disputed: bool
    reason: str
    told: str


@dataclass(frozen=True, slots=True)
class PaperActs:
    """Both lists for one page."""

    offers: tuple[Enterable, ...]
    claims: tuple[Claim, ...]


def build(house: House, site: Any, item: Item, reader: Reader, now: datetime) -> PaperActs:
    """Make both lists for a reader who may see the whole letter."""
    org = org_at(house, site, now)
    asked = {each.seq for each in proxy.mine(house, site, item, reader, now)}
    flow = flow_of(house, site, item)
    titles = {
        deed.action.name: deed.action.title
        for state in chart(flow, item.track).states
        for deed in chart(flow, item.track).deeds(state)
    }
    claims = tuple(
        Claim(
            seq=each.seq,
            title=titles.get(each.action, each.action),
            author=org.title(each.position),
            clerk=org.title(each.clerk),
            written=date.fromisoformat(each.written),
            sheet=each.sheet,
            mine=each.seq in asked,
            disputed=each.answer == DISPUTED,
            reason=each.reason,
            told=told(item, each.seq, org),
        )
        for each in item.letter.papers
        if each.item == item.id and each.answer != proxy.RIGHT
    )
    offers = tuple(
        Enterable(each.offer.action, each.offer.title, each.author.position, org.title(each.author.position))
        for each in proxy.offers(house, site, item, reader, now)
        if each.offer.allowed
    )
    return PaperActs(offers, claims)


def told(item: Item, seq: int, org: SiteOrg) -> str:
    """To whom the act gave the letter, in a sentence; nothing when it gave it to nobody."""
    made = set(item.letter.history.entered(seq).get("items", ()))
    holders = [org.title(each.holder) for each in item.dispositions() if each.id in made and each.holder]
    return f"Diteruskan kepada {', '.join(holders)}." if holders else ""
