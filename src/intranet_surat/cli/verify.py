"""`surat verify`: the verdict on a signed PDF, as the public page would give it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError

EXIT = {"sah": 0, "belum": 3, "tidak": 1}


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("verify", help="judge a signed PDF: valid, undecided or invalid")
    parser.add_argument("file", type=Path)
    parser.add_argument("--roots", type=Path, action="append", default=[], help="PEM of trusted authorities")
    parser.add_argument("--ini", help="take the authorities of this configuration")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the verdict; answers 0 valid, 1 invalid, 3 undecided. Raises CommandError."""
    from intranet_surat.services import verifying

    places = list(args.roots)
    if args.ini:
        places.append(ground.read(args.ini)[1]["roots"])
    try:
        roots = [each.read_bytes() for each in places]
        pdf = args.file.read_bytes()
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be read: {error.strerror}") from error
    verdict = verifying.verdict(pdf, roots, now=ground.now())
    print(f"{args.file}: {verdict.label} ({verdict.overall})")
    for reason in verdict.reasons:
        print(f"  {reason}")
    print(f"  SHA-256 {verdict.sha256}")
    return EXIT[verdict.overall]
