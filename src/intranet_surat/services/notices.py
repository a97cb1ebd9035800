"""Tells positions that something waits for them: fixed sentences, as jobs written in the transaction of the act."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.errors import Invalid
from intranet_surat.resources.folder import find
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import mail, secrecy
from intranet_surat.services.house import House
from intranet_surat.services.outbound import OutboundError

JOB = "kabar"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice to one person about one position; it names neither the letter nor its sender.

    ``key`` is the same each time the same notice is carried.
    """

    key: str
    position: str
    title: str
    person: str
    email: str
    url: str
    at: datetime


Channel = Callable[[House, Notice], None]


def tell(house: House, site: Site, letter: Letter, positions: Iterable[str], now: datetime) -> None:
    """Write one job for each position; the same state of the letter tells a position once."""
    if not house.notice_channels:
        return
    for position in sorted(set(positions)):
        key = f"{JOB}:{letter.id}:{position}:{len(letter.history)}"
        site.jobs.add(JOB, {"letter": path_of(letter), "position": position, "key": key}, key=key, at=now)


def carry(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: give the notice to those who hold the position now, by every channel. Raises Unavailable.

    Whoever lost the position, or from whom the letter is closed since, is told nothing.
    """
    letter = _letter(site, str(args["letter"]))
    position = site.positions.get(str(args["position"]))
    if letter is None or position is None or not _concerned(house, site, letter, position.id, now):
        return
    for person_id in position.holder_ids(house.today(now)):
        person = site.people.get(person_id)
        if person is None or not person.active:
            continue
        notice = Notice(
            key=f"{args['key']}:{person_id}",
            position=position.id,
            title=position.title,
            person=person_id,
            email=person.email,
            url=f"{house.settings.public_url.rstrip('/')}{path_of(letter)}",
            at=now,
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
    try:
        found = find(site, where)
    except KeyError:
        return None
    return found if isinstance(found, Letter) else None


def _concerned(house: House, site: Site, letter: Letter, position: str, now: datetime) -> bool:
    return position in secrecy.reasons(house, site, letter, now)
