"""Tells the verdict on a package in words, and runs as the program that needs nothing of ours but its own file."""

from __future__ import annotations

import argparse
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from intranet_surat.services.proof.judging import Report, judge

LABELS = {"sah": "SAH", "belum": "BELUM DAPAT DIPASTIKAN", "tidak": "TIDAK SAH"}
EXIT = {"sah": 0, "tidak": 1, "belum": 3}
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Characters that would start a line of their own, colour it, or turn it round."""
NO_ROOTS = "Tanpa sertifikat otoritas tidak ada tanda tangan yang dapat dipastikan: berikan dengan --roots BERKAS.pem."


def lines(name: str, report: Report) -> Iterator[str]:
    """The verdict, what the package says of itself, each signature, and everything that was found.

    What a stranger wrote into the package cannot write a line of ours.
    """
    for each in _lines(name, report):
        yield "".join("?" if unicodedata.category(sign) in UNSEEN else sign for sign in each)


def _lines(name: str, report: Report) -> Iterator[str]:
    yield f"{name}: {LABELS[report.overall]}"
    if report.told:
        told = report.told
        yield f"  Surat {told.get('number') or 'tanpa nomor'}: {told.get('subject') or '(tanpa hal)'}"
        yield f"  {told.get('acts')} tindakan, sidik riwayat {str(told.get('head'))[:16]}"
        yield f"  Menurut pembuat paket dari {told.get('regency')}"
    if report.stamped is not None:
        yield f"  Riwayat terbukti sudah ada pada {report.stamped:%Y-%m-%d %H:%M} UTC, menurut stempel waktu jangkarnya"
    for each in report.signatures:
        when = str(each.get("signed_at", ""))[:19].replace("T", " ")
        yield f"  Ditandatangani {each.get('signer')} ({each.get('position')}), {when}, penerbit {each.get('issuer')}"
    for finding in report.findings:
        yield f"  [{LABELS[finding.overall].lower()}] {finding}"


def main(words: Sequence[str], now: datetime) -> int:
    """Judge the packages named as of ``now``: 0 valid, 1 invalid, 3 undecided, 2 for a file that cannot be read."""
    parser = argparse.ArgumentParser(prog="periksa_paket", description="Memeriksa paket surat tanpa jaringan.")
    parser.add_argument("paket", nargs="+", type=Path, help="berkas paket (.zip)")
    parser.add_argument("--roots", action="append", default=[], type=Path, help="sertifikat otoritas (PEM)")
    given = parser.parse_args(words)
    worst = 0
    try:
        roots = [each.read_bytes() for each in given.roots]
        if not roots:
            sys.stderr.write(NO_ROOTS + "\n")
        for path in given.paket:
            report = judge(path.read_bytes(), roots, now)
            sys.stdout.write("\n".join(lines(path.name, report)) + "\n")
            worst = max(worst, EXIT[report.overall], key=(0, 3, 1).index)
    except (OSError, ValueError) as error:
        sys.stderr.write(f"Tidak dapat dibaca: {error}\n")
        return 2
    return worst
