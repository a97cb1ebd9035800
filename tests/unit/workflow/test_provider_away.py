"""What a flow may say about a signing provider that does not answer, and what is made of it."""

from __future__ import annotations

import pytest

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import promises
from intranet_surat.workflow.explain import explain
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.matrix import matrix
from intranet_surat.workflow.matrix_little import little_ground
from intranet_surat.workflow.rehearsal import Stage, actor

TEXT = """
flow: surat/1
id: padam-uji
version: 1
applies_to: {direction: keluar}
calendar: hari-kerja
cast: {konseptor: author, tata_usaha: role tata_usaha of office}
rules:
  padam: {if: provider is away, says: Layanan tidak sedang padam.}
states:
  menunggu:
    start: true
    actions:
      basah: {by: konseptor, needs: padam, to: selesai}
      biasa: {by: konseptor, to: selesai}
  selesai: {final: true}
"""
ONLY = TEXT.replace("      biasa: {by: konseptor, to: selesai}\n", "")


def made(text=TEXT):
    return load(text, "padam.yaml")


def stage(flow):
    return Stage(flow, LittleOrg(flow, {"author": "staf"}, {}))


def test_the_action_is_refused_while_the_provider_answers_and_possible_while_it_does_not():
    there = stage(made())
    with pytest.raises(NotAllowed, match="Layanan tidak sedang padam"):
        there.act(there.letter, "basah", {}, "staf")
    there.provider(away=True)
    there.act(there.letter, "basah", {}, "staf")
    assert there.letter.state == "selesai"


def test_once_it_answers_again_the_action_is_refused_again():
    there = stage(made())
    there.provider(away=True)
    there.provider(away=False)
    with pytest.raises(NotAllowed):
        there.act(there.letter, "basah", {}, "staf")


def test_the_remedy_says_that_the_provider_must_not_answer():
    there = stage(made())
    told = explain(there.flow, there.letter, actor("staf"), "basah", there.setting)
    assert [(each.what, each.of, each.value) for each in told.remedy.make] == [("provider", "away", {"holds": True})]
    assert not told.remedy.never


def test_a_promise_never_relies_on_an_outage():
    reached = "promises:\n  - {always_possible: selesai}\n"
    assert [each.answer for each in promises.decide(made(TEXT + reached))] == ["yes"]
    assert [each.answer for each in promises.decide(made(ONLY + reached))] == ["unknown"]


def test_a_promise_does_not_overlook_what_an_outage_allows():
    never = "promises:\n  - {never: state is selesai, says: Tidak selesai.}\n"
    assert [each.answer for each in promises.decide(made(ONLY + never))] == ["no"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    start: true\n", "    start: true\n    deadline: {within: 1 day, paused_while: padam}\n"),
        (
            "  selesai: {final: true}",
            "  selesai: {choose: [{when: padam, to: a}, {else: true, to: a}]}\n  a: {final: true}",
        ),
        (
            "  selesai: {final: true}",
            "  selesai: {final: true}\npromises: [{never: provider is away, says: Tidak padam.}]",
        ),
    ],
    ids=["a limit", "a branch", "a promise"],
)
def test_where_a_letter_stands_never_depends_on_the_provider(old, new):
    with pytest.raises(FlowError, match="hanya dapat dipakai di `needs`"):
        made(TEXT.replace(old, new))


def test_the_power_that_only_an_outage_gives_is_counted_among_the_powers():
    found = matrix(made(ONLY), little_ground({"B": frozenset({"act", "see", "acted"})}, made(ONLY)))
    assert any(each.action == "basah" for each in found)
