"""Signing measured: our local signature beside stock pyHanko and the raw key, larger files, verification, memory.

python -m benchmarks.signatures            the figures with what is demanded of them
python -m benchmarks.signatures memory     10,000 signatures in one process (SIGNATURES=n)
"""

from __future__ import annotations

import hashlib
import os
import resource
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import typst
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from benchmarks.figures import ROUNDS, Figure, interleaved
from intranet_surat.demo.authority import issuing
from intranet_surat.services import signing_pades, verifying
from intranet_surat.services.providers import pkcs12_file
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.providers.pkcs12 import Pkcs12Provider
from intranet_surat.services.secret import Secret

SIGNATURES = int(os.environ.get("SIGNATURES", "10000"))
WHO = Signer("pejabat-uji", "Pejabat Uji", "197001011990012001", "pejabat@contoh.go.id")
PASSPHRASE = "frasa untuk mengukur"
MIB = 1 << 20
LARGER = 2
"""What more bytes to sign may cost, in times of their SHA-256: beside it they are read once and copied once."""
WORDS = {"reason": "Surat nomor 1", "location": "Kabupaten Uji"}


@dataclass(frozen=True, slots=True)
class Bench:
    """Keys in a temporary folder, a letter, and the authorities that vouch for them."""

    folder: Path
    letter: bytes
    roots: tuple[bytes, ...]
    now: datetime

    @property
    def provider(self) -> Pkcs12Provider:
        """The provider of the product."""
        return Pkcs12Provider(self.folder)

    def ours(self, pdf: bytes) -> bytes:
        """One signature as the product makes it, the key unlocked and forgotten."""
        with Secret(PASSPHRASE) as secret:
            return self.provider.sign(pdf, WHO, secret, now=self.now, **WORDS).pdf

    def loaded(self) -> signing_pades.LoadedKey:
        """Our signer with its key unlocked beforehand."""
        opened = pkcs12_file.unlock((self.folder / f"{WHO.person}.p12").read_bytes(), Secret(PASSPHRASE))
        return signing_pades.LoadedKey(opened.key, opened.certificate, opened.chain)

    def stock(self) -> signers.SimpleSigner:
        """PyHanko's own signer, loaded from the same file."""
        found = signers.SimpleSigner.load_pkcs12(str(self.folder / f"{WHO.person}.p12"), passphrase=PASSPHRASE.encode())
        assert found is not None
        return found


def bench(folder: Path) -> Bench:
    """Make keys and a letter of one page."""
    now = datetime.now(UTC).replace(microsecond=0)
    issuing.equip(folder, [WHO], Secret(PASSPHRASE), now)
    letter = typst.compile(b"= Surat\n" + b"Dengan hormat, " * 300, pdf_standards=["a-2b"], timestamp=now)
    roots = tuple((folder / each).read_bytes() for each in (issuing.ROOT_FILE, issuing.ISSUER_FILE))
    return Bench(folder, letter, roots, now)


def by_stock(signer: signers.SimpleSigner, pdf: bytes) -> None:
    """One signature as pyHanko's documentation makes it."""
    meta = signers.PdfSignatureMetadata(
        field_name="TTE_1", md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, **WORDS
    )
    signers.sign_pdf(IncrementalPdfFileWriter(BytesIO(pdf)), meta, signer=signer)


