"""What an attempt to sign keeps while nobody knows how it ended: the file that was sent, and the number in it.

A person decides first (`services.signing_doubts`). Nothing that would change file or number is offered, explained as
possible or done meanwhile; only the signatory may refuse to sign, and his act then ends the attempt as given up.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.attempts import Decision, SignAttempt
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.reads import still
from intranet_surat.resources.site import Site
from intranet_surat.services import signing_attempts
from intranet_surat.services.house import House
from intranet_surat.services.itemview import flow_of, state_of
from intranet_surat.workflow.chart import Deed, chart
from intranet_surat.workflow.view import Actor, Offer, Outcome, Refusal, Remedy

CHANGING = frozenset({"number", "pdf", "freeze", "seal", "signed"})
"""Effects that change the letter's file or its number."""
THEN = "Tanyakan lagi sesudah percobaan itu jelas hasilnya."
GONE = (
    "Berkas yang dikirim tidak dipakai lagi sejak tindakan {by}. Apakah sempat ditandatangani pada penyedia tidak "
    "diketahui; bila ya, tanda tangan itu tidak berlaku untuk surat ini."
)
SIGNED = (
    "Berkas yang dikirim itu memang tertanda tangani, tetapi surat ini tidak memakainya lagi: tanda tangannya tidak "
    "berlaku untuk surat ini. Berkas bertanda tangan itu disimpan di sini sebagai bukti."
)


def of(letter: Letter) -> SignAttempt | None:
    """The attempt with the letter's file of now of which nobody knows yet how it ends; None when there is none."""
    if not letter.frozen:
        return None  # the list of attempts is not even read
    found = (each for each in reversed(letter.attempts) if each.undecided and each.sha256 == letter.frozen)
    return next(found, None)


def against(house: House, site: Site, item: Item, action: str) -> Refusal | None:
    """Why an action of the present state must wait for such an attempt; None when nothing holds it back."""
    attempt = of(item) if isinstance(item, Letter) else None
    if attempt is None:
        return None
    deeds = chart(flow_of(house, site, item), item.track).deeds(item.state)
    deed = next((each for each in deeds if each.action.name == action), None)
    if deed is None or not _waits(deed, attempt):
        return None
    return Refusal(signing_attempts.waits(site, attempt), Remedy(then=THEN))


def demand(house: House, site: Site, item: Item, action: str) -> None:
    """Raise NotAllowed when the action must wait; what it rests on is still so when the act is stored."""
    if not isinstance(item, Letter):
        return
    refusal = against(house, site, item, action)
    if refusal is not None:
        raise NotAllowed(refusal.says, action=action, remedy=refusal.remedy)
    if item.frozen and state_of(house, site, item).sign is not None:
        still(item.attempts)


def held(house: House, site: Site, item: Item, offers: Iterable[Offer]) -> tuple[Offer, ...]:
    """The offers, with those refused that must wait."""
    return tuple(_offer(each, against(house, site, item, each.action)) for each in offers)


def give_up(site: Site, item: Item, outcome: Outcome, actor: Actor, now: datetime) -> None:
    """The act that was just written let go of the file: what is undecided about it ends, and says by whom."""
    if not isinstance(item, Letter):
        return
    for each in item.attempts:
        if each.undecided and (outcome.entered or each.sha256 != item.frozen):
            says = GONE.format(by=site.positions[actor.position].title)
            signing_attempts.decide(each, Decision.GIVEN_UP, says, now, actor.person)
            signing_attempts.list_doubts(site, item, each.person)


def gone(letter: Letter, attempt: SignAttempt) -> bool:
    """Whether nobody decided how the attempt ended, but its file is not the letter's any more."""
    if attempt.decision == Decision.GIVEN_UP:
        return True
    return attempt.state == "unknown" and letter.frozen != attempt.sha256


def _offer(offer: Offer, refusal: Refusal | None) -> Offer:
    if refusal is None or not offer.allowed:
        return offer
    return replace(offer, allowed=False, says=refusal.says, remedy=refusal.remedy)


def _waits(deed: Deed, attempt: SignAttempt) -> bool:
    if deed.kind == "reject":
        return attempt.open
    if deed.kind in {"prepare", "sign"} or deed.action.to is not None:
        return True
    return any(each.gives_up or each.name in CHANGING for each in deed.action.do)
