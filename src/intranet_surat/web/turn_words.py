"""Whose turn it is on a file that several sign, told to one of them: what he has to do now, or that it is nothing.

And, when such a file was given up, that his signature on it counts no more, by whom and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.resources.letter import Item, Letter
from intranet_surat.services import given_up, mandates
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, flow_of, setting, state_of
from intranet_surat.services.reader import Reader
from intranet_surat.web import initials_chain
from intranet_surat.workflow import turns
from intranet_surat.workflow.sentences import joined

LATER = (
    "Tidak ada yang perlu Anda lakukan sekarang. Begitu tiba giliran Anda, surat ini muncul di meja Anda dan Anda "
    "diberi tahu."
)
LOST = "Tanda tangan Anda tidak berlaku lagi"
AGAIN = "Bila berkas barunya sampai pada giliran Anda, surat ini muncul di meja Anda dan Anda diberi tahu."
WITHDRAWN = "Berkas ini dicabut oleh {by}; tidak ada yang perlu Anda lakukan. {again}"
DONE = "Tidak ada lagi yang perlu Anda lakukan. Bila berkasnya dibuat baru, Anda diberi tahu."


@dataclass(frozen=True, slots=True)
class Turn:
    """A heading, the sentence below it, ``then`` what the reader may rely on; ``acts`` need no other sentence."""

    title: str
    says: str
    then: str
    acts: frozenset[str]

    def as_dict(self) -> dict[str, str]:
        """Plain values for JSON."""
        return {"title": self.title, "says": self.says, "then": self.then}


def build(house: House, site: Any, item: Item, reader: Reader, now: datetime) -> Turn | None:
    """The turn as a reader needs to know it; None for who does not sign this file, and where one signs alone."""
    sign = state_of(house, site, item).sign
    if sign is None or not sign.in_turn:
        return _lost(house, site, item, reader, now)
    asked = setting(house, site, item, now)
    found = turns.now(flow_of(house, site, item), StoredItem(house, site, item), sign, asked)
    own = [each for each in found.every if each in reader.positions] if found is not None else []
    if found is None or not own:
        return None
    title, count, prepare = asked.org.title, len(found.every), sign.prepare.name
    if found.awaited in own:
        heading = f"Giliran Anda: tanda tangan ke-{found.place(found.awaited)} dari {count}"
        others = joined([title(each) for each in found.signed or found.every if each != found.awaited])
        says = "Sudah ditandatangani" if found.signed else "Sesudah Anda, berkas yang sama ditandatangani"
        return Turn(heading, f"{says} {others}.", "", frozenset({prepare} if found.signed else ()))
    acts = frozenset({prepare, sign.act, *([sign.reject.name] if sign.reject is not None else [])})
    whose = f"Sekarang giliran {title(found.awaited)}, ke-{found.place(found.awaited)} dari {count}"
    left = [each for each in own if each not in found.signed]
    if left:
        return Turn("Belum giliran Anda", f"{whose}; Anda ke-{found.place(left[0])}.", LATER, acts)
    return Turn("Tanda tangan Anda sudah ada di berkas ini", f"{whose}.", DONE, acts)


def refused(turn: Turn | None, action: str, says: str) -> str:
    """Why an action is refused; to who comes before his turn or after it also what he may rely on."""
    return f"{says} {turn.then}" if turn is not None and turn.then and action in turn.acts else says


def _lost(house: House, site: Any, item: Item, reader: Reader, now: datetime) -> Turn | None:
    """Where no file waits for signatures: what became of the one that the reader had signed, until it is made anew."""
    letter = item.letter
    found = turns.given_up(flow_of(house, site, item), StoredItem(house, site, item))
    if found is None or not given_up.signers(house, site, item, now) & set(reader.positions):
        return None
    by = _by(letter, found)
    why = initials_chain.reason(letter, found.seq)
    says = f"Berkas yang sudah Anda tandatangani tidak dipakai lagi sejak tindakan {by}"
    then = AGAIN if not state_of(house, site, item).final else ""
    return Turn(LOST, f"{says}: “{why}”." if why else f"{says}.", then, frozenset())


def withdrawn(house: House, site: Any, letter: Letter, reader: Reader, now: datetime) -> str:
    """All that is told to one whose page of the file was still open when it was given up; empty for everybody else."""
    found = turns.given_up(flow_of(house, site, letter), StoredItem(house, site, letter))
    if found is None or not given_up.named(house, site, letter, reader, now):
        return ""
    return WITHDRAWN.format(by=_by(letter, found), again=AGAIN)


def _by(letter: Letter, found: turns.GivenUp) -> str:
    act = letter.history[found.seq]
    return mandates.acted_as(act.capacity, str(act.who.get("title", "")))
