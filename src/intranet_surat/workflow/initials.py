"""Initials over the levels of a route: which levels there are, whose turn it is, what a correction undoes."""

from __future__ import annotations

from typing import NamedTuple

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast
from intranet_surat.workflow.model import Flow, Level, Route
from intranet_surat.workflow.view import Actor, Initial, ItemView, Setting


class Tier(NamedTuple):
    """One level of a route for one letter: its members, and how many of them must give their initials."""

    members: tuple[str, ...]
    need: int


class Turn(NamedTuple):
    """Whose turn it is: the tier (0 is the lowest) and those of its members still awaited."""

    level: int
    waiting: tuple[str, ...]


def tiers(flow: Flow, item: ItemView, route: Route, setting: Setting) -> tuple[Tier, ...]:
    """The levels of the route for this letter, lowest first.

    An author who is himself on a level is left out; ``at_most`` keeps those nearest to the signatory.
    Raises NotAllowed with the sentence when the signatory is not above the author, or when a level that
    the flow names has too few positions.
    """
    author = setting.org.now(item.letter.author)
    if isinstance(route.levels, tuple):
        found = [_named(flow, item, level, setting) for level in route.levels]
    else:
        found = [Tier((each,), 1) for each in cast.positions(route.levels, flow, item, setting)]
    kept = []
    for tier in found:
        members = tuple(each for each in tier.members if each != author)
        if members:
            kept.append(Tier(members, min(tier.need, len(members))))
    return tuple(kept[-route.at_most :] if route.at_most is not None else kept)


def _named(flow: Flow, item: ItemView, level: Level, setting: Setting) -> Tier:
    """A level that the flow names itself; an approval that nobody can give is never skipped in silence."""
    members = cast.positions(level.who, flow, item, setting)
    need = {"all": max(len(members), 1), "any": 1}.get(level.need) or int(level.need)
    if need > len(members):
        message = (
            f"Paraf dari '{level.who.text}' perlu {need} jabatan, tetapi di kantor ini ada {len(members)}."
            " Hubungi admin kantor."
        )
        raise cast.Broken(message, level.who, {"need": need})
    return Tier(members, need)


def turn(route: Route, levels: tuple[Tier, ...], item: ItemView, setting: Setting) -> Turn | None:
    """Whose turn it is now; None when all levels have given their initials."""
    for number, tier in enumerate(levels):
        given = _given(route, tier, item, setting)
        if len(given) < tier.need:
            return Turn(number, tuple(each for each in tier.members if each not in given))
    return None


def _given(route: Route, tier: Tier, item: ItemView, setting: Setting) -> set[str]:
    """The members of the tier whose initials count.

    Initials from another tier count for the same person. ``continue at changer`` undoes those that other
    members of the changer's own tier had given before the correction; tiers below keep theirs.
    """
    if not item.initials:
        return set()
    carried: set[str] = set()
    own: dict[str, int] = {}
    for member in tier.members:
        persons = setting.org.persons(member)
        for initial in item.initials:
            at = setting.org.now(initial.position)
            if at != member and initial.person not in persons:
                continue
            if route.if_file_changes == "restart at bottom" and initial.version != item.version:
                continue
            if at in tier.members:
                own[member] = max(initial.version, own.get(member, 0))
            else:
                carried.add(member)
    if route.if_file_changes != "continue at changer":
        return carried | set(own)
    newest = max(own.values(), default=0)
    given = carried | {member for member, version in own.items() if version == newest}
    if len(given) >= tier.need:
        return given
    return carried | {member for member, version in own.items() if version == item.version}


def now(flow: Flow, item: ItemView, route: Route, setting: Setting) -> Turn | None:
    """Whose turn it is at the route in which the item stands; nobody's when the chain is broken today."""
    try:
        return turn(route, tiers(flow, item, route, setting), item, setting)
    except NotAllowed:
        return None


def by(level: int, actor: Actor, item: ItemView) -> Initial:
    """The initials of an actor on the present text."""
    return Initial(level, actor.position, actor.person, item.version)
