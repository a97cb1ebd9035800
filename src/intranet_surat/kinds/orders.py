"""Assignments: the order that sends officials on a task."""

from __future__ import annotations

from dataclasses import replace

from intranet_surat.kinds import common
from intranet_surat.kinds.model import Column, KindField, LetterKind

ASSIGNMENT_ORDER = LetterKind(
    id="surat-perintah-tugas",
    title="Surat perintah tugas",
    direction="keluar",
    group="penugasan",
    description="Perintah kepada pegawai untuk melaksanakan tugas pada waktu dan tempat tertentu.",
    template="spt",
    number_pattern="{klas}/{no}/{year}",
    fields=(
        *common.HEAD,
        KindField(
            "basis",
            "Dasar",
            "rows",
            maximum=20,
            hint="Satu baris satu dasar.",
            columns=(Column("text", "Dasar", maximum=600),),
            group="penugasan",
        ),
        KindField(
            "assignees",
            "Petugas",
            "rows",
            maximum=60,
            hint="Satu baris satu orang: nama | NIP | pangkat | jabatan. Tulis - bila tidak ada.",
            columns=(
                Column("name", "Nama"),
                Column("nip", "NIP", "nip", required=False),
                Column("rank", "Pangkat, golongan", required=False, maximum=80),
                Column("position", "Jabatan", maximum=200),
            ),
            group="penugasan",
        ),
        replace(common.BODY, title="Tugas", hint="Apa yang diperintahkan; butir diawali 1.", group="penugasan"),
        KindField("task_place", "Tempat tugas", maximum=300, group="penugasan"),
        KindField("date_from", "Tanggal mulai", "date", group="penugasan"),
        KindField("date_until", "Tanggal selesai", "date", group="penugasan"),
        KindField(
            "cost_source",
            "Beban biaya",
            required=False,
            maximum=300,
            hint="Misalnya DPA Dinas Kesehatan Tahun Anggaran 2026.",
            group="penugasan",
        ),
        common.SENT_TO,
        common.CARBON_COPIES,
        *common.SIGNED_BY,
        *common.OUTGOING_SYSTEM,
    ),
)

KINDS = (ASSIGNMENT_ORDER,)
