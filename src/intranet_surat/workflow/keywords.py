"""The one table of keywords of `surat/1`, place by place; what the types and places are is said in `workflow.language`.

It drives the loader, the JSON Schema, the reference page and the tests that each keyword is run.
"""

from __future__ import annotations

from dataclasses import dataclass

from intranet_surat.workflow.model_words import PADES, SEAL, WET

LANGUAGE = "surat/1"


@dataclass(frozen=True, slots=True)
class Keyword:
    """One key of the language.

    ``where`` is the kind of mapping it stands in (a key of `PLACES`), ``type`` a key of `TYPES`.
    ``executed_by`` is the module that acts on it, ``values`` are the words of a closed list, ``holds`` is the
    kind of mapping inside the value: of the value itself, of each of its names, or of each item of its list.
    """

    where: str
    key: str
    type: str
    doc: str
    executed_by: str
    required: bool = False
    values: tuple[str, ...] = ()
    holds: str = ""


_LOADER, _ENGINE, _DEEDS, _CHART = "workflow.loader", "workflow.engine", "workflow.deeds", "workflow.chart"
_OVERLAY, _PASSAGE, _INITIALS = "workflow.overlay", "workflow.passage", "workflow.initials"
_SIGHT, _ANSWERS, _JUDGING = "workflow.sight", "workflow.answers", "workflow.judging"
_LIMITS, _TIMERS, _STANDING = "workflow.limits", "workflow.timers", "workflow.standing"
_PROMISES, _PLIMITS, _UNSIGNED = "workflow.promises", "workflow.promises_limits", "services.unsigned"
_EXTENDING, _TESTING, _MOVING = "workflow.extending", "workflow.testing", "workflow.moving"
_FLOWS, _EFFECTS, _SETTING = "services.flows", "services.effects", "services.itemview"
_CARRYING, _ABSENCES = "services.carrying_out", "services.absences"
_MIGRATING, _BATCH, _AWAY = "services.migrating", "services.signing_batch", "services.breaker"

_ORG = (
    "Susunan jabatan kecil: author, superiors, staff, nama pelaku; yang berhalangan dan wakilnya: absent, vacant, "
    "plh, plt, substitute, order, scope, an, ub, closed."
)

_ROOT = (
    Keyword("flow", "flow", "word", "Bahasa berkas ini.", _LOADER, required=True, values=(LANGUAGE,)),
    Keyword("flow", "id", "id", "Nama alur; bersama `version` menjadi pengenalnya.", _FLOWS, required=True),
    Keyword("flow", "version", "number", "Versi; dinaikkan setiap kali isi berubah.", _FLOWS, required=True),
    Keyword("flow", "title", "text", "Judul bagi manusia; bila tidak ada, `id`.", "workflow.draw"),
    Keyword("flow", "applies_to", "mapping", "Untuk surat mana alur ini.", _FLOWS, required=True, holds="applies_to"),
    Keyword("flow", "calendar", "id", "Kalender kerja untuk menghitung batas.", _SETTING, required=True),
    Keyword("flow", "cast", "people", "Nama bagi pelaku, ditentukan saat diperlukan.", "workflow.cast"),
    Keyword("flow", "rules", "named", "Syarat bernama beserta kalimat penolakannya.", _JUDGING, holds="rule"),
    Keyword("flow", "forms", "forms", "Isian yang ditanyakan pada tindakan.", _DEEDS, holds="field"),
    Keyword("flow", "states", "named", "Keadaan surat.", _OVERLAY, required=True, holds="state"),
    Keyword("flow", "tracks", "named", "Alur anak surat, misalnya disposisi.", _OVERLAY, holds="track"),
    Keyword("flow", "tests", "tests", "Uji alur, dijalankan oleh `surat flow test`.", _TESTING, holds="test"),
    Keyword("flow", "absence", "list", "Pengganti pejabat yang berhalangan, berurutan.", _STANDING, holds="absence"),
    Keyword("flow", "promises", "list", "Janji yang dibuktikan sebelum terbit.", _PROMISES, holds="promise"),
    Keyword("flow", "extends", "base", "Alur dasar yang diubah: `id@versi`.", _EXTENDING),
    Keyword("flow", "change", "list", "Perubahan atas alur dasar, menurut urutan.", _EXTENDING, holds="change"),
    Keyword("flow", "open", "list", "Yang boleh diubah kantor; selebihnya terkunci.", _EXTENDING, holds="opening"),
    Keyword("flow", "migrate", "list", "Pemindahan surat dari versi lama.", _MIGRATING, holds="move"),
    Keyword("applies_to", "direction", "word", "Arah surat.", _FLOWS, required=True, values=("masuk", "keluar")),
    Keyword("applies_to", "kinds", "ids", "Jenis surat; bila tidak ada, semua jenis.", _FLOWS),
)

