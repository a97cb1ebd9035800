"""Signatures in turn: that no way leaves a half-signed file behind, and that no file mixes them with ink."""

from __future__ import annotations

from collections.abc import Iterator

from intranet_surat.workflow.check_parts import Look, Machine, Path, acts, machines, ways
from intranet_surat.workflow.model import Action, Effect, Mark, Sign, State

_OF_FILE = frozenset({"number", "pdf", "freeze", "signed"})

MIXED = (
    "Satu berkas ditandatangani semuanya secara elektronik atau semuanya basah; di sini tanda tangan basah menyusul "
    "yang elektronik. Kembalikan dulu ke keadaan yang mengubah naskah ('edit')."
)
REPLACED = "Berkas yang sedang ditandatangani bergiliran tidak dapat dinomori, dibuat, atau disahkan lain di sini."
NUMBERED = (
    "Sesudah tanda tangan pertama nomornya sudah ada pada berkas itu; tambahkan {{number: void}} di 'do' tindakan "
    "'{name}', agar berkas berikutnya bernomor baru."
)
NOT_SEALED = "Bergiliran menandatangani hanya pejabat; segel instansi dibubuhkan sekali, tanpa giliran."
REASON = "Tindakan '{name}' dapat membatalkan berkas yang sudah ditandatangani sebagian; tanyakan alasannya ('ask')."


def check_turns(look: Look) -> None:
    """Every state in which several sign the same file one after the other."""
    for machine in machines(look.flow):
        for state in machine.states.values():
            if state.sign is not None and state.sign.in_turn:
                if state.sign.method != "pades":
                    mark = look.places.value(*machine.path, state.name, "sign", "with", "method")
                    look.found.add(mark, NOT_SEALED, rule="in-turn", accepted=("pades",))
                _leaves(look, machine, state, state.sign)
                _mixes(look, machine, state)


def _leaves(look: Look, machine: Machine, state: State, sign: Sign) -> None:
    """Whoever leaves the state otherwise than by the last signature gives the number up, and says why."""
    numbers = any(effect.name == "number" and effect.value != "void" for effect in sign.prepare.do)
    one = Machine(machine.track, {state.name: state}, machine.path)
    for action, path, _ in acts(one):
        if action is sign.prepare:
            continue
        for effect in action.do:
            if effect.name in _OF_FILE and (effect.name, effect.value) != ("number", "void"):
                look.found.add(_mark(look, effect, path), REPLACED, rule="in-turn")
        if action.to is None:
            continue
        if numbers and not _voids(action):
            look.found.add(look.places.key(*path), NUMBERED.format(name=action.name), rule="in-turn")
        if action.ask is None:
            look.found.add(look.places.key(*path), REASON.format(name=action.name), rule="in-turn")


def _voids(action: Action) -> bool:
    return any(effect.name == "number" and effect.value == "void" for effect in action.do)


def _mixes(look: Look, machine: Machine, state: State) -> None:
    """No ink before or after these signatures, unless the text was opened for another file between the two."""
    behind = _ahead(machine, state)
    for name in behind:
        for effect, path in _inked(machine, machine.states[name]):
            look.found.add(_mark(look, effect, path), MIXED, rule="in-turn")
    for other in machine.states.values():
        inked = [each for each in _inked(machine, other) if other.name not in behind]
        if inked and state.name in _ahead(machine, other):
            look.found.add(_mark(look, *inked[0]), MIXED, rule="in-turn")


def _ahead(machine: Machine, start: State) -> dict[str, None]:
    """The states to which a letter can go on with the same file: those that may change its text end it."""
    found: dict[str, None] = {}
    waiting = [start]
    for state in waiting:
        for way in ways(machine, state):
            target = machine.states.get(way.to)
            if target is not None and target.name not in found and not target.edit:
                found[target.name] = None
                waiting.append(target)
    return found


def _inked(machine: Machine, state: State) -> Iterator[tuple[Effect, Path]]:
    """The effects of a state by which a letter counts as signed with ink."""
    one = Machine(machine.track, {state.name: state}, machine.path)
    for effect in state.on_enter:
        if effect.name == "signed":
            yield effect, (*machine.path, state.name, "on_enter")
    for action, path, _ in acts(one):
        yield from ((effect, path) for effect in action.do if effect.name == "signed")


def _mark(look: Look, effect: Effect, path: Path) -> Mark:
    return effect.mark or look.places.key(*path)
