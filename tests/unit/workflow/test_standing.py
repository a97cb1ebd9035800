"""Stand-ins in the tests of a flow file: who acts for whom, as the engine decides without a database."""

from __future__ import annotations

import pytest
from engine_cases import do, flow, stage

from intranet_surat.errors import NotAllowed

BODY = """
    cast:
      konseptor: author
      kadis: holder of letter.signatory
      tu: role tata_usaha of office
    absence:
      - {stand_in: plh, needs_order: true}
      - {stand_in: substitute}
      - {stand_in: none, notify: tu}
    states:
      konsep:
        start: true
        edit: konseptor
        actions: {ajukan: {by: konseptor, to: paraf}}
      paraf:
        route: {act: paraf, levels: superiors of author below kadis, stand_in: true, done: ttd}
      ttd:
        sign:
          act: ttd
          by: kadis
          %s
          prepare: {act: siapkan, do: [{number: surat-keluar}, {pdf: naskah}, {freeze: file}]}
          done: selesai
        actions:
          tolak: {by: kadis, to: konsep}
          simpan: {by: kadis, stand_in: false, to: selesai}
      selesai: {final: true}
"""
WITH, WITHOUT = flow(BODY % "stand_in: true"), flow(BODY % "")
LETTER = {"signatory": "kadis", "kind": "surat-dinas", "security": "B"}


def at_signature(of=WITH, letter=None, **org):
    on = stage(of, {**LETTER, **(letter or {})}, {"author": "staf", "superiors": ["kabid", "kadis"], **org})
    do(on, "staf", "ajukan")
    do(on, "kabid", "paraf")
    return on


def refused(on, who, action):
    with pytest.raises(NotAllowed) as error:
        do(on, who, action)
    return error.value.message


def test_the_act_belongs_to_the_position_and_to_the_person_who_acts_for_it():
    on = at_signature(plh={"kadis": "sekretaris"})
    do(on, "sekretaris", "siapkan")
    do(on, "sekretaris", "ttd")
    assert (on.acts[-1].position, on.acts[-1].person, on.letter.state) == ("kadis", "sekretaris", "selesai")


def test_who_stands_in_for_nobody_is_told_whose_task_it_is():
    assert refused(at_signature(), "sekretaris", "tolak") == "Ini tugas Kadis."


def test_left_out_a_signature_and_its_preparation_are_the_holders_own():
    on = at_signature(WITHOUT, plh={"kadis": "sekretaris"})
    assert refused(on, "sekretaris", "siapkan") == "'siapkan' hanya dapat dilakukan Kadis sendiri, tidak oleh Plh."
    do(on, "sekretaris", "tolak")
    assert on.letter.state == "konsep"


def test_an_action_may_be_the_holders_own():
    says = "'simpan' hanya dapat dilakukan Kadis sendiri, tidak oleh Plh."
    assert refused(at_signature(plh={"kadis": "sekretaris"}), "sekretaris", "simpan") == says


def test_a_capacity_that_the_flow_does_not_name_is_not_taken():
    says = "Alur surat ini tidak menerima Plt.; surat menunggu Kadis sendiri."
    assert refused(at_signature(plt={"kadis": "sekretaris"}), "sekretaris", "tolak") == says


def test_without_a_number_of_an_order_nobody_acts_where_one_is_needed():
    on = at_signature(plh={"kadis": "sekretaris"}, order={"kadis": ""})
    says = "Plh. Kadis memerlukan surat perintah bernomor untuk alur surat ini."
    assert refused(on, "sekretaris", "tolak") == says


def test_a_substitute_acts_only_while_the_holder_is_away():
    assert refused(at_signature(substitute={"kadis": "sekretaris"}), "sekretaris", "tolak") == "Ini tugas Kadis."
    on = at_signature(substitute={"kadis": "sekretaris"}, absent=["kadis"])
    do(on, "sekretaris", "tolak")
    assert on.letter.state == "konsep"


def test_a_substitute_gives_way_to_the_one_who_was_appointed():
    on = at_signature(substitute={"kadis": "sekretaris"}, plh={"kadis": "asisten"}, absent=["kadis"])
    says = "Kadis sekarang diwakili Plh.; Pengganti tidak bertindak di sampingnya."
    assert refused(on, "sekretaris", "tolak") == says


