"""Who may know that a letter exists, and how much of it: the one place that answers.

Lists, pages, JSON, search, counts, mail, logs and exports ask here; nobody shows a subject by himself.
Where the flow says who is concerned, the security level cuts that under the flow: a flow that says "everyone
may read" does not open a secret letter (docs/adr/0008).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Literal

from intranet_surat.errors import Unknown
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.site import Site
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, descendants, flow_of, org_at, setting
from intranet_surat.services.reader import Reader
from intranet_surat.workflow import engine

Sight = Literal["none", "line", "full"]

FULL: Mapping[str, frozenset[str]] = {
    "B": frozenset({"act", "see", "acted", "holder", "cc"}),
    "T": frozenset({"act", "see", "acted", "holder", "cc"}),
    "R": frozenset({"act", "acted", "holder"}),
    "SR": frozenset({"act", "acted", "holder"}),
}
"""For each level the reasons that open the whole letter. Any other reason the flow gives shows a masked line."""

SECRET = frozenset({"R", "SR"})
MASK = "[rahasia]"


def reasons(house: House, site: Site, letter: Letter, now: datetime) -> dict[str, dict[str, set[str]]]:
    """Position -> item id -> the reasons why the position is concerned, before the level cuts.

    The letter's own id stands for reasons that hold for the letter as a whole.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for item in (letter, *descendants(letter)):
        view = StoredItem(house, site, item)
        answer = engine.readers(flow_of(house, site, item), view, setting(house, site, item, now))
        for reason, positions in answer.items():
            for position in positions:
                found.setdefault(position, {}).setdefault(item.id, set()).add(reason)
    for copy in letter.fields.get("carbon_copies", ()):
        if copy.get("kind") == "position" and letter.fields.get("number"):
            found.setdefault(copy["id"], {}).setdefault(letter.id, set()).add("cc")
    return found


def cut(level: str, why: Iterable[str]) -> Sight:
    """What reasons are worth at a security level. An unknown level counts as the strictest."""
    why = set(why)
    if not why:
        return "none"
    return "full" if why & FULL.get(level, FULL["SR"]) else "line"


def sight(house: House, site: Site, item: Item, reader: Reader | None, now: datetime) -> Sight:
    """How much of a letter (or of the letter of a disposition) the reader may know."""
    if reader is None:
        return "none"
    letter = item.letter
    level = letter.fields.get("security", "SR")
    level = level if level in FULL else "SR"
    why = reasons(house, site, letter, now)
    org = org_at(house, site, now)
    mine: set[str] = set()
    for position in reader.positions:
        if position in why and not org.closed(reader.person, position).holds(level, letter.kind):
            mine = mine.union(*why[position].values())
    return cut(level, mine)


def may_know(house: House, site: Site, item: Item, reader: Reader | None, now: datetime) -> bool:
    """Whether the reader may know that the letter exists."""
    return sight(house, site, item, reader, now) != "none"


def demand(house: House, site: Site, item: Item, reader: Reader | None, now: datetime, least: Sight = "full") -> None:
    """Raise Unknown unless the reader sees at least ``least``; the answer of a letter that never was."""
    seen = sight(house, site, item, reader, now)
    if seen == "none" or (least == "full" and seen != "full"):
        raise Unknown


def subject(letter: Letter, seen: Sight) -> str:
    """The subject as this much sight allows it."""
    return str(letter.fields.get("subject", "")) if seen == "full" else MASK
