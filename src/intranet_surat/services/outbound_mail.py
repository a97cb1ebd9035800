"""Hands a message to a mail server: one conversation, in which all recipients are taken or none."""

from __future__ import annotations

import contextlib
import smtplib
import socket
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses

from intranet_surat.services.outbound_destinations import Destination, OutboundError, connect, context, secured


def hand_over(destination: Destination, message: EmailMessage) -> str:
    """What the server said to ``message``. Raises OutboundError, also when its answer was lost."""
    sender, recipients = _envelope(destination, message)
    data = message.as_bytes(policy=SMTP)
    if len(data) > destination.max_bytes:
        raise OutboundError(destination.name, f"the message has {len(data)} bytes", permanent=True)
    try:
        with connect(destination) as plain:
            return _deliver(destination, plain, sender, recipients, data)
    except (OSError, smtplib.SMTPException) as error:
        raise OutboundError(destination.name, f"{type(error).__name__}: {error}") from None


class _Smtp(smtplib.SMTP):
    """The standard client over a connection that was already checked and made."""

    def __init__(self, destination: Destination, ready: socket.socket, name: str) -> None:
        self._ready = ready
        super().__init__(destination.host, destination.port, local_hostname=name, timeout=destination.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:  # noqa: ARG002 - its signature
        return self._ready


def _deliver(destination: Destination, plain: socket.socket, sender: str, recipients: list[str], data: bytes) -> str:
    ready = secured(destination, plain) if destination.tls == "tls" else plain
    client = _Smtp(destination, ready, sender.rpartition("@")[2])
    try:
        client.ehlo_or_helo_if_needed()
        if destination.tls == "starttls":
            client.starttls(context=context(destination))
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


def _text(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:500]
