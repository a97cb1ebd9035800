"""How many letters stand in each state of a flow, and how long letters stay there: the figures on its drawing.

Only numbers leave this module. Secret letters are not counted at all, and a small number of letters of another office
is told as fewer than five, so that a drawing tells nobody what a list would not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from statistics import median

from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import secrecy
from intranet_surat.services.house import House
from intranet_surat.services.itemview import descendants, setting_for
from intranet_surat.services.reader import Reader
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.own_acts import MIGRATED

FEW = 5
"""Fewer letters of another office than this are not counted out."""
MOST = 2000
"""So many running items are read for one drawing."""
LASTS = timedelta(minutes=5)
"""How old the figures of a page may be: reading so many items for each look would stop the others."""


@dataclass(frozen=True, slots=True)
class Figures:
    """By state (``track.state`` for items): how many stand there, and the median stay in office time."""

    counts: Mapping[str, int | str]
    medians: Mapping[str, timedelta]


def shown(house: House, site: Site, flow: Flow, reader: Reader, now: datetime, *, office: str | None = None) -> Figures:
    """The figures as a page shows them: of the last minutes; all readers of one office are told the same."""
    key = ("figures", flow.id, flow.calendar, office, site.positions[reader.position].office)
    found = house.lately.get(site, key, now, LASTS, lambda: figures(house, site, flow, reader, now, office=office))
    return found.answer


def figures(
    house: House, site: Site, flow: Flow, reader: Reader, now: datetime, *, office: str | None = None
) -> Figures:
    """The figures of what runs any version of a flow, in one office or (None) in all."""
    home = site.positions[reader.position].office
    calendar = setting_for(house, site, flow, now).calendar
    counts: dict[str, Counter[str]] = {}
    stays: dict[str, dict[bool, list[timedelta]]] = {}
    seen: set[str] = set()
    for item in islice(_running(site, flow, office), MOST):
        own = item.office == home
        counts.setdefault(spot(item, item.state), Counter())[item.office] += 1
        if item.letter.id in seen:
            continue
        seen.add(item.letter.id)
        for where, since, until in passages(item.letter):
            stays.setdefault(where, {}).setdefault(own, []).append(calendar.between(since, until))
    medians = {where: _middle(by) for where, by in stays.items()}
    return Figures(
        {where: _told(by, home) for where, by in counts.items()},
        {where: amount for where, amount in medians.items() if amount is not None},
    )


def spot(item: Item, state: str) -> str:
    """The key of a state: its name, for an item after that of its track."""
    return state if item.track is None else f"{item.track}.{state}"


def passages(letter: Letter) -> Iterator[tuple[str, datetime, datetime]]:
    """The states that the letter and its items have left: key, when they came and when they went."""
    items: dict[str, Item] = {letter.id: letter, **{each.id: each for each in descendants(letter)}}
    came: dict[str, datetime] = {each.id: each.created_at for each in items.values() if each.created_at is not None}
    for act in letter.history:
        if act.state_from == act.state_to or act.action == MIGRATED or act.item not in items:
            continue
        if act.state_from and act.item in came:
            yield spot(items[act.item], act.state_from), came[act.item], act.at
        came[act.item] = act.at


def _running(site: Site, flow: Flow, office: str | None) -> Iterator[Item]:
    """The items that run any version of the flow, without those of secret letters: these must not displace others."""
    for key, stored in site.flow_texts.items():
        for where in site.running.of(key) if stored.id == flow.id else ():
            item = find(site, where)
            level = item.letter.fields.get("security", "SR")
            if office in (None, item.office) and level in secrecy.FULL and level not in secrecy.SECRET:
                yield item


def _told(by: Mapping[str, int], home: str) -> int | str:
    """The count of a state from those of the offices. One office with few is not the difference of two drawings."""
    few = [count for office, count in by.items() if office != home and count < FEW]
    hidden = sum(few) if len(few) == 1 or sum(few) < FEW else 0
    told = sum(by.values()) - hidden
    if hidden:
        return f"{told} dan <{FEW}" if told else f"<{FEW}"
    return told


def _middle(stays: Mapping[bool, list[timedelta]]) -> timedelta | None:
    """The median of the own office's stays and of those of others that are not few."""
    others = stays.get(False, [])
    known = [*stays.get(True, []), *(others if len(others) >= FEW else [])]
    return timedelta(seconds=median(each.total_seconds() for each in known)) if known else None
