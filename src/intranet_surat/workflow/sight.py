"""Who an item waits for and with what, who can act on it, who reads it and who edits its text: sets of positions.

The security ceiling that cuts them, carbon copies and secrecy live in the services.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from intranet_surat.workflow import cast, initials, judging, remedies, turns
from intranet_surat.workflow.chart import Deed, chart
from intranet_surat.workflow.deeds import Case
from intranet_surat.workflow.model import Flow, State
from intranet_surat.workflow.overlay import over, state_of
from intranet_surat.workflow.rules import Among, Away, Children, Compare, Node, Ref, deep
from intranet_surat.workflow.view import Actor, ItemView, Make, Setting

_NOBODY = Actor("", "")


def waits_for(flow: Flow, item: ItemView, setting: Setting) -> tuple[str, ...]:
    """The positions on whose worklist the item stands.

    Those of the present level of a route, the signatory whose turn it is, or those who may do the state's first action.
    Where children are gathered, the givers of children returned since they last acted on this item.
    """
    state = state_of(flow, item)
    if state.route is not None:
        turn = initials.now(flow, item, state.route, setting)
        return turn.waiting if turn is not None else ()
    if state.sign is not None:
        if state.sign.in_turn:
            return turns.waiting(flow, item, state.sign, setting)[:1]
        return cast.of_all(state.sign.by, flow, item, setting)
    if state.gather is not None:
        return _answers_owed(item, state.gather.track)
    own = Case(flow, item, _NOBODY, setting).own()
    return tuple(dict.fromkeys((*own, *item.assigned))) if own else ()


def expected(flow: Flow, item: ItemView, setting: Setting) -> Deed | None:
    """What is done next with the item where it stands: the initials, the signature, or the first action left open."""
    return next(iter(left_open(flow, item, setting)), None)


def left_open(flow: Flow, item: ItemView, setting: Setting) -> tuple[Deed, ...]:
    """What may come next with the item where it stands, in the order of the state."""
    shut = closed(flow, item, setting, item.state)
    usual = (each for each in chart(flow, item.track).deeds(item.state) if each.kind not in {"prepare", "reject"})
    return tuple(each for each in usual if each.action.name not in shut)


def awaited(flow: Flow, item: ItemView, setting: Setting) -> tuple[str, ...]:
    """Who goes on with the item: those it waits for, but for who may do none of what may come next.

    Where that is none of them, those who may do the first of it for which there is anybody, though it stands on no
    worklist of theirs.
    """
    waiting, state = waits_for(flow, item, setting), state_of(flow, item)
    if not waiting or state.route is not None or state.sign is not None or state.gather is not None:
        return waiting
    deeds = left_open(flow, item, setting)
    own = own_next(flow, item, setting, waiting, deeds)
    if own or not deeds:
        return tuple(each for each in waiting if each in own) or waiting
    case = Case(flow, item, _NOBODY, setting)
    return next(filter(None, map(case.who, deeds)), waiting)


def own_next(
    flow: Flow, item: ItemView, setting: Setting, waiting: Iterable[str], deeds: Iterable[Deed]
) -> dict[str, Deed]:
    """The first of these acts that each of those for whom the item waits may do; who may do none is left out."""
    case = Case(flow, item, _NOBODY, setting)
    found: dict[str, Deed] = {}
    missing = set(waiting)
    for deed in deeds:
        if not missing:
            break
        found.update(dict.fromkeys(missing.intersection(case.who(deed)), deed))
        missing -= found.keys()
    return found


def closed(flow: Flow, item: ItemView, setting: Setting, state: str) -> frozenset[str]:
    """The actions of a state, the present one or one ahead, that the item rules out as it stands.

    Their rules do not hold, and nothing that can be entered or changed where the item stands now makes them hold.
    """
    ruled = [deed for deed in chart(flow, item.track).deeds(state) if deed.action.needs]
    if not ruled:
        return frozenset()  # the whole history would be read for nothing
    case = Case(flow, item if item.state == state else over(item, state=state), _NOBODY, setting, item.state)
    found = []
    for deed in ruled:
        gap = remedies.needed(case, deed)
        if gap is not None and (gap.never or any(map(_elsewhere, gap.make))):
            found.append(deed.action.name)
    return frozenset(found)


def branch(flow: Flow, item: ItemView, setting: Setting, state: str) -> str | None:
    """Where a state that is passed by itself leads the item as it stands; None while that hangs on acts to come."""
    own = chart(flow, item.track)
    written = own.written if item.track is None else own.written | chart(flow, None).written
    view = over(item, state=state)
    for each in own.states[state].choose:
        rule = flow.rules.get(each.when) if each.when is not None else None
        if rule is None:
            return each.to if each.when is None else None
        if any(_comes(part, written) for part in deep(rule.tree, flow)):
            return None
        if judging.holds(rule.tree, flow, view, None, setting):
            return each.to
    return None


def _comes(part: Node, written: frozenset[str]) -> bool:
    """Whether a part of a rule asks for what only the acts to come tell: who does them, what they enter and write."""
    if isinstance(part, Compare):
        refs = (part.left, *(each for each in part.values if isinstance(each, Ref)))
        return any(ref.root == "form" or ref.path[0] in written for ref in refs)
    return isinstance(part, Among | Children | Away)


def _elsewhere(make: Make) -> bool:
    """Whether it names the states to be reached before it can be changed."""
    return isinstance(make.value, Mapping) and "in" in make.value


def _answers_owed(item: ItemView, track: str) -> tuple[str, ...]:
    owed: dict[str, None] = {}
    for child in item.children:
        if child.track != track or child.outcome != "returned" or child.ended <= item.entered:
            continue
        last = max((act.seq for act in item.acts if act.item == item.id and act.position == child.giver), default=-1)
        if last < child.ended:
            owed[child.giver] = None
    return tuple(owed)


def can_act(flow: Flow, item: ItemView, setting: Setting) -> frozenset[str]:
    """Every position that any action of the present state names now."""
    case = Case(flow, item, _NOBODY, setting)
    return frozenset(position for deed in case.deeds() for position in case.who(deed) if position)


def readers(flow: Flow, item: ItemView, setting: Setting) -> dict[str, frozenset[str]]:
    """Who reads the item, by reason: ``act``, ``see``, ``acted`` and ``holder``.

    ``acted`` are all who acted on the letter or an item of it, for a child only those who acted on it;
    ``holder`` its holder and giver, who held it before, and the holders of its children, none whose item was
    withdrawn. To whom this passage was escalated counts as named by ``see``. A state that says ``see: only`` leaves
    just those it names and those who can act. An archivist reads what is final.
    """
    state = state_of(flow, item)
    see = {*cast.of_all(state.see.who, flow, item, setting), *item.told}
    acting = can_act(flow, item, setting) | set(waits_for(flow, item, setting))
    if state.see.only:
        return {"act": acting, "see": frozenset(see), "acted": frozenset(), "holder": frozenset()}
    if state.final and item.track is None:
        see.update(setting.org.role("arsiparis", item.office))
    own = (act for act in item.acts if item.track is None or act.item == item.id)
    return {
        "act": acting,
        "see": frozenset(see),
        "acted": frozenset(setting.org.now(act.position) for act in own if act.position),
        "holder": frozenset(setting.org.now(each) for each in _holders(item, state)),
    }


def _holders(item: ItemView, state: State) -> frozenset[str]:
    mine = {item.giver} if state.outcome == "withdrawn" else {item.holder, item.giver, *item.held}
    theirs = {child.holder for child in item.children if child.outcome != "withdrawn"}
    return frozenset(position for position in mine | theirs if position)


def editors(flow: Flow, item: ItemView, setting: Setting) -> tuple[str, ...]:
    """The positions that may change the text now."""
    state = state_of(flow, item)
    named = list(cast.of_all(state.edit, flow, item, setting))
    if state.route is not None and state.route.edit:
        named.extend(_level(flow, item, state, setting))
    return tuple(dict.fromkeys(named))


def _level(flow: Flow, item: ItemView, state: State, setting: Setting) -> tuple[str, ...]:
    turn = initials.now(flow, item, state.route, setting) if state.route is not None else None
    return turn.waiting if turn is not None else ()
