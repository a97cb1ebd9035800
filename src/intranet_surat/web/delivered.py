"""What lies in a receiver's tray, and the delivered file as the scan of the letter that is made of it."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pyramid.request import Request

from intranet_surat.resources.delivery import Delivery
from intranet_surat.resources.folder import find
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Section
from intranet_surat.services import delivery as deliveries
from intranet_surat.services import secrecy
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.reader import Reader
from intranet_surat.services.uploads import Upload

WAITING = frozenset({"terkirim", "diterima"})
MOST = 400
"""How many deliveries a tray looks through, the newest years first."""


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery as its receiver's list shows it; of a ``secret`` one neither subject nor number is told."""

    delivery: Delivery
    url: str
    register_url: str
    subject: str
    secret: bool
    sender: str
    state: str
    css: str
    letter: Letter | None


def in_tray(house: House, site: Any, section: Section, reader: Reader, now: datetime) -> list[Delivery]:
    """Return the deliveries for the office of this drawer, newest first; nothing for who does not register here."""
    code = section.__parent__.code
    found = [each for each in itertools.islice(_all(section), MOST) if each.receiver == code and each.state != "antre"]
    if not found or not set(deliveries.keepers(house, site, found[0], now)) & set(reader.positions):
        return []
    return sorted(found, key=lambda each: each.sent_at or each.at or now, reverse=True)


def _all(section: Section) -> Iterator[Delivery]:
    for year in sorted(section.keys(), reverse=True):
        yield from (each for each in section[year].values() if isinstance(each, Delivery))


def view(request: Request, delivery: Delivery) -> DeliveryView:
    """Return what a list shows of a delivery; a secret one shows only that it came."""
    secret = delivery.security in secrecy.SECRET
    office = request.site.office(delivery.sender)
    state, css = {
        "terkirim": ("Belum dibuka", ""),
        "diterima": ("Belum dicatat", "work"),
        "dicatat": ("Dicatat", "done"),
    }.get(delivery.state, (delivery.state, "work"))
    return DeliveryView(
        delivery=delivery,
        url=request.resource_url(delivery),
        register_url=register_url(request, delivery),
        subject=secrecy.MASK if secret else delivery.subject,
        secret=secret,
        sender=office.name if office is not None else delivery.sender,
        state=state,
        css=css,
        letter=registered_letter(request.site, delivery),
    )


def register_url(request: Request, delivery: Delivery) -> str:
    """Return the address of the form that registers a delivery; empty when that was done."""
    if delivery.state not in WAITING:
        return ""
    office = request.site.office(delivery.receiver)
    handle = f"{delivery.__parent__.__name__}/{delivery.__name__}"
    return str(request.resource_url(office, "surat-masuk", "@@tambah", query={"kiriman": handle}))


def registered_letter(site: Any, delivery: Delivery) -> Letter | None:
    """Return the letter that was made of a delivery."""
    try:
        return find(site, delivery.registered) if delivery.registered else None
    except KeyError:
        return None


def file_of(site: Any, delivery: Delivery) -> Any:
    """Return the delivered file, which belongs to the sender's letter."""
    try:
        letter = find(site, delivery.letter)
    except KeyError:
        return None
    return letter.rendition(delivery.rendition) or letter.attachment(delivery.rendition)


def prefilled(site: Any, delivery: Delivery) -> dict[str, Any]:
    """Return the fields with which the form of the receiver begins, empty ones left out."""
    known = deliveries.prefilled(site, delivery) | classified(site, delivery)
    return {name: value for name, value in known.items() if value and name != "sender_office"}


def classified(site: Any, delivery: Delivery) -> dict[str, str]:
    """Return the classification that the sender gave, as a proposal for the receiver."""
    try:
        letter = find(site, delivery.letter)
    except KeyError:
        return {}
    code = letter.fields.get("classification")
    return {"classification": str(code)} if code else {}


def as_upload(request: Request, delivery: Delivery) -> list[Upload]:
    """Return the delivered bytes as the scan of the new letter: the same bytes under the same hash."""
    file = file_of(request.site, delivery)
    if file is None:
        return []
    folder = request.house.settings.incoming
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=folder, prefix="kiriman-", delete=False) as copy:
        path = Path(copy.name)
    file.copy_to(path)
    request.add_finished_callback(lambda _request: path.unlink(missing_ok=True))
    name = file.filename or f"kiriman-{delivery.id}.pdf"
    return [
        Upload(
            path=path, sha256=file.sha256, size=file.size, type=file.type, filename=name, pages=file.pages, place="scan"
        )
    ]


def may_confirm(house: House, site: Any, letter: Letter, reader: Reader, now: datetime) -> bool:
    """Whether the reader keeps the dispatch log of the sender."""
    org = org_at(house, site, now)
    keepers = (*org.role("tata_usaha", letter.office), *org.role("operator_loket", letter.office))
    return bool(set(keepers) & set(reader.positions))


def as_json(request: Request, delivery: Delivery) -> dict[str, Any]:
    """Return a delivery for programs, masked like the list."""
    shown = view(request, delivery)
    secret = delivery.security in secrecy.SECRET
    return {
        "@id": shown.url,
        "@type": "Delivery",
        "title": shown.subject,
        "sender": shown.sender,
        "number": "" if secret else delivery.number,
        "letter_date": delivery.letter_date,
        "security": delivery.security,
        "urgency": delivery.urgency,
        "state": delivery.state,
        "sent_at": delivery.sent_at.isoformat() if delivery.sent_at else None,
        "sha256": delivery.rendition,
        "register": shown.register_url or None,
        "kiriman": f"{delivery.__parent__.__name__}/{delivery.__name__}",
        "fields": {} if secret else prefilled(request.site, delivery),
        "registered": request.resource_url(shown.letter) if shown.letter is not None else None,
        "path": path_of(delivery),
    }
