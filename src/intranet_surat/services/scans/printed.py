"""A page as it was printed: its ink at 200 dpi and the place of each sign; nothing of the scan."""

from __future__ import annotations

import ctypes
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import raw

DPI = 200
SCALE = DPI / 72
LARGEST = 40.0
"""Signs above this many points are no text of a letter (the mark UJI COBA across the page)."""
DOTS = 6
"""So many dots in a row are a gap that a hand fills."""
SIGNATURE = (22.0, 60.0)
"""A gap of so many millimetres between two lines of the signature block takes the signature."""

Grey = NDArray[Any]
Ink = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Sign:
    """One printed sign: its text, its cell (left, top, right, bottom), where it stands, its size, its font."""

    text: str
    cell: tuple[float, float, float, float]
    origin: tuple[float, float]
    size: float
    font: str


@dataclass(frozen=True, slots=True)
class Word:
    """Signs that stand together on a line; all in pixels at `DPI`."""

    signs: tuple[Sign, ...]
    box: tuple[int, int, int, int]

    @property
    def text(self) -> str:
        """What it says."""
        return "".join(each.text for each in self.signs)


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """The ink (0 paper, 1 black), the words to compare, and the boxes in which a hand writes."""

    ink: Ink
    words: tuple[Word, ...]
    gaps: tuple[tuple[int, int, int, int], ...] = field(default=())


def pages(document: pypdfium2.PdfDocument, most: int) -> list[PrintedPage]:
    """All pages of a print of ours, at most ``most``."""
    return [_page(document[number]) for number in range(min(len(document), most))]


def _page(page: pypdfium2.PdfPage) -> PrintedPage:
    grey: Grey = page.render(scale=SCALE, grayscale=True).to_numpy()
    ink = (255 - grey.reshape(grey.shape[:2]).astype(np.float32)) / 255
    every = _words(_signs(page))
    dotted = _dotted(every)
    words = tuple(each for each in every if not any(_within(each.box, line) for line in dotted))
    gaps = tuple((left - 30, top - 60, right + 60, bottom + 35) for left, top, right, bottom in dotted)
    return PrintedPage(ink, words, gaps + _signature(words, ink.shape[1]))


def _dotted(words: tuple[Word, ...]) -> list[tuple[int, int, int, int]]:
    """The boxes of the rows of dots; what is written there stands above them and hangs below."""
    rows: list[list[Word]] = []
    for word in words:
        if word.text.strip("."):
            continue
        last = rows[-1][-1].box if rows else None
        if last is not None and abs(last[3] - word.box[3]) < 3 and 0 <= word.box[0] - last[2] < 20:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [
        (row[0].box[0], row[0].box[1], row[-1].box[2], row[-1].box[3])
        for row in rows
        if sum(len(each.text) for each in row) >= DOTS
    ]


def _within(box: tuple[int, int, int, int], outer: tuple[int, int, int, int]) -> bool:
    return outer[0] <= box[0] and box[2] <= outer[2] and outer[1] <= box[1] and box[3] <= outer[3]


def _signature(words: tuple[Word, ...], width: int) -> tuple[tuple[int, int, int, int], ...]:
    """Where the signatory signs: the widest free space between two lines in the right half of the page."""
    least, most = (each / 25.4 * DPI for each in SIGNATURE)
    lines: list[list[int]] = []
    for box in sorted((each.box for each in words if each.box[0] > width * 0.35), key=lambda box: box[3]):
        if lines and box[1] < lines[-1][3]:
            line = lines[-1]
            lines[-1] = [min(line[0], box[0]), min(line[1], box[1]), max(line[2], box[2]), max(line[3], box[3])]
        else:
            lines.append(list(box))
    return tuple(
        (int(width * 0.3), above[1] - 60, width, below[3] + 180)
        for above, below in pairwise(lines)
        if least <= below[1] - above[3] <= most and abs(above[0] - below[0]) < 12
    )


def _signs(page: pypdfium2.PdfPage) -> list[Sign]:
    text = page.get_textpage()
    height = page.get_height()
    found = []
    for index in range(text.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(text, index) or 32)
        size = float(raw.FPDFText_GetFontSize(text, index))
        if letter.isspace() or not letter.isprintable() or not 4 <= size <= LARGEST:
            continue
        left, right, bottom, top = (ctypes.c_double() for _ in range(4))
        x, y = ctypes.c_double(), ctypes.c_double()
        if not raw.FPDFText_GetCharBox(text, index, left, right, bottom, top):
            continue
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        found.append(
            Sign(
                letter,
                (
                    left.value * SCALE,
                    (height - top.value) * SCALE,
                    right.value * SCALE,
                    (height - bottom.value) * SCALE,
                ),
                (x.value * SCALE, (height - y.value) * SCALE),
                size,
                _font(text, index),
            )
        )
    return found


def _font(text: Any, index: int) -> str:
    name, flags = ctypes.create_string_buffer(80), ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, index, name, 80, flags)
    return name.value.decode("ascii", "replace").rpartition("+")[2]


def _words(signs: list[Sign]) -> tuple[Word, ...]:
    found: list[list[Sign]] = []
    for sign in signs:
        last = found[-1][-1] if found else None
        near = (
            last is not None
            and abs(last.origin[1] - sign.origin[1]) < 2
            and -2 <= sign.cell[0] - last.cell[2] < 0.22 * sign.size * SCALE
            and last.font == sign.font
        )
        if near:
            found[-1].append(sign)
        else:
            found.append([sign])
    return tuple(Word(tuple(each), _box(each)) for each in found)


def _box(signs: list[Sign]) -> tuple[int, int, int, int]:
    return (
        int(min(each.cell[0] for each in signs)),
        int(min(each.cell[1] for each in signs)),
        int(max(each.cell[2] for each in signs)) + 1,
        int(max(each.cell[3] for each in signs)) + 1,
    )
