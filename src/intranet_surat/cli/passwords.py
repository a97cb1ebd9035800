"""`surat password`: gives persons new passwords; pages do not, in this release."""

from __future__ import annotations

import argparse
import getpass
import secrets
import sys
from typing import TYPE_CHECKING, Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError

if TYPE_CHECKING:
    from intranet_surat.resources.people import Person
    from intranet_surat.resources.site import Site


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("password", help="set the password of a person, or of all who have none")
    parser.add_argument("ini", help="configuration file")
    parser.add_argument("login", nargs="?", help="log-in name, for instance kepala.dinkes")
    parser.add_argument("--generate", action="store_true", help="make one up and print it once")
    parser.add_argument(
        "--missing", action="store_true", help="make one up for every active person who has none, and print the list"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Set the passwords and end the sessions of those persons. Raises CommandError."""
    if bool(args.login) == args.missing:
        raise CommandError("name one log-in, or say --missing for all who have no password yet")
    raw, values = ground.read(args.ini)
    ground.refuse_root(values)
    asked = None if args.missing or args.generate else _ask()
    given = {}
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        for person in _without(site) if args.missing else [_named(site, args.login)]:
            given[person.login] = secrets.token_urlsafe(12) if asked is None else asked
            _set(site, person, given[person.login])
    # Only now they are stored: what is printed counts.
    if args.missing:
        for login, password in sorted(given.items()):
            print(login, password, sep="\t")
        print(f"surat password: set for {len(given)} persons; hand each over and keep no copy", file=sys.stderr)
    else:
        print(f"surat password: set for {args.login}" + (f": {given.popitem()[1]}" if args.generate else ""))
    return 0


def _named(site: Site, login: str) -> Person:
    from intranet_surat.services import accounts

    person = accounts.person_by_login(site, login)
    if person is None:
        raise CommandError(f"no active person has the log-in {login!r}")
    return person


def _without(site: Site) -> list[Person]:
    return [each for each in site.people.values() if each.active and not each.password]


def _set(site: Site, person: Person, password: str) -> None:
    from intranet_surat.errors import Invalid
    from intranet_surat.services import accounts

    try:
        accounts.set_password(person, password)
    except Invalid as error:
        raise CommandError("; ".join(error.fields.values())) from error
    now = ground.now()
    for session in site.sessions.values():
        if session.person == person.id and session.open(now):
            session.ended = now


def _ask() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("New password: ")
    if getpass.getpass("Once more: ") != first:
        raise CommandError("the two passwords differ; nothing was changed")
    return first
