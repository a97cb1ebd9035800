"""`surat verify`: the verdict on a signed PDF or on a letter's package, offline, as anybody else would reach it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError

EXIT = {"sah": 0, "belum": 3, "tidak": 1}
PACKAGE = b"PK\x03\x04"


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("verify", help="judge a signed PDF or a letter's package: valid, undecided or invalid")
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--roots", type=Path, action="append", default=[], help="PEM of trusted authorities")
    parser.add_argument("--ini", help="take the authorities of this configuration")
    parser.add_argument(
        "--write-program", type=Path, metavar="PYZ", help="write the verifier as one file that needs only pyHanko"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the verdict; answers 0 valid, 1 invalid, 3 undecided. Raises CommandError."""
    if args.write_program is not None:
        return write(args.write_program)
    if args.file is None:
        raise CommandError("name a PDF or a package, or a place for --write-program")
    places = list(args.roots)
    if args.ini:
        places.append(ground.read(args.ini)[1]["roots"])
    try:
        roots = [each.read_bytes() for each in places]
        data = args.file.read_bytes()
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be read: {error.strerror}") from error
    from intranet_surat.services.verifying_pdf import load_roots

    try:
        load_roots(roots)
    except ValueError as error:
        raise CommandError("the file of --roots holds no certificates in PEM or DER form") from error
    return package(args.file, data, roots) if data.startswith(PACKAGE) else document(args.file, data, roots)


def document(path: Path, pdf: bytes, roots: list[bytes]) -> int:
    """The verdict on one PDF."""
    from intranet_surat.services import verifying

    verdict = verifying.verdict(pdf, roots, now=ground.now())
    print(f"{path}: {verdict.label} ({verdict.overall})")
    for reason in verdict.reasons:
        print(f"  {reason}")
    print(f"  SHA-256 {verdict.sha256}")
    return EXIT[verdict.overall]


def package(path: Path, data: bytes, roots: list[bytes]) -> int:
    """The verdict on one package."""
    from intranet_surat.services.proof import telling
    from intranet_surat.services.proof.judging import judge

    report = judge(data, roots, ground.now())
    print("\n".join(telling.lines(path.name, report)))
    return EXIT[report.overall]


def write(path: Path) -> int:
    """Write the program that others run. Raises CommandError."""
    from intranet_surat.services.proof import program

    try:
        path.write_bytes(program.build())
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error
    print(f"{path}: run it as python3 {path.name} PAKET.zip --roots AUTHORITIES.pem (needs pyHanko)")
    return 0
