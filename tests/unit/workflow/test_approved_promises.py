"""What is known of a flow before it is in force: what may happen in it, and what becomes of its promises; as approved."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from approved_values import finding
from engine_cases import flow
from promised_flows import LIMITED, PROMISED, STARTS, STEPS
from told_once import beginning, packed

from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.promises import decide, findings_of
from intranet_surat.workflow.promises_conf import Conf, Kid, Work
from intranet_surat.workflow.promises_graph import Graph
from intranet_surat.workflow.promises_machine import Abstract
from promise_worlds import random_flow

BUDGET = 2_000  # cases; a flow that needs more is told to be too much
SHOWN = 40  # configurations of one flow
LINES = 40  # of one flow; the rest is compared only


def graph(of: Flow) -> Graph:
    nevers = tuple(promise.tree for promise in of.promises if promise.kind == "never")
    return Graph(Abstract(of, nevers, Work(BUDGET)))


def known(on: Graph, conf: Conf) -> Iterator[str]:
    """What is known of the fields of a letter, of the letter itself and of its children."""
    facts = on.machine.facts
    for number, (mask, full) in enumerate(zip(conf.facts, facts.full, strict=True)):
        name, pool = ".".join(facts.letter[number][1:]), facts.pools[facts.letter[number]]
        if mask != full:
            values = "|".join(str(value) for at, value in enumerate(pool) if mask >> at & 1)
            yield f"{name}={values}{' bebas' if conf.free >> number & 1 else ''}"
    if conf.prepared:
        yield "disiapkan"
    for kid, many in conf.kids:
        yield f"{child(kid)} x{'banyak' if many > 1 else many}"


def child(kid: Kid) -> str:
    return (
        f"{kid.track}.{kid.state}{'' if kid.phase == 'open' else f' {kid.phase}'}{' disiapkan' if kid.prepared else ''}"
    )


def act(wants: Any) -> str:
    return " lalu ".join(
        f"{want.kind} {want.track or ''}{'/' if want.track else ''}{want.state}.{want.action}{' banyak' if want.many else ''}"
        for want in wants
    )


def seen(on: Graph) -> Iterator[str]:
    """How much there is to see; every configuration, with all that may happen in it and what people surely bring about."""
    yield size(on)
    for node, conf in enumerate(on.confs[:SHOWN]):
        broken = f" melanggar {sorted(on.broken[node])}" if on.broken[node] else ""
        yield f"{node} {conf.state or 'belum ada'} [{', '.join(known(on, conf))}] setelah {on.cost[node]}{broken}"
        ways: dict[str, list[str]] = {}
        for edge in on.edges[node]:
            passed = f" lewat {sorted(edge.result.passed)}" if edge.result is not None and edge.result.passed else ""
            breaks = (
                f" melanggar {sorted(edge.result.broken)}" if edge.result is not None and edge.result.broken else ""
            )
            anew = " masuk" if edge.result is not None and edge.result.entered else ""
            ways.setdefault(f"{edge.to} ({edge.cost}){passed}{breaks}{anew}", []).append(act(edge.wants) or "bila")
        yield from (f"  {line}" for line in packed(f"-> {to}: {', '.join(acts)}" for to, acts in ways.items()))
        groups = [" atau ".join(f"{to}{sorted(passed) or ''}" for to, passed in group) for group in on.sure[node]]
        yield f"  pasti: {'; '.join(groups)}"


def size(on: Graph) -> str:
    """How much there is to see; so small that it can be approved of the largest flows."""
    moves, certain = sum(map(len, on.edges)), sum(map(len, on.sure))
    return f"{len(on.confs)} situasi, {moves} gerak, {certain} pasti, terhenti: {on.why}"


def told(of: Flow, budget: int = BUDGET) -> Iterator[str]:
    """What is said of each promise, and of the finding that a designer reads."""
    verdicts = decide(of, budget=budget)
    for verdict in verdicts:
        yield f"{verdict.promise.kind} {verdict.promise.text}: {verdict.answer}"
    yield from (f"  {finding(each)}" for each in findings_of(of, verdicts))


@pytest.mark.parametrize("name", PROMISED)
def test_everything_that_may_happen_in_a_small_flow_is_known_as_approved(name, approved):
    of = flow(STARTS + PROMISED[name])
    approved(
        f"known_{name.replace(' ', '_').replace(',', '')}.txt", [*told(of), "", *beginning(seen(graph(of)), LINES)]
    )


def test_how_long_a_letter_takes_is_told_as_approved(approved):
    found = []
    for name, (promise, old, new) in LIMITED.items():
        assert old in STEPS, name
        whole = promise if "to:" in promise else f"{promise}, to: [akhir, batal]"
        of = flow(STARTS + STEPS.replace("PROMISE", f"{whole}, says: Tepat waktu.").replace(old, new or old))
        found += [f"== {name}", *told(of)]
    approved("promised_limits.txt", found)


@pytest.mark.parametrize("first", range(200, 260, 10))
def test_what_is_said_about_random_flows_is_as_approved(first, approved):
    found = []
    for seed in range(first, first + 10):
        of = random_flow(seed)
        found += [f"== {seed}", *told(of), f"  {size(graph(of))}"]
    approved(f"random_promises_{first}.txt", found)
