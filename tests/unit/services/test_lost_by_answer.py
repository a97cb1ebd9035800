"""What an act loses is told before it is done, also where what is entered decides to which state it leads."""

from __future__ import annotations

import dataclasses

import pytest
from flow_office import text
from signing_stage import SIGNATORY, prepared
from turns_stage import FIRST, SECOND, record, signed_by

from intranet_surat.services.flows import FlowShelf
from intranet_surat.web import act_words
from intranet_surat.workflow.loader import load

FORM = (
    "forms:\n",
    """forms:
  alasan_tolak:
    alasan: {title: Alasan, type: text, required: true}
    buang: {title: Dibuang, type: yes-no}
""",
)
RULE = ("rules:\n", "rules:\n  dibuang: {if: form.buang is yes, says: Dibuang.}\n")
WAYS = (
    "\nstates:\n",
    """
states:
  pilih:
    title: Pilih
    choose:
      - {when: dibuang, to: dibatalkan}
      - {else: true, to: konsep}
""",
)
REFUSES = "{act: tolak, title: Tolak, ask: alasan, do: [{number: void}], to: konsep}"
PARTS = (REFUSES, REFUSES.replace("alasan,", "alasan_tolak,").replace("konsep", "pilih"))
CLERK = "tata-usaha.dinkes"
OPEN = "Ke mana surat ini sesudah itu bergantung pada isian Anda."


@pytest.fixture
def parting(desk):
    """An office whose flows lead who refuses to another state when he says that the letter is thrown away."""

    def begun(name):
        flow = load(text(name, FORM, RULE, WAYS, PARTS), "uji.yaml", desk.house.world)
        desk.house = dataclasses.replace(desk.house, flows=FlowShelf([(None, flow)]))

    return begun


def told(desk, letter, login, action="tolak"):
    return act_words.foretold(desk.house, desk.site, letter, action, desk.as_(login), desk.now)


@pytest.mark.parametrize("thrown_away", [False, True])
def test_the_number_that_is_void_whatever_is_entered_is_told_before(desk, parting, thrown_away):
    parting("surat_keluar.yaml")
    letter = prepared(desk)
    number = letter.fields["number"]
    follows = told(desk, letter, SIGNATORY)
    assert follows.lost == (
        f"Nomor {number} batal dan tidak dipakai lagi.",
        "Berkas yang sudah disiapkan tidak dipakai lagi.",
    )
    assert follows.then == (OPEN,)
    desk.act(SIGNATORY, letter, "tolak", {"alasan": "Keliru", "buang": thrown_away})
    assert letter.state == ("dibatalkan" if thrown_away else "konsep")
    assert letter.fields.get("number") is None


def test_the_signatures_that_end_whatever_is_entered_are_told_before(desk, parting):
    parting("berita_acara.yaml")
    letter = record(desk)
    signed_by(desk, letter, FIRST)
    lost = told(desk, letter, SECOND).lost
    assert lost[-1].startswith("Tanda tangan yang sudah diberikan tidak berlaku lagi: ")
    assert "ditandatangani lagi dari awal" not in lost[-1], "it may be thrown away"


STAYS = (
    "    actions:\n      unggah:",
    """    actions:
      ganti: {title: Ganti nomor, by: tata_usaha, ask: alasan, do: [{number: void}]}
      unggah:""",
)


def test_the_number_that_is_void_is_told_before_an_act_that_leaves_the_letter_where_it_is(desk):
    flow = load(text("surat_keluar.yaml", STAYS), "uji.yaml", desk.house.world)
    desk.house = dataclasses.replace(desk.house, flows=FlowShelf([(None, flow)]))
    letter = desk.draft(SIGNATORY, "DINKES", classification="900.1.3")
    desk.act(SIGNATORY, letter, "ajukan")
    desk.act(CLERK, letter, "lulus")
    desk.act(CLERK, letter, "nomori", {"tanggal_ttd": "2026-11-23"})
    number = letter.fields["number"]
    follows = told(desk, letter, CLERK, "ganti")
    again = "Bila surat ini disiapkan lagi, nomornya baru."
    assert follows == act_words.Consequences((f"Nomor {number} batal dan tidak dipakai lagi. {again}",))
    desk.act(CLERK, letter, "ganti", {"alasan": "Keliru"})
    assert (letter.state, letter.fields.get("number")) == ("dinomori", None)


def test_nothing_is_lost_by_the_first_of_two_signatures(desk):
    letter = record(desk)
    assert told(desk, letter, FIRST, "tanda_tangani") == act_words.Consequences()
