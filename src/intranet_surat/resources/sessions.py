"""Sessions as stored: who is logged in where, until when; the cookie and its signature live in the web."""

from __future__ import annotations

from datetime import datetime

from intranet_surat.resources.values import Record


class Session(Record):
    """One log-in. Written at log-in, log-out and revocation only.

    ``kind`` is ``page`` (cookie) or ``token`` (bearer); ``label`` is what the person called the device;
    ``position`` is the one he sat at when the record was last written.
    """

    id: str = ""
    person: str = ""
    position: str = ""
    started: datetime | None = None
    seen: datetime | None = None
    until: datetime | None = None
    kind: str = "page"
    label: str = ""
    ended: datetime | None = None

    def open(self, now: datetime) -> bool:
        """Tell whether it still counts."""
        return self.ended is None and (self.until is None or now < self.until)
