"""What is to be signed, for whom and by which act, read from the letter as plain values before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from intranet_surat.errors import NotAllowed, Unknown
from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import acting, seals, secrecy, signatories
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, flow_of, setting
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.reader import Reader
from intranet_surat.services.signers import signer
from intranet_surat.services.verifying_facts import SEALED
from intranet_surat.workflow import turns
from intranet_surat.workflow.engine import SIGNED

STAYS = (
    "Berkasnya sudah ditandatangani sebagian dan tidak dapat disiapkan lagi: tunggu pejabat itu, atau kembalikan "
    "dengan alasan, agar dibuat berkas baru."
)
AGAIN = "Siapkan lagi berkasnya, lalu tanda tangani."
ANEW = "Kembalikan dengan alasan, agar dibuat berkas baru."
NOT_KEPT = "Berkas yang dikirim waktu itu tidak ada lagi; hubungi DKISP."
OTHERS = "Menurut alur, yang masih harus menandatangani adalah {flow}; berkas ini disiapkan untuk {page}. {then}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a form asks for: the letter at ``path`` signed for its reader; ``key`` is the form's own.

    ``shown`` is the hash of the file on the page: other bytes are never signed.
    """

    path: str
    reader: Reader
    shown: str
    key: str


@dataclass(frozen=True, slots=True)
class Order:
    """What goes to the provider, as plain values: no stored object leaves its transaction.

    ``sealed`` has the agency's seal put on, and ``signer`` is the agency.
    """

    attempt: str
    action: str
    pdf: bytes
    signer: Signer
    position: str
    title: str
    office: str
    reason: str
    location: str
    locks: frozenset[str]
    field: str = ""
    sealed: bool = False


def order(
    house: House,
    site: Site,
    letter: Letter,
    path: str,
    attempt: SignAttempt,
    action: str,
    position: str,
    reader: Reader,
) -> Order:
    """The order for an attempt, about the file that was sent. ``action`` is empty when the letter uses it no more.

    Raises Unavailable when the signatory's own data do not open, NotAllowed for a seal.
    """
    sent = letter.rendition(attempt.sha256)
    if sent is None:
        raise NotAllowed(NOT_KEPT, action="sign")
    person, sealed = site.people[reader.person], attempt.sealed
    post = site.positions[position]
    office = site.office(post.office)
    number = str(letter.fields.get("number") or "")
    return Order(
        attempt=attempt.id,
        action=action,
        pdf=sent.content(),
        signer=seals.demand(house, letter).sealer if sealed else signer(house, person),
        position=position,
        title=post.title,
        office=office.name if office is not None else "",
        reason=_reason(number, sealed=sealed),
        location=house.settings.regency,
        locks=frozenset({lock(path), *([letter.register] if letter.register else [])}),
        field=signatories.next_on(sent).get("field", ""),
        sealed=sealed,
    )


def _reason(number: str, *, sealed: bool) -> str:
    """What the file will say of the signature, or that it is a seal."""
    if sealed:
        return f"{SEALED}, surat nomor {number}" if number else SEALED
    return f"Surat nomor {number}" if number else "Penandatanganan surat dinas"


def letter_at(house: House, site: Site, path: str, reader: Reader, now: datetime) -> Letter:
    """The letter at ``path``; raises Unknown, also for whoever may not know of it."""
    try:
        letter = find(site, path)
    except KeyError:
        raise Unknown from None
    if not isinstance(letter, Letter):
        raise Unknown
    secrecy.demand(house, site, letter, reader, now)
    return letter


def signatory(house: House, site: Site, letter: Letter, reader: Reader, now: datetime) -> tuple[str, str]:
    """The state's sign act and the reader's position that may do it now. Raises NotAllowed with the flow's sentence."""
    state = flow_of(house, site, letter).states.get(letter.state)
    if state is None or state.sign is None:
        raise NotAllowed("Surat ini tidak sedang menunggu tanda tangan. Muat ulang halaman.", action="sign")
    actor, _ = acting.decide(house, site, letter, state.sign.act, {SIGNED: True}, reader, now)
    return state.sign.act, actor.position


def printed_for(site: Site, letter: Letter, reader: Reader) -> None:
    """Raise NotAllowed when the frozen file bears another name than the reader's: Plh. and holder print differently."""
    frozen = letter.rendition(str(letter.frozen))
    printed = signatories.awaited(letter) or (frozen.signatory if frozen is not None else {})
    if printed.get("person") and printed["person"] != reader.person and printed["person"] in site.people:
        name = site.people[printed["person"]].name
        then = STAYS if signatories.begun(letter) else AGAIN
        says = f"Berkas ini tercetak untuk {name} sebagai {printed['title']}. {then}"
        raise NotAllowed(says, action="sign")


def turns_as_prepared(house: House, site: Site, letter: Letter, now: datetime) -> None:
    """Raise NotAllowed when others are to sign now than those for whom the rest of the frozen file was prepared.

    A post that was closed since, or a flow that names others, would leave a field for ever empty, or nobody to fill it.
    """
    flow, places = flow_of(house, site, letter), signatories.of(letter)
    sign = flow.states[letter.state].sign
    if sign is None or not (sign.in_turn or places):
        return
    begun, asked = signatories.begun(letter), setting(house, site, letter, now)
    left = turns.waiting(flow, StoredItem(house, site, letter), sign, asked)
    if left != tuple(each["position"] for each in places[begun:]):
        told = ", ".join(map(asked.org.title, left)) or "tidak ada"
        page = ", ".join(each["title"] for each in places[begun:]) or "satu orang saja"
        raise NotAllowed(OTHERS.format(flow=told, page=page, then=ANEW if begun else AGAIN), action="sign")


def lock(path: str) -> str:
    """The lock that every step of a letter's signature holds."""
    return f"tanda-tangan{path}"
