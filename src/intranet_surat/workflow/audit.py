"""Whether each act of a past letter was allowed by the flow that the letter ran on at the time.

The letter is played again, act by act, with the engine that plays it every day. What is found is told with the
number of the act's line; where a letter comes to stand is compared with what its history says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.workflow import engine, limits, turns
from intranet_surat.workflow.deeds import SIGNED
from intranet_surat.workflow.model import Deadline, Flow
from intranet_surat.workflow.moving import restarts, target
from intranet_surat.workflow.overlay import state_of, states_of
from intranet_surat.workflow.own_acts import (
    CONFIRMED,
    DISPUTED,
    ESCALATED,
    MIGRATED,
    MOVED,
    READ,
    REASSIGNED,
    REMINDED,
)
from intranet_surat.workflow.replay_life import SecondLife, Settings
from intranet_surat.workflow.replay_past import Past, PastAct, Twin, as_noted
from intranet_surat.workflow.view import Actor, Setting
from intranet_surat.workflow.witness import UnwitnessedError

_AT_ONCE = timedelta(seconds=1)

NOTES = frozenset({READ, CONFIRMED, DISPUTED, REMINDED, MOVED})
"""Acts of the system that move nothing."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """An act that was not allowed, or led elsewhere. ``undecided`` when the flow could not be asked."""

    line: int
    item: str
    action: str
    says: str
    undecided: bool = False


@dataclass(frozen=True, slots=True)
class Audited:
    """What was wrong, in the order of the history, and the letter as its acts made it."""

    wrong: tuple[Wrong, ...]
    letter: Twin


def audit(past: Past, settings: Settings, flows: Mapping[str, Flow]) -> tuple[Wrong, ...]:
    """What was wrong with a letter's acts; see `audited`."""
    return audited(past, settings, flows).wrong


def audited(past: Past, settings: Settings, flows: Mapping[str, Flow]) -> Audited:
    """Play the letter. ``flows`` are those that items were moved to, by the hash of their text."""
    playing = _Audit(past, settings, flows)
    return Audited(playing.run(), playing.life.letter)


