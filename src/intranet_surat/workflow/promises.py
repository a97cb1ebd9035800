"""Decides what a flow promises, over every configuration that a letter can reach: yes, no, or not known and why.

A configuration is what a letter is between two acts, and each state that it passes by itself. A yes is never wrong,
as long as somebody holds each position that the flow names, somebody else too where a rule wants another person of a
role, and somebody is there to be chosen. A no is an example that was played through. What cannot be decided is said
so, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from intranet_surat.workflow import judging
from intranet_surat.workflow.findings import Finding, quoted
from intranet_surat.workflow.model import Flow, Promise
from intranet_surat.workflow.promises_conf import Conf, Work
from intranet_surat.workflow.promises_graph import Graph, Path
from intranet_surat.workflow.promises_limits import Limits
from intranet_surat.workflow.promises_machine import Abstract
from intranet_surat.workflow.promises_story import Played, Story, play

_MOST_PLAYED = 12
_MOST_TRACED = 4
_LONGEST = 100  # acts that are played through
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found about a promise: ``answer`` is yes, no or unknown.

    ``acts`` lead to where it is broken (of an unknown answer: to where it may be), ``why`` is a sentence.
    """

    promise: Promise
    answer: str
    says: str
    acts: tuple[str, ...] = ()
    why: str = ""


def decide(flow: Flow, *, budget: int = 200_000) -> tuple[Verdict, ...]:
    """What becomes of each promise; ``budget`` bounds how many cases are looked at."""
    if not flow.promises:
        return ()
    nevers = tuple(promise.tree for promise in flow.promises if promise.kind == "never")
    graph = Graph(Abstract(flow, nevers, Work(budget)))
    found, number = [], 0
    for promise in flow.promises:
        if promise.kind == "never":
            found.append(_never(flow, graph, promise, number))
            number += 1
        elif promise.kind == "always_possible":
            found.append(_always(flow, graph, promise))
        else:
            found.append(_within(flow, graph, promise))
    return tuple(found)


def findings_of(flow: Flow, verdicts: Iterable[Verdict] | None = None) -> list[Finding]:
    """The promises that are broken or cannot be decided, as findings; rule ids ``promise`` and ``promise-unknown``."""
    found = []
    for verdict in decide(flow) if verdicts is None else verdicts:
        if verdict.answer == "yes":
            continue
        acts = f" Urutannya: {'; '.join(verdict.acts[:_SHOWN]) or 'sejak surat dibuat'}."
        if len(verdict.acts) > _SHOWN:
            acts = f"{acts[:-1]}; dan {len(verdict.acts) - _SHOWN} lagi."
        if verdict.answer == "unknown":
            message = f"Janji '{verdict.says}' {verdict.why}." + (acts if verdict.acts else "")
            rule = "promise-unknown"
        else:
            message = (
                f"Janji tidak ditepati: {verdict.says.rstrip('.')}."
                + (f" {verdict.why}." if verdict.why else "")
                + acts
            )
            rule = "promise"
        found.append(Finding(verdict.promise.mark, message, rule=rule))
    return found


def _never(flow: Flow, graph: Graph, promise: Promise, number: int) -> Verdict:
    def fits(stage: Played) -> bool:
        here = judging.holds(promise.tree, flow, stage.letter, None, stage.setting)
        return here or any(judging.holds(promise.tree, flow, each, None, stage.setting) for each in stage.passed)

    return _counter(flow, graph, promise, graph.breaking(number), fits)


def _always(flow: Flow, graph: Graph, promise: Promise) -> Verdict:
    if graph.why is not None:
        return _unknown(promise, graph.why)
    may, must = graph.may_reach(promise.states), graph.must_reach(promise.states)
    stuck = [node for node in graph.visited() if node not in may]
    if stuck:
        return _counter(flow, graph, promise, _traps(graph, stuck, promise.states), None)
    unsure = [node for node in graph.visited() if node not in must]
    if unsure:
        path = graph.path(unsure[0])
        why = "dari sana jalan ke keadaan itu bergantung pada hal yang tidak diketahui dari alur"
        return _unknown(promise, why, path)
    return Verdict(promise, "yes", _says(promise))


