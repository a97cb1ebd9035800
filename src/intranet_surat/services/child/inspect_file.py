"""Child program: what a file is by its content, and what stands in it that a reader must be told."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO

import pypdfium2
from PIL import Image
from pypdfium2 import raw

Image.MAX_IMAGE_PIXELS = None  # the limit of the place is checked below, on the size in the header
Image.preinit()  # loads what it needs now: no file can be opened later
_MOST_UNPACKED = 64 * 1024 * 1024
_FLAGS = {
    "javascript": rb"/(?:JavaScript|JS)\b",
    "embedded": rb"/EmbeddedFiles?\b",
    "launch": rb"/Launch\b",
    "xfa": rb"/XFA\b",
    "signed": rb"/ByteRange\b",
}


def work(source: bytes, arguments: dict[str, Any], _data: BinaryIO) -> dict[str, Any]:
    """``type`` (pdf, jpeg, png or unknown), ``pages``, ``width``, ``height``, flags; ``problem`` when unreadable."""
    if b"%PDF-" in source[:1024]:
        return _pdf(source, int(arguments.get("pixels", 0)), int(arguments.get("pages", 0)))
    if source[:3] == b"\xff\xd8\xff":
        return _picture(source, "jpeg", "JPEG")
    if source[:8] == b"\x89PNG\r\n\x1a\n":
        return _picture(source, "png", "PNG")
    return {"type": "unknown"}


def _pdf(source: bytes, pixels: int, most: int) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "pdf", **dict.fromkeys(_FLAGS, False)}
    for part in _readable(source):
        for name, mark in _FLAGS.items():
            found[name] = found[name] or re.search(mark, part) is not None
    found["encrypted"] = b"/Encrypt" in source
    try:
        document = pypdfium2.PdfDocument(source)
    except pypdfium2.PdfiumError as error:
        found["problem"] = "encrypted" if "assword" in str(error) else "broken"
        return found
    found["pages"] = len(document)
    found["xfa"] = found["xfa"] or raw.FPDF_GetFormType(document) in (2, 3)
    found["embedded"] = found["embedded"] or raw.FPDFDoc_GetAttachmentCount(document) > 0
    found["javascript"] = found["javascript"] or raw.FPDFDoc_GetJavaScriptActionCount(document) > 0
    if found["pages"] == 0:
        found["problem"] = "empty"
    for number in range(min(found["pages"], most)):
        width, height = document.get_page_size(number)
        if pixels and width * height * (200 / 72) ** 2 > pixels:
            found["problem"], found["page"] = "page-size", number + 1
            break
    return found


def _readable(source: bytes) -> Iterator[bytes]:
    """The file itself and what its object streams hold, with names spelt plainly, up to a bound."""
    yield _plain_names(source)
    left = _MOST_UNPACKED
    for packed in re.finditer(rb"/ObjStm.{0,400}?stream\r?\n", source, re.DOTALL):
        if left <= 0:
            return
        try:
            part = zlib.decompressobj().decompress(source[packed.end() :], left)
        except zlib.error:
            continue
        left -= len(part)
        yield _plain_names(part)


def _plain_names(part: bytes) -> bytes:
    """``/Java#53cript`` is written ``/JavaScript``: the format allows both."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), part) if b"#" in part else part


def _picture(source: bytes, kind: str, plugin: str) -> dict[str, Any]:
    try:
        with Image.open(io.BytesIO(source), formats=[plugin]) as picture:
            width, height = picture.size
            picture.verify()
    except (OSError, SyntaxError, ValueError):
        return {"type": kind, "problem": "broken"}
    return {"type": kind, "pages": 1, "width": width, "height": height}
