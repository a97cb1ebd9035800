"""Several sign one file in turn: whose turn it is, what is said out of turn, and what a flow may not do around it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import engine, explain, rules, testing
from intranet_surat.workflow.check import check
from intranet_surat.workflow.findings import Finding
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.matrix import matrix
from intranet_surat.workflow.matrix_little import little_ground
from intranet_surat.workflow.model import Mark, Promise
from intranet_surat.workflow.promises import decide
from intranet_surat.workflow.rehearsal import Stage, actor
from intranet_surat.workflow.tell import tell
from intranet_surat.workflow.walking import reaches_end
from intranet_surat.workflow.world import World

SIGN = """
      by: [kesatu, kedua, ketiga]
      in_turn: true
      act: teken
      prepare: {act: siapkan, do: [{number: surat-keluar}, {pdf: naskah}, {freeze: file}]}
      with: {method: pades}
      reject: {act: tolak, ask: alasan, do: [{number: void}], to: konsep}
      done: lengkap
"""
TEXT = f"""
flow: surat/1
id: giliran-uji
version: 1
applies_to: {{direction: keluar}}
calendar: hari-kerja
cast:
  konseptor: author
  kesatu: holder of letter.signatory
  kedua: position sekretaris of office
  ketiga: role saksi of office
forms:
  alasan:
    alasan: {{type: text, required: true}}
states:
  konsep:
    start: true
    edit: konseptor
    actions:
      ajukan: {{by: konseptor, to: teken}}
      batal: {{by: konseptor, to: habis}}
  teken:
    sign:{SIGN.replace(chr(10), chr(10) + "  ").rstrip()}
    actions:
      catat: {{by: konseptor}}
  lengkap:
    actions:
      kirim: {{by: konseptor, to: habis}}
  habis: {{final: true}}
