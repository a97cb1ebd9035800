"""Offers and refusals, what comes later, who waits, who reads, and where a letter is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from engine_cases import do, flow, stage

from intranet_surat.workflow import engine
from intranet_surat.workflow.overlay import over
from intranet_surat.workflow.rehearsal import Stage, actor
from intranet_surat.workflow.road import ahead

FLOW = flow("""
cast:
  konseptor: author
  tu: role tata_usaha of office
  pengawas: role pengawas of office
  penandatangan: holder of letter.signatory
  pemegang: holder of item
  pemberi: giver of item
rules:
  lengkap: {if: letter.body is present, says: Lengkapi isi.}
  kode: {if: form.kode equals letter.print_code, says: Kode salah.}
  basah: {if: letter.jalur is basah, says: x}
forms:
  alasan: {alasan: {type: text, required: true}}
  pindai: {kode: {type: text, required: true}}
  bagi: {kepada: {type: positions, from: staff under actor, required: true}}
states:
  konsep:
    title: Konsep
    start: true
    edit: konseptor
    actions:
      ajukan: {title: Ajukan, by: konseptor, needs: lengkap, to: paraf}
      pindai: {title: Pindai, by: konseptor, ask: pindai, needs: kode}
      batal: {title: Batal, by: konseptor, ask: alasan, to: batal}
  paraf:
    title: Paraf
    see: konseptor
    route:
      act: paraf
      title: Paraf
      levels: superiors of author below penandatangan
      reject: {act: kembalikan, title: Kembalikan, to: konsep}
      done: pilih
  pilih: {title: Pilih, choose: [{when: basah, to: cetak}, {else: true, to: ttd}]}
  cetak: {title: Cetak, actions: {cap: {by: tu, to: bagi}}}
  ttd:
    title: Tanda tangan
    see: "only [pengawas]"
    sign:
      act: tanda_tangani
      title: Tanda tangani
      by: penandatangan
      prepare: {act: siapkan, title: Siapkan, do: [{freeze: file}]}
      done: bagi
  bagi: {title: Bagi, actions: {bagikan: {title: Bagikan, by: penandatangan, ask: bagi, fan_out: {track: tugas, per: form.kepada}, to: dibagi}}}
  dibagi:
    title: Dibagi
    gather: {track: tugas, until: all, done: arsip, returned: bagi}
    actions: {catat: {title: Catat, by: tu}, tambah: {by: penandatangan, ask: bagi, fan_out: {track: tugas, per: form.kepada}}}
  arsip: {title: Arsip, final: true}
  batal: {title: Batal, final: true}
tracks:
  tugas:
    states:
      baru: {title: Baru, start: true, actions: {lapor: {title: Lapor, by: pemegang, to: jadi}, balik: {by: pemegang, to: pulang}, tarik: {by: pemberi, to: ditarik}}}
      jadi: {final: true, outcome: done}
      pulang: {final: true, outcome: returned}
      ditarik: {final: true, outcome: withdrawn}
""")
SENT = flow("""
cast: {konseptor: author}
rules: {ada: {if: letter.body is present, says: Isinya kosong; arsipkan saja.}}
states:
  konsep: {title: Konsep, start: true, edit: konseptor, actions: {selesai: {by: konseptor, to: siap}}}
  siap:
    title: Siap
    actions:
      kirim: {by: konseptor, needs: ada, to: arsip}
      arsipkan: {by: konseptor, to: arsip}
      ulang: {by: konseptor, to: konsep}
  arsip: {title: Arsip, final: true}
""")
SHARED_OUT = flow("""
cast: {konseptor: author, arsip: role arsiparis of office, penyalin: letter.penyalin}
rules: {ada: {if: letter.body is present, says: Isinya kosong; arsipkan saja.}}
states:
  konsep: {title: Konsep, start: true, edit: konseptor, actions: {selesai: {by: konseptor, to: siap}}}
  siap:
    title: Siap
    actions:
      kirim: {by: konseptor, needs: ada, to: arsip}
      arsipkan: {by: arsip, to: arsip}
      salin: {by: penyalin, to: arsip}
  arsip: {title: Arsip, final: true}
