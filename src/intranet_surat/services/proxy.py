"""What a leader wrote on paper and a clerk enters for him: with the scan, to be confirmed or disputed by the leader.

The flow says who may enter which action (``entered_by``); the act itself goes through `services.acting`. Nothing
that counts as a signature or an initial can be entered so. (A regency's aides typed paper dispositions already in
the systems before this one; what was missing is that the leader sees what was typed in his name.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from transaction import TransactionManager

from intranet_surat.errors import Invalid, NotAllowed, Unknown
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Disposition, Item, Letter, PaperAct
from intranet_surat.resources.site import Site
from intranet_surat.services import acting, holds, idempotency, notices, search, secrecy
from intranet_surat.services.acting import ActResult
from intranet_surat.services.carrying_out import record
from intranet_surat.services.depending import depend_on
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, descendants, flow_of, org_at, setting
from intranet_surat.services.reader import Reader
from intranet_surat.services.uploads import Upload
from intranet_surat.workflow import engine
from intranet_surat.workflow.model import Field, Form
from intranet_surat.workflow.own_acts import CONFIRMED, DISPUTED
from intranet_surat.workflow.view import Actor, Offer

WRITTEN, SHEET = "tanggal_kertas", "lembar"
PLACE = "paper"
"""For which place the scan of the paper is taken (`services.uploads`)."""
RIGHT = "benar"
"""The answer of an author who confirms; one who disputes answers `DISPUTED`, as the act is called."""
_USE = "jawaban kertas"

_ASKED = {
    WRITTEN: Field(WRITTEN, "date", "Tanggal tertulis di kertas", required=True),
    SHEET: Field(SHEET, "file", "Pindaian kertasnya", required=True, accept=("pdf", "jpeg", "png")),
}


@dataclass(frozen=True, slots=True)
class PaperOffer:
    """One action that the reader may enter from the paper of ``author``; the offer's form asks for the paper too."""

    author: Actor
    offer: Offer


def offers(house: House, site: Site, item: Item, reader: Reader, now: datetime) -> tuple[PaperOffer, ...]:
    """What the reader may enter now for others, allowed or refused with the sentence."""
    flow, view, asked = flow_of(house, site, item), StoredItem(house, site, item), setting(house, site, item, now)
    found: dict[tuple[str, str], PaperOffer] = {}
    for clerk in reader.actors():
        for author, written in engine.on_paper(flow, view, clerk, asked):
            (offer,) = holds.held(house, site, item, (written,), now)
            fields = {**_ASKED, **(offer.form.fields if offer.form is not None else {})}
            asking = replace(offer, form=Form(offer.form.name if offer.form is not None else "", fields))
            found.setdefault((author.position, offer.action), PaperOffer(author, asking))
    return tuple(found.values())


def enter(
    house: House,
    tm: TransactionManager,
    site: Site,
    item: Item,
    action: str,
    position: str,
    form: Mapping[str, Any],
    reader: Reader,
    now: datetime,
    *,
    key: str,
    version: int | None = None,
    uploads: Sequence[Upload] = (),
) -> ActResult:
    """Enter ``action`` for ``position`` from its holder's paper; ``form`` has the paper's date beside the answers.

    Raises as `acting.act` does, and Invalid without a scan of the paper or with a date that cannot be.
    """
    repeated = acting.already(house, site, item, action, reader, key)
    if repeated is not None:
        return repeated
    secrecy.demand(house, site, item, reader, now)
    mine = [each for each in offers(house, site, item, reader, now) if each.offer.action == action]
    found = next((each for each in mine if each.author.position == position), None)
    if found is None:
        raise NotAllowed("Tindakan ini tidak dapat dicatat dari kertas oleh jabatan Anda sekarang.", action=action)
    if not found.offer.allowed:
        raise NotAllowed(found.offer.says, action=action, who=found.offer.who)
    if wrong := against(house, site, item, found, form, uploads, reader, now):
        raise Invalid(wrong)
    paper = _paper(house, item, form, uploads, now)
    answers = {name: value for name, value in form.items() if name not in _ASKED}
    return acting.act(
        house, tm, site, item, action, answers, reader, now,
        key=key, version=version, uploads=uploads, author=found.author, paper=paper,
    )  # fmt: skip


def against(
    house: House,
    site: Site,
    item: Item,
    found: PaperOffer,
    form: Mapping[str, Any],
    uploads: Sequence[Upload],
    reader: Reader,
    now: datetime,
) -> dict[str, str]:
    """What is wrong with the paper and with the answers that stand on it, a sentence for each field."""
    wrong: dict[str, str] = {}
    answers = {name: value for name, value in form.items() if name not in _ASKED}
    try:
        acting.decide(house, site, item, found.offer.action, answers, reader, now, found.author)
    except Invalid as bad:
        wrong.update(bad.fields)
    try:
        _paper(house, item, form, uploads, now)
    except Invalid as bad:
        wrong.update(bad.fields)
    return wrong


