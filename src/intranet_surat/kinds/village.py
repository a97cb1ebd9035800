"""Letters of a village for a resident, written at its counter."""

from __future__ import annotations

from dataclasses import replace

from intranet_surat.kinds import common
from intranet_surat.kinds.model import KindField, LetterKind, Shape

RESIDENT = (
    KindField("nik", "NIK", "nik", secret=True, maximum=16, hint="16 angka pada KTP.", group="warga"),
    KindField("name", "Nama", maximum=160, hint="Seperti pada KTP.", group="warga"),
    KindField("birth_place", "Tempat lahir", maximum=80, group="warga"),
    KindField("birth_date", "Tanggal lahir", "date", group="warga"),
    KindField("sex", "Jenis kelamin", "choice", vocabulary="sex", group="warga"),
    KindField("religion", "Agama", "choice", vocabulary="religion", group="warga"),
    KindField("marital_status", "Status perkawinan", "choice", vocabulary="marital", group="warga"),
    KindField("occupation", "Pekerjaan", maximum=80, group="warga"),
    KindField("nationality", "Kewarganegaraan", maximum=40, default="Indonesia", group="warga"),
    KindField(
        "family_card", "Nomor KK", "nik", secret=True, maximum=16, hint="16 angka pada kartu keluarga.", group="warga"
    ),
    KindField("address", "Alamat", "lines", maximum=300, hint="Kampung, RT, RW, desa.", group="warga"),
)

VILLAGE_INTRODUCTION = LetterKind(
    id="surat-pengantar-desa",
    title="Surat pengantar desa",
    direction="keluar",
    group="desa",
    description="Pengantar kepala desa bagi warga untuk suatu keperluan.",
    template="pengantar-desa",
    number_pattern="{klas}/{no}/{unit}/{year}",
    shape=Shape(paper="a4"),
    fields=(
        replace(common.SUBJECT, default="Surat pengantar warga"),
        replace(common.SECURITY, default="T"),
        common.URGENCY,
        replace(common.CLASSIFICATION, default="400.12.2.1"),
        *RESIDENT,
        KindField(
            "purpose", "Keperluan", "lines", maximum=400, hint="Untuk apa pengantar ini diminta.", group="keperluan"
        ),
        KindField("remarks", "Keterangan lain", "lines", required=False, maximum=600, group="keperluan"),
        KindField("valid_from", "Berlaku mulai", "date", required=False, group="keperluan"),
        KindField("valid_until", "Berlaku sampai", "date", hint="Biasanya satu bulan.", group="keperluan"),
        replace(common.SENT_TO, required=False),
        replace(common.CARBON_COPIES, required=False),
        *common.SIGNED_BY,
        *common.OUTGOING_SYSTEM,
    ),
)

KINDS = (VILLAGE_INTRODUCTION,)
