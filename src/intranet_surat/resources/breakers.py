"""Whether a signing provider answers, as every process sees it; when it counts as away is for the services."""

from __future__ import annotations

from datetime import datetime

from intranet_surat.resources.values import Record


class Breaker(Record):
    """What is known of one provider: failures in a row since ``since``, and from ``opened`` on nothing is sent.

    ``answered`` is when it first answered a question again. ``person`` was refused last and is whom the probe asks for;
    ``error`` (English) is what was met, ``told`` who was told that it is away.
    """

    provider: str = ""
    failures: int = 0
    since: datetime | None = None
    opened: datetime | None = None
    answered: datetime | None = None
    person: str = ""
    error: str = ""
    told: tuple[str, ...] = ()

    @property
    def away(self) -> datetime | None:
        """Since when it counts as away; None while it answers."""
        return self.since if self.opened is not None else None