_GUARDS = (
    Keyword("rule", "if", "expression", "Syarat yang harus benar.", _JUDGING, required=True),
    Keyword("rule", "says", "text", "Kalimat yang ditunjukkan bila syarat tidak benar.", _ENGINE, required=True),
    Keyword(
        "field",
        "type",
        "word",
        "Jenis isian.",
        _ANSWERS,
        required=True,
        values=("text", "date", "deadline", "yes-no", "choice", "choices", "position", "positions", "file", "files"),
    ),
    Keyword("field", "title", "text", "Label; bila tidak ada, nama isian.", "web.asked_form"),
    Keyword("field", "required", "yes-no", "Harus diisi.", _ANSWERS),
    Keyword("field", "of", "id", "Daftar kata untuk `choice` dan `choices`.", _ANSWERS),
    Keyword("field", "from", "source", "Asal pilihan untuk `position` dan `positions`.", _ANSWERS),
    Keyword("field", "default", "default", "Isi awal; berlaku juga bila isian dibiarkan kosong.", _ANSWERS),
    Keyword("field", "at_most", "duration", "Batas terlama untuk `deadline`.", _ANSWERS),
    Keyword("field", "accept", "words", "Jenis berkas yang diterima.", _ANSWERS, values=("pdf", "jpeg", "png")),
    Keyword("field", "read_code", "yes-no", "Kode QR di berkas dibaca menjadi `.code`.", "web.views"),
)

_STATES = (
    Keyword("track", "states", "named", "Keadaan anak surat di jalur ini.", _OVERLAY, required=True, holds="state"),
    Keyword("state", "title", "text", "Judul; bila tidak ada, nama keadaan.", "web.views"),
    Keyword("state", "start", "yes-no", "Di sini surat atau anak surat bermula.", _OVERLAY),
    Keyword("state", "final", "yes-no", "Di sini berakhir; tidak ada jalan keluar lagi.", _PASSAGE),
    Keyword(
        "state",
        "outcome",
        "word",
        "Hasil keadaan akhir di sebuah jalur.",
        _PASSAGE,
        values=("done", "returned", "withdrawn"),
    ),
    Keyword("state", "edit", "who", "Siapa yang boleh mengubah naskah di sini.", _SIGHT),
    Keyword("state", "see", "sight", "Siapa lagi yang boleh membaca.", _SIGHT),
    Keyword("state", "deadline", "mapping", "Batas waktu meninggalkan keadaan ini.", _ENGINE, holds="deadline"),
    Keyword("state", "on_enter", "list", "Akibat saat keadaan ini dimasuki.", _PASSAGE, holds="effect"),
    Keyword("state", "actions", "named", "Apa yang dapat dilakukan di sini.", "workflow.chart", holds="action"),
    Keyword("state", "choose", "list", "Cabang otomatis; tidak ada yang menunggu di sini.", _PASSAGE, holds="branch"),
    Keyword("state", "route", "mapping", "Paraf berjenjang.", _ENGINE, holds="route"),
    Keyword("state", "sign", "mapping", "Tanda tangan elektronik.", _DEEDS, holds="sign"),
    Keyword("state", "gather", "mapping", "Menunggu anak surat selesai.", _PASSAGE, holds="gather"),
    Keyword("action", "title", "text", "Tulisan tombol; bila tidak ada, nama tindakan.", "web.views"),
    Keyword("action", "by", "who", "Siapa yang boleh melakukan.", _DEEDS, required=True),
    Keyword("action", "needs", "names", "Aturan yang harus benar.", "workflow.explain"),
    Keyword("action", "ask", "name", "Formulir yang ditanyakan.", _DEEDS),
    Keyword("action", "do", "list", "Akibat tindakan.", _ENGINE, holds="effect"),
    Keyword("action", "fan_out", "mapping", "Membuat anak surat, satu untuk tiap isi.", _ENGINE, holds="fan_out"),
    Keyword("action", "to", "name", "Keadaan berikut; bila tidak ada, tetap di keadaan ini.", _PASSAGE),
    Keyword("action", "stand_in", "yes-no", "Bolehkah penjabat melakukannya; bila tidak ada, boleh.", _STANDING),
    Keyword("action", "entered_by", "who", "Siapa yang boleh memasukkannya dari kertas, atas nama pelakunya.", _DEEDS),
    Keyword("branch", "when", "name", "Aturan yang harus benar untuk cabang ini.", _PASSAGE),
    Keyword("branch", "else", "yes-no", "Cabang terakhir, bila tidak ada yang lain.", _PASSAGE),
    Keyword("branch", "to", "name", "Keadaan tujuan cabang ini.", _PASSAGE, required=True),
)

