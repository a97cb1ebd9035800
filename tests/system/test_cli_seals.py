"""`surat seals`, as DKISP types it: what waits for a decision, its evidence, and the decision."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from intranet_surat.cli import ground, main
from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.resources.folder import find, path
from intranet_surat.services import delivery

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def ini(tmp_path_factory):
    """A small demo in which the outcome of one seal is unknown."""
    folder = tmp_path_factory.mktemp("segel")
    shutil.copy(ROOT / "development.ini", folder / "development.ini")
    assert main(["demo", "--small", str(folder / "development.ini")]) == 0
    raw, _ = ground.read(str(folder / "development.ini"))
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        [letter] = [each for each in map(partial(find, site), site.signed.values()) if each.kind == "surat-dinas"]
        file = delivery.final_file(letter)
        letter.seals = (
            SignAttempt(
                id="segel-satu", key=file.sha256, sha256=file.sha256, size=file.size, state="unknown",
                provider="pkcs12", started=datetime(2026, 11, 22, 3, 0, tzinfo=UTC), detail="answer lost",
            ),
        )  # fmt: skip
        site.seals[path(letter)] = "segel-satu"
    return str(folder / "development.ini")


def said(capsys, *words):
    code = main(["seals", *words])
    return code, capsys.readouterr()


def test_a_seal_of_unknown_outcome_is_listed_with_its_evidence(ini, capsys):
    code, told = said(capsys, ini)
    assert code == 1
    assert "unknown   segel-satu /dinkes/surat-keluar/" in told.out
    assert "sha256" in told.out
    assert "answer lost" in told.out


def test_an_id_that_is_not_to_be_decided_is_refused(ini, capsys):
    code, told = said(capsys, ini, "--again", "lain")
    assert code == 1
    assert "`surat seals` lists them" in told.err


def test_a_person_has_it_sealed_once_more_and_the_demo_has_a_seal_for_it(ini, capsys):
    code, told = said(capsys, ini, "--again", "segel-satu")
    assert code == 0
    assert told.out.startswith("ordered ")
    raw, _ = ground.read(ini)
    from intranet_surat.services import work

    with ground.opened(raw) as database:
        work.run_due(ground.house(raw), database, ground.now())
    code, told = said(capsys, ini)
    assert (code, told.out) == (0, "surat seals: none waits\n")
