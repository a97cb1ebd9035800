"""Records of an event that several officials sign: the one file bears a signature of each."""

from __future__ import annotations

from dataclasses import replace

from intranet_surat.kinds import common
from intranet_surat.kinds.model import SIGNATORIES, KindField, LetterKind

OFFICIAL_RECORD = LetterKind(
    id="berita-acara",
    title="Berita acara",
    direction="keluar",
    group="khusus",
    description="Catatan resmi atas suatu kejadian, misalnya serah terima, yang ditandatangani beberapa pejabat.",
    template="berita-acara",
    number_pattern="{klas}/{no}/{year}",
    fields=(
        *common.HEAD,
        replace(common.BODY, hint="Apa yang dilaksanakan, diserahkan, atau disepakati; butir diawali 1."),
        replace(common.CLOSING, default="Demikian berita acara ini dibuat untuk dipergunakan sebagaimana mestinya."),
        replace(common.SENT_TO, required=False),
        common.CARBON_COPIES,
        replace(common.SIGNATORY, title="Pihak kesatu", hint="Menandatangani lebih dulu."),
        KindField(
            "second_signatory",
            "Pihak kedua",
            "position",
            vocabulary="positions",
            hint="Menandatangani berkas yang sama sesudah pihak kesatu.",
            group=SIGNATORIES,
        ),
        KindField(
            "acknowledged_by",
            "Mengetahui",
            "position",
            required=False,
            vocabulary="positions",
            hint="Menandatangani terakhir; kosongkan bila tidak ada.",
            group=SIGNATORIES,
        ),
        common.PLACE,
        *common.OUTGOING_SYSTEM,
    ),
)

KINDS = (OFFICIAL_RECORD,)
