"""Acts, forms, child items and automatic steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from engine_cases import MASUK, ORG, do, flow, fresh, only_decide, stage

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import engine
from intranet_surat.workflow.explain import explain, explain_all
from intranet_surat.workflow.overlay import over
from intranet_surat.workflow.rehearsal import actor
from intranet_surat.workflow.view import Initial


def test_a_letter_begins_in_the_start_state_with_its_effects_and_deadline() -> None:
    on = fresh()
    blank = replace(over(on.letter), state="", acts=())
    begun = engine.start(MASUK, blank, actor("agendaris"), on.setting)
    assert (begun.action, begun.state, begun.entered) == ("", "dicatat", True)
    assert [(step.state_from, step.state_to) for step in begun.steps] == [("", "dicatat")]
    assert [effect.value for effect in begun.steps[0].effects] == ["agenda-masuk"]
    assert begun.due == datetime(2026, 11, 17, 9, 0, tzinfo=UTC)


def test_an_act_leads_on_with_the_effects_of_both_sides() -> None:
    made = flow("""
    states:
      a: {start: true, actions: {pergi: {by: author, do: [{set: {x: "1"}}], to: b}}}
      b: {on_enter: [{freeze: file}], actions: {selesai: {by: author, to: c}}}
      c: {final: true}
    """)
    outcome = only_decide(stage(made), "konseptor", "pergi")
    assert [effect.name for effect in outcome.steps[0].effects] == ["set", "freeze"]
    assert (outcome.state, outcome.final, outcome.due) == ("b", False, None)


def test_who_is_not_named_is_told_whose_task_it_is() -> None:
    with pytest.raises(NotAllowed, match=r"^Ini tugas Agendaris\.$") as refused:
        only_decide(fresh(), "pimpinan", "naikkan")
    assert (refused.value.action, refused.value.who) == ("naikkan", ("agendaris",))


def test_many_who_may_are_told_by_three_titles_and_a_count() -> None:
    made = flow("""
    cast: {petugas: role tata_usaha of office}
    states: {a: {start: true, actions: {pergi: {by: petugas, to: b}}}, b: {final: true}}
    """)
    on = stage(made, {}, {"petugas": ["tu_1", "tu_2", "tu_3", "tu_4", "tu_5"]})
    with pytest.raises(NotAllowed, match=r"^Ini tugas Tu 1, Tu 2, Tu 3, atau 2 jabatan lain\.$"):
        only_decide(on, "orang", "pergi")
    on.org.roles["tata_usaha"] = ()
    with pytest.raises(NotAllowed, match="Belum ada jabatan yang dapat melakukan ini"):
        only_decide(on, "tu_1", "pergi")


def test_a_rule_that_does_not_hold_refuses_with_its_own_sentence() -> None:
    on = stage(MASUK, {}, ORG)
    with pytest.raises(NotAllowed, match=r"^Unggah pindaian dulu\.$"):
        only_decide(on, "agendaris", "naikkan")


def test_an_action_of_another_state_is_refused_as_explain_tells_it() -> None:
    on = fresh()
    with pytest.raises(NotAllowed, match="Surat belum sampai di keadaan") as refused:
        only_decide(on, "pimpinan", "disposisi")
    told = explain(MASUK, on.letter, actor("pimpinan"), "disposisi", on.setting)
    said = refused.value
    assert (said.message, said.action, said.who, said.remedy) == (told.says, "disposisi", told.who, told.remedy)
    assert told.remedy is not None
    (offer, _) = engine.offers(MASUK, on.letter, actor("pimpinan"), on.setting)
    assert (offer.action, offer.allowed, offer.says) == ("naikkan", False, "Ini tugas Agendaris.")
    assert offer.remedy == explain(MASUK, on.letter, actor("pimpinan"), "naikkan", on.setting).remedy is not None
    further = engine.later(MASUK, on.letter, actor("pimpinan"), on.setting)
    assert [(each.action, each.allowed, each.to) for each in further][:2] == [
        ("disposisi", False, "didisposisi"),
        ("selesai_saja", False, "selesai"),
    ]
    assert further[0].remedy == told.remedy
    with pytest.raises(NotAllowed, match="tidak mengenal tindakan ini"):
        only_decide(fresh(), "pimpinan", "hapus_semua")


def test_an_act_without_a_next_state_stays_and_enters_nothing() -> None:
    on = fresh()
    outcome = only_decide(on, "agendaris", "catat", alasan="Lampiran menyusul")
    assert (outcome.state, outcome.entered, outcome.due) == ("dicatat", False, None)
    assert outcome.form == {"alasan": "Lampiran menyusul"}
    assert [step.effects for step in outcome.steps] == [()]


def test_a_branch_sees_what_the_act_has_just_set() -> None:
    made = flow("""
    rules:
      basah: {if: letter.signed is wet, says: x}
      merah: {if: letter.warna is merah, says: x}
      dipilih: {if: form.jalur is kiri, says: x}
    forms: {f: {jalur: {type: text}}, g: {pilihan: {type: text}}}
    states:
      a:
        start: true
        actions:
          tandai: {by: author, do: [{signed: wet}], to: pilih}
          warnai: {by: author, do: [{set: {warna: merah}}], to: pilih}
          lewat: {by: author, to: pilih}
          belok: {by: author, ask: f, to: pilih_lagi}
          cat: {by: author, ask: g, do: [{set: {warna: form.pilihan}}], to: pilih}
      pilih: {choose: [{when: basah, to: b}, {when: merah, to: c}, {else: true, to: d}]}
      pilih_lagi: {choose: [{when: dipilih, to: b}, {else: true, to: pilih}]}
      b: {final: true}
      c: {final: true}
      d: {final: true}
    """)
    on = stage(made, {"signed": None})
    assert only_decide(on, "konseptor", "tandai").state == "b"
    assert only_decide(on, "konseptor", "warnai").state == "c"
    assert only_decide(on, "konseptor", "lewat").state == "d"
    assert only_decide(on, "konseptor", "belok", jalur="kiri").state == "b"
    turned = only_decide(on, "konseptor", "belok", jalur="kanan")
    assert [step.state_to for step in turned.steps] == ["pilih_lagi", "pilih", "d"]
    assert only_decide(on, "konseptor", "cat", pilihan="merah").state == "c"
    assert only_decide(on, "konseptor", "cat", pilihan="biru").state == "d"
    assert [offer.allowed for offer in engine.offers(made, on.letter, actor("konseptor"), on.setting)] == [True] * 5
    do(on, "konseptor", "cat", pilihan="merah")
    assert on.letter.fields["warna"] == "merah"


def test_a_letter_that_comes_back_to_be_edited_is_signed_no_more() -> None:
    made = flow("""
    rules:
      sudah: {if: letter.signed is wet, says: Belum ditandatangani.}
    states:
      konsep: {start: true, edit: author, actions: {ajukan: {by: author, to: periksa}}}
      periksa:
        actions:
          teken: {by: author, do: [{signed: wet}]}
          balik: {by: author, to: konsep}
          lulus: {by: author, needs: [sudah], to: habis}
      habis: {final: true}
    """)
    on = stage(made)
    do(on, "konseptor", "ajukan")
    do(on, "konseptor", "teken")
    assert only_decide(on, "konseptor", "lulus").state == "habis"
    do(on, "konseptor", "balik")
    do(on, "konseptor", "ajukan")
    assert on.letter.fields["signed"] is None
    with pytest.raises(NotAllowed, match="Belum ditandatangani"):
        only_decide(on, "konseptor", "lulus")


def test_a_flow_that_turns_in_circles_is_refused_and_not_followed() -> None:
    made = flow("""
    states:
      a: {start: true, actions: {pergi: {by: author, to: b}, tutup: {by: author, to: d}}}
      b: {choose: [{else: true, to: c}]}
      c: {choose: [{else: true, to: d}]}
      d: {final: true}
    """)
    states = dict(made.states)
    states["c"] = replace(states["c"], choose=(replace(states["c"].choose[0], to="b"),))
    on = stage(made)
    with pytest.raises(NotAllowed, match="tidak dapat melanjutkan dari 'c' ke 'b'"):
        engine.act(replace(made, states=states), on.letter, "pergi", {}, actor("konseptor"), on.setting)


def test_the_engine_changes_nothing_it_was_given() -> None:
    on = fresh()
    do(on, "agendaris", "naikkan")
    form = {"kepada": ["kabid-a"], "instruksi": ["pelajari"]}
    before = (dict(on.letter.fields), on.letter.state, on.letter.children, list(on.acts))
    outcome = engine.act(MASUK, on.letter, "disposisi", form, actor("pimpinan"), on.setting)
    again = engine.act(MASUK, on.letter, "disposisi", form, actor("pimpinan"), on.setting)
    assert outcome == again
    assert form == {"kepada": ["kabid-a"], "instruksi": ["pelajari"]}
    assert before == (dict(on.letter.fields), on.letter.state, on.letter.children, list(on.acts))


def test_initials_stay_with_the_letter_until_a_route_begins_anew() -> None:
    on = fresh()
    on.letter.initials = (Initial(0, "kabid-a", "kabid-a", 1),)
    assert only_decide(on, "agendaris", "naikkan").initials == on.letter.initials


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("nomori", "ada"),
        ("lewati", "kosong"),
        ("nomori_lalu_hapus", "kosong"),
        ("cetak", "tercetak"),
        ("agendakan", "diagendakan"),
    ],
)
def test_a_branch_behind_an_act_sees_the_number_and_the_code_that_the_act_gave(action: str, state: str) -> None:
    made = flow("""
    rules:
      bernomor: {if: letter.number is present, says: Belum bernomor.}
      berkode: {if: letter.print_code is present, says: Belum dicetak.}
      beragenda: {if: letter.agenda_number is present, says: Belum diagendakan.}
    states:
      a:
        start: true
        actions:
          nomori: {by: author, do: [{number: surat-keluar}], to: pilih}
          nomori_lalu_hapus: {by: author, do: [{number: surat-keluar}, {number: void}], to: pilih}
          agendakan: {by: author, do: [{number: agenda-masuk}], to: pilih}
          cetak: {by: author, do: [{pdf: naskah, code: true}], to: pilih}
          lewati: {by: author, to: pilih}
      pilih:
        choose:
          - {when: bernomor, to: ada}
          - {when: berkode, to: tercetak}
          - {when: beragenda, to: diagendakan}
          - {else: true, to: kosong}
      ada: {final: true}
      diagendakan: {final: true}
      tercetak: {final: true}
      kosong: {final: true}
    """)
    assert only_decide(stage(made), "konseptor", action).state == state


GIVEN_UP = """
rules:
  bernomor: {if: letter.number is present, says: Belum bernomor.}
  tanpa_nomor: {if: not bernomor, says: Masih bernomor.}
