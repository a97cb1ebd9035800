"""Fields that many kinds share. A family takes what it needs and adds its own."""

from __future__ import annotations

from intranet_surat.kinds.model import KindField

SUBJECT = KindField(
    "subject", "Hal", minimum=5, hint="Satu frasa, 5 sampai 255 huruf, tanpa titik di akhir.", group="kepala"
)
SECURITY = KindField("security", "Sifat", "choice", vocabulary="security", default="B", group="kepala")
URGENCY = KindField("urgency", "Derajat", "choice", vocabulary="urgency", default="biasa", group="kepala")
CLASSIFICATION = KindField(
    "classification",
    "Klasifikasi",
    "choice",
    vocabulary="classification",
    hint="Kode klasifikasi arsip, misalnya 600.1.4.2.",
    group="kepala",
)
ATTACHMENT_COUNT = KindField(
    "attachment_count", "Jumlah lampiran", "number", required=False, maximum=999, default=0, group="kepala"
)
ATTACHMENT_UNIT = KindField(
    "attachment_unit",
    "Satuan lampiran",
    "choice",
    required=False,
    vocabulary="attachment_units",
    default="berkas",
    group="kepala",
)
HEAD = (SUBJECT, SECURITY, URGENCY, CLASSIFICATION)

ADDRESSEES = KindField(
    "addressees",
    "Kepada",
    "addressees",
    maximum=400,
    hint="Satu baris satu tujuan: nama | tempat | saluran (sistem, surel, kurir, cetak) atau alamat surel.",
    group="tujuan",
)
SENT_TO = KindField(
    "addressees",
    "Dikirim kepada",
    "addressees",
    maximum=400,
    hint="Kepada siapa berkas ini dikirim; tidak dicetak pada surat. Satu baris satu tujuan.",
    group="tujuan",
)
CARBON_COPIES = KindField(
    "carbon_copies",
    "Tembusan",
    "addressees",
    required=False,
    maximum=100,
    hint="Satu baris satu penerima, menurut urutan dicetak.",
    group="tujuan",
)
BODY = KindField(
    "body",
    "Isi",
    "body",
    hint="Baris kosong memisahkan paragraf. Butir diawali 1. lalu a. lalu 1) lalu a). Tabel: | kolom | kolom |.",
)
SALUTATION = KindField("salutation", "Salam pembuka", required=False, maximum=80, hint="Misalnya Dengan hormat,")
CLOSING = KindField(
    "closing",
    "Penutup",
    "lines",
    required=False,
    maximum=600,
    default="Demikian disampaikan, atas perhatian dan kerja sama Saudara diucapkan terima kasih.",
)
PLACE = KindField(
    "place", "Tempat", required=False, maximum=80, hint="Kosongkan untuk memakai tempat kantor.", group="pengesahan"
)
SIGNATORY = KindField("signatory", "Penanda tangan", "position", vocabulary="positions", group="pengesahan")
SIGNING_FORM = KindField(
    "signing_form",
    "Bentuk tanda tangan",
    "choice",
    required=False,
    vocabulary="signing_forms",
    default="own",
    group="pengesahan",
)
SIGNED_BY = (SIGNATORY, SIGNING_FORM, PLACE)

OUTGOING_SYSTEM = (
    KindField("number", "Nomor", required=False, system=True),
    KindField("letter_date", "Tanggal surat", "date", required=False, system=True),
    KindField("signed", "Cara tanda tangan", required=False, system=True),
    KindField("print_code", "Kode cetakan", required=False, system=True),
    KindField("reply_to", "Balasan atas", required=False, system=True),
)
"""Written by effects and services when the letter goes its way; never typed."""

OUTGOING_HEAD = (*HEAD, ATTACHMENT_COUNT, ATTACHMENT_UNIT)
"""The head of a letter in the form of correspondence."""
