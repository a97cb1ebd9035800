"""Effects that would write behind a signature: into a file that waits for it, or what only the system writes."""

from __future__ import annotations

from intranet_surat.workflow.check_parts import Look, Machine, acts_in, effects, machines
from intranet_surat.workflow.model import Effect, Sign, State
from intranet_surat.workflow.model_words import WRITTEN

PREPARED = "prepared-file"
WRITTEN_FIELD = "written-field"
_OF_FILE = frozenset({"number", "pdf", "freeze", "signed"})

STAYS = (
    "Berkas yang disiapkan di keadaan ini memuat nomornya dan menunggu tanda tangan: tindakan '{name}', yang tetap di "
    "sini, tidak boleh memberi atau membatalkan nomor, membuat, atau mengesahkan berkas. Beri tindakan itu tujuan "
    "('to'), atau hapus akibat ini."
)
TRACKS = (
    "Jalur tidak boleh memberi atau membatalkan nomor surat, membuat, atau mengesahkan berkasnya: surat dapat sedang "
    "menunggu tanda tangan. Pindahkan akibat ini ke tindakan surat."
)
WRITES = "Isian '{field}' ditulis oleh sistem (nomor, tanda tangan), bukan dengan 'set'. Hapus isian ini."


def check_writes(look: Look) -> None:
    """Every act that stays where a file waits for its signature, and every field that is set."""
    for machine in machines(look.flow):
        for state in machine.states.values():
            if state.sign is not None:
                _stays(look, machine, state, state.sign)
        prepares = [state.sign.prepare for state in machine.states.values() if state.sign is not None]
        for effect, action in effects(machine):
            if machine.track is not None and _of_file(effect) and effect.mark and action not in prepares:
                look.found.add(effect.mark, TRACKS, rule=PREPARED)
            for field in effect.value if effect.name == "set" and machine.track is None else ():
                if field in WRITTEN and effect.mark is not None:
                    look.found.add(effect.mark, WRITES.format(field=field), rule=WRITTEN_FIELD)


def _stays(look: Look, machine: Machine, state: State, sign: Sign) -> None:
    """What was prepared to be signed is signed as it is, or the letter leaves the state."""
    for action, path in acts_in(machine, state):
        if action.to is not None or action in (sign.prepare, sign.reject):
            continue
        for effect in action.do:
            told = sign.in_turn and (effect.name, effect.value) != ("number", "void")  # by `check_turns`
            if _of_file(effect) and not told:
                mark = effect.mark or look.places.key(*path)
                look.found.add(mark, STAYS.format(name=action.name), rule=PREPARED)


def _of_file(effect: Effect) -> bool:
    return effect.name in _OF_FILE and effect.writes != "agenda_number"
