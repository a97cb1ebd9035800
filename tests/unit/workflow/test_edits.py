"""Where the text is opened again its file is given up; nowhere else, and nothing is sent or filed there."""

from __future__ import annotations

import pytest

from intranet_surat.workflow.check import check
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model_words import UNSIGNED
from intranet_surat.workflow.world import World

TEXT = """
flow: surat/1
id: dibuka
version: 1
title: Dibuka lagi
applies_to: {{direction: keluar}}
calendar: kalender
cast: {{konseptor: author, pemegang: holder of item}}
rules:
  biasa: {{if: letter.security is B, says: Rahasia.}}
forms:
  bagi: {{kepada: {{title: Kepada, type: positions, from: konseptor}}}}
tracks:
  tugas:
    states:
      tulis: {{title: Ditulis, start: true, edit: pemegang, on_enter: [{{send: addressees}}], actions: {{usai: {{by: pemegang, to: beres}}}}}}
      beres: {{title: Beres, final: true, outcome: done}}
states:
  konsep: {{title: Konsep, start: true, edit: konseptor, actions: {{maju: {{by: konseptor, to: pilih}}}}}}
  pilih: {{title: Dipilih, edit: konseptor, choose: [{{when: biasa, to: jadi}}, {{else: true, to: konsep}}]}}
  jadi:
    title: Jadi
    {opened}
    on_enter: [{effect}]
    actions:
      bagi: {{by: konseptor, ask: bagi, fan_out: {{track: tugas, per: form.kepada}}}}
      tutup: {{by: konseptor, to: habis}}
  habis: {{title: Habis, final: true}}
"""


def flow(opened="edit: konseptor", effect="notify: konseptor"):
    return load(TEXT.format(opened=opened, effect=effect), "dibuka.yaml")


def test_a_letter_whose_text_is_opened_again_is_not_signed_any_more():
    assert UNSIGNED in flow().states["jadi"].entering(None)
    assert UNSIGNED not in flow(opened="see: konseptor").states["jadi"].entering(None)


def test_who_writes_in_an_item_below_a_sent_letter_does_not_take_its_signature():
    assert UNSIGNED not in flow().tracks["tugas"].states["tulis"].entering("tugas")


def test_a_letter_that_only_passes_a_branch_keeps_its_signature():
    assert UNSIGNED not in flow().states["pilih"].entering(None)


@pytest.mark.parametrize("effect", ["send: addressees", "seal: instansi", "archive: by-classification"])
def test_a_state_that_opens_the_text_cannot_send_seal_or_file_the_letter_as_it_is_entered(effect):
    name = effect.partition(":")[0]
    found = [each for each in check(flow(effect=effect), World()) if each.rule == "edit"]
    assert [(each.mark.line, name in each.message, "'Jadi'" in each.message) for each in found] == [(24, True, True)]
    assert not [each for each in check(flow("see: konseptor", effect), World()) if each.rule == "edit"]
