"""Two versions of a flow compared: in words, sentence by sentence, and in power, who gains and who loses what.

Powers are found by `workflow.matrix`, which looks again only at what differs between the two. A state that a
``migrate`` line of the new version renames counts as the same state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from intranet_surat.workflow.diff_powers import Group, grouped
from intranet_surat.workflow.matrix import Memory, Power, TooMuch, matrix
from intranet_surat.workflow.matrix_letters import Ground
from intranet_surat.workflow.matrix_scope import Spot
from intranet_surat.workflow.model import Flow, Mark, State, Track
from intranet_surat.workflow.tell import tell
from intranet_surat.workflow.tell_words import Sentence, quote, title

__all__ = ["Change", "Difference", "Group", "diff", "renamed"]

NEW, GONE, CHANGED = "baru", "hilang", "berubah"
_OF_THE_BASE = frozenset({"id", "extends", "open", "migrate"})


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in words; ``kind`` is ``baru``, ``hilang`` or ``berubah``, ``mark`` its place in the new flow."""

    kind: str
    text: str
    mark: Mark | None = None

    def __str__(self) -> str:
        """The line as it is shown."""
        return f"{self.kind.capitalize()}: {self.text}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What is new, gone or changed in words; which powers are gained and lost, and the same grouped for reading.

    ``measured`` tells that powers were compared, and that it was not given up.
    """

    words: tuple[Change, ...]
    gained: frozenset[Power] = frozenset()
    lost: frozenset[Power] = frozenset()
    grouped: tuple[Group, ...] = ()
    measured: bool = False


def diff(a: Flow, b: Flow, ground: Ground | None = None, most: int | None = None) -> Difference:
    """What changes when ``a`` is replaced by ``b``; powers only where a ground to ask them on is given.

    After ``most`` questions who may do what, the powers are given up.
    """
    words = tuple(_words(a, b))
    if ground is None:
        return Difference(words)
    memory = Memory(most)
    names = renamed(a, b)
    try:
        before = frozenset(_moved(power, names) for power in matrix(a, ground, memory))
        after = matrix(b, ground, memory)
    except TooMuch:
        return Difference(words)
    gained, lost = after - before, before - after
    return Difference(words, gained, lost, grouped(a, b, names, gained, lost, ground), measured=True)


def renamed(a: Flow, b: Flow) -> dict[Spot, str]:
    """The states of ``a`` that are gone from ``b``, with what a line of ``migrate`` names instead."""
    found: dict[Spot, str] = {}
    for move in b.migrate if a.id == b.id else ():
        if move.source != a.version:
            continue
        for old, new in move.states.items():
            if old in a.states and old not in b.states:
                found[None, old] = new
        for track, states in move.tracks.items():
            known = b.tracks[track].states if track in b.tracks else {}
            for old, new in states.items():
                if track in a.tracks and old in a.tracks[track].states and old not in known:
                    found[track, old] = new
    return found


def _moved(power: Power, names: Mapping[Spot, str]) -> Power:
    track, _, name = power.state.rpartition(".")
    new = names.get((track or None, name))
    return power if new is None else replace(power, state=f"{track}.{new}" if track else new)


def _words(a: Flow, b: Flow) -> Iterator[Change]:
    names = _one_to_one(a, b)
    a, titles = _called_alike(a, b, names)
    yield from titles
    before = {_key(each, names): each for each in tell(a)}
    after = {each.key: each for each in tell(b)}
    if b.base == f"{a.id}@{a.version}":
        # What the base opens to offices, and that this is another flow, says nothing of the way of a letter.
        before, after = (
            {key: each for key, each in some.items() if key[0] not in _OF_THE_BASE} for some in (before, after)
        )
    for key, new in after.items():
        old = before.get(key)
        if key == ("version",):
            continue
        if old is None:
            yield Change(NEW, _placed(new), new.mark)
        elif old.text != new.text:
            yield from _changes(old, new)
    for key, old in before.items():
        if key not in after:
            yield Change(GONE, _placed(old))


def _one_to_one(a: Flow, b: Flow) -> dict[Spot, str]:
    """The renamed states as one can tell them: none whose new name was another state before."""
    taken: set[Spot] = {(None, name) for name in a.states} | {
        (name, s) for name, track in a.tracks.items() for s in track.states
    }
    found: dict[Spot, str] = {}
    for (track, old), new in renamed(a, b).items():
        if (track, new) not in taken:
            taken.add((track, new))
            found[track, old] = new
    return found


def _called_alike(a: Flow, b: Flow, names: Mapping[Spot, str]) -> tuple[Flow, list[Change]]:
    """``a`` with the titles that its states have in ``b``, so that a new title is told once; and those lines."""
    changes: list[Change] = []

    def called(track: str | None, states: Mapping[str, State], known: Mapping[str, State]) -> dict[str, State]:
        found = {}
        for name, state in states.items():
            other = known.get(names.get((track, name), name))
            if other is not None and title(other) != title(state):
                text = f"keadaan {quote(title(state))} menjadi {quote(title(other))}"
                changes.append(Change(CHANGED, text, other.mark))
            found[name] = state if other is None else replace(state, title=title(other))
        return found

    states = called(None, a.states, b.states)
    tracks = {
        name: Track(name, called(name, track.states, b.tracks[name].states if name in b.tracks else {}))
        for name, track in a.tracks.items()
    }
    return replace(a, states=states, tracks=tracks), changes


def _key(each: Sentence, names: Mapping[Spot, str]) -> tuple[str, ...]:
    """The key of a sentence of ``a`` as ``b`` has it."""
    match each.key:
        case ("states", name, *rest):
            return ("states", names.get((None, name), name), *rest)
        case ("tracks", track, "states", name, *rest):
            return ("tracks", track, "states", names.get((track, name), name), *rest)
    return each.key


def _placed(each: Sentence) -> str:
    """A sentence with the state it is about, where it is about one."""
    if each.key[0] not in ("states", "tracks"):
        return each.text
    return f"{each.part[0].lower()}{each.part[1:]}: {each.text[0].lower()}{each.text[1:]}"


def _changes(old: Sentence, new: Sentence) -> Iterator[Change]:
    """What differs between two sentences about the same."""
    was = {piece.name: piece for piece in old.pieces}
    now = {piece.name: piece for piece in new.pieces}
    joint = " pada " if new.about.startswith("“") else " " if new.about else ""
    about = f"{joint}{new.about}"
    found = False
    for name, piece in now.items():
        if name not in was:
            found = True
            yield Change(NEW, _fact(name, about, piece.said), new.mark)
        elif piece.said != was[name].said:
            found = True
            yield Change(CHANGED, f"{name}{about} dari {was[name].said} menjadi {piece.said}", new.mark)
    for name, piece in was.items():
        if name not in now:
            found = True
            yield Change(GONE, _fact(name, about, piece.said), new.mark)
    if not found:
        yield Change(CHANGED, f"urutan{about}, sekarang: {new.text}", new.mark)


def _fact(name: str, about: str, said: str) -> str:
    return f"{name}{about}: {said}" if said else f"{name}{about}"
