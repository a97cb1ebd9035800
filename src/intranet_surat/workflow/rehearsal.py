"""A letter played through without a database: items in memory, numbers as words, a clock that is told.

For the tests in flow files, and for walks over a flow. What services do with an `Outcome` is done here in
its plainest form.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import copy as shallow
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Self

from intranet_surat.workflow import cast, engine, limits
from intranet_surat.workflow.calendar import WorkingCalendar
from intranet_surat.workflow.chart import deeds
from intranet_surat.workflow.deeds import SIGNED, Case
from intranet_surat.workflow.little_org import OFFICE, LittleOrg
from intranet_surat.workflow.model import Effect, Flow
from intranet_surat.workflow.overlay import changes, state_of
from intranet_surat.workflow.own_acts import REASSIGNED, REMINDED
from intranet_surat.workflow.timers import Timer, ring, timers
from intranet_surat.workflow.view import Actor, Child, Done, Initial, NewChild, Outcome, Setting

MONDAY = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
"""When every rehearsal begins: a Monday, nine o'clock in Serang."""
PRINT_CODE = "kode-cetakan-uji"


@dataclass(slots=True)
class Piece:
    """A letter or a child item: an `ItemView` that changes."""

    stage: Stage
    id: str
    track: str | None
    fields: Mapping[str, Any]
    author: str
    holder: str | None = None
    giver: str | None = None
    parent: Piece | None = None
    state: str = ""
    entered: int = -1
    version: int = 1
    office: str = OFFICE
    initials: tuple[Initial, ...] = ()
    outcome: str | None = None
    ended: int = -1
    since: datetime | None = None
    due: datetime | None = None
    limit_since: datetime | None = None
    paused_since: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    assigned: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    escalated: tuple[str, ...] = ()  # from whom this passage was escalated
    pieces: list[Piece] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """The kind that the test tells, else the first that the flow is meant for."""
        return str(self.letter.fields.get("kind") or next(iter(self.stage.flow.applies.kinds or ()), ""))

    @property
    def letter(self) -> Piece:
        """The letter at the top."""
        return self if self.parent is None else self.parent.letter

    @property
    def children(self) -> tuple[Child, ...]:
        """The items below as their parent sees them."""
        return tuple(
            Child(each.id, each.track or "", each.state, each.outcome, each.giver or "", each.holder or "", each.ended)
            for each in self.pieces
        )

    @property
    def acts(self) -> tuple[Done, ...]:
        """All acts on the letter and its items."""
        return tuple(self.stage.acts)

    def all(self) -> Iterator[Piece]:
        """This piece and all below it."""
        yield self
        for each in self.pieces:
            yield from each.all()

    def copy(self, stage: Stage, parent: Piece | None = None) -> Piece:
        """The same item, with all below it, on another stage."""
        made = replace(self, stage=stage, parent=parent, pieces=[])
        made.pieces.extend(each.copy(stage, made) for each in self.pieces)
        return made


