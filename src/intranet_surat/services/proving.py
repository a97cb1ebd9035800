"""A stored letter as it would stand after a move, in memory, and whether people who work together bring it to an end.

Nothing is written here. What the walk tries is `workflow.walking`; which letters are asked about is
`services.migrating`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.flows import ended
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.site import Site
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem
from intranet_surat.workflow import cast, engine, rules, walking
from intranet_surat.workflow.model import Flow, Move, Who
from intranet_surat.workflow.moving import renamed, restarts, target
from intranet_surat.workflow.overlay import states_of, used
from intranet_surat.workflow.rehearsal import Piece, Stage
from intranet_surat.workflow.view import Actor, Capacity, Done, Org, Setting

BUDGET = 400
"""How many configurations of one letter are tried before the answer is that no end was found."""


class Willing:
    """The organisation with everybody at work in his own right: who is away this week strands no letter."""

    def __init__(self, org: Org) -> None:
        self._org = org

    def __getattr__(self, name: str) -> Any:
        return getattr(self._org, name)

    def persons(self, position: str) -> tuple[str, ...]:
        """Who holds the position; an empty one is filled before the letter needs it."""
        return self._org.persons(position)[:1] or (position,)

    def capacity(self, person: str, position: str) -> Capacity | None:  # noqa: ARG002 - the protocol's names
        """Nobody stands in for another."""
        return None

    def authority(self, position: str, form: str, kind: str = "", level: str = "") -> str | None:  # noqa: ARG002
        """Whoever needs an order to sign for another has one that covers the letter."""
        return self._org.authority(position, form) or form

    def actors(self, who: str) -> tuple[Actor, ...]:
        """The one who acts for a position."""
        return (Actor(self.persons(who)[0], who),)


@dataclass(frozen=True, slots=True)
class Moving:
    """Which flow is left for which, by which line of ``migrate``."""

    old: Flow
    new: Flow
    move: Move

    def concerns(self, item: Item) -> bool:
        """Whether an item runs the flow that is left."""
        return item.flow is not None and item.flow.hash == self.old.hash


class Standing(Stage):
    """A letter as it would be after the move; ``letter`` is the item that is asked about, ``root`` the letter.

    An open item that runs another flow counts as done: that one ends by its own.
    """

    def __init__(self, house: House, site: Site, asked: Item, moving: Moving, setting: Setting) -> None:
        org: Any = Willing(setting.org)
        self._open(moving.new, org, replace(setting, org=org))
        self.acts = list(acts_after(house, site, asked.letter, moving))
        self._moving = moving
        self.root = self._tree(house, site, asked.letter, None)
        self.letter = next(piece for piece in self.root.all() if piece.id == asked.id)
        if self.root.fields.get("number"):
            self.number = "used" if used(self.root) else "reserved"
        self._settle(self.letter)

    def copy(self) -> Self:
        """The same letter once more, with what lies above the item that is asked about."""
        made = super().copy()
        made.root = self.root.copy(made)
        made.letter = next(piece for piece in made.root.all() if piece.id == self.letter.id)
        return made

    def _tree(self, house: House, site: Site, item: Item, parent: Piece | None) -> Piece:
        view, moved = StoredItem(house, site, item), self._moving.concerns(item)
        state = target(self._moving.move, item.track, item.state) if moved else ""
        again = moved and restarts(self._moving.new, self._moving.move, item.track, state)
        piece = Piece(
            self,
            view.id,
            view.track,
            {**view.fields, "kind": view.kind},
            view.author,
            holder=view.holder,
            giver=view.giver,
            parent=parent,
            state=state,
            entered=len(self.acts) if again else view.entered,
            version=view.version,
            office=view.office,
            initials=() if again else view.initials,
            outcome=item.outcome,
            ended=item.ended,
            assigned=() if again else view.assigned,
            told=() if again else view.told,
            held=view.held,
        )
        if not moved and item.track is not None:
            if piece.outcome is None:
                piece.outcome, piece.ended = "done", len(self.acts)
            piece.state = _end(self.flow, item.track, piece.outcome)
        piece.pieces = [self._tree(house, site, each, piece) for each in item.dispositions()]
        return piece

    def _settle(self, piece: Piece) -> None:
        """Let a parent go on whose last children are counted as ended."""
        for each in piece.pieces:
            self._settle(each)
        if piece.outcome is None and any(each.ended == len(self.acts) for each in piece.pieces):
            closed = engine.gathered(self.flow, piece, self.setting)
            if closed is not None:
                self._carry_out(piece, closed, None)


def _end(flow: Flow, track: str, outcome: str | None) -> str:
    """The name of a track's state that ends with this outcome; empty when the flow does not have the track."""
    return next((state.name for state in states_of(flow, track).values() if state.outcome == outcome), "")