def local(place: Bench) -> Iterator[str]:
    """A signature on a letter of one page, B-B with RSA-2048, beside its peers in the same rounds."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    stock, loaded = place.stock(), place.loaded()
    ours, ready = "our signature, passphrase to file", "ours, key already unlocked"
    theirs, fresh = "stock pyHanko, key already loaded", "stock pyHanko, key loaded from its file"
    raw = "raw RSA-2048 operation"
    found = interleaved(
        {
            raw: lambda: key.sign(b"x" * 64, padding.PKCS1v15(), SHA256()),
            ready: lambda: signing_pades.sign(place.letter, loaded, now=place.now, **WORDS),
            ours: lambda: place.ours(place.letter),
            theirs: lambda: by_stock(stock, place.letter),
            fresh: lambda: by_stock(place.stock(), place.letter),
        },
        times=10,
    )
    figures = {name: Figure(name, times, 25 if name in (ours, ready) else None) for name, times in found.items()}
    yield from map(str, figures.values())
    for one, peer, demanded in ((ready, theirs, 6), (ours, fresh, 6), (ours, theirs, None)):
        ratio = figures[peer].middle / figures[one].middle
        wanted = f"at least {demanded}: {'yes' if ratio >= demanded else 'NO'}" if demanded else ""
        yield f"| {one}, times faster than {peer.removeprefix('stock ')} | {ratio:.1f} | | {wanted} |"
    yield f"| {ready}, against the raw key | {figures[ready].middle / figures[raw].middle:.0f} times | | |"


def larger(place: Bench) -> Iterator[str]:
    """What more bytes cost, beside their own SHA-256."""
    loaded = place.loaded()
    pdfs = {size: grown(place.letter, size) for size in (0, 5, 20)}
    todo: dict[str, Callable[[], Any]] = {}
    for size, pdf in pdfs.items():
        todo[f"sign, {size} MiB more"] = partial(signing_pades.sign, pdf, loaded, now=place.now, **WORDS)
        todo[f"SHA-256 of {size} MiB more"] = partial(_hash, pdf)
    # A difference of two times needs many of both, of the same moments.
    found = interleaved(todo, times=5, of=6 * ROUNDS)
    for size in (5, 20):
        extra = _more(found[f"sign, {size} MiB more"], found["sign, 0 MiB more"])
        added = _more(found[f"SHA-256 of {size} MiB more"], found["SHA-256 of 0 MiB more"])
        wanted = f"at most {LARGER}: {'yes' if extra <= LARGER * added else 'NO'}"
        what = f"{size} MiB more to sign: {extra:.1f} ms, their SHA-256: {added:.1f} ms"
        yield f"| {what} | {extra / added:.2f} times | | {wanted} |"


def _more(some: tuple[float, ...], others: tuple[float, ...]) -> float:
    """How much longer these take than those of the same rounds, in the middle."""
    return statistics.median(one - other for one, other in zip(some, others, strict=True))


def verified(place: Bench) -> Iterator[str]:
    """The verdict on a letter with one and with eight signatures."""
    eight = place.letter
    pdfs = {}
    for number in range(1, 9):
        eight = place.ours(eight)
        pdfs[number] = eight
    todo = {
        f"verdict on a file with {number} signature{'s' if number > 1 else ''}": partial(
            verifying.verdict, pdfs[number], place.roots, now=place.now
        )
        for number in (1, 8)
    }
    for name, times in interleaved(todo, times=3).items():
        yield str(Figure(name, times))


def memory(place: Bench) -> Iterator[str]:
    """Resident memory while one process makes many signatures."""
    yield "| signatures | resident memory, MiB |"
    yield "|---|---|"
    marks = sorted({0, *(SIGNATURES * tenth // 10 for tenth in range(1, 11))})
    for number in range(SIGNATURES + 1):
        if number in marks:
            yield f"| {number:,} | {resident():.1f} (highest so far {highest():.1f}) |"
        place.ours(place.letter)


def resident() -> float:
    """Memory in use now, in MiB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / MIB


def highest() -> float:
    """The most memory that was in use, in MiB (Linux)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def grown(pdf: bytes, size: int) -> bytes:
    """The same letter with an attachment of so many MiB that does not compress."""
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as opened:
        if size:
            opened.Root["/Lampiran"] = opened.make_stream(os.urandom(size * MIB))
        opened.save(out, static_id=True)
    return out.getvalue()


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def main(words: list[str]) -> int:
    """Print the tables as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        place = bench(Path(folder))
        if words == ["memory"]:
            for line in memory(place):
                print(line, flush=True)
            return 0
        print(f"| what, on one core | median of {ROUNDS} rounds | range | demanded |")
        print("|---|---|---|---|")
        for part in (local, larger, verified):
            for line in part(place):
                print(line, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
