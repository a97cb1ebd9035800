"""Letters and disposition sheets as PDF/A-2b files. What is printed comes as frozen facts; nothing is stored here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from intranet_surat.errors import Invalid
from intranet_surat.kinds import body, dates
from intranet_surat.kinds.vocabularies import SECURITY, URGENCY
from intranet_surat.services import qr, rendering_glyphs, rendering_typst
from intranet_surat.services.rendering_facts import RenderFacts, SheetFacts, SheetOrder, SigningBlock
from intranet_surat.workflow.model_words import PADES, SEAL, WET

METHODS = ("draft", PADES, SEAL, WET)
LISTED_ABOVE = 5
"""With more addressees than this the letter says "daftar terlampir" and a list page follows."""

missing_glyphs = rendering_glyphs.missing_glyphs
unprintable = rendering_glyphs.unprintable
has_template = rendering_typst.has_template


class RenderingHouse(Protocol):
    """What rendering needs of the house: renderers of plugins under the template's name."""

    @property
    def renderers(self) -> Mapping[str, Callable[..., bytes]]: ...  # noqa: D102  explained above


def pdf(house: RenderingHouse, facts: RenderFacts, now: datetime) -> bytes:
    """The letter as PDF/A-2b; equal facts and ``now`` give equal bytes.

    A renderer registered under ``facts.template`` is called with ``(facts, now)`` instead of typst. Raises
    errors.Invalid when a sign cannot be printed, ValueError for an unknown method.
    """
    if facts.method not in METHODS:
        raise ValueError(f"unknown method {facts.method!r}")
    renderer = house.renderers.get(facts.template)
    if renderer is not None:
        return renderer(facts, now)
    data = _letter(facts)
    _check_glyphs(data, facts.shape.font)
    return rendering_typst.compile_pdf(facts.template, data, now)


def disposition_sheet(facts: SheetFacts, now: datetime) -> bytes:
    """The disposition sheet as PDF/A-2b on half folio; raises errors.Invalid when a sign cannot be printed."""
    data = _sheet(facts, now)
    _check_glyphs(data, "sans")
    return rendering_typst.compile_pdf("lembar-disposisi", data, now)


def _check_glyphs(data: Mapping[str, Any], font: str) -> None:
    if missing := missing_glyphs(rendering_glyphs.strings(data), font=font):
        raise Invalid({"body": rendering_glyphs.sentence(missing)})


def _letter(facts: RenderFacts) -> dict[str, Any]:
    """What the templates read, as JSON-able data; every text in it is printed literally."""
    code = {PADES: facts.public_url, SEAL: facts.public_url, WET: facts.print_code}.get(facts.method, "")
    return {
        "title": facts.title,
        "paper": facts.shape.paper,
        "font": facts.shape.font,
        "size": facts.shape.size,
        "method": facts.method,
        "letterhead": _head(facts),
        "number": facts.number,
        "date": dates.long_date(facts.date) if facts.date else "",
        "place": facts.place,
        "security": facts.security,
        "security_title": SECURITY.get(facts.security, facts.security),
        "urgency": facts.urgency,
        "nature": _nature(facts.security, facts.urgency),
        "subject": facts.subject,
        "attachment": facts.attachment or "-",
        "addressees": [{"name": each.name, "place": each.place} for each in facts.addressees],
        "listed": len(facts.addressees) > LISTED_ABOVE,
        "salutation": facts.salutation,
        "blocks": numbered(facts.blocks),
        "closing": _paragraphs(facts.closing),
        "copies": copies(facts.carbon_copies),
        "sender": facts.sender,
        "fields": dict(facts.fields),
        "signatory": _block(facts.signatory),
        "signatories": [{"label": each.label, **_block(each.block)} for each in facts.signatories],
        "qr": qr.svg(code) if code else "",
        "print_code": facts.print_code if facts.method == WET else "",
        "footer": list(facts.footer) if facts.method in {PADES, SEAL} else [],
        "initials": list(facts.initials),
        "test_mark": facts.test_mark,
    }


