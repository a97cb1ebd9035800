"""What a provider returned is judged by us and taken into the letter, or kept as evidence; nothing here calls one."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from transaction.interfaces import TransientError
from ZODB.POSException import POSError

from intranet_surat.errors import NotAllowed, SuratError
from intranet_surat.resources.document import Rendition
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import acting, breaker, numbering, signatories, signing_attempts, undecided, verifying
from intranet_surat.services.evidence import renewing
from intranet_surat.services.house import House
from intranet_surat.services.providers.base import HELD, OutcomeUnknown, Refused, SigningError, SignResult
from intranet_surat.services.signing_orders import Order, Wanted, lock
from intranet_surat.services.signing_transactions import committed
from intranet_surat.services.verifying import Verdict

logger = logging.getLogger(__name__)

SIGNED_NOW = "Surat sudah ditandatangani dan diperiksa."
SKEW = timedelta(hours=1)
OTHER_CLOCK = (
    "Waktu pada tanda tangan yang kembali berbeda lebih dari satu jam dari jam kami; hasilnya tidak dipakai. "
    f"{HELD} Hubungi DKISP."
)


@dataclass(frozen=True, slots=True)
class Result:
    """A letter is signed: by which attempt, with which file, judged how. ``repeated``: by this very form before."""

    letter: str
    attempt: str
    sha256: str
    verdict: Verdict | None
    message: str
    repeated: bool = False


def note(house: House, tm: Any, site: Site, path: str, order: Order, error: SigningError, now: datetime) -> None:
    """The attempt did not end in a signature: say so in a transaction of its own."""

    def work() -> None:
        letter = find(site, path)
        attempt = signing_attempts.by_id(letter, order.attempt)
        signing_attempts.fail(attempt, error, now)
        signing_attempts.judged(site, attempt, now)
        signing_attempts.list_doubts(site, letter)
        breaker.failed(house, site, attempt.person, error, now)

    tell = logger.error if error.alarm else logger.info
    tell("attempt %s: %s (%s) %s", order.attempt, error.ends, error.code, error.detail)
    # When even this cannot be written, the attempt stays open and becomes unknown by its job.
    with contextlib.suppress(TransientError):
        committed(tm, work)


def take(
    house: House, tm: Any, site: Site, wanted: Wanted, order: Order, returned: SignResult, now: datetime
) -> Result:
    """Judge what came back for an order, and do the flow's act with it.

    Raises Refused (the attempt is ``failed``) or OutcomeUnknown (a signature exists that could not be stored).
    """
    _came_back(tm, site, wanted.path, order, returned, now)
    try:
        verdict = judged(house, order, returned.pdf, now, now)
    except SigningError as error:
        note(house, tm, site, wanted.path, order, error, now)
        raise
    return conclude(house, tm, site, wanted, order, returned, verdict, now)


def judged(house: House, order: Order, pdf: bytes, since: datetime, now: datetime) -> Verdict:
    """What we think of a result for an order: `verifying.accepts`, and made between ``since`` and ``now``.

    Raises Refused. An hour of difference between two clocks is forgiven.
    """
    verdict = verifying.accepts(order.pdf, pdf, order.signer, house.roots, now, order.field)
    claimed = verdict.signatures[-1].signed_at
    if claimed and not since - SKEW <= datetime.fromisoformat(claimed) <= now + SKEW:
        raise Refused(OTHER_CLOCK, detail=f"the signature claims to be of {claimed}")
    return verdict


def _came_back(tm: Any, site: Site, path: str, order: Order, returned: SignResult, now: datetime) -> None:
    """What came back is written down before it is judged: a process that dies now leaves its hash and reference."""

    def work() -> None:
        attempt = signing_attempts.by_id(find(site, path), order.attempt)
        digest = hashlib.sha256(returned.pdf).hexdigest()
        signing_attempts.validate(attempt, digest, len(returned.pdf), returned.reference, now)
        signing_attempts.judged(site, attempt, now)

    # A database that is away now may be back for the result itself, which counts more.
    with contextlib.suppress(TransientError, POSError):
        committed(tm, work)


def conclude(
    house: House,
    tm: Any,
    site: Site,
    wanted: Wanted,
    order: Order,
    returned: SignResult,
    verdict: Verdict,
    now: datetime,
) -> Result:
    """Second transaction: the signed file, the number, the act and the attempt's end stand together or not at all."""
    path, reader = wanted.path, wanted.reader

    def work() -> Result:
        numbering.hold(house, tm, order.locks)
        letter = find(site, path)
        attempt = signing_attempts.by_id(letter, order.attempt)
        if attempt.state == "done" and attempt.result == verdict.sha256:
            # Committed by the try before this one, whose answer was lost on the way back.
            return Result(path, order.attempt, attempt.result, verdict, SIGNED_NOW)
        if not attempt.undecided or letter.frozen != attempt.sha256:
            raise NotAllowed("Surat ini berubah selagi ditandatangani; tanda tangannya tidak dipakai.", action="sign")
        signing_attempts.forget_evidence(letter, verdict.sha256)
        rendition = _rendition(letter, order, returned, verdict, now)
        site.signed[rendition.sha256] = path
        proof = _facts(order, returned, verdict)
        acted = acting.act(house, tm, site, letter, order.action, {}, reader, now, key=wanted.key, proof=proof)
        if acted.repeated or acted.outcome is None or letter.rendition(rendition.sha256) is None:
            raise SuratError("Penandatanganan tidak tersimpan utuh; hubungi DKISP.")
        whole = rendition.signatures >= len(rendition.signatories)
        if acted.outcome.entered != whole:
            # The cast changed between the order and now: a file that lacks somebody is never the letter.
            raise SuratError("Urutan penanda tangan berubah selagi surat ini ditandatangani.")
        if not whole:
            rendition.kind = signatories.PARTLY
        signing_attempts.validate(attempt, rendition.sha256, len(returned.pdf), returned.reference, now)
        signing_attempts.end(attempt, "done", now)
        signing_attempts.judged(site, attempt, now)
        signing_attempts.list_doubts(site, letter)
        if whole:
            # Of a file that others are still to sign, evidence is made once they have.
            renewing.watch(house, site, letter, returned.pdf, now)
        breaker.answered(house, site, now)
        return Result(path, order.attempt, rendition.sha256, verdict, acted.message)

    try:
        return committed(tm, work)
    except Exception as error:
        logger.exception("attempt %s: signed, but the act could not be stored", order.attempt)
        with contextlib.suppress(TransientError, SuratError):
            keep_evidence(house, tm, site, path, order, returned, verdict, now)
        sentence = f" ({error.message})" if isinstance(error, SuratError) else ""
        raise OutcomeUnknown(
            f"Tanda tangan sudah dibuat tetapi belum dapat dicatat{sentence}. Jangan ulangi; hubungi DKISP.",
            detail=type(error).__name__,
        ) from None


