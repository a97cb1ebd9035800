"""`surat flow diff`: what changes between two flows, in words and in who may do what."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intranet_surat.cli import ground
from intranet_surat.cli.flow.reading import read
from intranet_surat.cli.ground import CommandError

if TYPE_CHECKING:
    from intranet_surat.workflow.diff import Difference
    from intranet_surat.workflow.model import Flow


def add(verbs: Any) -> None:
    """Add the verb."""
    parser = verbs.add_parser("diff", help="compare two flows in words and in power")
    parser.add_argument("a", type=Path, help="the flow as it is")
    parser.add_argument("b", type=Path, help="the flow as it would be")
    parser.add_argument("--office", metavar="CODE", help="an office of the database (default: a little office)")
    parser.add_argument("--ini", default="development.ini", help="configuration file (default: %(default)s)")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print both parts of the difference. Raises CommandError for a flow with findings or an unknown office."""
    from intranet_surat.services.secrecy import FULL
    from intranet_surat.workflow.diff import diff
    from intranet_surat.workflow.matrix_little import little_ground

    a, b = read(args.a), read(args.b)
    little = args.office is None
    found = diff(a, b, little_ground(FULL, a, b)) if little else _in_office(a, b, args.office, args.ini)
    for change in found.words:
        print(change)
    for group in found.grouped:
        print(f"{'+' if group.gained else '-'} {group.text}.")
    print(f"{len(found.words)} changes in words; {len(found.gained)} powers gained, {len(found.lost)} lost")
    return 0


def _in_office(a: Flow, b: Flow, office: str, ini: str) -> Difference:
    """The difference in an office of the database."""
    from intranet_surat.errors import Unknown
    from intranet_surat.services import powers

    raw, _ = ground.read(ini)
    house = ground.house(raw)
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        site = ground.site_of(connection)
        try:
            return powers.difference(house, site, a, b, office, ground.now())
        except Unknown:
            raise CommandError(f"no office has the code {office}") from None
