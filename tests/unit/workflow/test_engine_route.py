"""Initials over the chain of superiors, and the signature at its end."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from engine_cases import do, flow, only_decide, stage

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.workflow import engine
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.rehearsal import Stage, actor

BODY = """
cast:
  konseptor: author
  penandatangan: holder of letter.signatory
forms: {{alasan: {{alasan: {{type: text, required: true}}}}}}
states:
  konsep: {{start: true, edit: konseptor, actions: {{ajukan: {{by: konseptor, to: paraf}}}}}}
  paraf:
    route:
      act: paraf
      levels: {levels}
      {more}
      edit: true
      deadline: {{within: 1 working day}}
      reject: {{act: kembalikan, title: Kembalikan, ask: alasan, to: konsep}}
      done: ttd
    actions: {{tarik: {{by: konseptor, to: konsep}}}}
  ttd:
    sign:
      act: tanda_tangani
      title: Tanda tangani
      by: penandatangan
      prepare: {{act: siapkan, title: Siapkan, do: [{{number: surat-keluar}}, {{pdf: naskah}}, {{freeze: file}}]}}
      reject: {{act: tolak, ask: alasan, do: [{{number: void}}], to: konsep}}
      done: pilih
  pilih: {{choose: [{{when: bertanda, to: terkirim}}, {{else: true, to: konsep}}]}}
  terkirim: {{final: true}}
