"""Which states still lie ahead of an item."""

from __future__ import annotations

from intranet_surat.workflow.chart import chart
from intranet_surat.workflow.model import Flow, State
from intranet_surat.workflow.overlay import start_of, states_of
from intranet_surat.workflow.view import ItemView


def ahead(flow: Flow, item: ItemView) -> tuple[State, ...]:
    """The states that can still be reached and lie further from the start than the present one."""
    states = states_of(flow, item.track)
    known = chart(flow, item.track)
    far = known.far(start_of(flow, item.track))
    reach = known.far(item.state)
    here = far.get(item.state, 0)
    order = sorted((steps, name) for name, steps in reach.items() if far.get(name, 0) > here)
    return tuple(states[name] for _, name in order)
