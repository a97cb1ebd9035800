"""Walking: what people can do next, with answers that rules take, and the way to the end."""

from __future__ import annotations

from engine_cases import MASUK, ORG, disposed, do, flow, fresh, stage

from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.rehearsal import Stage
from intranet_surat.workflow.walking import after, reaches_end, situation, take, ways

FORMS = """
cast: {a: author, b: role b of office}
rules:
  kode: {if: form.pindai.code equals letter.print_code, says: Kode salah.}
  cepat: {if: form.cara is cepat, says: Pilih cepat.}
  lain: {if: actor not among actors of konsep, says: Orang lain.}
forms:
  pindai: {pindai: {type: file, accept: [pdf], read_code: true, required: true}, catatan: {type: text}}
  cara: {cara: {type: choice, of: cara, required: true}, tanggal: {type: date, required: true}, ya: {type: yes-no, required: true}}
states:
  konsep: {start: true, actions: {cetak: {by: a, do: [{pdf: naskah, code: true}], to: dicetak}}}
  dicetak: {actions: {unggah: {by: b, ask: pindai, needs: kode, to: dipilih}}}
  dipilih: {actions: {pilih: {by: b, ask: cara, needs: cepat, to: cabang}, tutup: {by: a, needs: lain, to: akhir}}}
  cabang: {choose: [{when: cepat, to: akhir}, {else: true, to: konsep}]}
  akhir: {final: true}
"""


def named(on: Stage, **options: int) -> list[str]:
    return [str(way) for way in ways(on, **options)]


def test_ways_are_what_each_person_may_do_now():
    assert named(fresh()) == ["agendaris: naikkan", "agendaris: catat"]
    assert named(fresh({"scan": None})) == ["agendaris: catat"]


def test_ways_go_to_children_too():
    on = disposed("kabid-a")
    assert named(on) == [
        "pimpinan: tambah",
        "agendaris: catatan_tu",
        "kabid-a: teruskan",
        "kabid-a: lapor",
        "kabid-a: balik",
        "pimpinan: tarik",
    ]


def test_more_receivers_are_tried_when_asked_for():
    on = fresh()
    do(on, "agendaris", "naikkan")
    kinds = [len(way.form["kepada"]) for way in ways(on, action="disposisi", children=3)]
    assert kinds == [1, 2, 3]


def test_answers_satisfy_the_rules_that_read_the_form():
    on = Stage(flow(FORMS), LittleOrg(flow(FORMS), {}, {}), vocabularies={"cara": {"cepat": "C", "pelan": "P"}})
    acts = []
    while not (found := list(ways(on)))[0].action.startswith("pilih"):
        take(on, found[0])
        acts.append(found[0].action)
    assert acts == ["cetak", "unggah"]
    assert {way.form["cara"] for way in found} == {"cepat"}
    take(on, found[0])
    assert on.letter.state == "akhir"


def test_a_copy_goes_its_own_way():
    on = disposed("kabid-a")
    before = situation(on)
    way = next(way for way in ways(on) if way.action == "lapor")
    there = after(on, way)
    assert there is not None
    assert there.letter.state == "selesai"
    assert situation(on) == before
    assert on.letter.state == "didisposisi"
    assert all(piece.stage is there and piece.letter is there.letter for piece in there.pieces())


def test_a_letter_reaches_its_end_from_the_middle_of_the_work():
    on = disposed("kabid-a", "kabid-b")
    do(on, "kabid-a", "teruskan", kepada=["staf-a"], instruksi=["pelajari"])
    acts = reaches_end(on)
    assert acts is not None
    assert acts[-1].startswith(("kabid-", "staf-a"))
    assert on.letter.state == "didisposisi"


def test_a_letter_at_its_end_needs_no_act():
    on = fresh()
    do(on, "agendaris", "naikkan")
    do(on, "pimpinan", "selesai_saja")
    assert reaches_end(on) == ()


def test_a_stranded_letter_has_no_way_to_the_end():
    body = """
    cast: {a: author}
    rules: {tak: {if: letter.x is present, says: Isi.}}
    states:
      satu: {start: true, actions: {lanjut: {by: a, needs: tak, to: akhir}, diam: {by: a}}}
      akhir: {final: true}
    """
    assert reaches_end(stage(body)) is None
    assert reaches_end(stage(body, {"x": "ada"})) == ("a: lanjut",)


def test_a_state_that_the_flow_does_not_have_strands_the_letter():
    on = Stage(MASUK, LittleOrg(MASUK, ORG, {"scan": "abc"}))
    on.letter.state = "hilang"
    assert reaches_end(on) is None
