"""The marker for system tools: a missing one is a named skip, and a failure where skipping is forbidden."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[1]
TESTS = """
import pytest

@pytest.mark.needs("qpdf")
def test_with_a_tool():
    pass

def test_without():
    pass
"""


@pytest.fixture
def run(tmp_path):
    """Run a little suite with our conftest on a machine that has no tools."""
    shutil.copy(HERE / "conftest.py", tmp_path / "conftest.py")
    (tmp_path / "test_it.py").write_text(TESTS)
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --strict-markers\nmarkers = needs(tool): x\n")

    def run(text=TESTS, **environment):
        (tmp_path / "test_it.py").write_text(text)
        inherited = {key: value for key, value in os.environ.items() if not key.startswith(("SURAT", "PYTEST"))}
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
            cwd=tmp_path, capture_output=True, text=True, check=False, env={**inherited, "PATH": str(tmp_path), **environment},
        )  # fmt: skip

    return run


def test_a_missing_tool_is_skipped_and_named_at_the_end(run):
    done = run()
    assert done.returncode == 0
    assert "not run on this machine" in done.stdout
    assert "1 x needs qpdf (apt-get install qpdf)" in done.stdout
    assert "1 passed, 1 skipped" in done.stdout.splitlines()[-1]


def test_where_skipping_is_forbidden_it_fails(run):
    done = run(SURAT_NO_SKIP="1")
    assert done.returncode == 1
    assert "needs qpdf (apt-get install qpdf), and SURAT_NO_SKIP=1 forbids skipping" in done.stdout


def test_an_unknown_tool_is_a_mistake(run):
    done = run(TESTS.replace("qpdf", "obeng"))
    assert done.returncode == 1
    assert "unknown tool 'obeng'" in done.stdout
