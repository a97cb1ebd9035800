"""The installation that tests of production share within a file, and the command with a configuration of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from regency_installed import installed

from intranet_surat.cli import main

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ini(tmp_path):
    """The shipped development.ini in a directory of its own."""
    shutil.copy(ROOT / "development.ini", tmp_path / "development.ini")
    return tmp_path / "development.ini"


@pytest.fixture
def surat(capsys):
    """Run the command; answers exit code, output, errors."""

    def run(*words):
        code = main([str(each) for each in words])
        told = capsys.readouterr()
        assert "Traceback" not in told.err
        return code, told.out, told.err

    return run


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """Two web processes and a worker over PostgreSQL."""
    with (
        pytest.MonkeyPatch.context() as patch,
        installed(tmp_path_factory.mktemp("postgresql"), "postgresql", patch) as made,
    ):
        yield made
