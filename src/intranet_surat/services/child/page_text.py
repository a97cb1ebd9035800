"""Child program: the words of one page of a PDF, for readers who do not see the image."""

from __future__ import annotations

from typing import Any, BinaryIO

import pypdfium2


def work(source: bytes, arguments: dict[str, Any], _data: BinaryIO) -> dict[str, Any]:
    """``text`` of page ``page``, cut at ``most`` signs; empty for pictures and scans without text."""
    if b"%PDF-" not in source[:1024]:
        return {"text": ""}
    try:
        document = pypdfium2.PdfDocument(source)
        if not 1 <= int(arguments["page"]) <= len(document):
            return {"problem": "no-page"}
        text = document[int(arguments["page"]) - 1].get_textpage().get_text_bounded()
    except pypdfium2.PdfiumError as error:
        return {"problem": "encrypted" if "assword" in str(error) else "broken"}
    kept = "".join(each if each.isprintable() or each == "\n" else " " for each in text.replace("\r\n", "\n"))
    return {"text": kept[: int(arguments["most"])]}
