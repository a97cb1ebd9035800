"""What the page of a letter or of a disposition shows, as plain data; the HTML and the JSON are both made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from intranet_surat.errors import SuratError
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Disposition, Item, Letter
from intranet_surat.services import acting, letters, secrecy
from intranet_surat.services.evidence import renewing
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, descendants, flow_of, org_at, setting, state_of, turn_since
from intranet_surat.services.org import SiteOrg
from intranet_surat.services.reader import Reader
from intranet_surat.services.search import state_class
from intranet_surat.web import (
    delivery_rows,
    doubt_words,
    initials_chain,
    letter_acts,
    letter_facts,
    letter_files,
    letter_path,
    letter_tree,
    limit_words,
    paper_acts,
    seal_page,
    turn_words,
)
from intranet_surat.web.words import number
from intranet_surat.workflow import engine
from intranet_surat.workflow.chart import Deed
from intranet_surat.workflow.model import State
from intranet_surat.workflow.view import Offer


@dataclass(frozen=True, slots=True)
class LetterPage:
    """All that a letter's page tells. ``item`` is what is acted on: the letter, or one disposition of it."""

    item: Item
    letter: Letter
    id: str
    kind: str
    subject: str
    sender: str
    receiver: str
    label: str
    security: str
    urgency: str
    due: datetime | None
    state: str
    state_title: str
    state_css: str
    version: int
    first_reading: bool
    may_edit: bool
    acts: tuple[letter_acts.Act, ...]
    refused: tuple[letter_acts.Refusal, ...]
    paper: letter_files.Paper | None
    draft: bool
    files: tuple[letter_files.Paper, ...]
    tree: letter_tree.Tree
    path: tuple[letter_path.PathStep, ...]
    chain: tuple[initials_chain.ChainStep, ...]
    note: initials_chain.Note | None
    notes: tuple[initials_chain.Note, ...]
    own: letter_tree.TreeNode | None
    facts: tuple[letter_facts.Fact, ...]
    versions: int
    deliveries: tuple[delivery_rows.DeliveryRow, ...]
    copies: str
    related: tuple[Related, ...]
    readers: str
    events: int
    number: str
    may_reply: bool
    case_file: Any
    paper_acts: paper_acts.PaperActs
    limits: limit_words.Limits
    evidence: str
    seal: seal_page.Seal | None
    turn: turn_words.Turn | None
    doubt: doubt_words.Doubt | None

    @property
    def sealed(self) -> bool:
        """Whether the paper holds personal data that screens do not show whole."""
        return self.letter.private is not None


@dataclass(frozen=True, slots=True)
class Related:
    """Another letter that this one is tied to and that the reader may see."""

    words: str
    letter: Letter
    subject: str
    label: str


REPLY = "surat-dinas"
"""The kind that a reply begins with; the form lets one take another."""

RELATIONS = {
    "balasan-atas": "Balasan atas",
    "dibalas-dengan": "Dibalas dengan",
    "surat-sama": "Surat yang sama",
}


def build(
    house: House, site: Any, item: Item, reader: Reader, now: datetime, private: Mapping[str, str] | None = None
) -> LetterPage:
    """Make the page for a reader who may see the whole letter; asking that is the caller's duty."""
    letter = item.letter
    flow = flow_of(house, site, letter)
    asked = setting(house, site, letter, now)
    org = org_at(house, site, now)
    state = state_of(house, site, item)
    offers = acting.offers(house, site, item, reader, now)
    tree = letter_tree.build(house, site, letter, reader, org)
    acts = _acts(letter, offers, engine.expected(flow, StoredItem(house, site, item), asked), reader)
    paper = letter_files.counted(house, letter, letter_files.main(letter))
    fields = letter.fields
    return LetterPage(
        item=item,
        letter=letter,
        id=item.id,
        kind=house.kinds[letter.kind].title,
        subject=str(fields.get("subject", "")),
        sender=sender(site, letter, org),
        receiver=receiver(letter, org),
        label=label(letter),
        security=str(fields.get("security", "B")),
        urgency=str(fields.get("urgency", "biasa")),
        due=None if state.final or item.paused_since is not None else item.due,
        state=item.state,
        state_title=_state_title(state, item, tree),
        state_css=state_class(state).removeprefix("wait"),
        version=letter.version,
        first_reading=_first_reading(item, acts, paper),
        may_edit=isinstance(item, Letter) and letters.editor(house, site, letter, reader, now) is not None,
        acts=acts,
        refused=letter_acts.refusals(offers, acting.later(house, site, item, reader, now), org, reader.positions),
        paper=paper,
        draft=paper is None and letter.direction == "keluar",
        files=letter_files.others(letter, (paper,)),
        tree=tree,
        path=_path(house, site, letter, org, now),
        chain=initials_chain.build(house, site, letter, org, now) if letter.direction == "keluar" else (),
        note=initials_chain.note(letter) if letter.direction == "keluar" and not state.final else None,
        notes=initials_chain.notes(flow, letter),
        own=letter_tree.find(tree, item.id),
        facts=letter_facts.build(house, letter, org, private or {}),
        versions=len(letter.versions),
        deliveries=delivery_rows.build(site, letter),
        copies=letter_facts.addressees(fields.get("carbon_copies") or ()),
        related=related(house, site, letter, reader, now),
        readers=readers_now(StoredItem(house, site, letter), flow, asked, org),
        events=len(letter.history),
        number=str(fields.get("number") or ""),
        may_reply=may_reply(house, site, letter, reader, now) and not (item is letter and _undecided(item, acts)),
        case_file=_found(site, letter.case_file),
        paper_acts=paper_acts.build(house, site, item, reader, now),
        limits=limit_words.build(house, site, item, org),
        evidence=renewing.told(house, site, letter, now),
        seal=seal_page.line(house, site, letter, reader, now),
        turn=turn_words.build(house, site, item, reader, now),
        doubt=doubt_words.build(house, site, letter, reader, now) if item is letter else None,
    )


