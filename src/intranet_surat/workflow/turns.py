"""Signatures in turn on one file: who has signed what was prepared last, and whose turn it is.

Nothing is kept for it: it follows from the acts since the preparation. A signature by one alone is a turn of one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from intranet_surat.workflow import cast
from intranet_surat.workflow.model import Flow, Sign
from intranet_surat.workflow.overlay import states_of
from intranet_surat.workflow.view import Done, ItemView, Setting

GIVEN_UP = "given_up"
"""Fact of an act that gives a signed file up, half or whole: the numbers of the acts that had signed it."""


def given(item: ItemView, sign: Sign) -> tuple[Done, ...]:
    """The signatures on the file that was prepared last since the item came into this state, oldest first."""
    mine = [act for act in item.acts if act.item == item.id and act.seq > item.entered]
    since = max((act.seq for act in mine if act.action == sign.prepare.name), default=None)
    if since is None:
        return ()
    return tuple(act for act in mine if act.action == sign.act and act.seq > since)


class GivenUp(NamedTuple):
    """A file that some had signed and that nobody completes any more: the act that ended it, and what was signed."""

    seq: int
    signed: tuple[Done, ...]


def given_up(flow: Flow, item: ItemView) -> GivenUp | None:
    """The half-signed file that the item left behind last; None once a new one was prepared, or when there is none."""
    states = states_of(flow, item.track)
    if not any(each.sign is not None and each.sign.in_turn for each in states.values()):
        return None
    signed: tuple[Done, ...] = ()
    found = None
    for act in item.acts:
        state = states.get(act.state_from) if act.item == item.id else None
        if state is None or state.sign is None or not state.sign.in_turn:
            continue
        stays = act.state_to == act.state_from and act.seq != item.entered
        if act.action == state.sign.prepare.name:
            signed, found = (), None
        elif act.action == state.sign.act:
            signed = (*signed, act) if stays else ()
        elif not stays:
            found, signed = GivenUp(act.seq, signed) if signed else found, ()
    return found


def leaves(item: ItemView, sign: Sign | None, action: str, *, anew: bool) -> bool:
    """Whether an act leaves a half-signed file behind: it ends the passage (``anew``), and is no signature itself."""
    return anew and sign is not None and sign.in_turn and action != sign.act and bool(given(item, sign))


def signing(facts: Sequence[Mapping[str, Any]]) -> list[int]:
    """The acts that signed the file of now, by what each of the letter's acts did: those since it was prepared."""
    found: list[int] = []
    for seq in range(len(facts) - 1, -1, -1):
        if "signature" in facts[seq] or "signed" in facts[seq]:
            found.insert(0, seq)
        elif "frozen" in facts[seq] or GIVEN_UP in facts[seq]:
            break
    return found


def waiting(flow: Flow, item: ItemView, sign: Sign, setting: Setting) -> tuple[str, ...]:
    """The positions that are still to sign, in their order: it is the first one's turn."""
    signed = {setting.org.now(act.position) for act in given(item, sign)}
    return tuple(each for each in cast.of_all(sign.by, flow, item, setting) if each not in signed)


class Turn(NamedTuple):
    """Whose turn it is: all who sign, in their order, those who have signed, and the one who is awaited."""

    every: tuple[str, ...]
    signed: tuple[str, ...]
    awaited: str

    def place(self, position: str) -> int:
        """Which of them a position is, counted from 1."""
        return self.every.index(position) + 1


def now(flow: Flow, item: ItemView, sign: Sign | None, setting: Setting) -> Turn | None:
    """How far several who sign one file are; None where one signs alone, or when nobody is awaited."""
    if sign is None or not sign.in_turn:
        return None
    left = waiting(flow, item, sign, setting)
    every = cast.of_all(sign.by, flow, item, setting)
    return Turn(every, tuple(each for each in every if each not in left), left[0]) if left else None


def not_yet(flow: Flow, item: ItemView, sign: Sign, position: str, setting: Setting) -> str | None:
    """Why one of the signatories may not sign now; None for who is none of them, or when nobody is awaited."""
    left = waiting(flow, item, sign, setting)
    if not left or position not in cast.of_all(sign.by, flow, item, setting):
        return None
    awaited = setting.org.title(left[0])
    if position not in left:
        return f"Anda sudah menandatangani berkas ini; sekarang giliran {awaited}."
    return f"Belum giliran Anda: berkas ini ditandatangani {awaited} lebih dulu."
