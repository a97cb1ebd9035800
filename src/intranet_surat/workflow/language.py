"""The one table of keywords of `surat/1`: it drives the loader and the reference page.

A keyword that the engine does not run yet stands here as ``later`` and is refused with its own sentence.
What the expressions inside values mean is defined by `workflow.rules` and `workflow.cast`.
"""

from __future__ import annotations

from dataclasses import dataclass

LANGUAGE = "surat/1"


@dataclass(frozen=True, slots=True)
class Keyword:
    """One key of the language.

    ``where`` is the kind of mapping it stands in (a key of `PLACES`), ``type`` a key of `TYPES`.
    ``executed_by`` is the module that acts on it, ``values`` are the words of a closed list.
    """

    where: str
    key: str
    type: str
    doc: str
    executed_by: str
    required: bool = False
    later: bool = False
    values: tuple[str, ...] = ()


TYPES = {
    "text": "kalimat",
    "name": "nama: huruf kecil, angka, garis bawah",
    "names": "satu nama atau daftar nama",
    "id": "nama dengan tanda hubung",
    "ids": "satu atau daftar nama dengan tanda hubung",
    "number": "bilangan bulat mulai 1",
    "yes-no": "true atau false",
    "word": "salah satu kata yang tersedia",
    "words": "satu atau beberapa kata yang tersedia",
    "who": "ungkapan pelaku, satu atau daftar",
    "one": "satu ungkapan pelaku",
    "duration": "lama, misalnya 3 working days",
    "within": "lama, atau isian seperti item.batas",
    "expression": "ungkapan syarat",
    "sight": "ungkapan pelaku, satu atau daftar; 'only [a, b]' membatasi pada mereka saja",
    "levels": "satu ungkapan pelaku, atau daftar tingkat",
    "need": "all, any, atau bilangan",
    "default": "isi menurut jenis isian",
    "field": "nama isian formulir, misalnya form.kepada",
    "source": "ungkapan pelaku, atau isian formulir yang sama, misalnya form.kepada",
    "mapping": "kunci dan isi",
    "list": "daftar",
}
"""Type of a value -> how the reference page describes it."""

PLACES = {
    "flow": "Alur (tingkat teratas berkas)",
    "applies_to": "Berlaku untuk: `applies_to`",
    "rule": "Aturan: `rules.<nama>`",
    "field": "Isian: `forms.<nama>.<isian>`",
    "state": "Keadaan: `states.<nama>`",
    "track": "Jalur: `tracks.<nama>`",
    "action": "Tindakan: `actions.<nama>`",
    "branch": "Cabang: butir `choose`",
    "route": "Paraf berjenjang: `route`",
    "level": "Tingkat paraf: butir `levels`",
    "sign": "Tanda tangan: `sign`",
    "prepare": "Penyiapan: `sign.prepare`",
    "reject": "Penolakan: `route.reject` dan `sign.reject`",
    "with": "Cara tanda tangan: `sign.with`",
    "unsigned_at": "Bila tidak ditandatangani: `sign.unsigned_at`",
    "fan_out": "Anak surat: `fan_out`",
    "gather": "Menunggu anak surat: `gather`",
    "deadline": "Batas: `deadline`",
    "effect": "Akibat: butir `do` dan `on_enter`",
    "pdf": "Pilihan akibat `pdf`",
    "test": "Uji: `tests.<nama>`",
    "step": "Langkah uji: butir `run`",
    "expect": "Harapan uji: `expect`",
}
"""Kind of mapping -> its heading on the reference page."""

_LOADER, _ENGINE, _CHECK = "workflow.loader", "workflow.engine", "workflow.check"
_TESTING, _EFFECTS, _FLOWS = "workflow.testing", "services.effects", "services.flows"
_NONE = "belum ada"