_ROUTES = (
    Keyword("route", "act", "name", "Nama tindakan paraf.", _CHART, required=True),
    Keyword("route", "title", "text", "Tulisan tombol paraf; bila tidak ada, `act`.", "web.views"),
    Keyword("route", "levels", "levels", "Pemaraf, dari bawah ke atas.", _INITIALS, required=True, holds="level"),
    Keyword("route", "at_most", "number", "Paling banyak berapa tingkat, dihitung dari atas.", _INITIALS),
    Keyword("route", "edit", "yes-no", "Pemaraf boleh memperbaiki naskah.", _SIGHT),
    Keyword(
        "route",
        "deadline",
        "mapping",
        "Batas tiap tingkat; tanpa ini berlaku batas keadaan.",
        _ENGINE,
        holds="deadline",
    ),
    Keyword(
        "route",
        "if_file_changes",
        "word",
        "Apa jadinya paraf yang sudah ada bila naskah berubah.",
        _INITIALS,
        values=("continue at changer", "restart at bottom", "keep"),
    ),
    Keyword("route", "reject", "mapping", "Tindakan mengembalikan.", _CHART, holds="reject"),
    Keyword("route", "done", "name", "Keadaan setelah paraf terakhir.", _PASSAGE, required=True),
    Keyword("route", "stand_in", "yes-no", "Bolehkah penjabat memaraf; bila tidak ada, tidak.", _STANDING),
    Keyword("level", "who", "one", "Siapa di tingkat ini.", _INITIALS, required=True),
    Keyword("level", "need", "need", "Berapa orang di tingkat ini yang harus memaraf.", _INITIALS),
    Keyword("sign", "by", "who", "Siapa yang menandatangani.", _DEEDS, required=True),
    Keyword(
        "sign",
        "in_turn",
        "yes-no",
        "Semua yang disebut `by` menandatangani berkas yang sama, bergiliran menurut urutannya.",
        _CHART,
    ),
    Keyword("sign", "act", "name", "Nama tindakan tanda tangan.", _CHART, required=True),
    Keyword("sign", "title", "text", "Tulisan tombol; bila tidak ada, `act`.", "web.views"),
    Keyword("sign", "prepare", "mapping", "Menyiapkan berkasnya.", _CHART, required=True, holds="prepare"),
    Keyword("sign", "with", "mapping", "Cara menandatangani.", _CARRYING, holds="with"),
    Keyword("sign", "unsigned_at", "mapping", "Nomor yang tidak terpakai.", _UNSIGNED, holds="unsigned_at"),
    Keyword("sign", "reject", "mapping", "Tindakan menolak.", _CHART, holds="reject"),
    Keyword("sign", "done", "name", "Keadaan setelah tanda tangan terbukti sah.", _CHART, required=True),
    Keyword("sign", "stand_in", "yes-no", "Bolehkah penjabat menandatangani; bila tidak ada, tidak.", _STANDING),
    Keyword("sign", "unavailable", "mapping", "Bila penyedia tanda tangan padam.", _AWAY, holds="unavailable"),
    Keyword("prepare", "act", "name", "Nama tindakan penyiapan.", _CHART, required=True),
    Keyword("prepare", "title", "text", "Tulisan tombol; bila tidak ada, `act`.", "web.views"),
    Keyword("prepare", "do", "list", "Nomor, PDF, dan pembekuan berkas.", _ENGINE, required=True, holds="effect"),
    Keyword("reject", "act", "name", "Nama tindakan.", _CHART, required=True),
    Keyword("reject", "title", "text", "Tulisan tombol; bila tidak ada, `act`.", "web.views"),
    Keyword("reject", "ask", "name", "Formulir yang ditanyakan, biasanya alasan.", _DEEDS),
    Keyword("reject", "do", "list", "Akibat tindakan.", _ENGINE, holds="effect"),
    Keyword("reject", "to", "name", "Keadaan tujuan.", _PASSAGE, required=True),
    Keyword("with", "method", "word", "Tanda tangan pejabat atau segel instansi.", _CARRYING, values=(PADES, SEAL)),
    Keyword(
        "with",
        "batch",
        "yes-no",
        "Boleh bersama surat lain: ditandatangani dengan satu frasa sandi, disegel tanpa frasa sandi.",
        _BATCH,
    ),
    Keyword("unsigned_at", "end_of", "word", "Kapan diperiksa.", _UNSIGNED, required=True, values=("day",)),
    Keyword(
        "unsigned_at",
        "number",
        "word",
        "Nomor tetap dipesan atau dibatalkan.",
        _UNSIGNED,
        required=True,
        values=("keep", "void"),
    ),
    Keyword("unavailable", "notify", "who", "Siapa yang diberi tahu.", _AWAY, required=True),
    Keyword("unavailable", "after", "duration", "Setelah berapa lama surat menunggu karenanya.", _AWAY, required=True),
    Keyword("fan_out", "track", "name", "Jalur anak surat.", _ENGINE, required=True),
    Keyword("fan_out", "per", "field", "Isian yang tiap isinya menjadi satu anak surat.", _ENGINE, required=True),
    Keyword("gather", "track", "name", "Jalur anak surat yang ditunggu.", _PASSAGE, required=True),
    Keyword(
        "gather",
        "until",
        "word",
        "Berapa anak surat yang harus berakhir.",
        _PASSAGE,
        required=True,
        values=("all", "any", "most"),
    ),
    Keyword("gather", "done", "name", "Keadaan berikut bila paling sedikit satu selesai.", _PASSAGE, required=True),
    Keyword("gather", "returned", "name", "Keadaan berikut bila tidak satu pun selesai.", _PASSAGE, required=True),
    Keyword("deadline", "within", "within", "Lama, atau isian yang memuatnya.", _LIMITS, required=True),
    Keyword("deadline", "remind", "list", "Pengingat sebelum atau pada batas.", _TIMERS, holds="remind"),
    Keyword("deadline", "escalate", "mapping", "Apa yang terjadi bila batas lewat.", _TIMERS, holds="escalate"),
    Keyword("deadline", "paused_while", "expression", "Selama ini benar, waktu tidak berjalan.", _LIMITS),
    Keyword("remind", "who", "who", "Siapa yang diingatkan; `level`: yang mendapat giliran.", _TIMERS, required=True),
    Keyword("remind", "at", "moment", "Kapan: pada batas, atau sekian sebelumnya.", _TIMERS, required=True),
    Keyword("escalate", "after", "duration", "Berapa lama sesudah batas.", _TIMERS, required=True),
    Keyword("escalate", "to", "who", "Kepada siapa; `level`: yang mendapat giliran.", _TIMERS, required=True),
    Keyword(
        "escalate",
        "do",
        "word",
        "Diberi tahu, atau menerima tugasnya; bila tidak ada, `notify`.",
        _TIMERS,
        values=("notify", "reassign"),
    ),
)

