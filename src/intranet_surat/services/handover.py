"""A post changes hands: its waiting work stays with it, or moves to the post that follows when it is closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.resources.folder import find
from intranet_surat.resources.lists import Row
from intranet_surat.resources.mandates import ACTING
from intranet_surat.resources.people import Holding, Position
from intranet_surat.resources.site import Site
from intranet_surat.services import mandate_rules, mandates, people_notices, search, secrecy
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.org import SiteOrg
from intranet_surat.services.reader import Reader

JOB = "pindah-jabatan"
BATCH = 50
MOST = 10_000


@dataclass(frozen=True, slots=True)
class Memo:
    """What is handed over: the waiting rows of a position; ``hidden`` more are not for who reads the memo.

    Who only keeps the office's posts is not told how many of these are secret.
    """

    position: str
    rows: tuple[Row, ...]
    hidden: int


def memo(house: House, site: Site, position: str, reader: Reader, now: datetime) -> Memo:
    """The waiting work of a position; of letters that the reader may not read, only their number.

    Raises NotAllowed for anybody but who holds the position and those who may register who acts for it.
    """
    org = org_at(house, site, now)
    if position not in reader.positions and not mandates.may_register(org, reader, position):
        raise NotAllowed(f"Memo serah terima {org.title(position)} dibuka oleh pemegangnya atau admin kantornya.")
    mine = site.lists.get(position)
    rows = mine.page("waiting", 0, MOST)[0] if mine is not None else []
    if position in reader.positions:
        closed = org.closed_levels(reader.person, position)
        shown = [each for each in rows if each.security not in closed]
    else:
        # Who only keeps the office's posts sees what stands in his own lists too, and as it stands there.
        others = [site.lists[each] for each in reader.positions if each in site.lists]
        own = (next((one for other in others if (one := other.get(each.item))), None) for each in rows)
        shown = [each for each in own if each is not None]
        known = {each.item for each in shown}
        rows = [each for each in rows if each.item in known or each.security not in secrecy.SECRET]
    return Memo(position, tuple(shown), len(rows) - len(shown))


def hand_over(
    house: House, site: Site, position: Position, person: str, order: str, since: date, reader: Reader, now: datetime
) -> None:
    """Let a new person hold a position from a day on; who held it, or acted for it, holds it until then.

    Raises NotAllowed, Invalid.
    """
    org, today = org_at(house, site, now), house.today(now)
    _demand(org, reader, position)
    if person not in site.people or not site.people[person].active:
        raise Invalid({"person": "Pilih pegawai yang mempunyai akun aktif."})
    if since < today:
        raise Invalid({"since": "Serah terima paling awal hari ini."})
    if person in position.owners(since):
        raise Invalid({"person": "Orang ini sudah memegang jabatan itu."})
    if person == reader.person:
        raise NotAllowed("Serah terima kepada diri sendiri dicatat oleh orang lain.")
    if not mandate_rules.short("order", order):
        raise Invalid({"order": "Isi nomor surat keputusan pengangkatan."})
    before = set(position.owners(today))
    position.holders = tuple(
        replace(each, until=max(each.since, since)) if each.until is None or each.until > since else each
        for each in position.holders
    )
    site.positions.hold(position, Holding(person, since, order=order.strip()))
    for mandate in (*site.mandates.of_position(position.id), *site.mandates.of_deputy(position.id)):
        own = mandate.position == position.id and mandate.form in ACTING
        acts_elsewhere = mandate.form in ACTING and mandate.person in before
        if (own or acts_elsewhere) and mandate.state(since) in ("active", "accepted", "proposed"):
            mandates.end(house, site, mandate, reader.person, f"Serah terima jabatan {position.title}.", now, since)
    where = "/@@serah-terima?jabatan="
    told = {position.id, org.superior(position.id) or position.id}
    people_notices.tell(house, site, told, f"serah:{position.id}", where + position.id, now)


def close(
    house: House, site: Site, position: Position, successor: str, since: date, reader: Reader, now: datetime
) -> None:
    """Close a position in favour of another, which has its work and its part in running letters from that day on.

    Raises NotAllowed, Invalid.
    """
    org, today = org_at(house, site, now), house.today(now)
    _demand(org, reader, position)
    if successor == position.id or successor not in site.positions or org.now(successor) == position.id:
        raise Invalid({"successor": "Pilih jabatan lain yang melanjutkan pekerjaannya."})
    if site.positions[successor].closed is not None:
        raise Invalid({"successor": "Jabatan itu sendiri sudah dihapus."})
    if reader.person in org.persons(successor):
        raise NotAllowed("Jabatan yang dilanjutkan oleh jabatan Anda sendiri dihapus oleh orang lain.")
    if since < today:
        raise Invalid({"since": "Paling awal hari ini."})
    position.closed, position.successor = since, successor
    at = max(now, house.start_of(since))
    site.jobs.add(JOB, {"position": position.id, "after": ""}, key=f"{JOB}:{position.id}:", at=at)
    people_notices.tell(house, site, {successor}, f"tutup:{position.id}", "/@@serah-terima?jabatan=" + successor, now)


def move(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: write the lists of the letters of a closed position anew, a batch for each run."""
    position, done = str(args["position"]), str(args["after"])
    mine = site.lists.get(position)
    rows = sorted(mine.rows(), key=lambda each: each.item) if mine is not None else []
    left = [each for each in rows if each.item > done]
    letters = {find(site, each.path).letter for each in left[:BATCH]}
    for letter in letters:
        search.sync(house, site, letter, now)
    if left[BATCH:]:
        last = left[BATCH - 1].item
        site.jobs.add(JOB, {"position": position, "after": last}, key=f"{JOB}:{position}:{last}", at=now)


def _demand(org: SiteOrg, reader: Reader, position: Position) -> None:
    mine = {each for each in reader.positions if each != position.id}
    if not mandates.may_register(org, replace(reader, positions=tuple(mine)), position.id):
        raise NotAllowed(f"Serah terima {position.title} dicatat oleh admin kantornya atau jabatan di atasnya.")
