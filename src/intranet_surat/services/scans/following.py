"""Where each printed word lies on a scan that was laid on its print: what paper, feed and lens bent is followed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.ma  # the median loads it at its first use, and a sealed child opens no file
from numpy.typing import NDArray

from intranet_surat.services.scans.printed import Ink, PrintedPage

_FOR_MEDIANS = numpy.ma
FAR, NEAR, LOST = 16, 4, 44
"""Pixels that a word is searched in: at first, once its neighbours have said where, and when it was not found at first.

A foot that a fold or a pull moved lies beyond the first reach, a line's height away.
"""
_SURE = 0.55
_WIDE = 45

Moves = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Followed:
    """For each word how far it lies from its place (x, y), and how much it looks like itself (-1 to 1)."""

    moves: Moves
    alike: NDArray[Any]

    @property
    def share(self) -> float:
        """How many of the words are there."""
        return float((self.alike > 0.6).mean()) if len(self.alike) else 0.0


def follow(page: PrintedPage, ink: Ink) -> Followed:
    """Find each word of ``page`` on the laid scan."""
    count = len(page.words)
    moves, alike = np.zeros((count, 2)), np.zeros(count)
    centres = np.array([[(b[0] + b[2]) / 2, (b[1] + b[3]) / 2] for b in (each.box for each in page.words)])
    for index, word in enumerate(page.words):
        if word.box[2] - word.box[0] >= _WIDE:
            moves[index], alike[index] = _search(page.ink, ink, word.box, (0, 0), FAR)
            if alike[index] < _SURE:
                moves[index], alike[index] = _search(page.ink, ink, word.box, (0, 0), LOST)
    sure = alike > _SURE
    if sure.sum() < 3:
        return Followed(moves, alike)
    guess = _smooth(centres, moves, sure)
    for index, word in enumerate(page.words):
        moves[index], alike[index] = _search(page.ink, ink, word.box, guess[index], NEAR)
    return Followed(moves, alike)


def _smooth(centres: Moves, moves: Moves, sure: NDArray[Any]) -> Moves:
    """What the sure neighbours of each word say: the median of the nearest, lines counting more than columns."""
    known, said = centres[sure], moves[sure]
    away = np.abs(centres[:, None] - known[None]) @ np.array([1.0, 1.5])
    nearest = np.argpartition(away, min(8, len(known) - 1), axis=1)[:, :9]
    found: Moves = np.median(said[nearest], axis=1)
    return found


def _search(
    printed: Ink, scan: Ink, box: tuple[int, int, int, int], about: NDArray[Any] | tuple[int, int], far: int
) -> tuple[tuple[float, float], float]:
    left, top, right, bottom = box[0] - 3, box[1] - 3, box[2] + 3, box[3] + 3
    dx, dy = round(float(about[0])), round(float(about[1]))
    wanted = printed[max(top, 0) : bottom, max(left, 0) : right]
    there = scan[
        max(top + dy - far, 0) : bottom + dy + far,
        max(left + dx - far, 0) : right + dx + far,
    ]
    if wanted.size == 0 or there.shape[0] < wanted.shape[0] or there.shape[1] < wanted.shape[1]:
        return (0.0, 0.0), 0.0
    if float(there.max()) - float(there.min()) < 0.05:
        return (float(dx), float(dy)), 0.0
    found = cv2.matchTemplate(there, wanted, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(found)
    move = (float(x + max(left + dx - far, 0) - max(left, 0)), float(y + max(top + dy - far, 0) - max(top, 0)))
    return move, float(best) if np.isfinite(best) else 0.0
