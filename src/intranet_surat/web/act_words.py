"""What follows an act, told before it is done: what is lost by it, what is set off, and to whom the item goes.

All of it is read from the effects and the target that the flow gives the act; no flow is known here by its name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.services import acting, signatories, signing_attempts, undecided
from intranet_surat.services.effects.register import VOID, register_of
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, flow_of, setting
from intranet_surat.services.reader import Reader
from intranet_surat.web.letter_path import names
from intranet_surat.workflow import engine, tell_acts
from intranet_surat.workflow.model import Effect, Flow
from intranet_surat.workflow.model_words import SEAL_BESIDES
from intranet_surat.workflow.passage import Passage, Undecided
from intranet_surat.workflow.sentences import joined
from intranet_surat.workflow.view import Actor, Setting

TOLD = frozenset({"send", "archive", SEAL_BESIDES})
"""Effects that are told beside what is lost; the others make the letter's file or write its fields."""

UNSURE = (
    "Percobaan terakhir belum pasti hasilnya; tindakan ini mengakhirinya. Bila berkas itu ternyata sudah {signed} pada "
    "penyedia, {sign} itu tidak berlaku untuk surat ini."
)
KNOWN = (
    "Berkas dari percobaan terakhir sudah {signed} dan ada pada kami; dengan tindakan ini {sign} itu tidak berlaku "
    "untuk surat ini."
)
DECIDE = "Berikutnya {who}: melihat bukti percobaan yang belum pasti hasilnya, lalu memutuskan."
NOTHING_LEFT = "Tidak ada lagi yang perlu Anda lakukan."


@dataclass(frozen=True, slots=True)
class Consequences:
    """``lost`` cannot be had back, ``then`` is what happens besides; a sentence each."""

    lost: tuple[str, ...] = ()
    then: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, list[str]]:
        """Plain values for JSON."""
        return {"lost": list(self.lost), "then": list(self.then)}


def build(house: House, site: Any, item: Item, action: str, actor: Actor, now: datetime) -> Consequences:
    """What follows when ``actor`` does ``action`` now, as far as it is known before anything is entered.

    Where the way parts by what is entered, only what is done before it parts is known. Of an act that leaves the item
    where it stands no way is told.
    """
    flow, view, asked = flow_of(house, site, item), StoredItem(house, site, item), setting(house, site, item, now)
    try:
        reached = engine.foreseen(flow, view, action, actor, asked)
        if reached is None:
            return Consequences()  # the state does not know it any more
        steps = reached.steps
    except NotAllowed:
        return Consequences()
    except Undecided as parting:
        reached, steps = None, parting.steps
    effects = [effect for step in steps for effect in step.effects]
    stays = reached is not None and reached.item.entered == view.entered
    # Whether it is signed again is not promised where it may end.
    ends = reached is None or reached.state.final
    lost: tuple[str, ...] = ()
    if isinstance(item, Letter) and not _signs(flow, item, action):
        lost = tuple(_lost(site, item, flow, effects, ends=ends, stays=stays))
    told = [tell_acts.effect(each) for each in effects if each.name in TOLD]
    goes = () if stays else (_goes(flow, view, reached, asked),)
    return Consequences(lost, (*(f"{each[:1].upper()}{each[1:]}." for each in told), *goes))


def foretold(house: House, site: Any, item: Item, action: str, reader: Reader, now: datetime) -> Consequences:
    """The same for the reader, in the position that comes nearest to the action."""
    actor, _offer = acting.nearest(house, site, item, reader, now)[action]
    return build(house, site, item, action, actor, now)


def _signs(flow: Flow, letter: Letter, action: str) -> bool:
    """Whether the act is the signature that the file was prepared for: then nothing of it is lost."""
    sign = flow.states[letter.state].sign
    return sign is not None and sign.act == action


