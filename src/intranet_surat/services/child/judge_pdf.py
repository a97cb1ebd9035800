"""Child program: judges the signatures of a PDF that somebody brought, against authorities given with it."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, BinaryIO

from intranet_surat.services import verifying, verifying_pdf

verifying_pdf.load_everything()  # no file can be opened any more when the work begins


def work(source: bytes, arguments: dict[str, Any], _data: BinaryIO) -> dict[str, Any]:
    """``verdict`` as plain values, or ``over`` with what is more than the limits allow (pages, signatures).

    The input is one line of JSON (``now``, ``roots``) and then the file.
    """
    head, _, pdf = source.partition(b"\n")
    told = json.loads(head)
    over = _over(pdf, int(arguments["pages"]), int(arguments["signatures"]))
    if over:
        return {"over": over}
    roots = tuple(each.encode() for each in told["roots"])
    return {"verdict": verifying.verdict(pdf, roots, now=datetime.fromisoformat(told["now"])).as_dict()}


def _over(pdf: bytes, pages: int, signatures: int) -> str:
    try:
        outline = verifying_pdf.outline(pdf)
    except verifying_pdf.UnreadableError:
        return ""  # the verdict says so with its reason
    if outline.pages > pages:
        return "pages"
    return "signatures" if outline.signatures > signatures else ""
