"""`surat import-offices`: offices, positions and persons from CSV files; makes the site in an empty database."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("import-offices", help="take offices, positions and persons from CSV files")
    parser.add_argument("ini", help="configuration file")
    parser.add_argument("offices", nargs="?", type=Path, help="CSV: code,name,kind and more")
    parser.add_argument("--positions", type=Path, help="CSV: office,code,title,since and more")
    parser.add_argument("--persons", type=Path, help="CSV: login,name,position,since and more")
    parser.add_argument("--check", action="store_true", help="only look for problems, store nothing")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Take the files as a whole or not at all. Raises CommandError with a line for each problem."""
    from intranet_surat.resources.opening import put_site, root_site
    from intranet_surat.resources.site import new_site
    from intranet_surat.services import importing, reference

    if not (args.offices or args.positions or args.persons):
        raise CommandError("nothing to take: name a CSV file of offices, --positions or --persons")
    raw, values = ground.read(args.ini)
    ground.refuse_root(values)
    sheets = [_sheet(path) for path in (args.offices, args.positions, args.persons)]
    with ground.opened(raw) as database, ground.writing(database) as (manager, connection):
        site = root_site(connection)
        if site is None:
            site = put_site(connection, new_site(f"Surat {values['regency']}", values["regency"]))
            reference.shipped().store(site, ground.now())
        try:
            counts = importing.take(site, *sheets)
        except importing.ImportProblems as error:
            raise CommandError(f"nothing was stored:\n{error}") from error
        if args.check:
            manager.abort()
            manager.begin()
    told = ", ".join(f"{counts.added[name]} {name} added, {counts.changed[name]} changed" for name in counts.added)
    print(f"surat import-offices: {told}" + (" (checked only, nothing stored)" if args.check else ""))
    return 0


def _sheet(path: Path | None) -> Any:
    from intranet_surat.services.importing import Sheet

    if path is None:
        return None
    try:
        return Sheet(path.name, path.read_bytes())
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}") from error
