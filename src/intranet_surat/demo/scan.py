"""Pictures of invented paper letters, as a scanner would give them: one grey page in a PDF."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from importlib.resources import as_file, files

from PIL import Image, ImageDraw, ImageFilter, ImageFont

WIDTH, HEIGHT = 1240, 1754  # A4 at 150 dots an inch
LEFT, RIGHT, LINE = 170, 1120, 38


def page(
    head: Sequence[str], facts: Sequence[tuple[str, str]], paragraphs: Sequence[str], sign: Sequence[str]
) -> bytes:
    """A PDF of one scanned page: letterhead, facts at the left, paragraphs, and who signed in ink."""
    picture = Image.new("L", (WIDTH, HEIGHT), 246)
    draw = ImageDraw.Draw(picture)
    with as_file(files("intranet_surat.templates").joinpath("pdf/fonts/LiberationSerif-Regular.ttf")) as font:
        text, large = ImageFont.truetype(str(font), 26), ImageFont.truetype(str(font), 34)
    y = 110
    for number, line in enumerate(head):
        face = large if number < 2 else text
        draw.text((WIDTH / 2, y), line, fill=40, font=face, anchor="ma")
        y += 48 if number < 2 else 36
    draw.line((LEFT - 40, y + 12, RIGHT + 40, y + 12), fill=40, width=4)
    y += 60
    for label, value in facts:
        draw.text((LEFT, y), label, fill=45, font=text)
        draw.text((LEFT + 150, y), f":  {value}", fill=45, font=text)
        y += LINE
    y += LINE
    for paragraph in paragraphs:
        for line in wrapped(draw, paragraph, text):
            draw.text((LEFT, y), line, fill=45, font=text)
            y += LINE
        y += LINE // 2
    y += LINE
    for number, line in enumerate(sign):
        draw.text((760, y), line, fill=45, font=text)
        y += LINE if number else LINE * 4
    _scribble(draw, y - LINE * (len(sign) + 2))
    scanned = picture.rotate(0.35, fillcolor=246).filter(ImageFilter.GaussianBlur(0.6))
    out = io.BytesIO()
    scanned.save(out, "PDF", resolution=150.0, quality=70)
    return out.getvalue()


def wrapped(draw: ImageDraw.ImageDraw, paragraph: str, font: ImageFont.FreeTypeFont) -> list[str]:
    """The paragraph in lines that fit between the margins."""
    lines = [""]
    for word in paragraph.split():
        longer = f"{lines[-1]} {word}".strip()
        if draw.textlength(longer, font=font) > RIGHT - LEFT:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def _scribble(draw: ImageDraw.ImageDraw, y: float) -> None:
    """Something like a signature in ink; the same on every page."""
    dice = random.Random(7)  # noqa: S311  a drawing, not a secret
    points = [(760 + step * 9, y + dice.uniform(-30, 30)) for step in range(24)]
    draw.line(points, fill=70, width=3, joint="curve")
