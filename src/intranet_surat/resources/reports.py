"""What strangers reported of letters that looked wrong to them, in the order in which it came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from BTrees.OOBTree import OOBTree
from persistent import Persistent

from intranet_surat.resources.values import Record

MOST_CLOSED = 1000
"""So many that are done are kept; the oldest goes first."""


class Report(Record):
    """One report. ``text`` and ``contact`` are a stranger's words; the file itself was never kept.

    ``code`` is the public code that he looked at, ``sha256`` and ``verdict`` are of the file that he brought; each may
    be empty. Who dealt with it, when, and what came of it: ``by`` (a position), ``closed_at``, ``note``. ``origin`` is
    a digest of the day and the network that it came from, under a key of ours, kept until it is done.
    """

    id: str = ""
    at: datetime | None = None
    text: str = ""
    contact: str = ""
    code: str = ""
    sha256: str = ""
    verdict: str = ""
    by: str = ""
    closed_at: datetime | None = None
    note: str = ""
    origin: str = ""


class Reports(Persistent):
    """Reports that wait, and those that were dealt with."""

    def __init__(self) -> None:
        self._open = OOBTree()
        self._closed = OOBTree()

    def add(self, report: Report) -> Report:
        """Put a report into the tray."""
        self._open[_key(report)] = report
        return report

    def open(self) -> Iterator[Report]:
        """Return those that wait, the oldest first."""
        return iter(self._open.values())

    def closed(self) -> list[Report]:
        """Return those that were dealt with, the newest report first."""
        return list(self._closed.values())[::-1]

    def waiting(self, most: int) -> int:
        """Return how many wait, but count no further than ``most``."""
        return sum(1 for _, _ in zip(range(most), self._open.keys(), strict=False))

    def close(self, report: Report) -> None:
        """Take a report out of the tray. Raises KeyError when it does not wait."""
        del self._open[_key(report)]
        self._closed[_key(report)] = report
        while len(self._closed) > MOST_CLOSED:
            del self._closed[self._closed.minKey()]

    def __bool__(self) -> bool:
        return True


def _key(report: Report) -> str:
    at = report.at.astimezone(UTC).isoformat(timespec="seconds") if report.at is not None else ""
    return f"{at} {report.id}"
