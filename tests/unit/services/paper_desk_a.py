"""The first desk: a letter is printed, signed, stamped, scanned on a flat bed, all by seed. The comparer was built on it."""

from __future__ import annotations

import io
import random
import time

import cv2
import numpy as np
import pypdfium2
from paper_letters import paper
from PIL import Image

DAY = time.gmtime(1_795_000_000)
VIOLET, BLUE, BLACK = (96, 60, 150), (40, 50, 150), (25, 25, 30)


def clean(seed: int) -> tuple[bytes, bytes]:
    """(print, scan) of a letter nobody touched."""
    made = paper(seed, change=False)
    return made.pdf, _pdf([_scan(each, seed, at) for at, each in enumerate(_drawn(made.pdf, seed))], seed)


def altered(seed: int) -> tuple[bytes, bytes, str]:
    """(print, scan, what was done) of a letter that was tampered with between print and scan."""
    what = random.Random(f"tat {seed}").choices(("digit", "missing", "order", "other"), (82, 6, 6, 6))[0]
    made = paper(seed) if what == "digit" else paper(seed, long=True, change=False)
    if what == "digit":
        return made.pdf, _pdf([_scan(each, seed, at) for at, each in enumerate(_drawn(made.changed, seed))], seed), what
    pages = [_scan(each, seed, at) for at, each in enumerate(_drawn(made.pdf, seed))]
    pick = random.Random(f"apa {seed}")
    if what == "missing":
        pages.pop(pick.randrange(len(pages)))
    elif what == "order":
        at = pick.randrange(len(pages) - 1)
        pages[at], pages[at + 1] = pages[at + 1], pages[at]
    else:
        strange = _drawn(paper(seed + 1_000_000, long=True, change=False).pdf, seed + 1)
        at = pick.randrange(min(len(pages), len(strange)))
        pages[at] = _scan(strange[at], seed, at)
    return made.pdf, _pdf(pages, seed), what


def _drawn(pdf: bytes, seed: int) -> list[np.ndarray]:
    """The pages on paper: dots are filled by hand, signed and stamped."""
    pick = random.Random(f"tinta {seed}")
    dpi = pick.choice((200, 200, 240, 300))
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for number in range(len(document)):
        page = document[number]
        sheet = page.render(scale=dpi / 72).to_numpy()[:, :, :3][:, :, ::-1].copy()
        text = page.get_textpage().get_text_bounded()
        scale, height = dpi / 72, page.get_height()
        if "Contoh Sarjana" in text:
            search = page.get_textpage().search("Contoh Sarjana")
            place = search.get_next()
            if place is not None:
                box = page.get_textpage().get_charbox(place[0])
                _sign(sheet, (box[0] * scale, (height - box[1]) * scale), scale, pick)
        search = page.get_textpage().search("........")
        place = search.get_next()
        while place is not None:
            box = page.get_textpage().get_charbox(place[0])
            _write(sheet, (box[0] * scale, (height - box[1]) * scale), scale, pick)
            search = page.get_textpage().search("........", index=place[0] + 40)
            place = search.get_next()
        found.append(sheet)
    return found


def _sign(sheet: np.ndarray, at: tuple[float, float], scale: float, pick: random.Random) -> None:
    """A signature above the name that may hang into it, and mostly a stamp at its left."""
    points = [
        (at[0] + (-10 + 160 * t + pick.gauss(0, 14)) * scale, at[1] + (-45 + pick.gauss(0, 18)) * scale)
        for t in np.linspace(0, 1, 9)
    ]
    ink = pick.choice((BLUE, BLUE, BLACK))
    _stroke(sheet, _curve(points), ink, pick.uniform(0.8, 1.7) * scale)
    if pick.random() < 0.85:
        centre = (int(at[0] + pick.uniform(-40, 25) * scale), int(at[1] + pick.uniform(-55, -10) * scale))
        _stamp(sheet, centre, scale, pick)


def _curve(points: list[tuple[float, float]]) -> np.ndarray:
    found = []
    for first, second, third in zip(points, points[1:], points[2:], strict=False):
        start = np.add(first, second) / 2
        end = np.add(second, third) / 2
        middle = np.array(second)
        found += [(1 - t) ** 2 * start + 2 * t * (1 - t) * middle + t**2 * end for t in np.linspace(0, 1, 20)]
    return np.array(found)


def _stroke(sheet: np.ndarray, points: np.ndarray, ink: tuple[int, int, int], width: float) -> None:
    layer = np.full_like(sheet, 255)
    cv2.polylines(layer, [points.round().astype(np.int32)], False, ink, max(1, round(width)), cv2.LINE_AA)
    np.minimum(sheet, layer, out=sheet)


