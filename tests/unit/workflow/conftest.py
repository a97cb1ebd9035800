"""What is compared with an approved text; and smaller tests under `make mutants`, where each runs many hundred times."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

APPROVED = Path(__file__).with_name("approved")

settings.register_profile(
    "mutants", max_examples=25, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)
if "MUTANT_UNDER_TEST" in os.environ:  # set by mutmut
    settings.load_profile("mutants")


@pytest.fixture
def approved() -> Callable[[str, Iterable[str]], None]:
    """Compares lines with those of a file that somebody has read and approved.

    After a change that is meant: SURAT_APPROVE=1 writes the files anew; read what `git diff` says about them.
    """

    def compare(name: str, lines: Iterable[str]) -> None:
        file, text = APPROVED / name, "".join(f"{line}\n" for line in lines)
        if os.environ.get("SURAT_APPROVE"):
            file.write_text(text, "utf-8")
        assert text.splitlines() == file.read_text("utf-8").splitlines()

    return compare
