"""The little organisation of a test in a flow file: positions by name, each held by one person.

What a test does not say comes from the cast: ``agendaris: role agendaris of office`` makes one position
called ``agendaris`` that has the role.

Who is away and who stands in for him is said by ``absent: [kadis]`` and ``vacant: [kadis]`` (nobody holds it),
``plh: {kadis: sekretaris}``, ``plt`` and ``substitute`` in the same way (a substitute acts only for who is absent
or for a vacant post), ``order: {kadis: 800/1}`` (an empty text: without order; not told: there is one),
``scope: {kadis: {kinds: [surat-dinas], ceiling: R, signs: false}}``, and ``an: [sekda]``, ``ub: [asisten]`` for
who may sign on behalf of those above. ``closed: {kabid-lama: kabid-baru}`` ends a post in favour of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise
from typing import Any

from intranet_surat.workflow import cast
from intranet_surat.workflow.model import Flow, Who
from intranet_surat.workflow.view import Actor, Capacity

OFFICE = "KANTOR"
ORDER = "SP-UJI"
STANDING = {"plh": "Plh.", "plt": "Plt.", "substitute": "Pengganti"}
"""The keys under which a test tells who stands in for whom, and what it is called."""
_LISTS = ("vacant", "absent", "an", "ub")
_MAPPINGS = frozenset((*STANDING, "order", "scope", "closed", "staff"))


class LittleOrg:
    """An `Org` of plain names: the id of a position is its name, its person has the same."""

    def __init__(self, flow: Flow, org: Mapping[str, Any], letter: Mapping[str, Any]) -> None:
        self.flow = flow
        self.given = {key: _names(value) for key, value in org.items() if key not in _MAPPINGS}
        self.told = {key: dict(org[key]) for key in _MAPPINGS if isinstance(org.get(key), Mapping)}
        self.fields = self._fields(letter)
        self.author = self._author()
        self.roles: dict[str, tuple[str, ...]] = {}
        self.posts: dict[str, tuple[str, ...]] = {}
        self.head_of_office: str | None = None
        for name, who in flow.cast.items():
            holders = self.given.get(name) or (name,)
            if who.op == "role":
                self.roles.setdefault(who.args[0], holders)
            elif who.op == "position":
                self.posts.setdefault(who.args[0], holders)
            elif who.op == "head":
                self.head_of_office = holders[0]
        self.named = {
            key: {self.position(name): self.position(str(each)) for name, each in self.told.get(key, {}).items()}
            for key in (*STANDING, "closed")
        }
        self.lists = {key: frozenset(map(self.position, self.given.get(key, ()))) for key in _LISTS}
        self.bosses: dict[str, str] = {}
        staff = org.get("staff")
        for boss, below in staff.items() if isinstance(staff, Mapping) else ():
            for each in _names(below):
                self.bosses.setdefault(each, self.position(boss))
        chain = (self.author, *self.given.get("superiors", ()))
        for each, boss in pairwise(chain):
            self.bosses.setdefault(each, boss)
        self._signatory_above_author()

    def _fields(self, letter: Mapping[str, Any]) -> dict[str, Any]:
        """The letter's fields; a cast member who holds a field that the test leaves out stands in it."""
        fields = dict(letter)
        for name, who in self.flow.cast.items():
            field = _field_of(who)
            if field is not None:
                fields.setdefault(field, (self.given.get(name) or (name,))[0])
        return fields

    def _author(self) -> str:
        """The author: as the test says, else the cast's author, else who does the first action."""
        named = next((name for name, who in self.flow.cast.items() if who.op == "author"), None)
        if self.given.get("author"):
            told = self.given["author"][0]
            who = self.flow.cast.get(told)
            return told if who is not None and who.op == "author" else self.position(told)
        start = next((state for state in self.flow.states.values() if state.start), None)
        first = next(iter(start.actions.values()), None) if start is not None else None
        by = first.by[0] if first is not None and first.by else None
        return named or (str(by.args[0]) if by is not None and by.op == "name" else "konseptor")

    def _signatory_above_author(self) -> None:
        """With no superiors told, the author stands right below whom the chain of initials leads to."""
        for state in self.flow.states.values():
            levels = state.route.levels if state.route is not None else None
            if isinstance(levels, Who) and levels.op == "superiors" and levels.args[1].op == "name":
                top = self.position(levels.args[1].args[0])
                if top != self.author and "superiors" not in self.given:
                    self.bosses.setdefault(self.author, top)

    def position(self, name: str) -> str:
        """The position that a name of the test means: itself, or the one who bears a cast name."""
        who = self.flow.cast.get(name)
        field = _field_of(who) if who is not None else None
        if field is not None:
            return next(iter(cast.holders_in(self.fields.get(field))), name)
        if who is not None and who.op == "author":
            return self.author
        holders = self.given.get(name) or (name,)
        return name if name in holders else holders[0]

    def role(self, role: str, office: str) -> tuple[str, ...]:
        """Who has a role; without a cast name, a position called like the role."""
        return self.roles.get(role, (role,)) if office else ()

    def post(self, code: str, office: str) -> tuple[str, ...]:
        """Who holds a post; without a cast name, a position called like the post."""
        return self.posts.get(code, (code,)) if office else ()

    def head(self, office: str) -> str | None:
        """The head of the one office there is."""
        return self.head_of_office or "kepala" if office else None

    def superior(self, position: str) -> str | None:
        """Who stands directly above."""
        boss = self.bosses.get(position)
        return None if boss is None else self.now(boss)

    def staff(self, position: str) -> tuple[str, ...]:
        """All who stand below, nearest first."""
        below: dict[str, list[str]] = {}
        for each, above in self.bosses.items():
            below.setdefault(above, []).append(each)
        found: dict[str, None] = {}
        queue = [position]
        for boss in queue:
            fresh = [each for each in below.get(boss, ()) if each != position and each not in found]
            found.update(dict.fromkeys(fresh))
            queue.extend(fresh)
        return tuple(found)

    def persons(self, position: str) -> tuple[str, ...]:
        """The person who has the position's name, then those who stand in for him."""
        vacant = position in self.lists["vacant"] or position in self.named["plt"]
        away = vacant or position in self.lists["absent"]
        deputies = [self.named[each].get(position) for each in ("plh", "plt", *(("substitute",) if away else ()))]
        return tuple(dict.fromkeys(each for each in (None if vacant else position, *deputies) if each))

    def capacity(self, person: str, position: str) -> Capacity | None:
        """In which capacity somebody else acts for a position."""
        if person == position:
            return None
        kind = next((kind for kind in STANDING if self.named[kind].get(position) == person), None)
        if kind is None:
            return None
        scope = {self.position(name): each for name, each in self.told.get("scope", {}).items()}.get(position, {})
        orders = {self.position(name): str(each or "") for name, each in self.told.get("order", {}).items()}
        kinds = scope.get("kinds")
        return Capacity(
            kind=kind,
            title=STANDING[kind],
            order=orders.get(position, "" if kind == "substitute" else ORDER),
            kinds=frozenset(_names(kinds)) if kinds is not None else None,
            ceiling=str(scope.get("ceiling", "T")),
            signs=bool(scope.get("signs", True)),
        )

    def actors(self, name: str) -> tuple[Actor, ...]:
        """Who somebody may be: himself, then those for whom he stands in."""
        me = self.position(name)
        others = (each for kind in STANDING for each, deputy in self.named[kind].items() if deputy == me)
        acts_for = [each for each in dict.fromkeys(others) if me in self.persons(each)]
        return (Actor(me, me), *(Actor(me, each) for each in acts_for))

    def now(self, position: str) -> str:
        """The position itself; of a closed one the position that has its work."""
        return self.named["closed"].get(position, position)

    def authority(self, position: str, form: str, kind: str = "", level: str = "") -> str | None:  # noqa: ARG002
        """The order by which a position signs on behalf of another; it covers every letter."""
        return ORDER if position in self.lists[form] else None

    def awaited(self, position: str) -> tuple[tuple[date, LittleOrg], ...]:  # noqa: ARG002 - the protocol's names
        """Nobody: a test tells who stands in as it is for its whole length."""
        return ()

    def office_of(self, position: str) -> str | None:
        """The one office there is."""
        return OFFICE if position else None

    def title(self, position: str) -> str:
        """The name as a title."""
        return position.replace("_", " ").capitalize()


def _field_of(who: Who) -> str | None:
    """The letter's field that a cast member holds, if that is what he is."""
    if who.op == "holder" and who.args and who.args[0].op == "letter":
        return str(who.args[0].args[0])
    return None


def _names(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,) if value else ()
    return tuple(str(each) for each in value) if isinstance(value, Iterable) else ()
