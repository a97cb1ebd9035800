"""Who decides must still be entitled when it is committed; other things that a decision read stand with each act."""

from __future__ import annotations

from datetime import datetime

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.reads import still
from intranet_surat.resources.site import Site
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.workflow.view import Actor


def depend_on(house: House, site: Site, actor: Actor, now: datetime) -> None:
    """What the decision read elsewhere must still hold at commit: the position and the person who holds it.

    Who the reader is was asked before a register was waited for: raises NotAllowed when he lost the position,
    or his account, meanwhile.
    """
    position, person = site.positions[actor.position], site.people[actor.person]
    org = org_at(house, site, now)
    if not person.active or actor.person not in org.persons(actor.position):
        raise NotAllowed(f"Anda tidak lagi memegang jabatan {position.title}. Muat ulang halaman.")
    still(position, person, *org.basis(actor.person, actor.position))