""")
ORG = {"author": "staf", "superiors": ["kabid", "kadis"], "staff": {"kadis": ["sekdis"]}}


def letter(jalur: str = "tte", body: str = "isi") -> Stage:
    return stage(FLOW, {"signatory": "kadis", "body": body, "jalur": jalur, "print_code": "qr"}, ORG)


def shared() -> Stage:
    on = letter()
    do(on, "staf", "ajukan")
    do(on, "kabid", "paraf")
    do(on, "kadis", "siapkan")
    do(on, "kadis", "tanda_tangani")
    do(on, "kadis", "bagikan", kepada=["kabid", "sekdis", "staf"])
    return on


def offered(on: Stage, who: str) -> dict[str, str]:
    return {each.action: each.says for each in engine.offers(FLOW, on.letter, actor(who), on.setting)}


def readers(on: Stage) -> dict[str, set[str]]:
    return {reason: set(who) for reason, who in engine.readers(FLOW, on.letter, on.setting).items()}


def test_every_action_of_the_state_is_offered_or_refused_with_a_sentence() -> None:
    assert offered(letter(), "staf") == {"ajukan": "", "pindai": "", "batal": ""}
    assert offered(letter(body=""), "staf")["ajukan"] == "Lengkapi isi."
    assert set(offered(letter(), "tu").values()) == {"Ini tugas Staf."}


def test_an_offer_says_how_it_looks() -> None:
    on = letter()
    ajukan, pindai, batal = engine.offers(FLOW, on.letter, actor("staf"), on.setting)
    assert (ajukan.title, ajukan.kind, ajukan.to, ajukan.form, ajukan.who) == (
        "Ajukan",
        "action",
        "paraf",
        None,
        ("staf",),
    )
    assert pindai.form is FLOW.forms["pindai"]
    assert (batal.to, batal.fan_out) == ("batal", False)


def test_a_rule_about_the_answers_refuses_only_at_the_act() -> None:
    assert offered(letter(), "staf")["pindai"] == ""


def test_routes_and_signatures_offer_their_acts_by_kind() -> None:
    on = letter()
    do(on, "staf", "ajukan")
    kinds = [
        (each.action, each.kind, each.allowed) for each in engine.offers(FLOW, on.letter, actor("kabid"), on.setting)
    ]
    assert kinds == [("paraf", "initial", True), ("kembalikan", "reject", True)]
    do(on, "kabid", "paraf")
    kinds = [
        (each.action, each.kind, each.allowed) for each in engine.offers(FLOW, on.letter, actor("kadis"), on.setting)
    ]
    assert kinds == [("siapkan", "prepare", True), ("tanda_tangani", "sign", False)]


def test_what_comes_later_names_the_state_that_is_not_reached() -> None:
    on = letter()
    later = {each.action: each.says for each in engine.later(FLOW, on.letter, actor("kadis"), on.setting)}
    assert later == {
        "siapkan": "Surat belum sampai di keadaan 'Tanda tangan'.",
        "tanda_tangani": "Surat belum sampai di keadaan 'Tanda tangan'.",
        "bagikan": "Surat belum sampai di keadaan 'Bagi'.",
        "tambah": "Surat belum sampai di keadaan 'Dibagi'.",
    }
    assert [each.action for each in engine.later(FLOW, on.letter, actor("kabid"), on.setting)] == [
        "paraf",
        "kembalikan",
    ]
    assert [each.action for each in engine.later(FLOW, on.letter, actor("tu"), on.setting)] == ["cap", "catat"]


def test_what_lies_behind_is_not_told_as_coming_later() -> None:
    on = letter()
    do(on, "staf", "ajukan")
    assert engine.later(FLOW, on.letter, actor("staf"), on.setting) == ()
    assert "konsep" not in [state.name for state in ahead(FLOW, on.letter)]


def test_a_chain_that_cannot_be_computed_promises_nothing_later() -> None:
    on = stage(FLOW, {"signatory": "kades"}, ORG)
    assert engine.later(FLOW, on.letter, actor("kabid"), on.setting) == ()


def test_the_letter_waits_for_those_who_do_the_first_action() -> None:
    on = shared()
    steps = {"konsep": ("staf",), "cetak": ("tata_usaha",), "bagi": ("kadis",), "ttd": ("kadis",), "arsip": ()}
    on.org.roles["tata_usaha"] = ("tata_usaha",)
    for state, who in steps.items():
        assert engine.waits_for(FLOW, replace(over(on.letter), state=state), on.setting) == who


def test_what_comes_next_is_the_first_action_also_while_it_must_be_made_possible_here() -> None:
    for body in ("isi", ""):
        named = engine.expected(FLOW, letter(body=body).letter, letter(body=body).setting)
        assert named is not None
        assert named.action.name == "ajukan"


def test_what_the_letter_rules_out_is_neither_what_comes_next_nor_on_the_way_ahead() -> None:
    for body, named, shut in (("isi", "kirim", set()), ("", "arsipkan", {"kirim"})):
        on = stage(SENT, {"body": body}, ORG)
        assert engine.closed(SENT, on.letter, on.setting, "siap") == set()  # it can still be written here
        do(on, "staf", "selesai")
        found = engine.expected(SENT, on.letter, on.setting)
        assert found is not None
        assert found.action.name == named
        assert engine.closed(SENT, on.letter, on.setting, "siap") == shut


@pytest.mark.parametrize(("body", "more", "named"), [("isi", "", "kirim"), ("", "", None), ("", "staf", "salin")])
def test_who_is_waited_for_is_told_of_an_act_of_his_own_or_of_none(body: str, more: str, named: str | None) -> None:
    on = stage(SHARED_OUT, {"body": body, "penyalin": more}, ORG | {"roles": {"arsiparis": ["arsip"]}})
    do(on, "staf", "selesai")
    waiting = engine.waits_for(SHARED_OUT, on.letter, on.setting)
    assert waiting == ("staf",)
    following = engine.left_open(SHARED_OUT, on.letter, on.setting)
    found = engine.own_next(SHARED_OUT, on.letter, on.setting, waiting, following)
    assert {who: deed.action.name for who, deed in found.items()} == ({"staf": named} if named else {})
    assert following[0].action.name == ("kirim" if body else "arsipkan")


@pytest.mark.parametrize(
    ("body", "more", "who"), [("isi", "", ("staf",)), ("", "", ("arsip",)), ("", "staf", ("staf",))]
)
def test_it_is_said_to_wait_for_who_can_go_on(body: str, more: str, who: tuple[str, ...]) -> None:
    on = stage(SHARED_OUT, {"body": body, "penyalin": more}, ORG | {"roles": {"arsiparis": ["arsip"]}})
    do(on, "staf", "selesai")
    assert engine.awaited(SHARED_OUT, on.letter, on.setting) == who


def test_where_nobody_holds_the_post_of_the_first_act_who_can_do_another_is_said_to_go_on() -> None:
    body = """
    cast: {arsip: role arsiparis of office, kepala: head of office}
    rules: {berisi: {if: letter.body is present, says: Kosong.}}
    states:
      konsep: {start: true, edit: author, actions: {selesai: {by: author, to: siap}}}
      siap:
        actions:
          kirim: {by: author, needs: berisi, to: tutup}
          arsipkan: {by: arsip, to: tutup}
          ambil: {by: kepala, to: tutup}
      tutup: {final: true}
    """
    made = flow(body)
    on = stage(made, {"body": ""}, ORG | {"roles": {"arsiparis": ["arsip"]}})
    do(on, "staf", "selesai")
    assert engine.awaited(made, on.letter, on.setting) == ("arsip",)
    on.org.roles["arsiparis"] = ()
    assert engine.awaited(made, on.letter, replace(on.setting, org=on.org)) == ("kepala",)


def test_who_initials_or_signs_is_who_can_go_on() -> None:
    on = shared()
    for state in ("ttd", "bagi", "arsip"):
        here = replace(over(on.letter), state=state)
        assert engine.awaited(FLOW, here, on.setting) == engine.waits_for(FLOW, here, on.setting)


PARTING = flow("""
cast: {kepala: head of office}
rules:
  keuangan: {if: 'letter.classification under "900"', says: Keuangan.}
  bernomor: {if: letter.number is present, says: Bernomor.}
  setuju: {if: form.setuju is yes, says: Setuju.}
  olehnya: {if: actor among kepala, says: Olehnya.}
  dibagi: {if: some t is open, says: Dibagi.}
  uang_bernomor: {if: keuangan and bernomor, says: Keduanya.}
  bertanggal: {if: letter.letter_date is present, says: Bertanggal.}
