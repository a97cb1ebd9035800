"""The runner of in-file tests: it must fail where a flow does not do what its test says."""

from __future__ import annotations

from textwrap import indent

import pytest
from engine_cases import flow, fresh

from intranet_surat.workflow import testing

BODY = """
cast:
  konseptor: author
  tu: role tata_usaha of office
  penandatangan: holder of letter.signatory
  pemegang: holder of item
rules:
  lengkap: {if: letter.body is present, says: Lengkapi isi.}
  kode: {if: form.kode equals letter.print_code, says: Kode salah.}
forms:
  alasan: {alasan: {type: text, required: true}}
  pindai: {kode: {type: text, required: true}}
  bagi: {kepada: {type: positions, from: staff under actor, required: true}, cara: {type: choice, of: cara}, batas: {type: deadline}}
states:
  konsep: {start: true, actions: {ajukan: {by: konseptor, needs: lengkap, to: periksa}, batal: {by: konseptor, ask: alasan, to: batal}}}
  periksa:
    on_enter: [{pdf: naskah, code: true}, {notify: tu}]
    actions: {nomori: {by: tu, ask: pindai, needs: kode, do: [{number: surat-keluar}], to: bagi}, balik: {by: tu, to: konsep}}
  bagi: {actions: {bagikan: {by: penandatangan, ask: bagi, fan_out: {track: tugas, per: form.kepada}, to: dibagi}}}
  dibagi: {gather: {track: tugas, until: all, done: arsip, returned: bagi}}
  arsip: {final: true}
  batal: {final: true}
tracks:
  tugas:
    states:
      baru: {start: true, deadline: {within: item.batas}, actions: {lapor: {by: pemegang, to: jadi}}}
      jadi: {final: true, outcome: done}
tests:
  satu uji:
"""
LETTER = "letter: {body: isi, signatory: kadis}\norg: {author: staf, superiors: [kadis]}\n"


def result(run: str, head: str = LETTER) -> testing.TestResult:
    lines = "\n".join(f"  - {{{line}}}" for line in run.strip().splitlines())
    made = flow(BODY + indent(f"{head}run:\n{lines}\n", "    "))
    (found,) = testing.run(made)
    return found


GOOD = """
expect: {state: konsep, number: none, signed: none, open: [], waits_for: [staf]}
who: staf, act: ajukan
expect: {state: periksa, notified: [tu], waits_for: [tu]}
who: tu, act: nomori, form: {kode: lain}, denied: Kode salah.
who: tu, act: nomori, form: {kode: letter.print_code}
expect: {number: reserved, notified: [kadis]}
who: kadis, act: bagikan, form: {kepada: [staf], cara: cepat, batas: 2 working days}
expect: {state: dibagi, open: [staf], notified: [staf]}
wait: 3 working days
who: staf, act: lapor
expect: {state: arsip, open: []}
"""


def test_a_test_that_says_what_happens_is_green() -> None:
    found = result(GOOD)
    assert (found.ok, found.message, found.name) == (True, "", "satu uji")


@pytest.mark.parametrize(
    ("run", "step", "message"),
    [
        ("expect: {state: periksa}", 1, "state seharusnya 'periksa', ternyata 'konsep'"),
        ("expect: {number: used}", 1, "number seharusnya 'used', ternyata 'none'"),
        ("expect: {signed: wet}", 1, "signed seharusnya 'wet', ternyata 'none'"),
        ("expect: {waits_for: [tu, staf]}", 1, "waits_for seharusnya [staf, tu], ternyata [staf]"),
        ("expect: {open: [staf]}", 1, "open seharusnya [staf], ternyata []"),
        ("who: staf, act: ajukan\nexpect: {notified: []}", 2, "notified seharusnya [], ternyata [tu]"),
        ("who: tu, act: ajukan", 1, "tu tidak dapat melakukan 'ajukan': Ini tugas Staf."),
        ("who: staf, act: batal", 1, "Alasan harus diisi."),
        ("who: staf, act: ajukan, denied: Tidak boleh.", 1, "'ajukan' oleh staf seharusnya ditolak, tetapi diterima"),
        (
            "who: tu, act: ajukan, denied: Tidak boleh.",
            1,
            "seharusnya 'Tidak boleh.', tetapi berbunyi 'Ini tugas Staf.'",
        ),
        ("who: staf, act: lapor", 1, "staf tidak dapat melakukan 'lapor'"),
        ("who: staf, act: ajukan\nwho: tu, act: nomori, form: {kode: letter.tidak_ada}", 2, "Kode salah."),
        ("who: staf, act: batal, form: {alasan: x, lain: y}", 1, "Isian ini tidak ditanyakan"),
    ],
)
def test_a_test_that_says_something_else_is_red_at_its_step(run: str, step: int, message: str) -> None:
    found = result(run)
    assert found.ok is False
    assert message in found.message
    assert found.message.startswith(f"Langkah {step}: ")
    first = len((BODY + LETTER).splitlines()) + 6 + 2  # lines of the head, and `run:`
    assert found.mark.line == first + step - 1