"""
ORG = {"author": "staf", "ketiga": ["saksi-a", "saksi-b"]}


def made(*changes: tuple[str, str]):
    text = TEXT
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load(text, "giliran.yaml")


def findings(*changes: tuple[str, str]) -> list[Finding]:
    return [each for each in check(made(*changes), World()) if each.rule == "in-turn"]


@pytest.fixture
def stage():
    flow = made()
    there = Stage(flow, LittleOrg(flow, ORG, {"signatory": "kadis"}))
    there.act(there.letter, "ajukan", {}, "staf")
    return there


def signs(stage, *who):
    for each in who:
        stage.act(stage.letter, "teken", {}, each)


def says(stage, who, action="teken"):
    with pytest.raises(NotAllowed) as refused:
        stage.act(stage.letter, action, {}, who)
    return refused.value.message


def test_everybody_named_signs_once_in_the_order_of_the_names(stage):
    seen = [stage.waits_for()]
    stage.act(stage.letter, "siapkan", {}, "kadis")
    for who in ("kadis", "kedua", "saksi-a", "saksi-b"):
        assert (stage.letter.state, stage.letter.fields.get("signed"), stage.number) == ("teken", None, "reserved")
        signs(stage, who)
        seen.append(stage.waits_for() if stage.letter.state == "teken" else ())
    assert seen == [("kadis",), ("kedua",), ("saksi-a",), ("saksi-b",), ()]
    assert (stage.letter.state, stage.letter.fields["signed"], stage.number) == ("lengkap", "pades", "used")


def test_who_comes_out_of_turn_is_told_who_is_awaited_and_who_has_signed_that_he_has(stage):
    assert says(stage, "kedua", "siapkan") == "Belum giliran Anda: berkas ini ditandatangani Kadis lebih dulu."
    stage.act(stage.letter, "siapkan", {}, "kadis")
    assert says(stage, "saksi-b") == "Belum giliran Anda: berkas ini ditandatangani Kadis lebih dulu."
    signs(stage, "kadis")
    assert says(stage, "kadis") == "Anda sudah menandatangani berkas ini; sekarang giliran Kedua."
    assert says(stage, "staf") == "Ini tugas Kedua."
    assert says(stage, "saksi-a", "tolak") == "Belum giliran Anda: berkas ini ditandatangani Kedua lebih dulu."


def test_the_file_is_made_as_often_as_one_likes_until_somebody_has_signed_it(stage):
    for _ in range(2):
        stage.act(stage.letter, "siapkan", {}, "kadis")
    signs(stage, "kadis", "kedua")
    assert (
        says(stage, "saksi-a", "siapkan")
        == "Berkas ini sudah ditandatangani Kadis dan Kedua; tidak dapat disiapkan lagi."
    )


def test_signatures_on_a_file_that_was_given_up_do_not_count_on_the_next(stage):
    stage.act(stage.letter, "siapkan", {}, "kadis")
    signs(stage, "kadis", "kedua")
    stage.act(stage.letter, "tolak", {"alasan": "Keliru"}, "saksi-a")
    assert (stage.letter.state, stage.number) == ("konsep", "void")
    stage.act(stage.letter, "ajukan", {}, "staf")
    assert stage.waits_for() == ("kadis",)


def test_an_act_beside_leaves_the_turns_alone(stage):
    stage.act(stage.letter, "siapkan", {}, "kadis")
    signs(stage, "kadis")
    stage.act(stage.letter, "catat", {}, "staf")
    assert stage.waits_for() == ("kedua",)


def test_a_position_that_was_closed_signs_no_second_time_for_its_successor(stage):
    stage.act(stage.letter, "siapkan", {}, "kadis")
    signs(stage, "kadis")
    stage.org.told["closed"] = {"kadis": "kadis-baru"}
    assert stage.waits_for() == ("kedua",)


def test_the_way_ahead_names_every_signature_that_is_still_missing(stage):
    stage.act(stage.letter, "siapkan", {}, "kadis")
    signs(stage, "kadis")
    told = explain.explain(stage.flow, stage.letter, actor("staf"), "kirim", stage.setting)
    (make,) = told.remedy.make
    assert [(each["action"], each["as"]) for each in make.value] == [
        ("teken", ["kedua"]), ("teken", ["saksi-a"]), ("teken", ["saksi-b"]),
    ]  # fmt: skip
    again = explain.explain(stage.flow, stage.letter, actor("kedua"), "siapkan", stage.setting)
    assert [each["action"] for each in again.remedy.make[0].value] == ["tolak", "ajukan"]


def test_people_who_work_together_bring_it_to_an_end_from_every_turn(stage):
    assert reaches_end(stage) is not None
    stage.act(stage.letter, "siapkan", {}, "kadis")
    for who in ("kadis", "kedua", "saksi-a"):
        signs(stage, who)
        assert reaches_end(stage) is not None


def test_a_broken_promise_is_shown_with_all_signatures_in_their_order():
    here = Mark("giliran.yaml", 1, 1)
    promise = Promise("never", "x", "Tidak.", tree=rules.parse("letter.signed is pades", here), mark=here)
    (verdict,) = decide(replace(made(), promises=(promise,)))
    assert verdict.answer == "no"
    assert [each for each in verdict.acts if "teken" in each][:2] == ["kesatu: teken", "kedua: teken"]
    assert len([each for each in verdict.acts if "teken" in each]) >= 3


def test_everybody_who_signs_has_the_power_to_sign_and_to_prepare_only_the_first():
    flow = made(("holder of letter.signatory", "head of office"))
    opens = {level: frozenset({"act", "see", "acted"}) for level in ("B",)}
    found = {(each.position, each.action) for each in matrix(flow, little_ground(opens, flow)) if not each.how}
    signers = {who for who, action in found if action == "teken"}
    assert len(signers) >= 3
    assert len({who for who, action in found if action == "siapkan"}) == 1
    assert {who for who, action in found if action == "tolak"} == signers


def test_in_words_the_order_and_the_one_file_are_told():
    text = " ".join(each.text for each in tell(made()))
    assert "surat menunggu tanda tangan kesatu, kedua, lalu ketiga" in text
    assert "bergiliran menurut urutan, semuanya pada berkas yang sama" in text
    assert "setelah tanda tangan terakhir terbukti sah ke" in text


def test_a_sound_flow_has_no_finding():
    assert findings() == []


def test_who_leaves_a_half_signed_file_voids_its_number_and_says_why():
    (number,) = findings(("do: [{number: void}], to: konsep", "to: konsep"))
    assert "tambahkan {number: void} di 'do' tindakan 'tolak'" in number.message
    (reason,) = findings(("ask: alasan, do: [{number: void}]", "do: [{number: void}]"), ("""forms:
  alasan:
    alasan: {type: text, required: true}
