"""The act that gives a signed file up says so in the history, in words on its page, and so that a package proves it."""

from __future__ import annotations

import dataclasses

import pytest
from flow_office import publish, text, work_off
from forging import forged
from signing_stage import prepared, sign
from turns_stage import CLERK, FIRST, SECOND, STATE, record, signed_by

from intranet_surat.services.flows import FlowShelf
from intranet_surat.services.itemview import org_at
from intranet_surat.services.proof import judging, writing
from intranet_surat.web import history_page
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.turns import GIVEN_UP

REASON = {"alasan": "Jumlah barang keliru"}
SENDS = "      kirim:"
MEETING = {
    SENDS: "      rapat: {title: Bahas, by: penandatangan, ask: telaah, fan_out: {track: telaah, per: form.kepada},"
    " to: dibahas}\n" + SENDS,
    "  terkirim:\n": "  dibahas:\n    title: Dibahas\n    see: konseptor\n"
    "    gather: {track: telaah, until: all, done: konsep, returned: siap_kirim}\n  terkirim:\n",
    "forms:\n": "forms:\n  telaah:\n"
    "    kepada: {title: Kepada, type: positions, from: staff under actor, required: true}\n",
    "promises:\n": "tracks:\n  telaah:\n    states:\n      diterima:\n        title: Diterima\n        start: true\n"
    "        actions:\n          selesaikan: {title: Lapor selesai, by: holder of item, to: selesai}\n"
    "          kembali: {title: Kembalikan, by: holder of item, to: kembali}\n"
    "      selesai: {title: Selesai, final: true, outcome: done}\n"
    "      kembali: {title: Kembali, final: true, outcome: returned}\npromises:\n",
}
OPENS = "      buka: {title: Buka lagi, by: tata_usaha, to: konsep}\n" + SENDS


def acts(letter, action):
    return [act for act in letter.history if act.action == action]


def named(letter):
    """What each act says to have ended, by its action."""
    facts = [(act.action, letter.history.entered(act.seq).get("facts", {})) for act in letter.history]
    return [(action, told[GIVEN_UP]) for action, told in facts if GIVEN_UP in told]


def lines(desk, letter):
    page = history_page.build(desk.house, desk.site, letter, org_at(desk.house, desk.site, desk.now))
    return {row.action: told for row in page.rows if (told := dict(row.entered).get(history_page.LOST))}


def judged(desk, package):
    report = judging.judge(package, desk.house.roots, desk.now)
    return [str(each) for each in report.findings if each.overall == "tidak"]


@pytest.fixture
def refused(desk):
    """A record that two of three had signed, given back by the third, and signed by the first once more."""
    letter = record(desk)
    signed_by(desk, letter, FIRST, SECOND)
    desk.act("sekda.setda", letter, "tolak", REASON)
    desk.act(FIRST, letter, "ajukan")
    desk.act(CLERK, letter, "lulus")
    desk.act(FIRST, letter, "siapkan")
    signed_by(desk, letter, FIRST)
    return letter


@pytest.fixture
def opened(desk):
    """A letter that was signed and whose text is opened again, by an act of an office's own flow."""
    flow = load(text("surat_keluar.yaml", (SENDS, OPENS)), "buka.yaml", desk.house.world)
    desk.house = dataclasses.replace(desk.house, flows=FlowShelf([(None, flow)]))
    letter = prepared(desk)
    sign(desk, letter)
    desk.act(CLERK, letter, "buka")
    return letter


def test_who_refuses_a_half_signed_file_is_written_down_with_whose_signatures_that_ended(desk, refused):
    first, second, _ = acts(refused, "tanda_tangani")
    assert named(refused) == [("tolak", [first.seq, second.seq])]
    told = "; ".join(
        f"{each.who['name']}, {each.who['title']} (peristiwa nomor {each.seq + 1})" for each in (first, second)
    )
    assert lines(desk, refused) == {"tolak": f"{told}. Berkasnya tidak dipakai lagi."}
    desk.act(SECOND, refused, "tolak", REASON)
    (again,) = acts(refused, "tanda_tangani")[2:]
    assert named(refused)[1:] == [("tolak", [again.seq])], "only what was signed since"


