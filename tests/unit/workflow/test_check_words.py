"""Comparisons that can never hold: what a field takes and what a rule looks for in it."""

from __future__ import annotations

import pytest
from engine_cases import do, flow, stage

from intranet_surat.workflow.findings import Finding, FlowError
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.world import World

TEXT = """\
flow: surat/1
id: kecil
version: 1
applies_to: {direction: masuk%(kinds)s}
calendar: hari-kerja
cast: {a: role agendaris of office, b: staff under a}
rules:
  r: {if: '%(rule)s', says: Tidak.}
forms:
  f:
    lapor: {type: yes-no}
    cara: {type: choice, of: cara}
    lain: {type: choices, of: lain}
    hari: {type: date}
    batas: {type: deadline}
    berkas: {type: file, read_code: true}
    teks: {type: text}
    kepada: {type: positions, from: b}
  g: {teks: {type: yes-no}}
states:
  s:
    start: true
    actions:
      x: {by: a, ask: f, needs: r%(do)s, to: t}
      z: {by: a, ask: f, fan_out: {track: anak, per: form.kepada}}
  t: {final: true}
tracks:
  anak:
    states:
      baru: {start: true, actions: {beres: {by: holder of item, to: selesai}}}
      selesai: {final: true, outcome: done}
"""
WORLD = World(
    words={"cara": frozenset({"surat", "telepon", "900.1"})},
    holds={
        "masuk": {"nomor": ("text", None)},
        "surat": {
            "nomor": ("text", None),
            "penting": ("yes-no", None),
            "hari": ("date", None),
            "isi": ("body", None),
            "jumlah": ("file", None),
        },
        "undangan": {
            "nomor": ("text", None),
            "penting": ("text", None),
            "lembar": ("number", None),
            "jumlah": ("number", None),
        },
        "nota": {"jumlah": ("instant", None)},
    },
)


def found(rule: str, do: str = "", kinds: str = ", kinds: [surat]") -> list[Finding]:
    try:
        load(TEXT % {"rule": rule, "do": do, "kinds": kinds}, "uji.yaml", WORLD)
    except FlowError as error:
        return [each for each in error.findings if each.rule == "never-true"]
    return []


@pytest.mark.parametrize("word", ["ya", "true", "tidak", "false", "on", '"Yes"'])
def test_who_compares_a_yes_or_no_with_another_word_reads_which_two_there_are(word: str) -> None:
    (told,) = found(f"form.lapor is {word}")
    line = (TEXT % {"rule": f"form.lapor is {word}", "do": "", "kinds": ""}).splitlines()[told.mark.line - 1]
    assert line[told.mark.column - 1 :].startswith(word)
    assert told.accepted == ("yes", "no")
    assert told.message == (
        "Isian 'form.lapor' dijawab ya atau tidak, yang dalam aturan ditulis 'yes' atau 'no'; "
        f"'{word.strip(chr(34))}' tidak pernah ada di sana."
    )


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("form.lapor in [yes, ya]", ["ya"]),
        ("not (form.teks is satu and form.lapor is not ya)", ["ya"]),
        ("form.cara is pos", ["pos"]),
        ("form.cara under 800", ["800"]),
        ("form.hari is senin", ["senin"]),
        ('form.hari in ["2026-11-20", "2026-11-20T09:00"]', ['"2026-11-20T09:00"']),
        ("form.batas is besok", ["besok"]),
        ("form.batas before besok", ["besok"]),
        ("form.berkas is ada", ["ada"]),
        ("form.berkas equals letter.nomor", ["form.berkas"]),
        ("letter.nomor equals form.berkas", ["form.berkas"]),
        ("form.lapor before form.hari", ["form.lapor"]),
        ("form.hari before form.cara", ["form.cara"]),
        ("item.read is kemarin", ["kemarin"]),
        ("item.lapor is ya", ["ya"]),
        ("letter.penting is ya", ["ya"]),
        ("letter.hari is senin", ["senin"]),
        ("letter.isi is pendek", ["pendek"]),
    ],
)
def test_a_comparison_that_can_never_hold_is_shown_where_it_stands(rule: str, words: list[str]) -> None:
    text = TEXT % {"rule": rule, "do": "", "kinds": ""}
    told = found(rule)
    assert len(told) == len(words)
    for finding, word in zip(told, words, strict=True):
        assert text.splitlines()[finding.mark.line - 1][finding.mark.column - 1 :].startswith(word)


@pytest.mark.parametrize(
    "rule",
    [
        "form.lapor is yes or form.lapor is not no",
        "form.lapor in [yes, no] or form.lapor is absent or form.lapor is none",
        "form.cara is telepon or form.cara under 900",
        "form.lain is apa-saja",
        'form.hari is "2026-11-20" and form.hari before "2026-11-20T09:00" and form.hari before form.batas',
        "form.teks is ya",
        'form.teks before "2026-11-20"',
        "form.kepada is siapa-saja",
        "form.berkas is present and form.berkas.code is halo and form.berkas.code equals letter.nomor",
        'item.read before "2026-11-20"',
        "letter.penting is yes and letter.nomor is ya",
        "letter.tanpa_jenis is ya",
        "form.lapor equals letter.penting",
    ],
)
def test_a_comparison_that_may_hold_is_taken(rule: str) -> None:
    assert found(rule) == []


def test_what_one_of_several_kinds_may_hold_is_taken() -> None:
    assert found("letter.penting is ya", kinds=", kinds: [surat, undangan]") == []
    assert len(found("letter.lembar is tiga", kinds=", kinds: [surat, undangan]")) == 1
    assert found("letter.lembar is 3", kinds=", kinds: [surat, undangan]") == []


def test_where_kinds_hold_different_things_in_a_field_each_of_them_is_told() -> None:
    (told,) = found("letter.jumlah is tiga", kinds=", kinds: [undangan, nota]")
    assert told.message == (
        "Isian 'letter.jumlah' berisi angka, atau berisi tanggal dan jam; 'tiga' tidak pernah ada di sana. "
        "Tanyakan dengan 'before'."
    )
    (told,) = found("letter.jumlah before letter.hari", kinds=", kinds: [undangan, surat]")
    assert told.message == (
        "Isian 'letter.jumlah' berisi angka, atau berisi berkas; 'before' tidak pernah terpenuhi. "
        "Tanyakan 'is present' atau 'is absent'."
    )


def test_a_flow_for_every_kind_knows_of_a_field_only_what_all_kinds_say() -> None:
    assert found("letter.penting is ya", kinds="") == []


def test_a_field_that_the_flow_fills_itself_may_hold_what_it_writes() -> None:
    assert found("letter.penting is ya", ", do: [{set: {penting: ya}}]") == []


def test_a_rule_for_yes_holds_of_who_answers_yes() -> None:
    made = flow("""
    rules: {dilaporkan: {if: form.lapor is yes, says: Jawab ya.}}
    forms: {f: {lapor: {type: yes-no}}}
    states: {a: {start: true, actions: {tutup: {by: author, ask: f, needs: dilaporkan, to: b}}}, b: {final: true}}
    """)
    on = stage(made)
    assert do(on, "konseptor", "tutup", lapor="ya").state == "b"


def test_a_version_that_was_accepted_before_is_still_read() -> None:
    text = TEXT % {"rule": "form.lapor is ya", "do": "", "kinds": ""}
    assert load(text, "uji.yaml").rules["r"].says == "Tidak."