@pytest.mark.parametrize(
    ("scope", "letter", "says"),
    [
        ({"kinds": ["undangan"]}, {}, "Jenis naskah ini di luar lingkup surat perintah SP-UJI."),
        ({}, {"security": "R"}, "Surat bersifat Rahasia; surat perintah SP-UJI hanya sampai Terbatas."),
        ({"signs": False}, {}, "Surat perintah SP-UJI tidak memberi wewenang menandatangani."),
    ],
)
def test_the_order_says_how_far_it_reaches(scope, letter, says):
    on = at_signature(letter=letter, plh={"kadis": "sekretaris"}, scope={"kadis": scope})
    assert refused(on, "sekretaris", "siapkan") == says


def test_a_wider_order_reaches_further():
    scope = {"kadis": {"ceiling": "R", "kinds": ["surat-dinas"]}}
    on = at_signature(letter={"security": "R"}, plh={"kadis": "sekretaris"}, scope=scope)
    do(on, "sekretaris", "siapkan")


def test_an_unknown_level_counts_as_the_highest():
    on = at_signature(letter={"security": "X"}, plh={"kadis": "sekretaris"}, scope={"kadis": {"ceiling": "SR"}})
    assert "hanya sampai Sangat rahasia" in refused(on, "sekretaris", "tolak")


@pytest.mark.parametrize(("form", "printed"), [("an", "a.n."), ("ub", "u.b.")])
def test_on_behalf_of_another_only_by_order_and_never_through_a_stand_in(form, printed):
    on = at_signature(letter={"signing_form": form})
    says = f"Kadis belum mempunyai surat perintah untuk menandatangani {printed}"
    assert refused(on, "kadis", "siapkan") == says
    on = at_signature(letter={"signing_form": form}, plh={"kadis": "sekretaris"}, **{form: ["kadis"]})
    assert "wewenang tidak diteruskan lagi" in refused(on, "sekretaris", "siapkan")
    on = at_signature(letter={"signing_form": form}, **{form: ["kadis"]})
    do(on, "kadis", "siapkan")


@pytest.mark.parametrize(("letter", "asked"), [({}, "B"), ({"security": "R"}, "R"), ({"security": ""}, "B")])
def test_an_order_to_sign_on_behalf_must_cover_the_kind_and_the_level(letter, asked, monkeypatch):
    on = at_signature(letter={"signing_form": "an", **letter}, an=["kadis"])
    heard = []

    def authority(position, form, kind="", level=""):
        heard.append((position, form, kind, level))
        return None if kind else "800/7"

    monkeypatch.setattr(on.setting.org, "authority", authority)
    says = "Surat ini di luar lingkup surat perintah 800/7 untuk menandatangani a.n."
    assert refused(on, "kadis", "siapkan") == says
    assert set(heard) == {("kadis", "an", "", ""), ("kadis", "an", on.letter.kind, asked)}


def test_who_is_refused_is_told_that_the_holder_does_it_himself():
    on = at_signature(plt={"kadis": "sekretaris"})
    with pytest.raises(NotAllowed) as error:
        do(on, "sekretaris", "tolak")
    (make,) = error.value.remedy.make
    assert (make.what, make.of) == ("holder", "kadis")
    assert make.says == "Kadis sendiri yang melakukannya, atau surat perintahnya diperluas."


def test_one_person_on_two_levels_initials_once():
    org = {"author": "staf", "superiors": ["kabid", "sekretaris", "kadis"], "plh": {"sekretaris": "kabid"}}
    on = stage(WITH, LETTER, org)
    do(on, "staf", "ajukan")
    do(on, "kabid", "paraf")
    assert on.letter.state == "ttd"


def test_the_work_of_a_closed_post_is_that_of_the_one_that_follows():
    on = at_signature(closed={"kadis": "kadis-baru"})
    assert on.waits_for() == ("kadis-baru",)
    do(on, "kadis-baru", "tolak")
    assert on.letter.state == "konsep"
