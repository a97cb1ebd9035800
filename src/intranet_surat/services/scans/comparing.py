"""Compares the scan of a signed paper with its print, in a job after the upload; what was found is kept beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from intranet_surat.errors import Unavailable, Unknown
from intranet_surat.resources.document import Attachment, Rendition
from intranet_surat.resources.folder import find
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import children, pages
from intranet_surat.services.children import MB, ChildStopped, Limits
from intranet_surat.services.house import House
from intranet_surat.services.scans import findings, recognising
from intranet_surat.services.scans.findings import Findings

JOB = "bandingkan-pindaian"
DIGIT = re.compile(r"\d")
PLACE, PRINT = "wet-scan", "cetak"
PATIENCE = timedelta(minutes=30)
"""How long who confirms a scan waits for the machine, and no longer."""
LIMITS = Limits(cpu=200, wall=240, memory=2048 * MB, answer=2 * MB, data=16 * MB)


def watch(site: Site, letter: Letter, scan: Attachment, now: datetime) -> None:
    """A scan of a signed paper came: compare it and recognise its text, after this transaction."""
    if scan.place != PLACE or printed(letter) is None:
        return
    args = {"letter": path_of(letter), "scan": scan.sha256}
    site.jobs.add(JOB, args, key=f"{JOB}:{letter.id}:{scan.sha256}:{len(letter.attachments)}", at=now)
    recognising.watch(site, args, len(letter.attachments), now)


def carry(_house: House, site: Site, args: Mapping[str, Any], _now: datetime) -> None:
    """The job: compare once, and keep what was found; a scan that cannot be compared is told as such."""
    letter = find(site, args["letter"])
    scan, sheet = letter.attachment(args["scan"]), printed(letter)
    if scan is None or sheet is None:
        return
    try:
        found = _child(sheet, scan, most=findings.MOST).value
        found["more"] = found.get("more") is True or scan.pages > findings.MOST
        findings.read(found)
    except ChildStopped as stopped:
        found = {"problem": stopped.reason}
    scan.findings = found if letter.private is None else _masked(found)


def _masked(found: dict[str, Any]) -> dict[str, Any]:
    """Without the digits of what was printed: personal numbers stand whole on the paper only."""
    pages = [
        {**page, "differences": [{**each, "printed": DIGIT.sub("•", each["printed"])} for each in page["differences"]]}
        for page in found.get("pages", ())
    ]
    return {**found, "pages": pages}


def printed(letter: Letter) -> Rendition | None:
    """The newest print for ink of a letter."""
    found = [each for each in letter.renditions if each.kind == PRINT]
    return found[-1] if found else None


def newest(letter: Letter) -> Attachment | None:
    """The newest scan of the signed paper."""
    found = [each for each in letter.attachments if each.place == PLACE]
    return found[-1] if found else None


def of(letter: Letter) -> Findings | None:
    """What was found on the newest scan; None as long as it was not compared."""
    scan = newest(letter)
    return findings.read(scan.findings) if scan is not None and scan.findings else None


def ready(letter: Letter, now: datetime) -> datetime | None:
    """Until when a scan that was not compared yet waits for that; None when nothing is waited for."""
    scan = newest(letter)
    if scan is None or scan.findings or printed(letter) is None or letter.fields.get("signed"):
        return None
    until = (scan.created_at or now) + PATIENCE
    return until if now < until else None


def facts(letter: Letter) -> dict[str, Any]:
    """What an act on a letter with an unconfirmed scan keeps of the comparison."""
    if not letter.fields.get("print_code") or letter.fields.get("signed"):
        return {}
    found = of(letter)
    return {"scan_check": findings.told(found)} if found is not None else {}


def stacked(house: House, letter: Letter, number: int, on: int) -> bytes:
    """Page ``number`` of the newest scan laid on page ``on`` of the print, as PNG: red was added, blue is gone.

    Raises Unknown for pages that were not found to belong together, Unavailable when it cannot be drawn.
    """
    found, scan, sheet = of(letter), newest(letter), printed(letter)
    if found is None or scan is None or sheet is None:
        raise Unknown
    if not any(each.scan == number and each.print == on for each in found.pages if on):
        raise Unknown

    def make() -> bytes:
        try:
            drawn = _child(sheet, scan, stack=number, on=on).data
        except ChildStopped:
            drawn = b""
        if not drawn.startswith(b"\x89PNG"):
            raise Unavailable("Kedua halaman belum dapat ditumpuk. Bandingkan keduanya berdampingan.")
        return drawn

    return pages.kept(house, scan.sha256, f"tumpuk-{sheet.sha256[:16]}-{number}-{on}.png", make).read_bytes()


def _child(sheet: Rendition, scan: Attachment, **arguments: int) -> children.ChildResult:
    with sheet.open() as stream:
        first = stream.read()
    with scan.open() as stream:
        second = stream.read()
    return children.run("compare_scan", first + second, limits=LIMITS, print_size=len(first), **arguments)