class _Audit:
    """One letter being examined."""

    def __init__(self, past: Past, settings: Settings, flows: Mapping[str, Flow]) -> None:
        self.past = past
        self.settings = settings
        self.flows = flows
        self.life = SecondLife(past.flow, past, settings)
        self.found: list[Wrong] = []
        self.strayed: set[str] = set()
        self.opened = False  # a letter that closes by itself stands at its line already after the act below it

    def run(self) -> tuple[Wrong, ...]:
        """All acts in their order; what follows from a wrong act on the same item is not told again."""
        for line, act in enumerate(self.past.acts):
            item = self.life.items.get(act.item)
            try:
                self._play(line, act, item)
            except UnwitnessedError as missing:
                self._tell(line, act, f"Paket tidak memuat keterangan yang ditanyakan alur: {missing}.", undecided=True)
        return tuple(self.found)

    def _play(self, line: int, act: PastAct, item: Twin | None) -> None:
        if item is None:
            # After a wrong act its dispositions are missing too; that is no news.
            if not self.strayed:
                self._tell(line, act, "Tindakan ini pada disposisi yang tidak pernah dibuat.")
            return
        if item.id in self.strayed:
            return
        self.life.now = act.at
        setting = self.settings(item.flow, act.at)
        if act.kind != "closing" and act.state_from != item.state:
            self._tell(line, act, f"Keadaan sebelumnya '{act.state_from}', seharusnya '{item.state}'.")
            return
        entered, signed = item.entered, self.life.letter.fields.get("signed")
        sign = state_of(item.flow, item).sign if item.state else None
        half = turns.leaves(item, sign, act.action, anew=True)
        says = self._do(item, act, setting)
        if says is None and act.state_to != item.state and act.kind != "closing":
            says = f"Keadaan sesudahnya '{act.state_to}', menurut alur '{item.state}'."
        left = half and item.entered != entered
        self.opened = self.opened or bool(signed and not self.life.letter.fields.get("signed"))
        opened = self.opened and item is self.life.letter
        self.opened = self.opened and not opened
        if says is None and not self._tells(line, act, left or opened):
            says = "Tanda tangan yang disebut gugur karena tindakan ini bukan yang gugur menurut riwayatnya."
        if says is not None:
            self._tell(line, act, says)
        self.life.turn(lambda each: self.settings(each.flow, act.at))

    def _tells(self, line: int, act: PastAct, gives_up: bool) -> bool:
        """Whether an act names just the signatures that it ended, or none: one of an older release names none."""
        if turns.GIVEN_UP not in act.facts:
            return True
        return gives_up and act.facts[turns.GIVEN_UP] == turns.signing([each.facts for each in self.past.acts[:line]])

    def _do(self, item: Twin, act: PastAct, setting: Setting) -> str | None:
        """Do the act; answers why it was not allowed."""
        match act.kind:
            case "start":
                return self._start(item, act, setting)
            case "act":
                return self._act(item, act, setting)
            case "text":
                return self._text(item, act, setting)
            case "escalation":
                return self._escalated(item, act, setting)
            case "lapse":
                return self._lapse(item, act)
            case "closing":
                return self._closed(item, act)
        if act.action == MIGRATED:
            return self._migrated(item, act)
        if act.action not in NOTES:
            return f"Tindakan '{act.action}' tidak ada di keadaan '{item.state}'."
        self.life.note(item, act)
        if act.action == READ and act.position == item.holder:
            item.fields = {**item.fields, "read": act.at.isoformat()}
        return None

    def _start(self, item: Twin, act: PastAct, setting: Setting) -> str | None:
        actor = Actor(act.person, act.position)
        try:
            outcome = engine.start(item.flow, item, actor, setting)
        except (NotAllowed, Invalid) as refused:
            return refused.message
        self.life.carry_out(item, outcome, actor, act, setting)
        return None

    def _act(self, item: Twin, act: PastAct, setting: Setting) -> str | None:
        actor = Actor(act.person, act.position)
        setting = as_noted(setting, act)
        sign = state_of(item.flow, item).sign
        answers = dict(act.form)
        if sign is not None and sign.act == act.action:
            # Whether a signature stands behind it is judged on the file, which the act names.
            if not act.facts.get("signature"):
                return "Tindakan ini menandatangani, tetapi riwayat tidak menyebut berkas yang ditandatangani."
            answers[SIGNED] = True
        try:
            outcome = engine.act(item.flow, item, act.action, answers, actor, setting)
        except NotAllowed as refused:
            return refused.message
        except Invalid as wrong:
            return " ".join(wrong.fields.values()) or wrong.message
        self.life.carry_out(item, outcome, actor, act, setting)
        return None

    def _text(self, item: Twin, act: PastAct, setting: Setting) -> str | None:
        if act.position not in engine.editors(item.flow, item, setting):
            return "Naskah tidak dapat diubah dalam keadaan ini oleh jabatan itu."
        item.fields = {**item.fields, **act.form}
        item.texts += 1
        self.life.note(item, act)
        return None

    def _escalated(self, item: Twin, act: PastAct, setting: Setting) -> str | None:
        escalate = (limits.limit(state_of(item.flow, item)) or Deadline("")).escalate
        if act.action not in (ESCALATED, REASSIGNED) or escalate is None:
            return "Alur tidak mengenal eskalasi dalam keadaan ini."
        told = tuple(map(str, act.facts.get("told", ())))
        if not act.facts.get("nobody"):
            item.told = tuple(dict.fromkeys((*item.told, *told)))
            if act.action == REASSIGNED and told:
                self.life.hand_over(item, told, setting)
        self.life.note(item, act)
        return None

    def _lapse(self, item: Twin, act: PastAct) -> str | None:
        sign = state_of(item.flow, item).sign
        if sign is None or sign.number_at_end != "void" or turns.given(item, sign):
            return "Alur tidak membatalkan nomor dalam keadaan ini."
        if item.fields.get("number") and item.fields["number"] == self.life.used:
            return "Nomor yang sudah ditandatangani tidak dibatalkan."
        self.life.note(item, act)
        if item.fields.get("number"):
            item.fields = {**item.fields, "number": None, "letter_date": None}
            item.entered = len(self.life.done) - 1
        return None

    def _closed(self, item: Twin, act: PastAct) -> str | None:
        """A parent that closed by itself: the last act on its children has already closed it here."""
        closed = any(
            (each.item, each.action, each.state_from, each.state_to) == (item.id, "", act.state_from, act.state_to)
            and abs(each.at - act.at) < _AT_ONCE
            for each in self.life.lines
        )
        return None if closed else f"Menurut alur keadaan ini belum berakhir dengan sendirinya ('{act.state_to}')."

    def _migrated(self, item: Twin, act: PastAct) -> str | None:
        facts: Mapping[str, Any] = act.facts
        flow = self.flows.get(str(facts.get("flow_to", "")))
        if flow is None:
            return "Versi alur yang dipakai sesudah tindakan ini tidak disertakan."
        if act.state_to not in states_of(flow, item.track):
            return f"Versi alur yang baru tidak mengenal keadaan '{act.state_to}'."
        line = next((each for each in flow.migrate if each.source == item.flow.version), None)
        if line is None or target(line, item.track, item.state) != act.state_to:
            return f"Versi alur yang baru tidak memindahkan '{item.state}' ke '{act.state_to}'."
        again = not state_of(item.flow, item).final and restarts(flow, line, item.track, act.state_to)
        if again != bool(facts.get("restarted")):
            return f"Menurut alur yang baru '{act.state_to}' {'' if again else 'tidak '}dimulai dari awal."
        self.life.move(item, flow, act, again=again)
        return None

    def _tell(self, line: int, act: PastAct, says: str, *, undecided: bool = False) -> None:
        self.strayed.add(act.item)
        self.found.append(Wrong(line, act.item, act.action, says, undecided))
