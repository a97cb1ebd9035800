"""The stand-in of BSrE behind a real socket, and the client that calls it as an installation would."""

from __future__ import annotations

import logging
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import waitress
from cryptography.hazmat.primitives.serialization import Encoding

from intranet_surat.demo.authority import issuing
from intranet_surat.demo.bsre.accounts import Account, Register
from intranet_surat.demo.bsre.app import OwnClock
from intranet_surat.demo.bsre.server import USER, StandIn
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.outbound_destinations import Destination
from intranet_surat.services.providers import bsre_client
from intranet_surat.services.providers.base import Signer

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PASSWORD = "kenari-aplikasi-91"
PASSPHRASE = "kenari-frasa-17"
NIK = "3200000000000001"
ANI = Signer("ani0000000000000", "Ani Uji", "197001011990012001", "ani@contoh.go.id", NIK)
BUDI = Signer("budi000000000000", "Budi Uji", "", "budi@contoh.go.id", "3200000000000002")
SUBSCRIBER, ACTIVATION = "SEGEL-1", "135790"
SEALER = Signer("", "Kabupaten Uji", email="segel@contoh.go.id")


def roots(authority):
    return b"".join(each.public_bytes(Encoding.PEM) for each in (authority.root, authority.issuer))


def stand_in(accounts, clock=lambda: NOW):
    authority = issuing.new(NOW)
    seal = Account("Segel Kabupaten", SEALER.email, SUBSCRIBER, "")
    return StandIn(Register(authority, accounts, seal, ACTIVATION), PASSWORD, clock, OwnClock(authority, clock))


@contextmanager
def listening(app):
    """Serve on 127.0.0.1; answers the port."""
    logging.getLogger("waitress").setLevel(logging.ERROR)
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=8, ident="", map={})

    def run():
        with suppress(OSError):  # its socket is closed under it at the end
            server.run()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield int(server.effective_port)
    finally:
        if hasattr(app, "faults"):
            app.faults.clear()
        server.task_dispatcher.shutdown(timeout=5)
        server.close()
        thread.join(10)


def client(port, folder, *, seconds=20.0, password=PASSWORD):
    (folder / "sandi-bsre").write_text(password)
    to = Destination(
        bsre_client.DESTINATION, "http", "127.0.0.1", port, "none", internal=True, user=USER,
        password_file=folder / "sandi-bsre", allow_insecure_http="127.0.0.1", connect_timeout=20.0,
    )  # fmt: skip
    return bsre_client.BsreClient(Outbound([to]), seconds)