""", ""))  # fmt: skip
    assert "Tindakan 'tolak' dapat membatalkan berkas" in reason.message
    assert len(findings(("catat: {by: konseptor}", "tarik: {by: konseptor, to: konsep}"))) == 2


def test_a_file_that_is_being_signed_is_not_replaced_beside_it():
    (found,) = findings(("catat: {by: konseptor}", "catat: {by: konseptor, do: [{pdf: naskah}]}"))
    assert found.message.startswith("Berkas yang sedang ditandatangani bergiliran tidak dapat dinomori")
    assert found.mark.line == TEXT.split("\n").index("      catat: {by: konseptor}") + 1


def test_those_who_sign_are_not_named_anew_while_they_sign_nor_the_text_changed():
    recast = "catat: {by: konseptor, do: [{set: {signatory: letter.author}}]}"
    (found,) = findings(("catat: {by: konseptor}", recast))
    assert found.message.startswith("Isian 'signatory' menentukan siapa yang menandatangani")
    assert findings(("catat: {by: konseptor}", "catat: {by: konseptor, do: [{set: {subject: Uji}}]}")) == []
    (found,) = findings(("  teken:\n", "  teken:\n    edit: konseptor\n"))
    assert found.message.startswith("Naskah yang sedang ditandatangani bergiliran tidak dapat diubah")
    assert found.mark.line == TEXT.split("\n").index("  teken:") + 2


@pytest.mark.parametrize(
    "change",
    [
        ("kirim: {by: konseptor, to: habis}", "kirim: {by: konseptor, do: [{signed: wet}], to: habis}"),
        ("ajukan: {by: konseptor, to: teken}", "ajukan: {by: konseptor, do: [{signed: wet}], to: teken}"),
        (
            "catat: {by: konseptor}",
            "catat: {by: konseptor, ask: alasan, do: [{number: void}, {signed: wet}], to: lengkap}",
        ),
    ],
    ids=["after", "before", "beside"],
)
def test_ink_and_electronic_signatures_are_never_mixed_in_one_file(change):
    assert any(
        each.message.startswith(("Satu berkas ditandatangani semuanya secara elektronik", "Berkas yang sedang"))
        for each in findings(change)
    )


@pytest.mark.parametrize("effect", ["seal: instansi", "send: addressees", "archive: by-classification"])
@pytest.mark.parametrize(
    "change",
    [
        ("catat: {by: konseptor}", "catat: {by: konseptor, do: [{EFFECT}]}"),
        ("{freeze: file}]", "{freeze: file}, {EFFECT}]"),
        ("ask: alasan, do: [{number: void}]", "ask: alasan, do: [{number: void}, {EFFECT}]"),
        ("  teken:\n    sign:", "  teken:\n    on_enter: [{EFFECT}]\n    sign:"),
    ],
    ids=["beside", "prepare", "reject", "enter"],
)
def test_a_file_that_some_are_still_to_sign_is_not_sealed_sent_or_filed(effect, change):
    old, new = change
    found = [each.message for each in findings((old, new.replace("EFFECT", effect)))]
    assert any("belum ditandatangani semua pihak tidak dapat disegel, dikirim" in each for each in found)


def test_ink_on_another_file_is_no_mixture():
    wet = """  dicetak:
    actions:
      basah: {by: konseptor, do: [{signed: wet}], to: habis}
  habis:"""
    assert (
        findings(("batal: {by: konseptor, to: habis}", "batal: {by: konseptor, to: dicetak}"), ("  habis:", wet)) == []
    )


def test_a_seal_takes_no_turns():
    (found,) = findings(("method: pades", "method: seal"))
    assert "segel instansi dibubuhkan sekali" in found.message


def test_a_flow_with_turns_runs_its_own_tests_and_offers_only_the_next():
    flow = made()
    assert [*testing.run(flow)] == []
    there = Stage(flow, LittleOrg(flow, ORG, {"signatory": "kadis"}))
    there.act(there.letter, "ajukan", {}, "staf")
    there.act(there.letter, "siapkan", {}, "kadis")
    offers = {each.action: each for each in engine.offers(flow, there.letter, actor("kedua"), there.setting)}
    assert not offers["teken"].allowed
    assert offers["teken"].who == ("kadis",)