def test_a_field_error_may_be_what_is_denied() -> None:
    assert result("who: staf, act: batal, denied: Alasan harus diisi.").ok


def test_a_rule_is_tried_on_what_the_test_leaves_out() -> None:
    assert result("who: staf, act: ajukan, denied: Lengkapi isi.", head="org: {author: staf}\n").ok


def test_people_come_from_the_cast_when_the_test_names_nobody() -> None:
    run = "who: konseptor, act: ajukan\nexpect: {waits_for: [tu]}"
    assert result(run, head="letter: {body: isi}\n").message == ""


def test_a_cast_name_may_have_several_holders() -> None:
    head = "letter: {body: isi}\norg: {author: staf, tu: [tu_satu, tu_dua]}\n"
    run = "who: staf, act: ajukan\nexpect: {waits_for: [tu_satu, tu_dua]}\nwho: tu_dua, act: balik\nexpect: {state: konsep}"
    assert result(run, head=head).message == ""


def test_a_number_that_was_reserved_may_be_void_and_reserved_again() -> None:
    made = flow("""
    states:
      a: {start: true, actions: {pesan: {by: author, do: [{number: x}]}, batal: {by: author, do: [{number: void}]}, cap: {by: author, do: [{signed: wet}], to: b}}}
      b: {final: true}
    tests:
      nomor:
        run:
          - {who: konseptor, act: batal}
          - {expect: {number: none}}
          - {who: konseptor, act: pesan}
          - {expect: {number: reserved}}
          - {who: konseptor, act: batal}
          - {expect: {number: void}}
          - {who: konseptor, act: pesan}
          - {who: konseptor, act: cap}
          - {expect: {number: used, signed: wet}}
    """)
    assert [each.message for each in testing.run(made)] == [""]


def test_words_are_taken_as_given_unless_the_vocabulary_is() -> None:
    made = flow(BODY + indent(f"{LETTER}run:\n" + "\n".join(f"  - {{{x}}}" for x in GOOD.strip().splitlines()), "    "))
    assert [each.ok for each in testing.run(made)] == [True]
    (red,) = testing.run(made, {"cara": {"lambat": "Lambat"}})
    assert "'cepat' tidak ada di daftar pilihan." in red.message


def test_what_no_test_tries_is_named() -> None:
    made = flow(BODY + indent(f"{LETTER}run:\n  - {{who: staf, act: ajukan}}\n", "    "))
    assert testing.untried(made) == (("batal", "nomori", "balik", "bagikan", "lapor"), ("lengkap", "kode"))


def test_a_state_that_the_test_does_not_know_is_passed_with_answers_that_its_rules_take() -> None:
    run = "who: staf, act: ajukan\nexpect: {state: bagi, number: reserved, notified: [kadis]}"
    assert result(run, head=f"{LETTER}through: [periksa]\n").message == ""


def test_every_item_in_a_state_that_the_test_does_not_know_passes_it() -> None:
    run = """
who: staf, act: ajukan
who: tu, act: nomori, form: {kode: letter.print_code}
who: kadis, act: bagikan, form: {kepada: [staf, juru], cara: cepat}
expect: {state: arsip, open: []}
"""
    head = "letter: {body: isi, signatory: kadis}\norg: {author: staf, superiors: [kadis], staff: {kadis: [juru]}}\n"
    assert result(run, head=f"{head}through: [baru]\n").message == ""


def test_a_state_that_cannot_be_passed_is_told_with_who_was_asked() -> None:
    found = result("wait: 1 hours", head="org: {author: staf}\nthrough: [konsep]\n")
    assert found.message == "Langkah 1: staf tidak dapat melakukan 'ajukan': Lengkapi isi."


def test_all_who_are_found_instead_are_told_in_order() -> None:
    head = "letter: {body: isi}\norg: {author: staf, tu: [tu_dua, tu_satu]}\n"
    found = result("who: staf, act: ajukan\nexpect: {waits_for: []}", head=head)
    assert found.message == "Langkah 2: waits_for seharusnya [], ternyata [tu_dua, tu_satu]"


def test_a_word_that_is_also_the_name_of_a_field_stays_a_word() -> None:
    run = "who: staf, act: ajukan\nwho: tu, act: nomori, form: {kode: print_code}, denied: Kode salah."
    assert result(run).message == ""


def test_tests_that_are_too_much_together_are_stopped() -> None:
    lots = testing.Report(left=2)
    lots.work(fresh())
    lots.work(fresh())
    with pytest.raises(Exception, match="terlalu berat; kurangi penerima"):
        lots.work(fresh())
