"""When a holder is away from his post: for how long, who is told that nobody acts for him, and his return."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.kinds.dates import long_date
from intranet_surat.resources.letter import Item
from intranet_surat.resources.mandates import SUBSTITUTE, Mandate
from intranet_surat.resources.people import Away, Position
from intranet_surat.resources.site import Site
from intranet_surat.services import mandates, people_notices
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, flow_of, org_at, setting
from intranet_surat.services.mandate_rules import LONGEST, after
from intranet_surat.services.org import DAY, SiteOrg
from intranet_surat.services.reader import Reader
from intranet_surat.workflow import cast


def leave(
    house: House, site: Site, position: Position, since: date, until: date, reason: str, reader: Reader, now: datetime
) -> None:
    """Record that the holder is away from ``since`` to the last day ``until``. Raises NotAllowed, Invalid."""
    if wrong := against(house, site, position, since, until, reason, reader, now):
        raise Invalid(wrong)
    owners = position.owners(max(since, house.today(now)))
    mandates.keeps(house, site, reader, position.id, now)
    why = reason.strip()
    position.away = (*position.away, *(Away(each, since, after(until), why) for each in owners))
    told = {position.id, org_at(house, site, now).superior(position.id) or position.id}
    people_notices.tell(house, site, told, f"berhalangan:{position.id}", "/@@wakil", now)


def against(
    house: House, site: Site, position: Position, since: date, until: date, reason: str, reader: Reader, now: datetime
) -> dict[str, str]:
    """What is wrong with such a record, by field. Raises NotAllowed for who may not write it."""
    org, today = org_at(house, site, now), house.today(now)
    if not mandates.may_register(org, reader, position.id):
        raise NotAllowed(f"Ketidakhadiran {position.title} dicatat oleh pemegangnya atau admin kantornya.")
    owners = position.owners(max(since, today))
    if reader.person not in owners and reader.person in _standing(org, site, position.id, today):
        raise NotAllowed(f"Anda pengganti tetap {position.title}; ketidakhadirannya dicatat oleh orang lain.")
    wrong = {} if owners else {"since": f"Jabatan {position.title} kosong; tidak ada yang berhalangan."}
    if until < since or until < today:
        wrong["until"] = "Hari terakhir tidak boleh sebelum hari mulai, atau sudah lewat."
    if len(reason) > LONGEST:
        wrong["reason"] = f"Paling panjang {LONGEST} huruf."
    return wrong


def come_back(house: House, site: Site, position: Position, reader: Reader, now: datetime) -> None:
    """The holder is back, perhaps early: his absence ends today, and so does a Plh. that stands in for him.

    Raises NotAllowed for anybody but the holder himself and the admin of the office.
    """
    org, today = org_at(house, site, now), house.today(now)
    if not mandates.may_register(org, reader, position.id):
        raise NotAllowed(f"Kembalinya {position.title} dicatat oleh pemegangnya atau admin kantornya.")
    mandates.keeps(house, site, reader, position.id, now)
    position.away = tuple(
        each if not each.on(today) else Away(each.person, min(each.since, today), today, each.reason)
        for each in position.away
    )
    for mandate in plh_of(site, position.id, today):
        mandates.end(house, site, mandate, reader.person, f"{position.title} kembali bertugas.", now)


def plh_of(site: Site, position: str, today: date) -> list[Mandate]:
    """The orders by which a Plh. acts for a position today."""
    found = site.mandates.of_position(position)
    return [each for each in found if each.form == "Plh." and each.state(today) == "active"]


def _standing(org: SiteOrg, site: Site, position: str, today: date) -> set[str]:
    """The persons who would act for a position as soon as its holder is recorded as away."""
    orders = (each for each in site.mandates.of_position(position) if each.form == SUBSTITUTE)
    running = (each for each in orders if each.state(today) in ("active", "accepted", "proposed"))
    return {person for each in running for person in org.owners(each.deputy)}


def says(org: SiteOrg, position: str) -> str:
    """The sentence for those who wait for a position that nobody attends to today; empty when somebody does."""
    if not org.is_unattended(position):
        return ""
    back = org.back_on(position)
    if back is not None:
        return f"{org.title(position)} berhalangan sampai {long_date(back - DAY)}; belum ada wakilnya."
    return f"Jabatan {org.title(position)} kosong; belum ada wakilnya."


def waiting_says(org: SiteOrg, positions: Iterable[str]) -> tuple[str, ...]:
    """The sentences about all of these positions."""
    return tuple(filter(None, (says(org, each) for each in positions)))


def to_tell(house: House, site: Site, item: Item, newly: Iterable[str], now: datetime) -> frozenset[str]:
    """Whom the flow wants told when an item came to wait for positions that nobody attends to."""
    asked = setting(house, site, item, now)
    if not any(org_at(house, site, now).is_unattended(each) for each in newly):
        return frozenset()
    flow = flow_of(house, site, item)
    lines = (each.notify for each in flow.absence if each.stand_in == "none")
    view = StoredItem(house, site, item.letter)
    return frozenset(one for who in lines for one in cast.of_all(who, flow, view, asked))