rules: {{bertanda: {{if: letter.signed is pades, says: x}}}}
"""


def chain(levels: str = "superiors of author below penandatangan", more: str = "title: Paraf") -> Flow:
    return flow(BODY.format(levels=levels, more=more))


CHAIN = chain()
ORG = {"author": "staf", "superiors": ["kasi", "kabid", "sekdis", "kadis"]}


def asked(made: Flow = CHAIN, signatory: str = "kadis", author: str = "staf") -> Stage:
    on = stage(made, {"signatory": signatory}, {**ORG, "author": author, "superiors": []})
    below = ["staf", *ORG["superiors"]]
    on.org.bosses.clear()
    on.org.bosses.update(pairwise(below))
    return on


def waiting(on: Stage) -> tuple[str, ...]:
    return engine.waits_for(on.flow, on.letter, on.setting)


def initial_all(on: Stage, who: Iterable[str]) -> None:
    for each in who:
        do(on, each, "paraf")


def test_the_chain_runs_from_below_to_the_signatory() -> None:
    on = asked()
    do(on, "staf", "ajukan")
    for who in ("kasi", "kabid", "sekdis"):
        assert waiting(on) == (who,)
        do(on, who, "paraf")
    assert on.letter.state == "ttd"
    assert [(each.level, each.position) for each in on.letter.initials] == [(0, "kasi"), (1, "kabid"), (2, "sekdis")]


def test_each_level_has_its_own_deadline() -> None:
    on = asked()
    do(on, "staf", "ajukan")
    assert on.letter.due == datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
    on.wait(1, "working days")
    outcome = do(on, "kasi", "paraf")
    assert outcome.entered is False
    assert on.letter.due == outcome.due == datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


def test_a_deadline_of_the_state_does_not_begin_anew_with_each_level() -> None:
    text = BODY.format(levels="superiors of author below penandatangan", more="title: Paraf")
    text = text.replace("      deadline: {within: 1 working day}\n", "")
    on = asked(flow(text.replace("    route:\n", "    deadline: {within: 3 working days}\n    route:\n")))
    do(on, "staf", "ajukan")
    due = on.letter.due
    assert due == datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    on.wait(1, "working days")
    assert do(on, "kasi", "paraf").due is None
    assert on.letter.due == due


def test_who_is_not_on_turn_is_told_whose_turn_it_is() -> None:
    on = asked()
    do(on, "staf", "ajukan")
    with pytest.raises(NotAllowed, match=r"^Ini tugas Kasi\.$"):
        do(on, "kabid", "paraf", on.letter)
    do(on, "kasi", "paraf")
    with pytest.raises(NotAllowed, match="Anda sudah memberi paraf"):
        do(on, "kasi", "paraf", on.letter)
    with pytest.raises(NotAllowed, match=r"^Ini tugas Kabid\.$"):
        do(on, "kasi", "kembalikan", on.letter, alasan="Terlambat")


def test_who_signs_his_own_letter_needs_no_initials() -> None:
    on = asked(author="kadis")
    outcome = do(on, "kadis", "ajukan")
    assert [(step.state_from, step.state_to) for step in outcome.steps] == [("konsep", "paraf"), ("paraf", "ttd")]


def test_the_direct_superior_as_signatory_needs_no_initials() -> None:
    on = asked(signatory="kasi")
    assert do(on, "staf", "ajukan").state == "ttd"


def test_a_signatory_beside_the_author_is_refused_where_the_route_would_begin() -> None:
    on = asked(signatory="kades")
    (offer,) = engine.offers(on.flow, on.letter, actor("staf"), on.setting)
    assert offer.allowed is False
    assert offer.says == "Kades bukan atasan Staf, jadi urutan paraf tidak ada. Pilih penanda tangan yang lain."
    with pytest.raises(NotAllowed, match="Kades bukan atasan Staf"):
        do(on, "staf", "ajukan", on.letter)


def test_a_chain_that_breaks_while_the_letter_is_in_it_leaves_the_author_a_way_out() -> None:
    on = asked()
    do(on, "staf", "ajukan")
    on.org.bosses["kabid"] = "kepala_lain"
    assert waiting(on) == ()
    assert engine.editors(on.flow, on.letter, on.setting) == ()
    with pytest.raises(NotAllowed, match="Belum ada jabatan"):
        do(on, "kasi", "paraf", on.letter)
    do(on, "staf", "tarik")
    assert on.letter.state == "konsep"


def test_at_most_keeps_those_nearest_to_the_signatory() -> None:
    on = asked(chain(more="at_most: 2"))
    do(on, "staf", "ajukan")
    assert waiting(on) == ("kabid",)
    initial_all(on, ["kabid", "sekdis"])
    assert on.letter.state == "ttd"


def test_sending_back_starts_the_chain_again() -> None:
    on = asked()
    do(on, "staf", "ajukan")
    do(on, "kasi", "paraf")
    do(on, "kabid", "kembalikan", alasan="Salah tujuan")
    assert on.letter.state == "konsep"
    do(on, "staf", "ajukan")
    assert on.letter.initials == ()
    assert waiting(on) == ("kasi",)


def test_after_a_correction_the_chain_goes_on_at_the_corrector_and_those_below_stay() -> None:
    on = asked()
    do(on, "staf", "ajukan")
    do(on, "kasi", "paraf")
    on.letter.version = 2  # kabid corrects the text
    assert waiting(on) == ("kabid",)
    initial_all(on, ["kabid", "sekdis"])
    assert [(each.position, each.version) for each in on.letter.initials] == [("kasi", 1), ("kabid", 2), ("sekdis", 2)]


def test_restart_at_bottom_asks_all_again_after_a_correction() -> None:
    on = asked(chain(more="if_file_changes: restart at bottom"))
    do(on, "staf", "ajukan")
    do(on, "kasi", "paraf")
    on.letter.version = 2
    assert waiting(on) == ("kasi",)
    initial_all(on, ["kasi", "kabid", "sekdis"])
    assert on.letter.state == "ttd"


PAIR = '[{who: "role kembar of office", need: %s}, {who: superior of superior of author}]'


def twins(need: str, more: str = "title: Paraf", members: tuple[str, ...] = ("a", "b")) -> Stage:
    on = asked(chain(levels=PAIR % need, more=more))
    on.org.roles["kembar"] = members
    do(on, "staf", "ajukan")
    return on


def test_a_level_may_need_all_any_or_some_of_its_members() -> None:
    on = twins("all")
    assert waiting(on) == ("a", "b")
    outcome = do(on, "b", "paraf")
    assert (outcome.due, waiting(on)) == (None, ("a",))
    do(on, "a", "paraf")
    assert waiting(on) == ("kabid",)
    on = twins("any")
    do(on, "b", "paraf")
    assert waiting(on) == ("kabid",)
    on = twins("2", members=("a", "b", "c"))
    do(on, "c", "paraf")
    assert waiting(on) == ("a", "b")
    do(on, "a", "paraf")
    assert waiting(on) == ("kabid",)


@pytest.mark.parametrize(
    ("changes", "still"),
    [("continue at changer", ("a",)), ("restart at bottom", ("a",)), ("keep", ("kabid",))],
)
def test_a_correction_undoes_the_initials_of_the_correctors_own_level(changes: str, still: tuple[str, ...]) -> None:
    on = twins("all", more=f"if_file_changes: {changes}")
    do(on, "a", "paraf")
    on.letter.version = 2  # b corrects the text
    do(on, "b", "paraf")
    assert waiting(on) == still


def test_a_correction_higher_up_keeps_a_level_that_was_complete() -> None:
    on = twins("all")
    initial_all(on, ["a", "b"])
    on.letter.version = 2  # kabid corrects the text
    assert waiting(on) == ("kabid",)


@pytest.mark.parametrize(("need", "members"), [("all", ()), ("any", ()), ("3", ("a", "b"))])
def test_a_named_level_with_too_few_positions_is_told_and_never_skipped(need: str, members: tuple[str, ...]) -> None:
    with pytest.raises(NotAllowed, match=r"Paraf dari 'role kembar of office' perlu \d jabatan"):
        twins(need, members=members)


def test_an_author_who_is_himself_on_a_level_is_left_out() -> None:
    on = asked(chain(levels=PAIR % "all"))
    on.org.roles["kembar"] = ("staf", "b")
    do(on, "staf", "ajukan")
    assert waiting(on) == ("b",)
    on = asked(chain(levels=PAIR % "all"))
    on.org.roles["kembar"] = ("staf",)
    do(on, "staf", "ajukan")
    assert waiting(on) == ("kabid",)


def test_a_person_on_two_levels_initials_once(monkeypatch: pytest.MonkeyPatch) -> None:
    on = asked()
    holders = {"kasi": ("wati",), "sekdis": ("wati", "joko")}
    monkeypatch.setattr(on.org, "persons", lambda position: holders.get(position, (position,)))
    do(on, "staf", "ajukan")
    given = engine.act(on.flow, on.letter, "paraf", {}, engine.Actor("wati", "kasi"), on.setting)
    on.letter.initials = given.initials
    assert waiting(on) == ("kabid",)
    last = engine.act(on.flow, on.letter, "paraf", {}, actor("kabid"), on.setting)
    assert last.state == "ttd"


def test_the_level_on_turn_may_correct_the_text() -> None:
    on = asked()
    assert engine.editors(on.flow, on.letter, on.setting) == ("staf",)
    do(on, "staf", "ajukan")
    assert engine.editors(on.flow, on.letter, on.setting) == ("kasi",)


def at_signature() -> Stage:
    on = asked(signatory="kasi")
    do(on, "staf", "ajukan")
    return on


def test_preparing_stays_and_the_signature_leads_on() -> None:
    on = at_signature()
    assert waiting(on) == ("kasi",)
    prepared = do(on, "kasi", "siapkan")
    assert (prepared.entered, prepared.state, on.number) == (False, "ttd", "reserved")
    assert [effect.name for effect in prepared.steps[0].effects] == ["number", "pdf", "freeze"]
    signed = do(on, "kasi", "tanda_tangani")
    assert [step.state_to for step in signed.steps] == ["pilih", "terkirim"]  # the branch sees the signature
    assert (on.number, on.letter.fields["signed"], signed.form) == ("used", "pades", {})


def test_only_a_verified_signature_signs() -> None:
    on = at_signature()
    do(on, "kasi", "siapkan")
    for form in ({}, {"_signed": "ya"}, {"_signed": 1}, {"_signed": False}):
        with pytest.raises(NotAllowed, match="halaman tanda tangan"):
            only_decide(on, "kasi", "tanda_tangani", **form)
    with pytest.raises(Invalid):
        only_decide(on, "kasi", "tanda_tangani", _signed=True, signed="pades")
    with pytest.raises(NotAllowed, match=r"^Ini tugas Kasi\.$"):
        only_decide(on, "kabid", "tanda_tangani", _signed=True)


def test_nothing_is_signed_that_was_not_prepared_in_this_visit() -> None:
    on = at_signature()
    with pytest.raises(NotAllowed, match="Lakukan 'Siapkan' lebih dulu"):
        only_decide(on, "kasi", "tanda_tangani", _signed=True)
    do(on, "kasi", "siapkan")
    do(on, "kasi", "tolak", alasan="Tunda")
    assert (on.letter.state, on.number) == ("konsep", "void")
    do(on, "staf", "ajukan")
    with pytest.raises(NotAllowed, match="Lakukan 'Siapkan' lebih dulu"):
        only_decide(on, "kasi", "tanda_tangani", _signed=True)
    do(on, "kasi", "siapkan")
    do(on, "kasi", "siapkan")
    assert only_decide(on, "kasi", "tanda_tangani", _signed=True).state == "terkirim"