forms: {tanya: {setuju: {type: yes-no}}, bagi: {kepada: {type: positions, from: staff under author}}}
states:
  awal:
    start: true
    edit: author
    actions:
      a: {by: author, do: [{number: surat-keluar}], to: fakta}
      b: {by: author, ask: tanya, to: isian}
      c: {by: author, to: orang}
      d: {by: author, ask: bagi, fan_out: {track: t, per: form.kepada}, to: anak}
      e: {by: author, to: nomor}
      f: {by: author, to: keduanya}
      g: {by: author, to: tanggal}
  fakta: {choose: [{when: keuangan, to: basah}, {else: true, to: biasa}]}
  isian: {choose: [{when: setuju, to: basah}, {else: true, to: biasa}]}
  orang: {choose: [{when: olehnya, to: basah}, {else: true, to: biasa}]}
  anak: {choose: [{when: dibagi, to: basah}, {else: true, to: biasa}]}
  nomor: {choose: [{when: keuangan, to: basah}, {when: bernomor, to: lain}, {else: true, to: biasa}]}
  keduanya: {choose: [{when: uang_bernomor, to: basah}, {else: true, to: biasa}]}
  tanggal: {choose: [{when: bertanggal, to: basah}, {else: true, to: biasa}]}
  basah: {final: true}
  biasa: {final: true}
  lain: {final: true}
