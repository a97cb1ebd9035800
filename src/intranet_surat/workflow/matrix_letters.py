"""The canonical letters on which the powers of a flow are tried, and the ground they stand on.

A letter of the office is addressed to its head and signed by him: every field that the cast reads as a position
holds the head (of an item: its holder). Its author is each of the ground's authors in turn. A field that a rule
compares is tried empty, with another word, with each word that it is compared with and with all of them; children
are tried with none and with one in each state of their track; of acts that a rule or the cast asks about, with
none and with one by everybody who can act there; initials with each number of tiers given. Where this would be
more than `MOST` combinations, one field at a time is tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import chain, islice, product
from math import prod
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast, initials, judging
from intranet_surat.workflow.calendar import WorkingCalendar
from intranet_surat.workflow.chart import Deed
from intranet_surat.workflow.matrix_scope import Spot, parts
from intranet_surat.workflow.model import Flow, State, Who
from intranet_surat.workflow.overlay import states_of
from intranet_surat.workflow.rules import Among, Children, Compare, Named, Node, Ref, asks_provider, read_by
from intranet_surat.workflow.view import Child, Clock, Done, Initial, ItemView, Org, Setting

MOST = 512
OTHER = "lain"
"""A word that no rule compares a field with."""
_EARLY, _LATE = "1900-01-01", "2999-12-31"
_NOW = datetime(2026, 1, 5, 2, tzinfo=UTC)
_SECURITY = "security"


class Still(WorkingCalendar):
    """A calendar on which no time passes: no power depends on how long something takes."""

    def after(self, start: datetime, amount: int, unit: str) -> datetime:  # noqa: ARG002 - as its base has it
        """The same instant."""
        return start

    def before(self, end: datetime, amount: int, unit: str) -> datetime:  # noqa: ARG002 - as its base has it
        """The same instant."""
        return end


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the powers of a flow are asked: an office with its people, and what each level of secrecy opens.

    ``sight`` maps each level to the reasons that open a whole letter (`services.secrecy.FULL`); ``authors`` are the
    positions that write letters there.
    """

    org: Org
    office: str
    authors: tuple[str, ...]
    sight: Mapping[str, frozenset[str]]
    calendar: Clock = field(default_factory=lambda: Still("kewenangan"))


@dataclass(frozen=True, slots=True)
class Bound:
    """Whose letter it is; of a child, who gave it to whom."""

    author: str
    giver: str | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """An `ItemView` of plain values."""

    id: str
    office: str
    kind: str
    track: str | None
    state: str
    fields: Mapping[str, Any]
    author: str
    holder: str | None = None
    giver: str | None = None
    base: ItemView | None = None
    children: tuple[Child, ...] = ()
    acts: tuple[Done, ...] = ()
    initials: tuple[Initial, ...] = ()
    assigned: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    entered: int = 0
    version: int = 1
    since: datetime | None = None
    due: datetime | None = None
    limit_since: datetime | None = None
    paused_since: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    held: tuple[str, ...] = ()

    @property
    def letter(self) -> ItemView:
        """The letter of a child; the letter itself for a letter."""
        return self if self.base is None else self.base


class Posts:
    """An `Org` in which every position is held by one person of its own: what is asked is what the post may do."""

    def __init__(self, org: Org) -> None:
        self._org = org
        self._now: dict[str, str] = {}

    def now(self, position: str) -> str:
        """The position that has its work, asked once."""
        if position not in self._now:
            self._now[position] = self._org.now(position)
        return self._now[position]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._org, name)

    def persons(self, position: str) -> tuple[str, ...]:
        """The position's own person."""
        return (position,)

    def capacity(self, person: str, position: str) -> None:
        """Everybody acts in his own right."""


