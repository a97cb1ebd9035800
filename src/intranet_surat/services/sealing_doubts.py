"""What a person decides about a seal that failed, or of which nobody knows: once more, here is the file, or none.

Who decides is the position whose act ordered the seal, or an administrator of the letter's office; DKISP's shell too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.attempts import Decision, SignAttempt
from intranet_surat.resources.folder import find
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import growth, sealing, seals, secrecy, signing_attempts, verifying
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.providers.base import Refused, SignResult
from intranet_surat.services.reader import Reader
from intranet_surat.services.signing_doubts import GROWTH

DECIDED = "Segel ini sudah jelas nasibnya. Muat ulang halaman."
NOT_YOURS = "Nasib segel diputuskan jabatan yang memesannya atau admin kantor surat ini."
NOT_IT = "Berkas ini bukan berkas yang dikirim waktu itu dengan tepat satu segel instansi; tidak ada yang berubah."
NONE_MADE = "Dinyatakan tidak tersegel sesudah diperiksa."
LEFT = "Diputuskan tanpa segel."
FINAL = frozenset({Decision.LEFT, Decision.GIVEN_UP})
"""After these nobody needs to decide any more."""
GREW = "Berkas surat bertambah sejak itu, jadi segel lama tidak dapat dipakai lagi. Pesan segel sekali lagi."


def last(letter: Letter) -> SignAttempt | None:
    """The newest attempt to seal the letter."""
    return letter.seals[-1] if letter.seals else None


def undecided(letter: Letter) -> SignAttempt | None:
    """The attempt that waits for a person; None when there is none, time will tell, or its file was given up."""
    found = last(letter)
    waits = found is not None and found.state in ("failed", "unknown") and found.decision not in FINAL
    return found if found is not None and waits and growth.counts(letter, found.key) else None


def all_of(site: Site) -> Iterator[tuple[Letter, SignAttempt]]:
    """The letters whose seal is still to come or to be decided, each with its newest attempt."""
    for where in list(site.seals):
        try:
            letter = find(site, where)
        except KeyError:
            continue
        attempt = last(letter)
        if attempt is not None and growth.counts(letter, attempt.key):
            yield letter, attempt


def may(house: House, site: Site, letter: Letter, reader: Reader, now: datetime) -> bool:
    """Whether the reader decides about the letter's seal."""
    found = last(letter)
    org = org_at(house, site, now)
    decides = {*org.role("admin", letter.office), found.position if found is not None else ""}
    return bool(decides & set(reader.positions))


def demand(house: House, site: Site, letter: Letter, reader: Reader, now: datetime) -> None:
    """Raise Unknown for who may not know of the letter, NotAllowed for who does not decide about its seal."""
    secrecy.demand(house, site, letter, reader, now)
    if not may(house, site, letter, reader, now):
        raise NotAllowed(NOT_YOURS, action="seal")


def once_more(site: Site, letter: Letter, attempt: str, person: str, now: datetime) -> None:
    """Somebody looked: no seal was made. It is ordered again. Raises Unknown, NotAllowed; SuratError as `to_seal`."""
    found = _open(letter, attempt)
    sealing.to_seal(letter, found.key)
    abandoned = Decision.ABANDONED if found.state == "unknown" else None
    signing_attempts.decide(found, abandoned, NONE_MADE, now, person)
    sealing.again(site, letter, found.key, found.position, found.person, now, now)


def leave(site: Site, letter: Letter, attempt: str, person: str, now: datetime) -> None:
    """The letter goes on without a seal. Raises Unknown, NotAllowed."""
    signing_attempts.decide(_open(letter, attempt), Decision.LEFT, LEFT, now, person)
    site.seals.pop(path_of(letter), None)


def bring(house: House, site: Site, letter: Letter, attempt: str, pdf: bytes, person: str, now: datetime) -> None:
    """Here is the sealed file, as the provider gave it: judged like every result, it becomes the newest revision.

    Raises Unknown, NotAllowed, Refused.
    """
    found = _open(letter, attempt)
    file: Any = letter.rendition(found.sha256)
    provider = seals.provider(house)
    if file is None or provider is None:
        raise NotAllowed(seals.NO_SEAL if provider is None else DECIDED, action="seal")
    if len(pdf) > file.size + GROWTH:
        raise Refused(NOT_IT, detail="the file is too large to be it")
    try:
        verdict = verifying.accepts(file.content(), pdf, provider.sealer, house.roots, now)
    except Refused as error:
        raise Refused(NOT_IT, detail=error.detail) from None
    if sealing.to_seal(letter, found.key).sha256 != found.sha256:
        raise NotAllowed(GREW, action="seal")
    sealing.keep(house, site, letter, found.id, SignResult(pdf, found.reference), verdict, now)
    found.decider = person


def _open(letter: Letter, attempt: str) -> SignAttempt:
    found = sealing.by_id(letter, attempt)
    if not growth.counts(letter, found.key):
        raise NotAllowed(sealing.REPLACED, action="seal")
    if undecided(letter) is not found:
        raise NotAllowed(DECIDED, action="seal")
    return found
