"""The second desk: another rasteriser, other ink, other scanner. Written after the comparer was frozen; nothing shared
with the first desk but the letters."""

from __future__ import annotations

import io
import math
import random
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
from paper_letters import paper
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from intranet_surat.services.rendering_typst import folder

PENS = ((20, 34, 120), (10, 60, 170), (18, 18, 22), (35, 35, 45))
PADS = ((120, 40, 140), (30, 40, 160), (170, 30, 40), (60, 60, 150))
FONT, HAND = "LiberationSans-Regular.ttf", "LiberationSerif-Italic.ttf"


def clean(seed: int) -> tuple[bytes, bytes]:
    """(print, scan) of a letter nobody touched."""
    pdf = paper(seed, change=False).pdf
    return pdf, _bundle(_scanned(pdf, pdf, seed), seed)


def altered(seed: int) -> tuple[bytes, bytes, str]:
    """(print, scan, what was done) of a letter that was tampered with."""
    chance = random.Random(seed * 31 + 5)
    what = chance.choices(("digit", "pasted", "missing", "order", "other"), (45, 35, 7, 6, 7))[0]
    if what == "digit":
        made = paper(seed)
        return made.pdf, _bundle(_scanned(made.pdf, made.changed, seed), seed), what
    if what == "pasted":
        pdf = paper(seed, change=False).pdf
        return pdf, _bundle(_scanned(pdf, pdf, seed, paste=True), seed), what
    pdf = paper(seed, long=True, change=False).pdf
    pages = _scanned(pdf, pdf, seed)
    if what == "missing":
        del pages[chance.randrange(len(pages))]
    elif what == "order":
        at = chance.randrange(1, len(pages))
        pages[0], pages[at] = pages[at], pages[0]
    else:
        strange = paper(seed + 7_000_000, long=True, change=False).pdf
        others = _scanned(strange, strange, seed)
        at = chance.randrange(min(len(pages), len(others)))
        pages[at] = others[at]
    return pdf, _bundle(pages, seed), what


def _scanned(print_pdf: bytes, paper_pdf: bytes, seed: int, *, paste: bool = False) -> list[Image.Image]:
    chance = random.Random(seed * 17 + 3)
    dpi = chance.choice((200, 200, 220, 250, 300))
    sheets = _raster(paper_pdf, dpi)
    document = pypdfium2.PdfDocument(print_pdf)
    chosen = _chosen(document, chance) if paste else None
    made = []
    for at, sheet in enumerate(sheets):
        unit = dpi / 72
        kept = None
        if chosen is not None and chosen[0] == at:
            kept = _paste(sheet, chosen, unit, chance)
        inked = _inked(sheet, document[at], unit, chance, kept)
        made.append(_machine(inked, dpi, seed, at))
    return made


def _raster(pdf: bytes, dpi: int) -> list[Image.Image]:
    with tempfile.TemporaryDirectory() as room:
        source = Path(room) / "surat.pdf"
        source.write_bytes(pdf)
        subprocess.run(["pdftoppm", "-r", str(dpi), source, Path(room) / "hal"], check=True)
        return [Image.open(each).convert("RGB") for each in sorted(Path(room).glob("hal*.ppm"))]


def _chosen(document: pypdfium2.PdfDocument, chance: random.Random):
    """A digit of the text of at least 11 points: page, digit, origin, size, box (points from the top left)."""
    found = []
    for number in range(len(document)):
        page = document[number]
        text, height = page.get_textpage(), page.get_height()
        for at in range(text.count_chars()):
            sign = text.get_text_range(at, 1)
            if len(sign) != 1 or sign not in "0123456789":
                continue
            size = pypdfium2.raw.FPDFText_GetFontSize(text, at)
            weight = pypdfium2.raw.FPDFText_GetFontWeight(text, at)
            if not 10.95 <= size <= 12.5 or weight > 500:
                continue
            left, bottom, right, top = text.get_charbox(at)
            loose = text.get_charbox(at, loose=True)
            found.append((number, sign, loose[0], size, (left, height - top, right, height - bottom)))
    return chance.choice(found)


