"""Letters for the desk where paper is signed and scanned: real renditions by seed, and the same with one digit changed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace

import pypdfium2
from letter_facts import facts

from intranet_surat.kinds import body
from intranet_surat.kinds.registry import by_id
from intranet_surat.services import rendering
from intranet_surat.services.rendering_facts import PrintedAddressee, display, signing_block

NOW = datetime(2026, 11, 20, 2, 42, tzinfo=UTC)
HOUSE = SimpleNamespace(renderers={})
LISTS = {"classification": {}, "positions": {}, "offices": {}, "villages": {}}
KINDS = ("surat-dinas", "surat-dinas", "nota-dinas", "undangan", "surat-perintah-tugas", "surat-keterangan")
SPECIAL = {
    "undangan": {"event_date": "2026-11-24", "event_date_until": "2026-11-25", "event_time": "09.00 WIB", "event_place": "Aula", "event": "Rapat koordinasi"},
    "surat-perintah-tugas": {
        "basis": [{"text": "Peraturan Bupati Contoh Nomor 12 Tahun 2025."}],
        "assignees": [{"name": "Petugas Satu", "nip": "196804111993031009", "rank": "", "position": "Staf"}],
        "task_place": "Kragilan", "date_from": "2026-11-23", "date_until": "2026-11-25", "cost_source": "DPA 2026",
    },
    "surat-keterangan": {"person_name": "Yang Diterangkan", "person_nip": "196804111993031009", "purpose": "kredit"},
}  # fmt: skip
PROSE = (
    "dalam rangka penanganan darurat tanggul sungai bersama ini kami mohon persetujuan pergeseran anggaran pada kegiatan "
    "pemeliharaan berkala jalan kabupaten rincian sebagaimana terlampir tidak mengubah pagu dan sudah dibahas dengan badan "
    "perencanaan pembangunan daerah untuk segera ditindaklanjuti oleh perangkat daerah terkait sesuai peraturan yang berlaku "
    "laporan pelaksanaan disampaikan paling lambat setiap bulan kepada bupati melalui sekretaris daerah"
)
WORDS = PROSE.split()
OFFICES = ("Dinas Kesehatan", "Dinas Pendidikan", "Camat Kragilan", "Badan Pengelolaan Keuangan", "Inspektorat")


@dataclass(frozen=True)
class Paper:
    """A letter as printed, and (for a forger) the same print with one digit changed: on which page."""

    pdf: bytes
    changed: bytes
    page: int


def paper(seed: int, *, long: bool | None = None, change: bool = True) -> Paper:
    """The letter of a seed; it has one to four pages. Without ``change`` nobody looks for a digit to change."""
    pick = random.Random(seed)
    kind = pick.choice(KINDS)
    text = _text(pick, pick.choice((0, 0, 0, 1, 2)) if long is None else 3 if long else 1)
    kept = {
        "method": "wet",
        "number": "",
        "date": None,
        "print_code": f"{pick.getrandbits(64):016X}",
        "test_mark": pick.random() < 0.3,
        "subject": " ".join(pick.choices(WORDS, k=5)).capitalize(),
        "addressees": tuple(PrintedAddressee(each, "Serang") for each in pick.sample(OFFICES, pick.choice((1, 1, 2)))),
        "fields": display(by_id()[kind], SPECIAL.get(kind, {}), LISTS),
    }
    nip = "196804111993031009"
    near = pick.random() < 0.12
    whole = _render(kind, text, nip, kept)
    if not change:
        return Paper(whole, whole, 0)
    for turn in range(80):
        other_text, other_nip = (text, _changed(pick, nip)) if near and turn < 20 else (_changed(pick, text), nip)
        changed = _render(kind, other_text, other_nip, kept)
        page = _one_digit(whole, changed)
        if page:
            return Paper(whole, changed, page)
    raise AssertionError(f"no digit of letter {seed} could be changed")


def _render(kind: str, text: str, nip: str, kept: dict) -> bytes:
    signs = signing_block(
        form="own", position="Kepala Dinas Pekerjaan Umum", code="kepala", name="Contoh Sarjana, M.T.",
        rank="Pembina, IV/a", nip=nip,
    )  # fmt: skip
    blocks = tuple(body.parse(text)["blocks"])
    return rendering.pdf(HOUSE, facts(kind, blocks=blocks, signatory=signs, **kept), NOW)


def _sentence(pick: random.Random) -> str:
    found = pick.choices(WORDS, k=pick.randint(9, 22))
    for _ in range(pick.randint(0, 2)):
        found.insert(pick.randint(1, len(found)), _number(pick))
    return " ".join(found).capitalize() + "."


def _number(pick: random.Random) -> str:
    return pick.choice(
        (
            f"Rp {pick.randint(1, 999)}.{pick.randint(0, 999):03}.000,00",
            f"{pick.randint(1, 28)} November 20{pick.randint(20, 29)}",
            f"{pick.randint(2, 99)} unit",
            f"{pick.randint(1, 90)},{pick.randint(0, 9)} persen",
            f"Nomor {pick.randint(1, 300)} Tahun 20{pick.randint(10, 26)}",
        )
    )


def _text(pick: random.Random, length: int) -> str:
    parts = [" ".join(_sentence(pick) for _ in range(3))]
    for _ in range(length):
        parts.append(" ".join(_sentence(pick) for _ in range(pick.randint(3, 6))))
        parts.append("\n".join(f"{at}. {_sentence(pick)}" for at in range(1, pick.randint(3, 6))))
        rows = "\n".join(
            f"| {pick.choice(WORDS).capitalize()} {pick.choice(WORDS)} | {pick.randint(2, 999)} | {_number(pick)} |"
            for _ in range(pick.randint(2, 12))
        )
        parts.append(f"| Uraian | Jumlah | Keterangan |\n{rows}")
    return "\n\n".join([*parts, f"Nilai seluruhnya {_number(pick)} dan {_number(pick)}."])


def _changed(pick: random.Random, text: str) -> str:
    places = [at for at, sign in enumerate(text) if sign.isdigit() and text[at + 1 : at + 3] != ". "]
    at = pick.choice(places)
    other = pick.choice([each for each in "0123456789" if each != text[at]])
    return text[:at] + other + text[at + 1 :]


def _one_digit(first: bytes, second: bytes) -> int:
    """The page on which exactly one sign differs and nothing has moved; 0 when it is otherwise."""
    one, two = pypdfium2.PdfDocument(first), pypdfium2.PdfDocument(second)
    if len(one) != len(two):
        return 0
    found = 0
    for number in range(len(one)):
        texts = [each[number].get_textpage() for each in (one, two)]
        words = [each.get_text_bounded() for each in texts]
        differ = sum(a != b for a, b in zip(*words, strict=False)) if len(words[0]) == len(words[1]) else 99
        if differ > 1 or (differ and found):
            return 0
        if differ:
            found = number + 1
    return found
