"""Letters received, as the registrar enters them."""

from __future__ import annotations

from intranet_surat.kinds import common
from intranet_surat.kinds.model import KindField, LetterKind

INCOMING_LETTER = LetterKind(
    id="surat-masuk",
    title="Surat masuk",
    direction="masuk",
    group="masuk",
    description="Surat yang diterima kantor ini dan dicatat dalam buku agenda.",
    number_pattern="{no}",
    fields=(
        KindField("sender", "Pengirim", maximum=200, minimum=2, hint="Seperti tercetak pada surat.", group="asal"),
        KindField(
            "sender_number",
            "Nomor surat",
            required=False,
            maximum=120,
            hint="Kosongkan bila surat tanpa nomor.",
            group="asal",
        ),
        KindField("letter_date", "Tanggal surat", "date", hint="Hari/bulan/tahun pada surat.", group="asal"),
        KindField(
            "received_at", "Diterima", "instant", hint="Tanggal dan jam, misalnya 21/11/2026 09.42.", group="asal"
        ),
        common.SUBJECT,
        common.SECURITY,
        common.URGENCY,
        common.CLASSIFICATION,
        KindField(
            "addressee",
            "Tujuan",
            "position",
            vocabulary="positions",
            hint="Jabatan yang dituju surat ini.",
            group="tujuan",
        ),
        common.ATTACHMENT_COUNT,
        common.ATTACHMENT_UNIT,
        KindField("summary", "Ringkasan", "lines", required=False, maximum=1_000, group="isi"),
        KindField("agenda_number", "Nomor agenda", required=False, system=True),
        KindField("scan", "Pindaian", required=False, system=True),
        KindField("origin", "Asal", required=False, system=True),
    ),
)

KINDS = (INCOMING_LETTER,)
