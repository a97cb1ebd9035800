"""What must wait although the flow allows it: for an undecided attempt to sign, or for a scan to be compared.

Asked at every place where an action is offered, explained or done, so that all of them say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import undecided
from intranet_surat.services.house import House
from intranet_surat.services.itemview import flow_of
from intranet_surat.services.scans import comparing
from intranet_surat.workflow.chart import chart
from intranet_surat.workflow.model_words import WET
from intranet_surat.workflow.view import Offer, Refusal, Remedy

COMPARING = (
    "Mesin masih membandingkan pindaian dengan cetakannya. Tunggu sebentar lalu muat ulang halaman ini, agar halaman "
    "yang berubah, hilang, atau tertukar terlihat sebelum disahkan."
)


def against(house: House, site: Site, item: Item, action: str, now: datetime) -> Refusal | None:
    """Why an action of the present state must wait; None when nothing holds it back."""
    return undecided.against(house, site, item, action, now) or unseen(house, site, item, action, now)


def held(house: House, site: Site, item: Item, offers: Iterable[Offer], now: datetime) -> tuple[Offer, ...]:
    """The offers, with those refused that must wait."""
    return tuple(_offer(each, against(house, site, item, each.action, now)) for each in offers)


def demand(house: House, site: Site, item: Item, action: str, now: datetime) -> None:
    """Raise NotAllowed when the action must wait."""
    undecided.demand(house, site, item, action, now)
    refusal = unseen(house, site, item, action, now)
    if refusal is not None:
        raise NotAllowed(refusal.says, action=action, remedy=refusal.remedy)


def unseen(house: House, site: Site, item: Item, action: str, now: datetime) -> Refusal | None:
    """Nobody confirms a scan before what the machine found on it can be seen, unless it does not come to it."""
    ready = comparing.ready(item, now) if isinstance(item, Letter) else None
    if ready is None:
        return None
    deeds = chart(flow_of(house, site, item), item.track).deeds(item.state)
    confirms = any(
        (effect.name, effect.value) == ("signed", WET)
        for deed in deeds
        if deed.action.name == action
        for effect in deed.action.do
    )
    return Refusal(COMPARING, Remedy(at=ready)) if confirms else None


def _offer(offer: Offer, refusal: Refusal | None) -> Offer:
    if refusal is None or not offer.allowed:
        return offer
    return replace(offer, allowed=False, says=refusal.says, remedy=refusal.remedy)
