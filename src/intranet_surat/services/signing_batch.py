"""Many letters by one secret: each an attempt of its own, some at once in threads of the process that has the secret.

What is written is which letters the form named; how far it came is read from their attempts, so that a process that
dies leaves what every lost signature leaves. The secret is wiped at the end, whatever happens.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import transaction
from transaction.interfaces import TransientError

from intranet_surat.errors import Invalid, NotAllowed, SuratError, Unknown
from intranet_surat.resources.batches import SignBatch
from intranet_surat.resources.folder import find, new_id
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.opening import connect, root_site
from intranet_surat.resources.site import Site
from intranet_surat.services import idempotency, signing, signing_attempts
from intranet_surat.services.house import House
from intranet_surat.services.itemview import flow_of
from intranet_surat.services.providers.base import BadInput, Refused, SigningError
from intranet_surat.services.reader import Reader
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing_attempts import STALE
from intranet_surat.services.signing_orders import letter_at, signatory
from intranet_surat.services.signing_transactions import committed

logger = logging.getLogger(__name__)

MOST = 100
"""Letters that one form may name."""

USE = "tanda tangan banyak"
TRIES = 5
CHOOSE = "Centang paling sedikit satu surat."
TOO_MANY = f"Paling banyak {MOST} surat sekali jalan. Hapus beberapa centang."
ONE_BY_ONE = "Alur surat ini tidak membolehkan tanda tangan bersama surat lain. Tanda tangani dari halamannya sendiri."
BROKE_OFF = "Pekerjaan ini terputus sebelum surat ini dimulai. Surat menunggu dengan nomornya."
FAILED = "Surat ini tidak dapat diproses; tidak ada yang dikirim. Buka suratnya, lalu coba dari sana."
SHUTTING = "Layanan sedang dimatikan. Surat yang belum dimulai menunggu dengan nomornya."
OF_ONE_LETTER = (Refused, BadInput)
"""What speaks against one file; any other error of a provider would meet the next letter too."""


@dataclass(frozen=True, slots=True)
class Line:
    """How far one letter came: ``waiting``, ``going``, ``done``, ``failed``, ``unknown`` or ``left`` (never begun)."""

    path: str
    state: str
    sentence: str = ""
    attempt: str = ""
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a batch came; ``over`` when nothing of it goes on, ``stopped`` why the rest was not begun."""

    lines: tuple[Line, ...]
    over: bool
    stopped: str

    def count(self, *states: str) -> int:
        """How many letters stand in these states."""
        return sum(line.state in states for line in self.lines)


def may(house: House, site: Site, letter: Letter) -> bool:
    """Whether the flow lets the letter be signed together with others where it stands now."""
    state = flow_of(house, site, letter).states.get(letter.state)
    return state is not None and state.sign is not None and state.sign.batch


def opened(
    house: House, site: Site, chosen: Sequence[tuple[str, str]], reader: Reader, key: str, now: datetime
) -> tuple[SignBatch, bool]:
    """The batch of a form, and whether it is new; joins the transaction. ``chosen`` are pairs of path and hash shown.

    Raises Invalid for none or too many, Unknown, or NotAllowed for a letter that this person may not sign so.
    """
    known = idempotency.seen(site, reader.person, key, USE)
    if known is not None:
        return of(site, reader, known), False
    chosen = tuple(dict(chosen).items())
    if not chosen or len(chosen) > MOST:
        raise Invalid({"surat": TOO_MANY if chosen else CHOOSE})
    for path, _ in chosen:
        letter = letter_at(house, site, path, reader, now)
        signatory(house, site, letter, reader, now)
        if not may(house, site, letter):
            raise NotAllowed(ONE_BY_ONE, action="sign")
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
        return Line(path, state, attempt.sentence, attempt.id, attempt.ended)
    if number in batch.said:
        return Line(path, "failed", batch.said[number])
    return Line(path, "left", batch.stopped or BROKE_OFF) if over else Line(path, "waiting")


