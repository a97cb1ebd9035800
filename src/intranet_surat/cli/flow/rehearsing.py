"""`surat flow rehearse`: past letters of the database through a flow that is not published yet."""

from __future__ import annotations

import argparse
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intranet_surat.cli import ground
from intranet_surat.cli.flow.reading import read
from intranet_surat.cli.ground import CommandError

if TYPE_CHECKING:
    from intranet_surat.workflow.replay_report import Refused, Report

_WORDS = {
    "refused": "refused",
    "gone": "no such action there",
    "elsewhere": "leads elsewhere",
    "needless": "not asked any more",
}
_SHOWN = 20  # letters named in a line


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("rehearse", help="replay past letters through a flow; nothing is written")
    parser.add_argument("file", type=Path)
    parser.add_argument("--ini", default="development.ini", help="configuration file (default: %(default)s)")
    parser.add_argument("--office", metavar="CODE", help="letters of one office only")
    parser.add_argument("--ended", action="store_true", help="letters only that came to an end")
    parser.add_argument("--limit", type=int, metavar="N", help="at most so many letters, the newest years first")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the report; answers 1 when a letter that came to an end would not any more. Raises CommandError."""
    from intranet_surat.services import rehearsing

    flow = read(args.file)
    raw, _ = ground.read(args.ini)
    house = ground.house(raw)
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        if args.office is not None and site.office(args.office) is None:
            raise CommandError(f"no office has the code {args.office}")
        report = rehearsing.rehearse(house, site, flow, limit=args.limit, office=args.office, ended=args.ended)
    _print(report)
    return 1 if report.stopped else 0


def _print(report: Report) -> None:
    print(f"{report.flow}@{report.version}: {report.letters} letters replayed, {report.same} went exactly as before")
    for why, count in report.left_out:
        print(f"  left out: {count} letters: {why}")
    for row in report.added:
        place = f"{row.track}.{row.state}" if row.track else row.state
        print(f"  waits longer in {place} ({row.title}): {row.letters} letters, {_hours(row.total)} in all, "
              f"{_hours(row.median)} for the one in the middle")  # fmt: skip
        if row.unlimited:
            print(f"    {row.unlimited} of these waits have no limit of their own and were assumed to take no time")
    for old, new, count in report.renamed:
        print(f"  {old} is now {new}: {count} letters")
    for each in report.refused:
        print("  " + _refused(each))
    if report.stopped:
        print(f"  {len(report.stopped)} letters would not reach their end: {_ids(report.stopped)}")


def _refused(each: Refused) -> str:
    rule = f" by rule {each.rule}" if each.rule else ""
    says = f": {each.says}" if each.says else ""
    return f"{each.action} in {each.state} {_WORDS[each.kind]}{rule}, {each.count} times{says} ({_ids(each.letters)})"


def _ids(letters: tuple[str, ...]) -> str:
    more = len(letters) - _SHOWN
    return ", ".join(letters[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _hours(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return f"{minutes // 60} h {minutes % 60} min" if minutes % 60 else f"{minutes // 60} h"
