"""The desk of who is waited for names an act that is his own, not what another may do."""

from __future__ import annotations

import dataclasses

import pytest

from intranet_surat.services import acting
from intranet_surat.services.flows import FlowShelf
from intranet_surat.web import act_words
from intranet_surat.workflow.loader import load

REGISTRAR, HEAD = "agendaris.dinkes", "kepala.dinkes"
FLOW = """
flow: surat/1
id: uji-giliran
version: 1
title: Uji giliran
applies_to: {direction: masuk}
calendar: hari-kerja-kabupaten
cast:
  agendaris: role agendaris of office
  pimpinan: holder of letter.addressee
rules:
  ringkas: {if: letter.summary is present, says: Tanpa ringkasan; berkaskan saja.}
states:
  dicatat:
    title: Dicatat
    start: true
    on_enter: [{number: agenda-masuk}]
    edit: agendaris
    actions: {naikkan: {title: Naikkan, by: agendaris, to: siap}}
  siap:
    title: Siap
    actions:
      balas: {title: Balas, by: pimpinan, needs: ringkas, to: selesai}
      berkaskan: {title: Berkaskan, by: agendaris, to: selesai}
      OWN
  selesai: {title: Selesai, final: true}
"""
OWN = "pinjam: {title: Pinjam, by: pimpinan, to: selesai}"


@pytest.mark.parametrize(
    ("summary", "own", "named"), [("Undangan", OWN, "Balas"), ("", OWN, "Pinjam"), ("", "", "")], ids=str
)
def test_the_desk_names_an_act_of_who_is_waited_for_or_none(desk, summary, own, named):
    shelf = FlowShelf([(None, load(FLOW.replace("OWN", own), "uji_giliran.yaml"))])
    desk.house = dataclasses.replace(desk.house, flows=shelf)
    letter = desk.register(REGISTRAR, "DINKES", addressee=desk.post(HEAD), summary=summary)
    desk.act(REGISTRAR, letter, "naikkan")
    row = desk.site.lists[desk.post(HEAD)].get(letter.id)
    assert "waiting" in row.trays
    assert row.act_title == named


def test_who_only_looks_on_reads_what_comes_next(desk):
    shelf = FlowShelf([(None, load(FLOW.replace("OWN", OWN), "uji_giliran.yaml"))])
    desk.house = dataclasses.replace(desk.house, flows=shelf)
    letter = desk.register(REGISTRAR, "DINKES", addressee=desk.post(HEAD), summary="Undangan")
    desk.act(REGISTRAR, letter, "naikkan")
    row = desk.site.lists[desk.post(REGISTRAR)].get(letter.id)
    assert ("waiting" in row.trays, row.act_title) == (False, "Balas")


@pytest.mark.parametrize(("summary", "who"), [("Undangan", "Kepala Dinas"), ("", "Agendaris")])
def test_pages_say_that_who_can_go_on_is_awaited(desk, summary, who):
    shelf = FlowShelf([(None, load(FLOW.replace("OWN", ""), "uji_giliran.yaml"))])
    desk.house = dataclasses.replace(desk.house, flows=shelf)
    letter = desk.register(REGISTRAR, "DINKES", addressee=desk.post(HEAD), summary=summary)
    actor, _ = acting.nearest(desk.house, desk.site, letter, desk.as_(REGISTRAR), desk.now)["naikkan"]
    (before,) = act_words.build(desk.house, desk.site, letter, "naikkan", actor, desk.now).then
    assert f"dan menunggu {who}" in before
    desk.act(REGISTRAR, letter, "naikkan")
    after = act_words.next_step(desk.house, desk.site, letter, desk.as_("staf-kesmas.dinkes"), desk.now)
    assert after.startswith(f"Berikutnya {who}")
