"""What changed between two versions of a flow, in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from approved_values import place
from engine_cases import MASUK, flow
from told_once import once

from intranet_surat.workflow.diff import diff, renamed
from intranet_surat.workflow.diff_powers import kinds
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.matrix import STAND_IN
from intranet_surat.workflow.matrix_little import little_ground

WHOLE = frozenset({"act", "see", "acted", "holder", "cc"})
FULL = {"B": WHOLE, "T": WHOLE, "R": WHOLE - {"see", "cc"}, "SR": WHOLE - {"see", "cc"}}
TEXT = MASUK.text


def words(*swaps):
    return [str(change) for change in diff(MASUK, swapped(*swaps)).words]


def swapped(*swaps):
    text = TEXT
    for old, new in swaps:
        assert old in text
        text = text.replace(old, new)
    return load(text, "uji.yaml")


def power(*swaps, before=MASUK):
    after = swapped(*swaps)
    return diff(before, after, little_ground(FULL, before, after))


def test_nothing_changed_is_nothing_to_say():
    found = diff(MASUK, MASUK, little_ground(FULL, MASUK))
    assert (found.words, found.gained, found.lost, found.grouped) == ((), frozenset(), frozenset(), ())


def test_another_limit_is_told_with_the_old_and_the_new():
    assert words(("{within: 1 working day}", "{within: 4 hours}")) == [
        "Berubah: batas di “Dicatat” dari 1 hari kerja menjadi 4 jam kerja"
    ]


def test_a_rule_that_is_no_longer_needed_is_gone():
    found = words(("by: agendaris, needs: ada_pindai,", "by: agendaris,"), ("  ada_pindai:", "  #"))
    assert "Hilang: syarat “ada pindai” pada “Naikkan” di “Dicatat”: hasil pindai surat sudah ada" in found


def test_an_escalation_is_new():
    (only,) = words(
        ("{within: 1 working day}", "{within: 1 working day, escalate: {after: 2 hours, to: pimpinan, do: reassign}}")
    )
    expected = "Baru: keadaan “Dicatat”: bila lewat batas 2 jam kerja, pimpinan mengambil alih pekerjaan ini."
    assert only == expected


def test_a_new_title_of_a_state_is_told_once_however_often_it_is_named():
    assert words(("title: Menunggu disposisi", "title: Di meja pimpinan")) == [
        "Berubah: keadaan “Menunggu disposisi” menjadi “Di meja pimpinan”"
    ]


def test_a_state_that_moved_is_the_same_state():
    after = replace(
        swapped(("menunggu:", "di_pimpinan:"), ("to: menunggu}", "to: di_pimpinan}"), ("returned: menunggu}", "returned: di_pimpinan}"),
                ("version: 1\n", "version: 2\nmigrate: [{from: 1, states: {menunggu: di_pimpinan}}]\n")),
    )  # fmt: skip
    assert renamed(MASUK, after) == {(None, "menunggu"): "di_pimpinan"}
    found = diff(MASUK, after, little_ground(FULL, MASUK, after))
    assert (found.gained, found.lost) == (frozenset(), frozenset())
    assert [str(change) for change in found.words] == [
        "Baru: Surat dari versi 1 dipindahkan ke versi ini: menunggu menjadi “Menunggu disposisi”."
    ]


def test_the_place_of_a_change_is_its_line_in_the_new_flow():
    (change,) = diff(MASUK, swapped(("title: Naikkan", "title: Teruskan ke pimpinan"))).words
    assert change.mark is not None
    assert (
        "Teruskan ke pimpinan"
        in TEXT.replace("title: Naikkan", "title: Teruskan ke pimpinan").splitlines()[change.mark.line - 1]
    )


def test_forwarding_secret_letters_takes_it_and_the_sight_below_from_whole_kinds_of_posts():
    loose = swapped((" needs: bukan_rahasia,", ""), ("  bukan_rahasia:", "  #"))
    found = diff(loose, MASUK, little_ground(FULL, loose, MASUK))
    assert found.gained == frozenset()
    who = "4 orang (Kabid-a, Kabid-b, dan 2 jenis jabatan lain)"
    all_of_them = "8 orang (Kabid-a, Kabid-b, dan 6 jenis jabatan lain) dan yang pernah bertindak"
    assert [group.text for group in found.grouped] == [
        f"{who} tidak lagi melihat surat rahasia di “Ditarik” (jalur disposisi)",
        f"{who} tidak lagi dapat melakukan “tarik” pada surat rahasia di “Diterima” (jalur disposisi)",
        f"{who} tidak lagi dapat melakukan “teruskan” pada surat rahasia di “Diterima” (jalur disposisi)",
        f"{all_of_them} tidak lagi melihat surat rahasia di “Diteruskan” (jalur disposisi)",
    ]
    assert {power.level for power in found.lost} == {"R"}


def test_a_stand_in_gains_with_the_one_he_stands_in_for_and_is_told_only_alone():
    given = ("version: 1\n", "version: 1\nabsence: [{stand_in: plh}]\n")
    found = power(given)
    assert {each.how for each in found.gained} == {STAND_IN}
    assert all(group.text.startswith("Pengganti ") for group in found.grouped)
    both = diff(swapped(given), swapped(given, ("catat: {title: Catat, by: agendaris", "catat: {title: Catat, by: pimpinan")),
                little_ground(FULL, MASUK))  # fmt: skip
    assert [group.text for group in both.grouped if "Pengganti" in group.text] == []


def test_posts_whose_titles_begin_alike_are_one_kind():
    class Org:
        def title(self, position):
            return {"a": "Kepala Bidang Jalan", "b": "Kepala Bidang Air", "c": "Sekretaris"}[position]

    assert kinds(["a", "b", "c"], Org()) == (("Kepala Bidang", 2), ("Sekretaris", 1))


def test_entering_from_paper_is_a_power_of_its_own():
    after = swapped(
        (
            "selesai_saja: {title: Cukup, by: pimpinan,",
            "selesai_saja: {title: Cukup, by: pimpinan, entered_by: agendaris,",
        )
    )
    (group,) = diff(MASUK, after, little_ground(FULL, MASUK, after)).grouped
    assert group.text == "Agendaris kini dapat memasukkan “Cukup” dari kertas untuk surat di “Menunggu disposisi”"


def test_two_other_flows_have_everything_changed():
    other = flow("states: {a: {start: true, final: true}}")
    found = diff(MASUK, other, little_ground(FULL, MASUK, other))
    assert found.lost
    assert any(change.kind == "hilang" for change in found.words)


KUASA = (Path(__file__).parent / "flows" / "kuasa.yaml").read_text("utf-8")
NEXT = ("version: 1\n", "version: 2\n")
RENAMED = (
    ("  periksa:\n", "  uji:\n"),
    ("needs: jelas, to: periksa", "needs: jelas, to: uji"),
    ("{act: tolak, to: periksa}", "{act: tolak, to: uji}"),
)
HELD = ("      tertahan:", "      ditahan:"), ("to: tertahan", "to: ditahan")
VERSIONS = {
    "nothing but the version": (NEXT,),
    "a state renamed": (NEXT, *RENAMED, ("\nstates:\n", "\nmigrate: [{from: 1, states: {periksa: uji}}]\nstates:\n")),
    "a state renamed and changed": (NEXT, *RENAMED, ("\nstates:\n", "\nmigrate: [{from: 1, states: {periksa: uji}}]\nstates:\n"), ("sahkan: {title: Sahkan, by: [penulis, penguji]", "sahkan: {title: Sahkan, by: [penguji, penulis]"), ("to: sekretaris, do: notify", "to: kepala, do: notify")),
    "a state renamed for another version": (("version: 1\n", "version: 3\n"), *RENAMED, ("\nstates:\n", "\nmigrate: [{from: 2, states: {periksa: uji}}]\nstates:\n")),
    "a state renamed without a line": (NEXT, *RENAMED),
    "a state of a track renamed": (NEXT, *HELD, ("\nstates:\n", "\nmigrate: [{from: 1, tracks: {tugas: {tertahan: ditahan}}}]\nstates:\n")),
    "a state of a track renamed without a line": (NEXT, *HELD),
    "a track renamed": (NEXT, ("  tugas:\n", "  kerja:\n"), ("track: tugas", "track: kerja"), ("no tugas is", "no kerja is")),
    "a line for a state that stays": (NEXT, ("\nstates:\n", "\nmigrate: [{from: 1, states: {periksa: ujung}, tracks: {tugas: {tertahan: beres}}}]\nstates:\n")),
    "two states become one": (NEXT, ("  ujung: {actions: {buka: {title: Buka, by: sekretaris, to: arsip}}}\n", ""), ("to: ujung", "to: periksa"), ("\nstates:\n", "\nmigrate: [{from: 1, states: {ujung: periksa}}]\nstates:\n")),
    "titles": (NEXT, ("  periksa:\n", "  periksa:\n    title: Pemeriksaan\n"), ("      tertahan: {", "      tertahan: {title: Ditahan dulu, "), ("title: Kirim,", "title: Kirimkan,"), ("title: Alur yang", "title: Alur lain yang")),
    "a rule less and one more": (NEXT, ("needs: [lama, tercap]", "needs: [lama, segera]"), ("  tercap: {if: letter.cap is basah and letter.nomor_cap is present, says: Belum dicap.}\n", "")),
    "rules the other way round": (NEXT, ("needs: [lama, tercap]", "needs: [tercap, lama]")),
    "who may see, edit and do": (NEXT, ("    see: sekretaris\n", ""), ("    edit: penulis\n", "    edit: [penulis, atasan]\n"), ("see: tata_usaha}", "see: penulis}"), (" entered_by: tata_usaha,", ""), (", to: bagi, stand_in: false}", ", to: bagi}")),
    "effects": (NEXT, ("do: [{freeze: file}]", "do: [{number: keluar}, {freeze: file}]"), ("kirim: {title: Kirim,", "kirim: {title: Kirim, do: [{notify: kepala}],")),
    "stand-ins, promises and openings": (NEXT, ("- {stand_in: plh}", "- {stand_in: plt}"), ("\nstates:\n", "\npromises: [{always_possible: arsip}]\nopen: [{path: states.*.deadline, change: shorter}]\nstates:\n")),
    "another calendar, another direction": (NEXT, ("calendar: hari-kerja", "calendar: hari-libur"), ("direction: keluar, kinds: [surat-dinas]", "direction: masuk")),
    "another flow": (("id: kuasa-uji", "id: kuasa-lain"), *RENAMED, ("version: 1\n", "version: 2\nmigrate: [{from: 1, states: {periksa: uji}}]\n")),
}  # fmt: skip


def told(found):
    yield from (f"{place(each.mark)} {each}".removeprefix("- ") for each in found.words)
    yield from (each.text for each in found.grouped)


def other(text, *swaps):
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new)
    return load(text, "kuasa.yaml")


def test_two_versions_are_compared_there_and_back_as_approved(approved):
    """In words; and in power where a state has another name."""
    before, told_of = load(KUASA, "kuasa.yaml"), {"moved": [], "changed": []}
    for name, swaps in VERSIONS.items():
        found = told_of["moved" if "state" in name or "track" in name else "changed"]
        after = other(KUASA, *swaps)
        everybody = little_ground({"B": WHOLE, "R": WHOLE - {"see", "cc"}}, before, after) if "state" in name else None
        found.append(
            ((name, "maju"), [f"berganti nama: {renamed(before, after)}", *told(diff(before, after, everybody))])
        )
        found.append(((name, "kembali"), [*told(diff(after, before))]))
    for kind, found in told_of.items():
        approved(f"versions_{kind}.txt", once(found, numbered=True))


def test_an_office_that_changes_a_base_is_not_told_what_the_base_opens(approved):
    before = other(KUASA, ("version: 1\n", "version: 1\nopen: [{path: states.*.title, change: free}]\n"))
    after = other(KUASA, ("id: kuasa-uji", "id: kuasa-dinas"), ("buka: {title: Buka", "buka: {title: Bukalah"))
    found = [*told(diff(before, replace(after, base="kuasa-uji@1"))), "bukan dasarnya:"]
    found += told(diff(before, replace(after, base="kuasa-uji@2")))
    approved("office_and_base.txt", found)


def test_powers_that_take_too_many_questions_are_given_up_and_the_words_stay():
    before, after = load(KUASA, "kuasa.yaml"), other(KUASA, NEXT, ("title: Kirim,", "title: Kirimkan,"))
    everybody = little_ground(FULL, before, after)
    found = diff(before, after, everybody, 10)
    assert (found.measured, found.gained, found.lost, found.grouped) == (False, frozenset(), frozenset(), ())
    assert found.words == diff(before, after, everybody).words == diff(before, after).words
    assert diff(before, after, everybody).measured
    assert not diff(before, after).measured
