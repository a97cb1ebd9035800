"""The effect `archive`: the letter is filed; from then on its flow lets nobody edit."""

from __future__ import annotations

from intranet_surat.services import archive as archiving
from intranet_surat.services.house import EffectCall


def archive(call: EffectCall) -> None:
    """File the letter into its case file."""
    case_file = archiving.file_letter(call.house, call.site, call.letter, call.now)
    call.facts["case_file"] = case_file.id
