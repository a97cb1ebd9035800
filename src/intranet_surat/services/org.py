"""The organisation on one day, as the engine asks for it. Who may log in stands in `services.accounts`."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from intranet_surat.resources.lists import NOTHING, Closed
from intranet_surat.resources.mandates import ACTING, ON_BEHALF, SUBSTITUTE
from intranet_surat.workflow.standing import LEVELS, beyond
from intranet_surat.workflow.view import Capacity

if TYPE_CHECKING:
    from intranet_surat.resources.mandates import Mandate
    from intranet_surat.resources.people import Holding, Position
    from intranet_surat.resources.site import Site

VILLAGE = "desa"
DAY = timedelta(days=1)


class SiteOrg:
    """The positions of a site as they stand on a day: implements `workflow.view.Org`.

    It only reads, and remembers what it read: make one for each transaction and throw it away with it.
    """

    def __init__(self, site: Site, on: date, never: frozenset[str] = frozenset()) -> None:
        """Look at ``site`` as of the day ``on`` (a local date of the regency).

        ``never`` are the kinds of letters that nobody who only acts for a position may touch.
        """
        self._site = site
        self._on = on
        self._never = never
        self._staff: dict[str, tuple[str, ...]] = {}
        self._active: dict[str, tuple[Mandate, ...]] = {}

    def role(self, role: str, office: str) -> tuple[str, ...]:
        """The positions of an office that carry a role."""
        return tuple(each.id for each in self._open(office) if role in each.roles)

    def heirs(self, role: str, office: str) -> tuple[str, ...]:
        """The positions that have the work of the closed ones of an office that carried a role."""
        shut = (each for each in self._site.positions.of_office(office) if self._is_closed(each) and role in each.roles)
        found = dict.fromkeys(self.now(each.id) for each in shut)
        return tuple(each for each in found if not self._is_closed(self._position(each)))

    def post(self, code: str, office: str) -> tuple[str, ...]:
        """The positions with a code: in the office itself, else near its head.

        An office without such a post asks the superiors of its head, nearest first (any office finds the
        Sekda), and then the heads of other offices directly under its head (so does Kepala Daerah).
        """
        own = tuple(each.id for each in self._open(office) if each.code == code)
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
        return None if found is None or not found.head else self.now(found.head)

    def superior(self, position: str) -> str | None:
        """The position above, which for the head of an office stands in another office."""
        found = self._site.positions.get(position)
        above = None if found is None else found.superior(self._on)
        return None if above is None else self.now(above)

    def staff(self, position: str) -> tuple[str, ...]:
        """All positions below, nearest first.

        In the own office everybody; of other offices only heads, reached through heads; of villages nobody,
        since they are governments of their own.
        """
        if position not in self._staff:
            self._staff[position] = tuple(self._walk_down(position))
        return self._staff[position]

    def persons(self, position: str) -> tuple[str, ...]:
        """The ids of the persons who hold a position on that day, then of those who act for it."""
        found = self._site.positions.get(position)
        if found is None or self._is_closed(found):
            return ()
        return tuple(dict.fromkeys((*found.holder_ids(self._on), *self._substitutes(found))))

    def acting(self, position: str) -> str:
        """The id of the person who acts for a position today: a stand-in before the holder he stands in for."""
        persons = self.persons(position)
        return next((each for each in persons if self.capacity(each, position) is not None), next(iter(persons), ""))

    def owners(self, position: str) -> tuple[str, ...]:
        """The ids of the persons who hold a position in their own right."""
        found = self._site.positions.get(position)
        return () if found is None or self._is_closed(found) else found.owners(self._on)

    def back_on(self, position: str) -> date | None:
        """The day on which the holder of a position is back from an absence; None while he is there."""
        found = self._site.positions.get(position)
        return None if found is None else found.back_on(self._on)

    def is_unattended(self, position: str) -> bool:
        """Whether nobody acts for a position today: it is vacant, or its holder is away without a stand-in."""
        found = self._site.positions.get(position)
        if found is None:
            return True
        here = set(self.persons(position)) - set(found.owners(self._on))
        return not here and (not found.owners(self._on) or found.back_on(self._on) is not None)

    def capacity(self, person: str, position: str) -> Capacity | None:
        """In which capacity somebody acts for a position; None when he holds it in his own right, or not at all."""
        found = self._site.positions.get(position)
        if found is None or person in found.owners(self._on):
            return None
        holding = next((each for each in found.holdings(self._on) if each.person == person), None)
        mandate = self.mandate(person, position)
        if holding is not None:
            return self._acting(holding, mandate)
        if mandate is None:
            return None
        return self._scoped(mandate, partial(Capacity, kind="substitute", title="Pengganti", order=mandate.order))

    def capacity_words(self, person: str, position: str) -> tuple[str, str]:
        """The capacity in which a person acts for a position, as it is printed, and the number of his order."""
        capacity = self.capacity(person, position)
        if capacity is not None:
            return capacity.title, capacity.order
        found = self._site.positions.get(position)
        held = (each for each in found.holdings(self._on) if each.person == person) if found is not None else ()
        return next(((each.capacity, each.order) for each in held), ("", ""))

    def basis(self, person: str, position: str) -> tuple[object, ...]:
        """The stored objects beside the position on which rests that a person acts for it, or it for another."""
        by = [each for each in self.acts_by(position) if each.person == person or not each.person]
        behalf = (each for each in self._site.mandates.of_deputy(position) if each.form in ON_BEHALF)
        return (*by, *(self._position(each.deputy) for each in by), *behalf)

    def mandate(self, person: str, position: str) -> Mandate | None:
        """The order by which somebody acts for a position; None in his own right, or for an older holding."""
        found = self._site.positions.get(position)
        if found is None or person in found.owners(self._on):
            return None
        holding = next((each for each in found.holdings(self._on) if each.person == person), None)
        if holding is not None:
            known: Mandate | None = self._site.mandates.get(holding.mandate)
            return known
        return self._substitutes(found).get(person)

    def closed(self, person: str, position: str) -> Closed:
        """What stays closed to somebody who acts for a position: what his order does not name, he does not read.

        Kinds that nobody can delegate he reads, and leaves to the holder: the law closes the decision.
        """
        capacity = self.capacity(person, position)
        if capacity is None:
            return NOTHING
        return Closed(frozenset(each for each in LEVELS if beyond(each, capacity.ceiling)), capacity.kinds)

    def now(self, position: str) -> str:
        """The position itself; of a closed one the position that has its work."""
        seen: set[str] = set()
        while position not in seen:
            seen.add(position)
            found = self._site.positions.get(position)
            if found is not None and self._is_closed(found) and found.successor:
                position = found.successor
        return position

    def authority(self, position: str, form: str, kind: str = "", level: str = "") -> str | None:
        """The number of the order by which a position signs in a form; None without one, or none that covers it."""
        mandate = self.behalf(position, form, kind, level)
        return None if mandate is None else mandate.order

    def behalf(self, position: str, form: str, kind: str = "", level: str = "") -> Mandate | None:
        """The order by which a position signs ``an`` or ``ub``; if told, that covers this kind and secrecy."""
        given = self._site.mandates.of_deputy(position) if form in ON_BEHALF else ()
        running = (each for each in given if each.form == form and each.state(self._on) == "active")
        return next((each for each in running if self._covers(each, kind, level)), None)

    def acts_by(self, position: str) -> tuple[Mandate, ...]:
        """The mandates by which somebody acts for a position today."""
        if position not in self._active:
            known = self._site.mandates.of_position(position)
            acting = (each for each in known if each.form in (*ACTING, SUBSTITUTE))
            self._active[position] = tuple(each for each in acting if each.state(self._on) == "active")
        return self._active[position]

    def awaited(self, position: str) -> tuple[tuple[date, SiteOrg], ...]:
        """The days on which somebody else comes to the position or may act for it, with the organisation of then."""
        found = self._site.positions.get(position)
        if found is None:
            return ()
        days = {each.since for each in found.holders if each.since > self._on}
        days |= {each.since for each in self._site.mandates.of_position(position) if each.state(each.since) == "active"}
        return tuple((day, SiteOrg(self._site, day, self._never)) for day in sorted(days) if day > self._on)

    def office_of(self, position: str) -> str | None:
        """The code of the office a position belongs to."""
        found = self._site.positions.get(position)
        return None if found is None else found.office

    def title(self, position: str) -> str:
        """The printed title; empty for an unknown position."""
        found = self._site.positions.get(position)
        return "" if found is None else found.title

    def held_by(self, person: str) -> tuple[str, ...]:
        """The positions that a person holds on that day, oldest holding first, then those he only acts for."""
        held = [each for each in self._site.positions.held_by(person, self._on) if not self._is_closed(each)]
        held.sort(key=lambda each: (person not in each.owners(self._on), self._since(each, person)))
        given = (mandate for each in held for mandate in self._site.mandates.of_deputy(each.id))
        replaced = (each.position for each in given if person in self._substitutes(self._position(each.position)))
        return tuple(dict.fromkeys((*(each.id for each in held), *replaced)))

    def positions_of(self, office: str) -> tuple[str, ...]:
        """All positions of an office, its head first."""
        head = self.head(office)
        ids = [each.id for each in self._open(office)]
        return tuple(sorted(ids, key=lambda each: each != head))

    def _position(self, position: str) -> Position:
        return self._site.positions[position]

    def _open(self, office: str) -> list[Position]:
        return [each for each in self._site.positions.of_office(office) if not self._is_closed(each)]

    def _is_closed(self, position: Position) -> bool:
        return position.closed is not None and position.closed <= self._on

    def _substitutes(self, position: Position) -> dict[str, Mandate]:
        """Who stands in without being appointed for it each time: only for who is away, and only in his own right."""
        if position.owners(self._on) and position.back_on(self._on) is None:
            return {}
        standing = [each for each in self.acts_by(position.id) if each.form == SUBSTITUTE]
        return {person: each for each in standing for person in self._position(each.deputy).owners(self._on)}

    def _covers(self, mandate: Mandate, kind: str, level: str) -> bool:
        if not kind:
            return True
        wide = mandate.kinds is None or kind in mandate.kinds
        return wide and mandate.signs and kind not in self._never and not beyond(level, mandate.ceiling)

    def _acting(self, holding: Holding, mandate: Mandate | None) -> Capacity:
        made = partial(Capacity, kind=holding.capacity.lower().rstrip("."), title=holding.capacity, order=holding.order)
        if mandate is not None:
            return self._scoped(mandate, made)
        return made(until=None if holding.until is None else holding.until - DAY, never=self._never)

    def _scoped(self, mandate: Mandate, made: partial[Capacity]) -> Capacity:
        return made(
            until=mandate.until,
            kinds=mandate.kinds,
            ceiling=mandate.ceiling,
            signs=mandate.signs,
            never=self._never,
        )

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
