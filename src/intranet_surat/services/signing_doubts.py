"""What a person does about an attempt of unknown outcome: nothing was signed, or here is the signed file.

A file is judged like every result of a provider before it counts; asking a provider once more for a result that it
named is a person's act too, and its answer is evidence until he uses it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import numbering, signing_attempts, signing_results, undecided
from intranet_surat.services.house import House
from intranet_surat.services.providers.base import KeepsResults, Refused, SignResult
from intranet_surat.services.reader import Reader
from intranet_surat.services.signing_orders import Order, Wanted, letter_at, lock, order, signatory
from intranet_surat.services.signing_results import Result
from intranet_surat.services.signing_transactions import commit

GROWTH = 1024 * 1024
"""Most bytes that a signature adds; a file that is larger is not even read."""

DECIDED = "Percobaan ini sudah jelas hasilnya. Muat ulang halaman."
NOT_YOURS = "Percobaan ini atas nama pejabat lain; hanya dia yang dapat memakai hasilnya."
NOT_IT = "Berkas ini bukan surat yang dikirim waktu itu dengan tepat satu tanda tangan Anda; tidak ada yang berubah."
NOTHING_KEPT = "Penyedia tidak menyebut nama hasilnya, jadi tidak dapat diminta lagi."


def give_up(house: House, tm: Any, site: Site, letter_path: str, reader: Reader, attempt: str, now: datetime) -> None:
    """The signatory says of an ``unknown`` attempt that nothing was signed; joins the transaction of ``tm``.

    Raises Unknown, NotAllowed.
    """
    numbering.hold(house, tm, {lock(letter_path)})
    letter = letter_at(house, site, letter_path, reader, now)
    found = signing_attempts.by_id(letter, attempt)
    if not (undecided.gone(letter, found) and found.person == reader.person):
        signatory(house, site, letter, reader, now)
    signing_attempts.abandon(letter, attempt, reader.person, now)
    signing_attempts.list_doubts(site, letter, found.person)


def decides(house: House, site: Site, letter: Letter, attempt: SignAttempt, reader: Reader, now: datetime) -> bool:
    """Whether the reader may say of an attempt of unknown outcome that nothing was signed."""
    if attempt.state != "unknown":
        return False
    if undecided.gone(letter, attempt):
        return attempt.person == reader.person
    try:
        signatory(house, site, letter, reader, now)
    except NotAllowed:
        return False
    return True


def can_fetch(house: House, attempt: SignAttempt) -> bool:
    """Whether the provider of an attempt of unknown outcome may still hand out its result."""
    provider = house.providers.get(attempt.provider)
    return attempt.state == "unknown" and bool(attempt.reference) and isinstance(provider, KeepsResults)


def fetch(house: House, tm: Any, site: Site, path: str, reader: Reader, attempt: str, now: datetime) -> None:
    """Ask the provider for the result of an attempt; a good one is kept as evidence, for it may be given only once.

    The provider is called outside any transaction; a new one is open at the end. Raises Unknown, NotAllowed, or a
    `SigningError`.
    """
    made, found = _opened(house, tm, site, path, reader, attempt, now)
    provider = house.providers.get(found.provider)
    if found.state != "unknown" or not can_fetch(house, found) or not isinstance(provider, KeepsResults):
        raise NotAllowed(NOTHING_KEPT, action="sign")
    reference, since = found.reference, found.started or now
    commit(tm)
    returned = SignResult(provider.fetch(reference, now), reference)
    verdict = signing_results.judged(house, made, returned.pdf, since, now)
    signing_results.keep_evidence(house, tm, site, path, made, returned, verdict, now)


def bring(
    house: House, tm: Any, site: Site, path: str, reader: Reader, attempt: str, pdf: bytes, key: str, now: datetime
) -> Result:
    """The signatory brings the file that he got from the provider: judged by us, it ends the attempt as ``done``.

    The transaction of ``tm`` is committed on the way. Raises Unknown, NotAllowed, Refused or OutcomeUnknown.
    """
    made, found = _opened(house, tm, site, path, reader, attempt, now)
    return _taken(house, tm, site, Wanted(path, reader, found.sha256, key), made, found, pdf, now)


def use(house: House, tm: Any, site: Site, path: str, reader: Reader, attempt: str, key: str, now: datetime) -> Result:
    """The signatory uses the file that is kept as evidence. Raises as `bring` does."""
    made, found = _opened(house, tm, site, path, reader, attempt, now)
    kept = signing_attempts.evidence(letter_at(house, site, path, reader, now), found)
    if kept is None:
        raise NotAllowed(DECIDED, action="sign")
    return _taken(house, tm, site, Wanted(path, reader, found.sha256, key), made, found, kept.content(), now)


def _opened(
    house: House, tm: Any, site: Site, path: str, reader: Reader, attempt: str, now: datetime
) -> tuple[Order, SignAttempt]:
    """The order as it was sent, for the person who sent it. Raises Unknown, NotAllowed."""
    numbering.hold(house, tm, {lock(path)})
    letter: Letter = letter_at(house, site, path, reader, now)
    found = signing_attempts.by_id(letter, attempt)
    if found.open:
        raise NotAllowed(signing_attempts.waits(site, found), action="sign")
    if undecided.gone(letter, found):
        action, position = "", found.position
    elif found.state == "unknown":
        action, position = signatory(house, site, letter, reader, now)
    else:
        raise NotAllowed(DECIDED, action="sign")
    if found.person != reader.person:
        raise NotAllowed(NOT_YOURS, action="sign")
    return order(house, site, letter, path, found, action, position, reader), found


def _taken(
    house: House,
    tm: Any,
    site: Site,
    wanted: Wanted,
    made: Order,
    attempt: SignAttempt,
    pdf: bytes,
    now: datetime,
) -> Result:
    if len(pdf) > len(made.pdf) + GROWTH:
        raise Refused(NOT_IT, detail="the file is too large to be it")
    try:
        verdict = signing_results.judged(house, made, pdf, attempt.started or now, now)
    except Refused as error:
        raise Refused(NOT_IT, detail=error.detail) from None
    returned = SignResult(pdf, attempt.reference)
    if undecided.gone(letter_at(house, site, wanted.path, wanted.reader, now), attempt):
        # Nothing of the letter changes: it is judged for who asks, and kept beside it.
        signing_results.keep_evidence(house, tm, site, wanted.path, made, returned, verdict, now)
        raise Refused(undecided.SIGNED, detail="signed, but the letter's file is another one now")
    return signing_results.conclude(house, tm, site, wanted, made, returned, verdict, now)
