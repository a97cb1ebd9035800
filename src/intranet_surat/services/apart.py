"""Does the same to several things in one transaction: what breaks at one of them is that one's alone.

What is done, and to what, is the caller's. Here stands what is undone, and who comes again for it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from transaction.interfaces import TransientError
from ZODB.POSException import POSKeyError

from intranet_surat.resources.jobs import TRIES
from intranet_surat.resources.site import Site
from intranet_surat.services import work

ALONE = "-surat"
"""Ends the name of the job that does for one letter what the job of many could not."""

logger = logging.getLogger(__name__)


def together(site: Site, what: str, places: Iterable[str], do: Callable[[str], None]) -> dict[str, Exception]:
    """Do something at each place; answers where it broke and why. Nothing was done there.

    When something cannot be stored nothing was done anywhere, nor is anything left of what the caller wrote before.
    Raises TransientError, which is the database's: the whole run comes again.
    """
    places = list(places)
    try:
        return _done(site, what, places, do)
    except TransientError:
        raise
    except Exception as error:
        # It spoils the transaction for all of them: it begins anew, and each has its own.
        logger.exception("%s: what was done could not be stored", what)
        work.manager(site).abort()
        work.manager(site).begin()
        return dict.fromkeys(places, error)


def each_by_itself(
    site: Site,
    job: str,
    args: Mapping[str, Any],
    about: str,
    places: Iterable[str],
    do: Callable[[str], None],
    now: datetime,
) -> list[str]:
    """Do something at each place, in the run of ``job``; where it breaks has a job of its own; answers where.

    That job is tried again, and given up, by itself; it finds the place as ``item`` of its arguments. It is written
    once ``about`` one thing, and whatever else the run writes, it writes afterwards. Where all of several break alike
    it is hardly theirs: the first error is raised, and the whole run comes again, but for its last try, after which
    nothing behind it would ever be done.
    """
    places = list(places)
    broken = together(site, job, places, do)
    if len(broken) == len(places) and _alike(list(broken.values())) and not _last(site, job, args):
        raise next(iter(broken.values()))
    for where in broken:
        site.jobs.add(job + ALONE, {**args, "item": where}, key=f"{job}{ALONE}:{about}:{where}", at=now)
    return list(broken)


def _last(site: Site, job: str, args: Mapping[str, Any]) -> bool:
    """Whether the run is the last try of its job."""
    runs = (each for each in site.jobs.pending() if each.lease and each.name == job and each.args == {**args})
    return any(each.tries >= TRIES for each in runs)


def _alike(errors: list[Exception]) -> bool:
    """Whether the machine or the program breaks, not the things: several errors of their own, all of one kind.

    One error for all of them is of what could not be stored; what the database has lost is that thing's own.
    """
    kinds = {type(each) for each in errors}
    return len(set(errors)) > 1 and len(kinds) == 1 and not kinds & {POSKeyError}


def _done(site: Site, what: str, places: list[str], do: Callable[[str], None]) -> dict[str, Exception]:
    """Do it at each place, in the transaction of the run. Raises what the database says of what cannot be stored."""
    broken: dict[str, Exception] = {}
    for where in places:
        before = work.manager(site).savepoint()
        try:
            do(where)
        except TransientError:
            raise
        except Exception as error:
            before.rollback()
            logger.exception("%s: %s could not be done", where, what)
            broken[where] = error
    work.manager(site).savepoint()  # what the last one left is stored here too, or breaks
    return broken
