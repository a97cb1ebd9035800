"""`surat flow rehearse`: the sample letters of a demo through flows that are not published."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from intranet_surat.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def ini(tmp_path_factory):
    """A small demo with its sample letters."""
    folder = tmp_path_factory.mktemp("peragaan")
    shutil.copy(ROOT / "development.ini", folder / "development.ini")
    assert main(["demo", "--small", str(folder / "development.ini")]) == 0
    return folder / "development.ini"


@pytest.fixture
def rehearse(ini, capsys, tmp_path):
    """Rehearse a shipped flow, changed; the exit code and what was said."""

    def run(name, *changes, words=()):
        text = (ROOT / "workflows" / name).read_text(encoding="utf-8").partition("\ntests:\n")[0] + "\n"
        text = re.sub(r"\nversion: \d+\n", "\nversion: 99\n", text)
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        (tmp_path / name).write_text(text, encoding="utf-8")
        capsys.readouterr()
        code = main(["flow", "rehearse", str(tmp_path / name), "--ini", str(ini), *words])
        return code, capsys.readouterr().out

    return run


def test_the_flow_as_it_is_changes_nothing(rehearse):
    code, out = rehearse("surat_keluar.yaml")
    assert code == 0
    found = re.match(r"surat-keluar@99: (\d+) letters replayed, (\d+) went exactly as before\n", out)
    assert found
    assert found[1] == found[2] != "0"


def test_a_slower_draft_tells_where_letters_wait_longer(rehearse):
    new = """  disimak:
    title: Disimak
    deadline: {within: 2 hours}
    actions:
      simak: {title: Simak, by: konseptor, to: periksa_tu}
  periksa_tu:
"""
    changes = (("      done: periksa_tu", "      done: disimak"), ("  periksa_tu:\n", new))
    code, out = rehearse("surat_keluar.yaml", *changes)
    assert code == 0
    assert re.search(
        r"waits longer in disimak \(Disimak\): \d+ letters, \d+ h in all, 2 h for the one in the middle", out
    )


def test_a_stricter_draft_names_rule_sentence_and_letters(rehearse):
    strict = ("  lengkap: {if: letter.body is present", "  lengkap: {if: letter.print_code is present")
    _, out = rehearse("surat_keluar.yaml", strict)
    assert re.search(r"ajukan in konsep refused by rule lengkap, \d+ times: Lengkapi .* \([a-z0-9]{8,}", out)


def test_an_unknown_office_is_named(ini, capsys):
    flow = str(ROOT / "workflows" / "surat_keluar.yaml")
    assert main(["flow", "rehearse", flow, "--ini", str(ini), "--office", "TIDAKADA"]) == 1
    assert capsys.readouterr().err == "surat flow: no office has the code TIDAKADA\n"
