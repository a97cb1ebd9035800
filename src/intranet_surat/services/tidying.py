"""The nightly tidying: what only had to be remembered for a while is forgotten. No letter and no history is touched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from intranet_surat.resources.site import Site
from intranet_surat.services import accounts, idempotency, signing_batch, work
from intranet_surat.services.house import House

JOB = "rapikan"
KEYS_LAST = timedelta(days=30)
"""How long a form is known as sent: as long as a draft of it may be kept."""
JOBS_LAST = timedelta(days=90)
AFTER = timedelta(hours=2)


def schedule(house: House, site: Site, now: datetime) -> None:
    """See to it that the job comes in the coming night; asked at start and by the job itself."""
    work.tonight(house, site, JOB, AFTER, now)


def tidy(house: House, site: Site, _args: Mapping[str, Any], now: datetime) -> None:
    """The job: forget keys of forms, batches of signatures, sessions and keys of jobs that are over; again tomorrow."""
    idempotency.forget(site, now - KEYS_LAST)
    signing_batch.forget(site, now - KEYS_LAST)
    accounts.sweep(site, now)
    site.jobs.forget(now - JOBS_LAST)
    schedule(house, site, now)
