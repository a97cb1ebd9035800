"""What is written in a flow's picture: the lines of each box, the texts beside each line, and the picture in words."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from intranet_surat.workflow.check_parts import Machine, machines
from intranet_surat.workflow.limits import limit
from intranet_surat.workflow.model import Action, Flow, Route, State, Who
from intranet_surat.workflow.tell_words import people, person, signatories, time, title, words

WIDEST = 30
"""Characters of a title's line before it is broken."""

Line = tuple[str, bool]
"""One line of a box, and whether it belongs to the title."""

_NEEDS = {"all": "semua", "any": "salah seorang"}


@dataclass(frozen=True, slots=True)
class Figures:
    """Live figures of a flow by state (``track.state`` of a track): how many stand there, the median wait in words.

    A count may be a text, such as ``<5``, where the number itself is not to be told.
    """

    counts: Mapping[str, int | str] = field(default_factory=dict)
    medians: Mapping[str, str] = field(default_factory=dict)

    def said(self, machine: Machine, state: State) -> str:
        """The figures of one state, empty without any."""
        key = spot(machine, state)
        noun = "surat" if machine.track is None else words(machine.track)
        found = [f"{self.counts[key]} {noun}"] if key in self.counts else []
        if key in self.medians:
            found.append(self.medians[key] if found else f"median {self.medians[key]}")
        return ", ".join(found)

    def fullest(self, machine: Machine) -> str | None:
        """The state that most letters wait in."""
        counts = {
            name: found
            for name, state in machine.states.items()
            if not state.final and isinstance(found := self.counts.get(spot(machine, state)), int) and found
        }
        return max(counts, key=lambda name: counts[name], default=None)


def spot(machine: Machine, state: State) -> str:
    """The key of a state in counts, medians and powers."""
    return state.name if machine.track is None else f"{machine.track}.{state.name}"


def described(flow: Flow, figures: Figures) -> str:
    """The picture in one sentence, for those who do not see it."""
    names = []
    for machine in machines(flow):
        for state in machine.states.values():
            said = figures.said(machine, state)
            names.append(title(state) + (f" {said}" if said else ""))
    return ", ".join(names) + "."


def box(state: State, figures: str) -> list[Line]:
    """What stands in a box: the title, who acts there, what can be done without leaving, the limit, the figures."""
    rest = [*_who(state)]
    stays = [action.title for action in state.actions.values() if action.to is None]
    if state.sign is not None:
        stays.insert(0, state.sign.prepare.title)
    rest += [f"+ {one}" for one in stays]
    deadline = limit(state)
    if deadline is not None:
        rest.append(f"batas {time(deadline.within)}" + (" tiap tingkat" if state.route is not None else ""))
    rest += [figures] if figures else []
    return [
        *((line, True) for line in _wrapped(title(state))),
        *((line, False) for one in rest for line in _wrapped(one)),
    ]


def late(state: State) -> tuple[list[Line], str] | None:
    """The box of an escalation, and what stands beside the line that leads to it."""
    deadline = limit(state)
    if deadline is None or deadline.escalate is None:
        return None
    one = deadline.escalate
    do = "diberi tahu" if one.do == "notify" else "mengambil alih"
    lines = [(line, False) for line in _wrapped(f"{people(one.to)} {do}")]
    return lines, f"lewat batas {time(one.after)}"


def beside(machine: Machine) -> dict[tuple[str, str], list[str]]:
    """(state, next state) -> the titles of all ways between them, in lines."""
    titles: dict[tuple[str, str], list[str]] = {}
    for state in machine.states.values():
        for said, to in _ways(state):
            if to in machine.states and to != state.name:
                found = titles.setdefault((state.name, to), [])
                found += [line for line in _wrapped(said) if line not in found]
    return titles


def _wrapped(text: str, width: int = WIDEST) -> list[str]:
    return textwrap.wrap(text, width) or [text]


def _ways(state: State) -> Iterator[tuple[str, str]]:
    """(what stands on the line, the state it leads to) for everything that leads out of a state."""
    for branch in state.choose:
        yield (f"bila {words(branch.when)}" if branch.when is not None else "selain itu"), branch.to
    if state.route is not None:
        yield "paraf lengkap", state.route.done
    if state.sign is not None:
        yield state.sign.title, state.sign.done
    if state.gather is not None:
        until = {"all": "semua berakhir", "any": "satu selesai", "most": "sebagian besar selesai"}
        yield until[state.gather.until], state.gather.done
        yield "semua dikembalikan", state.gather.returned
    for action in _acts(state):
        if action.to is not None:
            yield action.title, action.to


def _acts(state: State) -> Iterator[Action]:
    yield from state.actions.values()
    for part in (state.route, state.sign):
        if part is not None and part.reject is not None:
            yield part.reject


def _who(state: State) -> Iterator[str]:
    """Who acts in a state, in few words."""
    if state.final:
        ends = {"done": "akhir: selesai", "returned": "akhir: kembali", "withdrawn": "akhir: ditarik"}
        yield ends.get(state.outcome or "", "akhir")
    elif state.choose:
        yield "otomatis"
    elif state.route is not None:
        yield from _tiers(state.route)
    elif state.sign is not None:
        yield f"tanda tangan: {signatories(state.sign)}"
    else:
        who = ", ".join(dict.fromkeys(person(each) for action in state.actions.values() for each in action.by))
        if state.gather is not None:
            who = f"menunggu {words(state.gather.track)}" + (f"; {who}" if who else "")
        yield who


def _tiers(route: Route) -> Iterator[str]:
    """The levels of initials, lowest first."""
    if isinstance(route.levels, Who):
        most = f", paling banyak {route.at_most} tingkat" if route.at_most is not None else ""
        yield f"paraf: {person(route.levels)}{most}"
        return
    for number, level in enumerate(route.levels, start=1):
        need = _NEEDS.get(level.need, f"{level.need} orang")
        yield f"paraf {number}: {person(level.who)} ({need})"
