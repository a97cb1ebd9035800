"""Which signs the shipped fonts can print: asked before a letter is stored, since PDF/A has no place for a gap."""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

_FACES = {"sans": "LiberationSans", "serif": "LiberationSerif"}
_WEIGHTS = ("Regular", "Bold")


def missing_glyphs(texts: Iterable[str], *, font: str = "sans") -> tuple[str, ...]:
    """The signs in ``texts`` that the font cannot print, each once, in order; line ends and tabs are not signs."""
    known = _known(font)
    found: dict[str, None] = {}
    for text in texts:
        for sign in text:
            if ord(sign) not in known and sign not in "\n\r\t":
                found[sign] = None
    return tuple(found)


def sentence(missing: tuple[str, ...]) -> str:
    """What to tell about signs that cannot be printed."""
    names = ", ".join(
        f"{_shown(each)} ({unicodedata.name(each, f'U+{ord(each):04X}').lower()})" for each in missing[:3]
    )
    more = f" dan {len(missing) - 3} tanda lain" if len(missing) > 3 else ""
    return f"Tanda ini tidak dapat dicetak pada surat: {names}{more}. Hapus atau ganti dengan kata."


def _shown(sign: str) -> str:
    return f"“{sign}”" if sign.isprintable() else f"U+{ord(sign):04X}"


def unprintable(fields: Mapping[str, Any], *, font: str = "sans") -> dict[str, str]:
    """Field name to sentence, for each field (text, list or tree) that holds a sign which cannot be printed."""
    found = {}
    for name, value in fields.items():
        if missing := missing_glyphs(strings(value), font=font):
            found[name] = sentence(missing)
    return found


def strings(value: Any) -> Iterator[str]:
    """Every text inside JSON-able data, without the keys."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from strings(each)


@cache
def _known(font: str) -> frozenset[int]:
    folder = files("intranet_surat.templates") / "pdf" / "fonts"
    each = [_covered((folder / f"{_FACES[font]}-{weight}.ttf").read_bytes()) for weight in _WEIGHTS]
    return frozenset.intersection(*each)


def _covered(font: bytes) -> frozenset[int]:
    """The code points of a TrueType font's character map of format 4."""
    tables = struct.unpack_from(">H", font, 4)[0]
    for at in range(12, 12 + 16 * tables, 16):
        tag, _check, start, _length = struct.unpack_from(">4sLLL", font, at)
        if tag == b"cmap":
            return _character_map(font, start)
    raise ValueError("font without character map")


def _character_map(font: bytes, start: int) -> frozenset[int]:
    for number in range(struct.unpack_from(">H", font, start + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * number)
        if (platform, encoding) == (3, 1):
            return _format_4(font, start + offset)
    raise ValueError("font without a Unicode character map")


def _format_4(font: bytes, at: int) -> frozenset[int]:
    kind, _length, _language, double = struct.unpack_from(">HHHH", font, at)
    if kind != 4:
        raise ValueError(f"character map of format {kind} is not read")
    count = double // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + double)
    deltas = struct.unpack_from(f">{count}H", font, at + 16 + 2 * double)
    ranges_at = at + 16 + 3 * double
    offsets = struct.unpack_from(f">{count}H", font, ranges_at)
    found: set[int] = set()
    for index, (first, last, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code + delta
            if offset:
                place = ranges_at + 2 * index + offset + 2 * (code - first)
                glyph = struct.unpack_from(">H", font, place)[0]
                glyph = glyph + delta if glyph else 0
            if glyph & 0xFFFF:
                found.add(code)
    return frozenset(found)