def _lost(site: Any, letter: Letter, flow: Flow, effects: list[Effect], *, ends: bool, stays: bool) -> Iterator[str]:
    """The number that is void, the signatures that count no more, the file that was made for nothing."""
    register = register_of(site, letter)
    voids = any((each.name, each.value) == ("number", VOID) for each in effects)
    if voids and register is not None and not register.used(letter.id):
        again = "" if ends else " Bila surat ini disiapkan lagi, nomornya baru."
        yield f"Nomor {letter.fields.get('number')} batal dan tidak dipakai lagi.{again}"
    if stays:
        return  # the file is still that of its passage
    doubt = undecided.of(letter)
    if doubt is not None:
        signed, made = ("disegel", "segel") if doubt.sealed else ("ditandatangani", "tanda tangan")
        kept = signing_attempts.evidence(letter, doubt)
        yield (UNSURE if kept is None else KNOWN).format(signed=signed, sign=made)
    begun = signatories.begun(letter)
    if begun:
        signed = joined([signatories.named(each) for each in signatories.of(letter)[:begun]])
        again = "" if ends else " Berkas yang baru ditandatangani lagi dari awal, oleh semua pihak."
        yield f"Tanda tangan yang sudah diberikan tidak berlaku lagi: {signed}.{again}"
    elif any(each.gives_up for each in effects) and letter.fields.get("signed"):
        number = letter.fields.get("number")
        kept = f" Nomor {number} tetap milik surat ini." if number else ""
        yield f"Naskahnya dibuka lagi, jadi surat ini tidak bertanda tangan lagi dan harus ditandatangani ulang.{kept}"
    elif flow.states[letter.state].sign is not None and letter.frozen:
        yield "Berkas yang sudah disiapkan tidak dipakai lagi."


def _goes(flow: Flow, item: StoredItem, reached: Passage | None, asked: Setting) -> str:
    """Where it goes, and who is waited for there; back, when it stood there before. None: it is not known yet."""
    what = "Surat ini" if item.track is None else "Disposisi ini"
    if reached is None:
        return f"Ke mana {what.lower()} sesudah itu bergantung pada isian Anda."
    title = reached.state.title
    if reached.state.final:
        return f"{what} berakhir: {title}."
    been = {act.state_to for act in item.acts if act.item == item.id}
    back = "kembali ke" if reached.state.name in been else "menuju"
    who = names([asked.org.title(each) for each in engine.awaited(flow, reached.item, asked)])
    return f"{what} {back} keadaan “{title}”{f', dan menunggu {who}' if who else ''}."


def next_step(house: House, site: Any, letter: Letter, reader: Reader, now: datetime) -> str:
    """Who goes on with the letter as it stands, and with what; and whether the reader has anything left to do."""
    flow, view, asked = flow_of(house, site, letter), StoredItem(house, site, letter), setting(house, site, letter, now)
    waits = engine.awaited(flow, view, asked)
    doubt = undecided.of(letter)
    if doubt is not None and doubt.open:
        return undecided.waits(house, site, letter, doubt, now)
    if doubt is not None:
        return DECIDE.format(who=names([asked.org.title(each) for each in waits]) or asked.org.title(doubt.position))
    mine = [each for each in waits if each in reader.positions]
    acts = joined((f"“{each}”" for each in _acts(flow, view, (mine or [*waits])[:1], asked)), "atau")
    if mine:
        return f"Berikutnya Anda sendiri: {acts}." if acts else ""
    who = names([asked.org.title(each) for each in waits])
    return f"Berikutnya {who}{f': {acts}' if acts else ''}. {NOTHING_LEFT}" if who else NOTHING_LEFT


def _acts(flow: Flow, item: StoredItem, positions: list[str], asked: Setting) -> list[str]:
    """What who holds a position may do with the item now, sending it back aside."""
    actors = [Actor(person, each) for each in positions for person in asked.org.persons(each)[:1]]
    offers = [offer for actor in actors for offer in engine.offers(flow, item, actor, asked)]
    return [each.title for each in offers if each.allowed and each.kind != "reject"]