def _block(block: SigningBlock) -> dict[str, Any]:
    return {
        "lines": list(block.lines),
        "position": block.position,
        "name": block.name,
        "rank": block.rank,
        "nip": block.nip,
    }


def _head(facts: RenderFacts | SheetFacts) -> dict[str, Any]:
    head = facts.letterhead
    return {"style": head.style, "lines": list(head.lines), "address": list(head.address), "arms": head.arms}


def _nature(security: str, urgency: str) -> str:
    title = SECURITY.get(security, security)
    return title if urgency == "biasa" else f"{title}, {URGENCY.get(urgency, urgency).lower()}"


def _paragraphs(text: str) -> list[str]:
    return [each.strip() for each in text.split("\n") if each.strip()]


def numbered(blocks: tuple[Mapping[str, Any], ...]) -> list[dict[str, Any]]:
    """The blocks with the label of each point; counting starts anew after anything that is not a point."""
    counts = [0, 0, 0, 0]
    found: list[dict[str, Any]] = []
    for block in blocks:
        if block["t"] != "n":
            counts = [0, 0, 0, 0]
            found.append(dict(block))
            continue
        level = block["level"]
        counts[level - 1] += 1
        counts[level:] = [0] * (4 - level)
        found.append({**block, "label": body.label(level, counts[level - 1])})
    return found


def copies(names: tuple[str, ...]) -> list[dict[str, str]]:
    """The carbon copies with their usual marks: ";" after each, "; dan" before the last, "." at the end.

    A single one has no number.
    """
    if len(names) == 1:
        return [{"label": "", "text": f"{names[0]}."}]
    last = len(names) - 1
    ends = {last: ".", last - 1: "; dan"}
    return [{"label": f"{at + 1}.", "text": f"{name}{ends.get(at, ';')}"} for at, name in enumerate(names)]


def _sheet(facts: SheetFacts, now: datetime) -> dict[str, Any]:
    zone = ZoneInfo(facts.timezone)
    received = facts.received_at.astimezone(zone) if facts.received_at else None
    return {
        "letterhead": _head(facts),
        "sender": facts.sender,
        "sender_number": facts.sender_number or "tanpa nomor",
        "letter_date": dates.long_date(facts.letter_date) if facts.letter_date else "-",
        "received_at": f"{dates.long_date(received.date())}, {received:%H.%M}" if received else "-",
        "agenda_number": facts.agenda_number,
        "security": facts.security,
        "security_title": SECURITY.get(facts.security, facts.security),
        "urgency": facts.urgency,
        "urgency_title": URGENCY.get(facts.urgency, facts.urgency),
        "subject": facts.subject,
        "addressee": facts.addressee,
        "orders": [_order(each, zone) for each in facts.orders],
        "printed": f"Dicetak {facts.printed_by}, {dates.long_date(now.astimezone(zone).date())}, "
        f"{now.astimezone(zone):%H.%M} {_zone_name(facts.timezone)}. Keadaan sesudahnya lihat pada sistem.",
        "test_mark": facts.test_mark,
    }


def _order(order: SheetOrder, zone: ZoneInfo) -> dict[str, Any]:
    given = order.given_at.astimezone(zone) if order.given_at else None
    return {
        "depth": min(order.depth, 3),
        "giver": order.giver,
        "given_at": f"{dates.short_date(given.date())}, {given:%H.%M}" if given else "",
        "holder": f"{order.holder} (utama)" if order.main else order.holder,
        "instructions": "; ".join(order.instructions),
        "note": order.note,
        "due": dates.short_date(order.due) if order.due else "",
        "state": order.state,
        "state_class": order.state_class,
        "report": order.report,
    }


def _zone_name(timezone: str) -> str:
    return {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}.get(timezone, "")
