"""A whole scan against a whole print: which page is which, what is missing or strange, and what differs on each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray

from intranet_surat.services.child import raster
from intranet_surat.services.scans import following, judging, printed, scanned
from intranet_surat.services.scans.printed import Ink, PrintedPage
from intranet_surat.services.scans.scanned import Features, Laid

cv2.setNumThreads(1)
SAME, SURE = 0.5, 0.85
"""The share of words that makes a scanned page this printed page; from `SURE` on no other page is tried."""
BLANK = 0.0015
"""Less ink than this share of a page is no text."""
MOST = 40
"""Differences told of one page; more say no more."""

_STRANGE: Mapping[str, Any] = MappingProxyType(
    {"print": 0, "blank": False, "twice": False, "share": 0.0, "turned": 0.0, "differences": (), "covered": ()}
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    page: PrintedPage
    features: Features


@dataclass(frozen=True, slots=True)
class _Match:
    number: int
    laid: Laid
    followed: following.Followed
    place: NDArray[Any]


def compare(print_pdf: bytes, scan: bytes, most: int) -> dict[str, Any]:
    """What was found, as plain values: ``printed``, ``pages`` of the scan in their order, ``missing`` numbers.

    ``most`` pages of each are looked at; ``more`` tells that the print has others.

    Raises raster.NoPage when the scan cannot be read at all.
    """
    document = pypdfium2.PdfDocument(print_pdf)
    wanted = [_Wanted(each, scanned.features(each.ink)) for each in printed.pages(document, most)]
    found = []
    taken: set[int] = set()
    for number, picture in enumerate(_pictures(scan, most), 1):
        each = _one(wanted, picture, number, taken)
        if each["print"]:
            taken.add(each["print"])
        found.append({"scan": number, **each})
    missing = [number for number in range(1, len(wanted) + 1) if number not in taken]
    return {"printed": len(wanted), "pages": found, "missing": missing, "more": len(document) > most}


def stacked(print_pdf: bytes, scan: bytes, number: int, on: int) -> NDArray[Any] | None:
    """Print and scan on one another: red is only on the scan, blue only on the print; None when they do not match."""
    document = pypdfium2.PdfDocument(print_pdf)
    page = printed.pages(document, on)[on - 1]
    ink, cover = scanned.flattened(_picture(scan, number))
    match = _placed(_Wanted(page, scanned.features(page.ink)), scanned.features(ink), ink, cover, on)
    if match is None:
        return None
    there = judging.unbent(page, match.laid, match.followed)[0]
    there = np.maximum(there, 0.6 * match.laid.cover)
    sheet = np.stack([1 - page.ink, 1 - np.maximum(page.ink, there), 1 - there], axis=2)
    drawn: NDArray[Any] = (np.clip(sheet, 0, 1) * 255).astype(np.uint8)
    return drawn


def _pictures(scan: bytes, most: int) -> Iterator[NDArray[Any]]:
    for number in range(1, most + 1):
        try:
            yield _picture(scan, number)
        except raster.NoPage as error:
            if number == 1 or str(error) != "no-page":
                raise
            return


def _picture(scan: bytes, number: int) -> NDArray[Any]:
    return np.asarray(raster.page(scan, number, width=scanned.WIDTH).convert("RGB"))


def _one(wanted: list[_Wanted], picture: NDArray[Any], number: int, taken: set[int]) -> dict[str, Any]:
    """One scanned page: the print's page it is (0 for none), and what differs."""
    ink, cover = scanned.flattened(picture)
    if float((ink > 0.3).mean()) < BLANK:
        return {**_STRANGE, "blank": True}
    match = _match(wanted, ink, cover, number)
    if match is None:
        return dict(_STRANGE)
    judged = judging.judge(wanted[match.number - 1].page, match.laid, match.followed)
    shape = wanted[match.number - 1].page.ink.shape
    back = np.linalg.inv(match.place)
    return {
        "print": match.number,
        "blank": False,
        "twice": match.number in taken,
        "share": round(match.followed.share, 3),
        "turned": round(match.laid.turned, 1),
        "differences": [
            {
                "kind": each.kind,
                "printed": each.printed[:60],
                "looks": each.looks,
                "on_print": _share(each.box, shape),
                "on_scan": _share(_back(each.box, back), ink.shape),
                "measure": round(each.measure, 3),
            }
            for each in judged.differences[:MOST]
        ],
        "covered": [_share(_back(each, back), ink.shape) for each in judged.covered[:MOST]],
    }


def _match(wanted: list[_Wanted], ink: Ink, cover: NDArray[Any], number: int) -> _Match | None:
    """The printed page that a scanned one is: the one at its place when that fits, else the best of all."""
    seen = scanned.features(ink)
    order = sorted(range(len(wanted)), key=lambda at: abs(at + 1 - number))
    best: _Match | None = None
    for at in order:
        found = _placed(wanted[at], seen, ink, cover, at + 1)
        if found is not None and (best is None or found.followed.share > best.followed.share):
            best = found
        if best is not None and best.followed.share >= SURE:
            break
    return best if best is not None and best.followed.share >= SAME else None


def _placed(one: _Wanted, seen: Features, ink: Ink, cover: NDArray[Any], number: int) -> _Match | None:
    place = scanned.placed(one.features, seen)
    if place is None:
        return None
    laid = scanned.laid(ink, cover, place, one.page.ink.shape)
    return _Match(number, laid, following.follow(one.page, laid.ink), place)


def _share(box: tuple[float, float, float, float], shape: tuple[int, ...]) -> list[float]:
    """A box as shares of its page in per mille: left, top, width, height."""
    left, top, right, bottom = box
    height, width = shape[:2]
    return [
        round(1000 * max(0.0, left) / width, 1),
        round(1000 * max(0.0, top) / height, 1),
        round(1000 * (right - left) / width, 1),
        round(1000 * (bottom - top) / height, 1),
    ]


def _back(box: tuple[int, int, int, int], back: NDArray[Any]) -> tuple[float, float, float, float]:
    """Where a box of the print lies on the scan."""
    left, top, right, bottom = box
    corners = np.array([[left, top, 1], [right, top, 1], [right, bottom, 1], [left, bottom, 1]], float) @ back.T
    places = corners[:, :2] / corners[:, 2:]
    return float(places[:, 0].min()), float(places[:, 1].min()), float(places[:, 0].max()), float(places[:, 1].max())
