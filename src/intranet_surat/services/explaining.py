"""Why somebody may not do something with a stored letter, who can, and what would change it.

Answers go only to those who see the whole letter; a person is explained for all positions for which he may act.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.resources.letter import Item
from intranet_surat.resources.site import Site
from intranet_surat.services import holds, secrecy
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, flow_of, setting
from intranet_surat.services.org import SiteOrg
from intranet_surat.services.reader import Reader
from intranet_surat.workflow import explain as engine
from intranet_surat.workflow.explain import Explanation
from intranet_surat.workflow.reach import Roads
from intranet_surat.workflow.view import Actor, Remedy


@dataclass(frozen=True, slots=True)
class Explained:
    """What a person is told about one action, and for which of his positions it was asked."""

    actor: Actor
    told: Explanation


def explain_all(house: House, site: Site, item: Item, reader: Reader, now: datetime) -> tuple[Explained, ...]:
    """Every action of the item's flow for the reader: allowed for one of his positions, or refused and why.

    Raises Unknown for who does not see the whole letter.
    """
    secrecy.demand(house, site, item, reader, now)
    return of_person(house, site, item, reader, now)


def explain(house: House, site: Site, item: Item, action: str, reader: Reader, now: datetime) -> Explained:
    """One action for the reader. Raises Unknown as above."""
    secrecy.demand(house, site, item, reader, now)
    flow, view, asked = flow_of(house, site, item), StoredItem(house, site, item), setting(house, site, item, now)
    found = [
        Explained(each, _held(house, site, item, engine.explain(flow, view, each, action, asked), now))
        for each in reader.actors()
    ]
    return min(found, key=_rank)


def of_person(house: House, site: Site, item: Item, reader: Reader, now: datetime) -> tuple[Explained, ...]:
    """The same for the shell of DKISP, who asks about a person and sees no page."""
    flow, view, asked = flow_of(house, site, item), StoredItem(house, site, item), setting(house, site, item, now)
    best: dict[str, Explained] = {}
    ways = Roads(flow, view, asked)
    for actor in reader.actors():
        for told in engine.explain_all(flow, view, actor, asked, ways):
            found = Explained(actor, _held(house, site, item, told, now))
            known = best.get(told.action)
            if known is None or _rank(found) < _rank(known):
                best[told.action] = found
    return tuple(best.values())


def _held(house: House, site: Site, item: Item, told: Explanation, now: datetime) -> Explanation:
    """The same, refused when it must wait."""
    why = holds.against(house, site, item, told.action, now) if told.here and told.allowed else None
    return told._replace(allowed=False, says=why.says, remedy=why.remedy) if why is not None else told


def _rank(found: Explained) -> tuple[bool, bool, bool]:
    """What is allowed stands before what is refused; then the position that the flow names."""
    told = found.told
    never = told.remedy is not None and bool(told.remedy.never)
    return not told.allowed, found.actor.position not in told.who, never


def told(remedy: Remedy, org: SiteOrg) -> dict[str, Any]:
    """A remedy for programs, the positions with their titles."""
    found = engine.told(remedy)
    if remedy.as_:
        found["as_title"] = [org.title(each) for each in remedy.as_]
    return found
