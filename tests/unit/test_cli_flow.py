"""`surat flow check|test|show|schema` as a designer runs them in a shell."""

import json
from pathlib import Path

import pytest

from intranet_surat.cli import main

ROOT = Path(__file__).parents[2]
BASE = ROOT / "workflows" / "surat_masuk.yaml"
VERSION = next(line.split()[1] for line in BASE.read_text().splitlines() if line.startswith("version:"))
OFFICE = f"""\
flow: surat/1
id: surat-masuk-rsud
version: 1
title: Surat masuk RSUD
extends: surat-masuk@{VERSION}
change:
  - {{set: states.menunggu_disposisi.deadline.within, to: 4 hours}}
  - {{insert_between: [dicatat, menunggu_disposisi], state: telaah, title: Telaah, actions: {{teruskan_telaah: {{title: Teruskan, by: position staf_ahli of office, to: menunggu_disposisi}}}}}}
tests: {{include: base}}
"""


@pytest.fixture
def surat(capsys):
    def run(*args):
        code = main(["flow", *map(str, args)])
        return code, capsys.readouterr().out

    return run


@pytest.fixture
def office(tmp_path):
    path = tmp_path / "rsud.yaml"
    path.write_text(OFFICE)
    return path


def test_an_office_finds_the_shipped_base_and_passes_its_tests(surat, office):
    code, out = surat("check", office)
    assert (code, out.startswith("1 flows, no findings")) == (0, True)
    code, out = surat("test", office)
    assert (code, out.endswith(" 0 failed\n")) == (0, True)


def test_a_base_beside_the_file_comes_before_the_shipped_one(surat, office):
    (office.parent / "dasar.yaml").write_text(BASE.read_text().replace("within: 2 working days", "within: 3 hours"))
    code, out = surat("check", office)
    assert code == 1
    assert "Batas di kabupaten 3 jam kantor" in out or "Batas di kabupaten 3 jam kerja" in out


def test_a_locked_change_is_shown_with_the_line_of_the_base(surat, office):
    office.write_text(OFFICE.replace("4 hours", "5 working days"))
    code, out = surat("check", office)
    line = next(n for n, text in enumerate(BASE.read_text().splitlines(), 1) if "within: 2 working days" in text)
    assert code == 1
    assert f"{office}:7:" in out
    assert f"surat_masuk.yaml:{line})" in out
    assert "hanya boleh memendekkan; mungkin maksud Anda '2 working days'?" in out
    assert out.splitlines()[2].strip() == "^"


def test_the_whole_flow_is_shown_and_is_itself_a_sound_file(surat, office):
    code, out = surat("show", office)
    assert code == 0
    whole = office.parent / "lengkap.yaml"
    whole.write_text(out)
    assert surat("check", whole)[0] == 0
    assert surat("test", whole)[0] == 0


def test_each_value_is_shown_with_the_file_and_the_line_it_comes_from(surat, office):
    code, out = surat("show", office, "--origins")
    assert code == 0
    assert f"within: 4 hours  # {office}:7" in out
    line = next(n for n, text in enumerate(BASE.read_text().splitlines(), 1) if "agendaris: role" in text)
    assert any(
        one.endswith(f"surat_masuk.yaml:{line}") and "role agendaris of office" in one for one in out.splitlines()
    )


def test_a_file_with_findings_is_not_shown(surat, office):
    office.write_text(OFFICE.replace("surat-masuk@", "surat-masuk@9"))
    code, out = surat("show", office)
    assert code == 1
    assert "tidak ditemukan" in out


def test_what_the_tests_leave_out_is_a_finding(surat, tmp_path):
    text = BASE.read_text()
    path = tmp_path / "kurang.yaml"
    path.write_text(text.split("tests:\n")[0])
    code, out = surat("test", path)
    assert code == 1
    assert "Tindakan 'naikkan' tidak pernah dilakukan dalam uji" in out
    assert "Aturan 'ada_pindai' tidak pernah menolak dalam uji" in out
    line = next(n for n, one in enumerate(text.splitlines(), 1) if one.strip().startswith("naikkan:"))
    assert f"{path}:{line}:" in out
    assert "actions or rules untried" in out.splitlines()[-1]


def test_the_shipped_flows_leave_nothing_out(surat):
    code, out = surat("test")
    assert code == 0, out


def test_the_schema_is_printed_as_it_is_stored(surat):
    code, out = surat("schema")
    assert code == 0
    assert json.loads(out) == json.loads((ROOT / "docs" / "surat-1.schema.json").read_text())


def test_check_tells_which_promises_are_kept_and_shows_the_acts_that_break_one(surat, tmp_path):
    path = tmp_path / "surat_masuk.yaml"
    path.write_text(BASE.read_text())
    assert surat("check", path) == (0, "1 flows, no findings; 2 promises kept, 0 broken, 0 undecided\n")
    path.write_text(BASE.read_text().replace("never: state is diarsipkan and", "never: state is didisposisi and"))
    code, out = surat("check", path)
    assert code == 1
    assert "Urutannya: agendaris: naikkan; pimpinan: disposisi. [promise]" in out
    assert out.endswith("1 flows, no findings; 1 promises kept, 1 broken, 0 undecided\n")
