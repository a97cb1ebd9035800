"""What a flow asks between two past acts although nobody did it then: one more tier of initials, a new state."""

from __future__ import annotations

from collections.abc import Iterator

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import initials
from intranet_surat.workflow.chart import Deed, deeds, leads_to
from intranet_surat.workflow.model import Flow, State
from intranet_surat.workflow.overlay import state_of, states_of
from intranet_surat.workflow.replay_past import PastAct, Twin
from intranet_surat.workflow.view import Setting

SAMPLE = "(diandaikan)"
"""What somebody is assumed to have entered where only a text was asked."""


def missing(flow: Flow, old: Flow, item: Twin, act: PastAct, left: bool, setting: Setting) -> Deed | None:
    """What must be done first so that a past act can be done; None when nothing is missing, or nothing would help.

    ``old`` is the flow of that time, ``left`` tells that the act was done in another state than the present one.
    """
    state = state_of(flow, item)
    wanted = next((deed for deed in deeds(state) if deed.action.name == act.action), None)
    if state.route is not None and (left or (wanted is not None and wanted.kind in ("initial", "reject"))):
        if wanted is None or (wanted.kind != "action" and _higher(flow, item, state, act.position, setting)):
            return next(deeds(state))
        return None
    if wanted is None and item.state not in states_of(old, item.track):
        return _onward(flow, item, state, act.action)
    return None


def own_limit(old: Flow, item: Twin, state: State) -> bool:
    """Whether the present limit belongs to this wait alone: a limit of a whole route runs on from tier to tier."""
    return (state.route is not None and state.route.deadline is not None) or item.state not in states_of(
        old, item.track
    )


def needless(flow: Flow, item: Twin, act: PastAct, setting: Setting) -> bool:
    """Whether a past act gave initials that the flow does not ask of this position any more."""
    state = state_of(flow, item)
    if state.route is None or state.route.act != act.action:
        return False
    return act.position not in _members(flow, item, state, setting)


def _higher(flow: Flow, item: Twin, state: State, position: str, setting: Setting) -> bool:
    """Whether it is the turn of a tier below that of the position."""
    if state.route is None:
        return False
    turn = initials.now(flow, item, state.route, setting)
    return turn is not None and position not in turn.waiting and position in _members(flow, item, state, setting)


def _members(flow: Flow, item: Twin, state: State, setting: Setting) -> frozenset[str]:
    if state.route is None:
        return frozenset()
    try:
        tiers = initials.tiers(flow, item, state.route, setting)
    except NotAllowed:
        return frozenset()
    return frozenset(member for tier in tiers for member in tier.members)


def _onward(flow: Flow, item: Twin, state: State, action: str) -> Deed | None:
    """The deed of a new state that brings the item nearest to a state with this action."""
    found: list[tuple[int, int, Deed]] = []
    for place, deed in enumerate(_willing(item, state)):
        if deed.action.to is None:
            return deed
        far = _distance(flow, item.track, deed.action.to, action)
        if far is not None:
            found.append((far, place, deed))
    return min(found, key=lambda each: each[:2])[2] if found else None


def _willing(item: Twin, state: State) -> Iterator[Deed]:
    """What cooperative people do in a state: its preparation once, then all that leads away from it."""
    prepared = any(
        done.item == item.id and done.seq > item.entered and state.sign and done.action == state.sign.prepare.name
        for done in item.acts
    )
    for deed in deeds(state):
        if not prepared if deed.kind == "prepare" else deed.action.to is not None:
            yield deed


def _distance(flow: Flow, track: str | None, start: str, action: str) -> int | None:
    """How many passages lie between a state and the nearest one that has the action."""
    states = states_of(flow, track)
    far = {start: 0}
    queue = [start]
    for name in queue:
        state = states.get(name)
        if state is None:
            continue
        if any(deed.action.name == action for deed in deeds(state)):
            return far[name]
        for target in leads_to(state):
            if target not in far:
                far[target] = far[name] + 1
                queue.append(target)
    return None
