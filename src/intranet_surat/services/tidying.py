"""The nightly tidying: what only had to be remembered for a while is forgotten. No letter and no history is touched."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Any

from intranet_surat.resources.site import Site
from intranet_surat.services import accounts, idempotency, signing_batch
from intranet_surat.services.house import House

JOB = "rapikan"
KEYS_LAST = timedelta(days=30)
"""How long a form is known as sent: as long as a draft of it may be kept."""
JOBS_LAST = timedelta(days=90)
HOUR = 2


def schedule(house: House, site: Site, now: datetime) -> None:
    """Write the job of the coming night, unless it stands there already; asked at start and by the job itself."""
    night = house.today(now) + timedelta(days=1)
    zone = house.local(now).tzinfo
    at = datetime.combine(night, time(HOUR), tzinfo=zone).astimezone(UTC)
    site.jobs.add(JOB, {}, key=f"{JOB}:{night.isoformat()}", at=at)


def tidy(house: House, site: Site, _args: Mapping[str, Any], now: datetime) -> None:
    """The job: forget old keys of forms, batches of signatures, sessions that are over, keys of jobs long done; come again tomorrow."""
    idempotency.forget(site, now - KEYS_LAST)
    signing_batch.forget(site, now - KEYS_LAST)
    accounts.sweep(site, now)
    site.jobs.forget(now - JOBS_LAST)
    schedule(house, site, now)
