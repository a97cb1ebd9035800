"""Why somebody may not do something now, who can, and what would change it: one answer for every action.

Also for actions of states where the item does not stand: how it can come there, or that it never will again.
The deeds of the present state are judged in `workflow.deeds`, ways ahead are found in `workflow.reach`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, NamedTuple

from intranet_surat.workflow import remedies
from intranet_surat.workflow.chart import Deed
from intranet_surat.workflow.deeds import Case
from intranet_surat.workflow.legs import Road
from intranet_surat.workflow.matters import Move, matters
from intranet_surat.workflow.model import Flow, State
from intranet_surat.workflow.overlay import over
from intranet_surat.workflow.reach import Roads
from intranet_surat.workflow.remembering import remembering
from intranet_surat.workflow.view import Actor, ItemView, Refusal, Remedy, Setting

_TOO_MUCH = "Alur ini terlalu besar untuk ditelusuri dari sini; tanyakan lagi dari keadaan berikutnya."
_HIMSELF = Remedy()
_GIVEN = "Tanyakan lagi sesudahnya: yang sudah menerima surat ini di jalan tidak dapat menerimanya lagi."


class Explanation(NamedTuple):
    """What an actor is told about one action.

    ``state`` is the state that has the action, ``here`` whether the item stands there. When it is not
    ``allowed``, ``says`` is the sentence why and ``remedy`` what would change it (or that nothing will). ``who``
    are the positions that the flow names for it, ``due`` the instant by which the present state must be left.
    """

    action: str
    title: str
    kind: str
    state: str
    here: bool
    allowed: bool
    says: str = ""
    remedy: Remedy | None = None
    who: tuple[str, ...] = ()
    due: datetime | None = None


def explain(flow: Flow, item: ItemView, actor: Actor, action: str, setting: Setting) -> Explanation:
    """Whether this actor may do the action now; if not, why, who can, and what would change it."""
    case = Case(flow, item, actor, setting)
    deed = case.find(action)
    if deed is not None:
        return here(case, deed)
    found = [move for move in _elsewhere(flow, item) if move.deed.action.name == action]
    if not found:
        says = f"Alur '{flow.title}' tidak mengenal tindakan ini. Muat ulang halaman."
        return Explanation(action, action, "action", "", False, False, says, Remedy(never=says), (), item.due)
    ways = Roads(flow, item, setting)
    return there(case, min(found, key=partial(_distance, ways)), ways)


def explain_all(
    flow: Flow, item: ItemView, actor: Actor, setting: Setting, ways: Roads | None = None
) -> tuple[Explanation, ...]:
    """The same for every action of the item's flow or track: those of the present state, then all others, each once.

    ``ways`` are the same for everybody: who asks for several people finds them once.
    """
    item, setting = over(item), remembering(setting)
    case = Case(flow, item, actor, setting)
    ways = ways or Roads(flow, item, setting)
    found = {deed.action.name: here(case, deed, ways) for deed in case.deeds()}
    beyond = [move for move in _elsewhere(flow, item) if move.deed.action.name not in found]
    for move in sorted(beyond, key=partial(_distance, ways)):
        if move.deed.action.name not in found:
            found[move.deed.action.name] = there(case, move, ways)
    return tuple(found.values())


def refusal(case: Case, deed: Deed, who: tuple[str, ...], ways: Roads | None = None) -> Refusal | None:
    """As `Case.refusal`; what can never be in this passage may still be after others."""
    found = case.refusal(deed, who, ways.missed(deed) if ways is not None else None)
    if found is None or found.remedy is None or not found.remedy.never:
        return found
    ways = ways or Roads(case.flow, case.item, case.setting)
    road = ways.deeds.get((case.item.state, deed.action.name))
    return Refusal(found.says, _remedy(case, case.state, deed, road, ways, found.says)) if road is not None else found


def answered(case: Case, deed: Deed, values: Mapping[str, Any]) -> Refusal | None:
    """Why these answers do not meet the rules of the deed, and which would."""
    failed = next((name for name in deed.action.needs if not case.holds(name, values)), None)
    if failed is None:
        return None
    gap = remedies.needed(case, deed, values)
    says = case.flow.rules[failed].says
    return Refusal(says, Remedy(make=gap.make, never=gap.never) if gap is not None else None)


def _elsewhere(flow: Flow, item: ItemView) -> list[Move]:
    """What can be done in the other states."""
    return [move for name, some in matters(flow, item.track).moves.items() if name != item.state for move in some]


def _distance(ways: Roads, move: Move) -> tuple[bool, bool, int]:
    known = ways.deeds.get(move.key)
    return known is None, move.state.name not in ways.states, known.way.steps if known is not None else 0


def here(case: Case, deed: Deed, ways: Roads | None = None) -> Explanation:
    """An action of the present state."""
    who = case.who(deed)
    found = refusal(case, deed, who, ways)
    return _told(case, case.item.state, deed, who, *((found.says, found.remedy) if found is not None else ("", None)))


def there(case: Case, move: Move, ways: Roads) -> Explanation:
    """An action of a state in which the item does not stand."""
    noun = "Surat" if case.item.track is None else "Disposisi"
    at, state, deed = ways.stands, move.state, move.deed
    road = ways.deeds.get(move.key)
    if at.final:
        says = f"{noun} sudah berakhir di keadaan '{at.title}'; tidak ada tindakan lagi."
    elif state.name not in ways.states and ways.whole:
        says = f"Keadaan '{state.title}' tidak dapat dicapai lagi dari '{at.title}'."
    elif road is None and ways.whole:
        says = f"Syarat '{deed.action.title}' tidak dapat dipenuhi lagi dari keadaan '{at.title}'."
    elif state.name in ways.been:
        says = f"{noun} tidak lagi di keadaan '{state.title}'."
    else:
        says = f"{noun} belum sampai di keadaan '{state.title}'."
    if road is not None:
        remedy = _remedy(case, state, deed, road, ways, says)
    else:
        remedy = Remedy(never=says) if ways.whole else Remedy(then=_TOO_MUCH)
    return _told(case, state.name, deed, ways.who(move), says, remedy)


def _told(case: Case, state: str, deed: Deed, who: tuple[str, ...], says: str, remedy: Remedy | None) -> Explanation:
    action, item = deed.action, case.item
    allowed = remedy is None
    return Explanation(
        action.name, action.title, deed.kind, state, state == item.state, allowed, says, remedy, who, item.due
    )


def _remedy(case: Case, state: State, deed: Deed, road: Road, ways: Roads, says: str) -> Remedy:
    """The steps of the road in their order, each after what it needs; then what the deed needs, and by whom."""
    steps, short = ways.steps(road.way, state, says)
    if short is not None:
        return short
    make, last = [*steps], road.remedy
    if case.actor.position in road.who:
        if road.missing == () and not road.node.facts and ways.fits(case, deed):
            own: Remedy | None = _HIMSELF
        else:
            own = remedies.own(case, remedies.against(ways.case(road), deed, case.actor, road.missing))
        if own is not None:
            last = own._replace(as_=(case.actor.position,)) if remedies.appoints(make) else own
    if last.make or road.more:
        needed = remedies.in_order(last.make, road.more, last.as_)
        make.extend([each for each in needed if each.what == "position" or each not in make])
    fan_out = deed.action.fan_out
    given = fan_out is not None and any(
        not each.id and each.track == fan_out.track for each in ways.case(road).item.children
    )
    found = Remedy(last.as_, last.at, tuple(make), then=_GIVEN if given else last.then)
    return remedies.looked_after(case, found) if last.make or road.more else found


def told(remedy: Remedy) -> dict[str, Any]:
    """A remedy for programs: plain values that JSON holds."""
    if remedy.never:
        return {"never": remedy.never}
    found: dict[str, Any] = {"as": list(remedy.as_)}
    if remedy.at is not None:
        found["at"] = remedy.at.isoformat()
    if remedy.then:
        found["then"] = remedy.then
    found["make"] = [{"what": each.what, "of": each.of, "value": each.value, "says": each.says} for each in remedy.make]
    return found
