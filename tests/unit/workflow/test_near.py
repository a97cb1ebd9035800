"""The states ahead, worked out no further than somebody looks; a flow of thousands of states stays quick to explain."""

from __future__ import annotations

import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from intranet_surat.workflow import wanting
from intranet_surat.workflow.chart import Chart
from intranet_surat.workflow.explain import explain_all
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Action, State, Who
from intranet_surat.workflow.near import Near
from intranet_surat.workflow.rehearsal import Stage, actor

BEGINNING = """
flow: surat/1
id: panjang
version: 1
title: Panjang
applies_to: {direction: masuk}
calendar: kalender
cast: {agendaris: role agendaris of office}
states:
  awal: {title: Awal, start: true, actions: {maju: {by: agendaris, to: akhir}}}
  akhir: {title: Akhir, final: true}
"""
MANY = 400


def long():
    """The flow with so many states one behind the other."""
    flow = load(BEGINNING, "panjang.yaml")
    by, names = (Who("name", ("agendaris",), "agendaris"),), [f"l{number}" for number in range(MANY)]
    states = {
        here: State(here, here, start=here == "l0", actions={f"maju_{here}": Action(f"maju_{here}", "Maju", by, to=to)})
        for here, to in pairwise(names)
    }
    states[names[-1]] = State(names[-1], names[-1], final=True)
    object.__setattr__(flow, "states", states)
    return flow


def test_explaining_a_long_flow_looks_at_each_state_a_few_times_and_not_at_all_behind_each(monkeypatch):
    flow, looked = long(), []
    ahead = Chart._ahead

    def counted(chart, start):
        for each in ahead(chart, start):
            looked.append(each)
            yield each

    monkeypatch.setattr(Chart, "_ahead", counted)
    stage = Stage(flow, LittleOrg(flow, {"staff": {"pimpinan": ["agendaris"]}}, {}))
    found = explain_all(flow, stage.letter, actor("pimpinan"), stage.setting)
    assert len(found) == MANY - 1
    assert len(looked) < 4 * MANY, "nearly all pairs of states would be eighty thousand"


def test_states_ahead_come_nearest_first_and_those_where_nothing_can_be_done_are_left_out():
    chart = wanting.Wanted(Chart(long(), None, long().states), "l0").chart
    near = chart.near("l396")
    assert near.reaches(2)
    assert not near.reaches(3), "the last state is an end"
    assert near.known == [("l396", 0), ("l397", 1), ("l398", 2)]
    assert chart.near("l396") is near, "worked out once for all"


@pytest.mark.parametrize("readers", [8])
def test_many_threads_read_the_same_list_whole_and_in_order(readers):
    def slowly():
        for number in range(200):
            time.sleep(0)
            yield f"l{number}", number

    near, before = Near(slowly()), sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(readers) as pool:
            found = list(pool.map(lambda _: [near.known[at] for at in range(200) if near.reaches(at)], range(readers)))
    finally:
        sys.setswitchinterval(before)
    assert found == [[(f"l{number}", number) for number in range(200)]] * readers
    assert not near.reaches(200)
