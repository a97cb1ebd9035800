"""Deliveries: one rendition on its way to one addressee; the sending itself lives in the services."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intranet_surat.resources.values import Record

STATES = ("antre", "terkirim", "diterima", "dicatat", "gagal")


class Delivery(Record):
    """A letter for one addressee. It hangs in the tray of the receiver, or of the sender when that is outside.

    ``letter`` is the path of the sender's letter, ``registered`` the path of the letter that the receiver
    made of it, ``rendition`` the SHA-256 of the bytes that both share.
    """

    __parent__: Any = None
    __name__: str | None = None
    id: str = ""
    sender: str = ""
    receiver: str = ""
    addressee: str = ""
    position: str = ""
    letter: str = ""
    rendition: str = ""
    channel: str = ""
    email: str = ""
    state: str = "antre"
    at: datetime | None = None
    sent_at: datetime | None = None
    received_at: datetime | None = None
    registered: str | None = None
    number: str = ""
    letter_date: str = ""
    subject: str = ""
    security: str = "B"
    urgency: str = "biasa"
    copy: bool = False
    attempts: int = 0
    note: str = ""