def start(house: House, db: Any, batch: str, reader: Reader, secret: Secret) -> threading.Thread:
    """Sign the letters of a batch that was committed, in a thread of this process; the secret is the thread's now."""
    thread = threading.Thread(target=Run(house, db, batch, reader, secret).carry_out, name=f"tanda-tangan-{batch}")
    try:
        thread.start()
    except BaseException:
        secret.wipe()
        raise
    return thread


class Run:
    """The work on one batch. Letters go one by one until the secret has proven right, then some at once."""

    def __init__(self, house: House, db: Any, batch: str, reader: Reader, secret: Secret) -> None:
        self._house, self._db, self._batch, self._reader, self._secret = house, db, batch, reader, secret
        self._left: deque[tuple[int, str, str, str]] = deque()
        self._stopped = ""
        self._proven = False

    def carry_out(self) -> None:
        """All letters; raises nothing, for nobody waits for it."""
        try:
            with self._secret:
                self._all()
        except Exception as error:  # noqa: BLE001 - its frames may hold the secret
            logger.error("batch %s: %s", self._batch, type(error).__name__)  # noqa: TRY400
        finally:
            with contextlib.suppress(Exception):
                self._write(self._end)

    def _all(self) -> None:
        with self._site() as (_, site):
            batch = site.batches[self._batch]
            self._left.extend((n, path, shown, batch.key(n)) for n, (path, shown) in enumerate(batch.letters))
        while not self._proven and self._one():
            pass
        beside = min(self._house.provider().capabilities.calls, len(self._left)) - 1
        threads = [threading.Thread(target=self._rest, name=f"tanda-tangan-{self._batch}-{n}") for n in range(beside)]
        for each in threads:
            each.start()
        self._rest()
        for each in threads:
            each.join()

    def _rest(self) -> None:
        while self._one():
            pass

    def _one(self) -> bool:
        """Sign the next letter; False when there is none, or no other may begin."""
        if not threading.main_thread().is_alive():
            self._stopped = self._stopped or SHUTTING
        if self._stopped:
            return False
        try:
            number, path, shown, key = self._left.popleft()
        except IndexError:
            return False
        try:
            self._sign(path, shown, key)
        except SigningError as error:
            # Before one was signed, a refusal may be of the person: he is not refused a hundred times.
            if not self._proven or not isinstance(error, OF_ONE_LETTER):
                self._stopped = self._stopped or error.message
            self._say(number, error.message)
        except SuratError as error:
            self._say(number, error.message or FAILED)
        except Exception as error:  # noqa: BLE001 - its frames may hold the secret
            logger.error("batch %s, letter %d: %s", self._batch, number, type(error).__name__)  # noqa: TRY400
            self._say(number, FAILED)
        return True

    def _sign(self, path: str, shown: str, key: str) -> None:
        """One letter. A conflict is met before anything is sent, so that it may be tried again."""
        for attempt in range(TRIES):
            try:
                with self._site() as (tm, site):
                    signing.sign(
                        self._house, tm, site, path, self._reader, self._secret, shown, key, self._house.clock(),
                        keep=True, ready=self._proven,
                    )  # fmt: skip
            except TransientError:
                if attempt == TRIES - 1:
                    raise
            else:
                self._proven = True
                return

    def _say(self, number: int, sentence: str) -> None:
        def say(batch: SignBatch) -> None:
            batch.said = {**batch.said, number: sentence}

        # What cannot be written now is told by the attempt, if there is one.
        with contextlib.suppress(Exception):
            self._write(say)

    def _end(self, batch: SignBatch) -> None:
        batch.ended, batch.stopped = self._house.clock(), self._stopped

    def _write(self, change: Any) -> None:
        with self._site() as (tm, site):
            committed(tm, lambda: change(site.batches[self._batch]))

    @contextlib.contextmanager
    def _site(self) -> Iterator[tuple[Any, Site]]:
        tm = transaction.TransactionManager(explicit=True)
        connection = connect(self._db, tm)
        try:
            tm.begin()
            site = root_site(connection)
            if site is None:
                raise Unknown
            yield tm, site
        finally:
            with contextlib.suppress(Exception):
                tm.abort()
            connection.close()
