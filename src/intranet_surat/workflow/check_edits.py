"""What is not done where the text is opened again: its file is given up there, and nothing is signed any more."""

from __future__ import annotations

from intranet_surat.workflow.check_parts import Look, machines
from intranet_surat.workflow.model_words import SEAL_BESIDES

_OF_FILE = frozenset({SEAL_BESIDES, "send", "archive"})

GIVEN_UP = (
    "Keadaan '{title}' membuka naskahnya lagi ('edit'), jadi berkas dan tanda tangannya gugur di sini; "
    "lakukan '{effect}' di keadaan yang tidak mengubah naskah."
)


def check_edits(look: Look) -> None:
    """No letter is sent, sealed or filed by coming to a state in which its text may be changed."""
    for machine in machines(look.flow):
        for state in machine.states.values():
            for effect in state.on_enter if state.edits and machine.track is None else ():
                if effect.name in _OF_FILE:
                    mark = effect.mark or look.places.key(*machine.path, state.name, "on_enter")
                    look.found.add(mark, GIVEN_UP.format(title=state.title, effect=effect.name), rule="edit")