def _acts(
    letter: Letter, offers: Iterable[Offer], following: Deed | None, reader: Reader
) -> tuple[letter_acts.Act, ...]:
    expected = following.action.name if following is not None else ""
    scan = letter_files.pair(letter)[1] is not None
    return letter_acts.acts(offers, scan=scan, expected=expected, mine=reader.positions)


def _path(house: House, site: Any, letter: Letter, org: SiteOrg, now: datetime) -> tuple[letter_path.PathStep, ...]:
    flow = flow_of(house, site, letter)
    about = (flow, StoredItem(house, site, letter), setting(house, site, letter, now))
    since, waits = turn_since(house, site, letter), engine.awaited(*about)
    closed, chosen = partial(engine.closed, *about), partial(engine.branch, *about)
    return letter_path.build(flow, letter, letter.history, waits, org, now, since, closed, chosen)


def _state_title(state: State, item: Item, tree: letter_tree.Tree) -> str:
    """The state in words; of a letter that waits for its dispositions with how many are open."""
    waits = tree.open and state.gather is not None and isinstance(item, Letter)
    return f"{state.title}, {tree.open} masih terbuka" if waits else state.title


def may_reply(house: House, site: Any, letter: Letter, reader: Reader, now: datetime) -> bool:
    """Whether the reader's position may begin an outgoing letter in its office as the answer to this one."""
    if letter.direction != "masuk" or not set(reader.positions) & charged(letter):
        return False
    position = site.positions.get(reader.position)
    office = site.office(position.office) if position is not None else None
    if office is None:
        return False
    try:
        letters.creator(house, site, office, "keluar", REPLY, reader, now)
    except SuratError:
        return False
    return True


def charged(letter: Letter) -> set[str]:
    """The positions that a letter was addressed or disposed to."""
    holders = {each.holder for each in descendants(letter) if each.holder}
    return holders | {str(letter.fields.get("addressee") or "")}


def _found(site: Any, where: str | None) -> Any:
    try:
        return find(site, where) if where else None
    except KeyError:
        return None


def _undecided(item: Item, acts: tuple[letter_acts.Act, ...]) -> bool:
    """Whether somebody must still decide who works on it."""
    return any(act.fan_out for act in acts) and not any(isinstance(each, Disposition) for each in item.values())


def label(letter: Letter) -> str:
    """How the letter is called in crumbs: by its agenda number, its number, or its kind while it has none."""
    agenda = letter.fields.get("agenda_number")
    if letter.direction == "masuk" and agenda:
        return f"Agenda {number(int(agenda))}"
    return str(letter.fields.get("number") or ("Konsep" if letter.direction == "keluar" else "Surat masuk"))


def sender(site: Any, letter: Letter, org: SiteOrg) -> str:
    """Who sends: the printed sender, or for an own letter its signatory."""
    if letter.direction == "masuk":
        return str(letter.fields.get("sender", ""))
    office = site.office(letter.office)
    return org.title(str(letter.fields.get("signatory") or "")) or (office.name if office is not None else "")


def receiver(letter: Letter, org: SiteOrg) -> str:
    """To whom the letter goes, in a phrase."""
    if letter.direction == "masuk":
        return org.title(str(letter.fields.get("addressee") or ""))
    return letter_facts.addressees(letter.fields.get("addressees") or ())


def related(house: House, site: Any, letter: Letter, reader: Reader, now: datetime) -> tuple[Related, ...]:
    """The tied letters that this reader may see in full; of the others not even their being there is told."""
    found: list[Related] = []
    for relation, where in letter.related:
        other = _found(site, where)
        if other is not None and secrecy.sight(house, site, other, reader, now) == "full":
            words = RELATIONS.get(relation, relation.replace("-", " ").capitalize())
            found.append(Related(words, other, str(other.fields.get("subject", "")), label(other)))
    return tuple(found)


def readers_now(view: StoredItem, flow: Any, asked: Any, org: SiteOrg) -> str:
    """Which positions read the letter now, in one sentence."""
    who: list[str] = []
    for positions in engine.readers(flow, view, asked).values():
        who.extend(sorted(positions))
    titles = letter_path.names([org.title(each) for each in dict.fromkeys(who)], most=6)
    return f"Hanya {titles}." if titles else ""


def is_open(house: House, site: Any, item: Item) -> bool:
    """Whether an item still runs."""
    return not state_of(house, site, item).final


def _first_reading(item: Item, acts: tuple[letter_acts.Act, ...], paper: letter_files.Paper | None) -> bool:
    """Whether the page is for reading first: somebody must decide over a paper that nobody was given yet."""
    return paper is not None and _undecided(item, acts)
