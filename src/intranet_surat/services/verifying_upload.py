"""Judges a PDF that came from outside in a child process, a few at a time, within the limits of the public page."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from intranet_surat.errors import TooLarge, Unavailable
from intranet_surat.services import children, verifying_pdf
from intranet_surat.services.children import MB, ChildStopped, Limits
from intranet_surat.services.verifying import Verdict

LARGEST = 10 * MB
PAGES = 200
SIGNATURES = 20
LIMITS = Limits(cpu=20, wall=25, memory=512 * MB, answer=256 * 1024, data=1024)

AT_ONCE = 2
WAITING = 20
PATIENCE = 30.0

TOO_HEAVY = (
    "Pemeriksaan berkas ini melewati batas waktu atau memori halaman umum, sehingga keasliannya belum dapat dipastikan."
)
TOO_LARGE = "Berkas melebihi 10 MB. Halaman ini memeriksa berkas PDF sampai 10 MB, 200 halaman, dan 20 tanda tangan."
TOO_MANY = {
    "pages": "Berkas ini lebih dari 200 halaman, batas pemeriksaan di halaman ini.",
    "signatures": "Berkas ini memuat lebih dari 20 tanda tangan, batas pemeriksaan di halaman ini.",
}
BUSY = "Banyak berkas sedang diperiksa. Tunggu sebentar, lalu kirim lagi."

_running = threading.BoundedSemaphore(AT_ONCE)
_queue = threading.BoundedSemaphore(AT_ONCE + WAITING)


def judge(source: bytes | Path, roots: Sequence[bytes], now: datetime) -> Verdict:
    """The verdict on a file that nobody vouches for. Raises TooLarge, or Unavailable while too many wait."""
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    if size > LARGEST:
        raise TooLarge(TOO_LARGE)
    pdf = source if isinstance(source, bytes) else source.read_bytes()
    digest = hashlib.sha256(pdf).hexdigest()
    if b"%PDF-" not in pdf[:1024]:
        return Verdict("belum", (), (verifying_pdf.NO_PDF,), digest)
    head = json.dumps({"now": now.isoformat(), "roots": [_pem(each) for each in roots]}).encode()
    with turn():
        try:
            answer = children.run(
                "judge_pdf", head + b"\n" + pdf, limits=LIMITS, pages=PAGES, signatures=SIGNATURES
            ).value
            if answer.get("over") in TOO_MANY:
                raise TooLarge(TOO_MANY[str(answer["over"])])
            judged = Verdict.from_dict(answer["verdict"])
        except (ChildStopped, KeyError, TypeError, ValueError):
            return Verdict("belum", (), (TOO_HEAVY,), digest)
    return replace(judged, signatures=judged.signatures[:SIGNATURES], sha256=digest)


@contextmanager
def turn() -> Iterator[None]:
    """Wait for one of the few places in which strangers' files are looked at; raises Unavailable when too many wait."""
    if not _queue.acquire(blocking=False):
        raise Unavailable(BUSY)
    try:
        if not _running.acquire(timeout=PATIENCE):
            raise Unavailable(BUSY)
        try:
            yield
        finally:
            _running.release()
    finally:
        _queue.release()


def _pem(root: bytes) -> str:
    if b"-----BEGIN" in root:
        return root.decode("ascii", "ignore")
    return x509.load_der_x509_certificate(root).public_bytes(Encoding.PEM).decode()