def _rendition(letter: Letter, order: Order, returned: SignResult, verdict: Verdict, now: datetime) -> Rendition:
    frozen = letter.rendition(str(letter.frozen))
    printed = signatories.awaited(letter) or frozen.signatory
    signatory = {
        "position": order.position,
        "title": printed.get("title") or order.title,
        "order": printed.get("order", ""),
        "office": order.office,
        "name": order.signer.name,
    }
    seals = [verdict.signatures[-1].field] if order.sealed else []
    told = {**verdict.as_dict(), "signatory": signatory, "seals": seals}
    rendition: Rendition = frozen.grown(returned.pdf, len(verdict.signatures), told, now)
    letter.renditions.append(rendition)
    return rendition


def _facts(order: Order, returned: SignResult, verdict: Verdict) -> dict[str, Any]:
    last = verdict.signatures[-1]
    return {
        "attempt": order.attempt,
        "certificate": last.certificate,
        "certificate_subject": last.signer,
        "certificate_issuer": last.issuer,
        "file": verdict.sha256,
        "provider_reference": returned.reference,
    }


def keep_evidence(
    house: House, tm: Any, site: Site, path: str, order: Order, returned: SignResult, verdict: Verdict, now: datetime
) -> None:
    """A signature exists that is not taken in: keep its file for the person who decides, in a transaction of its own.

    Raises TransientError.
    """

    def work() -> None:
        numbering.hold(house, tm, {lock(path)})
        letter = find(site, path)
        attempt = signing_attempts.by_id(letter, order.attempt)
        if attempt.state == "done":
            return
        if letter.rendition(verdict.sha256) is None:
            evidence = Rendition(
                returned.pdf,
                kind=signing_attempts.UNUSED,
                version=letter.version,
                previous=attempt.sha256,
                signatures=len(verdict.signatures),
                verdict=verdict.as_dict(),
                created_at=now,
            )
            letter.renditions.append(evidence)
            site.signed.setdefault(verdict.sha256, path)  # whoever brings this file is told that it is not the letter
        signing_attempts.kept_beside(
            attempt, verdict.sha256, len(returned.pdf), returned.reference, now, undecided.SIGNED
        )
        signing_attempts.list_doubts(site, letter)

    committed(tm, work)
