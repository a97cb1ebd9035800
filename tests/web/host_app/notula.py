"""The first of the four places of a new kind of letter: its declaration."""

from __future__ import annotations

from intranet_surat.kinds import common
from intranet_surat.kinds.model import KindField, LetterKind, Shape

NOTULA = LetterKind(
    id="notula",
    title="Notula",
    direction="keluar",
    group="khusus",
    description="Catatan resmi tentang suatu peristiwa.",
    template="host_app:letters/notula.typ",
    number_pattern="NT/{no:03d}/{month_roman}/{year}",
    shape=Shape(paper="a4"),
    fields=(
        *common.HEAD,
        KindField("held_on", "Hari pelaksanaan", "date"),
        KindField("witness", "Saksi", maximum=160),
        common.BODY,
        common.ADDRESSEES,
        *common.SIGNED_BY,
        *common.OUTGOING_SYSTEM,
    ),
)
