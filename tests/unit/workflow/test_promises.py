"""What a flow promises: seeded bugs with the fewest acts that show them, answers that cannot be known, hostile flows."""

from __future__ import annotations

import time
from dataclasses import replace
from importlib.resources import files

import pytest
from engine_cases import HERE, flow

from intranet_surat.workflow import rules
from intranet_surat.workflow.findings import show
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Duration, Effect, Flow, Promise
from intranet_surat.workflow.promises import Verdict, decide, findings_of

SHIPPED = sorted(each.name for each in files("intranet_surat.workflows").iterdir() if each.name.endswith(".yaml"))


def shipped(name: str, *changes: tuple[str, str]) -> Flow:
    """A shipped flow in which these texts were changed, without its tests."""
    text = files("intranet_surat.workflows").joinpath(name).read_text(encoding="utf-8").partition("\ntests:\n")[0]
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load(text, name)


def never(text: str) -> Promise:
    return Promise("never", text, "Tidak boleh.", tree=rules.parse(text, HERE), mark=HERE)


def always(*states: str) -> Promise:
    return Promise("always_possible", " or ".join(states), "", states=states, mark=HERE)


def within(amount: int, unit: str, *states: str) -> Promise:
    return Promise("within", f"{amount} {unit}", "", states=states, within=Duration(amount, unit), mark=HERE)


def answer(of: Flow, promise: Promise) -> Verdict:
    (verdict,) = decide(replace(of, promises=(promise,)))
    return verdict


MASUK, KELUAR, DESA = "surat_masuk.yaml", "surat_keluar.yaml", "surat_pengantar_desa.yaml"
GATHER = "gather: {track: disposisi, until: all, done: selesai, returned: menunggu_disposisi}"
BERKASKAN = "by: agendaris, do: [{archive: by-classification}], to: diarsipkan}"
TO_NUMBERED = ("konseptor: ajukan", "tata_usaha: lulus", "tata_usaha: nomori")
TO_DISPOSED = ("agendaris: naikkan", "pimpinan: disposisi")
FIRST = "bawahan-1-pimpinan"

