"""The effect `seal`: it only writes the job that has the agency's seal put on the file after the commit."""

from __future__ import annotations

from intranet_surat.services import marks, sealing, seals
from intranet_surat.services.house import EffectCall
from intranet_surat.workflow.model_words import SEAL_BESIDES


def seal(call: EffectCall) -> None:
    """Order the seal for the newest signed file, else for the frozen one."""
    sealing.order(call.house, call.site, call.letter, call.position, call.person, call.now)
    call.facts[SEAL_BESIDES] = str(call.value)
    sealer = seals.provider(call.house)
    call.facts["sealer"] = sorted(marks.of(sealer.sealer)) if sealer is not None else []
