"""How the agency's seal on a letter stands, in the words of the letter's page and of the page where it is decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.resources.attempts import Decision, SignAttempt
from intranet_surat.resources.letter import Letter
from intranet_surat.services import growth, sealing, sealing_doubts
from intranet_surat.services.house import House
from intranet_surat.services.reader import Reader

WORDS: Mapping[str, tuple[str, str]] = {
    sealing.ORDERED: ("Menunggu", ""),
    "sending": ("Sedang berjalan", "work"),
    "validating": ("Sedang berjalan", "work"),
    "done": ("Tersegel", "done"),
    "failed": ("Gagal", "bad"),
    "unknown": ("Belum pasti", "work"),
}
"""The state of an attempt as a word and as a mark."""


@dataclass(frozen=True, slots=True)
class Seal:
    """The line on the letter's page; ``decide`` tells that it waits for the reader's decision."""

    says: str
    decide: bool


def line(house: House, site: Any, letter: Letter, reader: Reader, now: datetime) -> Seal | None:
    """How the newest seal stands; None for a letter for which none was ordered."""
    found = sealing_doubts.last(letter)
    if found is None:
        return None
    waits = sealing_doubts.undecided(letter) is not None
    decide = waits and sealing_doubts.may(house, site, letter, reader, now)
    says = _says(found) if growth.counts(letter, found.key) else "tidak dipakai; berkasnya sudah diganti."
    return Seal(f"Segel elektronik instansi: {says}", decide)


def _says(found: SignAttempt) -> str:
    if found.decision == Decision.LEFT:
        return "diputuskan tanpa segel."
    if found.decision == Decision.GIVEN_UP:
        return found.sentence
    plain = {
        "done": "sudah dibubuhkan.",
        "failed": "gagal.",
        "unknown": "hasilnya belum pasti; tidak diulang sebelum diperiksa.",
    }
    return plain.get(found.state, f"menunggu. {found.sentence}".rstrip())
