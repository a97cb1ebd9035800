"""The engine runs by itself: no Pyramid, no ZODB, no other room of the house."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FLOW = Path(__file__).resolve().parents[3] / "workflows" / "surat_masuk.yaml"

PROGRAM = """
import sys

class Wall:
    def find_spec(self, name, path=None, target=None):
        first = name.partition(".")[0]
        if first in {"pyramid", "ZODB", "persistent", "BTrees", "transaction", "colander", "deform", "pyhanko"}:
            raise ImportError(f"the engine asked for {name}")
        if name.startswith("intranet_surat.") and name.split(".")[1] not in {"workflow", "errors"}:
            raise ImportError(f"the engine asked for {name}")

sys.meta_path.insert(0, Wall())
from intranet_surat.workflow import engine, testing
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.draw import draw

flow = load(open(sys.argv[1], encoding="utf-8").read(), sys.argv[1])
results = testing.run(flow)
assert results and all(each.ok for each in results), results
assert draw(flow).startswith("<svg")
print(len(results), "tests of the flow passed")
"""


def test_a_flow_is_loaded_tested_and_drawn_with_nothing_but_the_engine():
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(FLOW)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "passed" in done.stdout
