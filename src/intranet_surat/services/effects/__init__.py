"""What an act sets off: the closed list of effects, one module for each room that they need."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from intranet_surat.services.effects import filing, papers, register, sending, values
from intranet_surat.services.house import EffectCall

SHIPPED: Mapping[str, Callable[[EffectCall], None]] = {
    "number": register.number,
    "signed": register.signed,
    "pdf": papers.pdf,
    "freeze": papers.freeze,
    "send": sending.send,
    "notify": sending.notify,
    "archive": filing.archive,
    "set": values.set_fields,
}
