"""Lists and search: rows written in the transaction of the act, one small set for each position.

A list never wakes a letter: what a row shows is copied into it. Who gets a row, and how much it shows, is
decided by `services.secrecy` alone, so that lists, counts and pages cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

from intranet_surat.resources.delivery import Delivery
from intranet_surat.resources.flows import ended
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Disposition, Item, Letter
from intranet_surat.resources.lists import NOTHING, Closed, PositionList, Row, level_trays, sign_trays, words_of
from intranet_surat.resources.site import Site
from intranet_surat.services import given_up, secrecy
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, descendants, flow_of, setting, state_of, turn_since
from intranet_surat.services.reader import Reader
from intranet_surat.workflow import cast, engine, turns
from intranet_surat.workflow.model import Flow, State
from intranet_surat.workflow.model_words import SEAL
from intranet_surat.workflow.own_acts import DISPUTED
from intranet_surat.workflow.view import Setting

CONFIRM = "Periksa catatan dari kertas"
"""What an author is expected to do when a clerk entered something in his name."""


MOST_RECOGNISED = 300
"""Words of a scan that a row is found by."""


def words(*texts: object) -> tuple[str, ...]:
    """The words of texts as rows keep and find them; what is empty counts for nothing."""
    return words_of(*(str(text) for text in texts if text))


def sync(house: House, site: Site, letter: Letter, now: datetime) -> set[str]:
    """Write the rows of a letter and its dispositions for every position concerned; drop those no longer due.

    Returns the positions for which something waits that did not wait for them before.
    """
    why = secrecy.reasons(house, site, letter, now)
    newly: set[str] = set()
    for item in (letter, *descendants(letter)):
        wanted, waiting = rows(house, site, item, why, now)
        for position in item.listed - wanted.keys():
            site.lists[position].drop(item.id)
        for position, row in wanted.items():
            mine = site.lists.get(position)
            if mine is None:
                mine = site.lists[position] = PositionList()
            before = mine.get(item.id)
            if position in waiting and (before is None or "waiting" not in before.trays):
                newly.add(position)
            mine.put(row)
        if item.listed != frozenset(wanted):
            item.listed = frozenset(wanted)
    return newly


def rows(
    house: House, site: Site, item: Item, why: dict[str, dict[str, set[str]]], now: datetime
) -> tuple[dict[str, Row], frozenset[str]]:
    """The rows that an item owes to positions, and the positions for which it waits."""
    flow = flow_of(house, site, item)
    view = StoredItem(house, site, item)
    asked = setting(house, site, item, now)
    state = state_of(house, site, item)
    papers = {each.position for each in item.letter.papers if each.item == item.id and not each.answer}
    waiting = frozenset(engine.waits_for(flow, view, asked)) | papers
    signers = frozenset(signing(state, flow, view, asked))
    against = disputed(item)
    came = turn_since(house, site, item)
    lost = given_up.signers(house, site, item, now) if not state.final else frozenset()
    following = engine.left_open(flow, view, asked)
    own = engine.own_next(flow, view, asked, waiting, following)
    level = item.letter.fields.get("security", "SR")
    holder, giver = asked.org.now(item.holder or ""), asked.org.now(item.giver or "")
    found = {}
    for position, items in why.items():
        reasons = items.get(item.id, set())
        if isinstance(item, Disposition):
            # The letter's own row serves all others: a disposition is a row for its holder, and for the
            # giver as long as he waits for it.
            if position == holder:
                reasons = reasons | {"holder"}
            elif not (position == giver and not state.final):
                continue
            else:
                reasons = reasons | {"act"}
        seen = secrecy.cut(level, reasons)
        if seen == "none":
            continue
        gave = isinstance(item, Disposition) and position == giver
        trays = trays_of(item, state, position, waiting, signers, reasons, gave=gave)
        trays |= {"disputed"} if position in against else set()
        trays |= {"given-up"} if position in lost else set()
        usual = own.get(position) if position in waiting else next(iter(following), None)
        # Which act is next may follow from what is in the letter: who reads no more than a line is not told.
        told = usual.action.title if usual is not None and seen == "full" else ""
        expected = CONFIRM if position in papers else told
        made = row(site, item, state, seen, trays, now, expected, gave=gave and position != holder)
        signs = "sign" in trays and seen == "full"
        if signs:
            made = replace(made, **signed_by(state, flow, view, asked), since=came or made.since)
            made = replace(made, trays=made.trays | sign_trays(seals=made.seals))
        found[position] = made
    return found, waiting & found.keys()


def disputed(item: Item) -> set[str]:
    """The positions that a dispute of an act entered from paper concerns, as long as what came of the act is open.

    Of the item it was entered on: who entered it. Of a disposition that came of it: who holds it.
    """
    found: set[str] = set()
    for paper in item.letter.papers if not ended(item) else ():
        if paper.answer != DISPUTED:
            continue
        made = set(item.letter.history.entered(paper.seq).get("items", ()))
        if item.id in made and item.holder:
            found.add(item.holder)
        children = [each for each in item.dispositions() if each.id in made]
        if item.id == paper.item and (not made or any(not ended(each) for each in children)):
            found.add(paper.clerk)
    return found


def signing(state: State, flow: Flow, view: StoredItem, asked: Setting) -> Iterable[str]:
    """The positions that the state expects a signature of."""
    return cast.of_all(state.sign.by, flow, view, asked) if state.sign is not None else ()


def signed_by(state: State, flow: Flow, view: StoredItem, asked: Setting) -> dict[str, Any]:
    """What the row of who is to sign keeps besides: who has signed the same file, or that a seal is waited for."""
    turn = turns.now(flow, view, state.sign, asked)
    if turn is None:
        return {"seals": state.sign is not None and state.sign.method == SEAL}
    return {"signed": turn.signed, "place": turn.place(turn.awaited), "of": len(turn.every)}


def trays_of(
    item: Item,
    state: State,
    position: str,
    waiting: Iterable[str],
    signers: Iterable[str],
    reasons: set[str],
    *,
    gave: bool,
) -> frozenset[str]:
    """The trays in which the row stands for the position."""
    fields = item.letter.fields
    trays = set()
    if position in waiting:
        trays.add("waiting")
        trays.add("read" if position in item.reads else "unread")
        trays.add("internal" if fields.get("sender_office") or item.letter.direction == "keluar" else "external")
        if position in signers:
            trays |= sign_trays(seals=False)
        if fields.get("urgency") == "sangat-segera":
            trays.add("urgent")
        if fields.get("security") in secrecy.SECRET:
            trays.add("secret")
    if "cc" in reasons:
        trays.add("cc")
    if gave and not state.final:
        trays.add("asked")
    return frozenset(trays) | level_trays(str(fields.get("security", "B")))


def row(
    site: Site,
    item: Item,
    state: State,
    seen: secrecy.Sight,
    trays: frozenset[str],
    now: datetime,
    expected: str,
    *,
    gave: bool,
) -> Row:
    """What the lists show of an item to a position that sees it ``full`` or as a masked ``line``.

    ``expected`` is what the position is waited for to do, ``gave`` whether it waits for what it gave to another.
    """
    letter = item.letter
    fields = letter.fields
    full = seen == "full"
    number = str(fields.get("number") or fields.get("sender_number") or "")
    agenda = int(item.fields.get("agenda_number") or fields.get("agenda_number") or 0)
    # What the giver waits for is told by who has it, not by who wrote the letter.
    sender = site.positions[item.holder].title if gave and item.holder else sender_of(site, letter)
    subject = secrecy.subject(letter, seen)
    return Row(
        item=item.id,
        letter=letter.id,
        path=path_of(item),
        direction="" if gave else letter.direction,
        kind=letter.kind,
        office=item.office,
        year=int(path_of(letter).split("/")[-2]),
        number=number if full else "",
        order=agenda,
        sender=sender if full or gave else "",
        subject=subject,
        state=item.state,
        state_title=state.title,
        state_class=state_class(state),
        due=item.due if item.paused_since is None else None,
        paused=item.paused_since is not None,
        since=item.state_since,
        urgency=fields.get("urgency", "biasa"),
        security=fields.get("security", "B"),
        unread="unread" in trays,
        trays=trays,
        act_title=expected,
        masked=not full,
        at=item.created_at or now,
        words=words(number, agenda or "", sender, subject, *recognised(letter)) if full else words(agenda or ""),
    )


def recognised(letter: Letter) -> list[str]:
    """The different words recognised on the newest scan of the signed paper, so many that a row stays small."""
    if not letter.fields.get("print_code"):
        return []
    scans = [each for each in letter.attachments if each.place == "wet-scan"]
    found = dict.fromkeys(each for each in (scans[-1].words.split() if scans else ()) if len(each) > 3)
    return list(found)[:MOST_RECOGNISED]


def delivery_row(site: Site, delivery: Delivery, now: datetime) -> Row:
    """The row of a delivery that waits to be registered; a secret one shows only that it came."""
    secret = delivery.security in secrecy.SECRET
    sender = site.office(delivery.sender)
    name = (sender.short or sender.name) if sender is not None else ""
    trays = {"waiting", "internal", "unread" if delivery.state == "terkirim" else "read"}
    trays |= {"urgent"} if delivery.urgency == "sangat-segera" else set()
    trays |= {"secret"} if secret else set()
    subject = secrecy.MASK if secret else delivery.subject
    return Row(
        item=delivery.id,
        letter=delivery.id,
        path=path_of(delivery),
        direction="kiriman",
        kind="kiriman",
        office=delivery.receiver,
        year=int(path_of(delivery).split("/")[-2]),
        number="" if secret else delivery.number,
        sender=name,
        subject=subject,
        state=delivery.state,
        state_title="Kiriman, belum dicatat",
        state_class="wait",
        at=delivery.at or now,
        since=delivery.sent_at,
        urgency=delivery.urgency,
        security=delivery.security,
        unread=delivery.state == "terkirim",
        trays=frozenset(trays) | level_trays(delivery.security),
        act_title="Catat kiriman",
        masked=secret,
        words=words(name) if secret else words(delivery.number, name, subject),
    )


def state_class(state: State) -> str:
    """The meaning of a state for its mark: ``wait``, ``work``, ``done``, ``back`` or ``bad``."""
    if state.final:
        return {"returned": "back", "withdrawn": "back"}.get(state.outcome or "", "done")
    if state.start:
        return "wait"
    return "work"


def sender_of(site: Site, letter: Letter) -> str:
    """Who sent the letter, as lists show it: the printed sender, or for an own letter the office that writes it."""
    if letter.direction == "masuk":
        return str(letter.fields.get("sender", ""))
    office = site.office(letter.office)
    return office.short or office.name if office is not None else ""


def _mine(site: Site, reader: Reader) -> tuple[PositionList, Closed]:
    """The list of the position that the reader sits at, and what of it his order keeps closed to him."""
    mine = site.lists.get(reader.position)
    return PositionList() if mine is None else mine, reader.closed.get(reader.position, NOTHING)


def closed(site: Site, reader: Reader) -> list[Row]:
    """The rows of his position that the reader may only count: they wait for its holder."""
    mine, shut = _mine(site, reader)
    return list(mine.closed(shut, "waiting").values())


def counts(site: Site, reader: Reader) -> dict[str, int]:
    """How many rows stand in each tray of the reader's position; every tray has a figure."""
    mine, shut = _mine(site, reader)
    return mine.counts(shut)


def tray(site: Site, reader: Reader, name: str, start: int = 0, size: int = 20) -> tuple[list[Row], int]:
    """One page of a tray, the earliest limit first, and how many rows it holds in all."""
    mine, shut = _mine(site, reader)
    return mine.page(name, start, size, shut)


def register(
    site: Site, reader: Reader, office: str, direction: str, year: int, start: int = 0, size: int = 20
) -> tuple[list[Row], int]:
    """One page of the letters of an office and year that the reader's position may know, newest first."""
    mine, shut = _mine(site, reader)
    return mine.year_page(direction, office, year, start, size, without=shut)


def folders(site: Site, reader: Reader) -> dict[tuple[str, str, int], int]:
    """(office code, direction, year) -> number of the reader's rows there."""
    mine, shut = _mine(site, reader)
    return mine.folders(shut)


def find(site: Site, reader: Reader, text: str, start: int = 0, size: int = 20) -> tuple[list[Row], int]:
    """The reader's rows that contain all words of ``text`` (each may be the beginning of a word), newest first."""
    mine, shut = _mine(site, reader)
    return mine.search(text, start, size, shut)
