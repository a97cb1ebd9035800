"""The organisation on one day, as the engine asks for it. Who may log in stands in `services.accounts`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intranet_surat.resources.people import Position
    from intranet_surat.resources.site import Site

VILLAGE = "desa"


class SiteOrg:
    """The positions of a site as they stand on a day: implements `workflow.view.Org`.

    It only reads, and remembers what it read: make one for each transaction and throw it away with it.
    """

    def __init__(self, site: Site, on: date) -> None:
        """Look at ``site`` as of the day ``on`` (a local date of the regency)."""
        self._site = site
        self._on = on
        self._staff: dict[str, tuple[str, ...]] = {}

    def role(self, role: str, office: str) -> tuple[str, ...]:
        """The positions of an office that carry a role."""
        return tuple(each.id for each in self._site.positions.of_office(office) if role in each.roles)

    def post(self, code: str, office: str) -> tuple[str, ...]:
        """The positions with a code: in the office itself, else near its head.

        An office without such a post asks the superiors of its head, nearest first (any office finds the
        Sekda), and then the heads of other offices directly under its head (so does Kepala Daerah).
        """
        own = tuple(each.id for each in self._site.positions.of_office(office) if each.code == code)
        head = self.head(office)
        if own or head is None:
            return own
        for above in self._above(head):
            if self._position(above).code == code:
                return (above,)
        below = self._site.positions.under(head, self._on)
        return tuple(each.id for each in below if each.code == code and self.head(each.office) == each.id)

    def head(self, office: str) -> str | None:
        """The position that leads an office."""
        found = self._site.office(office)
        return None if found is None or not found.head else found.head

    def superior(self, position: str) -> str | None:
        """The position above, which for the head of an office stands in another office."""
        found = self._site.positions.get(position)
        return None if found is None else found.superior(self._on)

    def staff(self, position: str) -> tuple[str, ...]:
        """All positions below, nearest first.

        In the own office everybody; of other offices only heads, reached through heads; of villages nobody,
        since they are governments of their own.
        """
        if position not in self._staff:
            self._staff[position] = tuple(self._walk_down(position))
        return self._staff[position]

    def persons(self, position: str) -> tuple[str, ...]:
        """The ids of the persons who hold a position on that day."""
        found = self._site.positions.get(position)
        return () if found is None else tuple(found.holder_ids(self._on))

    def office_of(self, position: str) -> str | None:
        """The code of the office a position belongs to."""
        found = self._site.positions.get(position)
        return None if found is None else found.office

    def title(self, position: str) -> str:
        """The printed title; empty for an unknown position."""
        found = self._site.positions.get(position)
        return "" if found is None else found.title

    def held_by(self, person: str) -> tuple[str, ...]:
        """The positions that a person holds on that day, oldest holding first."""
        held = self._site.positions.held_by(person, self._on)
        return tuple(each.id for each in sorted(held, key=lambda each: self._since(each, person)))

    def positions_of(self, office: str) -> tuple[str, ...]:
        """All positions of an office, its head first."""
        head = self.head(office)
        ids = [each.id for each in self._site.positions.of_office(office)]
        return tuple(sorted(ids, key=lambda each: each != head))

    def _position(self, position: str) -> Position:
        return self._site.positions[position]

    def _since(self, position: Position, person: str) -> date:
        return min(each.since for each in position.holdings(self._on) if each.person == person)

    def _above(self, position: str) -> Iterator[str]:
        seen = {position}
        above = self.superior(position)
        while above is not None and above not in seen:
            seen.add(above)
            yield above
            above = self.superior(above)

    def _walk_down(self, position: str) -> Iterator[str]:
        home = self.office_of(position)
        seen = {position}
        queue = deque([position])
        while queue:
            for below in self._site.positions.under(queue.popleft(), self._on):
                if below.id in seen or not (below.office == home or self._may_cross(below)):
                    continue
                seen.add(below.id)
                queue.append(below.id)
                yield below.id

    def _may_cross(self, position: Position) -> bool:
        office = self._site.office(position.office)
        return office is not None and office.kind != VILLAGE and office.head == position.id
