"""Acts, forms, child items and automatic steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from engine_cases import do, flow, only_decide, stage

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.workflow import engine
from intranet_surat.workflow.overlay import over
from intranet_surat.workflow.rehearsal import Stage, actor
from intranet_surat.workflow.view import Initial

MASUK = flow(
    """
    cast:
      agendaris: role agendaris of office
      pimpinan: holder of letter.addressee
      pemegang: holder of item
      pemberi: giver of item
    rules:
      ada_pindai: {if: letter.scan is present, says: Unggah pindaian dulu.}
      belum_dibaca: {if: item.read is absent, says: Sudah dibaca.}
      bukan_rahasia: {if: letter.security is not R, says: Surat rahasia.}
    forms:
      lembar:
        kepada: {title: Kepada, type: positions, from: staff under actor, required: true}
        utama: {type: position, from: form.kepada}
        instruksi: {type: choices, of: instruksi-disposisi, required: true}
        catatan: {type: text}
        batas: {type: deadline, default: 3 working days, at_most: 14 working days}
        lapor: {type: yes-no, default: true}
      alasan: {alasan: {type: text, required: true}}
    states:
      dicatat:
        title: Dicatat
        start: true
        on_enter: [{number: agenda-masuk}]
        edit: agendaris
        deadline: {within: 1 working day}
        actions:
          naikkan: {title: Naikkan, by: agendaris, needs: ada_pindai, to: menunggu}
          catat: {title: Catat, by: agendaris, ask: alasan}
      menunggu:
        title: Menunggu disposisi
        actions:
          disposisi: {title: Disposisi, by: pimpinan, ask: lembar, fan_out: {track: disposisi, per: form.kepada}, to: didisposisi}
          selesai_saja: {title: Cukup, by: pimpinan, to: selesai}
      didisposisi:
        gather: {track: disposisi, until: all, done: selesai, returned: menunggu}
        actions:
          tambah: {by: pimpinan, ask: lembar, fan_out: {track: disposisi, per: form.kepada}}
          catatan_tu: {by: agendaris, ask: alasan}
      selesai: {final: true}
    tracks:
      disposisi:
        states:
          diterima:
            start: true
            on_enter: [{notify: pemegang}]
            deadline: {within: item.batas}
            actions:
              teruskan: {by: pemegang, needs: bukan_rahasia, ask: lembar, fan_out: {track: disposisi, per: form.kepada}, to: diteruskan}
              lapor: {by: pemegang, to: selesai}
              balik: {by: pemegang, ask: alasan, to: kembali}
              tarik: {by: pemberi, needs: belum_dibaca, to: ditarik}
          diteruskan: {gather: {track: disposisi, until: all, done: selesai, returned: diterima}}
          selesai: {final: true, outcome: done}
          kembali: {final: true, outcome: returned}
          ditarik: {final: true, outcome: withdrawn}
    """,
    "masuk",
)
ORG = {"staff": {"pimpinan": ["kabid-a", "kabid-b", "kabid-c"], "kabid-a": ["staf-a"]}}
PELAJARI = {"instruksi": ["pelajari"]}


def fresh(letter: dict[str, Any] | None = None) -> Stage:
    return stage(MASUK, {"scan": "abc", **(letter or {})}, ORG)


def disposed(*kepada: str, letter: dict[str, Any] | None = None) -> Stage:
    on = fresh(letter)
    do(on, "agendaris", "naikkan")
    do(on, "pimpinan", "disposisi", kepada=list(kepada), **PELAJARI)
    return on


def child(on: Stage, holder: str) -> Any:
    return next(piece for piece in on.pieces() if piece.holder == holder)


def test_a_letter_begins_in_the_start_state_with_its_effects_and_deadline() -> None:
    on = fresh()
    blank = replace(over(on.letter), state="", acts=())
    begun = engine.start(MASUK, blank, actor("agendaris"), on.setting)
    assert (begun.action, begun.state, begun.entered, begun.new_version) == ("", "dicatat", True, False)
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
    with pytest.raises(NotAllowed, match=r"^Ini tugas Tu 1, Tu 2, Tu 3 atau 2 jabatan lain\.$"):
        only_decide(on, "orang", "pergi")
    on.org.roles["tata_usaha"] = ()
    with pytest.raises(NotAllowed, match="Belum ada jabatan yang dapat melakukan ini"):
        only_decide(on, "tu_1", "pergi")


def test_a_rule_that_does_not_hold_refuses_with_its_own_sentence() -> None:
    on = stage(MASUK, {}, ORG)
    with pytest.raises(NotAllowed, match=r"^Unggah pindaian dulu\.$"):
        only_decide(on, "agendaris", "naikkan")


def test_an_action_of_another_state_names_where_the_letter_is() -> None:
    with pytest.raises(NotAllowed, match="'Disposisi' tidak dapat dilakukan sekarang: surat di keadaan 'Dicatat'"):
        only_decide(fresh(), "pimpinan", "disposisi")
    with pytest.raises(NotAllowed, match="tidak ada di keadaan 'Dicatat'"):
        only_decide(fresh(), "pimpinan", "hapus_semua")


def test_an_act_without_a_next_state_stays_and_enters_nothing() -> None:
    on = fresh()
    outcome = only_decide(on, "agendaris", "catat", alasan="Lampiran menyusul")
    assert (outcome.state, outcome.entered, outcome.due, outcome.new_version) == ("dicatat", False, None, False)
    assert outcome.form == {"alasan": "Lampiran menyusul"}
    assert [step.effects for step in outcome.steps] == [()]


def test_each_recipient_gets_a_child_with_the_answers_as_its_own() -> None:
    on = fresh()
    do(on, "agendaris", "naikkan")
    outcome = only_decide(
        on, "pimpinan", "disposisi", kepada=["kabid-b", "kabid-a", "kabid-b"], utama="kabid-a", catatan=" Segera ", **PELAJARI
    )
    assert [new.holder for new in outcome.children] == ["kabid-b", "kabid-a"]
    first, second = outcome.children
    assert (first.track, first.state) == ("disposisi", "diterima")
    assert [effect.name for effect in first.effects] == ["notify"]
    batas = "2026-11-19T09:00:00+00:00"
    assert first.fields == {
        "kepada": "kabid-b",
        "utama": False,
        "instruksi": ["pelajari"],
        "catatan": "Segera",
        "batas": batas,
        "lapor": True,
    }
    assert second.fields["utama"] is True
    assert first.due == datetime.fromisoformat(batas)
    assert outcome.form["kepada"] == ["kabid-b", "kabid-a"]
    assert (outcome.state, outcome.entered) == ("didisposisi", True)


def test_the_only_recipient_is_the_main_one() -> None:
    assert child(disposed("kabid-a"), "kabid-a").fields["utama"] is True
    both = disposed("kabid-a", "kabid-b")
    assert [child(both, each).fields["utama"] for each in ("kabid-a", "kabid-b")] == [False, False]


def test_recipients_come_from_the_cast_and_from_the_other_field() -> None:
    on = fresh()
    do(on, "agendaris", "naikkan")
    with pytest.raises(Invalid) as wrong:
        only_decide(on, "pimpinan", "disposisi", kepada=["kabid-a", "agendaris"], utama="kabid-c", **PELAJARI)
    assert wrong.value.fields == {
        "kepada": "'Agendaris' tidak ada di daftar pilihan.",
        "utama": "'Kabid-c' tidak ada di daftar pilihan.",
    }
    with pytest.raises(Invalid) as empty:
        only_decide(on, "pimpinan", "disposisi", kepada=[], **PELAJARI)
    assert empty.value.fields == {"kepada": "Kepada harus diisi."}


def test_who_holds_the_letter_still_is_not_given_it_again() -> None:
    on = disposed("kabid-a")
    with pytest.raises(Invalid) as wrong:
        only_decide(on, "pimpinan", "tambah", kepada=["kabid-a", "kabid-b"], **PELAJARI)
    assert "Kabid-a masih memegang surat ini" in wrong.value.fields["kepada"]
    do(on, "pimpinan", "tambah", kepada=["kabid-b", "kabid-c", "staf-a"], **PELAJARI)
    says = next(each.says for each in engine.offers(MASUK, on.letter, actor("pimpinan"), on.setting))
    assert says == "Semua jabatan yang dapat dipilih sudah memegang surat ini."


def test_adding_recipients_enters_nothing_again() -> None:
    on = disposed("kabid-a")
    entered = on.letter.entered
    outcome = do(on, "pimpinan", "tambah", kepada=["kabid-b"], **PELAJARI)
    assert (outcome.entered, outcome.state, on.letter.entered) == (False, "didisposisi", entered)
    assert [piece.holder for piece in on.letter.pieces] == ["kabid-a", "kabid-b"]


def test_the_parent_closes_when_all_are_final_and_one_is_done() -> None:
    on = disposed("kabid-a", "kabid-b")
    do(on, "kabid-a", "lapor")
    assert on.letter.state == "didisposisi"
    assert engine.gathered(MASUK, on.letter, on.setting) is None
    do(on, "kabid-b", "balik", alasan="Bukan bidang kami")
    assert on.letter.state == "selesai"
    assert (on.acts[-1].action, on.acts[-1].person) == ("", "")


def test_when_none_is_done_the_letter_is_the_givers_again() -> None:
    on = disposed("kabid-a", "kabid-b")
    do(on, "kabid-a", "balik", alasan="Bukan bidang kami")
    do(on, "pimpinan", "tarik", child(on, "kabid-b"))
    assert on.letter.state == "menunggu"
    assert engine.waits_for(MASUK, on.letter, on.setting) == ("pimpinan",)


def test_children_of_an_earlier_round_do_not_close_a_later_one() -> None:
    made = flow("""
    cast: {bos: author}
    forms: {f: {kepada: {type: positions, from: staff under actor, required: true}}}
    states:
      a: {start: true, actions: {bagi: {by: bos, ask: f, fan_out: {track: t, per: form.kepada}, to: b}}}
      b: {gather: {track: t, until: all, done: c, returned: d}}
      c: {actions: {lagi: {by: bos, to: a}, tutup: {by: bos, to: e}}}
      d: {actions: {tutup_kosong: {by: bos, to: e}}}
      e: {final: true}
    tracks:
      t:
        states:
          baru: {start: true, actions: {lapor: {by: holder of item, to: jadi}, balik: {by: holder of item, to: kembali}}}
          jadi: {final: true, outcome: done}
          kembali: {final: true, outcome: returned}
    """)
    on = stage(made, {}, {"author": "bos", "staff": {"bos": ["x", "y"]}})
    do(on, "bos", "bagi", kepada=["x"])
    do(on, "x", "lapor")
    assert on.letter.state == "c"
    do(on, "bos", "lagi")
    do(on, "bos", "bagi", kepada=["y"])
    do(on, "y", "balik")
    assert on.letter.state == "d"


@pytest.mark.parametrize(
    ("until", "ends", "expected"),
    [
        ("any", ["balik"], "menunggu"),
        ("any", ["balik", "lapor"], "selesai"),
        ("any", ["balik", "balik", "balik"], "kembali"),
        ("most", ["lapor"], "menunggu"),
        ("most", ["lapor", "balik"], "menunggu"),
        ("most", ["lapor", "lapor"], "selesai"),
        ("most", ["lapor", "balik", "balik"], "selesai"),
        ("most", ["balik", "balik", "balik"], "kembali"),
        ("all", ["lapor", "lapor"], "menunggu"),
    ],
)
def test_how_many_children_are_waited_for(until: str, ends: list[str], expected: str) -> None:
    made = flow(f"""
    forms: {{f: {{kepada: {{type: positions, from: staff under actor}}}}}}
    states:
      a: {{start: true, actions: {{bagi: {{by: author, ask: f, fan_out: {{track: t, per: form.kepada}}, to: menunggu}}}}}}
      menunggu: {{gather: {{track: t, until: {until}, done: selesai, returned: kembali}}}}
      selesai: {{final: true}}
      kembali: {{final: true}}
    tracks:
      t:
        states:
          baru: {{start: true, actions: {{lapor: {{by: holder of item, to: jadi}}, balik: {{by: holder of item, to: pulang}}}}}}
          jadi: {{final: true, outcome: done}}
          pulang: {{final: true, outcome: returned}}
    """)
    on = stage(made, {}, {"author": "bos", "staff": {"bos": ["x", "y", "z"]}})
    do(on, "bos", "bagi", kepada=["x", "y", "z"])
    for who, how in zip("xyz", ends, strict=False):
        do(on, who, how)
    assert on.letter.state == expected


def test_a_fan_out_needs_a_recipient_even_when_the_form_does_not() -> None:
    made = flow("""
    forms: {f: {kepada: {type: positions, from: staff under actor}}}
    states:
      a: {start: true, actions: {bagi: {by: author, ask: f, fan_out: {track: t, per: form.kepada}, to: b}}}
      b: {gather: {track: t, until: all, done: c, returned: c}}
      c: {final: true}
    tracks: {t: {states: {baru: {start: true, actions: {lapor: {by: author, to: jadi}}}, jadi: {final: true, outcome: done}}}}
    """)
    on = stage(made, {}, {"author": "bos", "staff": {"bos": ["x"]}})
    with pytest.raises(Invalid) as wrong:
        only_decide(on, "bos", "bagi")
    assert wrong.value.fields == {"kepada": "Pilih paling sedikit satu penerima."}


def test_a_gather_with_no_children_is_passed_at_once() -> None:
    made = flow("""
    forms: {f: {kepada: {type: positions, from: staff under actor}}}
    states:
      a: {start: true, actions: {lewati: {by: author, to: b}, bagi: {by: author, ask: f, fan_out: {track: t, per: form.kepada}, to: b}}}
      b: {gather: {track: t, until: all, done: c, returned: d}}
      c: {final: true}
      d: {actions: {tutup: {by: author, to: c}}}
    tracks: {t: {states: {baru: {start: true, actions: {lapor: {by: author, to: jadi}}}, jadi: {final: true, outcome: done}}}}
    """)
    outcome = only_decide(stage(made), "konseptor", "lewati")
    assert [(step.state_from, step.state_to) for step in outcome.steps] == [("a", "b"), ("b", "d")]


def test_a_branch_sees_what_the_act_has_just_set() -> None:
    made = flow("""
    rules:
      basah: {if: letter.signed is wet, says: x}
      merah: {if: letter.warna is merah, says: x}
      dipilih: {if: form.jalur is kiri, says: x}
    forms: {f: {jalur: {type: text}}}
    states:
      a:
        start: true
        actions:
          tandai: {by: author, do: [{signed: wet}], to: pilih}
          warnai: {by: author, do: [{set: {warna: merah}}], to: pilih}
          lewat: {by: author, to: pilih}
          belok: {by: author, ask: f, to: pilih_lagi}
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
    assert [offer.allowed for offer in engine.offers(made, on.letter, actor("konseptor"), on.setting)] == [True] * 4


def test_coming_back_to_a_state_that_edits_opens_a_new_version() -> None:
    made = flow("""
    states:
      konsep: {start: true, edit: author, actions: {ajukan: {by: author, to: periksa}}}
      periksa: {actions: {balik: {by: author, to: konsep}, lulus: {by: author, to: habis}}}
      habis: {final: true}
    """)
    on = stage(made)
    assert do(on, "konseptor", "ajukan").new_version is False
    assert do(on, "konseptor", "balik").new_version is True


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
