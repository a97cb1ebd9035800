"""Sending: one delivery for each addressee and copy, carried by jobs; the receiver's tray; status back to the sender.

Transport by mail is `services.mail` behind the outbound client; this module knows who gets what and how far
it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from intranet_surat.errors import NotAllowed, SuratError, Unknown
from intranet_surat.resources.delivery import Delivery
from intranet_surat.resources.folder import find, new_id
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.lists import PositionList
from intranet_surat.resources.site import Office, Site, section
from intranet_surat.services import growth, search
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.reader import Reader
from intranet_surat.workflow.model_words import WET

INSIDE = "kirim-dalam"
MAIL = "kirim-surel"
BY_HAND = frozenset({"kurir", "cetak"})
"""The channels of which a person says that somebody received it."""


def send(house: House, site: Site, letter: Letter, now: datetime) -> list[Delivery]:
    """Write one delivery for each addressee and copy, with the job that carries it; called inside the act.

    Raises SuratError when there is nothing signed to send.
    """
    final = final_file(letter)
    if final is None or not letter.fields.get("signed"):
        raise SuratError("Surat belum ditandatangani, jadi belum dapat dikirim. Selesaikan tanda tangan lebih dulu.")
    made = []
    for row, copy in addressed(letter):
        made.append(_deliver(house, site, letter, final.sha256, row, copy, now))
    letter.deliveries = (*letter.deliveries, *(path_of(each) for each in made))
    return made


def final_file(letter: Letter) -> Any:
    """The file that counts: what grew out of the frozen one by signatures, or the confirmed scan of signed paper."""
    if letter.fields.get("signed") == WET:
        return letter.attachment(letter.frozen) if letter.frozen else None
    return next(reversed(growth.revisions(letter)), None)


def final_hashes(letter: Letter) -> frozenset[str]:
    """The files that count as the signed letter: signatures and evidence are added, and what was sent stays genuine."""
    final = final_file(letter)
    signed = {each.sha256 for each in growth.revisions(letter)}
    return frozenset({final.sha256} if final is not None and final.sha256 not in signed else signed)


def addressed(letter: Letter) -> list[tuple[Mapping[str, str], bool]]:
    """Addressees and copies in their order; the flag tells a copy."""
    rows = [(row, False) for row in letter.fields.get("addressees") or ()]
    return rows + [(row, True) for row in letter.fields.get("carbon_copies") or ()]


def receiver(site: Site, row: Mapping[str, str]) -> Office | None:
    """The office whose tray an addressee reads; None for somebody outside."""
    if row.get("kind") == "position" and row.get("id") in site.positions:
        return site.office(site.positions[row["id"]].office)
    if row.get("kind") in {"office", "village"}:
        return site.office(row["id"])
    return None


def _deliver(
    house: House, site: Site, letter: Letter, sha256: str, row: Mapping[str, str], copy: bool, now: datetime
) -> Delivery:
    """One delivery; its job's key makes it arrive once however often the job runs."""
    office = receiver(site, row)
    channel = row.get("channel") or ("sistem" if office is not None else "cetak")
    note = ""
    if channel == "sistem" and (office is None or not office.active):
        channel = "cetak"
        note = "Kantor ini belum memakai sistem; cetak dan antarkan."
    delivery = Delivery(
        id=new_id(),
        sender=letter.office,
        receiver=office.code if office is not None else "",
        addressee=row.get("name", ""),
        position=row["id"] if row.get("kind") == "position" else "",
        letter=path_of(letter),
        rendition=sha256,
        channel=channel,
        email=row.get("email", ""),
        state="antre",
        at=now,
        number=letter.fields.get("number") or "",
        letter_date=letter.fields.get("letter_date") or "",
        subject=letter.fields.get("subject", ""),
        security=letter.fields.get("security", "B"),
        urgency=letter.fields.get("urgency", "biasa"),
        copy=copy,
        note=note,
    )
    home = office if channel == "sistem" and office is not None else site.codes[letter.office]
    section(home, "kiriman", house.today(now).year)[delivery.id] = delivery
    if channel == "sistem":
        site.jobs.add(INSIDE, {"delivery": path_of(delivery)}, key=f"{INSIDE}:{delivery.id}", at=now)
    elif channel == "surel":
        site.jobs.add(MAIL, {"delivery": path_of(delivery)}, key=f"{MAIL}:{delivery.id}", at=now)
    return delivery


