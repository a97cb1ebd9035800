"""Attempts to sign: what was sent to a provider, and how it ended; the calls themselves live in the services."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from intranet_surat.resources.values import Record


class Decision(StrEnum):
    """What ended an attempt that failed, where it was no error of a provider; stored as plain text."""

    ABANDONED = "abandoned"
    """A person looked: nothing was signed or sealed."""
    LEFT = "left"
    """A person said that the letter goes on without its seal."""
    GIVEN_UP = "given-up"
    """Its file is not the letter's any more."""
    OVERTAKEN = "changed"
    """Its file grew meanwhile, and the seal was ordered again for what it has become."""


class SignAttempt(Record):
    """One attempt: ``sending``, ``validating``, then ``done``, ``failed`` or, when nobody knows, ``unknown``.

    ``sha256`` and ``size`` are of the bytes shown and sent; ``result``, ``returned_size`` and ``answered`` tell what
    came back and when, ``reference`` how the provider named it, ``detail`` (English) what was met. ``key`` is the
    idempotency key of the form, of a seal the file it was ordered for. ``error`` is the code of a provider's error,
    ``decision`` a `Decision`, ``decider`` who took it. ``sealed`` tells that the agency's seal was asked for in place
    of a signature. No secret is ever a field here.
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
    decision: str = ""
    sealed: bool = False

    @property
    def open(self) -> bool:
        """Whether it has not ended: while one is open, no other may begin."""
        return self.state in {"sending", "validating"}

    @property
    def outcome(self) -> str:
        """The word for how it failed, for programs and the shell: what was decided, else the provider's error."""
        return self.decision or self.error

    @property
    def undecided(self) -> bool:
        """Whether a signature may still come of it: what comes back is taken in, and a person may say how it ended."""
        return self.open or self.state == "unknown"

    @property
    def given_up(self) -> bool:
        """Whether a person ended it without a signature in the letter: what still comes of it is evidence only."""
        return self.decision in {Decision.ABANDONED, Decision.GIVEN_UP}
