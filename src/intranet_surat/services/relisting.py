"""Writes the rows of all open letters anew, after a release whose lists tell more; in a job, some letters a run."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from intranet_surat.resources.folder import find
from intranet_surat.resources.site import Site
from intranet_surat.services import search
from intranet_surat.services.house import House

JOB = "tulis-daftar"
BATCH = 50


def carry(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: the rows of the next open letters; ``for`` names what they are written anew for, ``after`` the last."""
    batch = list(islice(site.running.pairs(after=tuple(args["after"])), BATCH))
    for letter in {letter.id: letter for letter in (find(site, where).letter for _, where in batch)}.values():
        search.sync(house, site, letter, now)
    if len(batch) == BATCH:
        key = f"{JOB}:{args['for']}:{':'.join(batch[-1])}"
        site.jobs.add(JOB, {**args, "after": batch[-1]}, key=key, at=now)
