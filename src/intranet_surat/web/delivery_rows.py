"""Where a sent letter has arrived, one row an addressee, and what lies in the tray of a receiver."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.resources.delivery import Delivery
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter

CHANNELS = {"sistem": "Sistem", "surel": "Surel", "kurir": "Kurir", "cetak": "Cetak"}
STATES = {
    "antre": ("Dalam antrean", ""),
    "terkirim": ("Terkirim", "work"),
    "diterima": ("Sampai, belum dicatat", "work"),
    "dicatat": ("Dicatat", "done"),
    "gagal": ("Gagal", "bad"),
}
BY_CHANNEL = {
    ("antre", "kurir"): ("Menunggu kurir", ""),
    ("antre", "cetak"): ("Menunggu cetak", ""),
    ("terkirim", "sistem"): ("Sampai, belum dicatat", "work"),
    ("terkirim", "surel"): ("Diserahkan ke server surel", "done"),
    ("terkirim", "kurir"): ("Dibawa kurir", "work"),
    ("terkirim", "cetak"): ("Menunggu cetak", ""),
    ("diterima", "kurir"): ("Diterima", "done"),
    ("diterima", "cetak"): ("Diterima", "done"),
    ("diterima", "surel"): ("Sampai", "done"),
}
INSIDE = frozenset({"terkirim", "diterima", "dicatat"})
"""Within the regency a delivery has arrived as soon as it lies in the receiver's tray."""

ORDER = {"gagal": 0, "antre": 1, "terkirim": 2, "diterima": 3, "dicatat": 4}


@dataclass(frozen=True, slots=True)
class DeliveryRow:
    """One delivery. ``evidence`` says by what one knows; ``arrived`` whether nothing is left to wait for."""

    delivery: Delivery
    title: str
    channel: str
    state: str
    css: str
    at: datetime | None
    evidence: str
    copy: bool
    failed: bool
    arrived: bool


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of the deliveries have arrived, are on the way, and failed."""

    arrived: int
    going: int
    failed: int

    @property
    def total(self) -> int:
        """All deliveries."""
        return self.arrived + self.going + self.failed


def build(site: Any, letter: Letter) -> tuple[DeliveryRow, ...]:
    """Make the rows of a sent letter, those that need somebody first."""
    found: list[DeliveryRow] = []
    for where in letter.deliveries:
        try:
            found.append(row(site, find(site, where)))
        except KeyError:
            continue
    return tuple(sorted(found, key=lambda each: (ORDER.get(each.delivery.state, 2), each.title)))


def row(site: Any, delivery: Delivery) -> DeliveryRow:
    """Make the row of one delivery."""
    words, css = BY_CHANNEL.get((delivery.state, delivery.channel)) or STATES.get(
        delivery.state, (delivery.state, "work")
    )
    return DeliveryRow(
        delivery=delivery,
        title=title(site, delivery),
        channel=CHANNELS.get(delivery.channel, delivery.channel),
        state=words,
        css=css,
        at=delivery.received_at or delivery.sent_at or delivery.at,
        evidence=evidence(delivery),
        copy=delivery.copy,
        failed=delivery.state == "gagal",
        arrived=css == "done" or (delivery.channel == "sistem" and delivery.state in INSIDE),
    )


def title(site: Any, delivery: Delivery) -> str:
    """To whom a delivery goes, in words."""
    if delivery.addressee:
        return delivery.addressee
    office = site.office(delivery.receiver) if delivery.receiver else None
    return office.name if office is not None else delivery.receiver


def evidence(delivery: Delivery) -> str:
    """By what one knows that a delivery is where it is said to be."""
    told = []
    if delivery.channel == "surel" and delivery.email:
        told.append(delivery.email)
    if delivery.attempts > 1:
        told.append(f"{delivery.attempts} kali dicoba")
    if delivery.note:
        told.append(delivery.note)
    return ", ".join(told)


def counts(rows: Iterable[DeliveryRow]) -> Counts:
    """Count the rows by how far they came."""
    some = list(rows)
    arrived = sum(1 for each in some if each.arrived)
    failed = sum(1 for each in some if each.failed)
    return Counts(arrived, len(some) - arrived - failed, failed)
