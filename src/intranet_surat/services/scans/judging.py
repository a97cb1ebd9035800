"""What differs between a printed page and its scan: digits, words, and ink beside numbers; overlays are set aside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from intranet_surat.services.scans import digits
from intranet_surat.services.scans.following import Followed
from intranet_surat.services.scans.printed import SCALE, Ink, PrintedPage, Sign, Word
from intranet_surat.services.scans.scanned import Laid

DIGIT_MARGIN = 0.02
"""By so much another digit must fit better than the printed one."""
WORD_UNLIKE = 0.45
OPEN = 0.4
"""Less than this of a sign free of overlays is not judged: nothing can be said of what is covered."""
_DARK = 0.35
_STROKE = 48

Mask = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs: what kind, what was printed there, what it looks like, where (pixels of the print)."""

    kind: str
    printed: str
    looks: str
    box: tuple[int, int, int, int]
    measure: float


@dataclass(frozen=True, slots=True)
class Judged:
    """A page's differences and how many of its words were covered so that nothing can be said of them."""

    differences: tuple[Difference, ...]
    covered: tuple[tuple[int, int, int, int], ...]
    words: int


def judge(page: PrintedPage, laid: Laid, followed: Followed) -> Judged:
    """Compare every word and every digit of ``page`` with the scan laid on it."""
    ink, cover, inside = unbent(page, laid, followed)
    trust = _trusted(page, ink, cover, inside)
    soft = cv2.GaussianBlur(ink, (0, 0), 0.5)
    found: list[Difference] = []
    covered = []
    for word in page.words:
        difference, hidden = _word(page, soft, trust, word)
        if difference is not None:
            found.append(difference)
        if hidden:
            covered.append(word.box)
    return Judged(tuple(found), tuple(covered), len(page.words))


def unbent(page: PrintedPage, laid: Laid, followed: Followed) -> tuple[Ink, Mask, Mask]:
    """The scan, what covers it and where it is, laid on the print to a pixel: the small moves of words taken back."""
    sure = followed.alike > 0.55
    height, width = page.ink.shape
    if sure.sum() < 3:
        return laid.ink, laid.cover, laid.inside
    boxes = np.array([each.box for each in page.words], np.float32)[sure]
    centres = np.stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2], axis=1)
    step = 32
    down, across = np.mgrid[step / 2 : height + step : step, step / 2 : width + step : step].astype(np.float32)
    points = np.stack([across.ravel(), down.ravel()], axis=1)
    away = (points[:, None, 0] - centres[None, :, 0]) ** 2 + 2 * (points[:, None, 1] - centres[None, :, 1]) ** 2
    weight = 1 / (away + 900.0) ** 2
    field = (weight @ followed.moves[sure] / weight.sum(axis=1, keepdims=True)).astype(np.float32)
    field = field.reshape(*down.shape, 2)
    full = cv2.resize(field, None, fx=step, fy=step, interpolation=cv2.INTER_LINEAR)[:height, :width]
    xs = full[..., 0] + np.arange(width, dtype=np.float32)[None]
    ys = full[..., 1] + np.arange(height, dtype=np.float32)[:, None]
    return (
        cv2.remap(laid.ink, xs, ys, cv2.INTER_LINEAR),
        cv2.remap(laid.cover.astype(np.uint8), xs, ys, cv2.INTER_NEAREST).astype(bool),
        cv2.remap(laid.inside.astype(np.uint8), xs, ys, cv2.INTER_NEAREST).astype(bool),
    )


