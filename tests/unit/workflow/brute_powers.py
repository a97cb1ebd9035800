"""The powers of a flow found the long way: every item in every hand is put before the engine, nothing is shared.

Follows the words of `workflow.matrix` and `workflow.matrix_letters`, not their code: it asks `engine.offers`,
`engine.readers` and `engine.editors` about concrete items, and remembers nothing between two states.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from types import SimpleNamespace
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast, engine, judging, rules
from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.calendar import WorkingCalendar
from intranet_surat.workflow.initials import tiers
from intranet_surat.workflow.matrix_letters import Ground
from intranet_surat.workflow.model import Flow, State, Who
from intranet_surat.workflow.view import Actor, Child, Done, Initial, Setting

Spot = tuple[str | None, str]
NOW = datetime(2026, 3, 2, 3, tzinfo=UTC)


class Item(SimpleNamespace):
    """An item of plain values."""

    def but(self, **values: Any) -> Item:
        made = Item(**{**vars(self), **values})
        if self.track is None:
            made.letter = made
        return made


def item(**values: Any) -> Item:
    made = Item(
        **{
            "track": None, "holder": None, "giver": None, "children": (), "acts": (), "initials": (), "assigned": (),
            "told": (), "entered": 0, "version": 1, "since": None, "due": None, "limit_since": None,
            "paused_since": None, "pauses": (), "held": (), **values,
        }
    )  # fmt: skip
    if made.track is None:
        made.letter = made
    return made


class Brute:
    def __init__(self, flow: Flow, ground: Ground, level: str) -> None:
        self.flow, self.ground, self.level = flow, ground, level
        words = {field.of: {"x": "x"} for form in flow.forms.values() for field in form.fields.values() if field.of}
        self.setting = Setting(ground.org, NOW, WorkingCalendar("uji"), words)
        self.reached: set[Spot] = set()
        self.pairs: set[tuple[str, str, str]] = set()
        self.acted: set[tuple[Spot, str]] = set()
        self.powers: set[tuple[str, str, str, str, str]] = set()
        self.head = ground.org.head(ground.office)

    def states(self, track: str | None) -> dict[str, State]:
        return dict(self.flow.states if track is None else self.flow.tracks[track].states)

    def start(self, track: str | None) -> str:
        return next(name for name, state in self.states(track).items() if state.start)

    def all(self) -> set[tuple[str, str, str, str, str]]:
        self.enter(None, self.start(None))
        size = -1
        while size != len(self.reached) + len(self.pairs) + len(self.acted) + len(self.powers):
            size = len(self.reached) + len(self.pairs) + len(self.acted) + len(self.powers)
            self.powers = set()
            for track, name in sorted(self.reached, key=str):
                self.look(track, self.states(track)[name])
        return self.powers

    def enter(self, track: str | None, name: str, seen: tuple[str, ...] = ()) -> None:
        if name in seen:
            return
        state, seen = self.states(track)[name], (*seen, name)
        for branch in state.choose:
            if self.may(track, state, branch.when):
                self.enter(track, branch.to, seen)
        if state.choose:
            return
        self.reached.add((track, name))
        if state.route:
            self.enter(track, state.route.done, seen)
        if state.gather:
            self.enter(track, state.gather.done, seen)
            self.enter(track, state.gather.returned, seen)

    def may(self, track: str | None, state: State, rule: str | None) -> bool:
        if rule is None:
            return True
        tree = self.flow.rules[rule].tree
        nodes = list(self.nodes(tree))
        if any(isinstance(node, rules.Among) for node in nodes) or any(ref.root == "form" for ref in self.refs([tree])):
            return True
        here = self.made(track, state.name, self.ground.authors[0], "", "")
        return any(judging.holds(tree, self.flow, each, None, self.setting) for each in self.filled(here, [tree]))

    def nodes(self, tree: Any) -> Iterator[Any]:
        for node in rules.walk(tree):
            yield node
            if isinstance(node, rules.Named):
                yield from self.nodes(self.flow.rules[node.rule].tree)

    def refs(self, trees: list[Any]) -> Iterator[rules.Ref]:
        for tree in trees:
            for node in self.nodes(tree):
                if isinstance(node, rules.Compare):
                    yield node.left
                    yield from (each for each in node.values if isinstance(each, rules.Ref))

    def filled(self, here: Item, trees: list[Any]) -> Iterator[Item]:
        """The item with every answer to what the rules ask of its fields and children."""
        values: dict[tuple[str, ...], list[Any]] = {}
        tracks = set()
        for node in (each for tree in trees for each in self.nodes(tree)):
            if isinstance(node, rules.Children):
                tracks.add(node.track)
            if not isinstance(node, rules.Compare):
                continue
            words = [each for each in node.values if isinstance(each, str)]
            for ref in (node.left, *(each for each in node.values if isinstance(each, rules.Ref))):
                known = here.letter.fields if ref.root == "letter" else here.fields
                if ref.root != "form" and (ref.root, ref.path[0]) not in {(ref.root, key) for key in known}:
                    values.setdefault((ref.root, *ref.path), []).extend(words)
        options = [[None, "lain", *words, words] if words else [None, "lain"] for words in values.values()]
        kids = [
            [
                (),
                *(
                    (Child("k", track, s.name, s.outcome if s.final else None, "", "", 1),)
                    for s in self.states(track).values()
                ),
            ]
            for track in sorted(tracks)
        ]
        for chosen in product(*options):
            for some in product(*kids):
                letter, own = dict(here.letter.fields), dict(here.fields)
                for (root, *path), value in zip(values, chosen, strict=True):
                    nested: Any = value
                    for name in reversed(path[1:]):
                        nested = {name: nested}
                    if value is not None:
                        (letter if root == "letter" else own)[path[0]] = nested
                children = tuple(child for one in some for child in one)
                if here.track is None:
                    yield here.but(fields=letter, children=children)
                else:
                    yield here.but(fields=own, children=children, letter=here.letter.but(fields=letter))

    def made(self, track: str | None, state: str, author: str, giver: str, holder: str) -> Item:
        fields = {"addressee": self.head, "signatory": self.head, "security": self.level}
        kind = (self.flow.applies.kinds or ("",))[0]
        common = {"office": self.ground.office, "kind": kind, "author": author, "state": state}
        letter = item(id="surat", fields=fields, **common)
        if track is None:
            return letter
        return item(id="anak", fields={}, track=track, letter=letter, holder=holder, giver=giver, **common)

    def look(self, track: str | None, state: State) -> None:
        hands = [("", "")] if track is None else [pair[1:] for pair in sorted(self.pairs) if pair[0] == track]
        for author, (giver, holder) in product(self.ground.authors, hands):
            self.one(track, state, self.made(track, state.name, author, giver, holder))

    def done(self) -> list[Done]:
        """One act by everybody who can act in a state, for every state so far."""
        return [
            Done(1, "surat" if spot[0] is None else "anak", "", spot[1], spot[1], who, who)
            for spot, who in sorted(self.acted, key=str)
        ]

    def asked_about(self, track: str | None, state: State) -> list[Spot]:
        """The states whose actors something in this state names."""
        texts = str(state) + str(self.flow.cast) + str(self.flow.rules)
        names = {
            name
            for spots in (self.states(track), self.flow.states)
            for name in spots
            if f"actors of {name}'" in texts.replace("\n", " ") or f"args=('{name}',)" in texts
        }
        return [(track if track is not None and name in self.states(track) else None, name) for name in sorted(names)]

    def one(self, track: str | None, state: State, plain: Item) -> None:
        spots = self.asked_about(track, state)
        every = tuple(
            done for done in self.done() if (None if done.item == "surat" else track, done.state_from) in spots
        )
        plain = plain.but(acts=every)
        name = state.name if track is None else f"{track}.{state.name}"
        for turn in self.turns(plain, state):
            self.sight(turn, name, "")
            late = self.late(turn, state)
            if late is not None:
                self.sight(late, name, "sesudah eskalasi")
        self.deeds(plain, state, name, spots, "")
        late = self.late(plain, state)
        if late is not None and late.assigned:
            self.deeds(late, state, name, spots, "sesudah eskalasi")

    def turns(self, here: Item, state: State) -> list[Item]:
        found = [here]
        try:
            levels = tiers(self.flow, here, state.route, self.setting) if state.route else ()
        except NotAllowed:
            levels = ()
        for number in range(1, len(levels)):
            given = tuple(Initial(n, m, m, 1) for n in range(number) for m in levels[n].members)
            found.append(here.but(initials=given))
        return found

    def late(self, here: Item, state: State) -> Item | None:
        deadline = state.route.deadline if state.route and state.route.deadline else state.deadline
        if deadline is None or deadline.escalate is None:
            return None
        waits = engine.waits_for(self.flow, here, self.setting)
        level = waits if state.route else ()
        to = cast.of_all(deadline.escalate.to, self.flow, here, self.setting, level=level)
        has = {here.holder} if here.track else set(waits)
        fresh = tuple(each for each in to if each not in has)
        told = to or self.setting.org.role("admin", here.office)
        if deadline.escalate.do == "notify" or not fresh:
            return here.but(told=told)
        if here.track:
            self.pairs.add((here.track, here.giver, fresh[0]))
            return None
        return here.but(told=fresh, assigned=fresh)

    def sight(self, here: Item, name: str, how: str) -> None:
        reasons = engine.readers(self.flow, here, self.setting)
        for who in set().union(*reasons.values()) - {""}:
            mine = {reason for reason, positions in reasons.items() if who in positions and reason != "acted"}
            if mine:
                opens = mine & self.ground.sight[self.level]
                self.add(who, name, "melihat surat" if opens else "mengetahui adanya surat", how)
        stranger = here.but(acts=(Done(1, here.id, "a", "s", "s", "asing", "asing"),))
        if "asing" in engine.readers(self.flow, stranger, self.setting)["acted"]:
            opens = {"acted"} & self.ground.sight[self.level]
            self.add("*", name, "melihat surat" if opens else "mengetahui adanya surat", how)
        for who in engine.editors(self.flow, here, self.setting):
            self.add(who, name, "mengubah naskah", how)

    def deeds(self, here: Item, state: State, name: str, spots: list[Spot], how: str) -> None:
        needs = {offer.action for offer in engine.offers(self.flow, here, Actor("", ""), self.setting)}
        trees = [self.flow.rules[each].tree for act in self.actions(state) for each in act.needs]
        choices = [
            self.flow.rules[branch.when].tree
            for each in self.states(here.track).values()
            for branch in each.choose
            if branch.when is not None
        ]
        prepared = ()
        if state.sign:
            prepared = (Done(2, here.id, state.sign.prepare.name, state.name, state.name, "", ""),)
        assert needs == {act.name for act in self.actions(state)} | self.named(state)
        for turn in self.turns(here, state):
            for kept in product((False, True), repeat=len(spots)):
                chosen = {spot for spot, yes in zip(spots, kept, strict=True) if yes}
                acts = tuple(
                    act for act in here.acts if (None if act.item == "surat" else here.track, act.state_from) in chosen
                )
                for variant in self.filled(turn.but(acts=(*prepared, *acts)), [*trees, *choices]):
                    for setting in self.weather():
                        self.offered(variant, state, name, how, setting, first=turn is here or not turn.initials)

    def weather(self) -> tuple[Setting, ...]:
        """The signing provider answers, and does not."""
        asked = any(isinstance(each, rules.Away) for rule in self.flow.rules.values() for each in rules.walk(rule.tree))
        return (self.setting, replace(self.setting, provider_away=NOW)) if asked else (self.setting,)

    @staticmethod
    def actions(state: State) -> list[Any]:
        rejects = [part.reject for part in (state.route, state.sign) if part and part.reject]
        return [*state.actions.values(), *rejects, *([state.sign.prepare] if state.sign else [])]

    @staticmethod
    def named(state: State) -> set[str]:
        return {part.act for part in (state.route, state.sign) if part}

    def offered(self, here: Item, state: State, name: str, how: str, setting: Setting, *, first: bool) -> None:
        for offer in engine.offers(self.flow, here, Actor("", ""), setting):
            route = state.route is not None and offer.kind in ("initial", "reject")
            if not route and not first:
                continue
            for who in offer.who:
                mine = next(
                    each
                    for each in engine.offers(self.flow, here, Actor(who, who), setting)
                    if each.action == offer.action
                )
                if not mine.allowed or not who:
                    continue
                self.add(who, name, offer.action, how)
                self.acted.add(((here.track, state.name), who))
                if offer.to is not None:
                    self.enter(here.track, offer.to)
                self.follow(here, state, offer.action, who, name, how)

    def follow(self, here: Item, state: State, action: str, who: str, name: str, how: str) -> None:
        act = state.actions.get(action)
        if self.represented(state, action) and how == "":
            self.add(who, name, action, "pengganti")
        if act is None:
            return
        for clerk in cast.of_all(act.entered_by, self.flow, here, self.setting):
            self.add(clerk, name, action, "dari kertas")
        if act.fan_out is None:
            return
        form = self.flow.forms[act.ask or ""]
        field = form.fields[act.fan_out.per.removeprefix("form.")]
        if isinstance(field.source, Who):
            asked = Asked(form, self.flow, here, Actor(who, who), self.setting)
            for holder in asked.candidates(field):
                self.pairs.add((act.fan_out.track, who, holder))
            self.enter(act.fan_out.track, self.start(act.fan_out.track))

    def represented(self, state: State, action: str) -> bool:
        if not self.flow.absence or self.flow.absence[0].stand_in == "none":
            return False
        for part in (state.route, state.sign):
            if part and action in {part.act, part.reject.name if part.reject else ""}:
                return part.stand_in
        if state.sign and action == state.sign.prepare.name:
            return state.sign.stand_in
        return state.actions[action].stand_in

    def add(self, who: str, state: str, action: str, how: str) -> None:
        self.powers.add((who, state, action, self.level, how))


def powers(flow: Flow, ground: Ground) -> set[tuple[str, str, str, str, str]]:
    """All powers; one that is held in any case is not told again for what comes after an escalation."""
    found = set().union(*(Brute(flow, ground, level).all() for level in ground.sight))
    return {each for each in found if each[4] != "sesudah eskalasi" or (*each[:4], "") not in found}
