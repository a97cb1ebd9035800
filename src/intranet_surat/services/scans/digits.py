"""Which digit stands in a cell: each of the ten is tried in the font of the print, and the scan says which fits."""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from intranet_surat.services.scans.printed import SCALE, Ink, Sign

DIGITS = "0123456789"
FONTS = {
    each.name.removesuffix(".ttf").removesuffix("-Regular"): each.read_bytes()
    for each in (files("intranet_surat.templates") / "pdf" / "fonts").iterdir()
    if each.name.endswith(".ttf")
}
"""Read when the module is loaded: a sealed child opens no file."""
REACH = 2
"""Pixels by which a sign may still lie beside its place."""
MARGIN = 4
_FINE = 4
SOFT = 0.8

Cells = NDArray[Any]


def judged(page: Ink, scan: Ink, trust: Ink, sign: Sign) -> tuple[str, float, float, float] | None:
    """The digit that fits best, by how much better than the printed one, how well the printed one, the open share.

    ``trust`` is 0 where something lies over the page. None when the font is not ours or the cell is at the edge.
    """
    if sign.font not in FONTS:
        return None
    cells = _cells(page, sign)
    if cells is None:
        return None
    left, top, height, width = _cell(sign)
    tried = [
        (scan[y : y + height, x : x + width], trust[y : y + height, x : x + width])
        for y in range(top - REACH, top + REACH + 1)
        for x in range(left - REACH, left + REACH + 1)
        if y >= 0 and x >= 0
    ]
    tried = [(ink, weight) for ink, weight in tried if ink.shape == (height, width)]
    if not tried:
        return None
    focus = _focus(height, width)
    inks = np.stack([ink.ravel() for ink, _ in tried])
    weights = np.stack([weight.ravel() for _, weight in tried]) * focus
    open_share = float(weights.mean() / focus.mean())
    fits = _fits(cells.reshape(len(DIGITS), -1), inks, weights).max(axis=0)
    own = DIGITS.index(sign.text)
    best = int(np.argmax(fits))
    return DIGITS[best], float(fits[best] - fits[own]), float(fits[own]), open_share


def _fits(wanted: Cells, inks: Cells, weights: Cells) -> Cells:
    """The weighted correlation of each try (rows) with each digit (columns)."""
    total = weights.sum(axis=1, keepdims=True) + 1e-6
    mean = (weights * inks).sum(axis=1, keepdims=True) / total
    spread = (weights * (inks - mean) ** 2).sum(axis=1, keepdims=True) / total
    wanted_mean = weights @ wanted.T / total
    wanted_spread = weights @ (wanted**2).T / total - wanted_mean**2
    shared = (weights * (inks - mean)) @ wanted.T / total
    found: Cells = shared / np.sqrt(np.maximum(spread * wanted_spread, 1e-6))
    return found


@cache
def _focus(height: int, width: int) -> Cells:
    """The middle of a cell says more than its edge, where the neighbours begin."""
    rows = np.ones(height, np.float32)
    columns = np.ones(width, np.float32)
    for at in range(MARGIN):
        rows[at] = rows[-1 - at] = 0.4
        columns[at] = columns[-1 - at] = 0.25
    found: Cells = np.outer(rows, columns).ravel()
    return found


def _cell(sign: Sign) -> tuple[int, int, int, int]:
    size = sign.size * SCALE
    return (
        int(sign.origin[0]) - MARGIN,
        int(sign.origin[1] - 0.74 * size) - MARGIN,
        int(0.78 * size) + 2 * MARGIN,
        int(0.556 * size) + 1 + 2 * MARGIN,
    )


def _cells(page: Ink, sign: Sign) -> Cells | None:
    """The cell of the print ten times, each with another digit in it, softened as a scan is."""
    left, top, height, width = _cell(sign)
    around = page[top : top + height, left : left + width] if left >= 0 <= top else page[:0]
    if around.shape != (height, width):
        return None
    glyphs = _glyphs(
        sign.font, round(sign.size * 8), round(sign.origin[0] % 1 * _FINE), round(sign.origin[1] % 1 * _FINE)
    )
    advance = 0.556 * sign.size * SCALE
    begin, end = MARGIN, min(width, MARGIN + round(advance + sign.origin[0] % 1))
    found = np.repeat(around[None].astype(np.float32), len(DIGITS), axis=0)
    found[:, :, begin:end] = 0
    shape = glyphs.shape[1:]
    rows = int(sign.origin[1]) - top
    base = int(sign.size * SCALE)
    high = max(0, base - rows)
    part = glyphs[:, high : high + height - max(0, rows - base), : width - MARGIN]
    start = max(0, rows - base)
    tall = min(part.shape[1], height - start)
    wide = min(part.shape[2], width - begin, shape[1])
    found[:, start : start + tall, begin : begin + wide] = np.maximum(
        found[:, start : start + tall, begin : begin + wide], part[:, :tall, :wide]
    )
    return np.stack([cv2.GaussianBlur(each, (0, 0), SOFT) for each in found])


@cache
def _glyphs(font: str, eighths: int, right: int, down: int) -> Cells:
    """The ten digits with their origin at (0, size), at a quarter of a pixel exactly."""
    size = eighths / 8 * SCALE
    drawn = ImageFont.truetype(io.BytesIO(FONTS[font]), size * _FINE)
    width, height = int(0.556 * size) + 3, int(1.25 * size) + 2
    found = []
    for digit in DIGITS:
        canvas = Image.new("L", (width * _FINE, height * _FINE), 0)
        ImageDraw.Draw(canvas).text((right, int(size) * _FINE + down), digit, fill=255, font=drawn, anchor="ls")
        found.append(np.asarray(canvas.resize((width, height), Image.Resampling.BOX), np.float32) / 255)
    return np.stack(found)
