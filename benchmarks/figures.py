"""What a measurement is: processor time by round, told as a line of a table with what is demanded of it."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from intranet_surat.cli.serve import seldom_collect

ROUNDS = int(os.environ.get("ROUNDS", "5"))


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in milliseconds by round, and what is demanded (None: nothing)."""

    what: str
    times: tuple[float, ...]
    demanded: float | None = None

    @property
    def middle(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.times)

    def __str__(self) -> str:
        demanded = (
            f"under {ms(self.demanded)}: {'yes' if self.middle < self.demanded else 'NO'}" if self.demanded else ""
        )
        return f"| {self.what} | {ms(self.middle)} | {ms(min(self.times))} to {ms(max(self.times))} | {demanded} |"


def ms(time: float) -> str:
    """Milliseconds as a reader wants them."""
    return f"{time / 1000:.2f} s" if time >= 1000 else f"{time:.3f} ms" if time < 1 else f"{time:.1f} ms"


@contextmanager
def as_served() -> Iterator[None]:
    """Meanwhile Python looks for garbage as seldom as in `surat serve`."""
    before = gc.get_threshold()
    seldom_collect()
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


def rounds(once: Callable[[], Any], *, times: int = 1, of: int = ROUNDS) -> tuple[float, ...]:
    """Milliseconds of one core for one time, by round: what others do on the machine is not counted."""
    found = []
    for _ in range(of):
        gc.collect()
        began = time.process_time()
        for _ in range(times):
            once()
        found.append((time.process_time() - began) * 1000 / times)
    return tuple(found)


def interleaved(
    todo: dict[str, Callable[[], Any]], *, times: int = 5, of: int = ROUNDS
) -> dict[str, tuple[float, ...]]:
    """The same for several, each in turn in every round: peers see the same machine. Each is done once before."""
    for once in todo.values():
        once()
    found: dict[str, list[float]] = {name: [] for name in todo}
    for _ in range(of):
        for name, once in todo.items():
            found[name].extend(rounds(once, times=times, of=1))
    return {name: tuple(each) for name, each in found.items()}
