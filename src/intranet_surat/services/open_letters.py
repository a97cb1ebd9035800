"""Goes through all open letters in jobs, some letters a run: what breaks at one of them is that letter's alone.

What is done to a letter is its caller's; which letters are open, `Site.running` knows.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from transaction.interfaces import TransientError

from intranet_surat.resources.folder import find_if_there
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import work

BATCH = 50
ALONE = "-surat"
"""Ends the name of the job that does for one letter what the job of all letters could not."""

logger = logging.getLogger(__name__)


def go_on(
    site: Site, job: str, args: Mapping[str, Any], about: str, do: Callable[[Letter], None], now: datetime
) -> None:
    """Do something to the next letters behind ``after`` of the arguments, then leave the rest to the next run.

    ``about`` names what it is done for: it is done once for each, however many of its dispositions run too. A letter
    that breaks stays as it was and has a job of its own, which is tried again, and given up, by itself.
    """
    batch = list(islice(site.running.pairs(after=tuple(args.get("after", ("", "")))), BATCH))
    places = [where for _, where in batch]
    try:
        broken = _together(site, job, places, do)
    except TransientError:
        raise  # the database's: the whole run comes again
    except Exception:
        # What cannot be stored spoils the transaction for all of them: it begins anew, and each has its own.
        logger.exception("%s: what was done could not be stored", job)
        work.manager(site).abort()
        work.manager(site).begin()
        broken = places
    for where in broken:
        site.jobs.add(job + ALONE, {**args, "item": where}, key=f"{job}{ALONE}:{about}:{where}", at=now)
    if len(batch) == BATCH:
        key = f"{job}:{about}:{':'.join(batch[-1])}"
        site.jobs.add(job, {**args, "after": batch[-1]}, key=key, at=now)


def _together(site: Site, job: str, places: list[str], do: Callable[[Letter], None]) -> list[str]:
    """Do it to each letter, once, in the transaction of the run; answers where it broke and nothing was done.

    Raises what the database says of something that cannot be stored.
    """
    broken: list[str] = []
    seen: set[str] = set()
    for where in places:
        before = work.manager(site).savepoint()
        try:
            item = find_if_there(site, where)
            if item is not None and item.letter.id not in seen:
                seen.add(item.letter.id)
                do(item.letter)
        except TransientError:
            raise
        except Exception:
            before.rollback()
            logger.exception("%s: %s could not be done", where, job)
            broken.append(where)
    work.manager(site).savepoint()  # what the last one left is stored here too, or breaks
    return broken


def alone(site: Site, args: Mapping[str, Any], do: Callable[[Letter], None]) -> None:
    """Do it to the one letter that broke, unless it was deleted since. Raises what breaks at it."""
    item = find_if_there(site, args["item"])
    if item is not None:
        do(item.letter)
