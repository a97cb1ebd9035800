"""Where calls may go: the destinations of the settings, and a connection whose address was checked."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from intranet_surat.errors import Unavailable

SCHEMES = ("smtp", "http", "https")
TLS = ("none", "starttls", "tls")


class OutboundError(Unavailable):
    """A destination did not do what was asked. ``detail`` is English, for the log.

    ``permanent`` tells that asking again will not help; ``sent`` is False only when surely nothing of the request
    has left this house. ``headers`` are those that came before the rest of an answer was lost.
    """

    def __init__(
        self,
        destination: str,
        detail: str,
        *,
        permanent: bool = False,
        sent: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"Layanan luar ({destination}) tidak dapat dipakai sekarang. Coba lagi nanti.")
        self.destination = destination
        self.detail = detail
        self.permanent = permanent
        self.sent = sent
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a call may go. ``tls`` is ``none`` (internal only), ``starttls`` (smtp) or ``tls``.

    ``internal`` allows private addresses. ``password_file`` is read at each call; over HTTP it goes with ``user`` as
    Basic authentication. ``allow_insecure_http`` is the host to which a password may go without TLS: it must name
    this very ``host``. ``signed`` says that its answers are signed and checked, so that they may come without TLS.
    Raises ValueError for a combination that would be unsafe or meaningless.
    """

    name: str
    scheme: str
    host: str
    port: int
    tls: str = "tls"
    internal: bool = False
    timeout: float = 30.0
    connect_timeout: float = 10.0
    max_bytes: int = 25 * 1024 * 1024
    user: str = ""
    password_file: Path | None = None
    ca_file: Path | None = None
    allow_insecure_http: str = ""
    signed: bool = False

    def __post_init__(self) -> None:
        if self.scheme not in SCHEMES or self.tls not in TLS:
            raise ValueError(f"destination {self.name}: scheme is one of {SCHEMES}, tls one of {TLS}")
        if (self.scheme == "https") != (self.tls == "tls") and self.scheme != "smtp":
            raise ValueError(f"destination {self.name}: {self.scheme} does not go with tls = {self.tls}")
        if self.tls == "none" and not (self.internal or self.signed):
            raise ValueError(f"destination {self.name}: without TLS only internal destinations are called")
        if self.tls == "none" and self.user and not (self.scheme == "http" and self.allow_insecure_http == self.host):
            raise ValueError(f"destination {self.name}: a password is not sent without TLS")
        if not 0 < self.port < 65536 or min(self.timeout, self.connect_timeout, self.max_bytes) <= 0:
            raise ValueError(f"destination {self.name}: port, timeouts and max_bytes are positive")

    @classmethod
    def at(cls, name: str, url: str, **more: Any) -> Destination:
        """The destination at a web address of the settings, by its usual port unless it names one."""
        where = urlsplit(url)
        tls, port = ("tls", 443) if where.scheme == "https" else ("none", 80)
        return cls(name, where.scheme, where.hostname or "", where.port or port, tls=tls, **more)


def addresses(destination: Destination) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
    """Resolve once, and refuse when any address is not allowed. Raises OutboundError, OSError."""
    found = socket.getaddrinfo(destination.host, destination.port, type=socket.SOCK_STREAM)
    for *_, where in found:
        if not _allowed(destination, str(where[0])):
            raise OutboundError(destination.name, f"address {where[0]} is not allowed", permanent=True)
    return [(family, (str(where[0]), int(where[1]))) for family, _, _, _, where in found]


def _allowed(destination: Destination, text: str) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    address = getattr(address, "ipv4_mapped", None) or address
    if address.is_multicast or address.is_unspecified:
        return False
    return destination.internal or address.is_global


def connect(destination: Destination) -> socket.socket:
    """A connection to the first address that answers. Raises OutboundError, OSError."""
    # The address that was checked is the one connected: the name is not asked for a second time.
    last: OSError = OSError("no address")
    for family, where in addresses(destination):
        plain = socket.socket(family, socket.SOCK_STREAM)
        plain.settimeout(min(destination.connect_timeout, destination.timeout))
        try:
            plain.connect(where)
        except OSError as error:
            plain.close()
            last = error
        else:
            plain.settimeout(destination.timeout)
            return plain
    raise last


def context(destination: Destination) -> ssl.SSLContext:
    """What its certificate is checked against."""
    return ssl.create_default_context(cafile=str(destination.ca_file) if destination.ca_file else None)


def secured(destination: Destination, plain: socket.socket) -> ssl.SSLSocket:
    """The same connection under TLS. Raises OSError."""
    return context(destination).wrap_socket(plain, server_hostname=destination.host)