def _paste(sheet: Image.Image, chosen, unit: float, chance: random.Random):
    """A forger's work on paper: the digit is painted out, another is set with the same type, a little beside."""
    _, sign, left, size, box = chosen
    box = tuple(each * unit for each in box)
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((round(box[0]) - 1, round(box[1]) - 1, round(box[2]) + 1, round(box[3]) + 1), fill="white")
    other = chance.choice([each for each in "0123456789" if each != sign])
    font = ImageFont.truetype(str(folder() / "fonts" / FONT), size * unit)
    draw.text((left * unit + chance.uniform(-0.7, 0.7), box[3] + chance.uniform(-0.7, 0.7)), other, "black", font, "ls")
    return box


def _inked(sheet: Image.Image, page, unit: float, chance: random.Random, kept) -> Image.Image:
    text, height = page.get_textpage(), page.get_height()
    for _ in range(30):
        layer = Image.new("RGB", sheet.size, "white")
        place = text.search("Contoh Sarjana").get_next()
        if place is not None:
            box = text.get_charbox(place[0])
            _signature(layer, box[0] * unit, (height - box[3]) * unit, unit, chance)
            if chance.random() < 0.8:
                layer = ImageChops.multiply(
                    layer, _pad(sheet.size, box[0] * unit, (height - box[3]) * unit, unit, chance)
                )
        _by_hand(layer, text, height, unit, chance)
        if chance.random() < 0.25:
            _initials(layer, unit, chance)
        if kept is None or _free(layer, kept):
            break
    return ImageChops.multiply(sheet, layer)


def _free(layer: Image.Image, box) -> bool:
    """A changed digit that is mostly under ink is nobody's to see."""
    part = np.asarray(layer.crop(tuple(round(each) for each in box)).convert("L"))
    return part.size == 0 or float((part < 200).mean()) < 0.3


def _signature(layer: Image.Image, x: float, y: float, unit: float, chance: random.Random) -> None:
    """Loops of a pen whose width follows its speed."""
    draw, pen = ImageDraw.Draw(layer), chance.choice(PENS)
    phase, wide, tall = chance.uniform(0, 6), chance.uniform(50, 90), chance.uniform(18, 38)
    first, second = chance.uniform(2.2, 5.5), chance.uniform(3.0, 8.0)
    for step in range(1600):
        t = step / 1600
        px = x + unit * (10 + wide * 1.6 * t + 0.25 * wide * math.sin(first * 6.28 * t + phase))
        py = y + unit * (-24 + tall * math.sin(second * 6.28 * t) * (1 - 0.4 * t) + 8 * math.cos(3 * t + phase))
        r = unit * (0.45 + 0.35 * abs(math.cos(second * 6.28 * t)))
        draw.ellipse((px - r, py - r, px + r, py + r), fill=pen)


