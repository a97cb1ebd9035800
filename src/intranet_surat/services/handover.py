"""A post changes hands by two persons: its waiting work stays with it, or moves to the post that follows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.resources.delivery import Delivery
from intranet_surat.resources.folder import find_if_there, top_path
from intranet_surat.resources.lists import Row
from intranet_surat.resources.mandates import ACTING
from intranet_surat.resources.people import Handover, Holding, Position
from intranet_surat.resources.reads import still
from intranet_surat.resources.site import Site
from intranet_surat.services import apart, delivery, mandate_rules, mandates, people_notices, search, secrecy
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.org import SiteOrg
from intranet_surat.services.reader import Reader

JOB = "pindah-jabatan"
BATCH = 50
MOST = 10_000
_SELF = "Serah terima kepada diri sendiri atau jabatan Anda sendiri diajukan dan disahkan oleh orang lain."


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: a new holder by an order, or a position that follows; from which day on."""

    person: str
    successor: str
    order: str
    since: date


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
        closed = org.closed(reader.person, position)
        shown = [each for each in rows if each.direction == "kiriman" or not closed.holds(each.security, each.kind)]
    else:
        # Who only keeps the office's posts sees what stands in his own lists too, and as it stands there.
        others = [site.lists[each] for each in reader.positions if each in site.lists]
        own = (next((one for other in others if (one := other.get(each.item))), None) for each in rows)
        shown = [each for each in own if each is not None]
        known = {each.item for each in shown}
        rows = [each for each in rows if each.item in known or each.security not in secrecy.SECRET]
    return Memo(position, tuple(shown), len(rows) - len(shown))


def ask(house: House, site: Site, position: Position, wish: Wish, reader: Reader, now: datetime) -> None:
    """Ask that a post changes hands, or is closed in favour of another; a second person confirms it.

    Raises NotAllowed, Invalid with a sentence for each field that is wrong.
    """
    if wrong := against(house, site, position, wish, reader, now):
        raise Invalid(wrong)
    org = org_at(house, site, now)
    made = Handover(wish.person, wish.successor, wish.order.strip(), wish.since, reader.person, now)
    mandates.keeps(house, site, reader, position.id, now)
    position.handovers = (*position.handovers, made)
    _tell(house, site, position, mandates.registrars(org, position.id) - {reader.position}, "usul", now)


def against(house: House, site: Site, position: Position, wish: Wish, reader: Reader, now: datetime) -> dict[str, str]:
    """What is wrong with what is asked for, a sentence for each field. Raises NotAllowed for who may not ask it."""
    org, today = org_at(house, site, now), house.today(now)
    if not may_ask(org, reader, position):
        raise NotAllowed(refusal(org, position))
    if position.asked is not None:
        raise NotAllowed(f"Serah terima {position.title} sudah diajukan dan menunggu orang kedua.")
    if reader.person in _gains(org, wish):
        raise NotAllowed(_SELF)
    wrong = dict(_against(site, org, position, wish, today))
    if wish.since < today:
        wrong["since"] = "Serah terima paling awal hari ini."
    return wrong


def confirm(house: House, site: Site, position: Position, reader: Reader, now: datetime) -> None:
    """The second person finds it right. The new holder has the post from its day on. Raises NotAllowed, Invalid."""
    org, today = org_at(house, site, now), house.today(now)
    asked = _waiting(position)
    if not may_confirm(org, reader, position):
        raise NotAllowed(second(org, reader, position))
    wish = Wish(asked.person, asked.successor, asked.order, max(asked.since, today))
    if wrong := dict(_against(site, org, position, wish, today)):
        raise Invalid(wrong)
    mandates.keeps(house, site, reader, position.id, now)
    still(site.positions[wish.successor] if wish.successor else site.people[wish.person])
    _answer(position, asked, reader, now, confirmed=True)
    told = {position.id, org.superior(position.id) or position.id}
    if wish.successor:
        _close(house, site, position, wish, now)
        told.add(wish.successor)
    else:
        _hand_over(house, site, position, wish, reader, now)
    _tell(house, site, position, told, "serah", now)


def refuse(house: House, site: Site, position: Position, reason: str, reader: Reader, now: datetime) -> None:
    """Drop what was asked; whoever asked may do it too. Raises NotAllowed, Invalid without a reason."""
    org = org_at(house, site, now)
    asked = _waiting(position)
    if not mandates.may_register(org, reader, position.id):
        raise NotAllowed(refusal(org, position))
    if not mandate_rules.short("alasan", reason):
        raise Invalid({"alasan": "Tulis alasannya."})
    mandates.keeps(house, site, reader, position.id, now)
    _answer(position, asked, reader, now, confirmed=False, reason=reason.strip())
    _tell(house, site, position, mandates.registrars(org, position.id) - {reader.position}, "tolak", now)


def may_ask(org: SiteOrg, reader: Reader, position: Position) -> bool:
    """Whether one of the reader's posts, other than this one, may ask for it to change hands."""
    mine = tuple(each for each in reader.positions if each != position.id)
    return bool(mine) and mandates.may_register(org, replace(reader, position=mine[0], positions=mine), position.id)


def may_confirm(org: SiteOrg, reader: Reader, position: Position) -> bool:
    """Whether the reader may be the second person: not who asked, and not who gains by it; its holder may."""
    asked = position.asked
    if asked is None or reader.person in (asked.asked_by, *_gains(org, asked)):
        return False
    return mandates.may_register(org, reader, position.id)


