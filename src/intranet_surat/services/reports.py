"""Reports of strangers about letters that look wrong: bounded, plain text, for those who keep evidence.

Nothing in a report is followed: no address is fetched, no file is kept, no person need be named.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from intranet_surat.errors import Invalid, Unavailable, Unknown
from intranet_surat.resources.folder import new_id
from intranet_surat.resources.reports import Report
from intranet_surat.resources.site import Site
from intranet_surat.services import notices
from intranet_surat.services.evidence import keepers
from intranet_surat.services.reader import Reader

PAGE = "laporan"
"""The name of the tray's page at the site."""
LONGEST, LONGEST_CONTACT, LONGEST_NOTE = 1000, 200, 500
SHORTEST = 10
MOST = 500
"""So many reports may wait; more are refused until somebody has dealt with some."""

EMPTY = "Tulis apa yang mencurigakan, sedikitnya satu kalimat pendek."
LONG = "Paling banyak {most} huruf."
FULL = "Laporan belum dapat diterima karena terlalu banyak yang menunggu. Hubungi kantor yang disebut pada surat itu."
NO_NOTE = "Tulis apa yang dilakukan dengan laporan ini."


def take(site: Site, sent: Mapping[str, str], about: Mapping[str, str], now: datetime) -> Report:
    """Put a report into the tray. ``sent`` is what was typed, ``about`` what we ourselves had shown before.

    Raises Invalid by field, Unavailable while the tray is full.
    """
    text, contact = plain(sent.get("text", "")), plain(sent.get("contact", ""), lines=False)
    wrong = {}
    if len(text) < SHORTEST:
        wrong["text"] = EMPTY
    for name, value, most in (("text", text, LONGEST), ("contact", contact, LONGEST_CONTACT)):
        if len(value) > most:
            wrong[name] = LONG.format(most=most)
    if wrong:
        raise Invalid(wrong)
    if site.reports.waiting(MOST) >= MOST:
        raise Unavailable(FULL)
    report = Report(
        id=new_id(),
        at=now,
        text=text,
        contact=contact,
        code=about.get("code", ""),
        sha256=about.get("sha256", ""),
        verdict=about.get("verdict", ""),
    )
    keepers.tell(site, notices.REPORT, now, PAGE)
    return site.reports.add(report)


def close(site: Site, reader: Reader, name: str, note: str, now: datetime) -> Report:
    """Note what was done with a report and take it out of the tray. Raises NotAllowed, Invalid, Unknown."""
    keepers.demand(site, reader)
    report = site.reports.get(name)
    if report is None:
        raise Unknown
    note = plain(note)
    if not note or len(note) > LONGEST_NOTE:
        raise Invalid({"note": LONG.format(most=LONGEST_NOTE) if note else NO_NOTE})
    report.by, report.closed_at, report.note = reader.position, now, note
    site.reports.close(report)
    return report


def plain(text: str, *, lines: bool = True) -> str:
    """A stranger's words without signs that do not show; only the ends of lines are kept of those."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    shown = (each if unicodedata.category(each)[0] != "C" else "\n" if lines and each == "\n" else " " for each in text)
    return "".join(shown).strip()
