"""A past letter played through a flow with the clock of its time: what would have gone otherwise, and how much later.

The flow it ran on gives back every state and instant. A draft answers where a past act would be refused, and what it
asks in addition: that is assumed to be done at the end of its own limit (at once when it has none), and whatever
followed happens later by the same office time. Nothing ever happens earlier than it did.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.workflow import engine, limits, turns
from intranet_surat.workflow.calendar import moment
from intranet_surat.workflow.chart import Deed, deeds
from intranet_surat.workflow.deeds import SIGNED, Case
from intranet_surat.workflow.model import Deadline, Flow
from intranet_surat.workflow.overlay import state_of
from intranet_surat.workflow.own_acts import REASSIGNED
from intranet_surat.workflow.replay_life import Line, SecondLife, Settings
from intranet_surat.workflow.replay_missing import SAMPLE, missing, needless, own_limit
from intranet_surat.workflow.replay_past import Past, PastAct, Twin, as_noted
from intranet_surat.workflow.view import Actor, Setting

_MOST_MISSING = 20  # tiers and states between two past acts


@dataclass(frozen=True, slots=True)
class Difference:
    """Where a past act went otherwise.

    ``kind`` is ``refused`` (``rule`` names it when one said so, ``says`` is the sentence), ``gone`` (the state has no
    such action any more), ``elsewhere`` (it led to another state: ``says``), or ``needless`` (nobody asks it any more).
    """

    kind: str
    item: str
    action: str
    state: str
    at: datetime
    says: str = ""
    rule: str | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait that the letter did not have: in office time; ``limited`` tells that it had a limit of its own."""

    item: str
    track: str | None
    state: str
    action: str
    who: str
    at: datetime
    office_time: timedelta
    limited: bool


@dataclass(frozen=True, slots=True)
class Replayed:
    """A letter's second life.

    ``ended`` tells that it came to an end, ``renamed`` which states bear another name, ``same`` that each item came
    into the same states at the same instants.
    """

    letter: str
    lines: tuple[Line, ...]
    differences: tuple[Difference, ...]
    waits: tuple[Wait, ...]
    renamed: tuple[tuple[str, str], ...]
    ended: bool
    item: Twin
    same: bool


def replay(flow: Flow, past: Past, settings: Settings) -> Replayed:
    """Play a letter through ``flow``, which may be the one it ran on."""
    return _Replay(flow, past, settings).run()


