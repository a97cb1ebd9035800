"""An attempt to sign of which nobody knows how it ended, told on the letter's page and on the desk of who decides."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pyramid.request import Request
from ZODB.POSException import POSKeyError

from intranet_surat.errors import Unknown
from intranet_surat.resources.folder import find_if_there
from intranet_surat.resources.letter import Letter
from intranet_surat.services import secrecy, signing_attempts, signing_doubts, undecided
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.reader import Reader
from intranet_surat.web.words import Words

logger = logging.getLogger(__name__)

TOLD = frozenset({"refused", "bad-input", "misconfigured"})
"""Errors after which whoever tries again is likely to meet the same: told until somebody does."""
UNKNOWN = "Percobaan terakhir belum pasti hasilnya"
RUNS = "{} sedang berjalan"


@dataclass(frozen=True, slots=True)
class Doubt:
    """A heading, the sentence below it, the attempt, and whether the reader is one who may decide it."""

    title: str
    says: str
    attempt: str
    state: str
    mine: bool

    @property
    def address(self) -> str:
        """Where its evidence is, from the letter on."""
        return _address(self.attempt)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter of which the reader has to look at an attempt's evidence: its path, subject, and where that is.

    ``kept`` tells that the signed file is known, and waits to be used.
    """

    path: str
    subject: str
    url: str
    sealed: bool
    kept: bool


def _address(attempt: str) -> str:
    return f"@@percobaan?percobaan={attempt}"


def build(house: House, site: Any, letter: Letter, reader: Reader, now: datetime) -> Doubt | None:
    """The undecided attempt with the letter's file of now; None when there is none."""
    attempt = undecided.of(letter)
    if attempt is None:
        return None
    title = RUNS.format("Penyegelan" if attempt.sealed else "Penandatanganan") if attempt.open else UNKNOWN
    mine = signing_doubts.decides(house, site, letter, attempt, reader, now)
    says = undecided.waits(house, site, letter, attempt, now, "Anda" if mine else "")
    return Doubt(title, says, attempt.id, attempt.state, mine)


class Failed(NamedTuple):
    """How an attempt failed, and where what was met is noted, from the letter on."""

    says: str
    address: str


def failed(letter: Letter, words: Words) -> Failed | None:
    """How the last attempt with the letter's file of now failed, if who tries again is likely to meet it again."""
    mine = [each for each in letter.attempts if each.sha256 == letter.frozen]
    last = mine[-1] if mine else None
    if last is None or last.state != "failed" or last.given_up or last.error not in TOLD:
        return None
    return Failed(f"Percobaan terakhir, {words.moment_within(last.ended)}: {last.sentence}", _address(last.id))


def waiting(request: Request) -> list[Waiting]:
    """The letters with an attempt of one of the reader's posts that he has to decide, as far as he sees them."""
    org, own, found = org_at(request.house, request.site, request.now), request.reader.positions, []
    for where in [path for path, post in request.site.doubts.items() if org.now(post) in own]:
        try:
            waits = _waiting(request, where)
        except Unknown:
            continue
        except POSKeyError:
            logger.exception("%s cannot be read", where)
            continue
        found.extend([waits] if waits is not None else [])
    return found


def _waiting(request: Request, where: str) -> Waiting | None:
    house, site, reader, now = request.house, request.site, request.reader, request.now
    letter = find_if_there(site, where)
    if letter is None or secrecy.sight(house, site, letter, reader, now) != "full":
        return None
    doubt = build(house, site, letter, reader, now)
    if doubt is None or not doubt.mine:
        return None
    url = request.resource_url(letter) + doubt.address
    attempt = signing_attempts.by_id(letter, doubt.attempt)
    kept = signing_attempts.evidence(letter, attempt) is not None
    return Waiting(where, str(letter.fields.get("subject") or ""), url, attempt.sealed, kept)