def _pad(size, x: float, y: float, unit: float, chance: random.Random) -> Image.Image:
    """A rubber stamp, oval or square, unevenly inked."""
    colour = chance.choice(PADS)
    side = round(110 * unit)
    stamp = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(stamp)
    edge = max(2, round(1.8 * unit))
    if chance.random() < 0.7:
        draw.ellipse((edge, edge, side - edge, side - edge), outline=255, width=edge)
        draw.ellipse((side * 0.2, side * 0.2, side * 0.8, side * 0.8), outline=255, width=max(1, edge // 2))
    else:
        draw.rectangle((edge, side * 0.25, side - edge, side * 0.75), outline=255, width=edge)
    font = ImageFont.truetype(str(folder() / "fonts" / "LiberationSans-Bold.ttf"), 11 * unit)
    draw.text((side / 2, side / 2), "KAB. SERANG", 255, font, "mm")
    blotch = np.random.default_rng(chance.getrandbits(32)).random((12, 12))
    uneven = Image.fromarray((np.clip(0.45 + 0.6 * blotch, 0, 1) * 255).astype(np.uint8)).resize(
        (side, side), Image.BICUBIC
    )
    stamp = ImageChops.multiply(stamp, uneven).rotate(chance.uniform(-25, 25), Image.BICUBIC)
    sheet = Image.new("RGB", size, "white")
    at = (round(x - side / 2 + chance.uniform(-20, 30) * unit), round(y - side / 2 + chance.uniform(-40, 15) * unit))
    sheet.paste(Image.new("RGB", stamp.size, colour), at, stamp)
    return sheet


def _by_hand(layer: Image.Image, text, height: float, unit: float, chance: random.Random) -> None:
    """Number and date written on the dots."""
    draw = ImageDraw.Draw(layer)
    font = ImageFont.truetype(str(folder() / "fonts" / HAND), chance.uniform(13, 17) * unit)
    written = iter(
        (f"{chance.randint(1, 28)} Nopember 2026", f"B/{chance.randint(1, 999)}/900.1.3/2026", "3", "4", "5")
    )
    search, last = text.search("......"), -100.0
    while (place := search.get_next()) is not None:
        box = text.get_charbox(place[0])
        if abs(box[1] - last) > 4:
            last = box[1]
            at = ((box[0] + 4) * unit, (height - box[1] + chance.uniform(-2, 1)) * unit)
            draw.text(at, next(written, "-"), chance.choice(PENS), font, "ls")


def _initials(layer: Image.Image, unit: float, chance: random.Random) -> None:
    """A paraf in the lower margin."""
    draw = ImageDraw.Draw(layer)
    x, y = layer.width * chance.uniform(0.8, 0.9), layer.height * chance.uniform(0.93, 0.955)
    points = [(x + chance.uniform(-15, 15) * unit, y + chance.uniform(-9, 9) * unit) for _ in range(7)]
    draw.line(points, chance.choice(PENS), max(1, round(0.9 * unit)), "curve")


def _machine(sheet: Image.Image, dpi: int, seed: int, at: int) -> Image.Image:
    """A feeder with a dirty glass: dot gain, curl, fold, slip, cut edges, shadow, bands, dust, staple, holes."""
    chance = np.random.default_rng([seed, at, 911])
    k = dpi / 200
    grown = sheet
    if chance.random() < 0.5:
        gain = sheet.filter(ImageFilter.MinFilter(3))
        grown = Image.blend(sheet, gain, float(chance.uniform(0.1, 0.5)))
    elif chance.random() < 0.4:
        grown = Image.blend(sheet, sheet.filter(ImageFilter.MaxFilter(3)), float(chance.uniform(0.05, 0.25)))
    grown = _bent(grown, chance, k)
    turn = float(chance.normal(0, 1.1))
    grown = grown.rotate(max(-3, min(3, turn)), Image.BICUBIC, fillcolor=(252, 252, 250))
    grown = _cut(grown, chance)
    grown = grown.filter(ImageFilter.GaussianBlur(float(chance.uniform(0.2, 0.85) * k)))
    marks = ImageDraw.Draw(grown)
    width, height = grown.size
    for _ in range(int(chance.integers(0, 40))):
        x, y, r = chance.uniform(0, width), chance.uniform(0, height), chance.uniform(0.4, 1.6) * k
        marks.ellipse((x - r, y - r, x + r, y + r), fill=int(chance.integers(40, 170)) * 0x010101)
    if chance.random() < 0.3:
        x, y = chance.uniform(0.03, 0.07) * width, chance.uniform(0.02, 0.05) * height
        marks.line((x, y, x + 55 * k, y - 30 * k), fill=(95, 95, 100), width=round(5 * k))
    if chance.random() < 0.2:
        for y in (0.38, 0.62):
            r = 22 * k
            marks.ellipse((0.03 * width - r, y * height - r, 0.03 * width + r, y * height + r), fill=(70, 70, 72))
    values = np.asarray(grown, np.float32)
    values = _light(values, chance)
    made = Image.fromarray(np.clip(values, 0, 255).astype(np.uint8))
    made = ImageEnhance.Contrast(made).enhance(float(chance.uniform(0.75, 1.2)))
    if chance.random() < 0.35:
        made = made.convert("L")
    return made


def _bent(sheet: Image.Image, chance: np.random.Generator, k: float) -> Image.Image:
    """A mesh of quads: curl at one side, a fold across, a slip of the feeder, trapezoid."""
    width, height = sheet.size
    columns, rows = 9, 22
    xs, ys = np.linspace(0, width, columns + 1), np.linspace(0, height, rows + 1)
    gx, gy = np.meshgrid(xs, ys)
    curl, slip = chance.uniform(-6, 6) * k, chance.uniform(0, 2.0) * k
    fold = chance.uniform(0.25, 0.75) * height
    side = gx / width if chance.random() < 0.5 else 1 - gx / width
    dy = curl * side**3 + slip * np.sin(gy / height * chance.uniform(10, 30))
    dy += np.where(gy > fold, chance.uniform(-2.5, 2.5) * k, 0)
    dx = chance.uniform(-10, 10) * k * (gy / height - 0.5) * (gx / width - 0.5) + chance.normal(0, 0.25 * k, gx.shape)
    px, py = gx + dx, gy + dy
    mesh = []
    for row in range(rows):
        for column in range(columns):
            box = (round(xs[column]), round(ys[row]), round(xs[column + 1]), round(ys[row + 1]))
            corners = [(row, column), (row + 1, column), (row + 1, column + 1), (row, column + 1)]
            mesh.append((box, tuple(float(v) for r, c in corners for v in (px[r, c], py[r, c]))))
    return sheet.transform(sheet.size, Image.Transform.MESH, mesh, Image.Resampling.BILINEAR, fillcolor=(255, 255, 255))


def _cut(sheet: Image.Image, chance: np.random.Generator) -> Image.Image:
    """Margins are lost at the sides, or the glass is larger than the paper."""
    width, height = sheet.size
    cuts = chance.uniform(-0.015, 0.02, 4)
    box = (
        round(cuts[0] * width), round(cuts[1] * height), round(width * (1 - cuts[2])), round(height * (1 - cuts[3])),
    )  # fmt: skip
    ground = Image.new("RGB", (box[2] - box[0], box[3] - box[1]), (int(chance.integers(225, 256)),) * 3)
    ground.paste(sheet, (-box[0], -box[1]))
    return ground


def _light(values: np.ndarray, chance: np.random.Generator) -> np.ndarray:
    height, width = values.shape[:2]
    values = values * np.array(chance.uniform([0.86, 0.86, 0.80], [1.0, 1.0, 0.98]), np.float32)
    if chance.random() < 0.5:
        edge = np.linspace(0, 1, width, dtype=np.float32)
        edge = edge if chance.random() < 0.5 else edge[::-1]
        values = values * (1 - chance.uniform(0.1, 0.5) * np.exp(-edge / chance.uniform(0.03, 0.15)))[None, :, None]
    bands = 1 + chance.uniform(0, 0.04) * np.sin(np.arange(height) / chance.uniform(3, 40))
    values = values * bands[:, None, None].astype(np.float32)
    for _ in range(int(chance.integers(0, 4))):
        values[:, int(chance.integers(0, width))] *= float(chance.uniform(0.75, 0.95))
    grain = np.float32(chance.uniform(1, 7)) * chance.standard_normal((height, width, 1), np.float32)
    return values + grain


def _bundle(pages: list[Image.Image], seed: int) -> bytes:
    """The pages as JPEG in a PDF, put there without another compression."""
    chance = random.Random(seed * 13 + 1)
    quality = chance.choice((50, 60, 70, 80, 90))
    made = pikepdf.Pdf.new()
    for page in pages:
        out = io.BytesIO()
        page.save(out, "JPEG", quality=quality)
        picture = pikepdf.Stream(made, out.getvalue())
        picture.Type, picture.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
        picture.Width, picture.Height, picture.BitsPerComponent = page.width, page.height, 8
        picture.ColorSpace = pikepdf.Name.DeviceGray if page.mode == "L" else pikepdf.Name.DeviceRGB
        picture.Filter = pikepdf.Name.DCTDecode
        sheet = made.add_blank_page(page_size=(595, 595 * page.height / page.width))
        sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Gambar=picture))
        sheet.Contents = pikepdf.Stream(
            made, f"q 595 0 0 {595 * page.height / page.width:.3f} 0 0 cm /Gambar Do Q".encode()
        )
    out = io.BytesIO()
    made.save(out, deterministic_id=True)
    return out.getvalue()
