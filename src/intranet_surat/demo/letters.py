"""Sample letters, so that every desk of the demo has something on it; all of them invented."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from intranet_surat.demo import scan
from intranet_surat.demo.regency import position_id
from intranet_surat.demo.scribe import Scribe, addressee, paragraphs, points

if TYPE_CHECKING:
    from intranet_surat.services.house import House


def make(house: House, database: Any, now: datetime) -> int:
    """Make the letters as they would have come about during the last days; answers how many."""
    scribe = Scribe(house, database, now - timedelta(days=2))
    stories = (
        _disposed,
        _waiting_for_head,
        _just_registered,
        _for_bupati,
        _secret,
        _replied,
        _to_sign,
        _initials,
        _village,
        _half_signed,
    )
    for story in stories:
        story(scribe)
    return len(stories)


def incoming(
    sender: str, number: str, subject: str, classification: str, addressee_: str, now: datetime, **more: Any
) -> dict[str, Any]:
    """The fields of a received letter, three days old when it is registered."""
    return {
        "sender": sender,
        "sender_number": number,
        "letter_date": (now - timedelta(days=3)).date().isoformat(),
        "received_at": now.isoformat(),
        "subject": subject,
        "security": "B",
        "urgency": "biasa",
        "classification": classification,
        "addressee": addressee_,
        "attachment_count": 0,
        "attachment_unit": "berkas",
        **more,
    }


def paper(fields: dict[str, Any], to: str, *texts: str) -> bytes:
    """The paper that such a letter came on."""
    return scan.page(
        (fields["sender"].upper(), "CONTOH SURAT UNTUK PERAGAAN", "Alamat karangan, bukan lembaga sebenarnya"),
        (("Nomor", fields["sender_number"]), ("Hal", fields["subject"]), ("Kepada", to)),
        texts,
        ("Hormat kami,", "Nama karangan"),
    )


def _register(scribe: Scribe, office: str, fields: dict[str, Any], to: str, *texts: str) -> str:
    return scribe.create(f"agendaris.{office.lower()}", office, "surat-masuk", fields, scan=paper(fields, to, *texts))


def _disposed(scribe: Scribe) -> None:
    """A letter that the head of Dinas Kesehatan gave to two fields; one has reported already."""
    fields = incoming(
        "Yayasan Sehat Bersama Contoh", "014/YSB/2026", "Permohonan pendampingan posyandu", "400.7.1",
        position_id("kepala", "DINKES"), scribe.now, urgency="segera",
    )  # fmt: skip
    letter = _register(
        scribe, "DINKES", fields, "Kepala Dinas Kesehatan Kabupaten Serang",
        "Kami memohon pendampingan kader posyandu di tiga desa binaan kami selama satu bulan.",
        "Jadwal kegiatan dapat disesuaikan dengan petugas yang ditunjuk.",
    )  # fmt: skip
    scribe.act("agendaris.dinkes", letter, "naikkan")
    scribe.act("sekretaris.dinkes", letter, "sampaikan", {"catatan": "Mohon arahan; bidang terkait Kesmas dan Yankes."})
    scribe.read("kepala.dinkes", letter)
    kesmas, yankes = position_id("kabid-kesmas", "DINKES"), position_id("kabid-yankes", "DINKES")
    scribe.act("kepala.dinkes", letter, "disposisi", {
        "kepada": [kesmas, yankes], "utama": kesmas, "instruksi": ["tindak-lanjuti", "koordinasi"],
        "catatan": "Susun jadwal pendampingan, sampaikan kepada saya minggu ini.", "lapor": True,
    })  # fmt: skip
    items = scribe.items(letter)
    scribe.read("kabid-yankes.dinkes", items["kabid-yankes"])
    scribe.act("kabid-yankes.dinkes", items["kabid-yankes"], "selesaikan", {"isi": "Dua petugas siap mendampingi."})


def _waiting_for_head(scribe: Scribe) -> None:
    """A letter on the desk of the head of Dinas Kesehatan."""
    fields = incoming(
        "Forum Kader Kesehatan Contoh", "07/FKK/XI/2026", "Undangan pembukaan pekan imunisasi", "400.7.2",
        position_id("kepala", "DINKES"), scribe.now,
    )  # fmt: skip
    letter = _register(
        scribe, "DINKES", fields, "Kepala Dinas Kesehatan Kabupaten Serang",
        "Kami mengundang Bapak/Ibu membuka pekan imunisasi tingkat kecamatan di Kramatwatu.",
    )  # fmt: skip
    scribe.act("agendaris.dinkes", letter, "naikkan")
    scribe.act("sekretaris.dinkes", letter, "sampaikan", {"catatan": "Acara tidak berbenturan dengan agenda lain."})


def _just_registered(scribe: Scribe) -> None:
    """A letter that the registrar of Dinas Kesehatan has just entered."""
    fields = incoming(
        "Sekolah Dasar Contoh 01", "421/031/SD-01/2026", "Permohonan penyuluhan cuci tangan", "400.7",
        position_id("kepala", "DINKES"), scribe.now,
    )  # fmt: skip
    _register(
        scribe, "DINKES", fields, "Kepala Dinas Kesehatan Kabupaten Serang",
        "Kami memohon penyuluhan cuci tangan pakai sabun bagi 120 murid.",
    )  # fmt: skip


def _for_bupati(scribe: Scribe) -> None:
    """A letter that passed Bagian Umum and the Sekda and lies before the Bupati."""
    fields = incoming(
        "Asosiasi Petani Contoh Banten", "22/APC/2026", "Permohonan audiensi musim tanam", "500.6",
        position_id("bupati", "KDH"), scribe.now, urgency="sangat-segera",
    )  # fmt: skip
    letter = _register(
        scribe, "KDH", fields, "Bupati Serang",
        "Kami memohon waktu audiensi mengenai persiapan musim tanam di Kecamatan Kramatwatu.",
    )  # fmt: skip
    scribe.act("agendaris.kdh", letter, "naikkan")
    scribe.act("sekda.setda", letter, "sampaikan", {"catatan": "Disarankan diterima bersama Asisten Perekonomian."})


def _secret(scribe: Scribe) -> None:
    """A secret letter for the Sekda: for everybody else it does not exist."""
    fields = incoming(
        "Instansi Contoh", "R-05/IC/2026", "Laporan pengawasan internal", "700.1",
        position_id("sekda", "SETDA"), scribe.now, security="R",
    )  # fmt: skip
    letter = _register(scribe, "SETDA", fields, "Sekretaris Daerah", "Isi surat rahasia ini hanya contoh.")
    scribe.act("agendaris.setda", letter, "naikkan")


def _outgoing(subject: str, body: dict[str, Any], to: list[dict[str, str]], signatory: str) -> dict[str, Any]:
    return {
        "subject": subject,
        "security": "B",
        "urgency": "biasa",
        "classification": "400.7",
        "attachment_count": 0,
        "attachment_unit": "berkas",
        "addressees": to,
        "carbon_copies": [],
        "body": body,
        "signatory": signatory,
        "signing_form": "own",
        "salutation": "Dengan hormat,",
        "closing": "Demikian disampaikan, atas perhatian dan kerja sama Saudara diucapkan terima kasih.",
    }


def _replied(scribe: Scribe) -> None:
    """A letter of Dinas Kesehatan that was initialled, numbered, signed and sent to BPKAD."""
    to = addressee(
        "office", "Kepala Badan Pengelolaan Keuangan dan Aset Daerah", "Serang", code="BPKAD", channel="sistem"
    )
    fields = _outgoing(
        "Penyampaian jadwal pekan imunisasi",
        points(
            "Menindaklanjuti rapat koordinasi, bersama ini kami sampaikan jadwal pekan imunisasi:",
            ("Kecamatan Kramatwatu, Senin sampai Rabu;", "Kecamatan Waringinkurung, Kamis dan Jumat;"),
            "Kami mohon dukungan kendaraan operasional sesuai jadwal tersebut.",
        ),
        [to],
        position_id("kepala", "DINKES"),
    )
    letter = scribe.create("kabid-p2p.dinkes", "DINKES", "surat-dinas", fields)
    scribe.act("kabid-p2p.dinkes", letter, "ajukan")
    scribe.act("tata-usaha.dinkes", letter, "lulus")
    scribe.act("kepala.dinkes", letter, "siapkan")
    scribe.sign("kepala.dinkes", letter)
    scribe.act("tata-usaha.dinkes", letter, "kirim")


def _to_sign(scribe: Scribe) -> None:
    """A letter that waits for the signature of the head of Dinas Kesehatan."""
    to = addressee("external", "Ketua Forum Kader Kesehatan Contoh", "Kramatwatu", channel="cetak")
    fields = _outgoing(
        "Kesediaan membuka pekan imunisasi",
        paragraphs("Menjawab undangan Saudara, kami bersedia membuka pekan imunisasi di Kecamatan Kramatwatu."),
        [to],
        position_id("kepala", "DINKES"),
    )
    letter = scribe.create("kabid-p2p.dinkes", "DINKES", "surat-dinas", fields)
    scribe.act("kabid-p2p.dinkes", letter, "ajukan")
    scribe.act("tata-usaha.dinkes", letter, "lulus")


def _initials(scribe: Scribe) -> None:
    """A draft of Dinas Kesehatan that waits for the second initial."""
    to = addressee("external", "Ketua Yayasan Sehat Bersama Contoh", "Serang", channel="cetak")
    fields = _outgoing(
        "Jawaban permohonan pendampingan posyandu",
        paragraphs(
            "Menjawab surat Saudara, pendampingan posyandu dapat kami laksanakan mulai pekan depan.",
            "Petugas kami akan menghubungi Saudara untuk menyusun jadwal.",
        ),
        [to],
        position_id("kepala", "DINKES"),
    )
    letter = scribe.create("staf-kesmas.dinkes", "DINKES", "surat-dinas", fields)
    scribe.act("staf-kesmas.dinkes", letter, "ajukan")
    scribe.act("kasi-kesmas.dinkes", letter, "paraf")


def _village(scribe: Scribe) -> None:
    """A resident's letter at the counter of a village, waiting for the village secretary."""
    fields = {
        "subject": "Surat pengantar warga",
        "security": "T",
        "urgency": "biasa",
        "classification": "400.12.2.1",
        "name": "Warga Contoh",
        "birth_place": "Serang",
        "birth_date": "1990-05-17",
        "sex": "L",
        "religion": "islam",
        "marital_status": "kawin",
        "occupation": "Wiraswasta",
        "nationality": "Indonesia",
        "address": "Kampung Contoh RT 01 RW 02",
        "purpose": "Mengurus kartu keluarga",
        "valid_until": (scribe.now + timedelta(days=30)).date().isoformat(),
        "addressees": [],
        "carbon_copies": [],
        "signatory": position_id("kades", "DESA-PEJATEN"),
        "signing_form": "own",
    }
    resident = {"nik": "3604051705900001", "family_card": "3604050101100001"}
    letter = scribe.create("operator.pejaten", "DESA-PEJATEN", "surat-pengantar-desa", fields, secret=resident)
    scribe.act("operator.pejaten", letter, "ajukan")


