"""The same plain state machine three times: the straight way of an incoming letter, with its one guard.

`transitions` and `sismic` move a mark from state to state and ask the guard. They know nothing of who may act, of
initials, of children, of deadlines on office days or of the history: that is what a replay adds, and what its time
is spent on. A fair comparison of speed therefore says what is bought, not who wins.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sismic.interpreter import Interpreter
from sismic.io import import_from_yaml
from transitions import Machine

WAY = (("naikkan", "dicatat", "menunggu_disposisi"), ("cukup_diketahui", "menunggu_disposisi", "selesai"),
       ("berkaskan", "selesai", "diarsipkan"))  # fmt: skip
STATES = ("dicatat", "menunggu_disposisi", "selesai", "diarsipkan")


class Plain:
    """A letter as `transitions` moves it."""

    state = ""
    scan = "pindai.pdf"

    def ada_pindai(self) -> bool:
        """The guard of the first step."""
        return bool(self.scan)


def with_transitions() -> Callable[[], str]:
    """One letter through a Machine."""
    steps: list[Any] = [{"trigger": name, "source": source, "dest": target} for name, source, target in WAY]
    steps[0]["conditions"] = "ada_pindai"
    machine = Machine(model=None, states=list(STATES), transitions=steps, initial=STATES[0], auto_transitions=False)

    def letter() -> str:
        model: Any = Plain()
        machine.add_model(model)
        for name, _, _ in WAY:
            getattr(model, name)()
        machine.remove_model(model)
        return str(model.state)

    return letter


def with_sismic() -> Callable[[], str]:
    """One letter through an Interpreter; the statechart is read once."""
    lines = ["statechart:", "  name: masuk", "  root state:", "    name: root", "    initial: dicatat", "    states:"]
    for name, source, target in WAY:
        guard = ", guard: event.scan" if source == STATES[0] else ""
        lines += [f"      - name: {source}", "        transitions:"]
        lines += [f"          - {{target: {target}, event: {name}{guard}}}"]
    lines += [f"      - name: {STATES[-1]}"]
    chart = import_from_yaml("\n".join(lines))

    def letter() -> str:
        machine = Interpreter(chart)
        machine.execute()
        for name, _, _ in WAY:
            machine.queue(name, scan="pindai.pdf").execute()
        return machine.configuration[-1]

    return letter
