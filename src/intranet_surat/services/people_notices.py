"""Tells positions that something about the post itself changed: an order to act for it, an absence, a handover."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from intranet_surat.resources.site import Site
from intranet_surat.services import notices
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.notices import POST

JOB = "kabar-jabatan"


def tell(
    house: House, site: Site, positions: Iterable[str], about: str, where: str, now: datetime, sentence: str = POST
) -> None:
    """Write one job for each position; ``about`` names what changed, ``where`` is the page that shows it."""
    if not house.notice_channels:
        return
    for position in sorted(set(positions)):
        key = f"{JOB}:{about}:{position}:{now.isoformat()}"
        args = {"position": position, "key": key, "where": where, "sentence": sentence}
        site.jobs.add(JOB, args, key=key, at=now)


def carry(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: give the notice to all who hold the position now, by every channel. Raises Unavailable."""
    position = site.positions.get(str(args["position"]))
    for person_id in org_at(house, site, now).persons(str(args["position"])):
        person = site.people.get(person_id)
        if position is None or person is None or not person.active:
            continue
        about = str(args.get("sentence", POST))
        notices.give(house, position, person, str(args["key"]), str(args["where"]), about, now)
