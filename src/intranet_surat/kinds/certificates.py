"""Statements of a fact about a person."""

from __future__ import annotations

from dataclasses import replace

from intranet_surat.kinds import common
from intranet_surat.kinds.model import KindField, LetterKind, Shape

CERTIFICATE_LETTER = LetterKind(
    id="surat-keterangan",
    title="Surat keterangan",
    direction="keluar",
    group="khusus",
    description="Pernyataan pejabat tentang keadaan seseorang.",
    template="keterangan",
    number_pattern="{security}/{no}/{klas}/{year}",
    fields=(
        *common.HEAD,
        KindField("person_name", "Nama yang diterangkan", maximum=160, group="orang"),
        KindField("person_nip", "NIP", "nip", required=False, hint="Hanya untuk pegawai.", group="orang"),
        KindField("person_rank", "Pangkat, golongan", required=False, maximum=80, group="orang"),
        KindField("person_position", "Jabatan atau pekerjaan", required=False, maximum=200, group="orang"),
        KindField("person_address", "Alamat", "lines", required=False, maximum=300, group="orang"),
        replace(
            common.BODY, title="Yang diterangkan", hint="Misalnya: adalah benar pegawai pada kantor kami sejak 2019."
        ),
        KindField("purpose", "Keperluan", required=False, maximum=300, hint="Untuk apa surat ini dibuat."),
        replace(
            common.CLOSING, default="Demikian surat keterangan ini dibuat untuk dipergunakan sebagaimana mestinya."
        ),
        common.SENT_TO,
        common.CARBON_COPIES,
        *common.SIGNED_BY,
        *common.OUTGOING_SYSTEM,
    ),
)

PARTICIPATION = LetterKind(
    id="sertifikat",
    title="Sertifikat",
    direction="keluar",
    group="khusus",
    description="Keterangan bahwa seseorang mengikuti kegiatan; satu berkas untuk satu orang.",
    template="sertifikat",
    number_pattern="{security}/{no}/{klas}/{year}",
    shape=Shape(paper="a4"),
    fields=(
        *common.HEAD,
        KindField("person_name", "Nama penerima", maximum=160, hint="Tanpa gelar.", group="orang"),
        KindField("person_nip", "NIP", "nip", required=False, hint="Hanya untuk pegawai.", group="orang"),
        KindField("person_office", "Instansi atau asal", required=False, maximum=200, group="orang"),
        KindField("role", "Sebagai", maximum=80, default="peserta", hint="Misalnya peserta, narasumber, panitia."),
        KindField("event", "Kegiatan", "lines", maximum=300, hint="Nama kegiatan, seperti tercetak."),
        KindField(
            "held", "Waktu dan tempat", "lines", maximum=300, hint="Misalnya 16 s.d. 18 November 2026 di Serang."
        ),
        KindField("basis", "Dasar", required=False, maximum=300, hint="Keputusan atau laporan yang memuat pesertanya."),
        common.SENT_TO,
        replace(common.SIGNATORY, title="Penanggung jawab"),
        common.PLACE,
        *common.OUTGOING_SYSTEM,
    ),
)
"""What an agency gives out in bulk, with its seal and no official's signature where the regency's rule lets it."""

KINDS = (CERTIFICATE_LETTER, PARTICIPATION)