_ROOT = (
    Keyword("flow", "flow", "word", "Bahasa berkas ini.", _LOADER, required=True, values=(LANGUAGE,)),
    Keyword("flow", "id", "id", "Nama alur; bersama `version` menjadi pengenalnya.", _FLOWS, required=True),
    Keyword("flow", "version", "number", "Versi; dinaikkan setiap kali isi berubah.", _FLOWS, required=True),
    Keyword("flow", "title", "text", "Judul bagi manusia; bila tidak ada, `id`.", "workflow.draw"),
    Keyword("flow", "applies_to", "mapping", "Untuk surat mana alur ini dipakai.", _FLOWS, required=True),
    Keyword("flow", "calendar", "id", "Kalender kerja untuk menghitung batas.", "workflow.calendar", required=True),
    Keyword("flow", "cast", "mapping", "Nama bagi pelaku, ditentukan saat diperlukan.", "workflow.cast"),
    Keyword("flow", "rules", "mapping", "Syarat bernama beserta kalimat penolakannya.", "workflow.rules"),
    Keyword("flow", "forms", "mapping", "Isian yang ditanyakan pada tindakan.", _ENGINE),
    Keyword("flow", "states", "mapping", "Keadaan surat.", _ENGINE, required=True),
    Keyword("flow", "tracks", "mapping", "Alur anak surat, misalnya disposisi.", _ENGINE),
    Keyword("flow", "tests", "mapping", "Uji alur, dijalankan oleh `surat flow test`.", _TESTING),
    Keyword("flow", "extends", "text", "Alur dasar yang diubah.", _NONE, later=True),
    Keyword("flow", "change", "list", "Perubahan atas alur dasar.", _NONE, later=True),
    Keyword("flow", "open", "list", "Bagian yang boleh diubah perangkat daerah.", _NONE, later=True),
    Keyword("flow", "absence", "list", "Pengganti saat pejabat berhalangan.", _NONE, later=True),
    Keyword("flow", "promises", "list", "Janji yang dibuktikan sebelum terbit.", _NONE, later=True),
    Keyword("flow", "migrate", "list", "Pemindahan surat dari versi lama.", _NONE, later=True),
    Keyword("applies_to", "direction", "word", "Arah surat.", _FLOWS, required=True, values=("masuk", "keluar")),
    Keyword("applies_to", "kinds", "ids", "Jenis surat; bila tidak ada, semua jenis.", _FLOWS),
)

_GUARDS = (
    Keyword("rule", "if", "expression", "Syarat yang harus benar.", "workflow.rules", required=True),
    Keyword("rule", "says", "text", "Kalimat yang ditunjukkan bila syarat tidak benar.", _ENGINE, required=True),
    Keyword(
        "field",
        "type",
        "word",
        "Jenis isian.",
        _ENGINE,
        required=True,
        values=(
            "text",
            "date",
            "deadline",
            "yes-no",
            "choice",
            "choices",
            "position",
            "positions",
            "file",
            "files",
        ),
    ),
    Keyword("field", "title", "text", "Label; bila tidak ada, nama isian.", "web.asked_form"),
    Keyword("field", "required", "yes-no", "Harus diisi.", _ENGINE),
    Keyword("field", "of", "id", "Daftar kata untuk `choice` dan `choices`.", _ENGINE),
    Keyword("field", "from", "source", "Asal pilihan untuk `position` dan `positions`.", _ENGINE),
    Keyword("field", "default", "default", "Isi awal; berlaku juga bila isian dibiarkan kosong.", _ENGINE),
    Keyword("field", "at_most", "duration", "Batas terlama untuk `deadline`.", _ENGINE),
    Keyword(
        "field",
        "accept",
        "words",
        "Jenis berkas yang diterima.",
        _ENGINE,
        values=("pdf", "jpeg", "png"),
    ),
    Keyword("field", "read_code", "yes-no", "Kode QR di berkas dibaca menjadi `.code`.", "services.uploads"),
)

_STATES = (
    Keyword("track", "states", "mapping", "Keadaan anak surat di jalur ini.", _ENGINE, required=True),
    Keyword("state", "title", "text", "Judul; bila tidak ada, nama keadaan.", "web.views"),
    Keyword("state", "start", "yes-no", "Di sini surat atau anak surat bermula.", _ENGINE),
    Keyword("state", "final", "yes-no", "Di sini berakhir; tidak ada jalan keluar lagi.", _ENGINE),
    Keyword(
        "state",
        "outcome",
        "word",
        "Hasil keadaan akhir di sebuah jalur.",
        _ENGINE,
        values=("done", "returned", "withdrawn"),
    ),
    Keyword("state", "edit", "who", "Siapa yang boleh mengubah naskah di sini.", _ENGINE),
    Keyword("state", "see", "sight", "Siapa lagi yang boleh membaca.", _ENGINE),
    Keyword("state", "deadline", "mapping", "Batas waktu meninggalkan keadaan ini.", _ENGINE),
    Keyword("state", "on_enter", "list", "Akibat saat keadaan ini dimasuki.", _EFFECTS),
    Keyword("state", "actions", "mapping", "Apa yang dapat dilakukan di sini.", _ENGINE),
    Keyword("state", "choose", "list", "Cabang otomatis; tidak ada yang menunggu di sini.", _ENGINE),
    Keyword("state", "route", "mapping", "Paraf berjenjang.", _ENGINE),
    Keyword("state", "sign", "mapping", "Tanda tangan elektronik.", _ENGINE),
    Keyword("state", "gather", "mapping", "Menunggu anak surat selesai.", _ENGINE),
    Keyword("action", "title", "text", "Tulisan tombol; bila tidak ada, nama tindakan.", "web.views"),
    Keyword("action", "by", "who", "Siapa yang boleh melakukan.", _ENGINE, required=True),
    Keyword("action", "needs", "names", "Aturan yang harus benar.", _ENGINE),
    Keyword("action", "ask", "name", "Formulir yang ditanyakan.", _ENGINE),
    Keyword("action", "do", "list", "Akibat tindakan.", _EFFECTS),
    Keyword("action", "fan_out", "mapping", "Membuat anak surat, satu untuk tiap isi.", _ENGINE),
    Keyword("action", "to", "name", "Keadaan berikut; bila tidak ada, tetap di keadaan ini.", _ENGINE),
    Keyword("action", "stand_in", "yes-no", "Bolehkah pengganti melakukannya.", _NONE, later=True),
    Keyword("branch", "when", "name", "Aturan yang harus benar untuk cabang ini.", _ENGINE),
    Keyword("branch", "else", "yes-no", "Cabang terakhir, bila tidak ada yang lain.", _ENGINE),
    Keyword("branch", "to", "name", "Keadaan tujuan cabang ini.", _ENGINE, required=True),
)

