"""Tells positions that something waits for them: fixed sentences, as jobs written in the transaction of the act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.errors import Invalid
from intranet_surat.resources.folder import find_if_there
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.people import Person, Position
from intranet_surat.resources.site import Site
from intranet_surat.services import mail, secrecy
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.outbound_destinations import OutboundError
from intranet_surat.services.reader import Reader

JOB = "kabar"
WAITS, REMINDER, ESCALATION, NOBODY = "menunggu", "pengingat", "eskalasi", "tanpa-penerima"
UNATTENDED, POST, EVIDENCE, KEEPING = "tanpa-wakil", "jabatan", "bukti", "bukti-kabupaten"
AWAY, BACK, REPORT = "layanan-padam", "layanan-kembali", "laporan"
PROVIDER, GIVEN_UP = "penyedia-menolak", "berkas-gugur"
SEAL, SEAL_WAITS = "segel-gagal", "segel-menunggu"
WITHOUT_LETTER = frozenset({NOBODY, UNATTENDED})
"""Notices to those who look after posts, and need not know the letter."""
SENTENCES: Mapping[str, str] = {
    WAITS: mail.NOTICE,
    REMINDER: "Pengingat: batas sebuah surat untuk jabatan Anda ({title}) sudah dekat atau lewat.",
    ESCALATION: "Sebuah surat melewati batasnya dan diberitahukan kepada jabatan Anda: {title}.",
    GIVEN_UP: "Sebuah berkas yang sudah ditandatangani jabatan Anda tidak dipakai lagi, jadi tanda tangannya tidak "
    "berlaku. Lihat pada suratnya oleh siapa dan mengapa: {title}.",
    NOBODY: "Pengingat sebuah surat di kantor Anda tidak punya penerima. Periksa jabatan dan peran: {title}.",
    UNATTENDED: "Sebuah surat menunggu jabatan yang kosong atau berhalangan tanpa wakil. Tetapkan wakilnya: {title}.",
    EVIDENCE: "Bukti jangka panjang surat di kantor Anda belum dapat dibuat atau diperbarui. "
    "Pengelola bukti sudah diberi tahu juga: {title}.",
    KEEPING: "Bukti jangka panjang atau jangkar belum dapat dibuat atau diperbarui. Lihat halaman Bukti: {title}.",
    AWAY: "Penyedia tanda tangan tidak menjawab dan surat di kantor Anda menunggu tanda tangan: {title}.",
    SEAL: "Segel elektronik sebuah surat di kantor Anda gagal atau belum pasti. Lihat buktinya dan putuskan: {title}.",
    SEAL_WAITS: "Segel elektronik sebuah surat menunggu: penyedianya tidak menjawab. Dicoba lagi sendiri: {title}.",
    BACK: "Penyedia tanda tangan sudah menjawab lagi. Lihat surat yang menunggu jabatan Anda: {title}.",
    PROVIDER: "Penyedia tanda tangan menolak aplikasi ini, jadi tidak ada yang dapat menandatangani. "
    "Periksa setelan dan kredensialnya: {title}.",
    REPORT: "Seseorang melaporkan surat yang mencurigakan. Lihat halaman Laporan: {title}.",
    POST: "Ada perubahan tentang jabatan Anda atau wakilnya: {title}.",
}
"""What a notice is about, and its sentence; none of them tells which letter, nor what is in it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to one person about one position; it names neither the letter nor its sender.

    ``key`` is the same each time the same notice is carried; ``about`` is one of `SENTENCES`.
    """

    key: str
    position: str
    title: str
    person: str
    email: str
    url: str
    at: datetime
    about: str = WAITS


Channel = Callable[[House, Notice], None]


def tell(house: House, site: Site, letter: Letter, positions: Iterable[str], now: datetime, about: str = WAITS) -> None:
    """Write one job for each position; the same state of the letter tells a position once."""
    if not house.notice_channels:
        return
    for position in sorted(set(positions)):
        key = f"{JOB}:{letter.id}:{position}:{len(letter.history)}"
        args = {"letter": path_of(letter), "position": position, "key": key, "about": about}
        site.jobs.add(JOB, args, key=key, at=now)


def carry(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: give the notice to those who hold the position now, by every channel. Raises Unavailable.

    Whoever lost the position, or from whom the letter is closed since, is told nothing; an administrator is told
    that a reminder reaches nobody without being led to the letter.
    """
    about = str(args.get("about", WAITS))
    letter = _letter(site, str(args["letter"]))
    position = site.positions.get(str(args["position"]))
    if letter is None or position is None:
        return
    for person_id in org_at(house, site, now).persons(position.id):
        person = site.people.get(person_id)
        reader = Reader(person_id, (position.id,), position.id)
        if person is None or not person.active:
            continue
        if about not in WITHOUT_LETTER and not secrecy.may_know(house, site, letter, reader, now):
            continue
        where = "/" if about in WITHOUT_LETTER else path_of(letter)
        give(house, position, person, str(args["key"]), where, about, now)


def give(house: House, position: Position, person: Person, key: str, where: str, about: str, now: datetime) -> None:
    """Tell a person for a position, by every channel, to look at ``where``. Raises Unavailable."""
    notice = Notice(
        key=f"{key}:{person.id}",
        position=position.id,
        title=position.title,
        person=person.id,
        email=person.email,
        url=f"{house.settings.public_url.rstrip('/')}{where}",
        at=now,
        about=about,
    )
    for channel in house.notice_channels.values():
        channel(house, notice)


def by_mail(house: House, notice: Notice) -> None:
    """The channel ``surel``: one mail, when there is a mail server, a sender and an address. Raises Unavailable."""
    if mail.DESTINATION not in house.outbound or not house.settings.mail_from or not notice.email:
        return
    try:
        message = mail.notice_message(
            key=notice.key,
            sender=house.settings.mail_from,
            to=notice.email,
            title=notice.title,
            url=notice.url,
            now=notice.at,
            sentence=SENTENCES[notice.about],
        )
        house.outbound.send_mail(mail.DESTINATION, message)
    except Invalid:
        return
    except OutboundError as error:
        # A mailbox that does not exist any more must not keep the job, and so the other holders, waiting.
        if not error.permanent:
            raise


SHIPPED: Mapping[str, Channel] = {"surel": by_mail}


def _letter(site: Site, where: str) -> Letter | None:
    found = find_if_there(site, where)
    return found if isinstance(found, Letter) else None
