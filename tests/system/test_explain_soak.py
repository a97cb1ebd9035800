"""The proof of `explain` over many generated offices; small sizes run with every test, this one under `make soak`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SEEDS = 300


@pytest.mark.skipif(not os.environ.get("SURAT_SOAK"), reason="long: runs in `make soak`")
def test_over_many_offices_no_refusal_is_silent_and_every_remedy_works():
    where = "tests/unit/workflow/test_explain.py"
    env = os.environ | {"SURAT_EXPLAIN_SEEDS": str(SEEDS)}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", where], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
