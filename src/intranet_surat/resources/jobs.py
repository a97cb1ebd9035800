"""The queue of jobs: what is to be done later, by whom it is leased, what failed; running them is for the services."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from BTrees.OOBTree import OOBTree, OOTreeSet
from persistent import Persistent

from intranet_surat.resources.folder import new_id

TRIES = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=6)
DONE = "done "


class LeaseLost(Exception):
    """The lease ran out and another worker has the job: what was done under it must not be committed."""


class Job(Persistent):
    """One job. ``state`` is ``waiting``, ``done`` or ``parked``; ``lease`` is the mark of the worker that has it."""

    state: str = "waiting"
    tries: int = 0
    lease: str = ""
    leased_until: datetime | None = None
    error: str = ""
    ended: datetime | None = None

    def __init__(self, name: str, args: Mapping[str, Any], key: str, at: datetime) -> None:
        self.id = new_id()
        self.name = name
        self.args = json.loads(json.dumps(dict(args)))
        self.key = key
        self.at = at

    def free(self, now: datetime) -> bool:
        """Tell whether a worker may take it."""
        return self.state == "waiting" and self.at <= now and (self.leased_until is None or self.leased_until <= now)


class JobQueue(Persistent):
    """Jobs under random keys, with an order by minute; no object of it is written by every job.

    ``seen`` is when a worker looked for jobs, to some minutes.
    """

    seen: datetime | None = None

    def __init__(self) -> None:
        self._jobs = OOBTree()
        self._order = OOTreeSet()
        self._keys = OOBTree()
        self._parked = OOBTree()

    def add(self, name: str, args: Mapping[str, Any], key: str, at: datetime) -> Job | None:
        """Add a job and return it; None when one with that key was added before, whatever became of it.

        ``args`` are JSON values. Raises TypeError for other values, ValueError for a time without zone.
        """
        if at.tzinfo is None:
            raise ValueError("a job needs a time with a zone")
        if key in self._keys:
            return None
        job = Job(name, args, key, at)
        self._jobs[job.id] = job
        self._keys[key] = job.id
        self._order.insert(_place(job))
        return job

    def get(self, name: str) -> Job | None:
        """Return a job that waits or runs, or None."""
        return self._jobs.get(name)

    def due(self, now: datetime) -> Iterator[Job]:
        """Return the jobs that a worker may take now, the longest waiting first (to the minute)."""
        for _at, name in self._order.keys(max=(_minute(now) + 1,)):
            job = self._jobs[name]
            if job.free(now):
                yield job

    def lease(self, now: datetime, seconds: float, job: Job | None = None) -> Job | None:
        """Take a job (the first that is due, if none is given) for some seconds; None when there is none.

        The taker commits at once: of two that take the same job, one gets a ConflictError. A job whose
        worker died as often as `TRIES` is parked instead of being given out once more.
        """
        for each in [job] if job is not None else list(self.due(now)):
            if not each.free(now):
                continue
            if each.tries >= TRIES:
                self._park(each, now, each.error or "the worker ended while it ran, each time")
                continue
            each.tries += 1
            each.lease = new_id()
            each.leased_until = now + timedelta(seconds=seconds)
            return each
        return None

    def done(self, job: Job, lease: str, now: datetime) -> None:
        """Note that a job was carried out. Raises LeaseLost.

        Only the job itself is written: what it did must not be undone, and done again, because another job
        ended beside it. `sweep` takes it out of the queue.
        """
        _check(job, lease)
        job.state, job.ended, job.lease = "done", now, ""

    def sweep(self, now: datetime) -> int:
        """Take the jobs that are done by now out of the queue, remember their keys, and return how many there were."""
        past = [self._jobs[name] for _at, name in self._order.keys(max=(_minute(now) + 1,))]
        done = [job for job in past if job.state == "done"]
        for job in done:
            self._order.remove(_place(job))
            del self._jobs[job.id]
            self._keys[job.key] = DONE + job.ended.astimezone(UTC).isoformat(timespec="seconds")
        return len(done)

    def fail(self, job: Job, lease: str, now: datetime, error: str) -> None:
        """Put a job back for later, each time later, or park it after `TRIES` tries. Raises LeaseLost."""
        _check(job, lease)
        if job.tries >= TRIES:
            self._park(job, now, error)
            return
        self._order.remove(_place(job))
        job.at = now + min(FIRST_PAUSE * 2 ** (job.tries - 1), LONGEST_PAUSE)
        job.lease, job.leased_until, job.error = "", None, error
        self._order.insert(_place(job))

    def parked(self) -> Iterator[Job]:
        """Return the jobs that were given up, for a person to look at."""
        return iter(self._parked.values())

    def retry(self, name: str, now: datetime) -> Job:
        """Put a parked job back, as if it were new. Raises KeyError."""
        job = self._parked.pop(name)
        job.state, job.tries, job.at, job.lease, job.leased_until, job.ended = "waiting", 0, now, "", None, None
        self._jobs[name] = job
        self._order.insert(_place(job))
        return job

    def pending(self) -> Iterator[Job]:
        """Return all jobs that wait or run, the next first (to the minute)."""
        jobs = (self._jobs[name] for _at, name in self._order)
        return (job for job in jobs if job.state == "waiting")

    def forget(self, before: datetime) -> int:
        """Forget the keys of jobs that were done before an instant, and swept; return how many."""
        limit = DONE + before.astimezone(UTC).isoformat(timespec="seconds")
        old = [key for key, value in self._keys.items() if value.startswith(DONE) and value < limit]
        for key in old:
            del self._keys[key]
        return len(old)

    def _park(self, job: Job, now: datetime, error: str) -> None:
        self._order.remove(_place(job))
        del self._jobs[job.id]
        job.state, job.ended, job.error, job.lease, job.leased_until = "parked", now, error, "", None
        self._parked[job.id] = job


def _check(job: Job, lease: str) -> None:
    if job.state != "waiting" or not lease or job.lease != lease:
        raise LeaseLost(f"job {job.id} ({job.name}) is no longer leased to this worker")


def _minute(at: datetime) -> int:
    return int(at.timestamp() // 60)


def _place(job: Job) -> tuple[int, str]:
    return _minute(job.at), job.id
