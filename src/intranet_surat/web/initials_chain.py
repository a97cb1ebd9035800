"""The chain of an outgoing letter: who wrote it, who initialled, who signs, and the note of who sent it back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.resources.letter import Letter
from intranet_surat.services import given_up, mandates
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, flow_of, setting
from intranet_surat.services.org import SiteOrg
from intranet_surat.workflow import cast, initials
from intranet_surat.workflow.model import Flow, Route, State
from intranet_surat.workflow.model_words import PADES, SEAL
from intranet_surat.workflow.own_acts import CORRECTION, MIGRATED
from intranet_surat.workflow.view import ItemView

PLAIN = frozenset({"catatan", "alasan"})
"""Texts that need no label of their own."""
SIGNED = {PADES: "Tanda tangan elektronik", SEAL: "Segel elektronik instansi"}
"""How a letter was signed, in words; everything else is ink."""


@dataclass(frozen=True, slots=True)
class ChainStep:
    """One tier: ``mark`` is the class of the state's shape, ``css`` that of the whole step."""

    title: str
    words: str
    mark: str
    css: str
    told: str
    at: datetime | None = None
    now: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A free text of an act, and from whom; ``label`` says what it is when it is neither a note nor a reason."""

    title: str
    text: str
    at: datetime
    label: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """What the history tells of the present passage: who initialled when, on which version, and who returned.

    ``titles`` names the post as each act has it, with the capacity in which it was done.
    """

    given: Mapping[str, tuple[datetime, int]]
    returned: tuple[str, datetime] | None
    signed: Mapping[str, datetime]
    titles: Mapping[str, str]


def build(house: House, site: Any, letter: Letter, org: SiteOrg, now: datetime) -> tuple[ChainStep, ...]:
    """Make the chain; empty for a flow without initials and without a signature."""
    flow = flow_of(house, site, letter)
    state = flow.states[letter.state]
    routes = [each.route for each in flow.states.values() if each.route is not None]
    if not routes and not any(each.sign for each in flow.states.values()):
        return ()
    past = passage(flow, letter, StoredItem(house, site, letter))
    steps = [ChainStep(org.title(letter.author), "Konsep", "done", "ok", "Konseptor", letter.created_at)]
    levels = _levels(routes[0], house, site, letter, flow, now) if routes else ()
    signers = _signers(house, site, letter, flow, now)
    lost = given_up.signers(house, site, letter, now)
    for position in dict.fromkeys((*levels, *past.given)):
        if position not in (letter.author, *signers):
            steps.append(_tier(position, past, letter, state, org, first=not any(each.now for each in steps)))
    for position in signers:
        first = not any(each.now for each in steps)
        step = _signature(position, past, letter, state, org, first=first, awaited=_awaited(flow))
        if position in lost:
            step = _lost(step)
        part = signers[position]
        steps.append(replace(step, told=f"{part}: {step.told.lower()}" if step.told else part) if part else step)
    return tuple(steps)


def _signers(house: House, site: Any, letter: Letter, flow: Flow, now: datetime) -> dict[str, str]:
    """Who signs, in the order of the turns, each with his part in the letter where several sign it."""
    signs = [each.sign for each in flow.states.values() if each.sign is not None and each.sign.in_turn]
    if not signs:
        signatory = str(letter.fields.get("signatory") or "")
        return {signatory: ""} if signatory else {}
    parts = {letter.fields.get(each.name): each.title for each in house.kinds[letter.kind].signers}
    found = cast.of_all(signs[0].by, flow, StoredItem(house, site, letter), setting(house, site, letter, now))
    return {each: parts.get(each, "") for each in found}


def passage(flow: Flow, letter: Letter, view: ItemView) -> Passage:
    """Read the present passage from the history.

    Going back to the draft voids the initials before it, and so does a move to a version that begins it anew.
    ``view`` is the letter as the engine reads it: it calls states as the version does that the letter runs now.
    """
    given: dict[str, tuple[datetime, int]] = {}
    returned: tuple[str, datetime] | None = None
    signed: dict[str, datetime] = {}
    titles: dict[str, str] = {}
    version = 1
    for act, done in zip(letter.history, view.acts, strict=True):
        if act.item != letter.id:
            continue
        if act.action == CORRECTION:
            version += 1
        if act.action == MIGRATED and letter.history.entered(act.seq).get("facts", {}).get("restarted"):
            given = {}
        state = flow.states.get(done.state_from)
        if state is not None and state.route is not None and act.action == state.route.act:
            given[act.position] = (act.at, version)
            titles[act.position] = mandates.acted_as(act.capacity, str(act.who.get("title", "")))
        if state is not None and state.sign is not None and act.action == state.sign.act:
            signed[act.position] = act.at
            titles[act.position] = mandates.acted_as(act.capacity, str(act.who.get("title", "")))
        target = flow.states.get(done.state_to)
        if target is not None and target.start and done.state_from not in ("", done.state_to):
            given, signed = {}, {}
            returned = (act.position, act.at) if act.position != letter.author else None
        elif state is not None and state.start and done.state_to != done.state_from:
            returned = None
    return Passage(given, returned, signed, titles)


def note(letter: Letter) -> Note | None:
    """Return the reason with which the letter last came back, while nobody has sent it on since."""
    last = None
    for act in letter.history:
        if act.item == letter.id and act.state_from != act.state_to and act.action != MIGRATED:
            last = act
    if last is None or last.position == letter.author or not last.state_from:
        return None
    text = reason(letter, last.seq)
    return Note(str(last.who.get("title", "")), text, last.at) if text else None


def reason(letter: Letter, seq: int) -> str:
    """The reason that was entered with an act; empty when none was asked."""
    form = letter.history.entered(seq).get("form", {})
    return next((value for name, value in form.items() if name.startswith("alasan") and isinstance(value, str)), "")


def notes(flow: Flow, letter: Letter) -> tuple[Note, ...]:
    """Return the free texts that were entered at acts on the letter itself, the newest first."""
    fields = [field for form in flow.forms.values() for field in form.fields.values() if field.type == "text"]
    labels = {each.name: "" if each.name in PLAIN else each.title or "" for each in fields}
    found = []
    for act in letter.history:
        if act.item != letter.id:
            continue
        for name, value in letter.history.entered(act.seq).get("form", {}).items():
            if name in labels and isinstance(value, str) and value:
                found.append(Note(str(act.who.get("title", "")), value, act.at, labels[name]))
    return tuple(reversed(found))


def _tier(position: str, past: Passage, letter: Letter, state: State, org: SiteOrg, *, first: bool) -> ChainStep:
    title = org.title(position)
    if position in past.given:
        at, version = past.given[position]
        title = past.titles[position]
        told = "" if version == letter.version else f"diberikan pada versi {version}"
        return ChainStep(title, "Paraf", "done", "ok", told, at)
    if past.returned is not None and past.returned[0] == position:
        return ChainStep(title, "Dikembalikan", "back", "returned", "", past.returned[1])
    if state.route is not None and first:
        return ChainStep(title, "Sekarang", "work", "", "Menunggu paraf", now=True)
    return ChainStep(title, "Belum", "", "", "Paraf")


def _awaited(flow: Flow) -> str:
    """What the flow ends in: a signature, or the agency's seal."""
    sealed = any(each.sign is not None and each.sign.method == SEAL for each in flow.states.values())
    return "Segel instansi" if sealed else "Tanda tangan"


