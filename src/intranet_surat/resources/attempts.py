"""Attempts to sign: what was sent to a provider, and how it ended; the calls themselves live in the services."""

from __future__ import annotations

from datetime import datetime

from intranet_surat.resources.values import Record


class SignAttempt(Record):
    """One attempt: ``sending``, ``validating``, then ``done``, ``failed`` or, when nobody knows, ``unknown``.

    ``sha256`` and ``size`` are of the bytes shown and sent; ``result``, ``returned_size`` and ``answered`` tell what
    came back and when, ``reference`` how the provider named it, ``detail`` (English) what was met. ``key`` is the
    idempotency key of the form, of a seal the file it was ordered for; ``decider`` who said how it ended when nobody
    knew. No secret is ever a field here.
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
    size: int = 0
    returned_size: int = 0
    answered: datetime | None = None
    reference: str = ""
    detail: str = ""
    decider: str = ""

    @property
    def open(self) -> bool:
        """Whether it has not ended: while one is open, no other may begin."""
        return self.state in {"sending", "validating"}

    @property
    def undecided(self) -> bool:
        """Whether a signature may still come of it: what comes back is taken in, and a person may say how it ended."""
        return self.open or self.state == "unknown"
