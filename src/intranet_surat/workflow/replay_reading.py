"""Reads the lines of a history, wherever they were kept, as the past that can be played."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.workflow.chart import deeds
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.overlay import states_of
from intranet_surat.workflow.own_acts import AUTOMATIC, CORRECTION, ESCALATED, READ, REASSIGNED
from intranet_surat.workflow.replay_past import Past, PastAct

_KINDS = {
    CORRECTION: "text",
    READ: "read",
    AUTOMATIC: "closing",
    **dict.fromkeys((ESCALATED, REASSIGNED), "escalation"),
}


@dataclass(frozen=True, slots=True)
class PastLine:
    """One line of a history with what was entered at it: ``entered`` holds ``form``, ``facts`` and ``items``."""

    at: datetime
    item: str
    action: str
    position: str
    person: str
    state_from: str
    state_to: str
    entered: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Below:
    """An item below the letter: its track, who held it first, and the flow that it began on."""

    id: str
    track: str | None
    holder: str
    flow: Flow


@dataclass(frozen=True, slots=True)
class Frame:
    """What is known of a letter besides its history. ``scans`` are files that corrections put in, by version.

    ``flow`` is what it began on, ``later`` are those to which it or items below it were moved.
    """

    id: str
    office: str
    kind: str
    flow: Flow
    below: tuple[Below, ...] = ()
    scans: Mapping[int, Any] | None = None
    print_code: str = ""
    later: tuple[Flow, ...] = ()


def past(frame: Frame, lines: Iterable[PastLine]) -> Past:
    """The letter's past as plain values. Raises ValueError for a history without lines."""
    holders = {each.id: each.holder for each in frame.below}
    names = {frame.id: _actions((frame.flow, *frame.later), None)}
    names.update({each.id: _actions((each.flow, *frame.later), each.track) for each in frame.below})
    acts = []
    for line in lines:
        facts = line.entered.get("facts", {})
        form = line.entered.get("form", {})
        known = _KINDS.get(line.action) or ("act" if line.action in names.get(line.item, ()) else "note")
        kind = known if line.state_from else "start"
        if kind == "closing" and "number_void" in facts:
            kind = "lapse"
        version = facts.get("version")
        if kind == "text" and frame.scans and version in frame.scans:
            form = {**form, "scan": frame.scans[version]}
        acts.append(
            PastAct(
                kind, line.at, line.item, line.action, line.position, line.person, line.state_from, line.state_to, form,
                facts, {holders[made]: made for made in line.entered.get("items", ()) if made in holders},
            )
        )  # fmt: skip
    if not acts:
        raise ValueError("a letter without a history has no past")
    others = {each.id: each.flow for each in frame.below if each.flow.hash != frame.flow.hash}
    return Past(
        frame.id, frame.office, frame.kind, acts[0].form, tuple(acts), frame.flow, others, frame.print_code
    )  # fmt: skip


def _actions(flows: Iterable[Flow], track: str | None) -> frozenset[str]:
    """The names of all that can be done on an item that runs these, one after the other."""
    states = (state for flow in flows for state in states_of(flow, track).values())
    return frozenset(deed.action.name for state in states for deed in deeds(state))