def refusal(org: SiteOrg, position: Position) -> str:
    """Why the reader does not hand this post over, with who does."""
    who = sorted(org.title(each) for each in mandates.registrars(org, position.id) if each != position.id)
    return f"Serah terima {position.title} diajukan oleh {' atau '.join(who) or 'DKISP'}."


def second(org: SiteOrg, reader: Reader, position: Position) -> str:
    """Why the reader is not the second person of what is asked."""
    asked = _waiting(position)
    if reader.person == asked.asked_by:
        return "Serah terima disahkan oleh orang lain, bukan oleh yang mengajukannya."
    if reader.person in _gains(org, asked):
        return _SELF
    who = sorted(map(org.title, mandates.registrars(org, position.id)))
    return f"Serah terima {position.title} disahkan oleh {' atau '.join(who)}."


def _waiting(position: Position) -> Handover:
    if position.asked is None:
        raise NotAllowed("Tidak ada serah terima yang menunggu. Muat ulang halaman.")
    return position.asked


def _answer(
    position: Position, asked: Handover, reader: Reader, now: datetime, *, confirmed: bool, reason: str = ""
) -> None:
    answered = replace(asked, answered_by=reader.person, answered_at=now, confirmed=confirmed, reason=reason)
    position.handovers = (*position.handovers[:-1], answered)


def _gains(org: SiteOrg, wish: Wish | Handover) -> tuple[str, ...]:
    """The persons who have the post, or its work, afterwards."""
    return org.persons(wish.successor) if wish.successor else (wish.person,)


def _against(site: Site, org: SiteOrg, position: Position, wish: Wish, today: date) -> Iterator[tuple[str, str]]:
    """What is wrong with a handover, by field."""
    if position.closed is not None:
        yield "since", f"{position.title} sudah dihapus."
    if wish.successor:
        if wish.successor == position.id or org.now(wish.successor) == position.id or not org.title(wish.successor):
            yield "successor", "Pilih jabatan lain yang melanjutkan pekerjaannya."
        elif site.positions[wish.successor].closed is not None:
            yield "successor", "Jabatan itu sendiri sudah dihapus."
        return
    if wish.person not in site.people or not site.people[wish.person].active:
        yield "person", "Pilih pegawai yang mempunyai akun aktif."
    elif wish.person in position.owners(max(wish.since, today)):
        yield "person", "Orang ini sudah memegang jabatan itu."
    if not 0 < len(wish.order.strip()) <= mandate_rules.LONGEST:
        yield "order", f"Isi nomor surat keputusan pengangkatan, paling panjang {mandate_rules.LONGEST} huruf."


def _hand_over(house: House, site: Site, position: Position, wish: Wish, reader: Reader, now: datetime) -> None:
    """Let the new person hold it; who held it, or acted for it, holds it until then."""
    since, before = wish.since, set(position.owners(house.today(now)))
    position.holders = tuple(
        replace(each, until=max(each.since, since)) if each.until is None or each.until > since else each
        for each in position.holders
    )
    site.positions.hold(position, Holding(wish.person, since, order=wish.order))
    for mandate in (*site.mandates.of_position(position.id), *site.mandates.of_deputy(position.id)):
        own = mandate.position == position.id and mandate.form in ACTING
        acts_elsewhere = mandate.form in ACTING and mandate.person in before
        if (own or acts_elsewhere) and mandate.state(since) in ("active", "accepted", "proposed"):
            mandates.end(house, site, mandate, reader.person, f"Serah terima jabatan {position.title}.", now, since)


def _close(house: House, site: Site, position: Position, wish: Wish, now: datetime) -> None:
    """Let the successor have its work and its part in running letters from the day on."""
    position.closed, position.successor = wish.since, wish.successor
    at = max(now, house.start_of(wish.since))
    site.jobs.add(JOB, {"position": position.id, "after": ""}, key=f"{JOB}:{position.id}:", at=at)


def _tell(house: House, site: Site, position: Position, who: Iterable[str], what: str, now: datetime) -> None:
    where = f"/@@serah-terima?jabatan={position.id}"
    people_notices.tell(house, site, who, f"{what}:{position.id}", where, now)


def move(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: write the lists of what stands in those of a closed position anew, a batch for each run.

    A letter that breaks keeps its rows and has a job of its own.
    """
    position, done = str(args["position"]), str(args["after"])
    mine = site.lists.get(position)
    rows = sorted(mine.rows(), key=lambda each: each.item) if mine is not None else []
    left = [each for each in rows if each.item > done]
    batch = left[:BATCH]
    places = dict.fromkeys(each.path if each.direction == "kiriman" else top_path(each.path) for each in batch)
    apart.each_by_itself(
        site, JOB, args, position, places, lambda where: _listed(house, site, position, where, now), now
    )
    if left[BATCH:]:
        last = left[BATCH - 1].item
        site.jobs.add(JOB, {"position": position, "after": last}, key=f"{JOB}:{position}:{last}", at=now)


def move_one(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job of what could not be listed anew with the others."""
    _listed(house, site, str(args["position"]), str(args["item"]), now)


def _listed(house: House, site: Site, position: str, where: str, now: datetime) -> None:
    """Write the rows of a letter anew; of a delivery in the lists of those who register it now, if anybody does."""
    found = find_if_there(site, where)
    if isinstance(found, Delivery):
        delivery.list_delivery(house, site, found, now)
        keepers = delivery.keepers(house, site, found, now)
        if keepers and position not in keepers:
            site.lists[position].drop(found.id)
    elif found is not None:
        search.sync(house, site, found, now)