_RESULTS = (
    Keyword("effect", "number", "id", "Memesan nomor dari deret ini; `void` membatalkan yang masih dipesan.", _EFFECTS),
    Keyword("effect", "set", "values", "Mengisi isian surat: nama isian dan isinya.", _EFFECTS),
    Keyword("effect", "signed", "word", "Menyatakan surat bertanda tangan basah.", _EFFECTS, values=(WET,)),
    Keyword("effect", "pdf", "id", "Membuat PDF dari templat jenis suratnya; isinya `naskah`.", _EFFECTS),
    Keyword("effect", "freeze", "word", "Membekukan berkas atau hasil pindai.", _EFFECTS, values=("file", "scan")),
    Keyword("effect", "archive", "id", "Memberkaskan beserta aturan retensinya; isinya `by-classification`.", _EFFECTS),
    Keyword("effect", "notify", "who", "Memberi tahu, setelah tersimpan.", _EFFECTS),
    Keyword(
        "effect", "send", "id", "Mengirim kepada tujuan dan tembusan, setelah tersimpan; isinya `addressees`.", _EFFECTS
    ),
    Keyword(
        "effect",
        "seal",
        "word",
        "Segel elektronik pada berkas yang ditandatangani, atau dibekukan.",
        _EFFECTS,
        values=("instansi",),
    ),
    Keyword("pdf", "code", "yes-no", "Dengan kode QR cetakan.", _EFFECTS),
    Keyword("test", "letter", "values", "Isian surat.", _TESTING),
    Keyword("test", "org", "values", _ORG, _TESTING),
    Keyword("test", "run", "list", "Langkah berurutan.", _TESTING, required=True, holds="step"),
    Keyword("test", "through", "names", "Keadaan yang dilewati dengan tindakan pertamanya.", _TESTING),
    Keyword("step", "who", "id", "Siapa yang bertindak.", _TESTING),
    Keyword("step", "act", "name", "Tindakannya.", _TESTING),
    Keyword("step", "form", "values", "Isian formulirnya.", _TESTING),
    Keyword("step", "denied", "text", "Tindakan ini ditolak dengan kalimat ini.", _TESTING),
    Keyword("step", "wait", "duration", "Waktu berlalu.", _TESTING),
    Keyword("step", "read", "id", "Pemegang ini membuka anak suratnya.", _TESTING),
    Keyword(
        "step",
        "provider",
        "word",
        "Penyedia tanda tangan padam, atau menjawab lagi.",
        _TESTING,
        values=("away", "back"),
    ),
    Keyword("step", "expect", "mapping", "Apa yang harus berlaku sekarang.", _TESTING, holds="expect"),
    Keyword("expect", "state", "name", "Keadaan surat.", _TESTING),
    Keyword("expect", "open", "ids", "Pemegang anak surat yang belum selesai.", _TESTING),
    Keyword("expect", "waits_for", "ids", "Surat menunggu siapa.", _TESTING),
    Keyword("expect", "notified", "ids", "Siapa yang diberi tahu oleh langkah terakhir.", _TESTING),
    Keyword("expect", "number", "word", "Keadaan nomor.", _TESTING, values=("none", "reserved", "used", "void")),
    Keyword("expect", "signed", "word", "Cara surat disahkan.", _TESTING, values=("none", PADES, SEAL, WET)),
    Keyword("expect", "escalated", "ids", "Pemegang tugas yang batasnya dieskalasi.", _TESTING),
)