_ROUTES = (
    Keyword("route", "act", "name", "Nama tindakan paraf.", _ENGINE, required=True),
    Keyword("route", "title", "text", "Tulisan tombol paraf; bila tidak ada, `act`.", "web.views"),
    Keyword("route", "levels", "levels", "Siapa yang memaraf, dari bawah ke atas.", _ENGINE, required=True),
    Keyword("route", "at_most", "number", "Paling banyak berapa tingkat, dihitung dari atas.", _ENGINE),
    Keyword("route", "edit", "yes-no", "Pemaraf boleh memperbaiki naskah.", _ENGINE),
    Keyword("route", "deadline", "mapping", "Batas waktu tiap tingkat; tanpa ini berlaku batas keadaan.", _ENGINE),
    Keyword(
        "route",
        "if_file_changes",
        "word",
        "Apa jadinya paraf yang sudah ada bila naskah berubah.",
        _ENGINE,
        values=("continue at changer", "restart at bottom", "keep"),
    ),
    Keyword("route", "reject", "mapping", "Tindakan mengembalikan.", _ENGINE),
    Keyword("route", "done", "name", "Keadaan setelah paraf terakhir.", _ENGINE, required=True),
    Keyword("route", "stand_in", "yes-no", "Bolehkah pengganti memaraf.", _NONE, later=True),
    Keyword("level", "who", "one", "Siapa di tingkat ini.", _ENGINE, required=True),
    Keyword("level", "need", "need", "Berapa orang di tingkat ini yang harus memaraf.", _ENGINE),
    Keyword("sign", "by", "who", "Siapa yang menandatangani.", _ENGINE, required=True),
    Keyword("sign", "act", "name", "Nama tindakan tanda tangan.", _ENGINE, required=True),
    Keyword("sign", "title", "text", "Tulisan tombol; bila tidak ada, `act`.", "web.views"),
    Keyword("sign", "prepare", "mapping", "Menyiapkan berkas yang akan ditandatangani.", _ENGINE, required=True),
    Keyword("sign", "with", "mapping", "Cara menandatangani.", _ENGINE),
    Keyword("sign", "unsigned_at", "mapping", "Nomor yang tidak jadi dipakai.", "services.unsigned"),
    Keyword("sign", "reject", "mapping", "Tindakan menolak.", _ENGINE),
    Keyword("sign", "done", "name", "Keadaan setelah tanda tangan terbukti sah.", _ENGINE, required=True),
    Keyword("sign", "stand_in", "yes-no", "Bolehkah pengganti menandatangani.", _NONE, later=True),
    Keyword("sign", "unavailable", "mapping", "Bila penyedia tanda tangan padam.", _NONE, later=True),
    Keyword("prepare", "act", "name", "Nama tindakan penyiapan.", _ENGINE, required=True),
    Keyword("prepare", "title", "text", "Tulisan tombol; bila tidak ada, `act`.", "web.views"),
    Keyword("prepare", "do", "list", "Nomor, PDF, dan pembekuan berkas.", _EFFECTS, required=True),
    Keyword("reject", "act", "name", "Nama tindakan.", _ENGINE, required=True),
    Keyword("reject", "title", "text", "Tulisan tombol; bila tidak ada, `act`.", "web.views"),
    Keyword("reject", "ask", "name", "Formulir yang ditanyakan, biasanya alasan.", _ENGINE),
    Keyword("reject", "do", "list", "Akibat tindakan.", _EFFECTS),
    Keyword("reject", "to", "name", "Keadaan tujuan.", _ENGINE, required=True),
    Keyword("with", "method", "word", "Jenis tanda tangan.", _ENGINE, values=("pades",)),
    Keyword("with", "batch", "yes-no", "Boleh ditandatangani bersama surat lain.", _NONE, later=True),
    Keyword("unsigned_at", "end_of", "word", "Kapan diperiksa.", "services.unsigned", required=True, values=("day",)),
    Keyword(
        "unsigned_at",
        "number",
        "word",
        "Nomor tetap dipesan atau dibatalkan.",
        "services.unsigned",
        required=True,
        values=("keep", "void"),
    ),
    Keyword("fan_out", "track", "name", "Jalur anak surat.", _ENGINE, required=True),
    Keyword("fan_out", "per", "field", "Isian yang tiap isinya menjadi satu anak surat.", _ENGINE, required=True),
    Keyword("gather", "track", "name", "Jalur anak surat yang ditunggu.", _ENGINE, required=True),
    Keyword(
        "gather",
        "until",
        "word",
        "Berapa anak surat yang harus berakhir.",
        _ENGINE,
        required=True,
        values=("all", "any", "most"),
    ),
    Keyword("gather", "done", "name", "Keadaan berikut bila paling sedikit satu selesai.", _ENGINE, required=True),
    Keyword("gather", "returned", "name", "Keadaan berikut bila tidak satu pun selesai.", _ENGINE, required=True),
    Keyword("deadline", "within", "within", "Lama, atau isian yang memuatnya.", _ENGINE, required=True),
    Keyword("deadline", "remind", "list", "Pengingat.", _NONE, later=True),
    Keyword("deadline", "escalate", "mapping", "Eskalasi.", _NONE, later=True),
    Keyword("deadline", "paused_while", "expression", "Jeda penghitungan.", _NONE, later=True),
)

