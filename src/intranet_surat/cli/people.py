"""`surat people`: who may come in, with the id by which keys are filed, and who acts for whom; for the shell."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from intranet_surat.cli import ground
from intranet_surat.resources.site import Site

COLUMNS = ("login", "id", "name", "nip", "positions", "password", "key")
ORDERS = (
    "state", "form", "position", "deputy", "person", "order", "since", "until", "ceiling", "registered", "confirmed",
)  # fmt: skip


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("people", help="list active persons: log-in, id, positions, password, signing key")
    parser.add_argument("ini", help="configuration file")
    parser.add_argument("--orders", action="store_true", help="list the orders by which somebody acts for another post")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print a table with tabs between its columns. Raises CommandError."""
    raw, values = ground.read(args.ini)
    ground.refuse_root(values)
    print(*(ORDERS if args.orders else COLUMNS), sep="\t")
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        today = ground.now().astimezone(ZoneInfo(values["timezone"])).date()
        if args.orders:
            for line in orders(site, today):
                print(*line, sep="\t")
            return 0
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


def orders(site: Site, today: date) -> Iterator[tuple[str, ...]]:
    """All orders, the oldest first, as the lines of the table."""

    def post(position: str) -> str:
        found = site.positions[position]
        return f"{found.code}@{found.office}"

    def login(person: str) -> str:
        return site.people[person].login if person in site.people else "-"

    for each in sorted(site.mandates.values(), key=lambda each: (each.since, each.id)):
        yield (
            each.state(today),
            each.form,
            post(each.position),
            post(each.deputy),
            login(each.person),
            each.order or "-",
            each.since.isoformat(),
            each.until.isoformat() if each.until else "-",
            each.ceiling,
            login(each.proposed_by),
            login(each.confirmed_by),
        )
