"""Reports of strangers about letters that look wrong: bounded, plain text, for those who keep evidence.

Nothing in a report is followed: no address is fetched, no file is kept, no person need be named.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
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
SHARE = 20
"""So many of them may be of one network and one day: nobody fills the tray alone."""

EMPTY = "Tulis apa yang mencurigakan, sedikitnya satu kalimat pendek."
LONG = "Paling banyak {most} huruf."
FULL = "Laporan belum dapat diterima karena terlalu banyak yang menunggu. Hubungi kantor yang disebut pada surat itu."
FULL_HERE = "Dari jaringan ini hari ini sudah cukup banyak laporan yang menunggu. Kirim lagi besok."
SAME = "Laporan yang sama sudah kami terima dan sedang menunggu petugas."
NONE = "Centang sedikitnya satu laporan."
NO_NOTE = "Tulis apa yang dilakukan dengan laporan ini."


def take(site: Site, sent: Mapping[str, str], about: Mapping[str, str], now: datetime, *, origin: str = "") -> Report:
    """Put a report into the tray. ``sent`` is what was typed, ``about`` what we ourselves had shown before.

    ``origin`` is the same for what comes from one network on one day; "" is not counted. Raises Invalid by field,
    Unavailable while the tray, or the share of its network, is full.
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
        origin=origin,
    )
    waiting = list(site.reports.open())
    if any(_same(each, report) for each in waiting):
        raise Invalid({"text": SAME})
    if origin and sum(each.origin == origin for each in waiting) >= SHARE:
        raise Unavailable(FULL_HERE)
    keepers.tell(site, notices.REPORT, now, PAGE)
    return site.reports.add(report)


def _same(one: Report, other: Report) -> bool:
    told = [(" ".join(each.text.casefold().split()), each.code, each.sha256) for each in (one, other)]
    return told[0] == told[1]


def close(site: Site, reader: Reader, names: Collection[str], note: str, now: datetime) -> list[Report]:
    """Note what was done with reports and take them out of the tray; those that are done already are left.

    Raises NotAllowed, Invalid, Unknown when none of them waits.
    """
    keepers.demand(site, reader)
    if not names:
        raise Invalid({"note": NONE})
    found = [each for each in site.reports.open() if each.id in names]
    if not found:
        raise Unknown
    note = plain(note)
    if not note or len(note) > LONGEST_NOTE:
        raise Invalid({"note": LONG.format(most=LONGEST_NOTE) if note else NO_NOTE})
    for report in found:
        report.by, report.closed_at, report.note, report.origin = reader.position, now, note, ""
        site.reports.close(report)
    return found


def plain(text: str, *, lines: bool = True) -> str:
    """A stranger's words without signs that do not show; only the ends of lines are kept of those."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    shown = (each if unicodedata.category(each)[0] != "C" else "\n" if lines and each == "\n" else " " for each in text)
    return "".join(shown).strip()
