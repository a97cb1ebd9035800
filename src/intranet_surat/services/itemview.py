"""A stored letter or disposition as the engine reads it: lazy, and never written through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from intranet_surat.resources.letter import Disposition, Item
from intranet_surat.resources.site import Site
from intranet_surat.services import calendars
from intranet_surat.services.house import House
from intranet_surat.services.org import SiteOrg
from intranet_surat.workflow import turns
from intranet_surat.workflow.model import Flow, State
from intranet_surat.workflow.own_acts import MIGRATED, NOBODYS
from intranet_surat.workflow.view import Child, Done, Initial, Setting


class StoredItem:
    """An `ItemView` over a stored item."""

    def __init__(self, house: House, site: Site, item: Item) -> None:
        self._house = house
        self._site = site
        self.item = item
        self.id: str = item.id
        self.office: str = item.office
        self.kind: str = item.letter.kind
        self.track: str | None = item.track
        self.state: str = item.state
        self.entered: int = item.entered
        self.version: int = item.letter.version
        self.author: str = item.author
        self.holder: str | None = item.holder
        self.giver: str | None = item.giver
        self.since: datetime | None = item.state_since
        self.due: datetime | None = item.due
        self.limit_since: datetime | None = item.limit_since
        self.paused_since: datetime | None = item.paused_since
        self.pauses: tuple[tuple[datetime, datetime], ...] = item.pauses
        self.assigned: tuple[str, ...] = item.assigned
        self.told: tuple[str, ...] = item.told
        self.held: tuple[str, ...] = item.held
        self.initials: tuple[Initial, ...] = tuple(
            Initial(each.level, each.position, each.person, each.version) for each in item.initials
        )

    @cached_property
    def fields(self) -> Mapping[str, Any]:
        """The item's fields; a disposition has ``read`` besides: when its holder first opened it."""
        if self.item.track is None:
            return self.item.fields
        read = self.item.reads.get(self.item.holder or "")
        return self.item.fields if read is None else {**self.item.fields, "read": read}

    @cached_property
    def letter(self) -> StoredItem:
        """The letter; itself for a letter."""
        letter = self.item.letter
        return self if letter is self.item else StoredItem(self._house, self._site, letter)

    @cached_property
    def children(self) -> tuple[Child, ...]:
        """The direct children, oldest first."""
        return tuple(
            Child(
                id=each.id,
                track=each.track or "",
                state=each.state,
                outcome=each.outcome,
                giver=each.giver or "",
                holder=each.holder or "",
                ended=each.ended,
            )
            for each in self.item.dispositions()
        )

    @cached_property
    def acts(self) -> tuple[Done, ...]:
        """All acts on the letter and its items; automatic passages belong to nobody.

        States are called as the version calls them that the item runs now.
        """
        history = self.item.letter.history
        found: list[Done] = []
        numbered = False  # an agenda number is no text
        for act in history:
            facts = history.entered(act.seq).get("facts", {})
            numbered = numbered or isinstance(facts.get("number"), str)
            nobodys = act.action in NOBODYS
            found.append(
                Done(
                    seq=act.seq,
                    item=act.item,
                    action=act.action,
                    state_from=act.state_from,
                    state_to=act.state_to,
                    position="" if nobodys else act.position,
                    person="" if nobodys else act.person,
                    numbered="number" in facts,
                    used=numbered and "signed" in facts,
                )
            )
            numbered = numbered and "number_void" not in facts
            if act.action == MIGRATED:
                found = [_renamed(done, facts.get("renamed", {})) if done.item == act.item else done for done in found]
        return tuple(found)


def _renamed(done: Done, names: Mapping[str, str]) -> Done:
    """An act with its states called as a newer version calls them."""
    return replace(
        done,
        state_from=names.get(done.state_from, done.state_from),
        state_to=names.get(done.state_to, done.state_to),
    )


def descendants(item: Item) -> list[Disposition]:
    """All dispositions below an item, each before those below it."""
    found: list[Disposition] = []
    for each in item.dispositions():
        found.append(each)
        found.extend(descendants(each))
    return found


def flow_of(house: House, site: Site, item: Item) -> Flow:
    """The flow that the item is pinned to; raises FlowMismatch."""
    return house.flows.of(site, item.flow)


def state_of(house: House, site: Site, item: Item) -> State:
    """The item's present state in its flow."""
    flow = flow_of(house, site, item)
    states = flow.states if item.track is None else flow.tracks[item.track].states
    return states[item.state]


def turn_since(house: House, site: Site, item: Item) -> datetime | None:
    """Since when it is the turn of who signs next: the last signature on the file; None before the first."""
    sign = state_of(house, site, item).sign
    given = turns.given(StoredItem(house, site, item), sign) if sign is not None and sign.in_turn else ()
    return item.letter.history[given[-1].seq].at if given else None


def setting(house: House, site: Site, item: Item, now: datetime) -> Setting:
    """What the engine needs beside flow and item: the organisation and the calendar at ``now``."""
    return setting_for(house, site, flow_of(house, site, item), now)


def setting_for(house: House, site: Site, flow: Flow, now: datetime) -> Setting:
    """The same for a letter that has a flow and does not stand anywhere yet."""
    known = site.breakers.get(house.settings.signing_provider)
    return Setting(
        org=org_at(house, site, now),
        now=now,
        calendar=calendars.calendar(house, site, flow.calendar),
        vocabularies=house.reference.vocabularies(),
        provider_away=known.away if known is not None else None,
    )


def strategic(house: House) -> frozenset[str]:
    """The kinds of letters that nobody who only acts for a position may touch."""
    return frozenset(each.id for each in house.kinds.values() if each.strategic)


def org_at(house: House, site: Site, now: datetime) -> SiteOrg:
    """The organisation at ``now``, read once for each transaction: one act asks it dozens of times."""
    today = house.today(now)
    if site._p_jar is None:  # noqa: SLF001 - the persistence protocol's own attribute
        return SiteOrg(site, today, strategic(house))
    transaction = site._p_jar.transaction_manager.get()  # noqa: SLF001
    key = (SiteOrg, today)
    try:
        known: dict[object, SiteOrg] = transaction.data(setting)
    except KeyError:
        known = {}
        transaction.set_data(setting, known)
    if key not in known:
        known[key] = SiteOrg(site, today, strategic(house))
    return known[key]
