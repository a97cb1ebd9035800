"""`surat check`: one line for monitoring, one for each thing that can be out of order; the exit code says how bad."""

from __future__ import annotations

import argparse
from typing import Any

from intranet_surat.cli import ground

CODES = {"good": 0, "warn": 1, "bad": 2}
WORDS = {"good": "OK", "warn": "WARNING", "bad": "CRITICAL"}


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "check",
        help="tell in one line whether evidence, anchors, authorities, provider, worker and flows are in order",
        epilog="exit code: 0 in order, 1 look at it, 2 act, 3 nothing can be told",
    )
    ground.ini_argument(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the lines; answers 0, 1 or 2. Raises CommandError with 3."""
    from intranet_surat.services.evidence import checks

    try:
        raw, _ = ground.read(args.ini)
        house, now = ground.house(raw), ground.now()
        with ground.opened(raw) as database, ground.writing(database) as (_, connection):
            site = ground.site_of(connection)
            counted = checks.counted(house, site.renewals, now)
            found = (*checks.look(house, site, counted, now).lines, checks.keeping(site), checks.flows(house, site))
    except ground.CommandError as error:
        raise ground.CommandError(str(error), 3) from error
    worst = checks.worst(found)
    named = ", ".join(each.name for each in found if each.light == worst) if worst != "good" else "all in order"
    print("\n".join((f"{WORDS[worst]}: {named}", *checks.told(found))))
    return CODES[worst]