def _traps(graph: Graph, stuck: list[int], states: tuple[str, ...]) -> Iterator[Path]:
    """Paths into configurations that lead nowhere, shortest first.

    A letter may be lost before anybody can see it, because of what stands in its fields: what becomes known on
    the way is taken as known from the beginning.
    """
    paths = [graph.path(node) for node in stuck[:_MOST_TRACED]]
    found = []
    for path in paths:
        known = path.known() if len(path.steps) <= _LONGEST else []
        for number, conf in enumerate(known):
            ahead = Graph(graph.machine, conf, states)
            if ahead.why is None and not ahead.met and conf.state not in states:
                steps = zip(path.steps, known[: number + 1], strict=False)
                found.append(Path(tuple((wants, each) for (wants, _), each in steps)))
                break
    yield from sorted([*found, *paths], key=lambda each: len(each.wants))
    yield from (graph.path(node) for node in stuck[_MOST_TRACED:])


def _within(flow: Flow, graph: Graph, promise: Promise) -> Verdict:
    if graph.why is not None:
        return _unknown(promise, graph.why)
    broken = Limits(flow, graph, promise).broken()
    if broken is None:
        return Verdict(promise, "yes", _says(promise))
    if not broken.certain or broken.path is None:
        return _unknown(promise, broken.why, broken.path)
    return _counter(flow, graph, promise, [broken.path], None, broken.why)


def _counter(
    flow: Flow,
    graph: Graph,
    promise: Promise,
    paths: Iterable[Path],
    fits: Callable[[Played], bool] | None,
    why: str = "",
) -> Verdict:
    """The first path that can be played through makes a no; none at all a yes, when everything was seen."""
    first: Path | None = None
    for path in islice(paths, _MOST_PLAYED):
        first = first or path
        if len(path.wants) > _LONGEST:
            why = "contohnya terlalu panjang untuk diperagakan"
            break
        story = play(flow, graph.machine.facts, path, fits or _stands(path.steps[-1][1]))
        if story is not None:
            reasons = [each for each in (why, _letter(story)) if each]
            return Verdict(promise, "no", _says(promise), story.acts, "; ".join(reasons))
    if first is not None:
        return _unknown(promise, why or "contoh yang ditemukan tidak dapat diperagakan", first)
    if graph.why is not None:
        return _unknown(promise, graph.why)
    return Verdict(promise, "yes", _says(promise))


def _letter(story: Story) -> str:
    """With which letter it happens, as far as that matters."""
    named = ", ".join(f"{name} {_shown(value)}" for name, value in story.letter)
    return f"Misalnya surat dengan {named}" if named else ""


def _shown(value: object) -> str:
    if value is None:
        return "kosong"
    top, _, other = str(value).rpartition(".lain-")
    if top and not other:
        return f"di bawah {quoted(top)}"
    return "terisi" if str(value).startswith("lain-") else quoted(str(value))


def _stands(conf: Conf) -> Callable[[Played], bool]:
    """Whether a letter stands where the path ends, with as many open children as it says."""
    wanted = {kid.track for kid, _ in conf.kids if kid.phase == "open"}

    def fits(stage: Played) -> bool:
        found = {piece.track for piece in stage.letter.pieces if piece.outcome is None}
        return stage.letter.state == conf.state and found == wanted

    return fits


def _unknown(promise: Promise, why: str, path: Path | None = None) -> Verdict:
    acts = tuple(f"{want.state}: {want.action}" for want in path.wants) if path is not None else ()
    why = f"tidak dapat diputuskan karena {why}"
    return Verdict(promise, "unknown", _says(promise), acts, why)


def _says(promise: Promise) -> str:
    return promise.says or promise.text
