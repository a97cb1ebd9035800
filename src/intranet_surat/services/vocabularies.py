"""The lists whose codes letters hold and that change: archive codes, posts, offices, villages; with their labels."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from intranet_surat.resources.site import VILLAGES, Site
from intranet_surat.services.house import House
from intranet_surat.services.reference import Reference


@lru_cache(maxsize=4)
def _classification(reference: Reference) -> Mapping[str, str]:
    """Code -> name; 2,982 of them, made once for each version of the table."""
    return {code: each.name for code, each in reference.classifications.items()}


def of_site(house: House, site: Site) -> Mapping[str, Mapping[str, str]]:
    """Vocabulary name -> code -> label, as `kinds.schema` wants them handed in; read for each form.

    ``villages`` and ``offices`` are known by their codes, ``positions`` by their ids.
    """
    offices = {each.code: each.name for each in site.offices() if each.kind != VILLAGES}
    villages = {each.code: each.name for each in site.offices() if each.kind == VILLAGES}
    return {
        **house.reference.vocabularies(),
        "classification": _classification(house.reference),
        "positions": {each.id: each.title for each in site.positions.values()},
        "offices": offices,
        "villages": villages,
    }
