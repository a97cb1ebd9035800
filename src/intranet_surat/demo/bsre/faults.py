"""The ways in which the stand-in fails on demand; how each looks on the line stands in `server` and `signatures`."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, replace

BEFORE = frozenset(
    {"hang-before", "closed-before", "401", "404", "429", "500", "503", "html", "redirect", "echo", "unknown-code"}
)
"""Nothing is signed."""

INSTEAD = frozenset({"rewritten", "other-signer", "clock-skew", "replay", "unsigned", "cut-pdf", "two-signatures"})
"""A success is told, and the file is not what was asked for."""

AFTER = frozenset({"hang-after", "closed-after", "truncated", "html-after", "no-file", "other-name"})
"""It is signed, and the answer is lost or cannot be read."""

NAMES = BEFORE | INSTEAD | AFTER
CALLS = frozenset({"status", "sign", "code", "seal", "seal-code", "verify", "download"})


@dataclass(frozen=True, slots=True)
class Fault:
    """``name`` happens at the next ``times`` calls of a kind; a hang lasts ``seconds``."""

    name: str
    call: str = "sign"
    times: int = 1
    seconds: float = 60.0


class Faults:
    """What is to go wrong next, and how often each kind of call came; shared by the threads of the server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._planned: list[Fault] = []
        self._released = threading.Event()
        self.calls: Counter[str] = Counter()
        self.signed = 0

    def plan(self, fault: Fault) -> None:
        """Let ``fault`` happen. Raises ValueError for one that is not known."""
        if fault.name not in NAMES or fault.call not in CALLS or fault.times < 1:
            raise ValueError(f"fault is one of {sorted(NAMES)}, call one of {sorted(CALLS)}, times from 1")
        with self._lock:
            self._released.clear()
            self._planned.append(fault)

    def clear(self) -> None:
        """Nothing goes wrong any more; who hangs goes on."""
        with self._lock:
            self._planned.clear()
        self._released.set()

    def met(self, call: str) -> Fault:
        """Count a call, and tell what goes wrong with it: a fault without a name is none."""
        with self._lock:
            self.calls[call] += 1
            for number, each in enumerate(self._planned):
                if each.call == call:
                    if each.times == 1:
                        del self._planned[number]
                    else:
                        self._planned[number] = replace(each, times=each.times - 1)
                    return each
        return Fault("", call)

    def made(self) -> None:
        """Count a signature."""
        with self._lock:
            self.signed += 1

    def hang(self, fault: Fault) -> None:
        """Say nothing for as long as the fault lasts, or until `clear`."""
        self._released.wait(fault.seconds)
