"""No act writes behind a signature: not into a file that waits for one, nor into what only the system writes."""

from pathlib import Path

import pytest

from intranet_surat.workflow.check import LATER, check
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.world import World

SHIPPED = Path(__file__).parents[3] / "workflows"
KELUAR = (SHIPPED / "surat_keluar.yaml").read_text("utf-8").partition("\ntests:\n")[0]
MASUK = (SHIPPED / "surat_masuk.yaml").read_text("utf-8").partition("\ntests:\n")[0]
BASAH = "      basah: {title: Tanda tangani basah,"
BACA = "          teruskan: {title: Teruskan,"


def findings(text, *swaps, fresh=True):
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new)
    flow = load(text, "uji.yaml")
    return [each for each in check(flow, World(fresh=fresh)) if each.rule in LATER - {"never-true"}]


def beside(effects):
    return BASAH, f"      ganti: {{title: Ganti, by: tata_usaha, do: [{effects}]}}\n{BASAH}"


@pytest.mark.parametrize("effects", ["{number: void}", "{number: surat-keluar}", "{pdf: naskah}", "{freeze: file}"])
def test_who_stays_where_a_file_waits_for_its_signature_changes_neither_number_nor_file(effects):
    (found,) = findings(KELUAR, beside(effects))
    assert "tindakan 'ganti', yang tetap di sini, tidak boleh memberi atau membatalkan nomor" in found.message
    assert found.mark.line == KELUAR[: KELUAR.index(BASAH)].count("\n") + 1


def test_who_leaves_with_the_letter_may_void_its_number():
    assert findings(KELUAR) == []


def test_other_effects_stay_as_they_please():
    assert findings(KELUAR, beside("{notify: [konseptor]}, {set: {urgency: segera}}")) == []


@pytest.mark.parametrize("field", ["number", "signed", "agenda_number", "print_code"])
def test_what_only_the_system_writes_is_not_set(field):
    (found,) = findings(KELUAR, beside(f"{{set: {{{field}: PALSU}}}}"))
    assert found.message.startswith(f"Isian '{field}' ditulis oleh sistem")


def test_a_disposition_writes_neither_number_nor_file_of_its_letter():
    (found,) = findings(MASUK, (BACA, f"          buang: {{by: pemegang, do: [{{number: void}}]}}\n{BACA}"))
    assert found.message.startswith("Jalur tidak boleh memberi atau membatalkan nomor surat")


def test_flows_of_before_stay_in_force():
    assert findings(KELUAR, beside("{number: void}"), fresh=False) == []
