"""External correspondence: the official letter and the invitation."""

from __future__ import annotations

from dataclasses import replace

from intranet_surat.kinds import common
from intranet_surat.kinds.model import KindField, LetterKind

OFFICIAL_LETTER = LetterKind(
    id="surat-dinas",
    title="Surat dinas",
    direction="keluar",
    group="korespondensi-eksternal",
    description="Pemberitahuan, permintaan, atau jawaban kepada pihak di luar kantor.",
    template="surat",
    number_pattern="{security}/{no}/{klas}/{year}",
    fields=(
        *common.OUTGOING_HEAD,
        common.ADDRESSEES,
        common.SALUTATION,
        common.BODY,
        common.CLOSING,
        common.CARBON_COPIES,
        *common.SIGNED_BY,
        *common.OUTGOING_SYSTEM,
    ),
)

INVITATION = LetterKind(
    id="undangan",
    title="Undangan",
    direction="keluar",
    group="korespondensi-eksternal",
    description="Undangan menghadiri acara pada hari, waktu, dan tempat tertentu.",
    template="undangan",
    number_pattern="{security}/{no}/{klas}/{year}",
    fields=(
        *common.OUTGOING_HEAD,
        common.ADDRESSEES,
        common.SALUTATION,
        replace(common.BODY, title="Pembuka", hint="Maksud undangan, dicetak di atas hari dan waktu."),
        KindField("event_date", "Hari, tanggal", "date", hint="Misalnya 24/11/2026.", group="acara"),
        KindField(
            "event_date_until",
            "Sampai tanggal",
            "date",
            required=False,
            hint="Hanya untuk acara lebih dari sehari.",
            group="acara",
        ),
        KindField(
            "event_time", "Waktu", maximum=80, hint="Misalnya 09.00 WIB sampai selesai.", minimum=4, group="acara"
        ),
        KindField("event_place", "Tempat acara", "lines", maximum=300, group="acara"),
        KindField("event", "Acara", "lines", maximum=300, group="acara"),
        KindField("event_notes", "Catatan", "lines", required=False, maximum=400, group="acara"),
        replace(
            common.CLOSING, default="Demikian disampaikan, atas perhatian dan kehadiran Saudara diucapkan terima kasih."
        ),
        common.CARBON_COPIES,
        *common.SIGNED_BY,
        *common.OUTGOING_SYSTEM,
    ),
)

KINDS = (OFFICIAL_LETTER, INVITATION)
