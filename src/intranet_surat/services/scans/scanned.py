"""A page as it was scanned: its ink laid on the print, and where something coloured or drawn lies over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from intranet_surat.services.scans.printed import Ink

WIDTH = 1_700
"""Pixels across a scan when it is looked at: about 200 dpi."""
_COARSE = 0.25
_FEATURES = 1_000
_ENOUGH = 14
"""So many features that agree place a page; fewer say that it is another page."""

Colour = NDArray[Any]
Mask = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Features:
    """Where a page can be recognised."""

    points: NDArray[Any]
    words: NDArray[Any] | None


@dataclass(frozen=True, slots=True)
class Laid:
    """A scan laid on its print: ``ink``, ``cover`` (coloured), ``inside`` (covered by the scan), how it was turned."""

    ink: Ink
    cover: Mask
    inside: Mask
    turned: float


def flattened(picture: Colour) -> tuple[Ink, Mask]:
    """The neutral ink of a colour scan, with the light of the paper taken out, and where it is coloured.

    Black is dark in every colour; a stamp or a blue pen is light in one, and there its ink is little.
    """
    light = _brightest(picture)
    paper = _paper(light)
    ink = np.clip(1 - light.astype(np.float32) / paper, 0, 1)
    small = cv2.subtract(cv2.blur(picture, (3, 3)), np.full_like(picture, _tint(picture)))
    spread = cv2.subtract(_brightest(small), cv2.min(cv2.min(small[..., 0], small[..., 1]), small[..., 2]))
    return ink, cv2.dilate((spread > 40).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)


def _brightest(picture: Colour) -> NDArray[Any]:
    found: NDArray[Any] = cv2.max(cv2.max(picture[..., 0], picture[..., 1]), picture[..., 2])
    return found


def _tint(picture: Colour) -> NDArray[Any]:
    """The colour of the paper itself, which is no ink: what each channel has more than the least."""
    paper = np.median(picture[::8, ::8].reshape(-1, 3), axis=0)
    return (paper - paper.min()).astype(np.uint8)


def _paper(light: NDArray[Any]) -> Ink:
    """How bright the bare paper is at each place, from the brightest of its surroundings."""
    small = cv2.resize(light, None, fx=0.125, fy=0.125, interpolation=cv2.INTER_AREA)
    bright = cv2.dilate(small, np.ones((9, 9), np.uint8))
    smooth = cv2.GaussianBlur(cv2.erode(bright, np.ones((7, 7), np.uint8)), (0, 0), 4)
    return np.maximum(cv2.resize(smooth, light.shape[::-1]).astype(np.float32), 24)


def features(ink: Ink) -> Features:
    """What a page can be recognised by, at a quarter of the size."""
    small = cv2.resize(ink, None, fx=_COARSE, fy=_COARSE, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), 1.0)
    points, words = cv2.SIFT.create(nfeatures=_FEATURES, contrastThreshold=0.03).detectAndCompute(
        np.clip(soft * 255, 0, 255).astype(np.uint8), None
    )
    return Features(np.array([each.pt for each in points], np.float32).reshape(-1, 2) / _COARSE, words)


def placed(printed: Features, scanned: Features) -> NDArray[Any] | None:
    """How a scan lies on a print (a homography from scan to print); None when they do not look alike."""
    if printed.words is None or scanned.words is None or min(len(printed.words), len(scanned.words)) < _ENOUGH:
        return None
    pairs = cv2.BFMatcher(cv2.NORM_L2).knnMatch(scanned.words, printed.words, k=2)
    good = [pair[0] for pair in pairs if len(pair) == 2 and pair[0].distance < 0.85 * pair[1].distance]
    if len(good) < _ENOUGH:
        return None
    source = scanned.points[[each.queryIdx for each in good]]
    target = printed.points[[each.trainIdx for each in good]]
    found, agree = cv2.findHomography(source, target, cv2.USAC_MAGSAC, 4.0, maxIters=4000, confidence=0.999)
    if found is None or int(agree.sum()) < _ENOUGH or not _plausible(found):
        return None
    return found


def _plausible(found: NDArray[Any]) -> bool:
    """A sheet of paper is neither mirrored nor folded by a scanner, nor scaled to half or double."""
    size = np.linalg.det(found[:2, :2])
    return bool(0.3 < size < 3.5 and np.abs(found[2, :2]).max() < 3e-4)


def laid(ink: Ink, cover: Mask, place: NDArray[Any], shape: tuple[int, int]) -> Laid:
    """The scan drawn where the print is."""
    size = shape[::-1]
    inside = cv2.warpPerspective(np.ones(ink.shape, np.uint8), place, size, flags=cv2.INTER_NEAREST)
    return Laid(
        cv2.warpPerspective(ink, place, size, flags=cv2.INTER_LINEAR),
        cv2.warpPerspective(cover.astype(np.uint8), place, size, flags=cv2.INTER_NEAREST).astype(bool),
        inside.astype(bool),
        float(np.degrees(np.arctan2(place[1, 0], place[0, 0]))),
    )
