from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from engine_cases import HERE, do, flow, stage

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import cast
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.model import Mark
from intranet_surat.workflow.overlay import over
from intranet_surat.workflow.rehearsal import actor

FLOW = flow("""
cast:
  konseptor: author
  penandatangan: holder of letter.signatory
  agendaris: role agendaris of office
  atasan: superior of konseptor
  sesama: actors of konsep
states:
  konsep: {start: true, actions: {kirim: {by: author, to: periksa}, perbaiki: {by: [author, agendaris]}}}
  periksa: {actions: {nomori: {by: agendaris, do: [{number: surat-keluar}], to: konsep}, tutup: {by: author, to: habis}}}
  habis: {final: true}
""")
ORG = {"author": "staf", "superiors": ["kasi", "kabid", "kadis"], "agendaris": ["a1", "a2"]}


def found(text: str, letter: dict[str, Any] | None = None, **more: Any) -> tuple[str, ...]:
    on = stage(FLOW, letter or {"signatory": "kadis"}, ORG)
    return cast.positions(cast.parse(text, HERE), FLOW, on.letter, on.setting, **more)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("author", ("staf",)),
        ("konseptor", ("staf",)),
        ("agendaris", ("a1", "a2")),
        ("role agendaris of office", ("a1", "a2")),
        ("role agendaris of SETDA", ("a1", "a2")),
        ("position sekretaris of office", ("sekretaris",)),
        ("head of office", ("kepala",)),
        ("superior of author", ("kasi",)),
        ("superior of superior of author", ("kabid",)),
        ("atasan", ("kasi",)),
        ("penandatangan", ("kadis",)),
        ("letter.signatory", ("kadis",)),
        ("superiors of author below penandatangan", ("kasi", "kabid")),
        ("superiors of superior of author below holder of letter.signatory", ("kabid",)),
        ("superiors of penandatangan below penandatangan", ()),
        ("staff under penandatangan", ("kabid", "kasi", "staf")),
        ("nobody_called_so", ()),
        ("holder of item", ()),
        ("giver of item", ()),
        ("level", ()),
        ("actor", ()),
    ],
)
def test_an_expression_means_these_positions(text: str, expected: tuple[str, ...]) -> None:
    assert found(text) == expected


def test_what_is_known_only_at_the_act_comes_with_the_question() -> None:
    assert found("actor", actor=actor("kasi")) == ("kasi",)
    assert found("staff under actor", actor=actor("kabid")) == ("kasi", "staf")
    assert found("form.kepada", form={"kepada": ["x", "y", "x"]}) == ("x", "y")
    assert found("level", level=("kabid",)) == ("kabid",)


def test_a_field_holds_positions_in_three_shapes() -> None:
    addressees = [
        {"kind": "position", "id": "kabid"},
        {"kind": "office", "id": "DINKES"},
        {"kind": "position", "id": ""},
    ]
    assert found("letter.addressees", {"addressees": addressees}) == ("kabid",)
    assert found("letter.addressees", {"addressees": ["a", "b"]}) == ("a", "b")
    assert found("letter.addressees", {"addressees": 7}) == ()
    assert found("letter.addressees", {}) == ()


def test_a_signatory_who_is_not_above_the_author_is_told_by_title() -> None:
    with pytest.raises(NotAllowed, match="Kades bukan atasan Staf"):
        found("superiors of author below penandatangan", {"signatory": "kades"})
    with pytest.raises(NotAllowed, match="Penanda tangan belum ditentukan"):
        found("superiors of author below letter.tidak_ada")


def test_superiors_in_a_circle_end_with_the_sentence() -> None:
    on = stage(FLOW, {"signatory": "kades"}, {"author": "staf", "superiors": ["kasi", "kabid"]})
    on.org.bosses["kabid"] = "kasi"
    who = cast.parse("superiors of author below penandatangan", HERE)
    with pytest.raises(NotAllowed, match="bukan atasan"):
        cast.positions(who, FLOW, on.letter, on.setting)
    assert cast.of_all((who,), FLOW, on.letter, on.setting) == ()


def test_actors_of_a_state_are_those_who_acted_in_it_since_the_last_number() -> None:
    on = stage(FLOW, {"signatory": "kadis"}, ORG)
    who = cast.parse("actors of konsep", HERE)
    do(on, "a1", "perbaiki")
    do(on, "staf", "kirim")
    assert cast.positions(who, FLOW, on.letter, on.setting) == ("a1", "staf")
    do(on, "a2", "nomori")
    assert cast.positions(who, FLOW, on.letter, on.setting) == ()
    assert cast.positions(cast.parse("actors of periksa", HERE), FLOW, on.letter, on.setting) == ("a2",)
    do(on, "staf", "perbaiki")
    assert cast.positions(cast.parse("sesama", HERE), FLOW, on.letter, on.setting) == ("staf",)
    assert [act.person for act in cast.acts_of(cast.parse("sesama", HERE), FLOW, on.letter)] == ["staf"]


def test_a_cast_member_explained_by_himself_gives_nobody() -> None:
    on = stage(FLOW)
    circle = replace(FLOW, cast={"a": cast.parse("b", HERE), "b": cast.parse("a", HERE)})
    assert cast.positions(cast.parse("a", HERE), circle, on.letter, on.setting) == ()


def test_the_office_is_the_one_whose_flow_the_item_runs() -> None:
    on = stage(FLOW)
    nowhere = replace(over(on.letter), office="")
    assert cast.positions(cast.parse("role agendaris of office", HERE), FLOW, nowhere, on.setting) == ()


