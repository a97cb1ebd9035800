"""Child items: one for each recipient, gathered again by their parent."""

from __future__ import annotations

from datetime import datetime

import pytest
from engine_cases import MASUK, PELAJARI, child, disposed, do, flow, fresh, only_decide, stage

from intranet_surat.errors import Invalid
from intranet_surat.workflow import engine
from intranet_surat.workflow.rehearsal import actor


def test_each_recipient_gets_a_child_with_the_answers_as_its_own() -> None:
    on = fresh()
    do(on, "agendaris", "naikkan")
    outcome = only_decide(
        on,
        "pimpinan",
        "disposisi",
        kepada=["kabid-b", "kabid-a", "kabid-b"],
        utama="kabid-a",
        catatan=" Segera ",
        **PELAJARI,
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


def test_where_a_child_begins_may_depend_on_who_gives_it_and_on_what_is_entered() -> None:
    made = flow("""
    cast: {a: author, b: role b of office, h: holder of item}
    rules: {dari_b: {if: actor among b, says: x}, segera: {if: form.cara is segera, says: x}}
    forms: {bagi: {kepada: {type: positions, from: staff under actor, required: true}, cara: {type: text}}}
    states:
      awal: {start: true, actions: {bagikan: {by: [a, b], ask: bagi, fan_out: {track: tugas, per: form.kepada}}, tutup: {by: a, to: akhir}}}
      akhir: {final: true}
    tracks:
      tugas:
        states:
          mulai: {start: true, choose: [{when: dari_b, to: satu}, {when: segera, to: dua}, {else: true, to: tiga}]}
          satu: {actions: {jadi_satu: {by: h, to: jadi}}}
          dua: {deadline: {within: 2 hours}, actions: {jadi_dua: {by: h, to: jadi}}}
          tiga: {actions: {jadi_tiga: {by: h, to: jadi}}}
          jadi: {final: true, outcome: done}
    """)
    on = stage(made, {}, {"staff": {"a": ["x"], "b": ["y"]}})
    begun = {
        (who, cara): only_decide(on, who, "bagikan", kepada=[to], cara=cara).children[0]
        for who, to in (("a", "x"), ("b", "y"))
        for cara in ("segera", "biasa")
    }
    assert {key: new.state for key, new in begun.items()} == {
        ("a", "segera"): "dua",
        ("a", "biasa"): "tiga",
        ("b", "segera"): "satu",
        ("b", "biasa"): "satu",
    }
    assert begun["a", "segera"].due == datetime.fromisoformat("2026-11-16T04:00:00+00:00")
