"""`surat worker` and `surat zeo`: the processes beside the web in an installation with several of them."""

from __future__ import annotations

import argparse
import signal
from pathlib import Path
from typing import Any

from intranet_surat.cli import ground, serve
from intranet_surat.cli.ground import CommandError


def add(commands: Any) -> None:
    """Add both commands."""
    worker = commands.add_parser("worker", help="carry out jobs: deliveries, mail, notices")
    ground.ini_argument(worker)
    worker.add_argument("--once", action="store_true", help="do what is due now and end")
    worker.set_defaults(run=run_worker)
    zeo = commands.add_parser("zeo", help="the storage server for several processes on FileStorage")
    zeo.add_argument("config", nargs="?", default="deploy/zeo.conf", help="ZEO configuration (default: %(default)s)")
    zeo.set_defaults(run=run_zeo)


def run_worker(args: argparse.Namespace) -> int:
    """Do jobs until interrupted; the job that runs is finished. Raises CommandError."""
    from intranet_surat.services import work

    _, values = ground.read(args.ini, args)
    ground.refuse_root(values)
    app = serve.make_app(args)
    house, database = app.registry.house, app.registry._zodb_databases[""]  # noqa: SLF001  its only place
    if args.once:
        work.beat(database, ground.now())
        done = work.run_due(house, database, ground.now())
        print(f"surat worker: {done} jobs done")
        return 0
    print("surat worker: waiting for jobs (Ctrl-C stops it)", flush=True)
    worker = work.Worker(house, database)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: worker.stop())
    worker.run()
    return 0


def run_zeo(args: argparse.Namespace) -> int:
    """Serve a storage; the pickle doors are closed before it opens. Raises CommandError."""
    from ZEO.runzeo import main

    from intranet_surat.resources import allowed

    if not Path(args.config).is_file():
        raise CommandError(f"ZEO configuration {args.config} not found")
    allowed.close_doors()
    main(["-C", str(args.config)])
    return 0
