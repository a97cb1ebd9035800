"""Invented names and staff numbers: two lists of common words, combined by rule. No real person is meant."""

from __future__ import annotations

import hashlib
from base64 import b32encode
from dataclasses import dataclass

# Word lists and not registers of people: any likeness with a living person is chance.
_MEN = (
    "Ahmad Bagas Cahya Damar Eko Fajar Galih Hadi Indra Jaka Krisna Lukman Mulya Nanda Oka Panji "
    "Rangga Satria Tirta Wira Yoga Zaki Bayu Dimas Gilang"
)
_WOMEN = (
    "Ayu Bunga Citra Dewi Elok Fitri Gita Hana Intan Jelita Kirana Laras Melati Nirmala Puspa "
    "Ratih Sekar Tiara Utari Wulan Yuni Zahra Anggun Dahlia Kemuning"
)
_LAST = (
    "Adiwangsa Bratasena Cakrawana Danurweda Gandasari Hargawana Jatikusuma Kertabumi Lestariaji "
    "Mandalagiri Nagarawangi Padmawijaya Rawaseta Sagaramukti Tanuwangsa Wanaraja Banyuasri Girilaya "
    "Kalpataru Purnamasidi Ranuwijen Sumberwaras Wiraloka"
)

_RANKS = {
    5: "Pembina Utama Madya, IV/d",
    4: "Pembina Utama Muda, IV/c",
    3: "Pembina, IV/a",
    2: "Penata Tingkat I, III/d",
    1: "Penata Muda, III/a",
}


@dataclass(frozen=True, slots=True)
class Invented:
    """A person that does not exist."""

    id: str
    name: str
    nip: str
    rank: str


def fixed_id(kind: str, name: str) -> str:
    """An id of 16 characters that is the same in every demo."""
    return b32encode(hashlib.sha256(f"{kind}:{name}".encode()).digest()[:10]).decode().lower()


def invent(login: str, order: int, grade: int, *, official: bool = True) -> Invented:
    """The person behind a log-in; ``order`` makes the name unlike the others, not ``official`` has no NIP."""
    woman = order % 2 == 1
    firsts = (_WOMEN if woman else _MEN).split()
    lasts = _LAST.split()
    half = order // 2
    first = firsts[half % len(firsts)]
    last = lasts[(half + 7 * (half // len(firsts)) + (5 if woman else 0)) % len(lasts)]
    nip = staff_number(order, grade, woman=woman) if official else ""
    return Invented(fixed_id("person", login), f"{first} {last}", nip, _RANKS[grade] if official else "")


def staff_number(order: int, grade: int, *, woman: bool) -> str:
    """Eighteen digits: birth, first appointment, sex, serial. Appointed at 24 to 27; older at higher grades."""
    born = 1993 - 5 * grade + order % 4
    month, day = order % 12 + 1, order * 7 % 28 + 1
    appointed = born + 24 + order % 4
    birth, appointment = f"{born:04d}{month:02d}{day:02d}", f"{appointed:04d}{order * 5 % 12 + 1:02d}"
    return f"{birth}{appointment}{2 if woman else 1}{order % 999 + 1:03d}"
