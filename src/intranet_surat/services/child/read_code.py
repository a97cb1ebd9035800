"""Child program: the QR codes on the pages of a scan."""

from __future__ import annotations

from typing import Any, BinaryIO

import zxingcpp
from PIL import Image, ImageFilter

from intranet_surat.services.child import raster

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def work(source: bytes, arguments: dict[str, Any], _data: BinaryIO) -> dict[str, Any]:
    """``codes``: the different texts of QR codes on the first ``pages`` pages, in order, at most ten."""
    codes: dict[str, None] = {}
    for number in range(1, int(arguments.get("pages", 3)) + 1):
        try:
            picture = raster.page(source, number, width=1_654)  # A4 at 200 dpi
        except raster.NoPage as error:
            if number == 1 and str(error) != "no-page":
                return {"problem": str(error)}
            break
        for text in _codes(picture):
            codes[text] = None
    return {"codes": list(codes)[:10]}


def _codes(picture: Image.Image) -> list[str]:
    """Read as it is; when nothing is found, once softened against noise and once at half the size."""
    grey = picture.convert("L")
    for attempt in (grey, grey.filter(ImageFilter.MedianFilter(3)), grey.resize((grey.width // 2, grey.height // 2))):
        read = zxingcpp.read_barcodes(attempt, formats=_QR)
        found = [each.text for each in read if each.text and len(each.text) <= 500]
        if found:
            return found
    return []
