"""The page on the JSON API does what it says: its commands run, in order, against a server as `make run` starts it."""

from __future__ import annotations

import re
import shutil

import pytest
import worked
from installation import ROOT, Process, free_port

from intranet_surat.web import errors

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
BLOCKS = worked.blocks(PAGE)


@pytest.fixture
def server(tmp_path):
    """The demo on a port of its own, its data beside a copy of the ini file."""
    shutil.copy(ROOT / "development.ini", tmp_path)
    port = free_port()
    made = Process(tmp_path, "server", "serve", "--demo", "development.ini", "--port", str(port), ready="serving http")
    try:
        made.wait()
        yield f"http://127.0.0.1:{port}"
    finally:
        assert made.stop() == 130 or made.process.returncode == 0, made.said()
    assert "Traceback" not in made.said(), made.said()


@pytest.mark.needs("curl")
def test_the_worked_life_of_a_letter_runs_as_it_stands(server, tmp_path):
    (tmp_path / "tmp").mkdir()
    worked.run(BLOCKS, tmp_path, {"SURAT": server, "TMPDIR": str(tmp_path / "tmp")}, timeout=300)


def test_the_page_promises_something_after_nearly_every_command():
    assert len(BLOCKS) > 15
    assert sum(map(len, map(worked.promised, BLOCKS))) > 60
    silent = [number for number, block in enumerate(BLOCKS) if not worked.promised(block)]
    assert len(silent) == 2, silent  # those that only define helpers


def test_a_promise_is_kept_literally_but_for_its_dots():
    assert worked.keeps("http.../x?a=1", "http://127.0.0.1/x?a=1")
    assert not worked.keeps("sah", "tidak sah")
    assert not worked.keeps("a.c", "abc")


def test_every_type_of_error_stands_on_the_page_and_no_other():
    known = {each.type for each in vars(errors).values() if isinstance(each, errors.Problem)}
    known |= {name for _kind, _status, name, _title in errors._TITLES} | {"galat-dalam", "ditolak"}
    table = PAGE[PAGE.index("## Errors") : PAGE.index("## The life")]
    rows = re.findall(r"^\| \d{3} \| (.+?) \|", table, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`([a-z-]+)`", row)}
    assert told == known
