"""Rules before letters, items, people and answers: what is true where, as approved."""

from __future__ import annotations

from dataclasses import replace

from engine_cases import HERE, MASUK, PELAJARI, child, disposed, do, flow
from engine_cases import stage as staged

from intranet_surat.workflow import rules
from intranet_surat.workflow.judging import holds
from intranet_surat.workflow.rehearsal import actor

NAMED = """
rules:
  biasa: {if: letter.security is B, says: x}
  segera: {if: letter.urgency is segera and biasa, says: x}
  salah_satu: {if: segera or letter.scan is present, says: x}
  bukan: {if: not salah_satu, says: x}
  jawab: {if: form.jawab is ya, says: x}
  berantai: {if: jawab or (biasa and not bukan), says: x}
forms: {f: {jawab: {type: text}}}
states: {a: {start: true, actions: {x: {by: author, ask: f, needs: jawab, to: b}}}, b: {final: true}}
"""
FIELDS = {
    "nothing": {},
    "empty": {"x": "", "y": [], "z": {}},
    "a text": {"x": "satu", "y": "satu", "security": "B", "urgency": "segera"},
    "a list": {"x": ["satu", "dua"], "y": "dua", "security": ["B", "R"], "scan": "ada"},
    "none": {"x": "none", "y": "nona", "security": "none"},
    "a code": {"x": "900.1.2", "y": "900", "z": "9001"},
    "yes and no": {"x": True, "y": False, "z": "yes"},
    "a number": {"x": 12, "y": "12", "z": 0},
    "days": {"x": "2026-11-16", "y": "2026-11-17", "z": "bukan tanggal"},
    "instants": {"x": "2026-11-16T18:00:00+00:00", "y": "2026-11-17", "z": "2026-11-16T17:59:00+00:00"},
    "parts": {"x": {"kode": "satu", "isi": {"dalam": "dua"}}, "y": "satu"},
}  # fmt: skip
ASKED = (
    "letter.x is satu", "letter.x is not satu", "letter.x in [satu, tiga]", "letter.x not in [dua, tiga]", "letter.x is present", "letter.x is absent", "letter.y is absent",
    "letter.z is absent", "letter.x is none", "letter.x under 900", "letter.z under 900", "letter.x under 900.1", "letter.x equals letter.y", "letter.y equals letter.x",
    "letter.x is yes", "letter.y is no", "letter.z is yes", "letter.x is 12", "letter.z is 0", "letter.x before letter.y", "letter.y before letter.x", "letter.z before letter.x",
    "letter.x before letter.x", "letter.x.kode is satu", "letter.x.isi.dalam is dua", "letter.x.lain is present", "letter.x.kode equals letter.y", "biasa", "segera", "salah_satu",
    "bukan", "berantai", "biasa and salah_satu", "biasa or salah_satu", "not biasa", "tidak_ada", "state is a", "state is b", "all tugas is open", "some tugas is open", "no tugas is final",
)  # fmt: skip


def test_what_is_true_of_a_letter_is_as_approved(approved):
    of = flow(NAMED)
    found = []
    for text in ASKED:
        tree = rules.parse(text, HERE)
        letters = {name: staged(of, fields) for name, fields in FIELDS.items()}
        true = [name for name, on in letters.items() if holds(tree, of, on.letter, None, on.setting)]
        found.append(f"{text}: {', '.join(true) or '-'}")
    approved("rules_of_letters.txt", found)


def test_what_is_true_of_an_answer_is_as_approved(approved):
    of, found = flow(NAMED), []
    on = staged(of, {"security": "B", "urgency": "biasa", "sama": "ya"})
    for form in (None, {}, {"jawab": "ya"}, {"jawab": "tidak", "lain": ["ya"]}, {"jawab": {"isi": "ya"}}):
        for text in ("jawab", "berantai", "form.jawab is ya", "form.jawab is present", "form.lain is ya", "letter.sama equals form.jawab", "form.jawab equals letter.sama", "form.jawab.isi equals letter.sama", "jawab and biasa", "not (jawab or bukan)"):  # fmt: skip
            said = holds(rules.parse(text, HERE), of, on.letter, None, on.setting, form=form)
            found.append(f"{form} {text}: {said}")
    approved("rules_of_answers.txt", found)


def test_what_is_true_of_items_and_of_who_acts_is_as_approved(approved):
    on, found = disposed("kabid-a", "kabid-b", "kabid-c"), []
    do(on, "kabid-a", "teruskan", kepada=["staf-a"], **PELAJARI)
    do(on, "kabid-b", "balik", alasan="Bukan tugas kami")
    do(on, "pimpinan", "tarik")
    texts = [
        f"{much} disposisi is {state}"
        for much in ("all", "some", "no")
        for state in ("open", "final", "diterima", "kembali", "diteruskan")
    ]
    texts += [
        "some lain is open",
        "all lain is open",
        "item.kepada is kabid-b",
        "item.read is absent",
        "state is diterima",
    ]
    texts += [
        f"actor {word} {who}"
        for who in ("pemegang", "pemberi", "pimpinan", "actors of diterima", "actors of menunggu")
        for word in ("among", "not among")
    ]
    for holder in (None, "kabid-a", "kabid-b", "staf-a"):
        piece = child(on, holder)
        for text in texts:
            tree = rules.parse(text, HERE)
            people = [None, *map(actor, ("pimpinan", "kabid-a", "kabid-b", "staf-a", "agendaris"))]
            true = [who.position if who else "nobody" for who in people if holds(tree, MASUK, piece, who, on.setting)]
            found.append(f"{piece.id} {text}: {'everybody' if len(true) == len(people) else ', '.join(true) or '-'}")
    approved("rules_of_items.txt", found)


def test_rules_that_name_rules_are_followed_twenty_deep_and_no_further():
    of = flow(NAMED)
    first = of.rules["biasa"]
    on = staged(of, {"security": "B"})
    for deep, true in ((19, True), (20, False)):
        chain = {f"r{n}": replace(first, name=f"r{n}", tree=rules.parse(f"r{n + 1}", HERE)) for n in range(deep)}
        many = replace(of, rules={**chain, f"r{deep}": first})
        assert holds(rules.parse("r0 and r0", HERE), many, on.letter, None, on.setting) is true
        assert holds(rules.parse("tidak_ada or r0", HERE), many, on.letter, None, on.setting) is true