BROKEN = {
    "a letter is filed past the gathering": (
        (MASUK, (GATHER + "\n    actions:", GATHER + "\n    actions:\n      tutup: {by: agendaris, to: diarsipkan}")),
        never("state is diarsipkan and some disposisi is open"),
        (*TO_DISPOSED, "agendaris: tutup"),
    ),
    "the first answer ends the waiting": (
        (MASUK, (GATHER, GATHER.replace("all", "any"))),
        never("state is selesai and some disposisi is open"),
        (*TO_DISPOSED, f"{FIRST}: selesaikan"),
    ),
    "most answers end the waiting": (
        (MASUK, (GATHER, GATHER.replace("all", "most"))),
        never("state is selesai and some disposisi is open"),
        (*TO_DISPOSED, f"{FIRST}: selesaikan", "bawahan-2-pimpinan: selesaikan"),
    ),
    "children that came back lead to the archive": (
        (MASUK, (GATHER, GATHER.replace("returned: menunggu_disposisi", "returned: selesai"))),
        never("state is selesai and all disposisi is dikembalikan and some disposisi is final"),
        (*TO_DISPOSED, f"{FIRST}: bukan_tugas"),
    ),
    "nobody can file a finished letter": (
        (MASUK, (BERKASKAN, "by: agendaris}")),
        always("diarsipkan", "dikembalikan"),
        ("agendaris: naikkan", "pimpinan: cukup_diketahui"),
    ),
    "a rule that nothing satisfies": (
        (MASUK, ("if: letter.scan is present", "if: letter.security is B and letter.security is R")),
        always("menunggu_disposisi"),
        (),
    ),
    "filing needs what only some letters have": (
        (MASUK, (BERKASKAN, "by: agendaris, needs: ada_kode, to: diarsipkan}"),
         ("rules:", "rules:\n  ada_kode: {if: letter.classification is present, says: Beri kode.}")),
        always("diarsipkan", "dikembalikan"),
        ("agendaris: naikkan", "pimpinan: cukup_diketahui"),
    ),
    "a secret letter is handed down": (
        (MASUK, ("letter.security not in [R, SR]", "letter.security not in [SR]")),
        never("letter.security is R and some disposisi is diteruskan"),
        (*TO_DISPOSED, f"{FIRST}: teruskan"),
    ),
    "a disposition of a secret letter cannot end": (
        (MASUK, ("selesaikan: {title: Lapor selesai, by: pemegang,", "selesaikan: {title: Lapor, by: pemegang, needs: bukan_rahasia,"),
         ("by: pemegang, ask: alasan, to: dikembalikan}", "by: pemegang, needs: bukan_rahasia, ask: alasan, to: dikembalikan}"),
         ("          tarik: {title: Tarik kembali, by: pemberi, needs: belum_dibaca, to: ditarik}\n", "")),
        always("diarsipkan", "dikembalikan"),
        TO_DISPOSED,
    ),
    "the number is not voided when the paper is spoilt": (
        (KELUAR, ("ask: alasan, do: [{number: void}], to: konsep}\n  diperiksa", "ask: alasan, to: konsep}\n  diperiksa")),
        never("state is konsep and letter.number is present"),
        (*TO_NUMBERED, "tata_usaha: gagal"),
    ),
    "the number is not voided when the signatory refuses": (
        (KELUAR, ("ask: alasan, do: [{number: void}], to: konsep}\n      done", "ask: alasan, to: konsep}\n      done")),
        never("state is konsep and letter.number is present"),
        ("konseptor: ajukan", "tata_usaha: lulus", "penandatangan: siapkan", "penandatangan: tolak"),
    ),
    "a slip in the code of money letters": (
        (KELUAR, ('under "900"', 'under "90"')),
        never("state is ttd_elektronik and letter.classification under 900"),
        ("konseptor: ajukan", "tata_usaha: lulus"),
    ),
    "both branches lead to paper": (
        (KELUAR, ("{else: true, to: ttd_elektronik}", "{else: true, to: dicetak}")),
        never("state is dicetak and not keuangan"),
        ("konseptor: ajukan", "tata_usaha: lulus"),
    ),
    "a way round the signature": (
        (KELUAR, ("      gagal:", "      langsung: {by: tata_usaha, to: terkirim}\n      gagal:")),
        never("state is terkirim and letter.signed is none"),
        (*TO_NUMBERED, "tata_usaha: langsung"),
    ),
    "the checked scan does not count as signed": (
        (KELUAR, ("do: [{freeze: scan}, {signed: wet}], to", "do: [{freeze: scan}], to")),
        never("state is siap_kirim and letter.signed is none"),
        (*TO_NUMBERED, "tata_usaha: unggah", "pemeriksa: sahkan"),
    ),
    "a signed letter can still be edited": (
        (KELUAR, ("    title: Siap dikirim\n", "    title: Siap dikirim\n    edit: konseptor\n"),
         ("      edit: true\n", "")),
        never("state is siap_kirim and letter.body is absent"),
        ("konseptor: ajukan", "tata_usaha: lulus", "penandatangan: siapkan", "penandatangan: tanda_tangani", "konseptor: ubah surat"),
    ),
    "paper can neither be numbered nor given up": (
        (KELUAR, ("by: tata_usaha, ask: tanda_basah, do", "by: tata_usaha, needs: ada_cap, ask: tanda_basah, do"),
         ("      tidak_jadi: {title: Tidak ditandatangani, by: tata_usaha, ask: alasan, to: konsep}\n", ""),
         ("rules:", "rules:\n  ada_cap: {if: letter.print_code is absent, says: Cap.}")),
        always("diarsipkan", "dibatalkan"),
        ("konseptor: ajukan", "tata_usaha: lulus"),
    ),
    "handed over unsigned": (
        (DESA, ("      lengkapi:", "      serahkan_saja: {by: sekdes, to: diserahkan}\n      lengkapi:")),
        never("state is diserahkan and letter.signed is none"),
        ("operator: ajukan", "sekdes: serahkan_saja"),
    ),
    "a state is broken that a letter only passes": (
        (KELUAR,),
        never("state is siap_ttd and keuangan"),
        ("konseptor: ajukan", "tata_usaha: lulus"),
    ),
    "the letter goes round for ever": (
        (DESA,),
        within(30, "working days", "diserahkan", "ditolak"),
        ("operator: ajukan", "sekdes: lengkapi"),
    ),
    "a draft has no limit": ((KELUAR,), within(30, "working days", "terkirim", "dibatalkan"), ()),
    "another end was forgotten": ((MASUK,), within(9, "working days", "selesai"), ("agendaris: salah_alamat",)),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_seeded_bug_is_shown_with_the_fewest_acts(name):
    (source, *changes), promise, acts = BROKEN[name]
    verdict = answer(shipped(source, *changes), promise)
    assert (verdict.answer, verdict.acts) == ("no", acts), verdict.why


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_flows_keep_what_they_promise(name):
    of = shipped(name)
    assert of.promises
    assert [verdict.answer for verdict in decide(of)] == ["yes"] * len(of.promises)
    assert findings_of(of) == []


def test_answers_are_the_same_each_time():
    of = shipped(MASUK, (GATHER, GATHER.replace("all", "most")))
    of = replace(of, promises=(never("state is selesai and some disposisi is open"), always("diarsipkan")))
    assert decide(of) == decide(of)


STEPS = """
cast: {a: author, b: role b of office}
states:
  satu: {start: true, deadline: {within: 1 working day}, actions: {lanjut: {by: a, to: dua}, lompat: {by: a, to: tiga}}}
  dua: {deadline: {within: 2 working days}, actions: {lanjut_dua: {by: b, to: tiga}}}
  tiga: {deadline: {within: 4 hours}, actions: {lanjut_tiga: {by: b, to: akhir}}}
  akhir: {final: true}
"""


def test_within_adds_up_the_longest_way():
    assert answer(flow(STEPS), within(4, "working days", "akhir")).answer == "yes"
    late = answer(flow(STEPS), within(3, "working days", "akhir"))
    assert (late.answer, late.acts) == ("no", ("a: lanjut", "b: lanjut_dua"))
    assert "4 hari kerja" in late.why


def test_working_days_cannot_be_compared_with_days_of_the_calendar():
    verdict = answer(flow(STEPS), within(30, "days", "akhir"))
    assert verdict.answer == "unknown"
    assert "satuan yang tidak dapat dibandingkan" in verdict.why


def test_a_clock_that_may_stand_still_leaves_within_open():
    paused = STEPS.replace("{within: 2 working days}", "{within: 2 working days, paused_while: letter.scan is absent}")
    verdict = answer(flow(paused), within(4, "working days", "akhir"))
    assert (verdict.answer, "dapat dihentikan" in verdict.why) == ("unknown", True)


def test_what_time_decides_is_not_known():
    of = flow(
        STEPS.replace("lompat: {by: a, to: tiga}", "lompat: {by: a, needs: awal, to: tiga}")
        + "rules: {awal: {if: letter.x before letter.y, says: Tunggu.}}\n"
    )
    verdict = answer(of, never("state is tiga and letter.x before letter.y"))
    assert verdict.answer == "unknown"
    assert verdict.why.startswith("tidak dapat diputuskan karena ")
    assert answer(of, always("akhir")).answer == "yes"


def test_rules_are_consistent_with_each_other():
    of = flow(STEPS)
    for text in (
        "letter.security in [R, SR] and letter.security is B",
        "letter.scan is present and letter.scan is absent",
        "letter.classification is 900 and not letter.classification under 900",
        "letter.a equals letter.b and letter.a is x and letter.b is y",
        "letter.signed is wet",
        "state is satu and state is dua",
        "all anak is open and some anak is final",
    ):
        assert answer(of, never(text)).answer == "yes", text
    for text in ("letter.a equals letter.b", "letter.classification under 900 and letter.classification is not 900"):
        assert answer(of, never(text)).answer == "no", text


def test_somebody_else_is_there_only_where_several_hold_the_role():
    lone = """
    cast: {a: author, b: role b of office}
    rules: {lain: {if: actor not among actors of satu, says: Orang lain.}}
    states:
      satu: {start: true, actions: {lanjut: {by: a, to: dua}}}
      dua: {actions: {tutup: {by: WHO, needs: lain, to: akhir}}}
      akhir: {final: true}
    """
    assert answer(flow(lone.replace("WHO", "b")), always("akhir")).answer == "yes"
    assert answer(flow(lone.replace("WHO", "a")), always("akhir")).answer == "unknown"


def test_a_track_that_hands_down_to_itself_is_summarised():
    nested = """
    cast: {a: author, h: holder of item}
    forms: {bagi: {kepada: {type: positions, from: staff under actor, required: true}}}
    states:
      satu: {start: true, actions: {bagikan: {by: a, ask: bagi, fan_out: {track: tugas, per: form.kepada}, to: dua}}}
      dua: {gather: {track: tugas, until: all, done: akhir, returned: satu}}
      akhir: {final: true}
    tracks:
      tugas:
        states:
          baru: {start: true, actions: {turun: {by: h, ask: bagi, fan_out: {track: tugas, per: form.kepada}, to: tunggu}, END}}
          tunggu: {gather: {track: tugas, until: all, done: jadi, returned: baru}}
          jadi: {final: true, outcome: done}
          balik: {final: true, outcome: returned}
    """
    ends = nested.replace("END", "kerjakan: {by: h, to: jadi}")
    assert answer(flow(ends), always("akhir")).answer == "yes"
    deep = answer(flow(ends), never("state is akhir"))
    assert len(deep.acts) == 2
    comes_back = nested.replace("END", "kembalikan: {by: h, to: balik}")
    assert answer(flow(comes_back), never("state is akhir")).answer == "yes"
    trap = answer(flow(comes_back), always("akhir"))
    assert (trap.answer, trap.acts) == ("no", ())


@pytest.mark.parametrize("direction", ["keluar", "masuk"])
def test_no_promise_is_kept_by_taking_an_agenda_number_for_the_number_of_the_letter(direction: str) -> None:
    of = flow(
        """
    rules: {bernomor: {if: letter.number is present, says: Belum bernomor.}}
    states:
      a: {start: true, actions: {agendakan: {by: author, do: [{number: agenda-masuk}], to: b}}}
      b: {actions: {lewati: {by: author, to: c}, tutup: {by: author, needs: bernomor, to: d}}}
      c: {final: true}
      d: {final: true}
    """,
        direction,
    )
    assert answer(of, never("state is c and letter.number is absent")).answer == "no"
    assert answer(of, always("d")).answer != "yes"


def test_a_finding_says_sentence_acts_and_place():
    of = shipped(MASUK, ("state is diarsipkan and some", "state is didisposisi and some"))
    (finding,) = findings_of(of)
    shown = show(finding, of.text)
    assert finding.rule == "promise"
    assert "Surat diberkaskan sebelum disposisinya selesai." in finding.message
    assert "agendaris: naikkan; pimpinan: disposisi" in finding.message
    assert shown.splitlines()[1].lstrip().startswith("- {never: ")


def test_ten_thousand_states_are_decided_in_bounded_time():
    small = flow(STEPS)
    step, action = small.states["dua"], small.states["dua"].actions["lanjut_dua"]
    states = {
        f"x{n}": replace(step, name=f"x{n}", start=not n, actions={"lanjut": replace(action, to=f"x{n + 1}")})
        for n in range(10_000)
    }
    states["x10000"] = replace(small.states["akhir"], name="x10000")
    promises = (never("state is x10000"), always("x10000"), within(9, "working days", "x10000"))
    begun = time.process_time()
    answers = [verdict.answer for verdict in decide(replace(small, states=states, promises=promises))]
    assert answers == ["unknown", "yes", "unknown"]
    assert time.process_time() - begun < 60  # unbounded takes hours


def test_fifty_atoms_run_into_the_budget_and_say_so():
    names = [f"r{n}" for n in range(50)]
    given = "".join(f"  {name}: {{if: letter.f{n} is present, says: Isi.}}\n" for n, name in enumerate(names))
    actions = ", ".join(f"a{n}: {{by: b, needs: {name}, to: dua}}" for n, name in enumerate(names))
    of = flow(
        f"cast: {{b: role b of office}}\nrules:\n{given}states:\n  satu: {{start: true, actions: {{{actions}}}}}\n  dua: {{final: true}}\n"
    )
    begun = time.process_time()
    verdict = decide(
        replace(of, promises=(never("state is dua and letter.z is present and letter.z is absent"),)), budget=5_000
    )[0]
    assert (verdict.answer, verdict.why) == (
        "unknown",
        "tidak dapat diputuskan karena terlalu banyak kemungkinan untuk diperiksa",
    )
    assert time.process_time() - begun < 60  # unbounded takes hours


def test_an_effect_of_an_application_may_write_any_field():
    of = flow(STEPS)
    first = of.states["satu"].actions["lompat"]
    strange = replace(first, do=(Effect("cap_air", "ya"),))
    changed = replace(of, states={**of.states, "satu": replace(of.states["satu"], actions={"lompat": strange})})
    assert answer(of, never("state is tiga and letter.signed is wet")).answer == "yes"
    assert answer(changed, never("state is tiga and letter.signed is wet")).answer == "unknown"


def test_an_editor_cannot_be_counted_on_to_lower_the_security():
    body = """
    cast: {a: author}
    rules: {biasa: {if: letter.FIELD is B, says: Tidak boleh.}}
    states:
      satu: {start: true, edit: a, actions: {lanjut: {by: a, needs: biasa, to: akhir}}}
      akhir: {final: true}
    """
    assert answer(flow(body.replace("FIELD", "urgency")), always("akhir")).answer == "yes"
    assert answer(flow(body.replace("FIELD", "security")), always("akhir")).answer == "unknown"


def test_a_number_that_is_not_used_by_night_is_void_and_the_letter_must_be_prepared_anew():
    body = """
    cast: {a: author}
    states:
      satu:
        start: true
        sign:
          act: teken
          by: a
          prepare: {act: siap, do: [{number: seri}, {pdf: naskah, code: true}, {freeze: file}]}
          with: {method: pades}
          unsigned_at: {end_of: day, number: NUMBER}
          done: akhir
      akhir: {final: true}
    """
    for number, voided in (("keep", "yes"), ("void", "unknown")):
        of = flow(body.replace("NUMBER", number))
        assert answer(of, never("state is akhir and letter.number is absent")).answer == "yes"
        assert answer(of, never("letter.print_code is present and letter.number is absent")).answer == voided


def test_what_is_said_about_each_seeded_bug_is_as_approved(approved):
    found = []
    for name, ((source, *changes), promise, _) in BROKEN.items():
        verdict = answer(shipped(source, *changes), promise)
        found += [name, f"  {verdict.says}", f"  {verdict.why}", f"  {verdict.acts}"]
    approved("promises.txt", found)