_RESULTS = (
    Keyword("effect", "number", "id", "Memesan nomor dari deret ini, atau `void` membatalkannya.", _EFFECTS),
    Keyword("effect", "set", "mapping", "Mengisi isian surat: nama isian dan isinya.", _EFFECTS),
    Keyword("effect", "signed", "word", "Menyatakan surat bertanda tangan basah.", _EFFECTS, values=("wet",)),
    Keyword("effect", "pdf", "id", "Membuat PDF dari templat jenis suratnya; isinya `naskah`.", _EFFECTS),
    Keyword(
        "effect",
        "freeze",
        "word",
        "Membekukan berkas atau hasil pindai.",
        _EFFECTS,
        values=("file", "scan"),
    ),
    Keyword("effect", "archive", "id", "Memberkaskan beserta aturan retensinya; isinya `by-classification`.", _EFFECTS),
    Keyword("effect", "notify", "who", "Memberi tahu, setelah tersimpan.", _EFFECTS),
    Keyword(
        "effect", "send", "id", "Mengirim kepada tujuan dan tembusan, setelah tersimpan; isinya `addressees`.", _EFFECTS
    ),
    Keyword("effect", "seal", "id", "Segel elektronik.", _NONE, later=True),
    Keyword("pdf", "code", "yes-no", "Dengan kode QR cetakan.", _EFFECTS),
    Keyword("test", "letter", "mapping", "Isian surat.", _TESTING),
    Keyword("test", "org", "mapping", "Susunan jabatan kecil untuk uji ini.", _TESTING),
    Keyword("test", "run", "list", "Langkah berurutan.", _TESTING, required=True),
    Keyword("test", "include", "text", "Uji alur dasar.", _NONE, later=True),
    Keyword("step", "who", "id", "Siapa yang bertindak.", _TESTING),
    Keyword("step", "act", "name", "Tindakannya.", _TESTING),
    Keyword("step", "form", "mapping", "Isian formulirnya.", _TESTING),
    Keyword("step", "denied", "text", "Tindakan ini ditolak dengan kalimat ini.", _TESTING),
    Keyword("step", "wait", "duration", "Waktu berlalu.", _TESTING),
    Keyword("step", "expect", "mapping", "Apa yang harus berlaku sekarang.", _TESTING),
    Keyword("expect", "state", "name", "Keadaan surat.", _TESTING),
    Keyword("expect", "open", "ids", "Pemegang anak surat yang belum selesai.", _TESTING),
    Keyword("expect", "waits_for", "ids", "Surat menunggu siapa.", _TESTING),
    Keyword("expect", "notified", "ids", "Siapa yang diberi tahu oleh langkah terakhir.", _TESTING),
    Keyword(
        "expect",
        "number",
        "word",
        "Keadaan nomor.",
        _TESTING,
        values=("none", "reserved", "used", "void"),
    ),
    Keyword("expect", "signed", "word", "Cara surat ditandatangani.", _TESTING, values=("none", "pades", "wet")),
    Keyword("expect", "escalated", "ids", "Siapa yang dieskalasi.", _NONE, later=True),
)

KEYWORDS: tuple[Keyword, ...] = _ROOT + _GUARDS + _STATES + _ROUTES + _RESULTS


def at(where: str) -> dict[str, Keyword]:
    """The keywords of one kind of mapping, by key."""
    return {keyword.key: keyword for keyword in KEYWORDS if keyword.where == where}
