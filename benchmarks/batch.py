"""Many letters signed at once through a BSrE that answers in 0.9 s: how long it takes, and what of it is our own work.

python -m benchmarks.batch            100 letters (BATCH=n), four calls in flight; the stand-in has a process of its own
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import waitress

from benchmarks.place import BODY, Place, place
from intranet_surat.demo.authority import issuing
from intranet_surat.demo.bsre import app as bsre
from intranet_surat.demo.bsre.server import USER
from intranet_surat.demo.keys import PASSPHRASE
from intranet_surat.resources.folder import path as path_of
from intranet_surat.services import letters, signing_batch, signing_run, verifying
from intranet_surat.services.outbound import Outbound
from intranet_surat.services.outbound_destinations import Destination
from intranet_surat.services.providers import bsre_client
from intranet_surat.services.providers.bsre_client import BsreClient
from intranet_surat.services.providers.bsre_v2 import BSRE, BsreV2
from intranet_surat.services.secret import Secret

LETTERS = int(os.environ.get("BATCH", "100"))
SECONDS = 0.9
"""How long a real server took for a letter of 102 kB."""
IN_FLIGHT = 4
DEMANDED, OWN = 30.0, 45.0
HEAD = "kepala.dinkes"


def serve(folder: str, port: int) -> None:
    """The stand-in, which answers a call to sign when `SECONDS` are over."""
    answers = bsre.make(issuing.kept(Path(folder)), lambda: datetime.now(UTC))

    def slow(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        begun = time.monotonic()
        found = answers(environ, start_response)
        if str(environ.get("PATH_INFO", "")).endswith("/sign/pdf"):
            time.sleep(max(0.0, begun + SECONDS - time.monotonic()))
        return found

    waitress.serve(slow, host="127.0.0.1", port=port, threads=8, ident="")


@contextlib.contextmanager
def stand_in(keys: Path) -> Iterator[int]:
    """The stand-in in a process of its own; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    told = [sys.executable, "-m", "benchmarks.batch", "serve", str(keys / issuing.KEPT), str(port)]
    running = subprocess.Popen(told)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield port
    finally:
        running.terminate()
        running.wait(10)


def through_bsre(where: Place, port: int) -> Any:
    """The house, signing by the stand-in."""
    password = where.folder / "sandi-bsre"
    password.write_text(bsre.PASSWORD)
    to = Destination(
        bsre_client.DESTINATION, "http", "127.0.0.1", port, "none", internal=True, user=USER, password_file=password,
        allow_insecure_http="127.0.0.1",
    )  # fmt: skip
    able = replace(BSRE, identity=frozenset({"email"}), secrets=frozenset({"passphrase"}), calls=IN_FLIGHT)
    provider = BsreV2(BsreClient(Outbound([to])), "email", able)
    settings = replace(where.house.settings, signing_provider=provider.id)
    return replace(where.house, providers={**where.house.providers, provider.id: provider}, settings=settings)


def prepared(where: Place) -> Any:
    """A letter that its signatory wrote himself and has before him."""
    fields = {
        "subject": "Jawaban atas permohonan data", "security": "B", "urgency": "biasa", "classification": "400.7",
        "body": BODY, "signatory": where.reader(HEAD).position,
        "addressees": [{"kind": "external", "id": "", "name": "Kepala Balai", "place": "Serang",
                        "channel": "cetak", "email": ""}],
    }  # fmt: skip
    letter = letters.create(
        where.house, where.tm, where.site, where.site.office("DINKES"), "keluar", "surat-dinas", fields,
        where.reader(HEAD), datetime.now(UTC), key=next(where.keys),
    )  # fmt: skip
    where.tm.commit()
    where.tm.begin()
    for login, action in ((HEAD, "ajukan"), ("tata-usaha.dinkes", "lulus"), (HEAD, "siapkan")):
        where.act(login, letter, action)
    return letter


class Spent:
    """Processor time of one function, over all threads."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.seconds = function, 0.0

    def __call__(self, *args: Any, **more: Any) -> Any:
        """As the function, and counted."""
        begun = time.thread_time()
        try:
            return self.function(*args, **more)
        finally:
            self.seconds += time.thread_time() - begun


def signed(where: Place, house: Any, made: list[Any]) -> tuple[float, float]:
    """Sign all letters: seconds on the clock, and our own milliseconds of processor for one, verification aside."""
    chosen = [(path_of(each), str(each.frozen)) for each in made]
    reader, now = where.reader(HEAD), datetime.now(UTC)
    batch, _ = signing_batch.opened(house, where.site, chosen, reader, next(where.keys), now)
    name = str(batch.id)
    where.tm.commit()
    where.tm.begin()
    judged = Spent(verifying.accepts)
    with patch.object(verifying, "accepts", judged):
        clock, processor = time.monotonic(), time.process_time()
        signing_run.start(house, where.site._p_jar.db(), name, reader, Secret(PASSPHRASE)).join()  # noqa: SLF001
        clock, processor = time.monotonic() - clock, time.process_time() - processor
    where.tm.abort()
    where.tm.begin()
    found = signing_batch.progress(where.site, where.site.batches[name], datetime.now(UTC))
    if found.count("done") != len(made):
        raise SystemExit(f"{found.count('done')} of {len(made)} letters were signed: {found.stopped}")
    return clock, (processor - judged.seconds) * 1000 / len(made)


def main() -> int:
    """Print the table."""
    with place() as where, stand_in(where.house.settings.var / "ttd") as port:
        house = through_bsre(where, port)
        made = [prepared(where) for _ in range(LETTERS)]
        signed(where, house, [prepared(where)])  # what is read once is not of the letters
        clock, own = signed(where, house, made)
    print("| many letters at once, BSrE answers in 0.9 s | measured | demanded |")
    print("|---|---|---|")
    wanted = DEMANDED * LETTERS / 100
    print(
        f"| {LETTERS} letters, {IN_FLIGHT} calls in flight | {clock:.1f} s | "
        f"at most {wanted:.0f} s: {'yes' if clock <= wanted else 'NO'} |"
    )
    print(
        f"| our own processor time for one, rendering and verification aside | {own:.1f} ms | "
        f"at most {OWN:.0f} ms: {'yes' if own <= OWN else 'NO'} |"
    )
    return 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(sys.argv[2], int(sys.argv[3]))
    else:
        raise SystemExit(main())
