"""Attempts to sign: what was sent to a provider, and how it ended; the calls themselves live in the services."""

from __future__ import annotations

from datetime import datetime

from intranet_surat.resources.values import Record


class SignAttempt(Record):
    """One attempt: ``sending`` until it is ``done``, ``failed`` or, when nobody knows, ``unknown``.

    ``sha256`` is of the bytes shown and sent, ``result`` of the bytes that came back. ``key`` is the idempotency
    key of the form; no secret is ever a field here.
    """

    id: str = ""
    key: str = ""
    state: str = "sending"
    sha256: str = ""
    position: str = ""
    person: str = ""
    provider: str = ""
    started: datetime | None = None
    ended: datetime | None = None
    error: str = ""
    sentence: str = ""
    result: str = ""

    @property
    def open(self) -> bool:
        """Whether it has not ended: while one is open, no other may begin."""
        return self.state == "sending"
