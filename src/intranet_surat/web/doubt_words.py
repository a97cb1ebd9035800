"""An attempt to sign of which nobody knows how it ended, told on the letter's page and on the desk of who decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyramid.request import Request

from intranet_surat.errors import Unknown
from intranet_surat.resources.folder import find_if_there
from intranet_surat.resources.letter import Letter
from intranet_surat.services import secrecy, signing_attempts, signing_doubts, undecided
from intranet_surat.services.house import House
from intranet_surat.services.reader import Reader

UNKNOWN = "Percobaan terakhir belum pasti hasilnya"
RUNNING = "Penandatanganan sedang berjalan"


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
        return f"@@percobaan?percobaan={self.attempt}"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter of which the reader has to look at an attempt's evidence: its path, subject, and where that is."""

    path: str
    subject: str
    url: str


def build(house: House, site: Any, letter: Letter, reader: Reader, now: datetime) -> Doubt | None:
    """The undecided attempt with the letter's file of now; None when there is none."""
    attempt = undecided.of(letter)
    if attempt is None:
        return None
    title = RUNNING if attempt.open else UNKNOWN
    mine = signing_doubts.decides(house, site, letter, attempt, reader, now)
    says = signing_attempts.UNDECIDED.format(who="Anda") if mine else signing_attempts.waits(site, attempt)
    return Doubt(title, says, attempt.id, attempt.state, mine)


def waiting(request: Request) -> list[Waiting]:
    """The letters with an attempt of the reader's own that he has to decide, as far as he still sees them."""
    house, site, reader, now = request.house, request.site, request.reader, request.now
    found = []
    for path in site.people[reader.person].doubts:
        letter = find_if_there(site, path)
        try:
            if letter is None or secrecy.sight(house, site, letter, reader, now) != "full":
                continue
            doubt = build(house, site, letter, reader, now)
        except Unknown:
            continue
        if doubt is not None and doubt.mine:
            url = request.resource_url(letter) + doubt.address
            found.append(Waiting(path, str(letter.fields.get("subject") or ""), url))
    return found