def arrive(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job of a delivery inside: it stands in the receiver's tray from now on."""
    delivery = find(site, args["delivery"])
    if delivery.state != "antre":
        return
    delivery.state = "terkirim"
    delivery.sent_at = now
    list_delivery(house, site, delivery, now)


def keepers(house: House, site: Site, delivery: Delivery, now: datetime) -> tuple[str, ...]:
    """The positions that register what arrives at the delivery's receiver; its head where it has no registrar.

    Where it has no head either, those that follow its closed registrars: somebody sees that it came.
    """
    org, office = org_at(house, site, now), delivery.receiver
    if found := org.role("agendaris", office) or org.role("operator_loket", office):
        return found
    if head := org.head(office):
        return (head,)
    return org.heirs("agendaris", office) or org.heirs("operator_loket", office)


def list_delivery(house: House, site: Site, delivery: Delivery, now: datetime) -> None:
    """Write or drop the row of a delivery in the lists of those who register it."""
    waiting = delivery.state in {"terkirim", "diterima"}
    for position in keepers(house, site, delivery, now):
        mine = site.lists.get(position)
        if mine is None:
            mine = site.lists[position] = PositionList()
        if waiting:
            mine.put(search.delivery_row(site, delivery, now))
        else:
            mine.drop(delivery.id)


def open_delivery(house: House, site: Site, delivery: Delivery, reader: Reader, now: datetime) -> None:
    """The receiver looked at the delivery: the sender sees that it was received. Raises Unknown for others."""
    if not set(keepers(house, site, delivery, now)) & set(reader.positions):
        raise Unknown
    if delivery.state == "terkirim":
        delivery.state = "diterima"
        delivery.received_at = now
        list_delivery(house, site, delivery, now)


def demand(house: House, site: Site, delivery: Delivery, reader: Reader, now: datetime) -> None:
    """Raise Unknown unless the reader registers for the receiver."""
    if not set(keepers(house, site, delivery, now)) & set(reader.positions):
        raise Unknown


def registered(house: House, site: Site, delivery: Delivery, letter: Letter, now: datetime) -> None:
    """The receiver made an incoming letter of the delivery; the status flows back to the sender."""
    delivery.state = "dicatat"
    delivery.registered = path_of(letter)
    delivery.received_at = delivery.received_at or now
    list_delivery(house, site, delivery, now)


def prefilled(site: Site, delivery: Delivery) -> dict[str, Any]:
    """The fields of the incoming letter as far as the delivery knows them."""
    sender = site.office(delivery.sender)
    return {
        "sender": sender.name if sender is not None else "",
        "sender_office": delivery.sender,
        "sender_number": delivery.number,
        "letter_date": delivery.letter_date,
        "subject": delivery.subject,
        "security": delivery.security,
        "urgency": delivery.urgency,
        "addressee": delivery.position or None,
    }


def confirm(
    house: House, site: Site, delivery: Delivery, reader: Reader, now: datetime, *, carrier: str, receiver_name: str
) -> None:
    """Enter in the dispatch log that a courier or a print was handed over; what was entered is not written over.

    Raises NotAllowed unless the reader holds the sender's office administration, for a line that tells somebody
    else already, and for what is not carried by hand: of that the system itself knows how far it came.
    """
    org = org_at(house, site, now)
    may = org.role("tata_usaha", delivery.sender) or org.role("operator_loket", delivery.sender)
    if not set(may) & set(reader.positions):
        raise NotAllowed("Buku ekspedisi diisi tata usaha kantor pengirim.", action="ekspedisi", who=may)
    if delivery.channel not in BY_HAND:
        raise NotAllowed("Kiriman ini tidak diantar dengan tangan; penerimaannya dicatat sistem.", action="ekspedisi")
    note = f"Diantar {carrier}, diterima {receiver_name}"
    if delivery.state not in {"antre", "terkirim"}:
        if delivery.note == note:
            return
        raise NotAllowed(f"Penerimaan ini sudah dicatat: {delivery.note}.", action="ekspedisi")
    delivery.state = "diterima"
    delivery.sent_at = delivery.sent_at or now
    delivery.received_at = now
    delivery.note = note


def of_letter(site: Site, letter: Letter) -> list[Delivery]:
    """The deliveries of a letter in the order of its addressees."""
    return [find(site, each) for each in letter.deliveries]
