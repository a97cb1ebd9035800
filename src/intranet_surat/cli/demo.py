"""`surat demo`: makes the demo regency in an empty database."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from typing import Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("demo", help="make the demo regency, its people, keys and sample letters")
    ground.ini_argument(parser)
    parser.add_argument("--if-absent", action="store_true", help="say nothing is to be done when there is one already")
    parser.add_argument("--small", action="store_true", help="only the few offices that tests use")
    parser.add_argument("--no-letters", action="store_true", help="leave the sample letters out")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make the regency; raises CommandError for a production configuration or a database that has one."""
    raw, values = ground.read(args.ini)
    done = make_if_absent(args.ini, raw, values, small=args.small, letters=not args.no_letters)
    if not done and not args.if_absent:
        raise CommandError("the database has a regency already; remove the directory var/ to begin anew")
    if not done:
        print("surat demo: the regency is there already, nothing was changed")
    return 0


def make_if_absent(
    ini: str, raw: dict[str, str], values: dict[str, Any], *, small: bool = False, letters: bool = True
) -> bool:
    """Make the regency unless the database has one; tells whether it did. Raises CommandError."""
    from intranet_surat.resources.opening import root_site

    if not values["demo"]:
        raise CommandError(f"{ini} does not say intranet_surat.demo = true; the demo's passwords are public")
    with ground.opened(raw) as database:
        with ground.writing(database) as (_, connection):
            present = root_site(connection) is not None
        if not present and letters and values["signing_provider"] != "pkcs12":
            # Before there is anything: the other providers serve only once the product does.
            raise CommandError(
                f"{ini} says signing_provider = {values['signing_provider']}; the demo's letters need pkcs12: "
                "make the regency with that first, then change the line, or leave its letters out (--no-letters)"
            )
        if not present:
            make(raw, values, database, small=small, letters=letters)
    return not present


def make(raw: dict[str, str], values: dict[str, Any], database: Any, *, small: bool, letters: bool) -> None:
    """Keys first, then the regency in one transaction, then letters through the services."""
    from intranet_surat.demo import keys, regency
    from intranet_surat.demo import letters as letters_
    from intranet_surat.resources.opening import put_site

    print("surat demo: making keys marked UJI COBA and a regency of invented people ...", flush=True)
    now = ground.now()
    keys.make(values["signing_keys"], now - timedelta(days=7), small=small)  # the sample letters are of last days
    data_key(values)
    with ground.writing(database) as (_, connection):
        put_site(connection, regency.build(now, small=small))
    if letters:
        # They are of past days: the clock that would stamp them is not there yet, and would say today.
        silent = {**raw, "intranet_surat.timestamp_urls": ""}
        made = letters_.make(ground.house(silent), database, now)
        print(f"surat demo: {made} sample letters")
    print(
        f"surat demo: done. Log in as agendaris.dinkes, kepala.dinkes, sekda or bupati; password "
        f"{regency.PASSWORD!r}, signing passphrase {keys.PASSPHRASE!r}"
    )


def data_key(values: dict[str, Any]) -> Path:
    """The key that seals personal data, made when it is missing; readable by its owner only."""
    from intranet_surat.services import private

    path = Path(values["private_key_file"] or values["var"] / "kunci-data")
    path.parent.mkdir(parents=True, exist_ok=True)
    private.create_key(path)
    return path