class Letters:
    """The letters of one level of secrecy, for one flow."""

    def __init__(self, flow: Flow, ground: Ground, level: str) -> None:
        self.flow, self.ground, self.level = flow, ground, level
        self.opens = ground.sight[level]
        words = {one.of: {OTHER: OTHER} for form in flow.forms.values() for one in form.fields.values() if one.of}
        self.setting = Setting(Posts(ground.org), _NOW, ground.calendar, words)
        head = ground.org.head(ground.office) or ""
        held = [who for who in parts(flow) if isinstance(who, Who) and who.args]
        self.of_letter = {str(who.args[0]): head for who in held if who.op == "letter"}
        self.of_letter.update(dict.fromkeys(("addressee", "signatory"), head))
        self.of_item = {str(who.args[0]) for who in held if who.op == "item"}
        self.kind = next(iter(flow.applies.kinds or ()), "")

    def common(self, reads_security: bool) -> object:
        """All that matters for every state beside the flow's own words."""
        level = self.level if reads_security else ""
        return (id(self.ground), level, self.opens, tuple(sorted(self.of_letter)), tuple(sorted(self.of_item)))

    def bounds(self, track: str | None, pairs: tuple[tuple[str, str], ...], *, every: bool) -> Iterator[Bound]:
        """Every author, or the first where it does not matter; for a child, every way on which it was given."""
        for author in self.ground.authors if every else self.ground.authors[:1]:
            if track is None:
                yield Bound(author)
            else:
                yield from (Bound(author, giver, holder) for giver, holder in pairs)

    def sample(self, bound: Bound, track: str | None, state: State, acted: Mapping[Spot, tuple[str, ...]]) -> Sample:
        """The item of this binding, with all acts that may have been done where somebody asks about them."""
        fields = {**self.of_letter, _SECURITY: self.level}
        letter = Sample("surat", self.ground.office, self.kind, None, state.name, fields, bound.author)
        acts = tuple(done for spot in acted for done in _acts(spot, acted[spot]))
        if track is None:
            return replace(letter, acts=acts)
        mine = dict.fromkeys(self.of_item, bound.holder)
        return replace(
            letter, id="anak", track=track, fields=mine, holder=bound.holder, giver=bound.giver, base=letter, acts=acts
        )

    def turns(self, item: Sample, state: State) -> Iterator[Sample]:
        """The item with the initials of no tier, of the first, of the first two, and so on; signatures alike."""
        yield item
        if state.sign is not None and state.sign.in_turn:
            made = self._prepared(item, state)
            yield from (replace(item, acts=(*item.acts, *made, *some)) for some in self._signed(item, state) if some)
        if state.route is None:
            return
        try:
            tiers = initials.tiers(self.flow, item, state.route, self.setting)
        except NotAllowed:
            return
        given: tuple[Initial, ...] = ()
        for number, tier in enumerate(tiers[:-1]):
            given += tuple(Initial(number, member, member, item.version) for member in tier.members)
            yield replace(item, initials=given)

    def variants(
        self, item: Sample, state: State, deed: Deed, acted: Mapping[Spot, tuple[str, ...]]
    ) -> Iterator[Sample]:
        """The item with everything that may decide about a deed tried both ways."""
        asked = _Questions(self, item.track)
        for rule in deed.action.needs:
            asked.rule(self.flow.rules[rule].tree)
        asked.onward(deed.action.to)
        done = [_acts(spot, acted[spot]) for spot in acted]
        prepared = self._prepared(item, state)
        histories = [(*prepared, *chain.from_iterable(some)) for some in product(*(((), each) for each in done))]
        route = state.route is not None and deed.kind in ("initial", "reject")
        if deed.turns is not None:
            histories = [(*acts, *given) for given in self._signed(item, state) for acts in histories]
        for turn in self.turns(item, state) if route else (item,):
            for acts in reversed(histories):
                yield from asked.answers(replace(turn, acts=acts))

    def _prepared(self, item: Sample, state: State) -> tuple[Done, ...]:
        return (Done(2, item.id, state.sign.prepare.name, state.name, state.name, "", ""),) if state.sign else ()

    def _signed(self, item: Sample, state: State) -> Iterator[tuple[Done, ...]]:
        """Nobody has signed what was prepared, the first of those in turn has, the first two, and so on."""
        by = state.sign.by if state.sign is not None else ()
        who = cast.of_all(by, self.flow, item, self.setting)
        name = state.sign.act if state.sign is not None else ""
        for number in range(max(len(who), 1)):
            yield tuple(Done(3, item.id, name, state.name, state.name, each, each) for each in who[:number])

    def settings(self, deed: Deed) -> tuple[Setting, ...]:
        """The world in which a deed is tried; where its rules ask for the provider, with it and without it."""
        asked = any(asks_provider(self.flow.rules[rule].tree, self.flow) for rule in deed.action.needs)
        return (self.setting, replace(self.setting, provider_away=_NOW)) if asked else (self.setting,)

    def may_choose(self, track: str | None, name: str, rule: str | None) -> bool:
        """Whether a branch of a state that chooses can be taken by a letter of this level."""
        tree = self.flow.rules[rule].tree if rule is not None else None
        if tree is None or any(ref.root == "form" for ref in read_by(tree, self.flow)):
            return True
        asked = _Questions(self, track)
        asked.rule(tree)
        if asked.among:
            return True
        state = states_of(self.flow, track)[name]
        item = self.sample(Bound(next(iter(self.ground.authors), ""), "", ""), track, state, {})
        return any(judging.holds(tree, self.flow, one, None, self.setting) for one in asked.answers(item))


