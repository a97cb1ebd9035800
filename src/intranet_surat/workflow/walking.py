"""What cooperative people can do next with a letter, with answers for the forms, and whether it comes to an end.

For promises, migrations and rehearsals. A stage is a `workflow.rehearsal.Stage` or anything that plays a letter
in the same way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice, product
from typing import Any, TypeVar

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.workflow import engine, judging, turns
from intranet_surat.workflow.chart import Deed, deeds, leads_to
from intranet_surat.workflow.deeds import SIGNED, Case
from intranet_surat.workflow.model import Field, Flow
from intranet_surat.workflow.overlay import state_of, states_of, used
from intranet_surat.workflow.rehearsal import Piece, Stage
from intranet_surat.workflow.rules import Among, Compare, Ref, walk
from intranet_surat.workflow.view import Actor

_NOBODY = Actor("", "")
_MOST_FORMS = 48
_FAR = 1000  # states from which no final one is seen
S = TypeVar("S", bound=Stage)
_Question = tuple[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Way:
    """One thing that somebody can do now: on which piece (its id), as which position, with which answers.

    ``kind`` is as in `view.Offer`.
    """

    piece: str
    action: str
    who: str
    form: Mapping[str, Any]
    kind: str

    def __str__(self) -> str:
        return f"{self.who}: {self.action}"


def ways(stage: Stage, *, action: str | None = None, children: int = 1) -> Iterator[Way]:
    """Everything that can be done next, in the order of pieces and of the file; only what the engine takes.

    Where an answer decides, each answer that leads on is a way of its own. ``children`` is how many receivers
    are chosen at most.
    """
    for piece in stage.pieces():
        if piece.outcome is not None:
            continue
        state = Case(stage.flow, piece, _NOBODY, stage.setting).state
        for deed in deeds(state):
            if action is None or deed.action.name == action:
                yield from _of_deed(stage, piece, deed, children)


def take(stage: Stage, way: Way) -> None:
    """Somebody goes this way. Raises NotAllowed when what follows by itself is impossible."""
    piece = next(each for each in stage.pieces() if each.id == way.piece)
    stage.minutes(1)
    stage.act(piece, way.action, way.form, way.who)


def after(stage: S, way: Way) -> S | None:
    """The letter as it is after that, on a stage of its own; None when what follows by itself is impossible."""
    there = stage.copy()
    try:
        take(there, way)
    except NotAllowed:
        return None
    return there


def reaches_end(stage: Stage, budget: int = 500) -> tuple[str, ...] | None:
    """Acts that lead the letter to a final state; None when none were found among ``budget`` situations.

    Looks first where the end seems near; the stage itself stays as it is.
    """
    first = stage.copy()
    heap: list[tuple[int, int, int, Stage, tuple[str, ...]]] = [(_distance(first), 0, 0, first, ())]
    seen: set[tuple[Any, ...] | None] = {situation(first)}
    order = 0
    while heap and order < budget:
        _, _, _, here, acts = heappop(heap)
        if state_of(here.flow, here.letter).final:
            return acts
        for way in ways(here):
            there = after(here, way)
            found = situation(there) if there is not None else None
            if there is not None and found not in seen:
                seen.add(found)
                order += 1
                heappush(heap, (_distance(there), len(acts) + 1, order, there, (*acts, str(way))))
    return None


def situation(stage: Stage) -> tuple[Any, ...]:
    """What decides how a letter can go on: two stages with the same answer have the same ways."""
    acts: tuple[Any, ...] = ()
    if any(isinstance(part, Among) for rule in stage.flow.rules.values() for part in walk(rule.tree)):
        acts = tuple(sorted({(act.item, act.state_from, act.position, act.numbered) for act in stage.acts}))
    return (stage.number, used(stage.letter), acts, *(_looks(stage, piece) for piece in stage.pieces()))


def _distance(stage: Stage) -> int:
    """How far the letter and what is open below it seem from their ends."""
    near: dict[str | None, dict[str, int]] = {}
    total = 0
    for piece in stage.pieces():
        if piece.outcome is None:
            if piece.track not in near:
                near[piece.track] = _to_end(stage.flow, piece.track)
            total += 1 + near[piece.track].get(piece.state, _FAR)
    return total


def _to_end(flow: Flow, track: str | None) -> dict[str, int]:
    """How many steps each state lies from the nearest final one."""
    states = states_of(flow, track)
    behind: dict[str, list[str]] = {}
    for name, state in states.items():
        for target in leads_to(state):
            behind.setdefault(target, []).append(name)
    found = {name: 0 for name, state in states.items() if state.final}
    queue = list(found)
    for name in queue:
        for before in behind.get(name, ()):
            if before not in found:
                found[before] = found[name] + 1
                queue.append(before)
    return found


def _looks(stage: Stage, piece: Piece) -> tuple[Any, ...]:
    case = Case(stage.flow, piece, _NOBODY, stage.setting)
    sign = case.state.sign
    prepared = sign is not None and case.prepared(sign), sign is not None and len(turns.given(piece, sign))
    initials = tuple((each.position, each.version) for each in piece.initials)
    counts = piece.parent is not None and piece.ended > piece.parent.entered
    above = piece.parent.id if piece.parent is not None else ""
    fields = tuple(sorted((name, str(value)) for name, value in piece.fields.items() if value is not None))
    return (above, piece.track, piece.state, piece.outcome, piece.holder, prepared, initials, counts, fields)


def _of_deed(stage: Stage, piece: Piece, deed: Deed, children: int) -> Iterator[Way]:
    who = Case(stage.flow, piece, _NOBODY, stage.setting).who(deed)
    for position in who:
        by = stage.actor(piece, deed.action.name, position)
        case = Case(stage.flow, piece, by, stage.setting)
        if case.refusal(deed, who) is not None:
            continue
        for form in _forms(case, deed, children):
            answers = {**form, SIGNED: True} if deed.kind == "sign" else form
            try:
                engine.act(stage.flow, piece, deed.action.name, answers, by, stage.setting)
            except (NotAllowed, Invalid):
                continue
            yield Way(piece.id, deed.action.name, position, form, deed.kind)


def _forms(case: Case, deed: Deed, children: int) -> Iterator[dict[str, Any]]:
    """Answers to try, the plainest first."""
    asked = case.asked(deed).form.fields
    per = deed.action.fan_out.per if deed.action.fan_out is not None else None
    busy = case.busy(deed)
    choices: list[list[Any]] = []
    questions = _asked(case.flow)
    for field in asked.values():
        if field.name == per:
            free = [each for each in case.asked(deed).candidates(field) if each not in busy]
            many = [free[:count] for count in range(1, min(children, len(free)) + 1)]
            choices.append(many if field.type == "positions" else free[:1])
        else:
            choices.append(_answers(case, deed, field, questions))
    for values in islice(product(*choices), _MOST_FORMS):
        form = {name: value for name, value in zip(asked, values, strict=True) if value is not None}
        yield from ([form] if None not in form.values() else [])


def _answers(case: Case, deed: Deed, field: Field, questions: tuple[_Question, ...]) -> list[Any]:
    """What may be written in one field: what rules ask for, or something plain."""
    words = _words(case, field, questions)
    read = any(name == field.name for name, _ in questions)
    plain = _plain(case, deed, field)
    found: list[Any] = []
    match field.type:
        case "text":
            found = [*plain, *words]
        case "yes-no":
            found = [True, False]
        case "choice":
            known = case.asked(deed).words(field)
            found = [*(word for word in words if word in known), *plain]
        case "choices":
            known = case.asked(deed).words(field)
            asked = [word for word in words if word in known]
            found = [*([word] for word in asked), *([asked] if len(asked) > 1 else []), *plain]
        case "position":
            found = [*case.asked(deed).candidates(field)] or plain
        case "file" if field.read_code:
            found = [{**plain[0], "code": word} for word in words] + plain
        case _:
            found = plain
    found = [each for number, each in enumerate(found) if each not in found[:number]]
    if not read:
        return found[:1] if field.required else [None]
    return found if field.required else [*found, None]


def _plain(case: Case, deed: Deed, field: Field) -> list[Any]:
    """An answer that says nothing in particular."""
    match field.type:
        case "text":
            return ["Uji"]
        case "date":
            return [case.setting.now.date().isoformat()]
        case "deadline":
            return [field.default or "1 working day"]
        case "choice" | "choices":
            known = [*case.asked(deed).words(field)][-1:]
            return known if field.type == "choice" else [[each] for each in known]
        case "positions":
            return [[each] for each in case.asked(deed).candidates(field)[:1]]
        case "position":
            return [*case.asked(deed).candidates(field)[:1]]
        case "file" | "files":
            one = {"filename": f"uji.{(field.accept or ('pdf',))[0]}", "sha256": "0" * 64}
            return [one if field.type == "file" else [one]]
    return [None]


def _words(case: Case, field: Field, questions: tuple[_Question, ...]) -> list[str]:
    """The words with which rules compare the field, and what the letter holds where they compare it with that."""
    found: list[str] = []
    for name, others in questions:
        if name != field.name:
            continue
        for other in others:
            value = judging.value(other, case.item, {}) if isinstance(other, Ref) else other
            if isinstance(value, str) and value:
                found.append(value)
    return list(dict.fromkeys(found))


def _asked(flow: Flow) -> tuple[_Question, ...]:
    """(form field, what it is compared with) for every question of the flow's rules about a form."""
    found: list[_Question] = []
    for rule in flow.rules.values():
        for part in walk(rule.tree):
            if not isinstance(part, Compare):
                continue
            sides = (part.left, *part.values)
            forms = (side for side in sides if isinstance(side, Ref) and side.root == "form")
            found += [(side.path[0], tuple(each for each in sides if each is not side)) for side in forms]
    return tuple(found)
