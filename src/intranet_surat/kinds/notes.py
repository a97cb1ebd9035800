"""Internal correspondence: the note between posts of one government."""

from __future__ import annotations

from dataclasses import replace

from intranet_surat.kinds import common
from intranet_surat.kinds.model import LetterKind

INTERNAL_NOTE = LetterKind(
    id="nota-dinas",
    title="Nota dinas",
    direction="keluar",
    group="korespondensi-internal",
    description="Laporan, usul, atau permintaan antarjabatan di dalam pemerintah kabupaten.",
    template="nota",
    number_pattern="{no}/{klas}/{year}",
    fields=(
        *common.OUTGOING_HEAD,
        common.ADDRESSEES,
        common.BODY,
        replace(common.CLOSING, default="Demikian disampaikan, mohon arahan lebih lanjut."),
        common.CARBON_COPIES,
        *common.SIGNED_BY,
        *common.OUTGOING_SYSTEM,
    ),
)

KINDS = (INTERNAL_NOTE,)
