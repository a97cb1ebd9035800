"""Signatures in turn: that no way leaves a half-signed file behind, and that no file mixes them with ink."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from intranet_surat.workflow import cast
from intranet_surat.workflow.check_parts import Look, Machine, Path, acts_in, machines, ways
from intranet_surat.workflow.model import Action, Effect, Mark, Sign, State, Who
from intranet_surat.workflow.model_words import PADES, SEAL_BESIDES

_OF_FILE = frozenset({"number", "pdf", "freeze", "signed"})
_OF_WHOLE = frozenset({SEAL_BESIDES, "send", "archive"})
"""What is done with a letter that everybody has signed."""

MIXED = (
    "Satu berkas ditandatangani semuanya secara elektronik atau semuanya basah; di sini tanda tangan basah menyusul "
    "yang elektronik. Kembalikan dulu ke keadaan yang mengubah naskah ('edit')."
)
REPLACED = "Berkas yang sedang ditandatangani bergiliran tidak dapat dinomori, dibuat, atau disahkan lain di sini."
TOO_EARLY = (
    "Berkas yang belum ditandatangani semua pihak tidak dapat disegel, dikirim, atau diberkaskan; "
    "lakukan ini sesudah tanda tangan terakhir."
)
NUMBERED = (
    "Sesudah tanda tangan pertama nomornya sudah ada pada berkas itu; tambahkan {{number: void}} di 'do' tindakan "
    "'{name}', agar berkas berikutnya bernomor baru."
)
NOT_SEALED = "Bergiliran menandatangani hanya pejabat; segel instansi dibubuhkan sekali, tanpa giliran."
REASON = "Tindakan '{name}' dapat membatalkan berkas yang sudah ditandatangani sebagian; tanyakan alasannya ('ask')."

OPENED = "Naskah yang sedang ditandatangani bergiliran tidak dapat diubah: hapus 'edit' dari keadaan ini."
RECAST = "Isian '{field}' menentukan siapa yang menandatangani, dan berkasnya sudah disiapkan; jangan isi di sini."


def check_turns(look: Look) -> None:
    """Every state in which several sign the same file one after the other."""
    for machine in machines(look.flow):
        for state in machine.states.values():
            if state.sign is not None and state.sign.in_turn:
                if state.sign.method != PADES:
                    mark = look.places.value(*machine.path, state.name, "sign", "with", "method")
                    look.found.add(mark, NOT_SEALED, rule="in-turn", accepted=(PADES,))
                _leaves(look, machine, state, state.sign)
                _early(look, machine, state)
                _mixes(look, machine, state)
                _stands(look, machine, state, state.sign)


def _leaves(look: Look, machine: Machine, state: State, sign: Sign) -> None:
    """Whoever leaves the state otherwise than by the last signature gives the number up, and says why."""
    numbers = any(effect.name == "number" and effect.value != "void" for effect in sign.prepare.do)
    for action, path in acts_in(machine, state):
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


def _early(look: Look, machine: Machine, state: State) -> None:
    """Nothing in the state treats the file as signed: not what enters or prepares it, nor who refuses or leaves."""
    for effect, path in _does(machine, state):
        if effect.name in _OF_WHOLE:
            look.found.add(_mark(look, effect, path), TOO_EARLY, rule="in-turn")


def _stands(look: Look, machine: Machine, state: State, sign: Sign) -> None:
    """While they sign, neither the text nor the fields that name them change: the file names them already."""
    if state.edit:
        look.found.add(look.places.key(*machine.path, state.name, "edit"), OPENED, rule="in-turn")
    naming = _fields(look, sign.by)
    for action, path in acts_in(machine, state):
        for effect in action.do if action.to is None else ():
            for field in effect.value if effect.name == "set" else ():
                if field in naming:
                    look.found.add(_mark(look, effect, path), RECAST.format(field=field), rule="in-turn")


def _fields(look: Look, whos: Iterable[Who]) -> set[str]:
    """The fields of the letter in which some expressions look for people, also through cast names."""
    parts = [part for who in whos for part in cast.parts(who)]
    for part in parts:
        inner = look.flow.cast.get(part.args[0]) if part.op == "name" else None
        parts += [each for each in cast.parts(inner) if each not in parts] if inner is not None else ()
    return {str(part.args[0]) for part in parts if part.op == "letter"}


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
    yield from ((effect, path) for effect, path in _does(machine, state) if effect.name == "signed")


def _does(machine: Machine, state: State) -> Iterator[tuple[Effect, Path]]:
    """The effects on entering a state and of every act there, each with its place."""
    yield from ((effect, (*machine.path, state.name, "on_enter")) for effect in state.on_enter)
    for action, path in acts_in(machine, state):
        yield from ((effect, path) for effect in action.do)


def _mark(look: Look, effect: Effect, path: Path) -> Mark:
    return effect.mark or look.places.key(*path)
