"""Cleaning of typed text: NFC, plain blanks, and no sign that cannot be seen. Knows no field."""

from __future__ import annotations

import unicodedata

_LINE_ENDS = {"\r\n": "\n", "\r": "\n", "\u2028": "\n", "\u2029": "\n\n", "\x0b": "\n", "\x0c": "\n", "\x85": "\n"}
_NAMES = {
    "\u200b": "spasi tanpa lebar",
    "\u200c": "penyambung tak terlihat",
    "\u200d": "penyambung tak terlihat",
    "\ufeff": "tanda urutan bita",
    "\u00ad": "tanda hubung tak terlihat",
    "\ufffd": "huruf yang rusak",
}


LONGEST = 1_000_000
"""Signs that are looked at, far over the limit of any field; more is refused unread."""
TOO_LONG = "Teks ini terlalu panjang. Ringkaslah, atau jadikan sebagian lampiran."


class TextError(ValueError):
    """Text that cannot be stored; its argument is the Indonesian sentence."""


def clean(value: str, *, lines: bool = False) -> str:
    """Return ``value`` in NFC with plain blanks, trimmed; ``lines`` keeps line ends.

    Raises TextError for control, zero-width, bidirectional and undefined signs, for line ends when ``lines`` is
    false, and for what is far too long. Nothing invisible is removed in silence: what is stored is what was seen.
    """
    if len(value) > LONGEST:
        raise TextError(TOO_LONG)
    for end, plain in _LINE_ENDS.items():
        value = value.replace(end, plain)
    value = unicodedata.normalize("NFC", value)
    value = "".join(" " if each == "\t" or unicodedata.category(each) == "Zs" else each for each in value)
    value = "\n".join(line.rstrip() for line in value.split("\n")).strip("\n")
    value = value if lines else value.strip()
    for place, each in enumerate(value):
        if each == "\n":
            if not lines:
                raise TextError("Tulis dalam satu baris, tanpa ganti baris.")
        elif unicodedata.category(each) in ("Cc", "Cf", "Cs", "Co", "Cn") or each == "\ufffd":
            raise TextError(_sentence(value, place))
    return value


def _sentence(value: str, place: int) -> str:
    sign = value[place]
    name = _NAMES.get(sign, "tanda tak terlihat")
    before = value[:place].rpartition("\n")[2].rpartition(" ")[2]
    after = f"sesudah “{before[-30:]}”" if before and before.isprintable() else "di awal kata"
    return f"Ada {name} (U+{ord(sign):04X}) {after}. Hapus kata itu, lalu ketik ulang."
