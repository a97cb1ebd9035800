"""When the evidence of each signed letter is made and renewed: on the day of signing, then a year before it would end.

What is made is the matter of `longterm`. One letter is done in one job; of all that are due, the one whose
evidence could be lost first comes first. A letter whose evidence cannot be had now is as valid as before.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from ZODB.POSException import POSKeyError

from intranet_surat.kinds.dates import long_date
from intranet_surat.resources.folder import find_if_there, new_id
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.renewals import Due
from intranet_surat.resources.site import Site
from intranet_surat.services import apart, delivery, notices, people_notices, timestamping, verifying, work
from intranet_surat.services.evidence import keepers, longterm
from intranet_surat.services.evidence.fetching import Source
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at, state_of
from intranet_surat.workflow.model_words import WET

JOB = "bukti-jangka-panjang"
NIGHTLY = "perbarui-bukti"
AFTER = timedelta(hours=3)
YEAR = timedelta(days=365)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)
DAY = timedelta(days=1)
NEAR = timedelta(days=30)
"""So long before evidence can no longer be had, everybody who can help is told; and after a first day in vain."""

NOTHING_TO_DO = "Anda tidak perlu berbuat apa-apa."

State = Literal["kept", "due", "missing", "late", "broken", "lost", "revoked"]

logger = logging.getLogger(__name__)


def watch(house: House, site: Site, letter: Letter, pdf: bytes, now: datetime) -> None:
    """A letter was signed: its evidence is due now. Called in the transaction that stores the signed file."""
    where = path_of(letter)
    if not _evident(letter):
        site.renewals.drop(where)
        return
    site.renewals.put(Due(where, letter.office, now, longterm.useful_until(pdf), now))
    _wake(house, site, now)


def state(due: Due, now: datetime) -> State:
    """How the evidence of a letter stands; `checks.ALARMS` are those for which somebody must do something."""
    if due.revoked:
        return "revoked"
    if due.ends <= now:
        return "lost"
    if due.broken:
        return "broken"
    waits = not due.stamps or due.tries > 0 or due.at <= now
    if waits and (now - due.since >= DAY or due.ends - now <= NEAR):
        return "late"
    if not due.stamps:
        return "missing"
    return "due" if waits else "kept"


def told(house: House, site: Site, letter: Letter, now: datetime) -> str:
    """The line on the letter's page; empty for a letter without an electronic signature."""
    due = site.renewals.get(path_of(letter))
    if due is None or not _evident(letter):
        return ""
    until, day = long_date(house.local(due.ends).date()), long_date(house.local(due.at).date())
    again = f"dicoba lagi {day}, {house.local(due.at):%H.%M}" if house.settings.timestamps else "DKISP menyiapkannya"
    return {
        "kept": f"Bukti jangka panjang lengkap sampai {until} dan diperbarui sendiri mulai {day}. {NOTHING_TO_DO}",
        "due": f"Bukti jangka panjang lengkap sampai {until} dan sedang diperbarui. {NOTHING_TO_DO}",
        "missing": f"Bukti jangka panjang belum dibuat; {again}. {NOTHING_TO_DO}",
        "late": f"Bukti jangka panjang belum dapat dibuat atau diperbarui; {again}, paling lambat {until}. "
        f"DKISP sudah diberi tahu. {NOTHING_TO_DO}",
        "broken": f"Bukti jangka panjang tidak dapat dibuat karena galat pada sistem; {again}. "
        f"DKISP melihatnya di halaman Bukti. {NOTHING_TO_DO}",
        "lost": "Bukti jangka panjang tidak dapat dibuat lagi. Simpan berkas surat ini dan hubungi DKISP.",
        "revoked": "Sertifikat seorang penanda tangan ternyata sudah dicabut sebelum dipakai menandatangani surat ini. "
        "Hubungi DKISP sebelum memakai surat ini.",
    }[state(due, now)]


def carry(house: House, site: Site, _args: Mapping[str, Any], now: datetime) -> None:
    """The job: make or renew the evidence of the letter that may lose it first, among those that are due.

    What breaks at one letter is that letter's alone: nothing of it stays but that, and the next one has its turn.
    """
    due = next(site.renewals.due(now), None)
    if due is None:
        return
    for error in apart.together(site, JOB, [due.letter], lambda _: _carry(house, site, due, now)).values():
        _again(house, site, due, type(error).__name__, now, broken=True)
        _wake(house, site, now)


