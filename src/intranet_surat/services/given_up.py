"""A file that some had signed and that is used no more: whose signatures count no longer, and who is told.

That it is given up follows from the acts (`workflow.turns`), whatever the flow calls the act that did it. That act
names the signatures in its facts, so that the history tells it too, and `workflow.audit` compares both.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import notices
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, flow_of, org_at, state_of
from intranet_surat.services.reader import Reader
from intranet_surat.workflow import turns


def note(letter: Letter, facts: dict[str, Any]) -> None:
    """Let the act that is about to be recorded, with these ``facts``, name the signatures that count no more."""
    history = letter.history
    gone = turns.signing([history.entered(seq).get("facts", {}) for seq in range(len(history))])
    if gone:
        facts[turns.GIVEN_UP] = gone


def signers(house: House, site: Site, item: Item, now: datetime) -> frozenset[str]:
    """The positions whose signatures count no more, until the next file is prepared."""
    found = turns.given_up(flow_of(house, site, item), StoredItem(house, site, item))
    org = org_at(house, site, now)
    return frozenset(org.now(act.position) for act in found.signed) if found is not None else frozenset()


def named(house: House, site: Site, letter: Letter, reader: Reader, now: datetime) -> bool:
    """Whether the reader may know that the file was given up, though he sees nothing of the letter any more.

    Those for whom it had been prepared: a page of it may still lie open before them. Nobody from whom his order
    keeps the letter closed, nor where the flow says that only others may know.
    """
    found = turns.given_up(flow_of(house, site, letter), StoredItem(house, site, letter))
    if found is None or state_of(house, site, letter).see.only:
        return False
    org = org_at(house, site, now)
    prepared = next((each.signatories for each in reversed(letter.renditions) if each.signatories), ())
    posts = {org.now(each["position"]) for each in prepared} & set(reader.positions)
    level = str(letter.fields.get("security", "SR"))
    return any(not org.closed(reader.person, each).holds(level, letter.kind) for each in posts)


def tell(house: House, site: Site, item: Item, since: int, now: datetime) -> frozenset[str]:
    """Tell those whose signatures an act from ``since`` on has ended, but for who did it; answers who they are."""
    letter = item.letter
    found = turns.given_up(flow_of(house, site, item), StoredItem(house, site, item))
    if found is None or found.seq < since:
        return frozenset()
    told = signers(house, site, item, now) - {letter.history[found.seq].position}
    notices.tell(house, site, letter, told, now, notices.GIVEN_UP)
    return told
