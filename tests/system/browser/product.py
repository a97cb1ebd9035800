"""The running product: `surat serve --demo` in a directory of its own, and a mail server at its edge."""

from __future__ import annotations

import email
import email.policy
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from aiosmtpd.controller import Controller

ROOT = Path(__file__).resolve().parents[3]
SURAT = Path(sys.executable).with_name("surat")
PASSWORD, PASSPHRASE = "serang-uji-coba", "frasa uji coba"
MAIL_FROM = "surat@serangkab.example"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Mailbox:
    """A mail server on this machine that keeps what it is given."""

    def __init__(self) -> None:
        self.port = free_port()
        self.received: list[bytes] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=True)
        self._controller.start()

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802  the name is aiosmtpd's
        self.received.append(envelope.original_content or envelope.content)
        return "250 OK"

    def letters(self, to: str) -> list[email.message.EmailMessage]:
        """The messages to an address that carry a file."""
        found = [email.message_from_bytes(each, policy=email.policy.default) for each in self.received]
        return [each for each in found if to in str(each["To"]) and any(each.iter_attachments())]

    def close(self) -> None:
        self._controller.stop()


class Product:
    """The demo on a port of its own; everything it writes lies in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self.mail = Mailbox()
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = folder / "log"
        ini = folder / "development.ini"
        mail = f"intranet_surat.smtp = 127.0.0.1:{self.mail.port}\nintranet_surat.mail_from = {MAIL_FROM}\n"
        ini.write_text((ROOT / "development.ini").read_text().replace("[app:main]\n", f"[app:main]\n{mail}"))
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                [SURAT, "serve", "--demo", "development.ini"],
                cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
                env={**os.environ, "PORT": str(self.port), "PYTHONWARNINGS": "ignore"},
            )  # fmt: skip

    def wait(self) -> Product:
        """Return when the front page answers without log-in."""
        for _ in range(600):
            if self._process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.base}/", timeout=30) as answer:
                    if answer.status == 200:
                        return self
            except (ConnectionError, urllib.error.URLError):
                time.sleep(0.1)
        raise AssertionError(self.log.read_text())

    def faults(self) -> list[str]:
        """What the log tells of that nobody should see."""
        return [line for line in self.log.read_text().splitlines() if "ERROR" in line or "Traceback" in line]

    def stop(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGTERM)  # an interrupt is ignored by what began in the background
            self._process.wait(timeout=60)
        self.mail.close()
