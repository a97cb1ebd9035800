"""Tells the verdict on a package or a PDF in words, and runs as the program that needs nothing but its own file."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from intranet_surat.services import verifying
from intranet_surat.services.evidence import published
from intranet_surat.services.evidence.published import Published
from intranet_surat.services.proof.judging import Report, judge
from intranet_surat.services.verifying import Verdict
from intranet_surat.services.verifying_facts import CHANGES, LEVELS

LABELS = {"sah": "SAH", "belum": "BELUM DAPAT DIPASTIKAN", "tidak": "TIDAK SAH"}
EXIT = {"sah": 0, "tidak": 1, "belum": 3}
PACKAGE = b"PK\x03\x04"
ABOUT = "Memeriksa paket surat dan PDF bertanda tangan, tanpa jaringan."
CODES = "Kode akhir: 0 sah, 3 belum dapat dipastikan, 1 tidak sah, 2 tidak dapat dibaca. Dari beberapa, yang terburuk."
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Characters that would start a line of their own, colour it, or turn it round."""
NO_ROOTS = "Tanpa sertifikat otoritas tidak ada tanda tangan yang dapat dipastikan: berikan dengan --roots BERKAS.pem."


def told(
    name: str, data: bytes, roots: Sequence[bytes], now: datetime, published: Published | None = None
) -> tuple[int, list[str]]:
    """The exit code and the lines for a package or a PDF. Raises ValueError when ``roots`` are no certificates."""
    if data.startswith(PACKAGE):
        report = judge(data, roots, now, published)
        return EXIT[report.overall], list(lines(name, report))
    verdict = verifying.verdict(data, roots, now=now)
    return EXIT[verdict.overall], list(_shown(_document(name, verdict)))


def lines(name: str, report: Report) -> Iterator[str]:
    """The verdict, what the package says of itself, each signature, and everything that was found."""
    yield from _shown(_package(name, report))


def _shown(lines: Iterable[str]) -> Iterator[str]:
    """What a stranger wrote into a file cannot write a line of ours."""
    for each in lines:
        yield "".join("?" if unicodedata.category(sign) in UNSEEN else sign for sign in each)


def _package(name: str, report: Report) -> Iterator[str]:
    yield f"{name}: {LABELS[report.overall]}"
    if report.told:
        told = report.told
        yield f"  Surat {told.get('number') or 'tanpa nomor'}: {told.get('subject') or '(tanpa hal)'}"
        yield f"  {told.get('acts')} tindakan, sidik riwayat {str(told.get('head'))[:16]}"
        yield f"  Menurut pembuat paket dari {told.get('regency')}"
    if report.stamped is not None:
        yield f"  Riwayat terbukti sudah ada pada {report.stamped:%Y-%m-%d %H:%M} UTC, menurut stempel waktu jangkarnya"
    if report.note:
        yield f"  {report.note}"
    for number, each in enumerate(report.signatures, 1):
        yield from _signature(number, each, str(each.get("position", "")))
    for finding in report.findings:
        yield f"  [{LABELS[finding.overall].lower()}] {finding}"


def _document(name: str, verdict: Verdict) -> Iterator[str]:
    yield f"{name}: {LABELS[verdict.overall]}"
    for reason in verdict.reasons:
        yield f"  {reason}"
    for number, each in enumerate(verdict.signatures, 1):
        yield from _signature(number, each.as_dict(), "")
        if len(verdict.signatures) > 1:  # of a single one they stand above
            yield from (f"    {reason}" for reason in each.reasons)
    yield f"  SHA-256 {verdict.sha256}"


def _signature(number: int, told: Mapping[str, Any], position: str) -> Iterator[str]:
    """Who, as what, when and by whose clock, by which authority, how far proven, changed or not.

    Whether it is a seal a history tells; of a file alone only the file itself, which anybody may have written.
    """
    sealed = told.get("sealed", told["says_seal"])
    kind = "Segel" if sealed else "Tanda tangan"
    by_itself = " (menurut berkas itu sendiri)" if sealed and "sealed" not in told else ""
    yield f"  {kind} {number}{by_itself}: {LABELS[told['overall']]}"
    yield f"    Oleh      {told['signer'] or 'tanpa nama'}"
    of_certificate = f"{told['post']}, menurut sertifikat" if told["post"] else "tidak disebut di dalam berkas"
    as_what = "segel elektronik instansi" + (f", atas tindakan {position}" if position else "")
    yield f"    Sebagai   {as_what if sealed else position or of_certificate}"
    if told["stamped_at"]:
        yield f"    Waktu     {_moment(told['stamped_at'])}, dibuktikan stempel waktu {told['stamped_by']}"
    else:
        by = f", menurut jam {'penyegel' if sealed else 'penanda tangan'}" if told["signed_at"] else ""
        yield f"    Waktu     {_moment(told['signed_at']) or 'tidak disebut'}{by}"
    issuer, valid = told["issuer"] or "tanpa nama", f"{told['valid_from'][:10]} sampai {told['valid_to'][:10]}"
    yield f"    Penerbit  {issuer}; sertifikat {valid}"
    yield f"    Tingkat   {told['level']}: {LEVELS[told['level']]}"
    yield f"    Isi       {CHANGES[told['changed']]}"


def _moment(text: str) -> str:
    """A stored instant for people who may be anywhere."""
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if text else ""


def main(words: Sequence[str], now: datetime) -> int:
    """Judge the files named as of ``now``: 0 valid, 1 invalid, 3 undecided, 2 for a file that cannot be read."""
    parser = argparse.ArgumentParser(prog="periksa_paket", description=ABOUT, epilog=CODES)
    parser.add_argument("paket", nargs="+", type=Path, help="berkas paket (.zip) atau PDF bertanda tangan")
    parser.add_argument("--roots", action="append", default=[], type=Path, help="sertifikat otoritas (PEM)")
    parser.add_argument("--anchors", action="append", default=[], type=Path, help="jangkar yang diumumkan (.jsonl)")
    given = parser.parse_args(words)
    worst = 0
    try:
        roots = [each.read_bytes() for each in given.roots]
        if not roots:
            sys.stderr.write(NO_ROOTS + "\n")
        anchors = published.read(given.anchors) if given.anchors else None
        for path in given.paket:
            code, found = told(path.name, path.read_bytes(), roots, now, anchors)
            sys.stdout.write("\n".join(found) + "\n")
            worst = max(worst, code, key=(0, 3, 1).index)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"Tidak dapat dibaca: {error}\n")
        return 2
    return worst
