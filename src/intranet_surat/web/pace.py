"""How often one network may ask for what anybody may ask for; counted in this process only, and only for a minute."""

from __future__ import annotations

import ipaddress
import threading
from collections import OrderedDict
from datetime import datetime, timedelta
from math import ceil

from intranet_surat.errors import SuratError

MINUTE = timedelta(minutes=1)


class TooOften(SuratError):
    """A network asked too often and must wait ``seconds`` (HTTP 429)."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Terlalu banyak pemeriksaan dari jaringan ini. Tunggu {seconds} detik, lalu coba lagi.")
        self.seconds = seconds


def network(address: str) -> str:
    """The /24 of an IPv4 address, the /64 of an IPv6 one: whoever has one address of it has the others; "" for none."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    plain = getattr(found, "ipv4_mapped", None) or found
    return str(ipaddress.ip_network((plain, 24 if plain.version == 4 else 64), strict=False))


class Pace:
    """Lets ``most`` requests of a network pass in a minute; remembers at most ``room`` networks."""

    def __init__(self, most: int, *, room: int = 10_000) -> None:
        self._most = most
        self._room = room
        self._known: OrderedDict[str, list[datetime]] = OrderedDict()
        self._lock = threading.Lock()

    def check(self, address: str | None, now: datetime) -> None:
        """Count a request. Raises TooOften; an address that is not known (a socket file) is not counted."""
        name = network(address or "")
        if not name:
            return
        with self._lock:
            times = [each for each in self._known.pop(name, []) if now - each < MINUTE]
            full = len(times) >= self._most
            self._known[name] = times if full else [*times, now]
            while len(self._known) > self._room:
                self._known.popitem(last=False)
        if full:
            raise TooOften(max(1, ceil((MINUTE - (now - times[0])).total_seconds())))
