"""What a disposition sheet prints, made of the same tree that the letter's page shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from intranet_surat.resources.letter import Letter
from intranet_surat.services import letter_pdf
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.reader import Reader
from intranet_surat.services.rendering_facts import SheetFacts, SheetOrder
from intranet_surat.web import letter_tree
from intranet_surat.web.letter_path import instant

CLASSES = {"": "start", "work": "working", "done": "final", "back": "refused", "bad": "refused"}


def build(house: House, site: Any, letter: Letter, reader: Reader, now: datetime) -> SheetFacts:
    """Return the facts of the sheet; a letter without dispositions has no orders."""
    org = org_at(house, site, now)
    fields = letter.fields
    tree = letter_tree.build(house, site, letter, reader, org)
    office = site.office(letter.office)
    received, day = fields.get("received_at"), fields.get("letter_date")
    return SheetFacts(
        letterhead=letter_pdf.letterhead(house, site, office),
        sender=str(fields.get("sender", "")),
        sender_number=str(fields.get("sender_number") or ""),
        letter_date=date.fromisoformat(day) if day else None,
        received_at=instant(received) if received else None,
        agenda_number=str(fields.get("agenda_number") or ""),
        security=str(fields.get("security", "B")),
        urgency=str(fields.get("urgency", "biasa")),
        subject=str(fields.get("subject", "")),
        addressee=org.title(str(fields.get("addressee") or "")),
        orders=tuple(order for given in tree.given for order in _orders(house, given.nodes, 0)),
        printed_by=org.title(reader.position),
        timezone=house.settings.timezone,
        test_mark=house.settings.demo,
    )


def _orders(house: House, nodes: tuple[letter_tree.TreeNode, ...], depth: int) -> Iterator[SheetOrder]:
    for node in nodes:
        yield SheetOrder(
            depth=depth,
            giver=node.giver,
            given_at=node.given_at,
            holder=node.title,
            main=node.main,
            instructions=node.instructions,
            note=node.note,
            due=house.local(node.due).date() if node.due else None,
            state=node.state,
            state_class=CLASSES.get(node.state_class, "working"),
            report="; ".join(text for _, text in node.told),
        )
        yield from _orders(house, node.nodes, depth + 1)
