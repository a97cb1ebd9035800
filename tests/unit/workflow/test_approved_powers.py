"""Who may do what: everything on which a power can depend changed once, and what is gained and lost by it, as approved."""

from __future__ import annotations

from pathlib import Path

import pytest
from approved_values import powers
from told_once import once

from intranet_surat.workflow.diff import renamed
from intranet_surat.workflow.diff_powers import grouped
from intranet_surat.workflow.little_org import OFFICE, LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.matrix import Memory, TooMuch, matrix
from intranet_surat.workflow.matrix_letters import Ground
from intranet_surat.workflow.matrix_little import little_ground
from intranet_surat.workflow.model import Flow

TEXT = (Path(__file__).parent / "flows" / "kuasa.yaml").read_text("utf-8")
FLOW = load(TEXT, "kuasa.yaml")
WHOLE = frozenset({"act", "see", "acted", "holder", "cc"})
SIGHT = {"B": WHOLE, "R": WHOLE - {"see", "cc"}}


STAFF = {"kepala": ["sekretaris", "kabid", "staf-b"], "kabid": ["kasi"], "kasi": ["staf-a"]}
FEW = Ground(LittleOrg(FLOW, {"staff": STAFF, "author": "staf-a"}, {}), OFFICE, ("staf-a", "staf-b"), SIGHT)


def changed(*swaps: tuple[str, str]) -> Flow:
    text = TEXT
    for old, new in swaps:
        assert text.count(old) >= 1, old
        text = text.replace(old, new, 1)
    return load(text, "kuasa.yaml")


def test_all_powers_of_the_flow_are_as_approved(approved):
    approved("all_powers.txt", powers(matrix(FLOW, little_ground({**SIGHT, "T": WHOLE}, FLOW))))


SMALL = """\
flow: surat/1
id: kecil
version: 1
applies_to: {direction: masuk}
calendar: c
cast: {a: author%s}
states: {b: {start: true, actions: {c: {by: a, to: d}, e: {by: a}}}, d: {final: true}}
"""


def small(cast: str = "") -> Flow:
    return load(SMALL % cast, "kecil.yaml")


def test_the_little_office_has_whomever_the_flows_name_below_one_head(approved):
    camat, plain = small(", camat: head of office, kasi: position kasi of office"), small(", b: role kepala of office")
    found = []
    for name, flows in {
        "camat": (camat,),
        "tanpa": (plain,),
        "keduanya": (plain, camat),
        "kuasa": (FLOW, plain),
    }.items():
        org, office = (made := little_ground(SIGHT, *flows)).org, made.office
        roles = {role: org.role(role, office) for role in ("tata_usaha", "kepala", "tak_ada")}
        posts = {post: org.post(post, office) for post in ("sekretaris", "kasi", "tak_ada")}
        staff = {boss: org.staff(boss) for boss in ("kepala", "camat", "kabid-a", "staf-b")}
        found += [f"{name}: {office} {made.authors} kepala {org.head(office)}", *map(str, (roles, posts, staff))]
    approved("little_office.txt", found)


