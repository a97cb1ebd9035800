"""Where a letter stands: the states it passed with their time, the present one, and the ones ahead."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from intranet_surat.services import absences, mandates
from intranet_surat.services.org import SiteOrg
from intranet_surat.workflow.model import Flow, State
from intranet_surat.workflow.sentences import joined

AHEAD = 4
"""How many states ahead are told; further ones depend on choices that nobody has made yet."""

Closed = Callable[[str], Container[str]]
"""The names of the actions that are ruled out in a state."""

Chosen = Callable[[str], str | None]
"""Where a state leads by itself; None while it is not known."""


@dataclass(frozen=True, slots=True)
class PathStep:
    """One state of the way: ``when`` is ``past``, ``now`` or ``next``; ``who`` are titles in words."""

    when: str
    title: str
    who: str
    since: datetime | None = None
    took: str = ""


def instant(value: Any) -> datetime:
    """An instant that may be stored as text."""
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def length(span: timedelta) -> str:
    """A stretch of time in words, rounded down to the unit that matters."""
    minutes = max(0, int(span.total_seconds() // 60))
    if minutes < 1:
        return "kurang dari 1 menit"
    if minutes < 60:
        return f"{minutes} menit"
    if minutes < 48 * 60:
        return f"{minutes // 60} jam"
    return f"{minutes // (24 * 60)} hari"


def names(titles: Sequence[str], most: int = 3) -> str:
    """Titles in one phrase: "A, B, dan C", or how many further ones there are."""
    known = [title for title in dict.fromkeys(titles) if title]
    if len(known) > most:
        known = [*known[:most], f"{len(known) - most} jabatan lain"]
    return joined(known)


def build(
    flow: Flow,
    item: Any,
    acts: Iterable[Any],
    waits_for: Sequence[str],
    org: SiteOrg,
    now: datetime,
    turn_since: datetime | None = None,
    closed: Closed = lambda _state: (),
    chosen: Chosen = lambda _state: None,
) -> tuple[PathStep, ...]:
    """Make the way of an item from its acts and its flow; ``turn_since`` when who signs next came to his turn.

    ``closed`` are the actions of a state that this item rules out, ``chosen`` the branch that it takes as it stands.
    """
    states = flow.states if item.track is None else flow.tracks[item.track].states
    own = [act for act in acts if act.item == item.id and act.state_to and act.state_from != act.state_to]
    steps: list[PathStep] = []
    for index, act in enumerate(own[:-1]):
        since, until = instant(act.at), instant(own[index + 1].at)
        steps.append(
            PathStep(
                "past",
                _title(states, act.state_to),
                _who_left(own[index + 1], org),
                since,
                f"Di sini {length(until - since)}.",
            )
        )
    present = states[item.state]
    since = turn_since or (instant(own[-1].at) if own else item.created_at)
    steps.append(
        PathStep("now", present.title, _who_waits(present, waits_for, org), since, _so_far(present, since, now))
    )
    steps.extend(PathStep("next", state.title, "") for state in ahead(states, present, closed, chosen))
    return tuple(steps)


def _title(states: Mapping[str, State], name: str) -> str:
    return states[name].title if name in states else name


def _who_left(act: Any, org: SiteOrg) -> str:
    who = getattr(act, "who", None)
    if isinstance(who, Mapping) and who.get("title"):
        return mandates.acted_as(str(getattr(act, "capacity", "")), str(who["title"]))
    return org.title(act.position)


def _who_waits(state: State, waits_for: Sequence[str], org: SiteOrg) -> str:
    if state.final:
        return ""
    if not waits_for:
        return "menunggu penerima disposisi" if state.gather else ""
    waits = "menunggu " + names([org.title(each) for each in waits_for])
    return ". ".join((waits, *(each.rstrip(".") for each in absences.waiting_says(org, waits_for))))


def _so_far(state: State, since: datetime, now: datetime) -> str:
    return "" if state.final else f"Sudah {length(now - since)}."


def ahead(
    states: Mapping[str, State],
    present: State,
    closed: Closed = lambda _state: (),
    chosen: Chosen = lambda _state: None,
) -> list[State]:
    """The states ahead: each time the ``chosen`` way on, else the first one that is not ``closed``; none leads back."""
    found: list[State] = []
    passed = {present.name}
    state = present
    while len(found) < AHEAD:
        known = chosen(state.name) if state.choose else None
        ways = [known] if known is not None else ways_on(state, closed(state.name))
        following = next((name for name in ways if name in states and name not in passed), None)
        if following is None:
            return found
        state = states[following]
        passed.add(following)
        if not state.choose:
            found.append(state)
    return found


def ways_on(state: State, closed: Container[str] = ()) -> list[str]:
    """The states that may follow, the usual one first, without what only ``closed`` actions lead to."""
    if state.choose:
        # The last branch is `else`: the usual case, from which the others depart.
        return [branch.to for branch in reversed(state.choose)]
    found = [part.done for part in (state.route, state.sign, state.gather) if part is not None]
    found.extend(each.to for name, each in state.actions.items() if each.to and name not in closed)
    return found
