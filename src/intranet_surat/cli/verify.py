"""`surat verify`: the verdict on a signed PDF or on a letter's package, offline, as anybody else would reach it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError

CODES = "exit code: 0 valid (sah), 3 undecided (belum), 1 invalid (tidak), 2 when something cannot be read"
UNREAD = 2
"""A file that cannot be read must not look like one that is invalid."""


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "verify", help="judge a signed PDF or a letter's package: valid, undecided or invalid", epilog=CODES
    )
    parser.add_argument("file", type=Path, nargs="?")
    parser.add_argument("--roots", type=Path, action="append", default=[], help="PEM of trusted authorities")
    parser.add_argument("--ini", help="take the authorities of this configuration")
    parser.add_argument(
        "--anchors", type=Path, action="append", default=[], help="published anchors (.jsonl), or a folder of them"
    )
    parser.add_argument(
        "--write-program", type=Path, metavar="PYZ", help="write the verifier as one file that needs only pyHanko"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the verdict, each signature and what was found; answers 0, 1 or 3. Raises CommandError."""
    if args.write_program is not None:
        return write(args.write_program)
    if args.file is None:
        raise CommandError("name a PDF or a package, or a place for --write-program", UNREAD)
    places = [*args.roots, *_configured(args.ini)]
    from intranet_surat.services.evidence import published
    from intranet_surat.services.proof import telling
    from intranet_surat.services.verifying_roots import load_roots

    try:
        roots = [each.read_bytes() for each in places]
        data = args.file.read_bytes()
        anchors = published.read(args.anchors) if args.anchors else None
    except OSError as error:
        raise CommandError(f"{error.filename} cannot be read: {error.strerror}", UNREAD) from error
    except ValueError as error:
        raise CommandError(str(error), UNREAD) from error
    try:
        load_roots(roots)
    except ValueError as error:
        raise CommandError("the file of --roots holds no certificates in PEM or DER form", UNREAD) from error
    code, lines = telling.told(str(args.file), data, roots, ground.now(), anchors)
    print("\n".join(lines))
    return code


def _configured(ini: str | None) -> list[Path]:
    try:
        return [ground.read(ini)[1]["roots"]] if ini else []
    except CommandError as error:
        raise CommandError(str(error), UNREAD) from error


def write(path: Path) -> int:
    """Write the program that others run. Raises CommandError."""
    from intranet_surat.services.proof import program

    try:
        path.write_bytes(program.build())
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}") from error
    print(f"{path}: run it as python3 {path.name} PAKET.zip --roots AUTHORITIES.pem (needs pyHanko)")
    return 0