CHANGES = {
    "people": {
        "who acts": (("kirim: {title: Kirim, by: penulis", "kirim: {title: Kirim, by: sekretaris"),),
        "who acts behind a name": (("  penulis: author", "  penulis: superior of author"),),
        "who acts behind two names": (("  pemeriksa: actors of konsep", "  pemeriksa: actors of periksa"),),
        "who enters from paper": (("entered_by: tata_usaha", "entered_by: sekretaris"),),
        "nobody enters from paper": ((" entered_by: tata_usaha,", ""),),
        "whose field it is": (("holder of letter.ajudan", "holder of letter.addressee"),),
    },
    "rules": {
        "a rule less": (("needs: terbuka, to: pilih", "to: pilih"),),
        "another rule": (("needs: terbuka, to: pilih", "needs: tertutup, to: pilih"),),
        "a rule behind a rule": (("'letter.security in [R, SR]'", "letter.security is B"),),
        "a rule that never holds": (("needs: [lama, tercap]", "needs: [tertutup, terbuka]"),),
        "two rules about one field": (("needs: [lama, tercap]", "needs: [segera, biasa]"), ("  lama:", "  biasa: {if: letter.urgency is biasa, says: Tidak.}\n  lama:")),
        "two rules about one field that agree": (("needs: [lama, tercap]", "needs: [segera, kilat]"), ("  lama:", "  kilat: {if: letter.urgency is kilat, says: Tidak.}\n  lama:")),
        "a field that has both words": (("needs: [lama, tercap]", "needs: [satu, dua]"), ("  lama:", "  satu: {if: letter.tanda is satu, says: Tidak.}\n  dua: {if: letter.tanda is dua, says: Tidak.}\n  lama:")),
        "a date between dates": (("needs: [lama, tercap]", "needs: [lama, baru]"), ("  lama:", "  baru: {if: not (letter.letter_date before 2025-01-01), says: Tidak.}\n  lama:")),
        "two fields that are equal": (("needs: [lama, tercap]", "needs: sama"), ("  lama:", "  sama: {if: letter.asal equals letter.tujuan and letter.asal is kota, says: Tidak.}\n  lama:")),
        "two fields that differ": (("needs: [lama, tercap]", "needs: beda"), ("  lama:", "  beda: {if: not (letter.asal equals letter.tujuan), says: Tidak.}\n  lama:")),
        "a field that is the head": (("needs: [lama, tercap]", "needs: dituju"), ("  lama:", "  dituju: {if: letter.ajudan is lain, says: Tidak.}\n  lama:")),
        "many fields": (("needs: [lama, tercap]", "needs: banyak"), ("  lama:", f"  banyak: {{if: '{' and '.join(f'letter.f{n} is w{n}' for n in range(6))}', says: Tidak.}}\n  lama:")),
        "one of many fields": (("needs: [lama, tercap]", "needs: banyak"), ("  lama:", f"  banyak: {{if: '{' or '.join(f'letter.f{n} is w{n}' for n in range(6))}', says: Tidak.}}\n  lama:")),
        "one of many fields or a child": (("needs: [lama, tercap]", "needs: banyak"), ("  lama:", f"  banyak: {{if: '{' and '.join(f'letter.f{n} is absent' for n in range(6))} or some tugas is beres', says: Tidak.}}\n  lama:")),
    },
    "items": {
        "a child in some state": (("if: no tugas is open", "if: some tugas is beres and all tugas is final"),),
        "a child in two states": (("if: no tugas is open", "if: some tugas is beres and some tugas is ditarik"),),
        "what was read": (("if: item.read is absent", "if: item.read is present"),),
        "a field of the item": (("if: item.bobot is berat", "if: item.bobot is none"),),
        "a field of the item that names the holder": (("  ajudan: holder of letter.ajudan", "  ajudan: holder of letter.ajudan\n  utama: holder of item.utama"), ("lapor: {title: Lapor, by: pemegang", "lapor: {title: Lapor, by: utama")),
        "a field of the letter for an item": (("if: item.bobot is berat", "if: letter.bobot is berat"),),
    },
    "acted": {
        "a rule about who acted": (("if: actor not among pemeriksa", "if: actor among pemeriksa"),),
        "a rule about who acted elsewhere": (("if: actor not among pemeriksa", "if: actor among actors of ttd"),),
        "a rule about who acted in a track": (("if: actor not among pemeriksa", "if: actor among actors of diterima"),),
        "a rule about who acted, of an item": (("if: item.bobot is berat", "if: actor among actors of diterima"),),
        "a rule about who acted on the letter, of an item": (("if: item.bobot is berat", "if: actor among actors of bagi"),),
        "those who acted act": (("lepas: {title: Lepas, by: sekretaris", "lepas: {title: Lepas, by: actors of diterima"),),
    },
    "choices": {
        "a choice by secrecy": (("{when: mendesak, to: ujung}", "{when: tertutup, to: ujung}"),),
        "a choice by who acts": (("{when: mendesak, to: ujung}", "{when: orang_lain, to: ujung}"),),
        "a choice by an answer": (("{when: mendesak, to: ujung}", "{when: jelas, to: ujung}"),),
        "a choice by a child": (("{when: mendesak, to: ujung}", "{when: tuntas, to: ujung}"),),
        "a choice by a date": (("{when: mendesak, to: ujung}", "{when: lama, to: ujung}"),),
        "a choice that never comes": (("{when: mendesak, to: ujung}", "{when: mustahil, to: ujung}"), ("  lama:", "  mustahil: {if: terbuka and tertutup, says: Tidak.}\n  lama:")),
        "a choice behind a choice": (("{when: mendesak, to: ujung}", "{when: tertutup, to: dalam}"), ("  ujung:", "  dalam: {choose: [{when: segera, to: ujung}, {else: true, to: simpang}]}\n  ujung:")),
        "a choice of an item by a field": (("{when: tertutup, to: tertahan}", "{when: penting, to: tertahan}"),),
        "a choice of an item by a field of the letter": (("{when: tertutup, to: tertahan}", "{when: lama, to: tertahan}"),),
        "a choice of an item that never comes": (("{when: tertutup, to: tertahan}", "{when: mustahil, to: tertahan}"), ("  lama:", "  mustahil: {if: penting and not penting, says: Tidak.}\n  lama:")),
        "no way but over levels that end nowhere": (("[{when: mendesak, to: ttd}, {when: segera, to: ttd}, {else: true, to: paraf}]", "[{else: true, to: paraf}]"), ("below kepala", "below tata_usaha")),
        "a way round levels that end nowhere": (("{when: mendesak, to: ttd}, {when: segera, to: ttd}", "{when: lama, to: ttd}"), ("below kepala", "below tata_usaha")),
        "initials of nobody": (("below kepala", "below author"),),
        "a way over initials of nobody": (("{when: mendesak, to: ujung}, {else: true, to: arsip}", "{else: true, to: kosong}"), ("  ujung:", "  kosong: {route: {act: cermat, levels: superiors of author below author, done: ujung}}\n  ujung:")),
        "a way over children": (("{when: mendesak, to: ujung}, {else: true, to: arsip}", "{else: true, to: kosong}"), ("  ujung:", "  kosong: {gather: {track: tugas, until: all, done: arsip, returned: ujung}}\n  ujung:")),
        "another way over children": (("{when: mendesak, to: ujung}, {else: true, to: arsip}", "{else: true, to: kosong}"), ("  ujung:", "  kosong: {gather: {track: tugas, until: all, done: ujung, returned: arsip}}\n  ujung:")),
    },
    "children and ways": {
        "a form that gives out to others": (("kepada: {type: positions, from: bawahan", "kepada: {type: positions, from: staff under sekretaris"),),
        "a form that gives out to the staff of whoever acts": (("kepada: {type: positions, from: bawahan", "kepada: {type: positions, from: staff under actor"),),
        "a form that gives out to one": (("kepada: {type: position, from: staff under actor}", "kepada: {type: position, from: head of office}"),),
        "children of what stands beside": (("per: form.kepada}, to: tunggu", "per: form.utama}, to: tunggu"),),
        "no children": (("if: item.bobot is berat", "if: letter.bobot is berat"), (", fan_out: {track: tugas, per: form.utama}", ""), (", fan_out: {track: tugas, per: form.kepada}, to: tunggu", ", to: tunggu"), ("  tunggu:\n    gather: {track: tugas, until: all, done: arsip, returned: bagi}\n", "  tunggu:\n")),
        "another way on": (("needs: orang_lain, to: bagi", "needs: orang_lain, to: arsip"),),
        "another way on from initials": (("done: ttd, stand_in", "done: periksa, stand_in"),),
        "another way on from children": (("done: arsip, returned: bagi", "done: periksa, returned: arsip"),),
        "a way over children that passes at once": (("needs: orang_lain, to: bagi", "needs: orang_lain, to: tunggu"),),
    },
    "initials and signatures": {
        "other levels": (("levels: superiors of author below kepala", "levels: [{who: sekretaris}, {who: atasan}, {who: kepala}]"),),
        "levels that end nowhere": (("levels: superiors of author below kepala", "levels: superiors of author below tata_usaha"),),
        "a last level only": (("levels: superiors of author below kepala", "levels: superiors of author below kepala, at_most: 1"),),
        "initials that do not edit": ((" edit: true,", ""),),
        "initials seen by all who acted": (("    see: only penulis\n", "    see: penulis\n"),),
        "initials seen by nobody else": (("    see: only penulis\n", ""),),
        "no stand-in for initials": ((", stand_in: true}", "}"),),
        "stand-ins for the signature": (("done: bagi}", "done: bagi, stand_in: true}"),),
        "another signs": (("sign: {by: kepala", "sign: {by: sekretaris"),),
        "a stand-in for one more act": ((", to: bagi, stand_in: false}", ", to: bagi}"),),
    },
    "stand-ins, sight and limits": {
        "no stand-ins": (("absence:\n  - {stand_in: plh}\n", ""),),
        "no stand-ins by name": (("- {stand_in: plh}", "- {stand_in: none, notify: penguji}"),),
        "other stand-ins": (("- {stand_in: plh}", "- {stand_in: plt, needs_order: true}\n  - {stand_in: none, notify: penguji}"),),
        "who may edit": (("    edit: penulis\n", "    edit: [sekretaris, atasan]\n"),),
        "who may see": (("    see: sekretaris\n", "    see: only [sekretaris, tata_usaha]\n"),),
        "who sees the end": (("see: tata_usaha}", "see: [penulis, tata_usaha]}"),),
        "an escalation to another": (("to: atasan, do: reassign", "to: sekretaris, do: reassign"),),
        "an escalation that only tells": (("to: atasan, do: reassign", "to: atasan, do: notify"),),
        "no escalation": ((", escalate: {after: 1 hour, to: atasan, do: reassign}", ""),),
        "an escalation of items that only tells": (("to: superior of pemegang, do: reassign", "to: superior of pemegang, do: notify"),),
        "an escalation of items to one": (("to: superior of pemegang, do: reassign", "to: tata_usaha, do: reassign"),),
        "an escalation of initials": (("levels: superiors of author below kepala", "levels: superiors of author below kepala, deadline: {within: 1 hour, escalate: {after: 1 hour, to: superior of level}}"),),
    },
    "names and kinds": {
        "the other direction": (("direction: keluar", "direction: masuk"),),
        "another kind": (("kinds: [surat-dinas]", "kinds: [undangan, surat-dinas]"),),
        "every kind": ((", kinds: [surat-dinas]", ""),),
        "an end of items that is withdrawn": (("beres: {final: true, outcome: done}", "beres: {final: true, outcome: withdrawn}"),),
        "an act with another name": (("simpan: {title: Simpan", "taruh: {title: Simpan"),),
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", CHANGES)
def test_each_thing_on_which_a_power_depends_is_seen_as_approved(kind, approved):
    """All versions share one memory: what one found is taken by another only where nothing it depends on differs."""
    memory, found = Memory(), []
    before = matrix(FLOW, FEW, memory)
    for name, swaps in CHANGES[kind].items():
        after = changed(*swaps)
        now = matrix(after, FEW, memory)
        lines = grouped(FLOW, after, renamed(FLOW, after), now - before, before - now, FEW)
        said = [*(f"+ {each}" for each in powers(now - before)), *(f"- {each}" for each in powers(before - now))]
        found.append((name, [*said, *(each.text for each in lines)] or ["tidak ada beda"]))
    approved(f"power_depends_on_{kind.replace(',', '').replace(' ', '_')}.txt", once(found))


SAME = {
    "titles": (("title: Kirim,", "title: Kirimkan,"), ("title: Alur yang", "title: Alur lain yang")),
    "sentences of refusal": (("says: Surat tertutup.", "says: Surat ini tertutup."),),
    "times": (("within: 1 working day, escalate", "within: 3 hours, escalate"), ("after: 1 hour", "after: 1 hour")),
    "reminders": (("remind: [{who: penulis, at: due}]", "remind: [{who: kepala, at: 1 hour before}]"),),
    "pauses": (("within: 1 working day, escalate", "within: 1 working day, paused_while: segera, escalate"),),
    "places": (("\nstates:\n", "\n\n\nstates:\n"),),
    "what nobody uses": (("  penguji: role", "  penonton: role penonton of office\n  penguji: role"),),
}


@pytest.mark.parametrize("what", SAME)
def test_what_gives_no_power_is_not_asked_about_again(what):
    memory = Memory()
    before = matrix(FLOW, FEW, memory)
    asked = len(memory.found), len(memory.able)
    assert matrix(changed(*SAME[what]), FEW, memory) == before
    assert (len(memory.found), len(memory.able)) == asked


def test_a_change_of_one_state_is_asked_about_there_only():
    memory = Memory()
    matrix(FLOW, FEW, memory)
    looks, acts = len(memory.found), len(memory.able)
    matrix(changed(("see: tata_usaha}", "see: penguji}")), FEW, memory)
    assert (len(memory.found) - looks, len(memory.able) - acts) == (2, 0)


def test_the_questions_can_be_bounded_and_one_less_is_too_few():
    everybody = little_ground({"B": WHOLE}, small())
    # Two acts, each before two authors: who may do it, and whether he can.
    assert matrix(small(), everybody, Memory(8)) == matrix(small(), everybody)
    with pytest.raises(TooMuch):
        matrix(small(), everybody, Memory(7))
