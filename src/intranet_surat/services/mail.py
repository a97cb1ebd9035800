"""Builds e-mails from fixed sentences and sends letters by e-mail as a job; the connection is `outbound`'s.

An e-mail is read by every server on its way: of a letter that is not open it tells nothing, neither
subject nor number.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from intranet_surat.errors import Invalid
from intranet_surat.resources.folder import find
from intranet_surat.resources.site import Site
from intranet_surat.services.house import House
from intranet_surat.services.outbound_destinations import OutboundError

DESTINATION = "surel"
OPEN = "B"

LETTER_SUBJECT = "Surat dinas dari {office}"
LETTER_BODY = """Yth. {addressee}

Bersama surel ini kami kirimkan surat dinas dari {office}{about}.
Surat terlampir sebagai berkas PDF. Keasliannya dapat diperiksa dengan memindai kode QR pada surat
atau melalui {url}.

Surel ini dikirim oleh sistem; mohon tidak dibalas.
"""
NOTICE_SUBJECT = "Ada surat untuk jabatan Anda"
NOTICE = "Ada surat untuk jabatan Anda: {title}."
NOTICE_BODY = """{sentence}

Buka {url} untuk membacanya.

Surel ini dikirim oleh sistem; mohon tidak dibalas.
"""

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_LOCAL}@{_LABEL}(\.{_LABEL})+")


def address(text: str) -> str:
    """An e-mail address as it may stand in a header. Raises Invalid for anything else, list or line break."""
    if len(text) > 254 or not _ADDRESS.fullmatch(text):
        raise Invalid({"email": "Tulis satu alamat surel, misalnya tu@contoh.go.id."})
    return text


def message_id(key: str, sender: str) -> str:
    """The Message-ID that belongs to a job's key: the same job sends the same message again."""
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{address(sender).rpartition('@')[2]}>"


def one_line(text: str) -> str:
    """Text for a header: one line, nothing that does not show, at most 200 characters."""
    return "".join(each if each.isprintable() else " " for each in text).strip()[:200]


def letter_message(
    *,
    key: str,
    sender: str,
    to: str,
    office: str,
    addressee: str,
    facts: Mapping[str, str],
    url: str,
    pdf: bytes,
    now: datetime,
) -> EmailMessage:
    """A letter as an attachment. ``facts`` are number, subject and security; only an open letter is named."""
    about = ""
    if facts.get("security") == OPEN:
        about = f", nomor {one_line(facts.get('number', ''))}, hal {one_line(facts.get('subject', ''))}"
    message = _message(key, sender, one_line(office), to, LETTER_SUBJECT.format(office=one_line(office)), now)
    message.set_content(
        LETTER_BODY.format(addressee=one_line(addressee), office=one_line(office), about=about, url=url), cte="8bit"
    )
    message.add_attachment(pdf, maintype="application", subtype="pdf", filename="surat.pdf")
    return message


def notice_message(
    *, key: str, sender: str, to: str, title: str, url: str, now: datetime, sentence: str = NOTICE
) -> EmailMessage:
    """A notice to a position, in a fixed sentence. It never says which letter it is about."""
    message = _message(key, sender, "", to, NOTICE_SUBJECT, now)
    message.set_content(NOTICE_BODY.format(sentence=sentence.format(title=one_line(title)), url=url), cte="8bit")
    return message


def send_letter(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job ``kirim-surel``: mail a delivery's file and note what the server answered.

    Runs at least once; a repetition carries the same Message-ID. Raises Unavailable to be tried again; what
    can never succeed leaves the delivery ``gagal`` with its reason.
    """
    delivery = find(site, args["delivery"])
    if delivery.state != "antre":
        return
    letter = find(site, delivery.letter)
    file = letter.rendition(delivery.rendition) or letter.attachment(delivery.rendition)
    office = site.office(delivery.sender)
    if DESTINATION not in house.outbound or not house.settings.mail_from:
        _give_up(delivery, "Surel belum disiapkan di kantor ini; kirim dengan cara lain.")
        return
    try:
        message = letter_message(
            key=f"{args['delivery']}:{delivery.rendition}",
            sender=house.settings.mail_from,
            to=delivery.email,
            office=office.name if office is not None else house.settings.regency,
            addressee=delivery.addressee,
            facts={"security": delivery.security, "number": delivery.number, "subject": delivery.subject},
            url=f"{house.settings.public_url.rstrip('/')}/v/{letter.token}",
            pdf=file.content(),
            now=now,
        )
        answer = house.outbound.send_mail(DESTINATION, message)
    except Invalid as error:
        _give_up(delivery, next(iter(error.fields.values())))
    except OutboundError as error:
        if not error.permanent:
            raise
        _give_up(delivery, "Server surel menolak alamat atau isi surel ini.")
    else:
        delivery.state = "terkirim"
        delivery.sent_at = now
        delivery.note = f"Diserahkan ke server surel: {answer[:120]}"


def _give_up(delivery: Any, why: str) -> None:
    delivery.state = "gagal"
    delivery.note = why


def _message(key: str, sender: str, name: str, to: str, subject: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"] = Address(display_name=name, addr_spec=address(sender))
    message["To"] = Address(addr_spec=address(to))
    message["Subject"] = subject
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(key, sender)
    message["Auto-Submitted"] = "auto-generated"
    return message