@pytest.mark.parametrize(
    ("text", "column", "message", "suggestion"),
    [
        ("rol agendaris of office", 1, "'rol' bukan awal", "role"),
        ("role agendaris off office", 16, "seharusnya 'of'", "of"),
        ("role agendaris of ofice", 19, "seharusnya 'office'", "office"),
        ("superiors of author penandatangan", 21, "seharusnya 'below'", None),
        ("superiors of author", 20, "seharusnya 'below'", None),
        ("superior of", 12, "terputus", None),
        ("giver of letter", 10, "seharusnya 'item'", None),
        ("author sesuatu", 8, "Tidak mengerti 'sesuatu'", None),
        ("holder of author", 11, "'holder of' diikuti", None),
        ("", 1, "terputus", None),
        ("superior of " * 30 + "author", 1, "terlalu panjang", None),
    ],
)
def test_a_mistake_is_pointed_at_inside_the_expression(
    text: str, column: int, message: str, suggestion: str | None
) -> None:
    with pytest.raises(FlowError) as error:
        cast.parse(text, Mark("a.yaml", 3, 5))
    (finding,) = error.value.findings
    assert message in finding.message
    assert (finding.mark.line, finding.mark.column) == (3, 4 + column)
    assert finding.suggestion == suggestion


def test_every_part_knows_its_own_place() -> None:
    who = cast.parse("superiors of author below penandatangan", Mark("a.yaml", 1, 10))
    assert [(part.text, part.mark.column) for part in cast.parts(who) if part.mark] == [
        ("superiors of author below penandatangan", 10),
        ("author", 23),
        ("penandatangan", 36),
    ]


def test_an_expression_that_leads_too_deep_or_nowhere_gives_nobody() -> None:
    on = stage(FLOW, {"signatory": "kadis"}, ORG)
    ladder = {f"n{number}": cast.parse(f"n{number + 1}", HERE) for number in range(20)} | {
        "n12": cast.parse("author", HERE)
    }
    deep = replace(FLOW, cast=ladder)
    assert cast.positions(cast.parse("n0", HERE), deep, on.letter, on.setting) == ()
    assert cast.positions(cast.parse("n1", HERE), deep, on.letter, on.setting) == ("staf",)
    assert found("letter.signatory.id") == ()
    assert found("letter.kepada.ketua", {"kepada": {"ketua": "kabid"}}) == ("kabid",)
    assert found("item.kepada") == ()


def test_everybody_is_named_once_and_of_a_closed_post_the_successor() -> None:
    on = stage(FLOW, {"signatory": "kadis"}, {**ORG, "closed": {"kasi": "kasi-baru"}})

    def of(*texts: str, **more: Any) -> tuple[str, ...]:
        return cast.of_all([cast.parse(text, HERE) for text in texts], FLOW, on.letter, on.setting, **more)

    assert of("author", "konseptor", "agendaris", "author") == ("staf", "a1", "a2")
    assert of("superiors of author below letter.kosong", "author") == ("staf",)
    assert of("superior of author") == ("kasi-baru",)
    assert of("actor", "level", actor=actor("kabid"), level=("kasi", "kadis")) == ("kabid", "kasi-baru", "kadis")
    assert of("superiors of agendaris below penandatangan") == ()


def test_a_chain_that_leads_nowhere_tells_which_expression_and_between_whom() -> None:
    on = stage(FLOW, {"signatory": "kades"}, ORG)
    who = cast.parse("superiors of author below penandatangan", HERE)
    with pytest.raises(cast.Broken) as error:
        cast.positions(who, FLOW, on.letter, on.setting)
    assert (error.value.lacks, error.value.value) == (who, {"chain": ["staf", "kades"]})
    assert str(error.value) == ("Kades bukan atasan Staf, jadi urutan paraf tidak ada. Pilih penanda tangan yang lain.")
    nobody = cast.parse("superiors of author below letter.kosong", HERE)
    with pytest.raises(cast.Broken) as error:
        cast.positions(nobody, FLOW, on.letter, on.setting)
    assert (error.value.lacks, error.value.value) == (nobody.args[1], {})
    assert str(error.value) == "Penanda tangan belum ditentukan. Pilih penanda tangan lebih dulu."


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("letter.signatory", "signatory"),
        ("holder of letter.signatory", "signatory"),
        ("penandatangan", "signatory"),
        ("letter.a.b", None),
        ("form.signatory", None),
        ("author", None),
        ("holder of item", None),
        ("nobody_called_so", None),
    ],
)
def test_the_field_that_an_expression_means_is_known_without_a_letter(text: str, field: str | None) -> None:
    assert cast.field_of(cast.parse(text, HERE), FLOW) == field


def test_the_place_of_a_holder_a_giver_and_of_what_an_item_holds() -> None:
    on = stage(FLOW, {"signatory": "kadis"}, ORG)
    child = over(
        on.letter, holder="kasi", giver="kabid", fields={"kepada": ["a1", "", {"kind": "position", "id": "a2"}]}
    )

    def of(text: str) -> tuple[str, ...]:
        return cast.positions(cast.parse(text, HERE), FLOW, child, on.setting)

    assert (of("holder of item"), of("giver of item"), of("item.kepada")) == (("kasi",), ("kabid",), ("a1", "a2"))
    assert of("superior of holder of item") == ("kabid",)
    assert cast.holders_in({"kind": "office", "id": "X"}) == ()
    assert cast.holders_in(None) == cast.holders_in(7) == cast.holders_in("") == ()
