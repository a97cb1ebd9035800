"""A flow told in sentences: complete, in Indonesian, and for the shipped flows exactly as approved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from approved_values import place
from told_once import beginning, once

from intranet_surat.workflow import cast, language, rules
from intranet_surat.workflow.diff import diff
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Effect, Flow, Mark
from intranet_surat.workflow.tell import tell
from intranet_surat.workflow.tell_acts import effect, effects
from intranet_surat.workflow.tell_words import condition, person

HERE = Path(__file__).parent
HERE_MARK = Mark("uji.yaml", 1, 1)
SHIPPED = sorted((Path(__file__).parents[3] / "workflows").glob("*.yaml"))
RICH = load((HERE / "flows" / "lengkap.yaml").read_text("utf-8"), "lengkap.yaml")

NOT_TOLD = {
    # places in files, and texts that the rest of the model says already
    "mark", "marks", "text", "act", "hash", "source", "written",
    # what designers call things: only titles, and names that have no title, are told
    "name",
    # the steps of tests
    "letter", "org", "run",
}  # fmt: skip
OTHER = {
    "direction": "keluar", "unit": "hours", "outcome": "withdrawn", "if_file_changes": "keep", "until": "any",
    "do": "reassign", "stand_in": "plt", "kind": "always_possible", "change": "shorter", "need": "any",
    "type": "text", "op": "superior", "quantity": "some", "number_at_end": "void", "within": "item.batas_lain",
    "root": "letter",
}  # fmt: skip
ANOTHER = {
    "direction": "masuk", "outcome": "done", "until": "most", "do": "notify", "stand_in": "substitute",
    "change": "free", "need": "all", "type": "date", "quantity": "no", "number_at_end": "keep", "unit": "days",
    "root": "item",
}  # fmt: skip


def told(flow: Flow) -> list[str]:
    return [each.text for each in tell(flow)]


def changed(value: Any, where: str, inside: str = "") -> Iterator[tuple[str, Any]]:
    """The value with one thing in it changed, for every thing in it; with the place."""
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            if each.name in NOT_TOLD and not (each.name == "source" and inside in ("forms", "migrate")):
                continue
            if _silent(value, each.name, where):
                continue
            for place, other in changed(getattr(value, each.name), f"{where}.{each.name}", each.name):
                yield place, replace(value, **{each.name: other})
    elif isinstance(value, Mapping):
        if value and inside != "options":
            kept = dict(value)
            kept.popitem()
            yield f"{where}: one less", kept
        for key, one in value.items():
            for place, other in changed(one, f"{where}[{key}]", inside):
                yield place, {**value, key: other}
    elif isinstance(value, tuple):
        whole = inside in ("args", "path", "between")  # has as many parts as it must have
        if value and not whole:
            yield f"{where}: one less", value[:-1]
        for number, one in enumerate(value):
            if whole or not isinstance(one, str):
                for place, other in changed(one, f"{where}[{number}]", inside):
                    yield place, (*value[:number], other, *value[number + 1 :])
    elif isinstance(value, bool):
        yield where, not value
    elif isinstance(value, int):
        yield where, value + 1
    elif isinstance(value, str):
        yield where, _word(value, inside)


def _silent(value: Any, name: str, where: str) -> bool:
    """What a part has that means nothing where it stands."""
    kind = type(value).__name__
    if kind == "Action" and (where.endswith((".reject", ".prepare"))):
        # who refuses or prepares, and whether a stand-in may, is said by the route and the signature
        return name in ("by", "stand_in", "entered_by", "fan_out", "needs") or (
            name == "to" and where.endswith(".prepare")
        )
    if kind == "Who":
        return name == "op" and value.op not in ("superior", "staff")
    if kind == "Promise":
        return name == "kind"
    if kind in ("Absence", "Opening"):
        return (name, value.stand_in if kind == "Absence" else bool(value.between)) in (
            ("needs_order", "none"),
            ("change", True),
        )
    return kind == "Compare" and name == "op"


def _word(value: str, inside: str) -> Any:
    if inside in OTHER:
        return OTHER[inside] if value != OTHER[inside] else ANOTHER.get(inside, "staff")
    return f"{value} lain"


FLOWS = [RICH, *(load(path.read_text("utf-8"), path.name) for path in SHIPPED)]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.id)
def test_whatever_is_changed_in_a_flow_is_told_otherwise_and_stands_in_the_difference(flow):
    before, silent, count = told(flow), [], 0
    for where, other in changed(flow, flow.id):
        count += 1
        try:
            after = told(other)
            said = bool(diff(flow, other).words) or where.endswith(".version")
        except KeyError:
            continue  # what is named was taken away: the loader refuses such a flow
        if after == before or not said:
            silent.append(where)
    assert silent == []
    assert count > 100


def test_the_difference_that_each_change_makes_is_told_as_approved(approved):
    """One change of each kind of place; what stands after the place is what a designer reads."""
    found, seen = {"states": [], "others": []}, set()
    for where, other in changed(RICH, "alur"):
        kind = re.sub(r"\[[^]]*\]", "[*]", where)
        if kind in seen:
            continue
        seen.add(kind)
        try:
            said = [f"{place(change.mark)} {change}".removeprefix("- ") for change in diff(RICH, other).words]
        except KeyError:
            said = ["(what is named was taken away)"]
        part = "states" if where.startswith(("alur.states", "alur.tracks")) else "others"
        found[part].append((where.removeprefix("alur."), said or ["tidak ada beda"]))
    for part, cases in found.items():
        approved(f"differences_{part}.txt", once(cases))


@pytest.mark.parametrize("name", ["lengkap", "semua", "periksa"])
def test_every_sentence_of_a_flow_with_all_keywords_is_told_as_approved(name, approved):
    found, part = {"surat": [], "lain": []}, ""
    for each in tell(load((HERE / "flows" / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml")):
        lines = found["surat" if each.key[0] in ("states", "rules", "cast") else "lain"]
        lines += [f"== {each.part}"] if each.part != part else []
        part = each.part
        lines.append(
            f"{place(each.mark).removeprefix(f'{name}.yaml:')} {'.'.join(each.key)} ({each.about}): {marked(each)}"
        )
    for kind, lines in found.items():
        approved(f"told_{name}_{kind}.txt", beginning(lines, 50))


def marked(sentence):
    """The sentence with [what its pieces say], and the names of the pieces; a piece that says something else in full."""
    text, at, names = sentence.text, 0, []
    for piece in sentence.pieces:
        found = text.find(piece.said, at) if piece.said else -1
        if found >= 0:
            text = f"{text[:found]}[{piece.said}]{text[found + len(piece.said) :]}"
            at = found + len(piece.said) + 2
        names.append(piece.name if found >= 0 else f"{piece.name}: {piece.said}")
    return f"{text} | {' | '.join(names)}" if names else text


def test_a_state_of_a_track_is_told_by_its_own_title_where_the_letter_has_one_of_that_name():
    text = (HERE / "flows" / "periksa.yaml").read_text("utf-8")
    for old, new in (
        ("      periksa:\n", "      paraf:\n        title: Paraf telaah\n"), ("to: periksa}", "to: paraf}"),
        ("through: [paraf, periksa]", "through: [paraf]"), ("sign: {by: pemegang", "sign: {by: [pemegang, wakil]"),
    ):  # fmt: skip
        assert old in text
        text = text.replace(old, new)
    said = {".".join(each.key): each.text for each in tell(load(text, "periksa.yaml"))}
    assert said["tracks.telaah.states.baca.choose"] == (
        "Tidak ada yang menunggu di sini: bila isian “batas” disposisi sudah ada ke “Paraf telaah”; "
        "selain itu ke “Paraf telaah”."
    )
    assert said["states.konsep.actions.kirim"].endswith("; lalu ke “Paraf”.")
    assert said["tracks.telaah.states.tulis.sign"].startswith("Pemegang atau wakil dapat memilih “teken”, ")


def test_a_flow_of_an_office_is_told_with_its_base():
    (base,) = [each for each in tell(replace(RICH, base="dasar@4")) if each.key == ("extends",)]
    assert (base.part, base.text) == ("Alur", "Disusun di atas alur dasar dasar@4.")
    assert [(piece.name, piece.said) for piece in base.pieces] == [("alur dasar", "dasar@4")]


CONDITIONS = """\
letter.security is R
letter.security in [B, SR, rahasia-negara]
letter.subject is "dua_kata"
letter.event_date before 2026-01-02
letter.classification under "900.1"
letter.signed is none
letter.subject is ""
item.read is present
item.read is absent
item.read is none
item.batas is present
item.kepada equals letter.signatory
form.kepada equals form.salinan
form.tanggal before item.batas
form.pindai.code equals letter.print_code
actor among tata_usaha
actor not among actors of ttd
actor among actors of diterima
state is ttd
state is diterima
all tugas is final
some telaah is tulis
no telaah is open
uang
not uang
lengkap and not cocok
uang or lengkap or not (cocok or uang)
uang and (lengkap or cocok) and not (uang and cocok)
"""


def test_every_condition_and_its_opposite_is_told_as_approved(approved):
    flow, found = load((HERE / "flows" / "periksa.yaml").read_text("utf-8"), "periksa.yaml"), []
    for text in CONDITIONS.splitlines():
        found.append(text)
        for track in (None, "tugas"):
            said = [condition(rules.parse(one, HERE_MARK), flow, track) for one in (text, f"not ({text})")]
            found += [f"  {track or 'surat'}: {' | '.join(said)}"]
    approved("told_conditions.txt", found)


def test_a_rule_that_names_itself_is_told_to_some_depth_only():
    """The checker refuses it; the picture of a draft tells it before."""
    tree = rules.parse("putar and letter.scan is present", HERE_MARK)
    flow = replace(RICH, rules={"putar": replace(RICH.rules["lengkap"], name="putar", tree=tree)})
    said = f"{'(' * 6}memenuhi syarat “putar”" + " dan hasil pindai surat sudah ada)" * 6
    assert condition(tree, flow) == f"{said} dan hasil pindai surat sudah ada"
    assert condition(rules.Not(tree), flow).startswith(f"{'(' * 6}tidak memenuhi syarat “putar” atau hasil")


PEOPLE = """\
author
actor
level
tata_usaha
head of office
head of SETDA
superior of staff under camat
superiors of author below head of office
staff under kepala-desa
holder of item
holder of letter.signatory
holder of letter.orang_lain
holder of item.kepada
holder of form.kepada_siapa
holder of camat
giver of item
actors of menunggu_paraf
letter.addressee
form.tanggal_surat
item.kepada
position staf-ahli of SETDA
role tata_usaha of office
"""


def test_everybody_whom_a_flow_can_name_is_told_as_approved(approved):
    approved("told_people.txt", [f"{text}: {person(cast.parse(text, HERE_MARK))}" for text in PEOPLE.splitlines()])


def test_every_effect_is_told_as_approved(approved):
    both = (cast.parse("camat", HERE_MARK), cast.parse("superior of author", HERE_MARK))
    some = [
        Effect("notify", both), Effect("notify", both[:1]), Effect("set", {"event_date": "besok", "place": "aula"}),
        Effect("number", "void"), Effect("number", "surat-keluar"), Effect("signed", "wet"), Effect("pdf", "nota_dinas"),
        Effect("pdf", "naskah", {"code": True}), Effect("pdf", "naskah", {"code": False}), Effect("freeze", "file"),
        Effect("freeze", "scan"), Effect("archive", "by-classification"), Effect("archive", "by-year"),
        Effect("send", "addressees"), Effect("send", "semua_kantor"),
    ]  # fmt: skip
    approved("told_effects.txt", [*map(effect, some), effects(some[:3])])


def test_the_flow_of_this_test_uses_every_keyword_that_makes_a_flow():
    tree = yaml.load((HERE / "flows" / "lengkap.yaml").read_text("utf-8"), yaml.BaseLoader)
    used = set(_keys(tree))
    left_out = {"extends", "tests", "test", "step", "expect", "change", "set", "insert_between", "remove"}
    places = {word.where for word in language.KEYWORDS} - {"test", "step", "expect", "change"}
    missing = {
        word.key
        for word in language.KEYWORDS
        if word.where in places and word.key not in used | left_out and word.key != "include"
    }
    assert missing - {"state", "set"} == set()


def _keys(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            yield key
            yield from _keys(value)
    elif isinstance(node, list):
        for one in node:
            yield from _keys(one)


def test_durations_and_people_are_told_in_indonesian():
    said = " ".join(told(RICH))
    assert "3 hari kerja" in said
    assert "4 jam kerja" in said
    for word in ("working", "hours", "superiors", "holder of", "staff under", "None", "True"):
        assert word not in said


def test_a_title_that_two_states_share_is_told_with_their_names():
    states = {name: replace(state, title="Sama") for name, state in RICH.states.items()}
    said = " ".join(told(replace(RICH, states=states)))
    assert "“Sama” (konsep)" in said


def test_every_sentence_has_its_place_and_its_heading():
    for each in tell(RICH):
        assert each.part
        assert each.text[0].isupper() or each.text[0] in "“0123456789"
        assert each.text.endswith(".")
        assert not each.text.endswith("..")
    placed = [each for each in tell(RICH) if each.key[0] in ("states", "tracks")]
    assert all(each.mark is not None and each.mark.file == "lengkap.yaml" for each in placed)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_flow_is_told_as_approved(path):
    """Renew with: surat flow tell workflows/NAME.yaml > tests/unit/workflow/told/NAME.txt ."""
    lines = []
    for each in tell(load(path.read_text("utf-8"), path.name)):
        if not lines or lines[-1][0] != each.part:
            lines += [("", "")] * bool(lines) + [(each.part, each.part)]
        lines.append((each.part, f"  {each.text}"))
    assert "\n".join(line for _, line in lines) + "\n" == (HERE / "told" / f"{path.stem}.txt").read_text("utf-8")
