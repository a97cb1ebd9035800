"""The language `surat/1`: the types of values and the kinds of mappings that the table of keywords speaks of.

The table itself is `workflow.keywords`; what the expressions inside values mean is defined by `workflow.rules`
and `workflow.cast`.
"""

from __future__ import annotations

from collections.abc import Iterable

from intranet_surat.workflow.keywords import KEYWORDS, LANGUAGE, Keyword

__all__ = ["ANY", "BESIDE", "KEYWORDS", "LANGUAGE", "PLACES", "ROOT", "TYPES", "Keyword", "at", "inside"]

ROOT = "flow"
"""The place at the top of a file."""
ANY = "*"
"""Any name, in a path of ``open``."""

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
    "named": "nama, dan kunci serta isi bagi tiap nama",
    "people": "nama, dan satu ungkapan pelaku bagi tiap nama",
    "forms": "nama formulir, dan isian-isiannya",
    "tests": "nama uji, dan langkah-langkahnya",
    "values": "nama isian dan isinya",
    "any": "isi apa pun yang cocok di tempatnya",
    "list": "daftar",
    "moment": "`due`, atau misalnya `1 working day before`",
    "either": "keadaan, dipisahkan `or`",
    "moves": "nama lama dan nama baru",
    "track-moves": "jalur, dan nama lama serta nama baru",
    "base": "`id@versi`, misalnya surat-masuk@2",
    "path": "nama-nama dipisahkan titik",
    "pair": "dua keadaan, misalnya [a, b]",
}
"""Type of a value -> how the reference page describes it."""

_NAMES_FIRST = {"mapping": 0, "named": 1, "forms": 2, "tests": 1}
"""Type of a value -> how many names stand before the keys of the place that it holds."""
_FREE = frozenset({"people", "values"})
"""Types of values whose names hold no keys."""

BESIDE: dict[str, tuple[str, ...]] = {"change": ("state",), "effect": ("pdf",)}
"""Kind of mapping -> kinds whose keys may stand in it too: of the state that is inserted, of the effect."""

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
    "unavailable": "Bila penyedianya padam: `sign.unavailable`",
    "fan_out": "Anak surat: `fan_out`",
    "gather": "Menunggu anak surat: `gather`",
    "deadline": "Batas: `deadline`",
    "remind": "Pengingat: butir `remind`",
    "escalate": "Bila batas lewat: `escalate`",
    "effect": "Akibat: butir `do` dan `on_enter`",
    "pdf": "Pilihan akibat `pdf`",
    "absence": "Pejabat berhalangan: butir `absence`",
    "promise": "Janji: butir `promises`",
    "opening": "Yang terbuka: butir `open`",
    "change": "Perubahan: butir `change`",
    "move": "Pemindahan: butir `migrate`",
    "tests": "Semua uji: `tests`",
    "test": "Uji: `tests.<nama>`",
    "step": "Langkah uji: butir `run`",
    "expect": "Harapan uji: `expect`",
}
"""Kind of mapping -> its heading on the reference page."""


def at(where: str) -> dict[str, Keyword]:
    """The keywords of one kind of mapping, by key."""
    return {keyword.key: keyword for keyword in KEYWORDS if keyword.where == where}


def inside(places: Iterable[str], word: str) -> tuple[str, ...]:
    """The places one word deeper than ``places``; ``*`` as word goes everywhere.

    Under a key that holds names the place is written with a star, since a name comes before its keys: the
    value of ``states`` is the place ``state*``.
    """
    found: list[str] = []
    for place in places:
        if place.endswith(ANY):
            found.append(place.removesuffix(ANY))
            continue
        for keyword in at(place).values():
            if word in (ANY, keyword.key) and keyword.type in _NAMES_FIRST and keyword.holds:
                found.append(keyword.holds + ANY * _NAMES_FIRST[keyword.type])
            elif word in (ANY, keyword.key) and keyword.type in _FREE:
                found.append(ANY)
    return tuple(dict.fromkeys(found))
