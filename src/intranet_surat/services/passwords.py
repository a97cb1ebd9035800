"""Hashing of passwords and the brake on guessing them. Sessions stand in `services.accounts`."""

from __future__ import annotations

import threading
import unicodedata
from base64 import b64encode
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from intranet_surat.errors import SuratError

LONGEST = 200
"""Characters of a password that are hashed at all; more is refused before any work is done."""

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
_ROOM = threading.BoundedSemaphore(4)  # a hash takes 19 MiB: four at once, the others wait

_DEMO_SALT = b"UJI COBA! bukan rahasia"
_FADES = timedelta(hours=1)

# What an unknown log-in is compared with, so that its answer takes as long as a wrong password.
_NOBODY = _HASHER.hash("tidak ada orangnya")


def hashed(password: str) -> str:
    """The argon2id hash of a password, salt and parameters inside."""
    with _ROOM:
        return _HASHER.hash(_normal(password))


def demo_hash(password: str) -> str:
    """The hash of the demo's known password: always the same text, so that it is recognised anywhere."""
    with _ROOM:
        return _HASHER.hash(_normal(password), salt=_DEMO_SALT)


def is_demo_hash(stored: str) -> bool:
    """Whether a stored hash was made by `demo_hash`; production refuses to start with one."""
    return f"${b64encode(_DEMO_SALT).decode().rstrip('=')}$" in stored


def matches(stored: str | None, password: str) -> bool:
    """Whether a password is the stored one; works as long when nothing is stored."""
    if len(password) > LONGEST:
        return False
    with _ROOM:
        try:
            return _HASHER.verify(stored or _NOBODY, _normal(password)) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(stored)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)


class TooManyAttempts(SuratError):
    """A log-in or an address must wait before the next attempt (HTTP 429); ``seconds`` says how long."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Terlalu banyak percobaan masuk. Tunggu {seconds} detik, lalu coba lagi.")
        self.seconds = seconds


@dataclass(slots=True)
class _Failures:
    count: int = 0
    last: datetime | None = None
    until: datetime | None = None


class Brake:
    """Counts failed attempts by log-in and by address, in this process only.

    It stands outside the database on purpose: a failing log-in must not write to the letters' database.
    Each failure over the ``free`` ones doubles the wait, up to ``longest``; success forgives the log-in,
    an hour without failures forgives both.
    """

    def __init__(self, *, free: int = 5, longest: timedelta = timedelta(minutes=15), room: int = 10_000) -> None:
        """Let ``free`` failures pass without a wait; remember at most ``room`` names."""
        self._free = free
        self._longest = longest
        self._room = room
        self._known: OrderedDict[tuple[str, str], _Failures] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, login: str, address: str, now: datetime) -> None:
        """Let an attempt pass; raises TooManyAttempts while the log-in or the address has to wait."""
        with self._lock:
            waits = [
                (found.until - now).total_seconds()
                for found in map(self._known.get, self._keys(login, address))
                if found is not None and found.until is not None
            ]
        longest = max(waits, default=0.0)
        if longest > 0:
            raise TooManyAttempts(ceil(longest))

    def failed(self, login: str, address: str, now: datetime) -> None:
        """Note a failure. An address is given four times the patience: an office shares one."""
        with self._lock:
            for key, free in zip(self._keys(login, address), (self._free, self._free * 4), strict=True):
                found = self._known.setdefault(key, _Failures())
                self._known.move_to_end(key)
                if found.last is not None and now - found.last > _FADES:
                    found.count = 0
                found.count += 1
                found.last = now
                over = found.count - free
                if over > 0:
                    found.until = now + min(timedelta(seconds=2 ** min(over, 20)), self._longest)
            while len(self._known) > self._room:
                self._known.popitem(last=False)

    def succeeded(self, login: str, address: str) -> None:
        """Forget the failures of the log-in; those of the address stay until they fade."""
        with self._lock:
            self._known.pop(self._keys(login, address)[0], None)

    @staticmethod
    def _keys(login: str, address: str) -> tuple[tuple[str, str], tuple[str, str]]:
        return ("login", login), ("address", address)