def _signature(
    signatory: str, past: Passage, letter: Letter, state: State, org: SiteOrg, *, first: bool, awaited: str
) -> ChainStep:
    title = org.title(signatory)
    signed = letter.fields.get("signed") or (PADES if signatory in past.signed else "")
    if signed:
        title = past.titles.get(signatory, title)
        told = SIGNED.get(signed, "Tanda tangan basah")
        last = max(past.signed.values(), default=None)
        return ChainStep(title, "Sudah", "done", "ok", told, past.signed.get(signatory, last))
    if past.returned is not None and past.returned[0] == signatory:
        return ChainStep(title, "Dikembalikan", "back", "returned", "", past.returned[1])
    if state.sign is not None and first:
        return ChainStep(title, "Sekarang", "work", "", f"Menunggu {awaited.lower()}", now=True)
    return ChainStep(title, "Belum", "", "", awaited)


def _lost(step: ChainStep) -> ChainStep:
    """The place of one whose signature counts no more: how it stands now, and that there was one."""
    if step.now:
        return replace(step, told=f"{step.told}; tanda tangan sebelumnya tidak berlaku lagi")
    return ChainStep(step.title, "Gugur", "back", "returned", "Tanda tangan tidak berlaku lagi")


def _levels(route: Route, house: House, site: Any, letter: Letter, flow: Flow, now: datetime) -> tuple[str, ...]:
    """The positions that initial, lowest first; nobody while the chain cannot be told."""
    view, asked = StoredItem(house, site, letter), setting(house, site, letter, now)
    try:
        tiers = initials.tiers(flow, view, route, asked)
    except NotAllowed:
        return ()
    return tuple(position for tier in tiers for position in tier.members)
