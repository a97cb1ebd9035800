"""Letters without a database: who is there, what can be done next and what comes of it, as approved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from approved_values import finding
from engine_cases import WORDS, flow
from past_lives import ORG, TwoOffices
from past_lives import flow as life
from test_testing import BODY, GOOD, LETTER
from told_once import beginning, once

from intranet_surat.workflow import testing
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.offers import on_paper
from intranet_surat.workflow.rehearsal import Stage
from intranet_surat.workflow.road import ahead
from intranet_surat.workflow.view import Actor
from intranet_surat.workflow.walking import after, reaches_end, situation, ways

HOUSE = """
cast:
  konseptor: author
  agendaris: role agendaris of office
  juru: role agendaris of office
  sekretaris: position sekretaris of office
  kepala: head of office
  pimpinan: holder of letter.addressee
  wakil: holder of letter.second
  atasan: superior of konseptor
  pemegang: holder of item
states:
  awal: {start: true, actions: {mulai: {by: FIRST, to: paraf}}}
  paraf: {route: {act: paraf, levels: superiors of konseptor below TOP, done: akhir, reject: {act: tolak, to: awal}}}
  lain: {route: {act: paraf_lain, levels: [{who: agendaris}], done: akhir, reject: {act: tolak_lain, to: awal}}}
  akhir: {actions: {ke_lain: {by: agendaris, to: lain}, tutup: {by: kepala, to: tutup}}}
  tutup: {final: true}
"""
FLOWS = {
    "by the author": {"FIRST": "konseptor", "TOP": "pimpinan"},
    "by somebody else": {"FIRST": "agendaris", "TOP": "kepala"},
    "without an author": {"FIRST": "agendaris", "TOP": "pimpinan", "  konseptor: author\n": "", "of konseptor": "of agendaris"},
    "by a role": {"FIRST": "role agendaris of office", "TOP": "pimpinan", "  konseptor: author\n": "", "of konseptor": "of agendaris"},
}  # fmt: skip
PEOPLE = {
    "nobody named": ({}, {}),
    "all named": (
        {"addressee": "kadis", "second": ["wadis", "wadis-dua"], "body": "x"},
        {"author": "staf", "agendaris": ["tu-satu", "tu-dua"], "juru": ["tu-tiga"], "sekretaris": "sekdis", "kepala": ["kadis"],
         "superiors": ["kasi", "kabid"], "staff": {"kepala": ["kabid", "sekdis"], "kabid": ["kasi"], "kasi": "staf", "pimpinan": ["wadis"]}},
    ),
    "an author by his name in the cast": ({}, {"author": "konseptor", "pimpinan": "bupati", "kepala": "camat"}),
    "an author by another name in the cast": ({}, {"author": "agendaris", "agendaris": ["tu"], "wakil": ["wk"]}),
    "somebody away": (
        {"addressee": "kadis"},
        {"absent": ["pimpinan", "agendaris"], "plh": {"kepala": "sekdis", "pimpinan": "sekretaris"}, "substitute": {"agendaris": "juru", "sekretaris": "agendaris"},
         "order": {"pimpinan": "800/1", "kepala": ""}, "scope": {"pimpinan": {"kinds": ["surat-dinas", "undangan"], "ceiling": "R", "signs": False}}},
    ),
    "somebody gone": (
        {"addressee": "kadis"},
        {"vacant": ["kepala", "agendaris"], "plt": {"pimpinan": "sekdis"}, "substitute": {"agendaris": "juru"}, "closed": {"kabid-lama": "kabid", "kasi": "pimpinan"},
         "staff": {"kabid-lama": ["staf"], "kasi": ["juru"]}, "an": ["sekretaris"], "ub": ["asisten", "pimpinan"], "author": "staf", "superiors": ["kabid-lama"]},
    ),
    "somebody for himself": ({}, {"plh": {"kepala": "kepala", "sekretaris": "kepala"}, "plt": {"sekretaris": "agendaris"}, "order": {"sekretaris": None}, "scope": {"sekretaris": {"kinds": "nota-dinas"}}}),
    "in a circle": ({}, {"staff": {"satu": ["dua"], "dua": ["satu", "tiga"], "tiga": ["satu"]}, "author": "tiga", "superiors": []}),
    "what is no list": ({}, {"staff": ["kabid"], "plh": "sekdis", "agendaris": "", "absent": 3}),
}  # fmt: skip
NAMES = (
    "konseptor", "agendaris", "juru", "sekretaris", "kepala", "pimpinan", "wakil", "atasan", "staf", "kadis", "kabid", "kasi",
    "kabid-lama", "sekdis", "tu-satu", "tu-dua", "tu-tiga", "wadis", "asisten", "satu", "dua", "tiga", "orang_luar",
)  # fmt: skip


def described(org: LittleOrg) -> Iterator[str]:
    """Everything that can be asked of an organisation, as far as it says something."""
    yield f"pembuat {org.author} kepala {org.head('KANTOR')} isian {org.fields}"
    yield f"di luar {org.head('')} {org.role('agendaris', '')} {org.post('sekretaris', '')} {org.office_of('')}"
    for code in ("agendaris", "sekretaris", "lurah"):
        yield f"peran {code}: {org.role(code, 'KANTOR')} jabatan {org.post(code, 'KANTOR')}"
    for name in NAMES:
        place = org.position(name)
        acts = [f"{each.person}@{each.position}" for each in org.actors(name)]
        orders = [form for form in ("an", "ub") if org.authority(place, form)]
        told = (
            place,
            org.superior(place),
            org.staff(place),
            org.persons(place),
            acts,
            org.now(place),
            orders,
            org.awaited(place),
        )
        if name == "orang_luar" or told != (name, None, (), (name,), [f"{name}@{name}"], name, [], ()):
            yield f"{name}: {' | '.join(map(str, told))} | {org.title(place)} {org.office_of(place)}"
        for person in dict.fromkeys(org.position(each) for each in NAMES):
            if (capacity := org.capacity(person, place)) is not None:
                yield f"{person} untuk {place}: {capacity.kind} {capacity.title} {capacity.order!r} {sorted(capacity.kinds or ())} {capacity.ceiling} {capacity.signs}"


def test_the_people_of_a_test_are_who_the_test_says_as_approved(approved):
    found = []
    for first, changes in FLOWS.items():
        body = HOUSE
        for old, new in changes.items():
            body = body.replace(old, new)
        for name, (letter, org) in PEOPLE.items():
            lines = [*described(LittleOrg(flow(body), org, letter))]
            found.append(((name, first), lines if first == "by the author" else lines[:6]))
    approved("people.txt", once(found))


FORMS = """
cast: {a: author, b: role b of office, h: holder of item, c: holder of letter.chosen}
rules:
  kode: {if: form.berkas.code equals letter.print_code, says: Kode salah.}
  cara: {if: "form.cara in [cepat, sedang]", says: Pilih cara.}
  dua: {if: form.macam is p and form.macam is q, says: Pilih keduanya.}
  ya: {if: form.setuju is yes, says: Setujui.}
  orang: {if: form.orang equals letter.chosen, says: Pilih orangnya.}
  kosong: {if: form.catatan is absent or form.catatan is lewat, says: Kosongkan.}
  lain: {if: actor not among actors of satu, says: Orang lain.}
