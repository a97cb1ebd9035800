"""The letter in its second life: what an outcome changes, as far as a flow can see it.

The plain counterpart of `services.carrying_out`, with the numbers and ids of the first life. What is compared with
that life stands in `workflow.replay`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from intranet_surat.workflow import engine, limits
from intranet_surat.workflow.calendar import day
from intranet_surat.workflow.limits import Clockwork
from intranet_surat.workflow.model import Deadline, Effect, Flow
from intranet_surat.workflow.model_words import AGENDA
from intranet_surat.workflow.overlay import changes, state_of
from intranet_surat.workflow.replay_past import Past, PastAct, Twin
from intranet_surat.workflow.view import Actor, Done, NewChild, Outcome, Setting

Settings = Callable[[Flow, datetime], Setting]
"""The organisation and the calendar of a flow as they were at an instant."""
_NOBODY = Actor("", "")


@dataclass(frozen=True, slots=True)
class Line:
    """One act as it would have been: ``at`` is when, ``due`` the limit of its item afterwards."""

    at: datetime
    item: str
    action: str
    state_from: str
    state_to: str
    due: datetime | None


class SecondLife:
    """One letter with its items and its history, at the instant ``now``."""

    def __init__(self, flow: Flow, past: Past, settings: Settings) -> None:
        self.flow = flow
        self.past = past
        self.settings = settings
        first = past.acts[0]
        self.now = first.at
        self.done: list[Done] = []
        self.used: Any = None  # the number that stays the letter's
        self.lines: list[Line] = []
        self.letter = Twin(past.id, past.office, past.kind, None, flow, self.done, dict(past.fields), first.position)
        self.items: dict[str, Twin] = {past.id: self.letter}

    def note(self, item: Twin, act: PastAct) -> None:
        """An act that moves nothing."""
        self._tell(item, act.action, item.state, Actor(act.person, act.position), False)

    def move(self, item: Twin, flow: Flow, act: PastAct, *, again: bool) -> None:
        """An item goes on in another version of its flow, where its state may have another name.

        ``again`` tells that its passage begins anew there.
        """
        item.flow, item.state = flow, act.state_to
        state = state_of(flow, item)
        if again:
            item.entered, item.since, item.initials = len(self.done), self.now, ()
            item.assigned = item.told = ()
        if item.track is None and state.edits:
            self._give_up()
        limit = limits.limit(state)
        if not state.final and (again or (limit is None) != (item.due is None)):
            Clockwork(limits.begin(limit, item, self.now, self.settings(flow, self.now).calendar), self.now).set(item)
        if item.parent is not None:
            item.parent.seen = None
        self.note(item, act)

    def hand_over(self, item: Twin, told: tuple[str, ...], setting: Setting) -> None:
        """The work of an item goes to somebody else, because nobody did it in time."""
        if item.track is None:
            item.assigned = tuple(dict.fromkeys((*item.assigned, *told)))
        elif item.holder is not None:
            item.held, item.holder = tuple(dict.fromkeys((*item.held, item.holder))), told[0]
            if item.parent is not None:
                item.parent.seen = None
        limits.anew(item.flow, item, setting)[0].set(item)

    def turn(self, at: Callable[[Twin], Setting]) -> None:
        """The clock of each item that is not ended runs, stands still, or runs on."""
        for item in self.items.values():
            state = state_of(item.flow, item)
            limit = limits.limit(state)
            if limit is not None and not state.final and _moves(limit):
                limits.turn(item.flow, item, at(item))[0].set(item)

    def _tell(self, item: Twin, action: str, state_from: str, actor: Actor, numbered: bool, used: bool = False) -> None:
        seq = len(self.done)
        self.done.append(
            Done(seq, item.id, action, state_from, item.state, actor.position, actor.person, numbered, used)
        )  # fmt: skip
        self.lines.append(Line(self.now, item.id, action, state_from, item.state, item.due))

    def carry_out(
        self, item: Twin, outcome: Outcome, actor: Actor | None, act: PastAct | None, setting: Setting
    ) -> None:
        """What `services.carrying_out` writes, as far as a flow can see it."""
        seq, state_from = len(self.done), item.state
        sign = state_of(item.flow, item).sign if state_from else None
        effects = [effect for step in outcome.steps for effect in step.effects]
        numbered = self._effects(item, effects, outcome.form, act, setting)
        signed = any(effect.name == "signed" and effect.value for effect in effects)
        if sign is not None and sign.act == outcome.action and outcome.entered:
            signed = True
            self.set(signed=sign.method)
        for child in outcome.children:
            self._give(item, child, actor, act, setting)
        item.state, item.initials = outcome.state, outcome.initials
        if outcome.entered:
            item.entered, item.since = seq, self.now
            item.assigned = item.told = ()
        if outcome.entered or outcome.due is not None:
            Clockwork(outcome.due, self.now).set(item)
        if item.parent is not None:
            item.parent.seen = None
            if outcome.final:
                item.outcome, item.ended = outcome.outcome, seq
        used = signed and bool(self.letter.fields.get("number"))
        self._tell(item, outcome.action, state_from, actor or _NOBODY, numbered, used)
        if outcome.final and item.parent is not None:
            parent = item.parent
            asked = replace(self.settings(parent.flow, act.at if act is not None else self.now), now=self.now)
            closed = engine.gathered(parent.flow, parent, asked)
            if closed is not None:
                self.carry_out(parent, closed, None, act, asked)

    def _give(self, parent: Twin, child: NewChild, actor: Actor | None, act: PastAct | None, setting: Setting) -> None:
        known = act.children.get(child.holder) if act is not None else None
        id_ = known or f"{parent.id}-{len(self.items)}"
        giver = actor.position if actor is not None else parent.author
        item = Twin(
            id_, setting.org.office_of(child.holder) or parent.office, self.letter.kind, child.track,
            self.past.others.get(id_, parent.flow if known is None else self.flow), self.done, dict(child.fields),
            giver, child.holder, giver, parent, child.state, len(self.done), self.now,
        )  # fmt: skip
        limit = limits.limit(state_of(item.flow, item))
        if limit is not None:
            calendar = setting.calendar if item.flow is parent.flow else self.settings(item.flow, self.now).calendar
            Clockwork(limits.begin(limit, item, self.now, calendar), self.now).set(item)
        else:
            item.limit_since = self.now
        parent.items.append(item)
        parent.seen = None
        self.items[id_] = item
        if item.office != parent.office:
            self._effects(item, (Effect("number", AGENDA),), {}, None, setting)
        self._effects(item, child.effects, child.fields, None, setting)

    def _effects(
        self, item: Twin, effects: Iterable[Effect], form: Mapping[str, Any], act: PastAct | None, setting: Setting
    ) -> bool:
        """The effects as far as a rule can see them; tells whether a number was given."""
        numbered = False
        for effect in effects:
            if effect.name == "number":
                numbered = self._number(item, str(effect.value), form, act, setting) or numbered
            elif effect.gives_up:
                self._give_up()
            elif effect.name in ("set", "signed"):
                self.set(**changes((effect,), form))
            elif effect.name == "pdf" and effect.options.get("code") in (True, "true"):
                self.set(print_code=self.letter.fields.get("print_code") or self.past.print_code or self.past.id)
        return numbered

    def _number(self, item: Twin, series: str, form: Mapping[str, Any], act: PastAct | None, setting: Setting) -> bool:
        given = act.facts.get("number") if act is not None else None
        today = day(self.now, setting.calendar)
        if series == "void":
            if self.letter.fields.get("number") and self.letter.fields["number"] != self.used:
                self.set(number=None, letter_date=None)
            return False
        if series == AGENDA:
            if item.fields.get("agenda_number"):
                return False
            item.fields = {**item.fields, "agenda_number": given or 1, "agenda_year": today.year}
            return True
        if not self.letter.fields.get("number"):
            self.set(number=given or series, letter_date=form.get("tanggal_ttd") or today.isoformat())
        return True

    def _give_up(self) -> None:
        """Nothing is signed any more, if it was."""
        if self.letter.fields.get("signed"):
            self.set(signed=None)

    def set(self, **values: Any) -> None:
        """Change fields of the letter; a number is used once something is signed under it."""
        self.letter.fields = {**self.letter.fields, **values}
        if values.get("signed"):
            self.used = self.letter.fields.get("number")


def _moves(limit: Deadline) -> bool:
    """Whether a limit may move while the calendar stays: what was entered at an act or for an item does not change."""
    return limit.paused_while is not None or (isinstance(limit.within, str) and limit.within.startswith("letter."))
