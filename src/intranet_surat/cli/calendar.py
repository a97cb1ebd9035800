"""`surat calendar`: the working calendar of the regency from the shell; what a change means is `services.calendars`."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError

if TYPE_CHECKING:
    from intranet_surat.resources.site import Site
    from intranet_surat.services.calendars import Day, Edit


def add(commands: Any) -> None:
    """Add the command with its verbs."""
    parser = commands.add_parser("calendar", help="list and change the days on which offices do not work")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    listing = verbs.add_parser("list", help="list days off and other office hours, then the versions")
    ground.ini_argument(listing)
    listing.add_argument("--year", type=int, help="only this year")
    listing.set_defaults(run=run_list)
    adding = _changing(verbs, "add", "add a day, or all days of a period", run_add)
    adding.add_argument("date", help="YYYY-MM-DD, or YYYY-MM-DD..YYYY-MM-DD")
    adding.add_argument("name", help="what the day is called, in Indonesian")
    adding.add_argument("--kind", default="libur-daerah", help="libur-nasional, cuti-bersama, libur-daerah, jam-kerja")
    adding.add_argument("--basis", default="", help="the decree it stands in")
    adding.add_argument("--hours", default="", help="with --kind jam-kerja: HH:MM-HH:MM")
    removing = _changing(verbs, "remove", "take a day out", run_remove)
    removing.add_argument("date", help="YYYY-MM-DD")
    importing = _changing(verbs, "import", "take days from a CSV file: date,name,kind,basis[,opens,closes]", run_import)
    importing.add_argument("file", type=Path, help="days that the calendar has already are replaced")


def _changing(verbs: Any, name: str, told: str, run: Any) -> Any:
    parser = verbs.add_parser(name, help=told)
    parser.add_argument("ini", help="configuration file")
    parser.add_argument("--why", required=True, help="reason, kept with the new version, in Indonesian")
    parser.set_defaults(run=run)
    return parser


def run_list(args: argparse.Namespace) -> int:
    """Print the days and the versions, with tabs between the columns. Raises CommandError."""
    from intranet_surat.services import calendars

    raw, _ = ground.read(args.ini)
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        for day in calendars.days(site):
            if args.year in (None, day.date.year):
                hours = f"{day.opens}-{day.closes}" if day.opens else "-"
                print(day.date, day.kind, hours, day.name, day.basis, sep="\t")
        for each in calendars.versions(site):
            print("version", each.version[:12], f"{each.loaded_at:%Y-%m-%dT%H:%MZ}", each.why or "shipped", sep="\t")
    return 0


def run_add(args: argparse.Namespace) -> int:
    """Add a day or a period. Raises CommandError."""
    from intranet_surat.services.calendars import Day, period

    first, _, last = args.date.partition("..")
    opens, _, closes = args.hours.partition("-")
    day = Day(_date(first), args.name, args.kind, args.basis, opens, closes)
    return _change(args, lambda site: period(site, day, _date(last) if last else day.date))


def run_remove(args: argparse.Namespace) -> int:
    """Take a day out. Raises CommandError."""
    from intranet_surat.services.calendars import Day, Edit

    return _change(args, lambda _site: [Edit("remove", Day(_date(args.date), "", ""))])


def run_import(args: argparse.Namespace) -> int:
    """Take the days of a file as a whole or not at all. Raises CommandError with the line."""
    listed = _sheet(args.file)
    return _change(args, lambda site: _replacing(site, listed))


def _change(args: argparse.Namespace, edits: Any) -> int:
    from intranet_surat.errors import Invalid
    from intranet_surat.services import calendars

    raw, values = ground.read(args.ini)
    ground.refuse_root(values)
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        try:
            changed = calendars.change(site, edits(site), args.why, None, ground.now())
        except Invalid as refused:
            raise CommandError("; ".join(f"{name}: {says}" for name, says in refused.fields.items())) from refused
    print(f"surat calendar: {changed} days changed; the worker counts running limits anew")
    return 0


def _replacing(site: Site, listed: Iterable[Day]) -> Iterable[Edit]:
    from intranet_surat.services.calendars import Edit, days

    known = {each.date: each for each in days(site)}
    for day in listed:
        if day.date in known and known[day.date] != day:
            yield Edit("remove", day)
        if known.get(day.date) != day:
            yield Edit("add", day)


def _sheet(path: Path) -> list[Day]:
    from intranet_surat.errors import Invalid
    from intranet_surat.services.calendars import COLUMNS, Day, checked
    from intranet_surat.services.tables import read_table

    try:
        table = read_table(path.name, path.read_bytes())
    except (OSError, ValueError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    if not {"date", "name", "kind"} <= set(table.columns) <= set(COLUMNS):
        raise CommandError(f"{path}: expected the columns {', '.join(COLUMNS)}, found {', '.join(table.columns)}")
    found = []
    for line, row in enumerate(table, start=2):
        try:
            found.append(checked(Day(_date(row.pop("date")), **row)))
        except Invalid as refused:
            told = "; ".join(f"{name}: {says}" for name, says in refused.fields.items())
            raise CommandError(f"{path}:{line}: {told}") from refused
    return found


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"expected a date YYYY-MM-DD, found {text!r}") from None
