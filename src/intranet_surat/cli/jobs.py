"""`surat jobs`: what waits for the worker, and what it gave up; puts a given-up job back when a person says so."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from intranet_surat.cli import ground
from intranet_surat.cli.ground import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from intranet_surat.resources.jobs import Job, JobQueue


def add(commands: Any) -> None:
    """Add the command."""
    parser = commands.add_parser("jobs", help="list what waits for the worker and what it gave up")
    ground.ini_argument(parser)
    parser.add_argument("--retry", metavar="ID", help="put a given-up job back")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List the jobs; 1 when some were given up. Raises CommandError for an unknown id."""
    raw, values = ground.read(args.ini)
    if args.retry:
        ground.refuse_root(values)
    with ground.opened(raw) as database, ground.writing(database) as (_, connection):
        queue = ground.site_of(connection).jobs
        if args.retry:
            again(queue, args.retry)
        lines = list(listed(queue)) or ["surat jobs: nothing waits"]
        seen = queue.seen
        parked = any(True for _ in queue.parked())
    print("\n".join(lines))
    print(f"worker last seen {seen:%Y-%m-%dT%H:%MZ}" if seen is not None else "worker never seen")
    return 1 if parked else 0


def again(queue: JobQueue, name: str) -> None:
    """Put a given-up job back. Raises CommandError when there is no such job."""
    try:
        queue.retry(name, ground.now())
    except KeyError:
        raise CommandError(f"no given-up job has the id {name}; `surat jobs` lists them") from None


def listed(queue: JobQueue) -> Iterator[str]:
    """One line a job, the given-up ones first: state, id, name, tries, time, reason; never what it is about."""
    for job in queue.parked():
        yield line("given up", job)
    for job in queue.pending():
        if job.state == "waiting":
            yield line("waiting", job)


def line(state: str, job: Job) -> str:
    """One job in one line."""
    return f"{state:9} {job.id} {job.name:14} tries={job.tries} at={job.at:%Y-%m-%dT%H:%MZ} {job.error}".rstrip()
