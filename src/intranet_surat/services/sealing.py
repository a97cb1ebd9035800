"""The agency's electronic seal: ordered by a flow's effect, put on a letter's file by a job, judged before it is kept.

A seal needs no person's secret. What is sent is noted before, so that nothing is sealed twice when a process dies; only
what surely was not sent is tried again. What a person decides of the rest is `sealing_doubts`.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from intranet_surat.errors import SuratError, Unknown
from intranet_surat.resources.attempts import Decision, SignAttempt
from intranet_surat.resources.document import SIGNED
from intranet_surat.resources.folder import find, new_id
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import breaker, growth, notices, people_notices, seals, signing_attempts, verifying, work
from intranet_surat.services.evidence import renewing
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.providers.base import (
    Misconfigured,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    SealingProvider,
    SigningError,
    SignResult,
)
from intranet_surat.services.signing_transactions import commit, committed
from intranet_surat.services.verifying import Verdict
from intranet_surat.services.verifying_facts import SEALED

logger = logging.getLogger(__name__)

JOB = "segel"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
WAIT = timedelta(minutes=2)
"""A seal that is held back, because the provider is known not to answer, looks again so often."""
TRIES = 20
"""So often a seal is tried whose provider is away: some days."""
AGAIN = (ProviderUnavailable, RateLimited, Misconfigured)
"""Nothing was sealed, and time or an administrator mends it."""
ORDERED = "ordered"
"""State of an attempt that waits for the worker, or for the provider to answer again; nothing was sent."""

NO_FILE = "Belum ada berkas yang dapat disegel; berkas surat harus ditandatangani atau dibekukan lebih dulu."
HALF = "Berkas ini masih menunggu tanda tangan yang lain; segel baru dapat dibubuhkan sesudah semuanya menandatangani."
REPLACED = "Berkas yang akan disegel tidak dipakai lagi: surat ini dikembalikan atau berkasnya dibuat baru."
OVERTAKEN = "Berkas surat bertambah selagi disegel; segelnya dipasang lagi pada berkas yang baru."
HELD_BACK = "Penyedia tidak menjawab. Segel dicoba lagi sendiri; tidak ada yang perlu diulang."


def order(house: House, site: Site, letter: Letter, position: str, person: str, now: datetime) -> None:
    """Have the newest signed file of a letter sealed, else its frozen one; joins the transaction.

    Raises SuratError where there is no seal, nothing to seal, or somebody is yet to sign.
    """
    _sealer(house)
    again(site, letter, to_seal(letter).sha256, position, person, now, now)


def again(
    site: Site, letter: Letter, sha256: str, position: str, person: str, now: datetime, at: datetime
) -> SignAttempt:
    """Write down that a file is to be sealed, and the job that does it at an instant."""
    attempt = SignAttempt(
        id=new_id(), key=sha256, sha256=sha256, state=ORDERED, position=position, person=person, started=now
    )
    letter.seals = (*letter.seals, attempt)
    site.seals[path_of(letter)] = attempt.id
    _write_job(site, letter, attempt, at)
    return attempt


def put(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: have the file sealed outside any transaction, judge what came back, and keep it."""
    path, ordered = str(args["letter"]), str(args["sha256"])
    letter = find(site, path)
    tried = [each for each in letter.seals if each.key == ordered]
    if not tried:
        logger.warning("letter %s: a seal is not put on, its order is gone", letter.id)
        return
    attempt = tried[-1]
    if attempt.open:
        # Its process died: nobody knows whether it was sealed.
        _end(house, site, letter, attempt, OutcomeUnknown(detail="the process ended"), now, again=False)
    if attempt.state != ORDERED:
        return
    file = _still(site, letter, attempt, now)
    if file is None or _held_back(house, site, letter, attempt, now):
        return
    provider = _sealer(house)
    attempt.sha256, attempt.size, attempt.provider = file.sha256, file.size, house.provider().id
    attempt.state, attempt.started = "sending", now
    pdf, name, tm = file.content(), attempt.id, work.manager(site)
    commit(tm)
    try:
        returned = _call(house, provider, pdf, letter.id, now)
        verdict = verifying.accepts(pdf, returned.pdf, provider.sealer, house.roots, now)
    except SigningError as error:
        refused = error

        def note() -> None:
            found = find(site, path)
            told = by_id(found, name)
            comes_again = isinstance(refused, AGAIN) and len(tried) < TRIES
            breaker.failed(house, site, told.person, refused, now)
            _end(house, site, found, told, refused, now, again=comes_again)
            if comes_again:
                again(site, found, ordered, told.position, told.person, now, now + _pause(len(tried)))

        committed(tm, note)
        return
    committed(tm, lambda: keep(house, site, find(site, path), name, returned, verdict, now))


