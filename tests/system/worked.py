"""Pages whose commands are run by a test: the ``sh`` blocks of a document, in order, in one shell, with what they promise to print."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

PROMISE = "# -> "
MARK = "@@ block "


def blocks(page: str) -> list[str]:
    """The ``sh`` blocks of a page."""
    return re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def promised(block: str) -> list[str]:
    """The lines that a block says it prints."""
    return [line.removeprefix(PROMISE) for line in block.splitlines() if line.startswith(PROMISE)]


def keeps(promise: str, line: str) -> bool:
    """Whether a printed line is the promised one; ``...`` stands for anything."""
    return re.fullmatch(".*".join(map(re.escape, promise.split("..."))), line) is not None


def run(found: list[str], where: Path, environment: Mapping[str, str], timeout: float) -> None:
    """Run the blocks and compare what each prints with its promises. Raises AssertionError with both."""
    script = "".join(f"echo '{MARK}{number}'\n{block}" for number, block in enumerate(found))
    done = subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script], cwd=where, capture_output=True, text=True, check=False,
        timeout=timeout, env={**os.environ, **environment},
    )  # fmt: skip
    printed: dict[int, list[str]] = {}
    current: list[str] = []
    for line in done.stdout.splitlines():
        if line.startswith(MARK):
            current = printed.setdefault(int(line.removeprefix(MARK)), [])
        else:
            current.append(line)
    for number, block in enumerate(found):
        wanted, got = promised(block), printed.get(number, [])
        told = f"block {number}:\n{block}\nprinted {got}\n{done.stderr[-2000:]}"
        assert len(wanted) == len(got), told
        assert all(map(keeps, wanted, got)), told
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
