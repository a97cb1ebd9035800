"""Named locks that keep two writers of one register apart: in this process, on this machine, in PostgreSQL.

A name is locked in all places that are configured. What is held belongs to the caller, who releases it.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from intranet_surat.errors import Unavailable

logger = logging.getLogger(__name__)

TIMEOUT = 30.0
PAUSE = 0.01
BUSY = (
    "Buku nomor sedang dipakai petugas lain dan belum selesai setelah {seconds:.0f} detik. "
    "Belum ada yang tersimpan; tunggu sebentar, lalu kirim lagi."
)

Release = Callable[[], None]


class Held:
    """Locks that somebody holds; `release` gives back all of them and may be called twice."""

    def __init__(self) -> None:
        self.names: frozenset[str] = frozenset()
        self._releases: list[Release] = []

    def add(self, name: str, release: Release) -> None:
        """Note that a name is held, and how it is given back."""
        self.names |= {name}
        self._releases.append(release)

    def take_over(self, other: Held) -> None:
        """Hold what another holds, in its place."""
        self.names |= other.names
        self._releases.extend(other._releases)
        other.names, other._releases = frozenset(), []

    def release(self) -> None:
        """Give back everything, the last taken first, even when giving back one of them fails."""
        releases, self._releases, self.names = self._releases, [], frozenset()
        with contextlib.ExitStack() as stack:
            for release in releases:
                stack.callback(release)


class Locks:
    """The places where names are locked: ``directory`` adds files, ``postgresql`` (a DSN) advisory locks."""

    def __init__(self, directory: Path | None = None, postgresql: str | None = None, timeout: float = TIMEOUT) -> None:
        self.timeout = timeout
        self._guard = threading.Lock()
        self._threads: dict[str, threading.Lock] = {}
        self._directory = directory
        self._advisory = None if postgresql is None else Advisory(postgresql)
        if directory is not None:
            directory.mkdir(mode=0o700, parents=True, exist_ok=True)

    def take(self, names: Iterable[str], timeout: float | None = None) -> Held:
        """Take all names, in sorted order, and return what is held.

        Raises Unavailable when they are not free in time; then nothing stays taken.
        """
        seconds = self.timeout if timeout is None else timeout
        deadline = time.monotonic() + seconds
        held = Held()
        try:
            for name in sorted(set(names)):
                self._take(name, held, deadline)
        except TimeoutError:
            held.release()
            raise Unavailable(BUSY.format(seconds=seconds)) from None
        except BaseException:
            held.release()
            raise
        return held

    def _take(self, name: str, held: Held, deadline: float) -> None:
        with self._guard:
            lock = self._threads.setdefault(name, threading.Lock())
        if not lock.acquire(timeout=max(0.0, deadline - time.monotonic())):
            raise TimeoutError(name)
        held.add(name, lock.release)
        if self._directory is not None:
            held.add(name, _lock_file(self._directory / hashlib.sha256(name.encode()).hexdigest(), deadline))
        if self._advisory is not None:
            held.add(name, self._advisory.lock(name, deadline))


def _lock_file(path: Path, deadline: float) -> Release:
    """Lock a file, which the system frees when the process dies. Raises TimeoutError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                os.close(descriptor)
                raise TimeoutError(str(path)) from None
            time.sleep(PAUSE)
        except BaseException:
            os.close(descriptor)
            raise
        else:
            return lambda: os.close(descriptor)


class Advisory:
    """Advisory locks of PostgreSQL, for processes on several machines; the server frees them when one dies."""

    def __init__(self, dsn: str) -> None:
        self._dsn = dsn
        self._guard = threading.Lock()
        self._idle: list[Any] = []

    def lock(self, name: str, deadline: float) -> Release:
        """Lock a name. Raises TimeoutError, Unavailable when the server does not answer."""
        import psycopg2  # noqa: PLC0415  an optional library, needed only where PostgreSQL is configured
        import psycopg2.errors  # noqa: PLC0415

        key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)
        left = max(1, int((deadline - time.monotonic()) * 1000))
        connection, is_new = self._take_idle(), False
        while True:
            try:
                if connection is None:
                    connection, is_new = self._connect(psycopg2), True
                with connection.cursor() as cursor:
                    cursor.execute("SELECT set_config('lock_timeout', %s, false)", (f"{left}ms",))
                    cursor.execute("SELECT pg_advisory_lock(%s)", (key,))
            except psycopg2.errors.LockNotAvailable:
                self._give_back(connection)
                raise TimeoutError(name) from None
            except psycopg2.Error as error:
                _close(connection)
                if connection is not None and not is_new:
                    connection = None  # the server was restarted since it was put aside
                    continue
                logger.error("advisory lock: %s", type(error).__name__)  # noqa: TRY400  its text may carry the DSN
                raise Unavailable(
                    "Basis data tidak menjawab, jadi nomor belum dapat diberikan. Belum ada yang tersimpan; coba lagi."
                ) from None
            locked = connection
            return lambda: self._unlock(locked, key)

    def _take_idle(self) -> Any:
        with self._guard:
            return self._idle.pop() if self._idle else None

    def _connect(self, psycopg2: Any) -> Any:
        connection = psycopg2.connect(self._dsn, connect_timeout=5)
        connection.autocommit = True
        return connection

    def _unlock(self, connection: Any, key: int) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", (key,))
        except Exception:  # noqa: BLE001  whatever happened: a closed connection holds no lock
            logger.warning("an advisory lock was freed by closing its connection")
            _close(connection)
        else:
            self._give_back(connection)

    def _give_back(self, connection: Any) -> None:
        with self._guard:
            self._idle.append(connection)


def _close(connection: Any) -> None:
    if connection is not None:
        with contextlib.suppress(Exception):
            connection.close()
