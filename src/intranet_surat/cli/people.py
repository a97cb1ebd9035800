"""`surat people`: who may come in, with the id by which keys are filed; for the shell of who installs."""

from __future__ import annotations

import argparse
from typing import Any
from zoneinfo import ZoneInfo

from intranet_surat.cli import ground

COLUMNS = ("login", "id", "name", "nip", "positions", "password", "key")


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("people", help="list active persons: log-in, id, positions, password, signing key")
    parser.add_argument("ini", help="configuration file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print a table with tabs between its columns. Raises CommandError."""
    raw, values = ground.read(args.ini)
    ground.refuse_root(values)
    print(*COLUMNS, sep="\t")
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        today = ground.now().astimezone(ZoneInfo(values["timezone"])).date()
        for person in sorted((each for each in site.people.values() if each.active), key=lambda each: each.login):
            held = (f"{each.code}@{each.office}" for each in site.positions.held_by(person.id, today))
            key = values["signing_keys"] / f"{person.id}.p12"
            print(
                person.login,
                person.id,
                person.name,
                person.nip or "-",
                " ".join(held) or "-",
                "yes" if person.password else "no",
                "yes" if key.is_file() else "no",
                sep="\t",
            )
    return 0
