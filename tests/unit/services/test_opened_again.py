"""A letter whose text is opened again after it was signed, by an act of an office's own flow."""

from __future__ import annotations

import dataclasses

from flow_office import text
from signing_stage import SIGNATORY, prepared, sign

from intranet_surat.services import acting, delivery
from intranet_surat.services.flows import FlowShelf
from intranet_surat.web import act_words
from intranet_surat.workflow.loader import load

SENDS = "      kirim:"
OPENS = "      buka: {title: Buka lagi, by: tata_usaha, to: konsep}\n" + SENDS
CLERK = "tata-usaha.dinkes"


def test_who_opens_a_signed_letter_again_reads_first_that_its_signature_is_lost(desk):
    flow = load(text("surat_keluar.yaml", (SENDS, OPENS)), "buka.yaml", desk.house.world)
    desk.house = dataclasses.replace(desk.house, flows=FlowShelf([(None, flow)]))
    letter = prepared(desk)
    sign(desk, letter)
    number = letter.fields["number"]
    actor, _ = acting.nearest(desk.house, desk.site, letter, desk.as_(CLERK), desk.now)["buka"]
    lost = " ".join(act_words.build(desk.house, desk.site, letter, "buka", actor, desk.now).lost)
    assert "tidak bertanda tangan lagi dan harus ditandatangani ulang" in lost
    assert f"Nomor {number} tetap milik surat ini." in lost
    desk.act(CLERK, letter, "buka")
    assert letter.fields.get("signed") is None
    assert letter.fields["number"] == number
    assert delivery.final_file(letter) is None


WITHOUT = (
    ("rules:\n", "rules:\n  bernomor: {if: letter.number is present, says: Belum bernomor.}\n"),
    (SENDS, OPENS),
    (
        "      batal: {title: Batalkan, by: konseptor, ask: alasan, to: dibatalkan}",
        "      batal: {title: Batalkan, by: konseptor, ask: alasan, do: [{number: void}], to: ditutup}",
    ),
    (
        "\nstates:\n",
        """
states:
  ditutup: {title: Ditutup, choose: [{when: bernomor, to: pernah_bernomor}, {else: true, to: dibatalkan}]}
  pernah_bernomor: {title: Pernah bernomor, final: true, see: konseptor}
""",
    ),
)


def test_a_letter_that_was_signed_and_opened_again_is_not_taken_for_one_without_number(desk):
    flow = load(text("surat_keluar.yaml", *WITHOUT), "buka.yaml", desk.house.world)
    desk.house = dataclasses.replace(desk.house, flows=FlowShelf([(None, flow)]))
    letter = prepared(desk)
    sign(desk, letter)
    number = letter.fields["number"]
    desk.act(CLERK, letter, "buka")
    desk.act(SIGNATORY, letter, "batal", {"alasan": "Tidak jadi"})
    assert letter.fields["number"] == number
    assert letter.state == "pernah_bernomor"