def _stamp(sheet: np.ndarray, centre: tuple[int, int], scale: float, pick: random.Random) -> None:
    layer = np.full_like(sheet, 255)
    radius = int(48 * scale)
    cv2.circle(layer, centre, radius, VIOLET, max(2, round(1.6 * scale)), cv2.LINE_AA)
    cv2.circle(layer, centre, int(radius * 0.66), VIOLET, max(1, round(0.8 * scale)), cv2.LINE_AA)
    cv2.putText(
        layer, "SERANG", (centre[0] - int(24 * scale), centre[1] + int(4 * scale)), cv2.FONT_HERSHEY_SIMPLEX,
        0.42 * scale, VIOLET, max(1, round(scale)), cv2.LINE_AA,
    )  # fmt: skip
    turn = cv2.getRotationMatrix2D(centre, pick.uniform(-40, 40), 1)
    layer = cv2.warpAffine(layer, turn, layer.shape[1::-1], borderValue=(255, 255, 255))
    strength = pick.uniform(0.55, 1)
    faded = 255 - (255 - layer.astype(np.float32)) * strength
    sheet[:] = (sheet.astype(np.float32) * faded / 255).astype(np.uint8)


def _write(sheet: np.ndarray, at: tuple[float, float], scale: float, pick: random.Random) -> None:
    """Something like a handwritten number on the dots."""
    ink = pick.choice((BLUE, BLACK))
    x = at[0]
    for _ in range(pick.randint(6, 12)):
        points = [(x + pick.uniform(0, 7) * scale, at[1] + pick.uniform(-11, 1) * scale) for _ in range(5)]
        _stroke(sheet, _curve(points), ink, 0.9 * scale)
        x += 9 * scale


def _scan(sheet: np.ndarray, seed: int, at: int) -> np.ndarray:
    """The flat bed: skew, slight perspective, paper that is not flat, blur, grey, noise."""
    pick = np.random.default_rng([seed, at, 7])
    height, width = sheet.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), pick.uniform(-2.5, 2.5), pick.uniform(0.965, 1.015))
    whole = np.vstack([turn, [0, 0, 1]])
    whole[:2, 2] += pick.uniform(-0.006, 0.006, 2) * width
    whole[2, :2] = pick.uniform(-6e-6, 6e-6, 2)
    ys, xs = np.mgrid[:height, :width].astype(np.float32)
    back = np.linalg.inv(whole)
    depth = back[2, 0] * xs + back[2, 1] * ys + back[2, 2]
    fx = ((back[0, 0] * xs + back[0, 1] * ys + back[0, 2]) / depth).astype(np.float32)
    fy = ((back[1, 0] * xs + back[1, 1] * ys + back[1, 2]) / depth).astype(np.float32)
    bend = pick.uniform(0, 2.2, 2) * width / 1654
    fx += (bend[0] * np.sin(ys / height * pick.uniform(2, 9) + pick.uniform(0, 6))).astype(np.float32)
    fy += (bend[1] * np.sin(xs / width * pick.uniform(2, 9) + pick.uniform(0, 6))).astype(np.float32)
    paper_white = 255
    made = cv2.remap(sheet, fx, fy, cv2.INTER_LINEAR, borderValue=(paper_white,) * 3)
    made = cv2.GaussianBlur(made, (0, 0), pick.uniform(0.35, 1.0) * width / 1654)
    shade = pick.uniform(0.78, 1.0) + pick.uniform(-0.08, 0.08) * xs / width + pick.uniform(-0.08, 0.08) * ys / height
    lift = pick.uniform(0, 40)
    curve = (lift + (255 - lift) * np.linspace(0, 1, 256) ** pick.uniform(0.8, 1.25)).astype(np.float32)
    grey = curve[made] * shade.astype(np.float32)[:, :, None]
    grey += np.float32(pick.uniform(1.5, 9)) * pick.standard_normal((height, width, 1), np.float32)
    made = np.clip(grey, 0, 255).astype(np.uint8)
    if pick.random() < 0.3:
        made = np.repeat(cv2.cvtColor(made, cv2.COLOR_RGB2GRAY)[:, :, None], 3, axis=2)
    return made


def _pdf(pages: list[np.ndarray], seed: int) -> bytes:
    quality = random.Random(f"mutu {seed}").choice((45, 60, 75, 85, 92))
    pictures = [Image.fromarray(each) for each in pages]
    out = io.BytesIO()
    pictures[0].save(
        out,
        "PDF",
        save_all=True,
        append_images=pictures[1:],
        quality=quality,
        resolution=200,
        creationDate=DAY,
        modDate=DAY,
    )
    return out.getvalue()
