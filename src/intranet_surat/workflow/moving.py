"""How an item of an older version stands in a newer one: its new state, and what speaks against the move.

Pure: which letters there are and carrying the move out is `services.migrating`.
"""

from __future__ import annotations

from collections.abc import Iterator

from intranet_surat.workflow.model import Flow, Mark, Move, State
from intranet_surat.workflow.overlay import states_of


def target(move: Move, track: str | None, state: str) -> str:
    """The state that a state of the older version leads to; one that is not named keeps its name."""
    named = move.states if track is None else move.tracks.get(track, {})
    return named.get(state, state)


def renamed(old: Flow, move: Move, track: str | None) -> dict[str, str]:
    """The states of the older version that are called otherwise in the newer one."""
    found = ((name, target(move, track, name)) for name in states_of(old, track))
    return {name: new for name, new in found if new != name}


def against(old: Flow, new: Flow, move: Move, track: str | None, state: str) -> str | None:
    """The sentence why no item of this state can be moved, whatever letter it is; None when one may."""
    came, goes = states_of(old, track).get(state), states_of(new, track).get(target(move, track, state))
    if goes is None:
        return f"keadaan '{state}' tidak mempunyai tujuan di versi {new.version}"
    if goes.choose:
        return f"'{goes.name}' dilewati dengan sendirinya; tidak ada surat yang menunggu di sana"
    if came is None or _ending(came) != _ending(goes):
        return f"'{goes.name}' tidak berakhir seperti '{state}'; memindahkan surat tidak mengakhirinya"
    return None


def unknown_names(old: Flow, move: Move) -> Iterator[str]:
    """Sentences about what a line of ``migrate`` names and the older version does not have.

    Whether the newer one has its side is seen when its file is checked.
    """
    for track in move.tracks:
        if track not in old.tracks:
            yield f"Tidak ada jalur '{track}' di versi {old.version}."
    for each in (None, *(track for track in move.tracks if track in old.tracks)):
        for name in move.states if each is None else move.tracks[each]:
            if name not in states_of(old, each):
                yield f"Tidak ada keadaan '{name}' di versi {old.version}."


def restarts(new: Flow, move: Move, track: str | None, state: str) -> bool:
    """Whether the passage of a state begins anew for an item that is moved into it."""
    return state in move.restart and state in states_of(new, track)


def place(move: Move, new: Flow) -> Mark:
    """Where the file speaks of the move."""
    return move.mark or Mark(new.source, 1, 1)


def _ending(state: State) -> tuple[bool, str | None]:
    return state.final, state.outcome
