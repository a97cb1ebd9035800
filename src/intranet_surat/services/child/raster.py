"""One page of a PDF or a picture as pixels, bounded; shared by the child programs that look at pages."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image, TiffImagePlugin

Image.MAX_IMAGE_PIXELS = None  # bounded by `most` below
Image.preinit()  # loads what it needs now, as does the line below: no file can be opened later
_NOTES_OF_CAMERAS = TiffImagePlugin
MOST_PIXELS = 50_000_000


class NoPage(ValueError):
    """The file has no such page, or it cannot be read; its argument is a word for the parent."""


def page(source: bytes, number: int, *, width: int) -> Image.Image:
    """Page ``number`` (from 1) at about ``width`` pixels; raises NoPage."""
    if b"%PDF-" in source[:1024]:
        return _pdf_page(source, number, width)
    if number != 1:
        raise NoPage("no-page")
    try:
        picture = Image.open(io.BytesIO(source), formats=["JPEG", "PNG"])
        if picture.width * picture.height > MOST_PIXELS:
            raise NoPage("page-size")
        picture.draft("RGB", (width * 2, width * 2))
        upright = _upright(picture)
    except (OSError, SyntaxError, ValueError) as error:
        raise NoPage(str(error) if isinstance(error, NoPage) else "broken") from None
    if upright.mode not in ("L", "RGB"):
        upright = _on_white(upright)
    if upright.width <= width:
        return upright
    return upright.resize((width, max(1, upright.height * width // upright.width)), Image.Resampling.LANCZOS)


def _on_white(picture: Image.Image) -> Image.Image:
    clear = picture.convert("RGBA")
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(clear, mask=clear.getchannel("A"))
    return sheet


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as the camera meant it; the other notes of the camera are dropped with the picture."""
    turns = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_270, 8: Image.Transpose.ROTATE_90}
    turn = turns.get(picture.getexif().get(0x0112, 1))
    picture.load()
    return picture.transpose(turn) if turn is not None else picture


def _pdf_page(source: bytes, number: int, width: int) -> Image.Image:
    try:
        document = pypdfium2.PdfDocument(source)
        document.init_forms()
    except pypdfium2.PdfiumError as error:
        raise NoPage("encrypted" if "assword" in str(error) else "broken") from None
    if not 1 <= number <= len(document):
        raise NoPage("no-page")
    wide, high = document.get_page_size(number - 1)
    if wide <= 0 or high <= 0 or width * width * high / wide > MOST_PIXELS:
        raise NoPage("page-size")
    try:
        drawn: Image.Image = document[number - 1].render(scale=width / wide).to_pil().convert("RGB")
    except pypdfium2.PdfiumError:
        raise NoPage("broken") from None
    return drawn
