"""`surat evolve`: brings an older database to this release, step by step."""

from __future__ import annotations

import argparse
from typing import Any

from intranet_surat.cli import ground


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("evolve", help="bring an older database to this release; stop everything else first")
    ground.ini_argument(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the steps that the database still needs, those of plugins among them. Raises CommandError."""
    from intranet_surat.resources import evolution

    raw, values = ground.read(args.ini, args)
    ground.refuse_root(values)
    steps = (*evolution.SHIPPED, *ground.configured(raw).registry.surat_parts.evolution_steps.values())
    with ground.opened(raw) as database, ground.writing(database) as (manager, connection):

        def commit() -> None:
            manager.commit()
            manager.begin()

        done = evolution.evolve(ground.site_of(connection), commit, steps)
    print(f"surat evolve: {', '.join(done) if done else 'nothing to do'}")
    return 0
