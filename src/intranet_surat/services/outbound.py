"""The one door to the network: calls named destinations from the settings, within limits; never a URL from data."""

from __future__ import annotations

import base64
import contextlib
import http.client
import re
import socket
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage

from intranet_surat.services import outbound_mail
from intranet_surat.services.outbound_destinations import Destination, OutboundError, connect, secured

_PATH = re.compile(r"/[!-~]*")


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
        return outbound_mail.hand_over(self._destination(name, {"smtp"}), message)

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
    kind, said = type(error).__name__, str(error)
    if quotes:
        return kind
    return said if said.startswith(kind) else f"{kind}: {said}"


def _basic(destination: Destination) -> dict[str, str]:
    if not destination.user or destination.password_file is None:
        return {}
    pair = f"{destination.user}:{destination.password_file.read_text().strip()}"
    return {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}


def _ready(destination: Destination) -> socket.socket:
    plain = connect(destination)
    try:
        return secured(destination, plain) if destination.tls == "tls" else plain
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
