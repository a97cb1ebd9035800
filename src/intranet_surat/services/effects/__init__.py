"""What an act sets off: the closed list of effects, one module for each room that they need."""

from __future__ import annotations

from collections.abc import Mapping

from intranet_surat.services.effects import filing, papers, register, sealing, sending, values
from intranet_surat.services.house import EffectFunction
from intranet_surat.workflow.model_words import SEAL_BESIDES

SHIPPED: Mapping[str, EffectFunction] = {
    "number": register.number,
    "signed": register.signed,
    "pdf": papers.pdf,
    "freeze": papers.freeze,
    SEAL_BESIDES: sealing.seal,
    "send": sending.send,
    "notify": sending.notify,
    "archive": filing.archive,
    "set": values.set_fields,
}
