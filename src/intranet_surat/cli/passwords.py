"""`surat password`: gives a person a new password; pages do not, in this release."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from typing import Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("password", help="set the password of a person")
    parser.add_argument("ini", help="configuration file")
    parser.add_argument("login", help="log-in name, for instance kepala.dinkes")
    parser.add_argument("--generate", action="store_true", help="make one up and print it once")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Set the password and end the person's sessions. Raises CommandError."""
    from intranet_surat.errors import Invalid
    from intranet_surat.services import accounts

    raw, values = ground.read(args.ini)
    ground.refuse_root(values)
    password = secrets.token_urlsafe(12) if args.generate else _ask()
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        person = accounts.person_by_login(site, args.login)
        if person is None:
            raise CommandError(f"no active person has the log-in {args.login!r}")
        try:
            accounts.set_password(person, password)
        except Invalid as error:
            raise CommandError("; ".join(error.fields.values())) from error
        now = ground.now()
        for session in site.sessions.values():
            if session.person == person.id and session.open(now):
                session.ended = now
    print(f"surat password: set for {args.login}" + (f": {password}" if args.generate else ""))
    return 0


def _ask() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("New password: ")
    if getpass.getpass("Once more: ") != first:
        raise CommandError("the two passwords differ; nothing was changed")
    return first
