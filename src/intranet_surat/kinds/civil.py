"""Civil numbers: NIP of officials and NIK of residents. What is impossible is refused, what is odd is told."""

from __future__ import annotations

import re
from datetime import date

_NIP = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{4})(\d{2})([12])(\d{3})")
_NIK = re.compile(r"(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})(\d{4})")


def nip(text: str) -> str:
    """The 18 digits of a NIP typed with or without blanks; raises ValueError with the Indonesian sentence."""
    digits = re.sub(r"[\s.\-]", "", text)
    if not digits.isascii() or not digits.isdigit() or len(digits) != 18:
        raise ValueError(f"NIP harus 18 angka, ada {sum(each.isdigit() for each in digits)}. Periksa angkanya.")
    found = _NIP.fullmatch(digits)
    if found is None:
        raise ValueError("Angka ke-15 NIP harus 1 (laki-laki) atau 2 (perempuan). Periksa angkanya.")
    try:
        date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise ValueError("Delapan angka pertama NIP bukan tanggal lahir. Periksa angkanya.") from None
    if found[5] != "21" and not 1 <= int(found[5]) <= 12:  # PPPK carry 21 in place of the month
        raise ValueError("Angka ke-13 dan ke-14 NIP bukan bulan pengangkatan. Periksa angkanya.")
    return digits


def nip_warning(digits: str) -> str | None:
    """What is odd about a NIP that `nip` accepts, or None."""
    born, appointed = int(digits[:4]), int(digits[8:12])
    if not 16 <= appointed - born <= 65:
        return f"Menurut NIP ini, orangnya diangkat pada umur {appointed - born} tahun."
    if digits[15:] == "000":
        return "Nomor urut NIP ini 000, padahal dimulai dari 001."
    return None


def show_nip(digits: str) -> str:
    """19680411 199303 1 009."""
    if len(digits) != 18:
        return digits
    return f"{digits[:8]} {digits[8:14]} {digits[14]} {digits[15:]}"


def nik(text: str) -> str:
    """The 16 digits of a NIK; raises ValueError with the Indonesian sentence (and never repeats the number)."""
    digits = re.sub(r"[\s.\-]", "", text)
    if not digits.isascii() or not digits.isdigit() or len(digits) != 16:
        raise ValueError(f"NIK harus 16 angka, ada {sum(each.isdigit() for each in digits)}. Periksa pada KTP atau KK.")
    if digits[12:] == "0000":
        raise ValueError("Empat angka terakhir NIK tidak pernah 0000. Periksa pada KTP atau KK.")
    return digits


def nik_warnings(digits: str, *, born: date | None = None, sex: str = "") -> list[str]:
    """What does not fit between a NIK and the other data; real data has errors, so nothing is refused."""
    found = _NIK.fullmatch(digits)
    if found is None:
        return []
    day, month, year = int(found[4]), int(found[5]), int(found[6])
    says: list[str] = []
    if sex and (day > 40) != (sex == "P"):
        says.append("Jenis kelamin tidak cocok dengan NIK.")
    if born is not None and (day % 40, month, year) != (born.day, born.month, born.year % 100):
        says.append("Tanggal lahir tidak cocok dengan NIK.")
    elif born is None and not (1 <= day % 40 <= 31 and 1 <= month <= 12):
        says.append("NIK ini tidak memuat tanggal lahir yang mungkin.")
    return says
