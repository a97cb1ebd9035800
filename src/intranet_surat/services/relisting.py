"""Writes the rows of all open letters anew, after a release whose lists tell more; in jobs, some letters a run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import open_letters, search
from intranet_surat.services.house import House

JOB = "tulis-daftar"


def carry(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: the rows of the next open letters; ``for`` names what they are written anew for, ``after`` the last."""
    open_letters.go_on(site, JOB, args, args["for"], _written(house, site, now), now)


def carry_one(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job of a letter whose rows could not be written with the others."""
    open_letters.alone(site, args, _written(house, site, now))


def _written(house: House, site: Site, now: datetime) -> Callable[[Letter], None]:
    def write(letter: Letter) -> None:
        search.sync(house, site, letter, now)

    return write
