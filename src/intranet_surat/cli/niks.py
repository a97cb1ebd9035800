"""`surat nik`: seals the NIK of a signatory, for a signing provider that knows persons by nothing else."""

from __future__ import annotations

import argparse
import getpass
import re
import sys
from typing import Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("nik", help="seal the NIK of a signatory; bsre-v1 finds a person by nothing else")
    parser.add_argument("ini", help="configuration file")
    parser.add_argument("login", help="log-in name, for instance kepala.dinkes")
    parser.add_argument("--forget", action="store_true", help="remove it")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask for the NIK and store it sealed; it is never printed. Raises CommandError."""
    from intranet_surat.services import accounts, private

    raw, values = ground.read(args.ini)
    ground.refuse_root(values)
    nik = "" if args.forget else _ask()
    key = ground.house(raw).settings.private_key
    if nik and len(key) != private.KEY_BYTES:
        raise CommandError("there is no private_key_file to seal it with; see docs/deploy.md")
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        person = accounts.person_by_login(ground.site_of(connection), args.login)
        if person is None:
            raise CommandError(f"no active person has the log-in {args.login!r}")
        person.nik = private.seal_one(key, person.id, "nik", nik) if nik else b""
    print(f"surat nik: {'removed from' if args.forget else 'sealed for'} {args.login}")
    return 0


def _ask() -> str:
    given = getpass.getpass("NIK: ") if sys.stdin.isatty() else sys.stdin.readline()
    nik = given.strip()
    if not re.fullmatch(r"[0-9]{16}", nik):
        raise CommandError("a NIK has 16 digits; nothing was changed")
    return nik