class _Replay:
    """One letter being played."""

    def __init__(self, flow: Flow, past: Past, settings: Settings) -> None:
        self.flow = flow
        versions = {act.facts.get("flow_to") for act in past.acts if act.item == past.id}
        others = {item: each for item, each in past.others.items() if each.hash not in versions}
        # The letter's own items run the flow that is tried, whichever of its versions they began on.
        self.past = past = replace(past, others=others)
        self.settings = settings
        self.life = SecondLife(flow, past, settings)
        self.same = flow is past.flow or flow.hash == past.flow.hash
        self.differences: list[Difference] = []
        self.waits: list[Wait] = []
        self.renamed: dict[tuple[str, str], None] = {}
        self.strayed: set[str] = set()
        self.shift = timedelta()
        self.names = {} if self.same else _names(flow, past.flow.version)

    def run(self) -> Replayed:
        """All acts in their order."""
        for number, act in enumerate(self.past.acts):
            self._play(act)
            if not self.same:
                self._catch_up(number + 1)
            self._arrived(act, self.past.acts[number + 1 :])
        return Replayed(
            self.past.id,
            tuple(self.life.lines),
            tuple(self.differences),
            tuple(self.waits),
            tuple(self.renamed),
            state_of(self.flow, self.life.letter).final,
            self.life.letter,
            _moves(self.life.lines) == _moves(self.past.acts),
        )

    def _play(self, act: PastAct) -> None:
        item = self.life.items.get(act.item)
        if item is None:  # its disposition was not given this time
            return
        setting = self._setting(item, act)
        match act.kind:
            case "start":
                self._start(item, act, setting)
            case "act":
                self._act(item, act, setting)
            case "text":
                self._text(item, act, setting)
            case "read":
                self.life.note(item, act)
                if act.position == item.holder:
                    item.fields = {**item.fields, "read": self.life.now.isoformat()}
            case "lapse":
                self._lapse(item, act)
            case "note":
                self.life.note(item, act)
            case "escalation":
                self._escalated(item, act, setting)
        self.life.turn(lambda each: self._now(each.flow, act.at))

    def _setting(self, item: Twin, act: PastAct) -> Setting:
        """The world as it was at the act, with the clock at the instant to which it has moved."""
        self.life.now = act.at
        if self.shift:
            calendar = self.settings(item.flow, act.at).calendar
            self.life.now = max(self.life.lines[-1].at, calendar.later(act.at, self.shift))
        return self._now(item.flow, act.at)

    def _now(self, flow: Flow, at: datetime) -> Setting:
        """The world as it was at an instant, with the clock where it is now."""
        setting = self.settings(flow, at)
        return setting if setting.now == self.life.now else replace(setting, now=self.life.now)

    def _start(self, item: Twin, act: PastAct, setting: Setting) -> None:
        actor = Actor(act.person, act.position)
        try:
            outcome = engine.start(item.flow, item, actor, setting)
        except NotAllowed as refused:
            self._differ("refused", item, act, refused.message)
            return
        self.life.carry_out(item, outcome, actor, act, setting)

    def _act(self, item: Twin, act: PastAct, setting: Setting) -> None:
        actor, setting = Actor(act.person, act.position), as_noted(setting, act)
        state = state_of(item.flow, item)
        deed = next((each for each in deeds(state) if each.action.name == act.action), None)
        if deed is None:
            if item.id in self.strayed:
                return
            if self._new(item, act.state_to) == item.state:
                self._differ("needless", item, act)
            else:
                says = f"Tindakan '{act.action}' tidak ada di keadaan '{state.title}'."
                self._differ("gone", item, act, says)
            return
        try:
            outcome = engine.act(item.flow, item, act.action, self._answers(item, deed, act, setting), actor, setting)
        except (NotAllowed, Invalid) as refused:
            if not self.same and needless(item.flow, item, act, setting):
                self._differ("needless", item, act)
            else:
                self._differ("refused", item, act, _sentence(refused), _rule(item.flow, deed, _sentence(refused)))
            return
        self.strayed.discard(item.id)
        self.life.carry_out(item, outcome, actor, act, setting)

    def _arrived(self, act: PastAct, later: tuple[PastAct, ...]) -> None:
        """Whether an item stands where it stood, or would soon stand, with all done that is asked in addition."""
        item = self.life.items.get(act.item)
        if item is None or act.kind not in ("start", "act") or item.id in self.strayed:
            return
        expected = self._new(item, act.state_to)
        ahead = (each for each in later if each.item == item.id and each.kind == "act")
        if item.state != expected and not any(self._new(item, each.state_to) == item.state for each in ahead):
            self._differ("elsewhere", item, act, f"Sampai di '{item.state}', dahulu di '{expected}'.")

    def _answers(self, item: Twin, deed: Deed, act: PastAct, setting: Setting) -> dict[str, Any]:
        """What was entered, as far as the flow asks it; instants move with the clock, new texts are assumed."""
        answers = dict(act.form)
        if deed.kind == "sign":
            answers[SIGNED] = True
        if self.same:
            return answers
        form = item.flow.forms.get(deed.action.ask or "")
        fields = form.fields if form is not None else {}
        answers = {name: value for name, value in answers.items() if name in fields or name.startswith("_")}
        for field in fields.values():
            found = moment(answers.get(field.name)) if field.type == "deadline" and self.shift else None
            if isinstance(found, datetime):
                answers[field.name] = setting.calendar.later(found, self.shift).isoformat()
            if field.required and field.type == "text" and field.name not in answers:
                answers[field.name] = SAMPLE
        return answers

    def _text(self, item: Twin, act: PastAct, setting: Setting) -> None:
        if not self.same and act.position not in engine.editors(item.flow, item, setting):
            self._differ("refused", item, act, "Naskah tidak dapat diubah dalam keadaan ini oleh jabatan itu.")
            return
        item.fields = {**item.fields, **act.form}
        item.texts += 1
        self.life.note(item, act)

    def _escalated(self, item: Twin, act: PastAct, setting: Setting) -> None:
        """Time told somebody that a limit was over, or gave him the work, if the flow still says so here."""
        escalate = (limits.limit(state_of(item.flow, item)) or Deadline("")).escalate
        told = tuple(act.facts.get("told", ()))
        if escalate is not None and not act.facts.get("nobody"):
            item.told = tuple(dict.fromkeys((*item.told, *told)))
            if act.action == REASSIGNED and told:
                self.life.hand_over(item, told, setting)
        self.life.note(item, act)

    def _lapse(self, item: Twin, act: PastAct) -> None:
        """The day of a prepared signature ended; whether the number is given up, the flow says."""
        sign = state_of(item.flow, item).sign
        self.life.note(item, act)
        void = sign is not None and sign.number_at_end == "void" and not turns.given(item, sign)
        if void and item.fields.get("number") and item.fields["number"] != self.life.used:
            item.fields = {**item.fields, "number": None, "letter_date": None}
            item.entered = len(self.life.done) - 1

    def _catch_up(self, start: int) -> None:
        """Do what the flow asks in addition before the next past act on each item, as soon as it is asked."""
        waiting = {
            item.id for item in self.life.items.values() if item.flow is self.flow and item.id not in self.strayed
        }
        for act in self.past.acts[start:]:
            if not waiting:
                return
            if act.item not in waiting or act.kind not in ("act", "closing"):
                continue
            waiting.discard(act.item)
            item = self.life.items[act.item]
            for _ in range(_MOST_MISSING if act.kind == "act" else 0):
                asked = self._now(item.flow, act.at)
                left = self._new(item, act.state_from) != item.state
                deed = missing(item.flow, self.past.flow, item, act, left, asked)
                if deed is None or not self._assume(item, deed, asked):
                    break

    def _assume(self, item: Twin, deed: Deed, asked: Setting) -> bool:
        """Somebody does what is asked at the end of its limit; tells whether anybody could."""
        state = state_of(item.flow, item)
        who = Case(item.flow, item, Actor("", ""), asked).who(deed)
        limited = own_limit(self.past.flow, item, state) and item.due is not None
        began = self.life.now
        if not who:
            return False
        if limited and item.due is not None:
            self.life.now = max(began, item.due)
        setting = replace(asked, now=self.life.now)
        persons = asked.org.persons(who[0])
        actor = Actor(persons[0] if persons else who[0], who[0])
        form = item.flow.forms.get(deed.action.ask or "")
        answers: dict[str, Any] = {
            field.name: SAMPLE for field in (form.fields.values() if form is not None else ()) if field.type == "text"
        }
        if deed.kind == "sign":
            answers[SIGNED] = True
        try:
            outcome = engine.act(item.flow, item, deed.action.name, answers, actor, setting)
        except (NotAllowed, Invalid):
            self.life.now = began
            return False
        added = asked.calendar.between(began, self.life.now)
        self.shift += added
        self.waits.append(
            Wait(item.id, item.track, item.state, deed.action.name, who[0], self.life.now, added, limited)
        )  # fmt: skip
        self.life.carry_out(item, outcome, actor, None, setting)
        return True

    def _new(self, item: Twin, state: str) -> str:
        """The present name of a state of that time."""
        if item.flow is not self.flow:
            return state
        name = self.names.get((item.track, state), state)
        if name != state:
            self.renamed[state, name] = None
        return name

    def _differ(self, kind: str, item: Twin, act: PastAct, says: str = "", rule: str | None = None) -> None:
        """Note it once: what follows from a refusal on the same item is no news."""
        if kind in ("refused", "gone", "elsewhere"):
            if item.id in self.strayed:
                return
            self.strayed.add(item.id)
        self.differences.append(Difference(kind, item.id, act.action, item.state, self.life.now, says, rule))


def _moves(history: Iterable[Line | PastAct]) -> list[tuple[datetime, str, str]]:
    """When which item came into which state."""
    return [(each.at, each.item, each.state_to) for each in history if each.state_to != each.state_from]


def _names(flow: Flow, version: int) -> dict[tuple[str | None, str], str]:
    """(track, old state) -> its name now, as ``migrate`` tells for letters of that version."""
    names: dict[tuple[str | None, str], str] = {}
    for move in flow.migrate:
        if move.source == version:
            names.update({(None, old): new for old, new in move.states.items()})
            names.update({(track, old): new for track, states in move.tracks.items() for old, new in states.items()})
    return names


def _sentence(refused: NotAllowed | Invalid) -> str:
    if isinstance(refused, Invalid) and refused.fields:
        return " ".join(refused.fields.values())
    return refused.message


def _rule(flow: Flow, deed: Deed, says: str) -> str | None:
    """The rule that says this, among those that the deed needs."""
    return next((name for name in deed.action.needs if name in flow.rules and flow.rules[name].says == says), None)