def _held_back(house: House, site: Site, letter: Letter, attempt: SignAttempt, now: datetime) -> bool:
    """While the provider is known not to answer nothing is sent: the seal waits, and those concerned are told once."""
    try:
        breaker.demand(house, site, now)
    except ProviderUnavailable:
        if not attempt.sentence:
            attempt.sentence = HELD_BACK
            concerned = {*org_at(house, site, now).role("admin", letter.office), attempt.position} - {""}
            about = f"{notices.SEAL_WAITS}:{letter.id}:{attempt.key}"
            people_notices.tell(house, site, concerned, about, path_of(letter), now, notices.SEAL_WAITS)
        _write_job(site, letter, attempt, now + WAIT, str(now))
        return True
    return False


def _call(house: House, provider: SealingProvider, pdf: bytes, letter: str, now: datetime) -> SignResult:
    logger.info("letter %s: the agency's seal besides", letter)
    try:
        return provider.seal(pdf, reason=SEALED, location=house.settings.regency, now=now)
    except SigningError:
        raise
    except Exception as error:  # noqa: BLE001 - of a provider that is not ours
        logger.error("letter %s: the provider raised %s when it sealed", letter, type(error).__name__)  # noqa: TRY400
        raise OutcomeUnknown(detail=type(error).__name__) from None


def keep(
    house: House, site: Site, letter: Letter, name: str, returned: SignResult, verdict: Verdict, now: datetime
) -> None:
    """The sealed file is the newest revision of the letter; unless its file grew meanwhile, then it is sealed anew.

    Of a file that was given up meanwhile nothing is kept but what the attempt tells.
    """
    attempt = by_id(letter, name)
    signing_attempts.validate(attempt, verdict.sha256, len(returned.pdf), returned.reference, now)
    file = _still(site, letter, attempt, now)
    if file is None:
        return
    if file.sha256 != attempt.sha256:
        signing_attempts.decide(attempt, Decision.OVERTAKEN, OVERTAKEN, now)
        again(site, letter, attempt.key, attempt.position, attempt.person, now, now)
        return
    last = verdict.signatures[-1]
    told = {**verdict.as_dict(), "seals": [*file.verdict.get("seals", ()), last.field]}
    rendition = file.grown(returned.pdf, len(verdict.signatures), told, now)
    letter.renditions.append(rendition)
    site.signed[rendition.sha256] = path_of(letter)
    signing_attempts.end(attempt, "done", now)
    site.seals.pop(path_of(letter), None)
    breaker.answered(house, site, now)
    renewing.watch(house, site, letter, returned.pdf, now)


def _end(
    house: House,
    site: Site,
    letter: Letter,
    attempt: SignAttempt,
    error: SigningError,
    now: datetime,
    *,
    again: bool,
) -> None:
    """It was not sealed, or nobody knows: those who decide are told, once about each trouble.

    Of what is tried ``again`` nobody is told, unless only an administrator can mend it.
    """
    known = any(each.outcome == error.code for each in letter.seals if each.key == attempt.key and each is not attempt)
    signing_attempts.fail(attempt, error, now)
    logger.error("letter %s: not sealed: %s (%s) %s", letter.id, error.ends, error.code, error.detail)
    if not known and (error.alarm or not again):
        positions = {*org_at(house, site, now).role("admin", letter.office), attempt.position} - {""}
        about = f"{notices.SEAL}:{letter.id}:{attempt.key}:{error.code}"
        people_notices.tell(house, site, positions, about, path_of(letter), now, notices.SEAL)


def _sealer(house: House) -> SealingProvider:
    provider = seals.provider(house)
    if provider is None:
        raise SuratError(seals.NO_SEAL)
    return provider


def to_seal(letter: Letter, ordered: str = "") -> Any:
    """The file to seal: the newest that grew out of the frozen one, and out of that for which a seal was ordered.

    Raises SuratError when there is none, when that one was given up, or while somebody is yet to sign.
    """
    file = growth.newest(letter)
    if ordered and not growth.counts(letter, ordered):
        raise SuratError(REPLACED)
    if file is None:
        raise SuratError(NO_FILE)
    if file.kind != SIGNED and file.signatories:
        raise SuratError(HALF)
    return file


def _still(site: Site, letter: Letter, attempt: SignAttempt, now: datetime) -> Any:
    """The file to seal for an attempt; None when there is none any more, and the attempt ends."""
    try:
        return to_seal(letter, attempt.key)
    except SuratError as gone:
        signing_attempts.decide(attempt, Decision.GIVEN_UP, gone.message, now)
        if site.seals.get(path_of(letter)) == attempt.id:
            del site.seals[path_of(letter)]
        return None


def by_id(letter: Letter, name: str) -> SignAttempt:
    """The attempt to seal with that id. Raises Unknown."""
    found = next((each for each in letter.seals if each.id == name), None)
    if found is None:
        raise Unknown
    return found


def _pause(tries: int) -> timedelta:
    return min(FIRST_PAUSE * 2**tries, LONGEST_PAUSE)


def _write_job(site: Site, letter: Letter, attempt: SignAttempt, at: datetime, again: str = "") -> None:
    args = {"letter": path_of(letter), "sha256": attempt.key}
    site.jobs.add(JOB, args, key=f"{JOB}:{attempt.id}:{again}", at=at)
