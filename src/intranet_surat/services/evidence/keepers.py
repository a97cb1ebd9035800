"""Who answers for evidence in the whole regency: posts with one role, whom alarms and reports of strangers reach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.site import Site
from intranet_surat.services import people_notices
from intranet_surat.services.house import House
from intranet_surat.services.reader import Reader

KEEPER = "pengelola_bukti"
PAGE = "bukti"
"""The name of their page at the site."""
JOB = "kabar-bukti"


def positions(site: Site) -> set[str]:
    """The posts that carry the role; looks at every post, so it is asked in jobs and not for a page."""
    return {each.id for each in site.positions.values() if KEEPER in each.roles}


def is_keeper(site: Site, reader: Reader | None) -> bool:
    """Whether the reader sits at such a post."""
    position = site.positions.get(reader.position) if reader is not None else None
    return position is not None and KEEPER in position.roles


def demand(site: Site, reader: Reader | None) -> None:
    """Raise NotAllowed unless he does."""
    if not is_keeper(site, reader):
        raise NotAllowed("Halaman ini hanya untuk jabatan dengan peran pengelola bukti.")


def tell(site: Site, sentence: str, now: datetime, page: str = PAGE) -> None:
    """Have them all told, once for everything of the kind within the hour; ``sentence`` is one of `notices`."""
    key = f"{JOB}:{sentence}:{now:%Y-%m-%dT%H}"
    site.jobs.add(JOB, {"sentence": sentence, "page": page}, key=key, at=now)


def carry(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: write a notice for each of their posts."""
    about = f"{JOB}:{args['sentence']}"
    people_notices.tell(house, site, positions(site), about, f"/@@{args['page']}", now, str(args["sentence"]))
