"""Goes through all open letters in jobs, some letters a run: what breaks at one of them is that letter's alone.

What is done to a letter is its caller's; which letters are open, `Site.running` knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from intranet_surat.resources.folder import find_if_there, top_path
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import apart

BATCH = 50


def go_on(
    site: Site, job: str, args: Mapping[str, Any], about: str, do: Callable[[Letter], None], now: datetime
) -> None:
    """Do something to the next letters behind ``after`` of the arguments, then leave the rest to the next run.

    ``about`` names what it is done for: it is done once for each, however many of its dispositions run too. A letter
    that breaks stays as it was and has a job of its own, which is tried again, and given up, by itself.
    """
    batch = list(islice(site.running.pairs(after=tuple(args.get("after", ("", "")))), BATCH))
    letters = dict.fromkeys(top_path(where) for _, where in batch)
    apart.each_by_itself(site, job, args, about, letters, lambda where: _at(site, where, do), now)
    if len(batch) == BATCH:
        key = f"{job}:{about}:{':'.join(batch[-1])}"
        site.jobs.add(job, {**args, "after": batch[-1]}, key=key, at=now)


def alone(site: Site, args: Mapping[str, Any], do: Callable[[Letter], None]) -> None:
    """Do it to the one letter that broke, unless it was deleted since. Raises what breaks at it."""
    _at(site, args["item"], do)


def _at(site: Site, where: str, do: Callable[[Letter], None]) -> None:
    item = find_if_there(site, where)
    if item is not None:
        do(item.letter)
