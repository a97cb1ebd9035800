"""The worker: takes jobs from the queue under a lease, runs each in a transaction of its own, survives what fails.

What the jobs do is registered in the House; the queue itself lives in `resources.jobs`.
"""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import transaction
from transaction.interfaces import TransientError

from intranet_surat.resources.jobs import Job, LeaseLost
from intranet_surat.resources.opening import connect, root_site
from intranet_surat.resources.site import Site

if TYPE_CHECKING:
    from intranet_surat.services.house import House

logger = logging.getLogger(__name__)

LEASE = 300.0
COLLISIONS = 5
TURN = 10
BEAT = timedelta(minutes=5)
"""How often a worker leaves word in the database that it lives: more often would only make the database grow."""

JobFunction = Callable[["House", Site, Mapping[str, Any], datetime], None]
"""A job: gets the house, the site, the stored arguments and the time; raises when it is to be tried again.

What it changes in the database is committed together with the note that it is done, so that happens once;
what it does outside happens at least once. `manager` gives the transaction manager to one that numbers.
"""


def manager(site: Site) -> Any:
    """Return the transaction manager of the connection that the site was read from."""
    return site._p_jar.transaction_manager  # noqa: SLF001  the connection it came from


def tonight(house: House, site: Site, job: str, after: timedelta, now: datetime) -> None:
    """Write a job of the coming night, so long after midnight of the regency, unless it stands there already."""
    day = house.today(now) + timedelta(days=1)
    site.jobs.add(job, {}, key=f"{job}:{day.isoformat()}", at=house.start_of(day) + after)


def run_due(house: House, db: Any, now: datetime, limit: int = 100) -> int:
    """Run the jobs that are due, at most ``limit``, and return how many were carried out.

    Jobs that fail are put back or parked with their reason. Raises only when the database does not answer.
    """
    done = 0
    for _ in range(limit):
        with _connection(db) as (tm, connection):
            taken = _lease(tm, connection, now)
            if taken is None:
                break
            done += _run(house, tm, connection, taken, now)
    if done:
        # Two workers that sweep at once collide; the next turn sweeps what is left.
        with _connection(db) as (tm, connection), contextlib.suppress(TransientError), _transaction(tm):
            site = root_site(connection)
            if site is not None:
                site.jobs.sweep(now)
    return done


def beat(db: Any, now: datetime) -> None:
    """Leave word that a worker lives, when the last word is older than `BEAT`. Two that do it at once collide."""
    with _connection(db) as (tm, connection), contextlib.suppress(TransientError), _transaction(tm):
        site = root_site(connection)
        if site is not None and (site.jobs.seen is None or abs(now - site.jobs.seen) >= BEAT):
            site.jobs.seen = now


def _lease(tm: Any, connection: Any, now: datetime) -> tuple[str, str] | None:
    """Take the next job and commit; return its id and the mark of the lease."""
    for _ in range(COLLISIONS):
        try:
            with _transaction(tm):
                site = root_site(connection)
                job = None if site is None else site.jobs.lease(now, LEASE)
                return None if job is None else (job.id, job.lease)
        except TransientError:
            continue  # another worker took it: look again
    return None


def _run(house: House, tm: Any, connection: Any, taken: tuple[str, str], now: datetime) -> int:
    failure = ""
    for _ in range(COLLISIONS):
        try:
            with _transaction(tm):
                site, job = _job(connection, taken)
                function = house.jobs.get(job.name)
                if function is None:
                    raise LookupError(f"no job is called {job.name!r} in this release")
                function(house, site, job.args, now)
                site.jobs.done(job, taken[1], now)
        except LeaseLost as error:
            logger.warning("%s", error)
            return 0
        except TransientError as error:
            failure = _reason(error)
        except Exception as error:
            logger.exception("job %s failed", taken[0])
            failure = _reason(error)
            break
        else:
            return 1
    for _ in range(COLLISIONS):
        # When all of these collide the lease runs out, and the job is tried again then.
        with contextlib.suppress(LeaseLost, TransientError), _transaction(tm):
            site, job = _job(connection, taken)
            site.jobs.fail(job, taken[1], now, failure)
            break
    return 0


def _job(connection: Any, taken: tuple[str, str]) -> tuple[Site, Job]:
    site = root_site(connection)
    if site is None:
        raise LeaseLost("the database has no site any more")
    job = site.jobs.get(taken[0])
    if job is None or job.lease != taken[1]:
        raise LeaseLost(f"job {taken[0]} is no longer leased to this worker")
    return site, job


def _reason(error: BaseException) -> str:
    """The class of an error and, for those that are made for people, its sentence; others may carry secrets."""
    message = getattr(error, "message", "")
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


@contextlib.contextmanager
def _connection(db: Any) -> Iterator[tuple[Any, Any]]:
    tm = transaction.TransactionManager(explicit=True)
    connection = connect(db, tm)
    try:
        yield tm, connection
    finally:
        _abort(tm)
        try:
            connection.close()
        except Exception:
            logger.exception("a connection could not be closed and is dropped")


@contextlib.contextmanager
def _transaction(tm: Any) -> Iterator[None]:
    tm.begin()
    try:
        yield
        tm.commit()
    finally:
        _abort(tm)


def _abort(tm: Any) -> None:
    """Abort what is open; while the server is away aborting raises too, which must not hide the first error."""
    try:
        tm.abort()
    except transaction.interfaces.NoTransaction:
        return
    except Exception:
        logger.exception("abort failed")


class Worker:
    """The loop around `run_due`: a thread in development, a process in production (`surat worker`)."""

    def __init__(self, house: House, db: Any, pause: float = 1.0) -> None:
        self.house = house
        self.db = db
        self.pause = pause
        self.stopping = threading.Event()
        self.beaten: datetime | None = None

    def stop(self) -> None:
        """Ask the loop to end after the job that it runs."""
        self.stopping.set()

    def run(self) -> None:
        """Run until `stop`. Raises nothing: what fails is logged, and tried again after a pause."""
        failures = 0
        while not self.stopping.is_set():
            try:
                done = self.turn()
                failures = 0
            except Exception:
                logger.exception("the worker could not reach the database")
                done, failures = 0, failures + 1
            if not done:
                self.stopping.wait(min(self.pause * 2**failures, 60.0))

    def turn(self) -> int:
        """Run what is due once; return how many jobs were carried out."""
        now = self.house.clock()
        if self.beaten is None or abs(now - self.beaten) >= BEAT:
            beat(self.db, now)
            self.beaten = now
        return run_due(self.house, self.db, now, TURN)
