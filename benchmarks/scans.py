"""How many altered scans of signed papers are missed, how many clean ones flagged; twice 500 papers of each desk.

``python -m benchmarks.scans a`` takes the desk on which the comparer was built, ``b`` the other one; ``PAPERS=100``
takes fewer. A paper takes two to three seconds of one core.
"""

from __future__ import annotations

import importlib
import os
import sys
from pathlib import Path

DESKS = Path(__file__).parent.parent / "tests" / "unit" / "services"
FIRST = {"a": 2_000, "b": 30_000}


def main(names: list[str], papers: int) -> None:
    sys.path.insert(0, str(DESKS))
    figures = importlib.import_module("scan_figures")
    for name in names:
        desk = importlib.import_module(f"paper_desk_{name}")
        seeds = range(FIRST[name], FIRST[name] + papers)
        print(f"desk {name}, altered: {figures.altered(desk, seeds)}", flush=True)
        print(f"desk {name}, clean: {figures.clean(desk, seeds)}", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:] or ["a", "b"], int(os.environ.get("PAPERS", "500")))
