"""Child program: one page as a light PNG for the screen."""

from __future__ import annotations

from typing import Any, BinaryIO

from PIL import Image

from intranet_surat.services.child import raster


def work(source: bytes, arguments: dict[str, Any], data: BinaryIO) -> dict[str, Any]:
    """Write page ``page`` at ``width`` pixels as PNG; ``width`` and ``height`` of it, or ``problem``."""
    try:
        picture = raster.page(source, int(arguments["page"]), width=int(arguments["width"]))
    except raster.NoPage as error:
        return {"problem": str(error)}
    _light(picture).save(data, "PNG", optimize=False, compress_level=9)
    return {"width": picture.width, "height": picture.height}


def _light(picture: Image.Image) -> Image.Image:
    """Sixteen greys for a black and white page, else 128 colours: a third of the bytes, and as readable."""
    small = picture.convert("RGB").resize((64, 64))
    pixels = small.tobytes()
    colourful = any(max(pixels[at : at + 3]) - min(pixels[at : at + 3]) > 24 for at in range(0, len(pixels), 3))
    if colourful:
        return picture.convert("RGB").quantize(128, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    return picture.convert("L").quantize(16, dither=Image.Dither.NONE)