forms:
  semua:
    berkas: {type: file, accept: [png, pdf], read_code: true, required: true}
    lampiran: {type: files, required: true}
    cara: {type: choice, of: cara}
    macam: {type: choices, of: macam, required: true}
    setuju: {type: yes-no, required: true}
  orang:
    orang: {type: position, from: staff under actor, required: true}
    kepada: {type: positions, from: staff under actor, required: true}
    tanggal: {type: date, required: true}
    batas: {type: deadline, required: true}
    batas_lain: {type: deadline, default: 3 working days, required: true}
    catatan: {type: text}
  tugas: {kepada: {type: position, from: staff under actor, required: true}, pesan: {type: text, required: true}, warna: {type: choice, of: warna}}
  bagi: {kepada: {type: positions, from: staff under actor, required: true}, batas: {type: deadline, default: 1 working day}}
states:
  satu: {start: true, actions: {cetak: {by: a, do: [{pdf: naskah, code: true}, {number: seri}, {notify: [b, c]}]}, kirim: {by: [a, b], ask: semua, needs: [kode, cara, dua, ya], to: dua}}}
  dua: {deadline: {within: 1 working day, remind: [{who: b, at: due}], escalate: {after: 1 working day, to: a, do: reassign}}, actions: {pilih: {by: [a, b], ask: orang, needs: [orang, kosong, lain], do: [{set: {tanggal: form.tanggal, warna: hijau}}], to: tiga}}}
  tiga: {actions: {tugaskan: {by: a, ask: tugas, fan_out: {track: tugas, per: form.kepada}, to: empat}, bagikan: {by: b, ask: bagi, fan_out: {track: tugas, per: form.kepada}, to: empat}}}
  empat: {gather: {track: tugas, until: any, done: ttd, returned: satu}, actions: {tambah: {by: a, ask: bagi, fan_out: {track: tugas, per: form.kepada}}}}
  ttd: {sign: {act: teken, by: c, prepare: {act: siap, do: [{number: seri}, {freeze: file}]}, with: {method: pades}, reject: {act: tolak, do: [{number: void}], to: satu}, done: akhir}}
  akhir: {final: true}
