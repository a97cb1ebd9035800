"""What an attempt to sign keeps while nobody knows how it ended: the file that was sent, and the number in it.

A person decides first (`services.signing_doubts`). Nothing that would change file or number is offered, explained as
possible or done meanwhile; only the signatory may refuse to sign, and his act then ends the attempt as given up.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.attempts import Decision, SignAttempt
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.reads import still
from intranet_surat.resources.site import Site
from intranet_surat.services import signing_attempts
from intranet_surat.services.house import House
from intranet_surat.services.itemview import flow_of, org_at, state_of
from intranet_surat.workflow.chart import Deed, chart
from intranet_surat.workflow.view import Actor, Outcome, Refusal, Remedy

CHANGING = frozenset({"number", "pdf", "freeze", "seal", "signed", "set"})
"""Effects that change the letter's file, its number, or what stands in it."""
RUNNING = "{act} surat ini sedang berjalan. Tunggu sebentar, lalu muat ulang halaman."
STUCK = (
    "{act} yang dimulai lebih dari 10 menit lalu belum tercatat selesai. Surat dan nomornya aman. Beri tahu DKISP: "
    "pekerja latar belakang (surat worker) mungkin berhenti."
)
UNDECIDED = (
    "Hasil {act} sebelumnya belum pasti. Berkas dan nomornya tetap sampai {who} melihat bukti percobaan itu "
    "dan memutuskan; jangan {again} ulang."
)
HELD = (
    "Berkas dari {act} sebelumnya sudah ada pada kami. Berkas dan nomornya tetap sampai {who} memutuskan apakah berkas "
    "itu dipakai; jangan {again} ulang."
)
NOBODY = "pejabat {post} yang baru, atau Plt./Plh.-nya,"
ENDED = "attempts_ended"
"""Among the facts of an act: the attempts that it ended, of which nobody had said how they ended."""
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


def against(house: House, site: Site, item: Item, action: str, now: datetime) -> Refusal | None:
    """Why an action of the present state must wait for such an attempt; None when nothing holds it back.

    A disposition waits with what it would write into the letter.
    """
    attempt = of(item.letter)
    if attempt is None:
        return None
    known = chart(flow_of(house, site, item), item.track)
    deed = next((each for each in known.deeds(item.state) if each.action.name == action), None)
    if deed is None:
        return None
    if item is item.letter:
        must = _waits(deed, attempt)
    else:
        target = known.states.get(deed.action.to or "")
        effects = (*deed.action.do, *(target.entering(item.track) if target is not None else ()))
        must = any(each.name in CHANGING for each in effects if each.name != "set")
    return Refusal(waits(house, site, item.letter, attempt, now), Remedy(then=THEN)) if must else None


def demand(house: House, site: Site, item: Item, action: str, now: datetime) -> None:
    """Raise NotAllowed when the action must wait; what it rests on is still so when the act is stored."""
    refusal = against(house, site, item, action, now)
    if refusal is not None:
        raise NotAllowed(refusal.says, action=action, remedy=refusal.remedy)
    letter = item.letter
    if letter.frozen and state_of(house, site, letter).sign is not None:
        still(letter.attempts)


def waits(house: House, site: Site, letter: Letter, attempt: SignAttempt, now: datetime, who: str = "") -> str:
    """Why what depends on an undecided attempt must wait, and who decides it: ``who``, else as `deciders` says."""
    act, again = ("Penyegelan", "segel") if attempt.sealed else ("Penandatanganan", "tanda tangani")
    if attempt.open:
        late = attempt.started is None or attempt.started + signing_attempts.STALE < now
        return (STUCK if late else RUNNING).format(act=act)
    says = HELD if signing_attempts.evidence(letter, attempt) is not None else UNDECIDED
    return says.format(act=act.lower(), who=who or deciders(house, site, attempt, now), again=again)


def deciders(house: House, site: Site, attempt: SignAttempt, now: datetime) -> str:
    """Who may say how an attempt ended: its person, while he has its post or acts for it, else who has it now."""
    org = org_at(house, site, now)
    post = org.now(attempt.position)
    here = org.persons(post)
    if attempt.person in here:
        return str(site.people[attempt.person].name)
    if here:
        return f"{org.title(post)} ({site.people[here[0]].name})"
    return NOBODY.format(post=org.title(post))


def give_up(site: Site, item: Item, outcome: Outcome, actor: Actor, now: datetime, facts: dict[str, Any]) -> None:
    """The act that is being written let go of the file: what is undecided about it ends, and the facts name it."""
    ended = []
    for each in item.attempts if isinstance(item, Letter) else ():
        if each.undecided and (outcome.entered or each.sha256 != item.frozen):
            known = signing_attempts.evidence(item, each) is not None
            says = SIGNED if known else GONE.format(by=site.positions[actor.position].title)
            signing_attempts.decide(each, Decision.GIVEN_UP, says, now, actor.person)
            ended.append(each.id)
    if ended:
        facts[ENDED] = ended
        signing_attempts.list_doubts(site, item)


def past(letter: Letter, attempt: SignAttempt) -> bool:
    """Whether nothing that comes of the attempt is taken into the letter any more: it is evidence only."""
    return attempt.given_up or (attempt.state == "unknown" and letter.frozen != attempt.sha256)


def _waits(deed: Deed, attempt: SignAttempt) -> bool:
    if deed.kind == "reject":
        return attempt.open
    if deed.kind in {"prepare", "sign"} or deed.action.to is not None:
        return True
    return any(each.gives_up or each.name in CHANGING for each in deed.action.do)