def acts_after(house: House, site: Site, letter: Letter, moving: Moving) -> Iterator[Done]:
    """The history of a letter with the states called as the newer version calls them."""
    tracks = {item.id: item.track for item in below(letter) if moving.concerns(item)}
    names = {track: renamed(moving.old, moving.move, track) for track in set(tracks.values())}
    for done in StoredItem(house, site, letter).acts:
        calls = names[tracks[done.item]] if done.item in tracks else {}
        yield replace(
            done,
            state_from=calls.get(done.state_from, done.state_from),
            state_to=calls.get(done.state_to, done.state_to),
        )


def below(item: Item) -> Iterator[Item]:
    """An item and all below it."""
    yield item
    for each in item.dispositions():
        yield from below(each)


def configuration(stage: Standing, reads: Sequence[str]) -> object:
    """All of a standing letter that the answer can depend on: equal ones are asked once."""
    pieces = list(stage.root.all())
    order = {piece.id: number for number, piece in enumerate(pieces)}

    def shown(piece: Piece) -> object:
        parent = piece.parent
        return (
            order[parent.id] if parent is not None else None,
            parent is not None and piece.ended > parent.entered,
            *(piece.track, piece.state, piece.office, piece.author, piece.holder, piece.giver, piece.outcome),
            tuple((each, each.version == piece.version) for each in piece.initials),
            piece.assigned,
            tuple(repr(piece.fields.get(name)) for name in reads),
        )

    acts = tuple(
        (number, done.action, done.state_from, done.position, done.person, done.numbered, done.used,
         done.seq > pieces[number].entered)
        for done in stage.acts
        if done.position and (number := order.get(done.item)) is not None
    )  # fmt: skip
    return order[stage.letter.id], stage.number, tuple(shown(piece) for piece in pieces), acts


def fields_read(flow: Flow) -> tuple[str, ...]:
    """The names of all fields that rules and cast of a flow can read."""
    found = {"kind", "number", "signed", "security", "signing_form"}
    for rule in flow.rules.values():
        found.update(ref.path[0] for ref in rules.references(rule.tree) if ref.path)
    whos: list[Who] = list(flow.cast.values())
    for states in (flow.states, *(track.states for track in flow.tracks.values())):
        for state in states.values():
            whos += [who for action in state.actions.values() for who in action.by]
            if state.sign is not None:
                whos += [*state.sign.by, *state.sign.prepare.by]
            if state.route is not None:
                levels = state.route.levels
                whos += [levels] if isinstance(levels, Who) else [level.who for level in levels]
    for form in flow.forms.values():
        whos += [field.source for field in form.fields.values() if isinstance(field.source, Who)]
    for who in whos:
        found.update(str(part.args[0]) for part in cast.parts(who) if part.op in ("letter", "item") and part.args)
    return tuple(sorted(found))


@dataclass(slots=True)
class Prover:
    """Asks of standing letters whether they can end, of equal ones once."""

    house: House
    site: Site
    moving: Moving
    setting: Setting
    known: dict[object, bool]
    reads: Sequence[str]

    def endless(self, letter: Letter) -> Item | None:
        """The deepest open item of the letter that moves and could not come to an end any more."""
        moved = [item for item in below(letter) if self.moving.concerns(item) and not ended(item)]
        return next((item for item in reversed(moved) if not self._ends(item)), None)

    def _ends(self, item: Item) -> bool:
        try:
            stage = Standing(self.house, self.site, item, self.moving, self.setting)
        except NotAllowed:
            return False
        key = configuration(stage, self.reads)
        if key not in self.known:
            self.known[key] = walking.reaches_end(stage, BUDGET) is not None
        return self.known[key]


def prover(house: House, site: Site, moving: Moving, setting: Setting) -> Prover:
    """A prover for the letters of one move."""
    return Prover(house, site, moving, setting, {}, fields_read(moving.new))
