"""Whether what a promise fears can really happen: plays the acts that were found with a letter and people.

Fields and answers are chosen so that the acts become possible; what cannot be played through is no
counter-example.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple, Self

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import engine
from intranet_surat.workflow.cast import parts
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.model import Flow, Who
from intranet_surat.workflow.overlay import Overlay, changes, given, over, told
from intranet_surat.workflow.promises_facts import ENGINE, Facts
from intranet_surat.workflow.promises_graph import Path
from intranet_surat.workflow.promises_tracks import Want
from intranet_surat.workflow.rehearsal import Piece, Stage
from intranet_surat.workflow.rules import Compare, asks_provider, walk
from intranet_surat.workflow.view import Actor, Outcome
from intranet_surat.workflow.walking import Way, after, ways

_MOST_TRIES = 300
_LEFT = object()


class Story(NamedTuple):
    """Acts as people do them, and the fields of the letter on which they depend."""

    acts: tuple[str, ...]
    letter: tuple[tuple[str, Any], ...]


class Played(Stage):
    """A letter that remembers the states it only passed in the last act."""

    passed: tuple[Overlay, ...] = ()

    def fresh(self) -> Self:
        """The same letter before its next act."""
        there = self.copy()
        there.passed = ()
        return there

    def _carry_out(self, piece: Piece, outcome: Outcome, by: Actor | None) -> None:
        if piece.parent is None:
            view, seen = over(piece), []
            for step in outcome.steps[:-1]:
                written = {**changes(step.effects, outcome.form), **given(step.effects, view)}
                view = told(replace(view, state=step.state_to), written)
                seen.append(view)
            self.passed = (*self.passed, *seen)
        super()._carry_out(piece, outcome, by)


def play(flow: Flow, facts: Facts, path: Path, fits: Callable[[Played], bool]) -> Story | None:
    """The acts of the path as people do them, when they lead to a letter that ``fits``; else None."""
    letter, written = _values(facts, path)
    known = {key: each for key, each in letter.items() if each is not _LEFT}
    guesses = {key: each for key, each in facts.guesses.items() if key not in ENGINE}
    outages = (False, True) if any(asks_provider(rule.tree, flow) for rule in flow.rules.values()) else (False,)
    for fields in (known, {**guesses, **known}) if guesses else (known,):
        for org, away in product(organisations(flow), outages):
            try:
                stage = Played(flow, LittleOrg(flow, org, fields), vocabularies=words(flow))
            except NotAllowed:
                continue
            stage.provider(away=away)
            found = _go(stage, path.wants, 0, written, fits, [_MOST_TRIES])
            if found is not None:
                return Story(found, tuple((name, each) for name, each in fields.items() if name not in ENGINE))
    return None


def _go(
    stage: Played,
    wants: tuple[Want, ...],
    at: int,
    written: Mapping[int, Mapping[str, Any]],
    fits: Callable[[Played], bool],
    tries: list[int],
) -> tuple[str, ...] | None:
    """The rest of the acts from here, or None when they are not possible."""
    if at == len(wants):
        return () if fits(stage) else None
    for names, there in _next(stage, wants[at], written.get(at, {})):
        tries[0] -= 1
        if tries[0] < 0:
            return None
        rest = _go(there, wants, at + 1, written, fits, tries)
        if rest is not None:
            return (*names, *rest)
    return None


def _next(stage: Played, want: Want, fields: Mapping[str, Any]) -> Iterator[tuple[tuple[str, ...], Played]]:
    """The letters to which one act of the story may lead; signatures in turn are one act of it."""
    if want.kind == "edit":
        who = engine.editors(stage.flow, stage.letter, stage.setting)
        if who:
            yield (f"{who[0]}: ubah surat",), edited(stage, fields)
        return
    pieces = {piece.id: piece for piece in stage.pieces()}
    for way in ways(stage, action=want.action, children=3 if want.many else 1):
        piece = pieces[way.piece]
        if piece.track != want.track or piece.state != want.state or way.kind != want.kind:
            continue
        names, there = [str(way)], after(stage.fresh(), way)
        while there is not None and (next_one := _awaited(there, way, want)) is not None:
            names.append(str(next_one))
            there = after(there.fresh(), next_one)
        if there is not None:
            yield tuple(names), there


def _awaited(stage: Played, way: Way, want: Want) -> Way | None:
    """The signature of the next in turn, while the item still waits for one."""
    piece = next(each for each in stage.pieces() if each.id == way.piece)
    if want.kind != "sign" or piece.state != want.state or piece.outcome is not None:
        return None
    return next((each for each in ways(stage, action=want.action) if each.piece == way.piece), None)


def edited(stage: Played, fields: Mapping[str, Any]) -> Played:
    """The letter with other fields, as its editor writes them."""
    there = stage.fresh()
    kept = {key: each for key, each in fields.items() if each is not _LEFT}
    there.letter.fields = {**there.letter.fields, **kept}
    there.letter.version += 1
    return there


def _values(facts: Facts, path: Path) -> tuple[dict[str, Any], dict[int, dict[str, Any]]]:
    """The fields of the letter at the start, and those written by each edit (by the number of the act)."""
    first: dict[str, Any] = {}
    written: dict[int, dict[str, Any]] = {}
    people = _people(facts.flow)
    for number, each in enumerate(facts.letter):
        pool, begun, act = facts.pools[each], -1, 0
        steps = path.steps
        mask = steps[0][1].facts[number]
        changes_at: list[tuple[int, int]] = []
        for wants, conf in steps[1:]:
            after = conf.facts[number]
            edits = bool(wants) and wants[-1].kind == "edit"
            if edits or (wants and after != mask):  # else it only becomes known
                changes_at.append((begun, mask))
                begun = act if edits else -2
            act += sum(want.kind != "start" for want in wants)
            mask = after
        changes_at.append((begun, mask))
        for since, known in changes_at:
            value = _pick(pool, known, person=each[1] in people)
            if since == -1:
                first[each[1]] = value
            elif since >= 0:
                written.setdefault(since, {})[each[1]] = value
    return first, written


def _pick(pool: tuple[Any, ...], mask: int, *, person: bool) -> Any:
    """A value of the classes that are possible; one that nothing depends on is left as it is."""
    if mask == (1 << len(pool)) - 1:
        return _LEFT
    possible = [value for number, value in enumerate(pool) if mask >> number & 1]
    named = [value for value in possible if value is not None]
    if person and any(str(value).startswith("lain-") for value in named):
        return _LEFT
    value = named[0] if named else None
    return list(value) if isinstance(value, tuple) else value


def _people(flow: Flow) -> set[str]:
    """The fields of the letter that hold a member of the cast."""
    return {str(part.args[0]) for who in flow.cast.values() for part in parts(who) if part.op == "letter"}


def organisations(flow: Flow) -> Iterator[dict[str, Any]]:
    """Organisations to play in: two hold each role, everybody has staff, and up to two initial below the signatory."""
    staff: dict[str, Any] = {name: [f"bawahan-{number}-{name}" for number in (1, 2, 3)] for name in flow.cast}
    staff |= {each: [f"{each}-a", f"{each}-b"] for below in [*staff.values()] for each in below}
    roles = {name: [name, f"{name}-lain"] for name, who in flow.cast.items() if who.op == "role"}
    people = {**roles, "staff": staff}
    tops = []
    explicit = []
    for state in flow.states.values():
        levels = state.route.levels if state.route is not None else ()
        if isinstance(levels, Who):
            tops += [str(levels.args[1].args[0])] if levels.op == "superiors" and levels.args[1].op == "name" else []
        else:
            explicit += [str(level.who.args[0]) for level in levels if level.who.op == "name"]
    yield people
    for top in dict.fromkeys(tops):
        yield {**people, "superiors": ["atasan-1", top]}
        yield {**people, "superiors": ["atasan-1", "atasan-2", top]}
    for name in dict.fromkeys(explicit):
        yield {**people, "author": name}


def words(flow: Flow) -> dict[str, dict[str, str]]:
    """A vocabulary for each one that the forms use: the words that rules ask for, and another one."""
    asked: dict[str, list[str]] = {}
    for rule in flow.rules.values():
        for part in walk(rule.tree):
            if isinstance(part, Compare) and part.left.root == "form":
                asked.setdefault(part.left.path[0], []).extend(each for each in part.values if isinstance(each, str))
    found: dict[str, dict[str, str]] = {}
    for form in flow.forms.values():
        for field in form.fields.values():
            if field.of is not None:
                known = found.setdefault(field.of, {})
                known.update({each: each for each in asked.get(field.name, ())})
    for known in found.values():
        known["lain"] = "lain"
    return found
