"""Letters that may be the same paper: found among the reader's own rows only, and compared field by field."""

from __future__ import annotations

from typing import Any

from intranet_surat.resources.letter import Letter
from intranet_surat.resources.lists import Row
from intranet_surat.services import search
from intranet_surat.services.reader import Reader
from intranet_surat.web.words import Words

MOST = 50
COMPARED = (
    ("sender", "Pengirim"),
    ("sender_number", "Nomor surat"),
    ("letter_date", "Tanggal surat"),
    ("subject", "Hal"),
    ("received_at", "Diterima"),
    ("classification", "Klasifikasi"),
    ("security", "Sifat"),
)


def find(site: Any, reader: Reader, letter: Letter) -> list[Row]:
    """Return the reader's rows of other incoming letters of this office that look the same.

    The same number from the same sender; without a number the same subject from the same sender. A letter
    that the reader may not know is never among them.
    """
    fields = letter.fields
    number, sender = _plain(fields.get("sender_number")), _plain(fields.get("sender"))
    wanted = str(fields.get("sender_number") or fields.get("subject") or "")
    rows, _ = search.find(site, reader, wanted, 0, MOST)
    found = []
    for row in rows:
        if row.item == letter.id or row.masked or (row.direction, row.office) != ("masuk", letter.office):
            continue
        same_number = number and _plain(row.number) == number
        same_subject = not number and _plain(row.subject) == _plain(fields.get("subject"))
        if _plain(row.sender) == sender and (same_number or same_subject):
            found.append(row)
    return found


def side_by_side(words: Words, one: Letter, other: Letter) -> list[tuple[str, str, str]]:
    """Return (title, value, other value) of the fields that tell letters apart."""
    return [
        (title, _shown(words, name, one.fields.get(name)), _shown(words, name, other.fields.get(name)))
        for name, title in COMPARED
        if one.fields.get(name) or other.fields.get(name)
    ]


def _shown(words: Words, name: str, value: Any) -> str:
    if name == "letter_date":
        return words.date(value)
    if name == "received_at":
        return words.moment(value)
    return words.security(str(value)) if name == "security" else str(value or "-")


def _plain(value: Any) -> str:
    return " ".join(search.words(value or ""))
