"""What is told of a deed that a single rule stands against, for every kind of test: the whole remedy, approved."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from random import Random
from typing import Any

import pytest
from explained_words import line
from generated_office import Walk, office
from told_once import once

from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.view import Actor

FORM: dict[str, dict[str, Any]] = {
    "teks": {"type": "text"}, "wajib": {"type": "text", "required": "true"}, "ya": {"type": "yes-no"},
    "satu": {"type": "choice", "of": "instruksi-disposisi"}, "banyak": {"type": "choices", "of": "instruksi-disposisi"},
    "hari": {"type": "date"}, "batas": {"type": "deadline", "at_most": "3 working days"},
    "orang": {"type": "position", "from": "staff under author"}, "tim": {"type": "positions", "from": "role agendaris of office"},
    "berkas": {"type": "file", "read_code": "true"},
}  # fmt: skip
OF_THE_LETTER = (
    "letter.a is satu", "not letter.a is satu", "letter.a in [satu, dua]", "letter.a is present", "letter.a is absent",
    "letter.a equals letter.b", "not letter.a equals letter.b", "letter.classification under 900",
    "letter.a is satu and letter.b is dua", "letter.a is satu or letter.b is dua",
    "letter.a is satu and letter.a is dua", 'letter.tanggal before "2026-12-01"', 'not letter.tanggal before "2026-12-01"',
    "letter.tanggal before letter.sampai", "letter.number is present", "letter.print_code is present",
    "letter.signed is present", "letter.flag is yes", "provider is away", "provider is away and letter.a is satu",
    "actor among bos", "actor not among bos", "actor among actors of awal",
)  # fmt: skip
OF_THE_ANSWERS = (
    "form.teks is halo", "form.teks is present", "form.teks is absent", "form.wajib is absent", "form.wajib is tidak",
    "form.ya is yes", "form.ya is no", "form.satu is pelajari", "form.satu is terbang", "form.banyak is tindak-lanjuti",
    "form.hari before letter.sampai", "not form.hari before letter.sampai", "form.batas is present", "form.batas is absent",
    "form.orang is present", "form.tim is present", "form.berkas is present", "form.berkas.code is halo",
    "form.teks equals letter.a", "form.teks is halo and letter.a is satu",
)  # fmt: skip
OF_THE_ITEMS = tuple(
    f"{quantity} t is {state}" for quantity in ("all", "some", "no") for state in ("open", "final", "beres", "baru")
)


def letter(rule: str, *, far: bool, edit: bool = True) -> Walk:
    """A letter of p2, below p1, below p0; the rule stands against 'tutup', in the first state or behind another."""
    close: dict[str, Any] = {"tutup": {"title": "Tutup", "by": "author", "needs": ["aturan"], "to": "tiga"}}
    if "form." in rule:
        close["tutup"]["ask"] = "isi"
    give = {"bagi": {"title": "Bagi", "by": "author", "ask": "bagi", "fan_out": {"track": "t", "per": "form.kepada"}}}
    on = {"maju": {"title": "Maju", "by": "author", "to": "dua"}}
    states: dict[str, Any] = {"awal": {"title": "Awal", "start": "true", "actions": {**give, **(on if far else close)}}}
    if edit:
        states["awal"]["edit"] = "author"
    if far:
        sets = {"flag": "yes"} if "flag" in rule else {}
        states["dua"] = {"title": "Dua", "actions": close, **({"on_enter": [{"set": sets}]} if sets else {})}
    states["tiga"] = {"title": "Tiga", "actions": {"akhiri": {"title": "Akhiri", "by": "author", "to": "akhir"}}}
    if "number" in rule:
        on["maju"]["do"] = [{"number": "surat-keluar"}]
    track = {
        "baru": {"title": "Baru", "start": "true", "actions": {"selesai": {"title": "Selesai", "by": "hol", "to": "beres"}}},
        "beres": {"title": "Beres", "final": "true", "outcome": "done"},
    }  # fmt: skip
    bagi = {"kepada": {"type": "positions", "title": "Kepada", "from": "role agendaris of office", "required": "true"}}
    written = {
        "flow": "surat/1", "id": "aturan", "version": "1", "title": "Aturan", "applies_to": {"direction": "keluar"},
        "calendar": "hari-kerja-kabupaten", "absence": [{"stand_in": "plh"}],
        "cast": {"hol": "holder of item", **({"bos": "superior of author"} if "bos" in rule else {})},
        "rules": {"aturan": {"if": rule, "says": "Aturan."}},
        "forms": {"bagi": bagi, **({"isi": {name: {"title": name.capitalize(), **each} for name, each in FORM.items()}} if "form." in rule else {})},
        "states": {**states, "akhir": {"title": "Akhir", "final": "true"}}, "tracks": {"t": {"states": track}},
    }  # fmt: skip
    flow = load(json.dumps(written, indent=1), "aturan.yaml")
    org = office(Random(1), flow)
    org.bosses, org.holders = {"p1": "p0", "p2": "p1", "p3": "p2"}, {"p0": "o0", "p1": "o1", "p2": "o2", "p3": "o3"}
    org.roles, org.deputies, org.author = {"agendaris": ["p1", "p0"]}, {}, "p2"
    org.fields = {"sampai": "2026-11-20"}
    return Walk(flow, org, Random(1))


def answers(
    rule: str, prepare: Callable[[Walk], str] | None = None
) -> Iterator[tuple[tuple[str, str, str], list[str]]]:
    """What is told the author of 'tutup' and of the act behind it: done now, further ahead, and where nobody edits."""
    for name, far, edit in (("di sini", False, True), ("nanti", True, True), ("tanpa sunting", False, False)):
        try:
            on = letter(rule, far=far, edit=edit)
        except FlowError as error:
            yield (name, "tutup, akhiri", rule), [f"alur ditolak: {error}"]
            continue
        told_ = prepare(on) if prepare is not None else ""
        for act in ("tutup", "akhiri"):
            yield (name + told_, act, rule), [line(on.asked(on.stage.letter, Actor("o2", "p2"), act))]


def given(on: Walk) -> str:
    """The author gives the letter to p1."""
    on.stage.act(on.stage.letter, "bagi", {"kepada": ["p1"]}, "o2@p2")
    return ", dibagi"


def ended(on: Walk) -> str:
    given(on)
    on.stage.act(on.stage.letter.pieces[0], "selesai", {}, "o1@p1")
    return ", selesai"


@pytest.mark.parametrize(
    ("name", "rules", "before"),
    [
        ("letter", OF_THE_LETTER, (None,)),
        ("answers", OF_THE_ANSWERS, (None,)),
        ("items", OF_THE_ITEMS, (None, given, ended)),
    ],
)
def test_what_is_told_of_a_deed_that_a_rule_stands_against(
    name: str,
    rules: tuple[str, ...],
    before: tuple[Callable[[Walk], str] | None, ...],
    approved: Callable[[str, Iterable[str]], None],
) -> None:
    found = [told_ for rule in rules for each in before for told_ in answers(rule, each)]
    approved(f"explained_{name}.txt", once(found))


def test_everybody_has_the_letter_already() -> None:
    on = letter("some t is final", far=False)
    on.stage.act(on.stage.letter, "bagi", {"kepada": ["p1", "p0"]}, "o2@p2")
    found = on.asked(on.stage.letter, Actor("o2", "p2"), "bagi")
    assert found.says == "Semua jabatan yang dapat dipilih sudah memegang surat ini."
    assert found.remedy is not None
    assert [(make.what, make.of, make.value) for make in found.remedy.make] == [
        ("children", "t", {"quantity": "some", "state": "final", "holds": True})
    ]
