"""The one door to the network: calls named destinations from the settings, within limits; never a URL from data."""

from __future__ import annotations

import base64
import contextlib
import http.client
import ipaddress
import re
import smtplib
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from intranet_surat.errors import Unavailable

SCHEMES = ("smtp", "http", "https")
TLS = ("none", "starttls", "tls")
_PATH = re.compile(r"/[!-~]*")


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


@dataclass(frozen=True, slots=True)
class Answer:
    """What an HTTP destination answered; header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def retry_after(self) -> int | None:
        """The seconds to wait, when the answer names a number of them; a date is not read."""
        said = self.headers.get("retry-after", "")
        return int(said) if said.isdecimal() and len(said) < 7 else None


class Outbound:
    """The client. It is made once from plain settings and holds no connection open."""

    def __init__(self, destinations: Iterable[Destination] = ()) -> None:
        self._known = {each.name: each for each in destinations}

    def __contains__(self, name: object) -> bool:
        return name in self._known

    def send_mail(self, name: str, message: EmailMessage) -> str:
        """Hand ``message`` to the mail server ``name`` and answer what it said. Raises OutboundError.

        All recipients are taken or none; a lost answer is an error, and the same message may be sent again
        with its Message-ID.
        """
        destination = self._destination(name, {"smtp"})
        sender, recipients = _envelope(destination, message)
        data = message.as_bytes(policy=SMTP)
        if len(data) > destination.max_bytes:
            raise OutboundError(name, f"the message has {len(data)} bytes", permanent=True)
        try:
            with _connect(destination) as plain:
                return _deliver(destination, plain, sender, recipients, data)
        except (OSError, smtplib.SMTPException) as error:
            raise OutboundError(name, f"{type(error).__name__}: {error}") from None

    def request(
        self,
        name: str,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        timeout: float | None = None,
    ) -> Answer:
        """Call ``path`` at the HTTP destination ``name``. Raises OutboundError, for a redirect too.

        ``timeout`` is for the whole call, by default the destination's.
        """
        destination = self._destination(name, {"http", "https"})
        if not _PATH.fullmatch(path):
            raise OutboundError(name, "the path is not one", permanent=True)
        deadline = time.monotonic() + (timeout or destination.timeout)
        try:
            known = {**(headers or {}), **_basic(destination)}
            ready = _ready(destination)
        except (OSError, ValueError) as error:
            raise OutboundError(name, _met(error)) from None
        seen: dict[str, str] = {}
        try:
            with ready, _until(deadline, ready):
                answer = _ask(destination, ready, (method, path, body or None, known), seen)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise OutboundError(name, _met(error), sent=True, headers=seen) from None
        if 300 <= answer.status < 400:
            raise OutboundError(name, f"redirect ({answer.status}) refused", permanent=True, sent=True)
        return answer

    def _destination(self, name: str, schemes: set[str]) -> Destination:
        destination = self._known.get(name)
        if destination is None or destination.scheme not in schemes:
            raise OutboundError(name, "no such destination in the settings", permanent=True)
        return destination


def _met(error: Exception) -> str:
    """An error for the log. Where it may quote what was sent or what came, there may be a secret in it."""
    quotes = not isinstance(error, OSError | http.client.IncompleteRead)
    return type(error).__name__ if quotes else f"{type(error).__name__}: {error}"


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


def _connect(destination: Destination) -> socket.socket:
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


def _context(destination: Destination) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(destination.ca_file) if destination.ca_file else None)


def _secured(destination: Destination, plain: socket.socket) -> ssl.SSLSocket:
    return _context(destination).wrap_socket(plain, server_hostname=destination.host)


class _Smtp(smtplib.SMTP):
    """The standard client over a connection that was already checked and made."""

    def __init__(self, destination: Destination, ready: socket.socket, name: str) -> None:
        self._ready = ready
        super().__init__(destination.host, destination.port, local_hostname=name, timeout=destination.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - its signature
        return self._ready


def _deliver(destination: Destination, plain: socket.socket, sender: str, recipients: list[str], data: bytes) -> str:
    ready = _secured(destination, plain) if destination.tls == "tls" else plain
    client = _Smtp(destination, ready, sender.rpartition("@")[2])
    try:
        client.ehlo_or_helo_if_needed()
        if destination.tls == "starttls":
            client.starttls(context=_context(destination))
            client.ehlo()
        if destination.user and destination.password_file is not None:
            client.login(destination.user, destination.password_file.read_text().strip())
        _accepted(destination, client.mail(sender))
        for each in recipients:
            _accepted(destination, client.rcpt(each))
        return _accepted(destination, client.data(data))
    finally:
        # What the server says to our farewell changes nothing about what it took.
        with contextlib.suppress(OSError, smtplib.SMTPException):
            client.quit()
        client.close()


def _accepted(destination: Destination, reply: tuple[int, bytes]) -> str:
    code, answer = reply
    if code not in {250, 251}:
        raise OutboundError(destination.name, f"{code} {_text(answer)}", permanent=code >= 500)
    return f"{code} {_text(answer)}"


def _envelope(destination: Destination, message: EmailMessage) -> tuple[str, list[str]]:
    sender = [each for _, each in getaddresses(message.get_all("From", []))]
    recipients = [each for _, each in getaddresses(message.get_all("To", []) + message.get_all("Cc", []))]
    if len(sender) != 1 or not recipients or not all("@" in each for each in (*sender, *recipients)):
        raise OutboundError(destination.name, "the message has no usable From and To", permanent=True)
    return sender[0], recipients


def _basic(destination: Destination) -> dict[str, str]:
    if not destination.user or destination.password_file is None:
        return {}
    pair = f"{destination.user}:{destination.password_file.read_text().strip()}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _ready(destination: Destination) -> socket.socket:
    plain = _connect(destination)
    try:
        return _secured(destination, plain) if destination.tls == "tls" else plain
    except BaseException:
        plain.close()
        raise


@contextlib.contextmanager
def _until(deadline: float, ready: socket.socket) -> Iterator[None]:
    """End the call at its deadline, however slowly an answer trickles. Raises TimeoutError instead of what it met."""
    left = deadline - time.monotonic()
    over = threading.Event()

    def cut() -> None:
        over.set()
        with contextlib.suppress(OSError):
            ready.shutdown(socket.SHUT_RDWR)

    watch = threading.Timer(max(left, 0), cut)
    watch.daemon = True
    watch.start()
    ready.settimeout(max(left, 0.001))
    try:
        yield
    except (OSError, http.client.HTTPException):
        if over.is_set():
            raise TimeoutError("the answer did not come in time") from None
        raise
    finally:
        watch.cancel()


def _ask(
    destination: Destination,
    ready: socket.socket,
    call: tuple[str, str, bytes | None, dict[str, str]],
    seen: dict[str, str],
) -> Answer:
    connection = http.client.HTTPConnection(destination.host, destination.port)
    with contextlib.closing(connection):
        connection.sock = ready
        connection.request(*call)
        response = connection.getresponse()
        seen.update((key.lower(), value) for key, value in response.getheaders())
        return Answer(response.status, seen, _bounded(destination, response))


def _bounded(destination: Destination, response: http.client.HTTPResponse) -> bytes:
    body = bytearray()
    while piece := response.read1(65536):
        body += piece
        if len(body) > destination.max_bytes:
            raise OutboundError(destination.name, "the answer is too large", permanent=True, sent=True)
    if response.length:
        raise http.client.IncompleteRead(b"", response.length)
    return bytes(body)


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:500]