def test_who_opens_a_signed_letter_again_is_written_down_with_the_signature_that_ended(desk, opened):
    (signed,) = acts(opened, "tanda_tangani")
    assert named(opened) == [("buka", [signed.seq])]
    assert lines(desk, opened)["buka"].startswith(f"{signed.who['name']}, Kepala Dinas")
    assert judged(desk, writing.build(desk.house, desk.site, opened, desk.now)) == []


def test_a_letter_that_a_discussion_below_it_opened_again_still_proves_itself(desk):
    flow = load(text("surat_keluar.yaml", *MEETING.items()), "rapat.yaml", desk.house.world)
    desk.house = dataclasses.replace(desk.house, flows=FlowShelf([(None, flow)]))
    letter = prepared(desk)
    sign(desk, letter)
    desk.act("kepala.dinkes", letter, "rapat", {"kepada": [desk.post("kabid-kesmas.dinkes")]})
    (item,) = letter.dispositions()
    desk.act("kabid-kesmas.dinkes", item, "selesaikan")
    (signed,) = acts(letter, "tanda_tangani")
    assert (letter.state, letter.fields.get("signed")) == ("konsep", None)
    assert named(letter) == [("otomatis", [signed.seq])]
    package = writing.build(desk.house, desk.site, letter, desk.now)
    assert judged(desk, package) == []
    for told in ([], [signed.seq + 1], None):
        assert judged(desk, forged(package, "otomatis", told)) != [] or told is None


def test_an_act_that_ends_no_signature_says_nothing_of_it(desk):
    letter = record(desk)
    desk.act(FIRST, letter, "tolak", REASON)
    assert (named(letter), lines(desk, letter)) == ([], {})


def test_a_flow_that_was_changed_under_a_half_signed_file_is_written_down_with_what_it_ended(desk, db):
    letter = record(desk)
    signed_by(desk, letter, FIRST)
    publish(desk, text("berita_acara.yaml", migrate=f"restart: [{STATE}]"))
    work_off(desk, db)
    (signed,) = acts(letter, "tanda_tangani")
    assert named(letter) == [("pindah_alur", [signed.seq])]
    assert judged(desk, writing.build(desk.house, desk.site, letter, desk.now)) == []


@pytest.mark.parametrize(
    ("how", "says"), [("wet", "tanda tangan basah, dicatat oleh Rina"), ("seal", "segel instansi, oleh Rina")]
)
def test_ink_and_seals_are_not_called_the_signature_of_who_recorded_them(desk, opened, how, says):
    who = {"name": "Rina", "title": "Kepala Subbagian", "office": ""}
    common = {"at": desk.now, "item": opened.id, "state_from": "konsep", "state_to": "konsep", "who": who}
    place = {"position": opened.author, "person": ""}
    done = opened.history.add(**common, **place, action="sahkan", entered={"facts": {"signed": how}})
    opened.history.add(**common, **place, action="ulang", entered={"facts": {GIVEN_UP: [done.seq, 99]}})
    assert (
        lines(desk, opened)["ulang"]
        == f"{says}, Kepala Subbagian (peristiwa nomor {done.seq + 1}). Berkasnya tidak dipakai lagi."
    )


def test_the_package_proves_whose_signatures_an_act_ended(desk, refused):
    package = writing.build(desk.house, desk.site, refused, desk.now)
    first, second, third = (each.seq for each in acts(refused, "tanda_tangani"))
    (ended,) = acts(refused, "tolak")
    assert judged(desk, package) == []
    assert judged(desk, forged(package, "tolak", None)) == [], "an older release did not tell it"
    for told in ([], [first], [second, first], [first, second, third], "semua", [str(first), str(second)]):
        (wrong,) = judged(desk, forged(package, "tolak", told))
        assert wrong.startswith(f"riwayat.jsonl:{ended.seq + 1}: "), told
        assert "Tanda tangan yang disebut gugur" in wrong
    (other,) = acts(refused, "lulus")[:1]
    found = judged(desk, forged(package, "lulus", [first]))
    assert found[0].startswith(f"riwayat.jsonl:{other.seq + 1}: ")