def _half_signed(scribe: Scribe) -> None:
    """A record of BPKAD that its head has signed; on the same file the camat is awaited, then the Sekda."""
    fields = {
        "subject": "Serah terima kendaraan operasional imunisasi",
        "security": "B",
        "urgency": "biasa",
        "classification": "000.2",
        "body": points(
            "PIHAK KESATU menyerahkan kepada PIHAK KEDUA, dan PIHAK KEDUA menerima dari PIHAK KESATU:",
            ("satu mobil operasional contoh, lengkap dengan surat-suratnya;", "dua sepeda motor contoh."),
            "Sejak tanggal ini pemeliharaannya menjadi tanggung jawab PIHAK KEDUA.",
        ),
        "closing": "Demikian berita acara ini dibuat untuk dipergunakan sebagaimana mestinya.",
        "addressees": [],
        "carbon_copies": [],
        "signatory": position_id("kepala", "BPKAD"),
        "second_signatory": position_id("camat", "KRAMATWATU"),
        "acknowledged_by": position_id("sekda", "SETDA"),
    }
    letter = scribe.create("kabid-aset.bpkad", "BPKAD", "berita-acara", fields)
    scribe.act("kabid-aset.bpkad", letter, "ajukan")
    scribe.act("tata-usaha.bpkad", letter, "lulus")
    scribe.act("kepala.bpkad", letter, "siapkan")
    scribe.sign("kepala.bpkad", letter)