def _carry(house: House, site: Site, due: Due, now: datetime) -> None:
    letter = _letter(site, due)
    if letter is None:
        site.renewals.drop(due.letter)
        return
    file = delivery.final_file(letter)
    if any(each.open for each in letter.attempts) or state_of(house, site, letter).sign is not None:
        # Somebody is yet to sign, and `watch` comes again then: evidence between two signatures would be made twice.
        site.renewals.put(replace(due, at=now + DAY))
        return
    try:
        extended, lasts = _extended(house, file.content(), now)
    except longterm.NotYet as error:
        _again(house, site, due, error.detail, now)
        return
    verdict = verifying.verdict(extended, house.roots, now=now)
    letter.renditions.append(file.grown(extended, file.signatures, verdict.as_dict(), now))
    site.signed[letter.renditions[-1].sha256] = due.letter
    at = renewal(lasts, now)
    site.renewals.put(
        Due(due.letter, due.office, at, lasts.until, at, stamps=lasts.stamps, revoked=bool(lasts.revoked))
    )
    if lasts.revoked:
        logger.error("%s: signed with a revoked certificate: %s", due.letter, ", ".join(lasts.revoked))
        _alarm(house, site, {due.office}, due.letter, now)


def renewal(lasts: longterm.Lasting, now: datetime) -> datetime:
    """When evidence is to be renewed: a year before it ends, or when half of a shorter life is over."""
    return max(lasts.until - YEAR, now + (lasts.until - now) / 2)


def schedule(house: House, site: Site, now: datetime) -> None:
    """See to it that the job comes in the coming night; what is due by now gets jobs at once."""
    _catch_up(house, site, now)
    work.tonight(house, site, NIGHTLY, AFTER, now)


def nightly(house: House, site: Site, _args: Mapping[str, Any], now: datetime) -> None:
    """The job: see to it that all that is due is worked on, tell who can help what is late, come again tomorrow."""
    _forget(site, now)
    late = {each.office for each in site.renewals if state(each, now) in {"late", "broken"}}
    _alarm(house, site, late, house.today(now).isoformat(), now)
    schedule(house, site, now)


def _letter(site: Site, due: Due) -> Letter | None:
    """The letter for which evidence is due; None when there is none any more. Raises POSKeyError for a lost one.

    What was signed may be given up, or be paper now; `watch` comes again when the next file is signed.
    """
    letter = find_if_there(site, due.letter)
    return letter if letter is not None and _evident(letter) else None


def _forget(site: Site, now: datetime) -> None:
    """Drop what is due for nothing; the job of a letter does so too, but comes to none of these."""
    for due in [each for each in site.renewals if state(each, now) in {"lost", "revoked"}]:
        with contextlib.suppress(POSKeyError):  # its loss is told as long as it lasts
            if _letter(site, due) is None:
                site.renewals.drop(due.letter)


def _evident(letter: Letter) -> bool:
    """Whether evidence is made for the letter at all: for one that is signed on paper, or not any more, none is."""
    return letter.fields.get("signed") != WET and delivery.final_file(letter) is not None


def _extended(house: House, pdf: bytes, now: datetime) -> tuple[bytes, longterm.Lasting]:
    stamper = timestamping.of_house(house)
    if stamper is None:
        raise longterm.NotYet("no time-stamping authority is configured: timestamp_urls is empty")
    return longterm.augment(pdf, house.roots, Source(house.outbound), stamper, now)


def _again(house: House, site: Site, due: Due, problem: str, now: datetime, *, broken: bool = False) -> None:
    at = now + min(FIRST_PAUSE * 2 ** min(due.tries, 10), LONGEST_PAUSE)
    site.renewals.put(replace(due, at=at, tries=due.tries + 1, problem=problem[:500], broken=broken))
    logger.warning("%s: evidence not yet: %s", due.letter, problem)
    if at < due.ends:
        _wake(house, site, at)


def _alarm(house: House, site: Site, offices: set[str], about: str, now: datetime) -> None:
    """Tell those who keep evidence for the regency, and the administrators of the offices, once about each thing."""
    if not offices:
        return
    org = org_at(house, site, now)
    admins = {position for office in offices for position in org.role("admin", office)}
    people_notices.tell(house, site, admins, f"{notices.EVIDENCE}:{about}", "/", now, notices.EVIDENCE)
    keepers.tell(site, notices.KEEPING, now)


def _catch_up(house: House, site: Site, now: datetime) -> None:
    # What was signed while no authority was named, or whose job was lost with its worker.
    for due in site.renewals.due(now) if house.settings.timestamps else ():
        site.jobs.add(JOB, {}, key=f"{JOB}:{due.letter}:{due.tries}:{house.today(now)}", at=now)


def _wake(house: House, site: Site, at: datetime) -> None:
    # Each letter that is due has a job of its own; which letter it takes is found out when it runs.
    if house.settings.timestamps:
        site.jobs.add(JOB, {}, key=f"{JOB}:{new_id()}", at=at)
