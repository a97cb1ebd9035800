"""Runs the tests that a flow file carries, with a little organisation and a clock that is told.

The organisation lives in `workflow.little_org`, the letter that is played through in `workflow.rehearsal`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.workflow import durations
from intranet_surat.workflow.deeds import deeds
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.model import Flow, FlowTest, Mark
from intranet_surat.workflow.rehearsal import Stage

_REFERENCE = "letter."


@dataclass(frozen=True, slots=True)
class TestResult:
    """How one test of a flow file ended; ``mark`` is the step that failed, or the test itself."""

    __test__ = False  # not a test of pytest

    name: str
    ok: bool
    message: str
    mark: Mark


@dataclass(slots=True)
class Report:
    """All results of a flow, the actions that were taken and the rules that refused in them."""

    results: list[TestResult] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)


class _FailedError(Exception):
    """A step did not go as the test says; the argument is the sentence."""


def run(flow: Flow, vocabularies: Mapping[str, Mapping[str, str]] | None = None) -> list[TestResult]:
    """Runs the tests of a flow, in order.

    Without ``vocabularies`` every word that a test enters is taken to be in its vocabulary.
    """
    return report(flow, vocabularies).results


def report(flow: Flow, vocabularies: Mapping[str, Mapping[str, str]] | None = None) -> Report:
    """Runs the tests of a flow and notes what they tried."""
    found = Report()
    for test in flow.tests:
        found.results.append(_one(flow, test, vocabularies or _words(flow), found))
    return found


def untried(flow: Flow) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The actions that no test of the flow takes, and the rules needed by actions that never refuse."""
    tried = report(flow)
    machines = [flow.states, *(track.states for track in flow.tracks.values())]
    every = [deed.action for states in machines for state in states.values() for deed in deeds(state)]
    actions = dict.fromkeys(action.name for action in every if action.name not in tried.taken)
    rules = dict.fromkeys(rule for action in every for rule in action.needs if rule not in tried.refused)
    return tuple(actions), tuple(rules)


def _one(flow: Flow, test: FlowTest, words: Mapping[str, Mapping[str, str]], found: Report) -> TestResult:
    try:
        stage = Stage(flow, LittleOrg(flow, test.org, test.letter), vocabularies=words)
    except NotAllowed as refused:
        return TestResult(test.name, False, f"Surat tidak dapat dibuat: {refused.message}", test.mark)
    for number, step in enumerate(test.run):
        mark = test.marks[number] if number < len(test.marks) else test.mark
        try:
            _step(stage, step, found)
        except _FailedError as failed:
            return TestResult(test.name, False, f"Langkah {number + 1}: {failed}", mark)
    return TestResult(test.name, True, "", test.mark)


def _step(stage: Stage, step: Mapping[str, Any], found: Report) -> None:
    if "wait" in step:
        duration = durations.parse(step["wait"], Mark("", 1, 1))
        stage.wait(duration.amount, duration.unit)
    elif "expect" in step:
        _expect(stage, step["expect"])
    elif "act" in step:
        stage.minutes(1)
        _act(stage, step, found)


def _act(stage: Stage, step: Mapping[str, Any], found: Report) -> None:
    who, action, denied = stage.org.position(step["who"]), step["act"], step.get("denied")
    form = _resolved(step.get("form") or {}, stage)
    piece = stage.find(action, who)
    try:
        stage.act(piece, action, form, who)
    except (NotAllowed, Invalid) as refused:
        sentences = [refused.message, *(refused.fields.values() if isinstance(refused, Invalid) else ())]
        if denied is None:
            said = " ".join(sentences)
            raise _FailedError(f"{step['who']} tidak dapat melakukan '{action}': {said}") from None
        if denied not in sentences:
            said = " ".join(sentences)
            raise _FailedError(f"penolakan seharusnya '{denied}', tetapi berbunyi '{said}'") from None
        found.refused.update(name for name, rule in stage.flow.rules.items() if rule.says == denied)
        return
    if denied is not None:
        raise _FailedError(f"'{action}' oleh {step['who']} seharusnya ditolak, tetapi diterima")
    found.taken.add(action)


def _expect(stage: Stage, wanted: Mapping[str, Any]) -> None:
    letter = stage.letter
    facts = {
        "state": letter.state,
        "number": stage.number,
        "signed": letter.fields.get("signed") or "none",
        "open": [piece.holder for piece in stage.pieces() if piece.parent is not None and piece.outcome is None],
        "waits_for": list(stage.waits_for()),
        "notified": list(stage.notified),
    }
    for key, value in wanted.items():
        found = facts[key]
        if isinstance(found, list):
            positions = sorted(stage.org.position(each) for each in value)
            if sorted(str(each) for each in found) != positions:
                raise _FailedError(f"{key} seharusnya [{', '.join(positions)}], ternyata [{_listed(found)}]")
        elif found != value:
            raise _FailedError(f"{key} seharusnya '{value}', ternyata '{found}'")


def _listed(found: list[Any]) -> str:
    return ", ".join(sorted(str(each) for each in found))


def _resolved(value: Any, stage: Stage) -> Any:
    """What a test enters: texts such as ``letter.print_code`` stand for what the letter holds."""
    if isinstance(value, Mapping):
        return {key: _resolved(each, stage) for key, each in value.items()}
    if isinstance(value, list):
        return [_resolved(each, stage) for each in value]
    if isinstance(value, str) and value.startswith(_REFERENCE):
        return stage.letter.fields.get(value.removeprefix(_REFERENCE), value)
    return value


def _words(flow: Flow) -> dict[str, dict[str, str]]:
    """For each vocabulary, the words that the tests enter in fields that use it."""
    uses = {name: each.of for form in flow.forms.values() for name, each in form.fields.items() if each.of is not None}
    words: dict[str, dict[str, str]] = {}
    for test in flow.tests:
        for step in test.run:
            for name, value in (step.get("form") or {}).items():
                if name in uses:
                    chosen = value if isinstance(value, list) else [value]
                    words.setdefault(uses[name], {}).update({str(each): str(each) for each in chosen})
    return words
