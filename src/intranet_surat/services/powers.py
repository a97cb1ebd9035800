"""Powers that a flow gives in a real office: the ground on which `workflow.diff` compares two versions."""

from __future__ import annotations

from datetime import datetime

from intranet_surat.errors import Unknown
from intranet_surat.resources.site import Site
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.secrecy import FULL
from intranet_surat.workflow.diff import Difference, diff
from intranet_surat.workflow.matrix_letters import Ground
from intranet_surat.workflow.model import Flow

DRAFTERS = "pengonsep"
"""The role of those who write letters in an office; one without them lets its head write."""


def ground(house: House, site: Site, office: str, now: datetime) -> Ground:
    """An office as it stands at ``now``. Raises Unknown when there is none of this code."""
    if site.office(office) is None:
        raise Unknown
    org = org_at(house, site, now)
    head = org.head(office)
    return Ground(org, office, org.role(DRAFTERS, office) or ((head,) if head is not None else ()), FULL)


def difference(
    house: House, site: Site, a: Flow, b: Flow, office: str, now: datetime, most: int | None = None
) -> Difference:
    """What changes in an office when ``a`` is replaced by ``b``, in words and in power. Raises Unknown.

    ``most`` as in `workflow.diff`: beyond it the words alone are answered.
    """
    return diff(a, b, ground(house, site, office, now), most)
