"""The agency's electronic seal: ordered by a flow's effect, put on a letter's file by a job, judged before it is kept.

A seal needs no person. What is sent is noted before, so that nothing is sealed twice when a process dies; only what
surely was not sent is tried again.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from intranet_surat.errors import SuratError
from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.resources.document import Rendition
from intranet_surat.resources.folder import find, new_id
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import notices, people_notices, seals, signing_attempts, verifying, work
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

logger = logging.getLogger(__name__)

JOB = "segel"
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=6)
TRIES = 20
"""So often a seal is tried whose provider is away: some days."""
AGAIN = (ProviderUnavailable, RateLimited, Misconfigured)
"""Nothing was sealed, and time or an administrator mends it."""

NO_FILE = "Belum ada berkas yang dapat disegel; berkas surat harus ditandatangani atau dibekukan lebih dulu."
GREW = "The file grew while it was sealed."


def order(house: House, site: Site, letter: Letter, now: datetime) -> None:
    """Write the job that seals the newest signed file of a letter, else its frozen one; joins the transaction.

    Raises SuratError where there is no seal, or nothing to seal.
    """
    _sealer(house)
    file = _signed(letter) or letter.rendition(str(letter.frozen))
    if file is None:
        raise SuratError(NO_FILE)
    _write_job(site, letter, file.sha256, now, now)


def put(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: have the file sealed outside any transaction, judge what came back, and keep it."""
    path, ordered = str(args["letter"]), str(args["sha256"])
    letter = find(site, path)
    before = [each for each in letter.seals if each.key == ordered]
    if any(each.state in ("done", "unknown") for each in before):
        return
    if before and before[-1].open:
        # Its process died: nobody knows whether it was sealed.
        _end(house, site, letter, before[-1], OutcomeUnknown(detail="the process ended"), now)
        return
    provider, file = _sealer(house), _newest(letter, ordered)
    attempt = SignAttempt(
        id=new_id(), key=ordered, sha256=file.sha256, size=file.size, provider=house.provider().id, started=now
    )
    letter.seals = (*letter.seals, attempt)
    pdf, name, tm = file.content(), attempt.id, work.manager(site)
    commit(tm)
    try:
        returned = _call(house, provider, pdf, letter.id, now)
        verdict = verifying.accepts(pdf, returned.pdf, provider.sealer, house.roots, now)
    except SigningError as error:
        refused = error

        def note() -> None:
            found = find(site, path)
            _end(house, site, found, _attempt(found, name), refused, now)
            if isinstance(refused, AGAIN) and len(before) < TRIES:
                _write_job(site, found, ordered, now, now + _pause(len(before)))

        committed(tm, note)
        return
    committed(tm, lambda: _keep(house, site, find(site, path), name, returned, verdict, now))


def _call(house: House, provider: SealingProvider, pdf: bytes, letter: str, now: datetime) -> SignResult:
    try:
        return provider.seal(pdf, reason="Segel elektronik instansi", location=house.settings.regency, now=now)
    except SigningError:
        raise
    except Exception as error:  # noqa: BLE001 - of a provider that is not ours
        logger.error("letter %s: the provider raised %s when it sealed", letter, type(error).__name__)  # noqa: TRY400
        raise OutcomeUnknown(detail=type(error).__name__) from None


def _keep(
    house: House, site: Site, letter: Letter, name: str, returned: SignResult, verdict: Verdict, now: datetime
) -> None:
    """The sealed file is the newest revision of the letter; unless its file grew meanwhile, then it is sealed anew."""
    attempt = _attempt(letter, name)
    file = _newest(letter, attempt.key)
    signing_attempts.validate(attempt, verdict.sha256, len(returned.pdf), returned.reference, now)
    if file.sha256 != attempt.sha256:
        signing_attempts.end(attempt, "failed", now, error="changed", sentence=GREW)
        _write_job(site, letter, attempt.key, now, now)
        return
    last = verdict.signatures[-1]
    rendition = Rendition(
        returned.pdf,
        kind="signed",
        version=file.version,
        previous=file.sha256,
        filename=file.filename,
        signatory=file.signatory,
        pages=file.pages,
        signatures=len(verdict.signatures),
        verdict={**file.verdict, **verdict.as_dict(), "seals": [*file.verdict.get("seals", ()), last.field]},
        created_at=now,
    )
    letter.renditions.append(rendition)
    site.signed[rendition.sha256] = path_of(letter)
    signing_attempts.end(attempt, "done", now)
    renewing.watch(house, site, letter, returned.pdf, now)


def _end(house: House, site: Site, letter: Letter, attempt: SignAttempt, error: SigningError, now: datetime) -> None:
    """It was not sealed, or nobody knows: the administrators of the office are told, once about each trouble."""
    signing_attempts.fail(attempt, error, now)
    logger.error("letter %s: not sealed: %s (%s) %s", letter.id, error.ends, error.code, error.detail)
    if not isinstance(error, (ProviderUnavailable, RateLimited)) or len(letter.seals) >= TRIES:
        positions = org_at(house, site, now).role("admin", letter.office)
        about = f"{notices.SEAL}:{letter.id}:{attempt.key}:{error.code}"
        people_notices.tell(house, site, positions, about, path_of(letter), now, notices.SEAL)


def _sealer(house: House) -> SealingProvider:
    provider = seals.provider(house)
    if provider is None:
        raise SuratError(seals.NO_SEAL)
    return provider


def _signed(letter: Letter) -> Any:
    """The newest signed file of the text as it is frozen now."""
    found = [each for each in letter.renditions if each.kind == "signed" and each.version == letter.version]
    return found[-1] if found else None


def _newest(letter: Letter, sha256: str) -> Any:
    """What has grown out of a file: evidence may have been added to it meanwhile."""
    file = letter.rendition(sha256)
    for each in letter.renditions:
        if each.kind == "signed" and each.previous == file.sha256:
            file = each
    return file


def _attempt(letter: Letter, name: str) -> SignAttempt:
    return next(each for each in letter.seals if each.id == name)


def _pause(tries: int) -> timedelta:
    return min(FIRST_PAUSE * 2**tries, LONGEST_PAUSE)


def _write_job(site: Site, letter: Letter, sha256: str, now: datetime, at: datetime) -> None:
    key = f"{JOB}:{letter.id}:{sha256}:{len(letter.seals)}"
    site.jobs.add(JOB, {"letter": path_of(letter), "sha256": sha256}, key=key, at=max(now, at))