def _trusted(page: PrintedPage, ink: Ink, cover: Mask, inside: Mask) -> Ink:
    """1 where the scan speaks of the print, 0 under a stamp, a signature or a pen, and beside the paper.

    A stroke drawn over the page is longer than a sign; what was changed in a sign is not. Colour at the very edge
    of black signs is the scanner's and no overlay.
    """
    near = cv2.dilate((page.ink > 0.25).astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    drawn = _long((ink > _DARK) & ~near, _STROKE)
    wide = cv2.dilate(near.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    coloured = _grown(cover, cover & ~wide)
    over = cv2.dilate(drawn.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool) | coloured
    return (~over & inside).astype(np.float32)


def _long(mask: Mask, length: int) -> Mask:
    """The connected parts of a mask that are longer than ``length`` in one direction."""
    _, labels, facts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    long = np.maximum(facts[:, cv2.CC_STAT_WIDTH], facts[:, cv2.CC_STAT_HEIGHT]) >= length
    long[0] = False
    found: Mask = long[labels]
    return found


def _grown(mask: Mask, seeds: Mask) -> Mask:
    """The connected parts of ``mask`` of which a good part lies in ``seeds``."""
    count, labels, facts, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    shares = np.bincount(labels[seeds], minlength=count) / np.maximum(facts[:, cv2.CC_STAT_AREA], 1)
    kept = shares > 0.15
    kept[0] = False
    found: Mask = kept[labels]
    return found


def _word(page: PrintedPage, ink: Ink, trust: Ink, word: Word) -> tuple[Difference | None, bool]:
    digit = _digit(page, ink, trust, word)
    if digit is None:
        digit = _added(page, ink, trust, word)
    if digit is not None:
        return digit, False
    left, top, right, bottom = (max(0, each) for each in _wider(word.box))
    wanted = cv2.GaussianBlur(page.ink[top:bottom, left:right], (0, 0), digits.SOFT)
    weight = trust[top:bottom, left:right]
    if float(weight.mean()) < OPEN:
        return None, True
    alike = _alike(wanted, ink, weight, left, top)
    if alike < WORD_UNLIKE and any(each.isalnum() for each in word.text):
        return Difference("word", word.text, "", word.box, alike), False
    return None, False


def _wider(box: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    return box[0] - 3, box[1] - 3, box[2] + 3, box[3] + 3


def _alike(wanted: Ink, ink: Ink, weight: Ink, left: int, top: int) -> float:
    """How much a word looks like itself, two pixels up or down, left or right; only where the page is open."""
    height, width = wanted.shape
    there = ink[max(0, top - 2) : top + height + 2, max(0, left - 2) : left + width + 2]
    if there.shape[0] < height or there.shape[1] < width or float(there.max()) - float(there.min()) < 0.05:
        return 0.0
    if weight.all():
        return float(cv2.matchTemplate(there, wanted, cv2.TM_CCOEFF_NORMED).max())
    total = float(weight.sum()) + 1e-6
    first = wanted - (weight * wanted).sum() / total
    best = -1.0
    for down in range(there.shape[0] - height + 1):
        for across in range(there.shape[1] - width + 1):
            part = there[down : down + height, across : across + width]
            second = part - (weight * part).sum() / total
            spread = float((weight * first**2).sum() * (weight * second**2).sum())
            best = max(best, float((weight * first * second).sum()) / max(spread, 1e-9) ** 0.5)
    return best


def _digit(page: PrintedPage, ink: Ink, trust: Ink, word: Word) -> Difference | None:
    """The digit of a word that is most surely another one."""
    worst: Difference | None = None
    for sign in word.signs:
        if sign.text not in digits.DIGITS:
            continue
        found = digits.judged(page.ink, ink, trust, sign)
        if found is None or found[3] < OPEN:
            continue
        other, margin, _, _ = found
        if margin > _needed(sign) and (worst is None or margin > worst.measure):
            worst = Difference("digit", word.text, other, _cell_box(sign), margin)
    return worst


def _added(page: PrintedPage, ink: Ink, trust: Ink, word: Word) -> Difference | None:
    """A sign that was set right before or behind a number, where the print has none and no hand writes."""
    first, last = word.signs[0], word.signs[-1]
    wide = round(0.5 * first.size * SCALE)
    top, bottom = round(first.origin[1] - 0.72 * first.size * SCALE), round(first.origin[1])
    for beside, left in ((first, round(first.cell[0]) - wide - 3), (last, round(last.cell[2]) + 3)):
        place = (slice(max(0, top), bottom), slice(max(0, left), left + wide))
        if beside.text not in digits.DIGITS or any(_meet((left, top, left + wide, bottom), gap) for gap in page.gaps):
            continue
        if page.ink[place].size == 0 or float(page.ink[place].max()) > 0.25 or float(trust[place].min()) < 1:
            continue
        dark = ink[place] > 0.5
        if float(dark.any(axis=1).mean()) > 0.7 and float(dark.mean()) > 0.07:
            return Difference("added", word.text, "", (left, top, left + wide, bottom), float(dark.mean()))
    return None


def _meet(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _needed(sign: Sign) -> float:
    """Small print needs more: its digits differ by few pixels."""
    return DIGIT_MARGIN if sign.size >= 10.5 else DIGIT_MARGIN + 0.04 * (10.5 - sign.size) / 2


def _cell_box(sign: Sign) -> tuple[int, int, int, int]:
    return tuple(round(each) for each in sign.cell)  # type: ignore[return-value]