def _acts(spot: Spot, positions: tuple[str, ...]) -> tuple[Done, ...]:
    where = "surat" if spot[0] is None else "anak"
    return tuple(Done(1, where, "", spot[1], spot[1], position, position) for position in positions)


class _Questions:
    """What some rules ask, and the answers that a letter may give."""

    def __init__(self, letters: Letters, track: str | None) -> None:
        self.letters = letters
        self.track = track
        self.values: dict[tuple[str, str], dict[str, None]] = {}
        self.tracks: dict[str, None] = {}
        self.among = False
        self._seen: set[str] = set()

    def rule(self, tree: Node) -> None:
        """Notes what a rule asks, with the rules it names."""
        for part in parts(tree):
            if isinstance(part, Compare):
                words = [each for each in part.values if isinstance(each, str)]
                if part.op == "before":
                    words += [_EARLY, _LATE]
                for ref in (part.left, *(each for each in part.values if isinstance(each, Ref))):
                    self._field(ref, words)
            elif isinstance(part, Children):
                self.tracks[part.track] = None
            elif isinstance(part, Among):
                self.among = True
            elif isinstance(part, Named) and part.rule not in self._seen:
                self._seen.add(part.rule)
                self.rule(self.letters.flow.rules[part.rule].tree)

    def onward(self, target: str | None) -> None:
        """Notes what the branches ask through which an item passes at once on its way to ``target``."""
        states, seen = states_of(self.letters.flow, self.track), set[str]()
        waiting = [target] if target is not None else []
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            state = states[name]
            for branch in state.choose:
                waiting.append(branch.to)
                if branch.when is not None:
                    self.rule(self.letters.flow.rules[branch.when].tree)
            if state.route is not None:
                waiting.append(state.route.done)
            if state.gather is not None:
                waiting += [state.gather.done, state.gather.returned]

    def _field(self, ref: Ref, words: list[str]) -> None:
        fixed = {"letter": (_SECURITY, *self.letters.of_letter), "item": self.letters.of_item}
        if ref.root != "form" and ref.path[0] not in fixed[ref.root]:
            self.values.setdefault((ref.root, ref.path[0]), {}).update(dict.fromkeys(words))

    def answers(self, item: Sample) -> Iterator[Sample]:
        """The item with every combination of answers; beyond `MOST`, with one answer at a time."""
        fields = [[(key, value) for value in _tried(list(words))] for key, words in self.values.items()]
        children = [self._children(track) for track in self.tracks]
        if prod(map(len, fields)) * prod(map(len, children)) <= MOST:
            for chosen in product(*fields):
                for some in product(*children):
                    yield _answered(item, chosen, tuple(child for one in some for child in one))
            return
        first = [options[0] for options in fields]
        yield _answered(item, first, ())
        for options in fields:
            for value in options[1:]:
                yield _answered(item, [*first, value], ())
        for kept in islice(product(*children), MOST):
            yield _answered(item, first, tuple(child for one in kept for child in one))

    def _children(self, track: str) -> list[tuple[Child, ...]]:
        """No child, and one in each state of the track."""
        states = states_of(self.letters.flow, track).values()
        return [
            (),
            *((Child("anak", track, each.name, each.outcome if each.final else None, "", "", 1),) for each in states),
        ]


def _tried(words: list[str]) -> list[Any]:
    """The values that a field is tried with: another word first, then those asked about, then none."""
    return [OTHER, *words, *([words] if len(words) > 1 else []), None]


def _answered(item: Sample, chosen: Any, children: tuple[Child, ...]) -> Sample:
    own, letter = dict(item.fields), dict(item.letter.fields)
    for (root, name), value in chosen:
        (letter if root == "letter" and item.base is not None else own)[name] = value
    if item.base is None:
        return replace(item, fields=own, children=children)
    return replace(item, fields=own, base=replace(item.base, fields=letter), children=children)  # type: ignore[type-var]