_OFFICES = (
    Keyword("change", "set", "path", "Nilai yang diganti, misalnya `states.dicatat.deadline.within`.", _EXTENDING),
    Keyword("change", "to", "any", "Isi barunya.", _EXTENDING),
    Keyword("change", "remove", "path", "Yang dihapus.", _EXTENDING),
    Keyword(
        "change", "insert_between", "pair", "Dua keadaan; semua jalan di antaranya lewat keadaan baru.", _EXTENDING
    ),
    Keyword("change", "state", "name", "Nama keadaan baru; kunci keadaannya ditulis di sampingnya.", _EXTENDING),
    Keyword("opening", "path", "path", "Yang boleh diubah beserta isinya; `*` berarti nama apa pun.", _EXTENDING),
    Keyword(
        "opening",
        "change",
        "word",
        "Bebas, hanya menyempit, atau hanya memendek.",
        _EXTENDING,
        values=("free", "narrower", "shorter"),
    ),
    Keyword("opening", "insert_between", "pair", "Dua keadaan yang boleh disisipi.", _EXTENDING),
    Keyword(
        "absence",
        "stand_in",
        "word",
        "Jenis pengganti.",
        _STANDING,
        required=True,
        values=("plh", "plt", "substitute", "none"),
    ),
    Keyword("absence", "needs_order", "yes-no", "Hanya dengan surat perintah bernomor.", _STANDING),
    Keyword("absence", "notify", "who", "Siapa yang diberi tahu bila tidak ada pengganti.", _ABSENCES),
    Keyword("promise", "never", "expression", "Yang tidak boleh benar di mana pun.", _PROMISES),
    Keyword(
        "promise",
        "always_possible",
        "either",
        "Keadaan surat yang salah satunya selalu masih dapat dicapai.",
        _PROMISES,
    ),
    Keyword(
        "promise", "within", "duration", "Paling lama sejak awal, bila semua menepati batas, sampai di `to`.", _PLIMITS
    ),
    Keyword("promise", "to", "names", "Keadaan surat yang dicapai dalam `within`.", _PROMISES),
    Keyword("promise", "says", "text", "Kalimat bila janji tidak ditepati.", _PROMISES),
    Keyword("move", "from", "number", "Versi lama.", _MOVING, required=True),
    Keyword("move", "states", "moves", "Keadaan lama dan barunya; yang tidak disebut tetap.", _MOVING),
    Keyword("move", "tracks", "track-moves", "Demikian pula keadaan di tiap jalur.", _MOVING),
    Keyword("move", "restart", "names", "Keadaan baru yang dimulai dari awal.", _MOVING),
    Keyword("tests", "include", "word", "Uji alur dasar dijalankan juga.", _EXTENDING, values=("base",)),
)

KEYWORDS: tuple[Keyword, ...] = _ROOT + _GUARDS + _STATES + _ROUTES + _RESULTS + _OFFICES