tracks:
  tugas:
    states:
      baru:
        start: true
        on_enter: [{notify: h}, {set: {dibagi: ya}}]
        deadline: {within: item.batas, escalate: {after: 1 working day, to: b, do: reassign}}
        actions: {jadi: {by: h, to: beres}, pulang: {by: h, to: pulang}, turun: {by: h, ask: bagi, fan_out: {track: tugas, per: form.kepada}, to: tunggu}}
      tunggu: {gather: {track: tugas, until: all, done: beres, returned: baru}}
      beres: {final: true, outcome: done}
      pulang: {final: true, outcome: returned}
"""
VOCABULARIES = {
    **WORDS,
    "cara": {"lambat": "L", "cepat": "C", "sedang": "S"},
    "macam": {"p": "P", "q": "Q", "r": "R"},
    "warna": {"merah": "M", "putih": "P"},
}
STAFF = {"a": ["x", "y"], "b": ["z", "w"], "x": ["xx"]}


def stages() -> Iterator[tuple[str, Stage]]:
    """Letters in the beginning."""
    forms = flow(FORMS)
    for name, letter in (("every answer", {"chosen": "w"}), ("nobody chosen", {})):
        yield name, Stage(forms, LittleOrg(forms, {"staff": STAFF}, letter), vocabularies=VOCABULARIES)
    life_ = life()
    yield (
        "a letter with a past",
        Stage(
            life_,
            TwoOffices(life_, ORG, {"body": "x", "classification": "900", "signatory": "kadis"}),
            vocabularies=WORDS,
        ),
    )
    whole = Path(__file__).parent / "flows" / "semua.yaml"
    every = load(whole.read_text("utf-8"), "semua.yaml")
    for classification in ("900", "400"):
        org = {
            "author": "staf",
            "superiors": ["kabid", "kadis"],
            "staff": {"tata_usaha": ["juru", "piket"]},
            "plh": {"kadis": "kabid"},
            "absent": ["kadis"],
        }
        letter = {"signatory": "kadis", "classification": classification, "addressees": ["BPKAD"]}
        yield f"every key {classification}", Stage(every, LittleOrg(every, org, letter), vocabularies=WORDS)


def answers(form: Mapping[str, Any]) -> str:
    """A filled form; of a file its name, for all made-up files hold the same."""
    said = {}
    for name, value in form.items():
        files = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, Mapping)]
        assert all(one["sha256"] == "0" * 64 for one in files)
        said[name] = " ".join(f"{one['filename']} {one.get('code', '')}".strip() for one in files) or value
    return ", ".join(f"{name}={value}" for name, value in said.items())


def seen(on: Stage) -> Iterator[str]:
    told = {"nomor": on.number, "diberitahu": on.notified, "dieskalasi": on.escalated(), "menunggu": on.waits_for()}
    yield f"    pukul {on.setting.now:%d/%m %H.%M} {some(told)}"
    for each in on.pieces():
        initials = [one.position for one in each.initials]
        told = {
            "jenis": each.kind, "jalur": each.track, "hasil": each.outcome, "batas": at(each.due), "batas sejak": at(each.limit_since),
            "pemberi": each.giver, "pemegang": each.holder, "dahulu": each.held, "ditugasi": each.assigned, "diberitahu": each.told,
            "paraf": initials, "isian": dict(each.fields), "di depan": [one.name for one in ahead(on.flow, each)],
            "anak": list(map(str, each.children)),
        }  # fmt: skip
        yield f"    {each.id} {each.state} {each.ended} masuk {each.entered} {at(each.since)} {some(told)}"
    last = on.acts[-1]
    yield f"    {last.seq} {last.item} {last.action} {last.state_from} {last.state_to} {last.position}/{last.person} {last.numbered}"


def some(told: Mapping[str, Any]) -> str:
    """What is not empty."""
    return "; ".join(f"{name} {value}" for name, value in told.items() if value)


def at(moment: datetime | None) -> str:
    return f"{moment:%d/%m %H.%M}" if moment else ""


def explored(first: Stage, most: int = 14) -> Iterator[str]:
    """All that can be done in the nearest situations, what comes of it, and what two days of waiting bring."""
    known = {situation(first): 0}
    queue = [first]
    for number, here in enumerate(queue):
        yield f"  situasi {number}: {here.letter.state}"
        yield from seen(here) if number < most else ()
        if number >= most:
            return
        late = here.copy()
        late.wait(2, "working days")
        if len(late.acts) > len(here.acts):
            yield "   dua hari kemudian"
            yield from seen(late)
        went: Counter[str] = Counter()
        for way in islice(ways(here, children=2), 40):
            there = after(here, way)
            to = known.setdefault(situation(there), len(known)) if there is not None else "tidak dapat"
            queue += [there] if to == len(queue) else []
            went[f"   {way.piece} {way.kind} {way} ({answers(way.form)}) -> {to}"] += 1
        yield from (f"{way}{f' x{times}' if times > 1 else ''}" for way, times in went.items())
        yield f"   sampai akhir: {reaches_end(here, 60)}"


@pytest.mark.parametrize(("name", "on"), [pytest.param(*each, id=each[0]) for each in stages()])
def test_what_can_be_done_next_and_what_comes_of_it_is_as_approved(name, on, approved):
    approved(f"explored_{name.replace(' ', '_')}.txt", beginning(explored(on), 60))


def test_what_the_tests_of_a_flow_leave_out_is_told_with_its_place(approved):
    steps = GOOD.strip().splitlines()
    found = []
    for count in (0, 1, 2, 4, 5, 7, len(steps)):
        lines = "\n".join(f"      - {{{line}}}" for line in steps[:count])
        of = flow(
            BODY
            + "".join(f"    {line}\n" for line in LETTER.splitlines())
            + (f"    run:\n{lines}\n" if count else "    run: []\n")
        )
        tried = testing.report(of)
        found += [f"== {count} langkah: {[each.message for each in tried.results]} {testing.untried(of, tried)}"]
        found += [finding(each) for each in testing.coverage(of, tried)]
    approved("coverage.txt", found)


PAPER = """
cast: {a: author, b: role b of office, tu: role tu of office, p: holder of letter.chosen}
absence: [{stand_in: plh, needs_order: true}]
rules: {ada: {if: letter.body is present, says: Lengkapi isi.}}
states:
  satu:
    start: true
    actions:
      kirim: {by: [a, b], entered_by: tu, to: dua}
      batal: {by: p, entered_by: [tu, b], needs: ada, to: akhir}
      simpan: {by: [tu, b], entered_by: tu, to: akhir}
      catat: {by: b}
  dua: {route: {act: paraf, levels: [{who: b}], done: akhir, reject: {act: tolak, to: satu}}}
  akhir: {final: true}
