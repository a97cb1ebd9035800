"""Orders by which one position acts or signs for another.

What an order must fulfil is decided in `services.mandate_rules`, what it allows in `workflow.standing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from BTrees.OOBTree import OOBTree, OOTreeSet

from intranet_surat.resources.document import File
from intranet_surat.resources.folder import Folder, new_id
from intranet_surat.resources.values import Record

ACTING = ("Plh.", "Plt.")
"""The forms in which a person holds a position beside its holder, or without one."""
SUBSTITUTE = "pengganti"
ON_BEHALF = {"an": "a.n.", "ub": "u.b."}


class Mandate(Record):
    """An order (surat perintah, SK) of which nothing is changed after it was confirmed, only its end is added.

    ``form`` is ``Plh.``, ``Plt.``, ``pengganti``, ``an`` or ``ub``; ``position`` the post that is acted or signed
    for, ``deputy`` the post of the one who does it, ``middle`` the post between them of ``ub``. ``until`` is the
    last day. ``letter`` is the path of the order when it is an outgoing letter of the system, ``scan`` its file
    otherwise. ``kinds`` None allows all that acting officials may touch. ``extends`` is the id of the mandate
    that this one prolongs.
    """

    __parent__: Any = None
    __name__: str | None = None
    id: str = ""
    form: str = ""
    position: str = ""
    deputy: str = ""
    person: str = ""
    middle: str = ""
    order: str = ""
    order_date: date | None = None
    letter: str = ""
    scan: File | None = None
    since: date = date.min
    until: date | None = None
    kinds: frozenset[str] | None = None
    ceiling: str = "T"
    signs: bool = True
    extends: str = ""
    proposed_by: str = ""
    proposed_at: datetime | None = None
    confirmed_by: str = ""
    confirmed_at: datetime | None = None
    ended_by: str = ""
    ended_at: datetime | None = None
    ended_on: date | None = None
    reason: str = ""

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.id = self.id or new_id()
        self._done = OOTreeSet()

    def note(self, at: datetime, letter: str, seq: int) -> None:
        """Remember an act that was done by this order: when, the letter's path, its number in the history."""
        self._done.insert((at, letter, seq))

    def done(self) -> list[tuple[datetime, str, int]]:
        """Return the acts done by this order, newest first."""
        return list(reversed(list(self._done)))

    def state(self, on: date) -> str:
        """Return ``proposed``, ``accepted`` (not begun), ``active``, ``ended`` or ``revoked`` as of a day."""
        if self.ended_on is not None and (on >= self.ended_on or not self.confirmed_at):
            return "revoked"
        if self.confirmed_at is None:
            return "proposed" if self.until is None or on <= self.until else "ended"
        if on < self.since:
            return "accepted"
        return "active" if self.until is None or on <= self.until else "ended"

    def overlaps(self, since: date, until: date | None) -> bool:
        """Tell whether some day of a period lies in its own, as far as it was not ended before."""
        last = self.until
        if self.ended_on is not None and (last is None or self.ended_on <= last):
            last = date.fromordinal(self.ended_on.toordinal() - 1)
        return (until is None or self.since <= until) and (last is None or (since <= last and self.since <= last))


class Mandates(Folder):
    """All mandates by id; indexes by the position acted for and by the deputy's, whatever the dates."""

    def __init__(self) -> None:
        super().__init__()
        self._positions = OOBTree()
        self._deputies = OOBTree()

    def add(self, mandate: Mandate) -> Mandate:
        """Keep a mandate under its id."""
        self[mandate.id] = mandate
        for index, key in ((self._positions, mandate.position), (self._deputies, mandate.deputy)):
            index[key] = (*index.get(key, ()), mandate.id)
        return mandate

    def of_position(self, position: str) -> Iterator[Mandate]:
        """Return the mandates to act or sign for a position, oldest first."""
        return (self[name] for name in self._positions.get(position, ()))

    def of_deputy(self, position: str) -> Iterator[Mandate]:
        """Return the mandates that a position was given, oldest first."""
        return (self[name] for name in self._deputies.get(position, ()))
