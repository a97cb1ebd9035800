"""Where an item has been, where it is and where it usually goes on: "Sekarang di mana" of a letter's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from intranet_surat.workflow import judging
from intranet_surat.workflow.chart import chart, leads_to
from intranet_surat.workflow.model import Flow, State
from intranet_surat.workflow.overlay import over, start_of, state_of, states_of
from intranet_surat.workflow.view import Done, ItemView, Setting


@dataclass(frozen=True, slots=True)
class Place:
    """One state on the road of an item.

    ``phase`` is ``past``, ``now`` or ``next``; ``entered`` is the act that led here, ``left`` the one
    that led away (both None where there is none yet).
    """

    state: str
    title: str
    phase: str
    entered: Done | None = None
    left: Done | None = None


def path(flow: Flow, item: ItemView, setting: Setting | None = None) -> tuple[Place, ...]:
    """The states passed, in order of time, the present one, and the usual way to the end.

    Only with a ``setting`` are branches ahead decided by their rules; without, the last branch is taken.
    """
    states = states_of(flow, item.track)
    moves = [act for act in item.acts if act.item == item.id and act.state_to != act.state_from]
    places = []
    for number, act in enumerate(moves[:-1]):
        state = states.get(act.state_to)
        title = state.title if state is not None else act.state_to
        places.append(Place(act.state_to, title, "past", act, moves[number + 1]))
    here = state_of(flow, item)
    places.append(Place(here.name, here.title, "now", moves[-1] if moves else None))
    places.extend(Place(state.name, state.title, "next") for state in _usual(flow, item, setting))
    return tuple(places)


def ahead(flow: Flow, item: ItemView) -> tuple[State, ...]:
    """The states that can still be reached and lie further from the start than the present one."""
    states = states_of(flow, item.track)
    known = chart(flow, item.track)
    far = known.far(start_of(flow, item.track))
    reach = known.far(item.state)
    here = far.get(item.state, 0)
    order = sorted((steps, name) for name, steps in reach.items() if far.get(name, 0) > here)
    return tuple(states[name] for _, name in order)


def _usual(flow: Flow, item: ItemView, setting: Setting | None) -> Iterator[State]:
    """The states ahead on the way that the flow's author wrote first, without those that only choose."""
    states = states_of(flow, item.track)
    far = chart(flow, item.track).far(start_of(flow, item.track))
    at, seen = item.state, {item.state}
    while at in states:
        targets = [_branch(flow, item, states[at], setting)] if states[at].choose else list(leads_to(states[at]))
        further = [name for name in targets if name not in seen and far.get(name, 0) > far.get(at, 0)]
        if not further or further[0] not in states:
            return
        at = further[0]
        seen.add(at)
        if not states[at].choose:
            yield states[at]


def _branch(flow: Flow, item: ItemView, state: State, setting: Setting | None) -> str:
    """The branch that would be taken today."""
    view = over(item, state=state.name)
    for branch in state.choose:
        rule = flow.rules.get(branch.when) if branch.when is not None else None
        if branch.when is None:
            return branch.to
        if setting is not None and rule is not None and judging.holds(rule.tree, flow, view, None, setting):
            return branch.to
    return state.choose[-1].to
