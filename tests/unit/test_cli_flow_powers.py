"""`surat flow tell` and `surat flow diff` at the shell."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from ZODB.DB import DB
from ZODB.FileStorage import FileStorage

from intranet_surat.cli import main
from intranet_surat.demo import regency

ROOT = Path(__file__).parents[2]
MASUK = ROOT / "workflows" / "surat_masuk.yaml"


@pytest.fixture
def loose(tmp_path):
    """The flow for incoming letters without the rule that keeps secret ones from being passed on."""
    text = MASUK.read_text("utf-8")
    for old, new in (("needs: bukan_rahasia, ask", "ask"), ("  bukan_rahasia: {", "  # {"), ("  - {never", "  # {")):
        text = text.replace(old, new)
    path = tmp_path / "longgar.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def ini(tmp_path):
    """A configuration with the small regency in a file of its own."""
    with DB(FileStorage(str(tmp_path / "Data.fs"))).transaction() as connection:
        connection.root()["intranet_surat"] = regency.build(datetime(2026, 11, 23, 2, tzinfo=UTC), small=True)
        database = connection.db()
    database.close()
    text = (ROOT / "development.ini").read_text("utf-8").replace("%(here)s/var", str(tmp_path))
    path = tmp_path / "uji.ini"
    path.write_text(text, "utf-8")
    return path


def test_tell_prints_the_sentences_under_their_headings(capsys):
    assert main(["flow", "tell", str(MASUK)]) == 0
    printed = capsys.readouterr().out
    assert "\nKeadaan “Dicatat”\n" in printed
    assert "  Agendaris dapat memilih “Naikkan ke pimpinan”, asal hasil pindai surat sudah ada;" in printed


def test_tell_can_name_the_line_of_each_sentence(capsys):
    assert main(["flow", "tell", "--lines", str(MASUK)]) == 0
    printed = capsys.readouterr().out.splitlines()
    (line,) = [each for each in printed if "Agendaris dapat memilih “Naikkan" in each]
    assert "naikkan:" in MASUK.read_text("utf-8").splitlines()[int(line.split()[0]) - 1]


def test_diff_prints_words_and_powers_with_a_little_office(loose, capsys):
    assert main(["flow", "diff", str(loose), str(MASUK)]) == 0
    printed = capsys.readouterr().out
    assert "Baru: syarat “bukan rahasia” pada “Teruskan” di “Diterima” (jalur disposisi)" in printed
    assert "tidak lagi dapat melakukan “Teruskan” pada surat rahasia dan sangat rahasia" in printed
    assert printed.splitlines()[-1].endswith("lost")


def test_diff_asks_a_real_office_when_one_is_named(loose, ini, capsys):
    assert main(["flow", "diff", str(loose), str(MASUK), "--office", "BPKAD", "--ini", str(ini)]) == 0
    assert "Kepala Bidang" in capsys.readouterr().out


def test_diff_refuses_an_office_that_does_not_exist(loose, ini, capsys):
    assert main(["flow", "diff", str(loose), str(MASUK), "--office", "XYZ", "--ini", str(ini)]) != 0
    assert "no office has the code XYZ" in capsys.readouterr().err