def _paper(
    house: House, item: Item, form: Mapping[str, Any], uploads: Sequence[Upload], now: datetime
) -> dict[str, str]:
    """When the paper was written and which scan shows it. Raises Invalid."""
    problems: dict[str, str] = {}
    sheet = next((each for each in uploads if each.place == PLACE), None)
    if sheet is None:
        problems[SHEET] = "Unggah pindaian kertas yang ditulis pimpinan; tanpa itu tidak dapat dicatat atas namanya."
    try:
        written = date.fromisoformat(str(form.get(WRITTEN) or ""))
    except ValueError:
        problems[WRITTEN] = "Isi tanggal yang tertulis di kertas, misalnya 20/11/2026."
    else:
        first = house.today(item.created_at) if item.created_at is not None else written
        if not first <= written <= house.today(now):
            problems[WRITTEN] = (
                f"Surat dicatat {first:%d/%m/%Y}; disposisinya tidak dapat tertulis sebelum itu, atau sesudah hari ini."
            )
    if problems or sheet is None:
        raise Invalid(problems)
    return {"written": written.isoformat(), "sheet": sheet.sha256}


def unanswered(item: Item) -> tuple[PaperAct, ...]:
    """The acts on this item that were entered from paper and about which their authors have said nothing yet."""
    return tuple(each for each in item.letter.papers if each.item == item.id and not each.answer)


def mine(house: House, site: Site, item: Item, reader: Reader, now: datetime) -> tuple[PaperAct, ...]:
    """Those that this reader must confirm or dispute: he wrote them, and holds the position in his own right.

    Whoever came to the position after the author cannot know what the author wrote.
    """
    org = org_at(house, site, now)
    return tuple(
        each
        for each in unanswered(item)
        if each.position in reader.positions
        and org.capacity(reader.person, each.position) is None
        and item.letter.history[each.seq].person == reader.person
    )


def answer(
    house: House,
    site: Site,
    item: Item,
    seq: int,
    reader: Reader,
    now: datetime,
    *,
    right: bool,
    reason: str = "",
    key: str,
) -> str:
    """The author says whether what was entered for him is what he wrote; answers with the line to tell.

    What was entered stays as it is: an author who disputes it withdraws or corrects it by acts of his own, which
    stand in the history like all others. Raises Unknown, NotAllowed (he said it before, or is not the one asked),
    Invalid without a reason for a dispute.
    """
    letter = item.letter
    use = f"{_USE} {path_of(item)} {seq}"
    if idempotency.seen(site, reader.person, key, use) is not None:
        return "Sudah tercatat."
    secrecy.demand(house, site, item, reader, now)
    found = next((each for each in letter.papers if each.seq == seq and each.item == item.id), None)
    if found is None:
        raise Unknown
    if found.answer:
        raise NotAllowed("Catatan dari kertas ini sudah dijawab.")
    if found not in mine(house, site, item, reader, now):
        raise NotAllowed(f"Hanya {site.positions[found.position].title} sendiri yang dapat menjawabnya.")
    if not right and not reason.strip():
        raise Invalid({"alasan": "Tulis apa yang tidak sesuai dengan kertas Anda."})
    actor = Actor(reader.person, found.position)
    depend_on(house, site, actor, now)
    said = replace(found, answer=RIGHT if right else DISPUTED, reason=reason.strip())
    letter.papers = tuple(said if each is found else each for each in letter.papers)
    record(
        house, site, item, CONFIRMED if right else DISPUTED, item.state, item.state, actor, now,
        entered={"form": {"alasan": said.reason} if said.reason else {}, "facts": {"paper_act": seq + 1}},
    )  # fmt: skip
    search.sync(house, site, letter, now)
    if not right:
        notices.tell(house, site, letter, _concerned(letter, found), now)
    idempotency.remember(site, reader.person, key, path_of(item), now, use)
    return "Tercatat: sesuai kertas Anda." if right else "Bantahan Anda tercatat; pencatat dan penerima diberi tahu."


def _concerned(letter: Letter, paper: PaperAct) -> set[str]:
    """Whom a dispute reaches: who entered it, and the open dispositions of the one in whose name it was."""
    below = descendants(letter)
    held = {each.holder for each in below if isinstance(each, Disposition) and each.giver == paper.position}
    return {paper.clerk, *(position for position in held if position)}
