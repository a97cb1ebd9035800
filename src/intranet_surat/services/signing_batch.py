"""Many letters by one secret: which a form named, and how far they came. The work, and the secret, are `signing_run`'s.

Each letter is an attempt of its own. How far a batch came is read from the attempts, so that a process that dies
leaves what every lost signature leaves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.errors import Invalid, NotAllowed, Unknown
from intranet_surat.resources.batches import SignBatch
from intranet_surat.resources.folder import find, new_id
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import breaker, idempotency, seals, signing_attempts
from intranet_surat.services.house import House
from intranet_surat.services.itemview import flow_of
from intranet_surat.services.providers.base import Refused
from intranet_surat.services.reader import Reader
from intranet_surat.services.signing_attempts import STALE
from intranet_surat.services.signing_orders import letter_at, signatory

MOST = 100
"""Letters that one form may name."""

USE = "tanda tangan banyak"
CHOOSE = "Centang paling sedikit satu surat."
TOO_MANY = f"Paling banyak {MOST} surat sekali jalan. Hapus beberapa centang."
ONE_BY_ONE = "Alur surat ini tidak membolehkan tanda tangan bersama surat lain. Tanda tangani dari halamannya sendiri."
OTHER_WAY = "Surat yang disegel instansi dan surat yang ditandatangani pejabat diproses dari halaman yang berbeda."
BROKE_OFF = "Pekerjaan ini terputus sebelum surat ini dimulai. Surat menunggu dengan nomornya."


@dataclass(frozen=True, slots=True)
class Line:
    """How far one letter came: ``waiting``, ``going``, ``done``, ``failed``, ``unknown`` or ``left`` (never begun).

    ``error`` is the code of the provider's error that ended its attempt.
    """

    path: str
    state: str
    sentence: str = ""
    attempt: str = ""
    ended: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch came; ``over`` when nothing of it goes on, ``stopped`` why the rest was not begun."""

    lines: tuple[Line, ...]
    over: bool
    stopped: str

    @property
    def refused(self) -> bool:
        """Whether a provider refused one: to try again before somebody has asked why would be refused again."""
        return any(line.error == Refused.code for line in self.lines)

    def count(self, *states: str) -> int:
        """How many letters stand in these states."""
        return sum(line.state in states for line in self.lines)


def may(house: House, site: Site, letter: Letter) -> bool:
    """Whether the flow lets the letter be signed together with others where it stands now."""
    state = flow_of(house, site, letter).states.get(letter.state)
    return state is not None and state.sign is not None and state.sign.batch


def opened(
    house: House,
    site: Site,
    chosen: Sequence[tuple[str, str]],
    reader: Reader,
    key: str,
    now: datetime,
    *,
    sealed: bool = False,
) -> tuple[SignBatch, bool]:
    """The batch of a form, and whether it is new; joins the transaction. ``chosen`` are pairs of path and hash shown.

    All are to be ``sealed`` by the agency, or none. Raises Invalid for none or too many, Unknown, NotAllowed for a
    letter that this person may not sign so, MustWait, or ProviderUnavailable.
    """
    known = idempotency.seen(site, reader.person, key, USE)
    if known is not None:
        return of(site, reader, known), False
    breaker.demand(house, site, now)
    if seals.asked(house, sealed=sealed).secrets:
        signing_attempts.demand_patience(site, reader.person, now)
    chosen = tuple(dict(chosen).items())
    if not chosen or len(chosen) > MOST:
        raise Invalid({"surat": TOO_MANY if chosen else CHOOSE})
    for path, _ in chosen:
        letter = letter_at(house, site, path, reader, now)
        signatory(house, site, letter, reader, now)
        if not may(house, site, letter):
            raise NotAllowed(ONE_BY_ONE, action="sign")
        if seals.instead(house, site, letter) is not sealed:
            raise NotAllowed(OTHER_WAY, action="sign")
    batch = SignBatch(id=new_id(), person=reader.person, position=reader.position, letters=chosen, started=now)
    site.batches[batch.id] = batch
    idempotency.remember(site, reader.person, key, batch.id, now, USE)
    return batch, True


def of(site: Site, reader: Reader, batch: str) -> SignBatch:
    """The reader's own batch with that id. Raises Unknown, also for another's."""
    found: SignBatch | None = site.batches.get(batch)
    if found is None or found.person != reader.person:
        raise Unknown
    return found


def forget(site: Site, before: datetime) -> None:
    """Forget which forms named which letters before an instant; their attempts stay with the letters."""
    for batch in [each for each in site.batches.values() if each.started < before]:
        del site.batches[batch.id]


def progress(site: Site, batch: SignBatch, now: datetime) -> Progress:
    """How far it came, read from the letters' attempts; one whose process died is over when no attempt can be open."""
    found = [_attempt(site, batch, number) for number in range(len(batch.letters))]
    alive = max([batch.started or now, *(each.started for each in found if each is not None and each.started)])
    over = batch.ended is not None or alive + STALE <= now
    lines = [_line(batch, number, attempt, over=over) for number, attempt in enumerate(found)]
    return Progress(tuple(lines), over, batch.stopped)


def _attempt(site: Site, batch: SignBatch, number: int) -> Any:
    try:
        letter = find(site, batch.letters[number][0])
    except KeyError:
        return None
    return signing_attempts.by_key(letter, batch.person, batch.key(number)) if isinstance(letter, Letter) else None


def _line(batch: SignBatch, number: int, attempt: Any, *, over: bool) -> Line:
    path = batch.letters[number][0]
    if attempt is not None:
        state = "going" if attempt.open else attempt.state
        return Line(path, state, attempt.sentence, attempt.id, attempt.ended, attempt.error)
    if number in batch.said:
        return Line(path, "failed", batch.said[number])
    return Line(path, "left", batch.stopped or BROKE_OFF) if over else Line(path, "waiting")
