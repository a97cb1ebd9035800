"""Limits as a letter's page and its history tell them: what stands still and why, who was told, why a limit moved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.resources.letter import Item
from intranet_surat.services.house import House
from intranet_surat.services.itemview import flow_of, state_of
from intranet_surat.services.org import SiteOrg
from intranet_surat.web import letter_facts
from intranet_surat.workflow.limits import limit
from intranet_surat.workflow.own_acts import ESCALATED, REASSIGNED
from intranet_surat.workflow.sentences import joined
from intranet_surat.workflow.tell_words import condition

_VERBS = {ESCALATED: "diberi tahu", REASSIGNED: "diberi pekerjaan ini"}


@dataclass(frozen=True, slots=True)
class Told:
    """Whom the present passage was escalated to: ``who`` in words, ``verb`` what happened to him, and when."""

    who: str
    verb: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Limits:
    """What a letter's page tells of a limit besides its instant; ``because`` follows "selama"."""

    paused_since: datetime | None
    because: str
    told: tuple[Told, ...]


def build(house: House, site: Any, item: Item, org: SiteOrg) -> Limits:
    """Tell how the limit of an item stands."""
    deadline = limit(state_of(house, site, item))
    because = ""
    if item.paused_since is not None and deadline is not None and deadline.paused_while is not None:
        because = condition(deadline.paused_while, flow_of(house, site, item), item.track)
    return Limits(item.paused_since, because, tuple(_told(item, org)))


def lines(house: House, item: str, facts: Mapping[str, Any], org: SiteOrg) -> Iterator[tuple[str, str]]:
    """The facts of an act about limits, as label and text; ``item`` is the one that was acted on."""
    for change in facts.get("batas", ()):
        yield "Batas" if change["item"] == item else "Batas disposisi", _moved(house, change)
    if facts.get("told"):
        yield "Diberi tahu", joined(org.title(each) for each in facts["told"])
    if facts.get("nobody"):
        yield "Catatan", "Alur tidak menemukan penerimanya di kantor ini; admin kantor diberi tahu"
    if facts.get("had"):
        yield "Sebelumnya pada", org.title(facts["had"])


def _moved(house: House, change: Mapping[str, Any]) -> str:
    before, after = change["from"], change["to"]
    if not after:
        return f"tidak berjalan. {change['reason']}."
    words = f"{'tetap ' if before == after else ''}sampai {letter_facts.when(house, after)}"
    semula = f", semula {letter_facts.when(house, before)}" if before not in ("", None, after) else ""
    return f"{words}{semula}. {change['reason']}."


def _told(item: Item, org: SiteOrg) -> Iterator[Told]:
    if not item.told:
        return
    history = item.letter.history
    for seq in range(max(item.entered, 0), len(history)):
        act = history[seq]
        if act.item == item.id and act.action in _VERBS:
            facts = history.entered(seq).get("facts", {})
            if not facts.get("nobody"):
                yield Told(joined(org.title(each) for each in facts.get("told", ())), _VERBS[act.action], act.at)
