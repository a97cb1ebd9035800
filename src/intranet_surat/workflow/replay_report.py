"""What a replay of many letters comes to: plain numbers and ids, for the shell and for a page. No subject, no name."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta

from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.overlay import states_of
from intranet_surat.workflow.replay import Difference, Replayed

Place = tuple[str | None, str]
"""A track, None for the letter itself, and a state."""


@dataclass(frozen=True, slots=True)
class Added:
    """What a state adds to the letters that come by: office time in all and for the letter in the middle.

    ``unlimited`` counts the waits without a limit of their own: these were assumed to take no time.
    """

    track: str | None
    state: str
    title: str
    letters: int
    total: timedelta
    median: timedelta
    unlimited: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Past acts that the flow does not allow: which, where, by which rule (None: none of the rules), with its words."""

    kind: str
    action: str
    state: str
    rule: str | None
    says: str
    count: int
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """``letters`` were replayed, ``same`` of them went as before in every state and at every instant.

    ``stopped`` are the ids of those that had come to an end and would not any more, ``renamed`` counts letters by
    old and new name of a state, ``left_out`` tells why letters could not be replayed.
    """

    flow: str
    version: int
    letters: int
    same: int
    added: tuple[Added, ...]
    refused: tuple[Refused, ...]
    stopped: tuple[str, ...]
    renamed: tuple[tuple[str, str, int], ...]
    left_out: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True)
class Tally:
    """Counts replayed letters one by one; keeps none of them."""

    flow: Flow
    letters: int = 0
    same: int = 0
    stopped: list[str] = field(default_factory=list)
    left_out: Counter[str] = field(default_factory=Counter)
    _added: dict[Place, list[timedelta]] = field(default_factory=lambda: defaultdict(list))
    _unlimited: Counter[Place] = field(default_factory=Counter)
    _refused: dict[tuple[str, str, str, str | None, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    _renamed: Counter[tuple[str, str]] = field(default_factory=Counter)

    def count(self, replayed: Replayed, ended: bool) -> None:
        """One letter; ``ended`` tells whether it had come to an end."""
        self.letters += 1
        self.same += replayed.same and not (replayed.differences or replayed.waits or replayed.renamed)
        if ended and not replayed.ended:
            self.stopped.append(replayed.letter)
        self._renamed.update(replayed.renamed)
        spent: dict[Place, timedelta] = {}
        for wait in replayed.waits:
            place = (wait.track, wait.state)
            spent[place] = spent.get(place, timedelta()) + wait.office_time
            self._unlimited[place] += not wait.limited
        for place, time in spent.items():
            self._added[place].append(time)
        for key in dict.fromkeys(_key(each) for each in replayed.differences):
            self._refused[key].append(replayed.letter)

    def report(self) -> Report:
        """What all came to, the most frequent first."""
        refused = [Refused(*key, len(ids), tuple(ids)) for key, ids in self._refused.items()]
        renamed = [(old, new, count) for (old, new), count in self._renamed.most_common()]
        return Report(
            self.flow.id,
            self.flow.version,
            self.letters,
            self.same,
            tuple(self._rows()),
            tuple(sorted(refused, key=lambda each: (-each.count, each.action, each.says))),
            tuple(self.stopped),
            tuple(renamed),
            tuple(self.left_out.most_common()),
        )

    def _rows(self) -> Iterable[Added]:
        for (track, name), times in self._added.items():
            state = states_of(self.flow, track).get(name)
            yield Added(
                track,
                name,
                state.title if state is not None else name,
                len(times),
                sum(times, timedelta()),
                timedelta(seconds=statistics.median(each.total_seconds() for each in times)),
                self._unlimited[track, name],
            )


def _key(difference: Difference) -> tuple[str, str, str, str | None, str]:
    return difference.kind, difference.action, difference.state, difference.rule, difference.says
