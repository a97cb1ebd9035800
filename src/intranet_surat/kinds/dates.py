"""Dates and times as officials type them, and as letters print them. Knows no field and no clock."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

MONTHS = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_SHORT = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
_SHORT.update({"aug": 8, "ags": 8, "agt": 8, "oct": 10, "nop": 11, "dec": 12, "may": 5, "peb": 2, "pebruari"[:3]: 2})
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_FIGURES = re.compile(r"(\d{1,2})[/.\-\s](\d{1,2})(?:[/.\-\s](\d{4}|\d{2}))?")
_WORDS = re.compile(r"(?:[a-z]+,?\s+)?(\d{1,2})[\s.\-/]*([a-z]{3,9})\.?(?:[\s.\-/,]*(\d{4}|\d{2}))?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,2})[.:](\d{2})(?:[.:]\d{2})?(?:\s*(?:wib|wita|wit))?", re.IGNORECASE)

EARLIEST = date(1900, 1, 1)
LATEST = date(2200, 1, 1)
HOW = "Tulis hari/bulan/tahun, misalnya 21/11/2026 atau 21 November 2026."
HOW_INSTANT = "Tulis tanggal dan jam, misalnya 21/11/2026 09.42."


def parse_date(text: str, *, today: date | None = None) -> date:
    """Read 21/11/2026, 21-11-26, 21.11.2026, 21 Nov 2026, 2026-11-21; without a year that of ``today``.

    Raises ValueError with the Indonesian sentence.
    """
    text = " ".join(text.split())
    if not text:
        raise ValueError(f"Tanggal belum diisi. {HOW}")
    try:
        found = _read(text, today)
    except ValueError:
        raise ValueError(f"Tanggal “{text}” tidak ada dalam penanggalan. {HOW}") from None
    if found is None:
        raise ValueError(f"“{text}” tidak terbaca sebagai tanggal. {HOW}")
    if not EARLIEST <= found < LATEST:
        raise ValueError(f"Tahun {found.year} di luar jangkauan. {HOW}")
    return found


def _read(text: str, today: date | None) -> date | None:
    if found := _ISO.fullmatch(text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _FIGURES.fullmatch(text):
        month = int(found[2])
    elif found := _WORDS.fullmatch(text):
        word = found[2].lower()
        named = _SHORT.get(word[:3])
        whole = next((number for number, name in enumerate(MONTHS, 1) if name.lower().startswith(word)), None)
        month = whole or named or 0
    else:
        return None
    if month == 0 or (found[3] is None and today is None):
        return None
    year = int(found[3]) if found[3] else today.year if today else 0
    if year < 100:
        year += 2000 if year < 70 else 1900
    return date(year, month, int(found[1]))


def parse_time(text: str) -> time:
    """Read 09.42, 9:42 or "09.42 WIB"; raises ValueError with the Indonesian sentence."""
    found = _TIME.fullmatch(text.strip())
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(f"“{text.strip()}” tidak terbaca sebagai jam. Tulis jam.menit, misalnya 09.42.")
    return time(int(found[1]), int(found[2]))


def parse_instant(text: str, timezone: str, *, today: date | None = None) -> datetime:
    """Read a date with a time, ISO with offset or "20/11/2026 09.42" in ``timezone``; raises ValueError.

    A date alone is taken as its beginning.
    """
    text = " ".join(text.replace(",", " ").split())
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is not None and (found.tzinfo is not None or "T" in text):
        parse_date(found.date().isoformat())
        return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(timezone))
    words = re.sub(r"\s+(pukul|jam)\s+", " ", text, flags=re.IGNORECASE)
    at = re.search(r"\s(\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?:\s*wi(?:b|ta|t))?)$", words, re.IGNORECASE)
    clock = parse_time(at[1]) if at else time(0)
    try:
        day = parse_date(words[: at.start()] if at else words, today=today)
    except ValueError as error:
        raise ValueError(str(error).replace(HOW, HOW_INSTANT)) from None
    return datetime.combine(day, clock, ZoneInfo(timezone))


def long_date(day: date) -> str:
    """21 November 2026."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def short_date(day: date) -> str:
    """21 Nov."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}"


def weekday(day: date) -> str:
    """Sabtu."""
    return DAYS[day.weekday()]


def day_range(first: date, last: date) -> str:
    """21 November 2026, 21 s.d. 23 November 2026, 30 November s.d. 2 Desember 2026."""
    if first == last:
        return long_date(first)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} s.d. {long_date(last)}"
    if first.year == last.year:
        return f"{first.day} {MONTHS[first.month - 1]} s.d. {long_date(last)}"
    return f"{long_date(first)} s.d. {long_date(last)}"
