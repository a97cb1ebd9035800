"""Who may act or sign for a position: an order is proposed by one person and confirmed by another, and ends by itself.

The rules of an order stand in `services.mandate_rules`, absences in `services.absences`; what somebody may do by it is
judged in `workflow.standing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from intranet_surat.errors import Invalid, NotAllowed
from intranet_surat.resources.document import File
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.mandates import ACTING, ON_BEHALF, SUBSTITUTE, Mandate
from intranet_surat.resources.people import Holding
from intranet_surat.resources.reads import still
from intranet_surat.resources.site import Site
from intranet_surat.services import idempotency, mandate_rules, people_notices, secrecy
from intranet_surat.services.depending import depend_on
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.mandate_rules import Order
from intranet_surat.services.org import SiteOrg
from intranet_surat.services.reader import Reader
from intranet_surat.services.uploads import Upload
from intranet_surat.workflow.sentences import joined
from intranet_surat.workflow.view import Actor

REGISTERED = "daftar wakil"
"""What a key was used for that kept an order."""
NAMES: Mapping[str, str] = {
    "Plh.": "Pelaksana harian (Plh.)",
    "Plt.": "Pelaksana tugas (Plt.)",
    SUBSTITUTE: "Pengganti tetap",
    "an": "Atas nama (a.n.)",
    "ub": "Untuk beliau (u.b.)",
}
STATES: Mapping[str, str] = {
    "proposed": "Menunggu pengesahan",
    "accepted": "Sah, belum mulai",
    "active": "Berlaku",
    "ended": "Berakhir",
    "revoked": "Dicabut",
}


@dataclass(frozen=True, slots=True)
class ActedFor:
    """One act that somebody did for a position by an order: when, on which letter, what."""

    at: datetime
    letter: str
    action: str
    person: str
    capacity: str


def acted_as(capacity: str, title: str) -> str:
    """A post as an act names it: ``Plh. Camat``, or ``Sekretaris Daerah a.n. Bupati``."""
    if capacity.startswith(tuple(ON_BEHALF.values())):
        return f"{title} {capacity}"
    return f"{capacity} {title}".strip()


def may_register(org: SiteOrg, reader: Reader, position: str) -> bool:
    """Whether one of the reader's own positions may propose who acts for a position.

    The admin of its office, its holder himself, the position above; for the head of an office also the admin of
    the office above. Whoever only acts for one of these may not: nothing is delegated on.
    """
    return keeper(org, reader, position) is not None


def keeper(org: SiteOrg, reader: Reader, position: str) -> Actor | None:
    """For which of his own positions the reader keeps who has a post; None when for none."""
    keeps = registrars(org, position)
    own = (each for each in reader.actors() if each.position in keeps)
    return next((each for each in own if org.capacity(each.person, each.position) is None), None)


def keeps(house: House, site: Site, reader: Reader, position: str, now: datetime) -> None:
    """That the reader keeps the post must still hold at commit. Raises NotAllowed when he lost it by now."""
    actor = keeper(org_at(house, site, now), reader, position)
    if actor is not None:
        depend_on(house, site, actor, now)


def registrars(org: SiteOrg, position: str) -> frozenset[str]:
    """The positions that keep who has a post."""
    office = org.office_of(position)
    if office is None:
        return frozenset()
    above = org.superior(position)
    found = {position, above, *org.role("admin", office)} - {None}
    if above is not None and org.head(office) == position:
        found |= set(org.role("admin", org.office_of(above) or ""))
    return frozenset(each for each in found if each is not None)


def register(
    house: House, site: Site, order: Order, reader: Reader, now: datetime, *, key: str, upload: Upload | None = None
) -> Mandate:
    """`propose`, and the same form sent twice keeps one order. Raises what it raises."""
    known = idempotency.seen(site, reader.person, key, REGISTERED)
    if known is not None and known in site.mandates:
        found: Mandate = site.mandates[known]
        return found
    mandate = propose(house, site, order, reader, now, upload=upload)
    idempotency.remember(site, reader.person, key, mandate.id, now, REGISTERED)
    return mandate


def against(house: House, site: Site, order: Order, reader: Reader, now: datetime, *, has_file: bool) -> dict[str, str]:
    """What is wrong with an order, a sentence for each field. Raises NotAllowed for who may not propose it."""
    org = org_at(house, site, now)
    if not may_register(org, reader, order.position):
        raise NotAllowed(_not_yours(org, reader, order.position), who=tuple(sorted(registrars(org, order.position))))
    wrong = mandate_rules.against(house, site, order, house.today(now), has_file=has_file or bool(order.letter))
    if order.letter and (says := _not_signed(house, site, order.letter, reader, now)):
        wrong["letter"] = says
    return wrong


def propose(
    house: House, site: Site, order: Order, reader: Reader, now: datetime, *, upload: Upload | None = None
) -> Mandate:
    """Keep an order that waits for a second person. Raises NotAllowed, Invalid."""
    org = org_at(house, site, now)
    if wrong := against(house, site, order, reader, now, has_file=upload is not None):
        raise Invalid(wrong)
    keeps(house, site, reader, order.position, now)
    still(*mandate_rules.read(site, order))
    before = mandate_rules.extended(site, order)
    mandate = site.mandates.add(
        Mandate(
            form=order.form,
            position=order.position,
            deputy=order.deputy,
            person=order.person,
            middle=(org.superior(order.deputy) or "") if order.form == "ub" else "",
            order=order.number,
            order_date=order.dated,
            letter=order.letter,
            since=order.since,
            until=order.until,
            kinds=order.kinds,
            ceiling=order.ceiling,
            signs=order.signs,
            extends=before.id if before is not None else "",
            proposed_by=reader.person,
            proposed_at=now,
        )
    )
    if upload is not None:
        mandate.scan = File(upload.path, type=upload.type, filename=upload.filename, pages=upload.pages, created_at=now)
    _tell(house, site, registrars(org, order.position) - {reader.position}, mandate, now)
    return mandate


def confirm(house: House, site: Site, mandate: Mandate, reader: Reader, now: datetime) -> None:
    """A second person finds the order right; from its first day on it holds. Raises NotAllowed, Invalid."""
    org, today = org_at(house, site, now), house.today(now)
    if mandate.state(today) != "proposed":
        raise NotAllowed(f"Penunjukan ini sudah {STATES[mandate.state(today)].lower()}. Muat ulang halaman.")
    if not may_confirm(org, mandate, reader):
        raise NotAllowed(_second(mandate, reader, org))
    if wrong := mandate_rules.against(house, site, order_of(mandate), today, has_file=True, known=mandate):
        raise Invalid(wrong)
    keeps(house, site, reader, mandate.position, now)
    still(*mandate_rules.read(site, order_of(mandate)))
    mandate.confirmed_by, mandate.confirmed_at = reader.person, now
    position = site.positions[mandate.position]
    if mandate.form in ACTING:
        until = None if mandate.until is None else mandate_rules.after(mandate.until)
        holding = Holding(
            mandate.person, max(mandate.since, today), until, mandate.form, mandate.order, mandate=mandate.id
        )
        site.positions.hold(position, holding)
    _tell(house, site, concerned(org, mandate), mandate, now)


def may_confirm(org: SiteOrg, mandate: Mandate, reader: Reader) -> bool:
    """Whether the reader may be the second person: another one who may register it, and not one who acts by it."""
    if reader.person in (mandate.proposed_by, *_named(org, mandate)):
        return False
    return may_register(org, reader, mandate.position)


def confirmers(org: SiteOrg, mandate: Mandate) -> tuple[str, ...]:
    """The positions whose holders may be the second person, by title."""
    closed = {mandate.proposed_by, *_named(org, mandate)}
    found = (each for each in registrars(org, mandate.position) if set(org.owners(each)) - closed)
    return tuple(sorted(org.title(each) for each in found))


def revoke(house: House, site: Site, mandate: Mandate, reader: Reader, reason: str, now: datetime) -> None:
    """End an order before its last day, or drop a proposal. It is over at once. Raises NotAllowed."""
    org = org_at(house, site, now)
    if not may_register(org, reader, mandate.position):
        raise NotAllowed(_not_yours(org, reader, mandate.position))
    if mandate.state(house.today(now)) in ("ended", "revoked"):
        raise NotAllowed("Penunjukan ini sudah berakhir.")
    keeps(house, site, reader, mandate.position, now)
    end(house, site, mandate, reader.person, mandate_rules.short("alasan", reason), now)


def end(
    house: House, site: Site, mandate: Mandate, by: str, reason: str, now: datetime, on: date | None = None
) -> None:
    """Write the end of an order, from the day ``on`` (today), and close the holding that rests on it."""
    day = on or house.today(now)
    mandate.ended_by, mandate.ended_at, mandate.ended_on, mandate.reason = by, now, day, reason
    position = site.positions[mandate.position]
    position.holders = tuple(
        replace(each, until=max(each.since, day)) if each.mandate == mandate.id else each for each in position.holders
    )
    _tell(house, site, concerned(org_at(house, site, now), mandate), mandate, now)


def concerned(org: SiteOrg, mandate: Mandate) -> frozenset[str]:
    """Who is told: the position acted for, the deputy, and the one above."""
    return frozenset(
        each for each in (mandate.position, mandate.deputy, mandate.middle, org.superior(mandate.position)) if each
    )


def may_see(org: SiteOrg, mandate: Mandate, reader: Reader) -> bool:
    """Whether the reader may know an order: whoever may register or confirm it, and who is told."""
    return (
        may_register(org, reader, mandate.position)
        or bool(set(reader.positions) & concerned(org, mandate))
        or reader.person == mandate.person
    )


def order_of(mandate: Mandate) -> Order:
    """What was asked for in the first place."""
    return Order(
        form=mandate.form,
        position=mandate.position,
        deputy=mandate.deputy,
        person=mandate.person,
        number=mandate.order,
        dated=mandate.order_date,
        since=mandate.since,
        until=mandate.until,
        kinds=mandate.kinds,
        ceiling=mandate.ceiling,
        signs=mandate.signs,
        letter=mandate.letter,
    )


def acts(
    house: House, site: Site, mandate: Mandate, reader: Reader, now: datetime, limit: int = 50
) -> tuple[list[ActedFor], int]:
    """The last acts done by an order, newest first, on letters that the reader may know; and how many there are.

    Those on secret letters that he may not know are not counted.
    """
    found: list[ActedFor] = []
    total = 0
    for at, path, seq in mandate.done():
        letter = find(site, path)
        secret = letter.fields.get("security", "SR") in secrecy.SECRET
        known = (secret or total < limit) and secrecy.may_know(house, site, letter, reader, now)
        total += known or not secret
        if known and len(found) < limit:
            act = letter.history[seq]
            found.append(ActedFor(at, path, act.action, act.who.get("name", ""), act.capacity))
    return found, total


def _tell(house: House, site: Site, positions: Iterable[str], mandate: Mandate, now: datetime) -> None:
    about = f"{mandate.id}:{mandate.state(house.today(now))}"
    people_notices.tell(house, site, positions, about, f"/@@wakil?surat={mandate.id}", now)


def _not_signed(house: House, site: Site, path: str, reader: Reader, now: datetime) -> str:
    """Why the path is not that of a signed letter which the reader may read; nothing when it is."""
    try:
        letter = find(site, path)
    except KeyError:
        letter = None
    if not isinstance(letter, Letter) or secrecy.sight(house, site, letter, reader, now) != "full":
        return "Surat ini tidak ditemukan, atau bukan untuk jabatan Anda."
    return "" if letter.fields.get("signed") else "Surat ini belum ditandatangani."


def _not_yours(org: SiteOrg, reader: Reader, position: str) -> str:
    mine = set(reader.positions) & registrars(org, position)
    for each in mine:
        capacity = org.capacity(reader.person, each)
        if capacity is not None:
            return f"{capacity.title} {org.title(each)} tidak dapat menunjuk wakil lagi: wewenang tidak diteruskan."
    who = joined(sorted(map(org.title, registrars(org, position))), "atau")
    return f"Wakil {org.title(position)} ditetapkan oleh {who}."


def _named(org: SiteOrg, mandate: Mandate) -> tuple[str, ...]:
    """The persons who would act by an order: the one it names, and who holds the deputy's post."""
    return (mandate.person, *org.owners(mandate.deputy))


def _second(mandate: Mandate, reader: Reader, org: SiteOrg) -> str:
    if reader.person == mandate.proposed_by:
        return "Penunjukan wakil disahkan oleh orang lain, bukan oleh yang mendaftarkannya."
    if reader.person in _named(org, mandate):
        return "Yang ditunjuk tidak dapat mengesahkan penunjukannya sendiri."
    return _not_yours(org, reader, mandate.position)
