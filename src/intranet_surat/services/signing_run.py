"""The work on a batch of signatures: threads of the process that has the secret, some of which call, others take in.

What a batch is and how far it came stands in `signing_batch`. The secret is wiped when the last call has returned,
and whatever happens.
"""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import transaction
from transaction.interfaces import TransientError

from intranet_surat.errors import SuratError, Unknown
from intranet_surat.resources.batches import SignBatch
from intranet_surat.resources.opening import connect, root_site
from intranet_surat.resources.site import Site
from intranet_surat.services import signing, signing_results
from intranet_surat.services.house import House
from intranet_surat.services.providers.base import BadInput, Refused, SigningError, SignResult
from intranet_surat.services.reader import Reader
from intranet_surat.services.secret import Secret
from intranet_surat.services.signing import Withdrawn
from intranet_surat.services.signing_attempts import MustWait
from intranet_surat.services.signing_orders import Order, Wanted
from intranet_surat.services.signing_results import Result
from intranet_surat.services.signing_transactions import committed

logger = logging.getLogger(__name__)

TRIES = 5
TAKERS = 2
"""Threads that judge and store what came back, and so many results may wait for them."""
AHEAD = 1
"""Letters that are begun while all calls are taken."""
FAILED = "Surat ini tidak dapat diproses; tidak ada yang dikirim. Buka suratnya, lalu coba dari sana."
SHUTTING = "Layanan sedang dimatikan. Surat yang belum dimulai menunggu dengan nomornya."
OF_ONE_LETTER = (Refused, BadInput)
"""What speaks against one file; any other error of a provider would meet the next letter too."""


@dataclass(frozen=True, slots=True)
class _Chosen:
    """One letter of a batch: its number, and what its form wants."""

    number: int
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class _Returned:
    """What the provider returned for a letter, not judged yet."""

    chosen: _Chosen
    order: Order
    result: SignResult


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
    """The work on one batch. Letters go one by one until the secret has proven right, then some at once.

    So many calls as may run are in flight all the time: one letter more is begun, so that it is ready when a call ends,
    and what comes back other threads judge and take in meanwhile. The provider never waits for us.
    """

    def __init__(self, house: House, db: Any, batch: str, reader: Reader, secret: Secret) -> None:
        self._house, self._db, self._batch, self._reader, self._secret = house, db, batch, reader, secret
        self._left: deque[_Chosen] = deque()
        self._returned: queue.Queue[_Returned | None] = queue.Queue(TAKERS)
        self._slots = threading.Semaphore(max(1, house.provider().capabilities.calls))
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
            for number, (path, shown) in enumerate(batch.letters):
                self._left.append(_Chosen(number, Wanted(path, self._reader, shown, batch.key(number))))
        while not self._proven and self._one(self._take):
            pass
        calls = min(self._house.provider().capabilities.calls, len(self._left))
        with self._beside(self._take_rest, min(TAKERS, calls)) as takers:
            try:
                with self._beside(self._rest, min(calls + AHEAD, len(self._left))):
                    pass
                self._secret.wipe()
            finally:
                for _ in takers:
                    self._returned.put(None)

    @contextlib.contextmanager
    def _beside(self, work: Callable[[], None], most: int) -> Iterator[list[threading.Thread]]:
        """Threads that do this work; they have ended at the end of the block."""
        threads: list[threading.Thread] = []
        try:
            for number in range(most):
                thread = threading.Thread(target=work, name=f"tanda-tangan-{self._batch}{work.__name__}-{number}")
                thread.start()
                threads.append(thread)
            yield threads
        finally:
            for thread in threads:
                thread.join()

    def _rest(self) -> None:
        while self._one(self._returned.put):
            pass

    def _take_rest(self) -> None:
        while (returned := self._returned.get()) is not None:
            self._take(returned)

    def _one(self, then: Callable[[_Returned], None]) -> bool:
        """Send the next letter, and hand on what came back; False when there is none, or no other may begin."""
        if not threading.main_thread().is_alive():
            self._stopped = self._stopped or SHUTTING
        if self._stopped:
            return False
        try:
            chosen = self._left.popleft()
        except IndexError:
            return False
        with self._told(chosen):
            sent = self._send(chosen)
            if not isinstance(sent, Result):
                then(_Returned(chosen, *sent))
        return True

    def _send(self, chosen: _Chosen) -> tuple[Order, SignResult] | Result:
        """One letter. A conflict is met before anything is sent, so that it may be tried again."""
        for attempt in range(TRIES):
            try:
                with self._site() as (tm, site):
                    return signing.send(
                        self._house, tm, site, chosen.wanted, self._secret, self._house.clock(),
                        ready=self._proven, turn=self._turn(),
                    )  # fmt: skip
            except TransientError:
                if attempt == TRIES - 1:
                    raise
        raise AssertionError  # the loop returns or raises

    def _take(self, returned: _Returned) -> None:
        chosen = returned.chosen
        with self._told(chosen), self._site() as (tm, site):
            signing_results.take(
                self._house, tm, site, chosen.wanted, returned.order, returned.result, self._house.clock()
            )
            self._proven = True

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """A call's place among those that may run. Raises Withdrawn when no other may begin."""
        with self._slots:
            if self._stopped:
                raise Withdrawn
            try:
                yield
            except SigningError as error:
                # Before the place is free for the next.
                self._stop(error)
                raise

    def _stop(self, error: SigningError | MustWait) -> None:
        """Begin no further letter for what would meet it too."""
        # Before one was signed, a refusal may be of the person: he is not refused a hundred times.
        if not self._proven or not isinstance(error, OF_ONE_LETTER):
            self._stopped = self._stopped or error.message

    @contextlib.contextmanager
    def _told(self, chosen: _Chosen) -> Iterator[None]:
        """What ends one letter is said of it, and ends the others when it would meet them too."""
        try:
            yield
        except Withdrawn:
            pass
        except (SigningError, MustWait) as error:
            self._stop(error)
            self._say(chosen.number, error.message)
        except SuratError as error:
            self._say(chosen.number, error.message or FAILED)
        except Exception as error:  # noqa: BLE001 - its frames may hold the secret
            logger.error("batch %s, letter %d: %s", self._batch, chosen.number, type(error).__name__)  # noqa: TRY400
            self._say(chosen.number, FAILED)

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
