"""Colander's own messages in Indonesian, for schemas that do not bring their own sentences."""

from __future__ import annotations

from typing import Any

import colander

_SAID = {
    "Required": "Isian ini belum diisi.",
    "Invalid date": "Tulis tanggal sebagai hari/bulan/tahun, misalnya 12/11/2026.",
    "Invalid email address": "Alamat surel harus seperti nama@contoh.go.id.",
    '"${val}" is not a number': "Tulis angka saja.",
    '"${val}" is not a string': "Tulis sebagai teks.",
    '"${val}" is not one of ${choices}': "Pilih dari daftar.",
    "Shorter than minimum length ${min}": "Paling pendek ${min} huruf.",
    "Longer than maximum length ${max}": "Paling panjang ${max} huruf.",
    "${val} is less than minimum value ${min}": "Paling sedikit ${min}.",
    "${val} is greater than maximum value ${max}": "Paling banyak ${max}.",
}


def sentences(error: colander.Invalid | None) -> list[str]:
    """What is wrong with a field, as sentences."""
    if error is None:
        return []
    return [_sentence(each) for each in error.messages()]


def _sentence(message: Any) -> str:
    text = str(message)
    known = _SAID.get(text)
    if known is None:
        return message.interpolate() if hasattr(message, "interpolate") else text
    for name, value in (getattr(message, "mapping", None) or {}).items():
        known = known.replace("${" + name + "}", str(value))
    return known
