"""Runs the table: rounds interleaved, medians and the range over the rounds, ratios to the peer of the same run."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from pyramid.config import Configurator
from pyramid.response import Response
from webtest import TestApp

from benchmarks.figures import as_served
from benchmarks.place import PASSWORD, Place, place
from intranet_surat.demo.keys import PASSPHRASE
from intranet_surat.services import letter_pdf
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.secret import Secret

ROUNDS = int(os.environ.get("ROUNDS", "5"))
AS_JSON = {"Accept": "application/json"}
TIMES = {"page": 20, "act": 10, "render": 5, "sign": 5}


def bare_view() -> Callable[[], None]:
    """A Pyramid view that answers a string: the floor of every page."""
    with Configurator() as config:
        config.add_route("hello", "/")
        config.add_view(lambda _request: Response("halo"), route_name="hello")
        test = TestApp(config.make_wsgi_app())
    return lambda: test.get("/")


def browser(where: Place, login: str) -> Any:
    """A logged-in browser without a socket between."""
    test = TestApp(where.wsgi)
    page = test.get("/@@masuk")
    token = page.text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]
    test.post("/@@masuk", {"nama": login, "sandi": PASSWORD, "csrf_token": token}, status=303)
    return test


def fsync(folder: Path) -> Callable[[], None]:
    """One write of 4 KB with fsync, on the disk of the database."""
    handle = os.open(folder / "fsync", os.O_CREAT | os.O_WRONLY)

    def write() -> None:
        os.pwrite(handle, b"x" * 4096, 0)
        os.fsync(handle)

    return write


def signing(where: Place, pdf: bytes) -> tuple[Callable[[], None], Callable[[], None]]:
    """The provider of the demo on a letter's bytes, and the key's own operation."""
    provider = where.house.provider()
    person = where.site.people.login("kepala.dinkes")
    signer = Signer(person.id, person.name, person.nip, person.email)
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def sign() -> None:
        with Secret(PASSPHRASE) as secret:
            provider.sign(pdf, signer, secret, reason="Ukur", location="Serang", now=datetime.now(UTC))

    return sign, lambda: key.sign(b"x" * 64, padding.PKCS1v15(), SHA256())


def cases(where: Place) -> dict[str, tuple[str, Callable[[], Any], str]]:
    """Name -> what kind of thing it is, how to do it once, and its peer."""
    for _ in range(25):
        path = where.disposed()
    draft = where.draft()
    where.to_sign(5000)
    leader = browser(where, "kepala.dinkes")
    desk = browser(where, "kabid-bina-marga.pupr")
    reader = browser(where, "kepala.pupr")
    pdf = letter_pdf.render(where.house, where.site, draft, datetime.now(UTC), method="pades")
    sign, raw_key = signing(where, pdf)
    return {
        "bare Pyramid view": ("page", bare_view(), ""),
        "worklist page (20 rows)": ("page", lambda: desk.get("/", status=200), "bare Pyramid view"),
        "worklist page, 5,000 letters to sign": ("page", lambda: leader.get("/", status=200), "bare Pyramid view"),
        "letter page": ("page", lambda: reader.get(f"{path}/", status=200), "bare Pyramid view"),
        "letter as JSON": (
            "page", lambda: reader.get(f"{path}/", headers=AS_JSON, status=200), "bare Pyramid view",
        ),
        "raw write and fsync, 4 KB": ("act", fsync(where.folder), ""),
        "register a letter": ("act", where.register, "raw write and fsync, 4 KB"),
        "render a letter, PDF/A-2b": (
            "render", lambda: letter_pdf.render(where.house, where.site, draft, datetime.now(UTC), method="pades"), "",
        ),
        "raw RSA-2048 operation": ("sign", raw_key, ""),
        "sign a letter, PAdES B-B": ("sign", sign, "raw RSA-2048 operation"),
    }  # fmt: skip


def measure(todo: dict[str, tuple[str, Callable[[], Any], str]]) -> dict[str, list[float]]:
    """Milliseconds a time, by name and round; every round does each thing once in turn."""
    found: dict[str, list[float]] = {name: [] for name in todo}
    for _kind, once, _peer in todo.values():
        once()
    for _ in range(ROUNDS):
        for name, (kind, once, _peer) in todo.items():
            began = time.perf_counter()
            for _ in range(TIMES[kind]):
                once()
            found[name].append((time.perf_counter() - began) * 1000 / TIMES[kind])
    return found


def main() -> int:
    """Print the table as Markdown."""
    with place() as where:
        todo = cases(where)
        with as_served():
            found = measure(todo)
    print(f"| what | ms, median of {ROUNDS} rounds | range | ratio to its peer in the same rounds |")
    print("|---|---|---|---|")
    for name, times in found.items():
        peer = todo[name][2]
        ratio = f"{statistics.median(times) / statistics.median(found[peer]):.1f} x {peer}" if peer else ""
        print(f"| {name} | {statistics.median(times):.2f} | {min(times):.2f} to {max(times):.2f} | {ratio} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
