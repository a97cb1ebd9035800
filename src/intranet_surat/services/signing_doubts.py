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

KEPT = (
    "Berkas bertanda tangan Anda sudah ada pada kami dan lolos pemeriksaan, jadi surat ini memang tertanda tangani. "
    "Pakai berkas itu; bila suratnya tidak boleh terbit, tolak surat ini."
)
UNUSED = "Berkas bertanda tangan itu tidak dipakai dan tetap disimpan sebagai bukti. Siapkan lagi berkasnya."
GIVEN_UP = "Percobaan dinyatakan tidak jadi. Surat dapat {again} lagi."
DECIDED = "Percobaan ini sudah jelas hasilnya. Muat ulang halaman."
NOT_YOURS = "Percobaan ini atas nama pejabat lain; hanya dia yang dapat memakai hasilnya."
NOT_IT = "Berkas ini bukan surat yang dikirim waktu itu dengan tepat satu tanda tangan Anda; tidak ada yang berubah."
NOTHING_KEPT = "Penyedia tidak menyebut nama hasilnya, jadi tidak dapat diminta lagi."


def give_up(house: House, tm: Any, site: Site, letter_path: str, reader: Reader, attempt: str, now: datetime) -> str:
    """The signatory says that nothing of an ``unknown`` attempt comes into the letter; joins the transaction of ``tm``.

    That is: nothing was signed; or, where a signed file is kept, that it is not used. Of his own nobody says so.
    Answers with a sentence. Raises Unknown, NotAllowed.
    """
    numbering.hold(house, tm, {lock(letter_path)})
    letter = letter_at(house, site, letter_path, reader, now)
    found = signing_attempts.by_id(letter, attempt)
    past = undecided.past(letter, found)
    if not (past and found.person == reader.person):
        signatory(house, site, letter, reader, now)
    if signing_attempts.evidence(letter, found) is None:
        signing_attempts.abandon(letter, attempt, reader.person, now)
        says = GIVEN_UP.format(again="disegel" if found.sealed else "ditandatangani")
    elif found.person == reader.person and not past:
        raise NotAllowed(KEPT, action="sign")
    else:
        signing_attempts.set_aside(letter, attempt, reader.person, now, undecided.SIGNED)
        says = UNUSED
    signing_attempts.list_doubts(site, letter)
    return says


def decides(house: House, site: Site, letter: Letter, attempt: SignAttempt, reader: Reader, now: datetime) -> bool:
    """Whether it is for the reader to say how an attempt of unknown outcome ended."""
    if attempt.state != "unknown":
        return False
    if undecided.past(letter, attempt):
        return attempt.person == reader.person
    try:
        signatory(house, site, letter, reader, now)
    except NotAllowed:
        return False
    return True


def may_read(house: House, site: Site, letter: Letter, file: Any, reader: Reader, now: datetime) -> bool:
    """Whether the reader may have a file of a letter that he sees: an unused one is for who signed it or decides."""
    if getattr(file, "kind", "") != signing_attempts.UNUSED:
        return True
    of_it = [each for each in letter.attempts if each.result == file.sha256]
    return any(each.person == reader.person or decides(house, site, letter, each, reader, now) for each in of_it)


def can_fetch(house: House, letter: Letter, attempt: SignAttempt) -> bool:
    """Whether the provider of an attempt that nobody ended with a signature may still hand out its result."""
    provider, waits = house.providers.get(attempt.provider), attempt.state == "unknown" or attempt.given_up
    named = bool(attempt.reference) and signing_attempts.evidence(letter, attempt) is None
    return waits and named and isinstance(provider, KeepsResults)


def fetch(house: House, tm: Any, site: Site, path: str, reader: Reader, attempt: str, now: datetime) -> None:
    """Ask the provider for the result of an attempt; a good one is kept as evidence, for it may be given only once.

    The provider is called outside any transaction; a new one is open at the end. Raises Unknown, NotAllowed, or a
    `SigningError`.
    """
    made, found = _opened(house, tm, site, path, reader, attempt, now)
    provider = house.providers.get(found.provider)
    if not can_fetch(house, letter_at(house, site, path, reader, now), found) or not isinstance(provider, KeepsResults):
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

    What cannot be taken into the letter any more is kept beside it. The transaction of ``tm`` is committed on the way.
    Raises Unknown, NotAllowed, Refused or OutcomeUnknown.
    """
    made, found = _opened(house, tm, site, path, reader, attempt, now)
    letter = letter_at(house, site, path, reader, now)
    if undecided.past(letter, found) and signing_attempts.evidence(letter, found) is not None:
        raise NotAllowed(DECIDED, action="sign")
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
        raise NotAllowed(undecided.waits(house, site, letter, found, now), action="sign")
    if undecided.past(letter, found):
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
    if undecided.past(letter_at(house, site, wanted.path, wanted.reader, now), attempt):
        # Nothing of the letter changes: it is judged for who asks, and kept beside it.
        signing_results.keep_evidence(house, tm, site, wanted.path, made, returned, verdict, now)
        return Result(wanted.path, attempt.id, verdict.sha256, verdict, undecided.SIGNED)
    return signing_results.conclude(house, tm, site, wanted, made, returned, verdict, now)