tracks:
  t: {states: {baru: {start: true, actions: {beres: {by: holder of item, to: selesai}}}, selesai: {final: true, outcome: done}}}
""")


@pytest.mark.parametrize(
    ("state", "finance", "other"),
    [
        ("fakta", "basah", "biasa"),
        ("isian", None, None),
        ("orang", None, None),
        ("anak", None, None),
        ("nomor", "basah", None),
        ("keduanya", None, None),
        ("tanggal", None, None),
    ],
)
def test_a_branch_ahead_is_known_when_no_act_to_come_decides_it(
    state: str, finance: str | None, other: str | None
) -> None:
    for classification, named in (("900.1.3", finance), ("600", other)):
        on = stage(PARTING, {"classification": classification}, ORG)
        assert engine.branch(PARTING, on.letter, on.setting, state) == named


def test_at_the_end_nothing_comes_next() -> None:
    on = letter()
    do(on, "staf", "batal", alasan="Keliru")
    assert engine.expected(FLOW, on.letter, on.setting) is None


def test_a_returned_child_is_on_its_givers_worklist_until_he_acts() -> None:
    on = shared()
    assert engine.waits_for(FLOW, on.letter, on.setting) == ()
    do(on, "sekdis", "balik")
    assert engine.waits_for(FLOW, on.letter, on.setting) == ("kadis",)
    do(on, "tu", "catat")
    assert engine.waits_for(FLOW, on.letter, on.setting) == ("kadis",)
    do(on, "kadis", "tambah", kepada=["sekdis"])
    assert engine.waits_for(FLOW, on.letter, on.setting) == ()
    do(on, "kadis", "tarik")
    assert engine.waits_for(FLOW, on.letter, on.setting) == ()


def test_everybody_whom_an_action_names_can_act() -> None:
    on = shared()
    assert engine.can_act(FLOW, on.letter, on.setting) == {"tu", "kadis"}
    assert engine.can_act(FLOW, replace(over(on.letter), state="arsip"), on.setting) == frozenset()


def test_readers_are_those_who_act_see_acted_or_hold() -> None:
    on = letter()
    assert readers(on) == {"act": {"staf"}, "see": set(), "acted": {"staf"}, "holder": set()}
    do(on, "staf", "ajukan")
    assert readers(on) == {"act": {"kabid"}, "see": {"staf"}, "acted": {"staf"}, "holder": set()}
    on = shared()
    found = readers(on)
    assert found["acted"] == {"staf", "kabid", "kadis"}
    assert found["holder"] == {"kabid", "sekdis", "staf"}


def test_nobody_below_reads_before_the_head_has_shared_the_letter() -> None:
    on = letter()
    do(on, "staf", "ajukan")
    do(on, "kabid", "paraf")
    assert not any("sekdis" in who for who in readers(on).values())


def test_see_only_narrows_to_those_named_and_those_who_can_act() -> None:
    on = letter()
    do(on, "staf", "ajukan")
    do(on, "kabid", "paraf")
    assert readers(on) == {"act": {"kadis"}, "see": {"pengawas"}, "acted": set(), "holder": set()}


def test_what_was_withdrawn_is_not_read_by_its_holder() -> None:
    on = shared()
    piece = next(each for each in on.letter.pieces if each.holder == "sekdis")
    do(on, "kadis", "tarik", piece)
    assert "sekdis" not in readers(on)["holder"]
    mine = engine.readers(FLOW, piece, on.setting)
    assert not any("sekdis" in who for who in mine.values())
    assert "kadis" in mine["holder"]


def test_a_child_is_read_by_those_on_it_and_not_by_its_siblings() -> None:
    on = shared()
    piece = on.letter.pieces[1]
    do(on, "kabid", "lapor")
    found = {who for reason in engine.readers(FLOW, piece, on.setting).values() for who in reason}
    assert found == {"sekdis", "kadis"}


def test_the_archivist_reads_what_is_final() -> None:
    on = letter()
    do(on, "staf", "batal", alasan="Tidak jadi")
    assert readers(on)["see"] == {"arsiparis"}


def test_an_item_in_a_state_that_its_flow_does_not_know_offers_nothing() -> None:
    on = letter()
    lost = replace(over(on.letter), state="hilang")
    assert engine.offers(FLOW, lost, actor("staf"), on.setting) == ()
    assert engine.waits_for(FLOW, lost, on.setting) == ()
    assert ahead(FLOW, lost) == ()