class Stage:
    """One letter, the people around it, and what has happened so far."""

    def __init__(
        self,
        flow: Flow,
        org: LittleOrg,
        *,
        vocabularies: Mapping[str, Mapping[str, str]] | None = None,
        calendar: WorkingCalendar | None = None,
    ) -> None:
        self._open(flow, org, Setting(org, MONDAY, calendar or WorkingCalendar("uji"), vocabularies or {}))
        self.letter = Piece(self, "surat", None, {**org.fields}, org.author)
        author = actor(org.author)
        self._carry_out(self.letter, engine.start(flow, self.letter, author, self.setting), author)
        self._turn()

    def _open(self, flow: Flow, org: LittleOrg, setting: Setting) -> None:
        """The people are there, and nothing has happened yet."""
        self.flow = flow
        self.org = org
        self.setting = setting
        self.acts: list[Done] = []
        self.number = "none"
        self.notified: tuple[str, ...] = ()
        self.rung: dict[tuple[str, datetime | None, str, int], set[datetime | None]] = {}

    def copy(self) -> Self:
        """The same letter once more: what happens to one does not happen to the other."""
        made = shallow(self)
        made.__dict__.update(
            {key: shallow(each) for key, each in vars(self).items() if isinstance(each, list | dict | set)}
        )
        made.letter = self.letter.copy(made)
        return made

    def pieces(self) -> tuple[Piece, ...]:
        """The letter and all its items, each before those below it."""
        return tuple(self.letter.all())

    def waits_for(self) -> tuple[str, ...]:
        """For whom the letter itself waits."""
        return engine.waits_for(self.flow, self.letter, self.setting)

    def find(self, action: str, who: str) -> Piece:
        """The item that somebody means who does this action: one that offers it to him, else one that has it."""
        having: list[tuple[bool, Piece]] = []
        for piece in self.pieces():
            offers = engine.offers(self.flow, piece, self.actor(piece, action, who), self.setting)
            if any(each.action == action and each.allowed for each in offers):
                return piece
            having.extend((who in each.who, piece) for each in offers if each.action == action)
        return next((piece for named, piece in having if named), having[0][1] if having else self.letter)

    def act(self, piece: Piece, action: str, form: Mapping[str, Any], who: str) -> Outcome:
        """Somebody does something. Raises NotAllowed and Invalid as the engine does."""
        by = self.actor(piece, action, who)
        case = Case(self.flow, piece, by, self.setting)
        signs = any(deed.kind == "sign" and deed.action.name == action for deed in deeds(case.state))
        answers = {**form, SIGNED: True} if signs else form
        outcome = engine.act(self.flow, piece, action, answers, by, self.setting)
        before = self._waiting()
        self.notified = ()
        if signs and case.state.sign is not None and outcome.entered:
            self._effect(Effect("signed", case.state.sign.method), form)
        self._carry_out(piece, outcome, by)
        self._turn()
        told = (position for item, position in self._waiting() if (item, position) not in before and position != who)
        self.notified = tuple(dict.fromkeys((*told, *self.notified)))
        return outcome

    def actor(self, piece: Piece, action: str, who: str) -> Actor:
        """Who acts: for his own position, unless only one for which he stands in may do it."""
        mine = self.org.actors(who)
        if len(mine) == 1:
            return mine[0]
        found = [(each, engine.offers(self.flow, piece, each, self.setting)) for each in mine]
        here = [(each, offer) for each, offers in found for offer in offers if offer.action == action]
        allowed = (each for each, offer in here if offer.allowed)
        named = (each for each, offer in here if each.position in offer.who)
        return next(chain(allowed, named), mine[0])

    def wait(self, amount: int, unit: str) -> None:
        """Time passes, and what it brings is all that is told."""
        self.notified = ()
        self.at(self.setting.calendar.after(self.setting.now, amount, unit))

    def provider(self, *, away: bool) -> None:
        """The signing provider stops to answer, or answers again."""
        self.setting = replace(self.setting, provider_away=self.setting.now if away else None)

    def minutes(self, amount: int) -> None:
        """A little time passes."""
        self.at(self.setting.now + timedelta(minutes=amount))

    def at(self, now: datetime) -> None:
        """It is now this instant; the timers until then ring in their order."""
        while (found := self._next(now)) is not None:
            piece, timer = found
            self.setting = replace(self.setting, now=max(timer.at, self.setting.now))
            self._ring(piece, timer)
        self.setting = replace(self.setting, now=now)

    def escalated(self) -> tuple[str, ...]:
        """From whom the present passage of each item was escalated."""
        return tuple(position for piece in self.pieces() for position in piece.escalated)

    def _next(self, now: datetime) -> tuple[Piece, Timer] | None:
        waiting = [
            (timer.at, number, piece, timer)
            for number, piece in enumerate(self.pieces())
            for timer in timers(self.flow, piece, piece.due, self.setting)
            if timer.at <= now and piece.due not in self._rung(piece, timer)
        ]
        return min(waiting, key=lambda each: each[:2])[2:] if waiting else None

    def _rung(self, piece: Piece, timer: Timer) -> set[datetime | None]:
        """For which ends of its present limit a timer has rung."""
        return self.rung.setdefault((piece.id, piece.limit_since, timer.kind, timer.n), set())

    def _ring(self, piece: Piece, timer: Timer) -> None:
        self._rung(piece, timer).add(piece.due)
        before = self._waiting()
        waited = (piece.holder,) if piece.holder else engine.waits_for(self.flow, piece, self.setting)
        done = ring(self.flow, piece, timer, self.setting)
        self.acts.append(Done(len(self.acts), piece.id, done.action, piece.state, piece.state, "", ""))
        if done.action != REMINDED:
            piece.escalated = tuple(dict.fromkeys((*piece.escalated, *waited)))
            piece.told = piece.told if done.nobody else tuple(dict.fromkeys((*piece.told, *done.told)))
        if done.action == REASSIGNED:
            if done.holder is not None and piece.holder is not None:
                piece.held, piece.holder = (*piece.held, piece.holder), done.holder
            piece.assigned = done.assigned
            limits.anew(self.flow, piece, self.setting)[0].set(piece)
        self._turn()
        newly = (position for item, position in self._waiting() if (item, position) not in before)
        self.notified = tuple(dict.fromkeys((*self.notified, *done.told, *newly)))

    def _turn(self) -> None:
        """The clock of each item runs, stands still, or runs on; what has rung does not ring again for a time past."""
        for piece in self.pieces():
            limits.turn(self.flow, piece, self.setting)[0].set(piece)
            for timer in timers(self.flow, piece, piece.due, self.setting):
                rung = self._rung(piece, timer)
                if rung and timer.at <= self.setting.now:
                    rung.add(piece.due)

    def _waiting(self) -> list[tuple[str, str]]:
        return [
            (piece.id, position)
            for piece in self.pieces()
            for position in engine.waits_for(self.flow, piece, self.setting)
        ]

    def _carry_out(self, piece: Piece, outcome: Outcome, by: Actor | None) -> None:
        effects = [effect for step in outcome.steps for effect in step.effects]
        for effect in effects:
            self._effect(effect, outcome.form)
        seq, sign = len(self.acts), state_of(self.flow, piece).sign
        signed = any(effect.name == "signed" and effect.value for effect in effects)
        signed = signed or (sign is not None and sign.act == outcome.action and outcome.entered)
        numbered = any(effect.name == "number" and effect.value != "void" for effect in effects)
        position, person = (by.position, by.person) if by is not None else ("", "")
        used = signed and self.number == "used" and bool(self.letter.fields.get("number"))
        done = Done(seq, piece.id, outcome.action, piece.state, outcome.state, position, person, numbered, used)
        self.acts.append(done)
        piece.state, piece.initials = outcome.state, outcome.initials
        if outcome.entered:
            piece.entered, piece.since = seq, self.setting.now
            piece.assigned = piece.told = piece.escalated = ()
        if outcome.entered or outcome.due is not None:
            limits.Clockwork(outcome.due, self.setting.now).set(piece)
        for child in outcome.children:
            self._give(piece, child, by)
        if outcome.final and piece.parent is not None:
            piece.outcome, piece.ended = outcome.outcome, seq
            closed = engine.gathered(self.flow, piece.parent, self.setting)
            if closed is not None:
                self._carry_out(piece.parent, closed, None)

    def _give(self, parent: Piece, child: NewChild, by: Actor | None) -> None:
        giver = by.position if by is not None else parent.author
        piece = Piece(
            self,
            f"d{sum(1 for _ in self.letter.all())}",
            child.track,
            dict(child.fields),
            giver,
            holder=child.holder,
            giver=giver,
            parent=parent,
            state=child.state,
            entered=len(self.acts) - 1,
            since=self.setting.now,
            due=child.due,
            limit_since=self.setting.now,
        )
        parent.pieces.append(piece)
        for effect in child.effects:
            self._effect(effect, child.fields)

    def _effect(self, effect: Effect, form: Mapping[str, Any]) -> None:
        """The effects as far as a rule or an expectation can see them."""
        fields = changes((effect,), form)
        if effect.writes == "agenda_number":
            fields["agenda_number"] = self.letter.fields.get("agenda_number") or "1"
            self.number = "used" if self.flow.applies.direction == "masuk" else self.number
        elif effect.name == "number":
            self._number(effect.value)
            fields["number"] = self.number if self.number in ("reserved", "used") else None
        elif effect.name == "signed" and not effect.gives_up:
            self.number = "used" if self.number == "reserved" else self.number
        elif effect.name == "pdf" and effect.options.get("code"):
            fields["print_code"] = PRINT_CODE
        elif effect.name == "notify":
            found = cast.of_all(effect.value, self.flow, self.letter, self.setting)
            self.notified = (*self.notified, *found)
        self.letter.fields = {**self.letter.fields, **fields}

    def _number(self, series: str) -> None:
        """A number is given once; one of an incoming letter is used as soon as it is given."""
        if series == "void":
            self.number = "void" if self.number == "reserved" else self.number
        elif self.number not in ("reserved", "used"):
            self.number = "used" if self.flow.applies.direction == "masuk" else "reserved"


def actor(position: str) -> Actor:
    """The one person who holds a position of the little organisation."""
    return Actor(position, position)