"""
DESKS = {
    "everybody there": ({"body": "x"}, {}),
    "no text": ({}, {"b": ["b1", "b2"]}),
    "nobody holds the post": ({"body": "x"}, {"vacant": ["p", "a"]}),
    "somebody for the one who wrote": (
        {"body": "x"},
        {"vacant": ["p"], "plh": {"p": "wakil", "a": "juru"}, "absent": ["a"]},
    ),
    "somebody for the clerk": ({"body": "x"}, {"plh": {"tu": "wakil"}, "absent": ["tu"]}),
    "somebody for the clerk without order": ({"body": "x"}, {"plh": {"tu": "wakil"}, "order": {"tu": ""}}),
}


def test_what_a_clerk_may_enter_from_the_paper_of_another_is_as_approved(approved):
    found = []
    for name, (letter, org) in DESKS.items():
        of = flow(PAPER)
        on = Stage(of, LittleOrg(of, org, letter))
        for clerk in (Actor("tu", "tu"), Actor("wakil", "tu"), Actor("b", "b"), Actor("juru", "juru")):
            found.append(f"== {name}, {clerk.person} sebagai {clerk.position}")
            for writer, offer in on_paper(of, on.letter, clerk, on.setting):
                says = f"{offer.allowed} {offer.says} {offer.who} {offer.kind} {offer.to}"
                found.append(f"  {writer.person} sebagai {writer.position} lewat {writer.clerk}: {offer.action} {says}")
    approved("from_paper.txt", found)
