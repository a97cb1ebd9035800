"""Runs the tests that a flow file carries, with a little organisation and a clock that is told.

The organisation lives in `workflow.little_org`, the letter that is played through in `workflow.rehearsal`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.workflow import durations, engine, walking
from intranet_surat.workflow.chart import chart, deeds
from intranet_surat.workflow.findings import Finding
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.model import Action, Flow, FlowTest, Mark
from intranet_surat.workflow.rehearsal import Stage

_REFERENCE = "letter."
_MOST_LEVELS = 10  # of initials in a state that is passed
_MOST_WORK = 200_000  # of all tests of a file: a step counts the square of the items that it looks at


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
    """All results of a flow, the actions that were taken and the rules that refused in them.

    ``left`` is the work that may still be done: the tests of a draft run where its page is made.
    """

    results: list[TestResult] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    left: int = _MOST_WORK

    def work(self, stage: Stage) -> None:
        """One more step. Raises _FailedError when all tests together are too much."""
        self.left -= len(stage.pieces()) ** 2
        if self.left < 0:
            message = "uji berkas ini terlalu berat; kurangi penerima atau langkahnya."
            raise _FailedError(message)


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


def untried(flow: Flow, tried: Report | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The actions that no test of the flow takes, and the rules needed by actions that never refuse."""
    actions, rules = _untried(flow, tried or report(flow))
    return tuple(actions), tuple(rules)


def coverage(flow: Flow, tried: Report) -> list[Finding]:
    """What the tests of the flow leave out, as findings at its place."""
    actions, rules = _untried(flow, tried)
    top = Mark(flow.source, 1, 1)
    found = []
    for name, action in actions.items():
        message = f"Tindakan '{name}' tidak pernah dilakukan dalam uji; tambahkan langkahnya."
        found.append(Finding(action.mark or top, message, rule="untaken"))
    for name in rules:
        mark = flow.rules[name].mark if name in flow.rules else None
        message = f"Aturan '{name}' tidak pernah menolak dalam uji; tambahkan langkah dengan 'denied'."
        found.append(Finding(mark or top, message, rule="unrefused"))
    return found


def _untried(flow: Flow, tried: Report) -> tuple[dict[str, Action], dict[str, None]]:
    machines = [flow.states, *(track.states for track in flow.tracks.values())]
    every = [deed.action for states in machines for state in states.values() for deed in deeds(state)]
    actions: dict[str, Action] = {}
    for action in every:
        if action.name not in tried.taken:
            actions.setdefault(action.name, action)
    return actions, dict.fromkeys(rule for action in every for rule in action.needs if rule not in tried.refused)


def _one(flow: Flow, test: FlowTest, words: Mapping[str, Mapping[str, str]], found: Report) -> TestResult:
    try:
        stage = Stage(flow, LittleOrg(flow, test.org, test.letter), vocabularies=words)
    except NotAllowed as refused:
        return TestResult(test.name, False, f"Surat tidak dapat dibuat: {refused.message}", test.mark)
    through = frozenset(test.through)
    for number, step in enumerate(test.run):
        mark = test.marks[number] if number < len(test.marks) else test.mark
        try:
            _step(stage, step, found)
            _pass(stage, through, found)
        except _FailedError as failed:
            return TestResult(test.name, False, f"Langkah {number + 1}: {failed}", mark)
    return TestResult(test.name, True, "", test.mark)


def _step(stage: Stage, step: Mapping[str, Any], found: Report) -> None:
    found.work(stage)
    if "wait" in step:
        duration = durations.parse(step["wait"], Mark("", 1, 1))
        stage.wait(duration.amount, duration.unit)
    elif "read" in step:
        _read(stage, stage.org.position(step["read"]))
    elif "provider" in step:
        stage.provider(away=step["provider"] == "away")
    elif "expect" in step:
        _expect(stage, step["expect"])
    elif "act" in step:
        stage.minutes(1)
        _act(stage, step, found)


def _read(stage: Stage, holder: str) -> None:
    """The holder of an open item sees it for the first time."""
    stage.minutes(1)
    mine = [piece for piece in stage.pieces() if piece.holder == holder and piece.outcome is None]
    if not mine:
        raise _FailedError(f"tidak ada anak surat yang dipegang {holder}")
    for piece in mine:
        piece.fields = {"read": stage.setting.now.isoformat(), **piece.fields}


def _pass(stage: Stage, through: frozenset[str], found: Report) -> None:
    """The states that the test does not know are passed by their first action, done by whom they wait for."""
    for piece in stage.pieces():
        for _ in range(len(through) * _MOST_LEVELS):
            first = next(iter(chart(stage.flow, piece.track).deeds(piece.state)), None)
            if piece.state not in through or first is None:
                break
            found.work(stage)
            ways = walking.ways(stage, action=first.action.name)
            way = next((each for each in ways if each.piece == piece.id), None)
            who = next(iter(engine.waits_for(stage.flow, piece, stage.setting)), "") if way is None else way.who
            _act(stage, {"who": who, "act": first.action.name, "form": {} if way is None else way.form}, found)


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
        "escalated": list(stage.escalated()),
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