states:
  konsep: {start: true, edit: author, actions: {nomori: {by: author, do: [{number: surat-keluar}], to: dicetak}}}
  dicetak:
    actions:
      sahkan: {by: author, do: [{signed: wet}], to: sah}
      batalkan: {by: author, do: [{number: void}], to: pilih}
  sah: {actions: {buka_lagi: {by: author, to: diperbaiki}}}
  diperbaiki:
    edit: author
    actions:
      tarik: {by: author, do: [{number: void}], to: pilih}
      hapus: {by: author, do: [{number: void}]}
      terus: {by: author, needs: tanpa_nomor, to: tanpa}
  pilih: {choose: [{when: bernomor, to: bernomor}, {else: true, to: tanpa}]}
  bernomor: {final: true}
  tanpa: {final: true}
"""


def test_a_number_that_was_signed_under_is_still_there_behind_an_act_that_voids_what_was_opened_again() -> None:
    on = stage(flow(GIVEN_UP))
    for action in ("nomori", "sahkan", "buka_lagi", "tarik"):
        on.act(on.letter, action, {}, "konseptor")
    assert (on.letter.fields["signed"], on.letter.state, on.number) == (None, "bernomor", "used")


def test_a_number_that_nobody_signed_under_is_gone_behind_the_act_that_voids_it() -> None:
    on = stage(flow(GIVEN_UP))
    for action in ("nomori", "batalkan"):
        on.act(on.letter, action, {}, "konseptor")
    assert (on.letter.state, on.number) == ("tanpa", "void")


@pytest.mark.parametrize(
    ("acts", "state", "number"),
    [
        (("nomori", "sahkan_lalu_hapus"), "bernomor", "used"),  # its own signature counts before it voids
        (("sahkan_dulu", "nomori_sesudahnya", "tarik"), "tanpa", "void"),  # nothing was signed under it
        (("nomori", "batalkan", "sahkan_dulu", "nomori_sesudahnya", "tarik"), "tanpa", "void"),
        (("nomori", "sahkan", "nomori_sesudahnya", "tarik"), "bernomor", "used"),
    ],
)
def test_a_number_stays_only_when_the_letter_was_signed_while_it_had_it(
    acts: tuple[str, ...], state: str, number: str
) -> None:
    on = stage(
        flow("""
    rules:
      bernomor: {if: letter.number is present, says: Belum bernomor.}
    states:
      konsep:
        start: true
        actions:
          nomori: {by: author, do: [{number: surat-keluar}]}
          batalkan: {by: author, do: [{number: void}]}
          sahkan_dulu: {by: author, do: [{signed: wet}], to: sah}
          sahkan: {by: author, do: [{signed: wet}], to: sah}
          sahkan_lalu_hapus: {by: author, do: [{signed: wet}, {number: void}], to: pilih}
      sah: {actions: {nomori_sesudahnya: {by: author, do: [{number: surat-keluar}], to: terkirim}}}
      terkirim: {actions: {tarik: {by: author, do: [{number: void}], to: pilih}}}
      pilih: {choose: [{when: bernomor, to: bernomor}, {else: true, to: tanpa}]}
      bernomor: {final: true}
      tanpa: {final: true}
    """)
    )
    for action in acts:
        do(on, "konseptor", action)
    assert (on.letter.state, on.number) == (state, number)


def test_nobody_is_sent_to_the_agenda_for_the_number_of_the_letter() -> None:
    made = flow("""
    rules:
      bernomor: {if: letter.number is present, says: Belum bernomor.}
      beragenda: {if: letter.agenda_number is present, says: Belum diagendakan.}
    states:
      a: {start: true, actions: {agendakan: {by: author, do: [{number: agenda-masuk}], to: b}}}
      b:
        actions:
          tutup: {by: author, needs: bernomor, to: c}
          selesai: {by: author, needs: beragenda, to: c}
      c: {final: true}
    """)
    on = stage(made)
    told = {each.action: each.remedy for each in explain_all(made, on.letter, actor("konseptor"), on.setting)}
    assert told["selesai"] is not None
    assert [make.what for make in told["selesai"].make] == ["state"]
    assert told["tutup"] is not None
    assert told["tutup"].never
    do(on, "konseptor", "agendakan")
    assert (on.letter.fields.get("number"), bool(on.letter.fields["agenda_number"])) == (None, True)


@pytest.mark.parametrize("done", [("nomori", "sahkan", "buka_lagi"), ("nomori", "sahkan")])
def test_nobody_is_told_that_a_number_signed_under_could_go_again(done: tuple[str, ...]) -> None:
    on = stage(flow(GIVEN_UP))
    for action in done:
        on.act(on.letter, action, {}, "konseptor")
    told = explain(on.flow, on.letter, actor("konseptor"), "terus", on.setting)
    assert told.remedy is not None
    assert told.remedy.never


def test_nobody_is_sent_to_sign_under_a_number_that_must_then_go() -> None:
    made = flow("""
    rules:
      tanpa_nomor: {if: letter.number is absent, says: Masih bernomor.}
    states:
      konsep: {start: true, edit: author, actions: {nomori: {by: author, do: [{number: surat-keluar}], to: dicetak}}}
      dicetak: {actions: {sahkan: {by: author, do: [{signed: wet}], to: sah}}}
      sah: {actions: {buka_lagi: {by: author, to: diperbaiki}}}
      diperbaiki:
        edit: author
        actions:
          hapus: {by: author, do: [{number: void}]}
          terus: {by: author, needs: tanpa_nomor, to: tanpa}
      tanpa: {final: true}
    """)
    told = explain(made, stage(made).letter, actor("konseptor"), "terus", stage(made).setting)
    assert told.remedy is not None
    assert told.remedy.never
