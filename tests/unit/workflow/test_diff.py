"""What changed between two versions of a flow, in words."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine_cases import MASUK, flow

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


def test_shipped_flows_are_compared_in_less_than_a_second():
    from time import process_time

    folder = Path(__file__).parents[3] / "workflows"
    a, b = (load((folder / name).read_text("utf-8"), name) for name in ("surat_masuk.yaml", "surat_keluar.yaml"))
    began = process_time()
    diff(a, b, little_ground(FULL, a, b))
    assert process_time() - began < 1
