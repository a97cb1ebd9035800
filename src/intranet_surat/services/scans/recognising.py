"""The text on a scan of a signed paper, recognised by tesseract in Indonesian and kept beside the bytes, for search."""

from __future__ import annotations

import shutil
import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from intranet_surat.resources.document import Attachment
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import children, search
from intranet_surat.services.children import MB, ChildStopped, Limits
from intranet_surat.services.house import House

JOB = "kenali-pindaian"
PROGRAM, LANGUAGE = "tesseract", "ind"
PAGES, WIDTH, MOST = 12, 1_654, 100_000
"""The first pages only, at 200 dpi, and so many signs of their text."""
LONGEST = 150.0
"""Seconds after which no further page is begun: the lease of a job is longer."""
DRAWING = Limits(cpu=20, wall=40, memory=1024 * MB)
READING = Limits(cpu=20, wall=40, memory=1024 * MB, data=1 * MB)
MISSING = "Teks pindaian tidak dikenali: program tesseract tidak terpasang pada server. Beri tahu DKISP."
PERSONAL = "Teks pindaian tidak dikenali karena surat ini memuat data pribadi."
FAILED = "Teks pindaian tidak dapat dikenali."


def watch(site: Site, args: Mapping[str, Any], number: int, now: datetime) -> None:
    """Recognise the text of a scan after this transaction."""
    site.jobs.add(JOB, args, key=f"{JOB}:{args['letter']}:{args['scan']}:{number}", at=now)


def carry(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: keep the text, or why there is none; then let search see it."""
    letter: Letter = find(site, args["letter"])
    scan = letter.attachment(args["scan"])
    if scan is None:
        return
    scan.words, scan.unread = recognised(scan) if letter.private is None else ("", PERSONAL)
    search.sync(house, site, letter, now)


def recognised(scan: Attachment, program: str | None = None) -> tuple[str, str]:
    """The text and "", or "" and the sentence that says why there is none."""
    found = program or shutil.which(PROGRAM)
    if found is None:
        return "", MISSING
    parts: list[str] = []
    end = time.monotonic() + LONGEST
    with scan.open() as stream:
        source = stream.read()
    try:
        for number in range(1, min(scan.pages or 1, PAGES) + 1):
            if time.monotonic() > end:
                break
            drawn = children.run("page_image", source, limits=DRAWING, page=number, width=WIDTH)
            if not drawn.data:
                break
            command = [found, "stdin", "stdout", "-l", LANGUAGE, "--dpi", "200"]
            environment = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}
            made = children.tool(command, drawn.data, limits=READING, environment=environment)
            parts.append(made.decode("utf-8", "replace"))
    except ChildStopped:
        return "", FAILED
    text = "".join(each if each.isprintable() or each == "\n" else " " for each in "\n".join(parts))
    return text[:MOST], ""
