"""The acts of a letter as rows: who, for which position, in which capacity, when, and what was entered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.resources.history import Act
from intranet_surat.resources.letter import FlowRef, Letter
from intranet_surat.services import mandates, undecided
from intranet_surat.services.flows import FlowMismatch
from intranet_surat.services.house import House
from intranet_surat.services.itemview import descendants, flow_of
from intranet_surat.services.org import SiteOrg
from intranet_surat.web import letter_facts, letter_lines, limit_words
from intranet_surat.workflow.answers import title
from intranet_surat.workflow.chart import deeds
from intranet_surat.workflow.model import Action, Flow, State
from intranet_surat.workflow.model_words import PADES, SEAL, WET
from intranet_surat.workflow.overlay import states_of
from intranet_surat.workflow.own_acts import CORRECTION, WORDS
from intranet_surat.workflow.turns import GIVEN_UP

FACTS = {
    "number": "Nomor",
    "number_void": "Nomor batal",
    "signed": "Tanda tangan",
    "case_file": "Berkas",
    "sent": "Tujuan",
    "version": "Versi",
    "changed": "Isian yang berubah",
    "paper_written": "Tertulis di kertas",
    "paper_act": "Tentang peristiwa nomor",
    "certificate_subject": "Sertifikat",
    "file": "Sidik berkas",
    "scan_check": "Dibandingkan mesin",
}
LOST = "Tanda tangan yang gugur"
BEFORE = {WET: "tanda tangan basah, dicatat oleh ", SEAL: "segel instansi, oleh "}
DATED = frozenset({"paper_written"})
SIGNED = {PADES: "elektronik", SEAL: "segel instansi", WET: "basah"}


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One act. ``entered`` are (label, text) pairs; ``erased`` tells that they were lawfully destroyed.

    ``attempts`` are the attempts to sign that it ended, of which nobody had said how they ended.
    """

    seq: int
    at: datetime
    action: str
    what: str
    name: str
    title: str
    office: str
    capacity: str
    acted_as: str
    order: str
    clerk: str
    states: str
    holder: str
    entered: tuple[tuple[str, str], ...]
    files: tuple[str, ...]
    hash: str
    erased: bool
    attempts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """All rows, newest last, and what is wrong with the chain: nothing when it holds."""

    rows: tuple[HistoryRow, ...]
    problems: tuple[str, ...]
    head: str


def build(house: House, site: Any, letter: Letter, org: SiteOrg) -> HistoryPage:
    """Make the page of a letter's history."""
    items = {each.id: each for each in descendants(letter)}
    flows: dict[str, tuple[Flow, str | None]] = {letter.id: (flow_of(house, site, letter), None)}
    for name, each in items.items():
        flows[name] = (flow_of(house, site, each), each.track)
    words = house.reference.vocabularies()
    rows: list[HistoryRow] = []
    for act in letter.history:
        flow, track = flows.get(act.item, flows[letter.id])
        flow = flow_then(house, site, act, flow)
        states = states_of(flow, track if track in flow.tracks else None)
        item = items.get(act.item)
        done = action_of(act, states)
        payload = letter.history.entered(act.seq)
        rows.append(
            HistoryRow(
                seq=act.seq + 1,
                at=act.at,
                action=act.action,
                what=called(act, done),
                name=str(act.who.get("name", "")),
                title=str(act.who.get("title", "")),
                office=str(act.who.get("office", "")),
                capacity=act.capacity,
                acted_as=mandates.acted_as(act.capacity, str(act.who.get("title", ""))),
                order=act.order if act.capacity else "",
                clerk=str(act.who.get("clerk", "")),
                states=_states(states, act.state_from, act.state_to),
                holder=org.title(item.holder) if item is not None and item.holder else "",
                entered=(
                    *(
                        _begun(house, letter, payload, org)
                        if act.item == letter.id and (not act.state_from or act.action == CORRECTION)
                        else _entered(house, flow, done, payload, org, words)
                    ),
                    *_lost(letter, payload.get("facts", {})),
                    *limit_words.lines(house, act.item, payload.get("facts", {}), org),
                ),
                files=tuple(act.files) or _scan(payload),
                hash=act.hash,
                erased=letter.history.erased(act.seq),
                attempts=tuple(payload.get("facts", {}).get(undecided.ENDED, ())),
            )
        )
    return HistoryPage(tuple(rows), tuple(letter.history.problems()), letter.history.head)


def flow_then(house: House, site: Any, act: Act, now: Flow) -> Flow:
    """The flow that an act was done on: a letter that moved since calls its states otherwise today."""
    if act.flow in ("", now.hash):
        return now
    try:
        return house.flows.of(site, FlowRef(now.id, now.version, act.flow))
    except FlowMismatch:
        return now


def action_of(act: Act, states: Mapping[str, State]) -> Action | None:
    """The action as the flow has it; None for what only the system writes."""
    found = (deed.action for state in states.values() for deed in deeds(state))
    return next((each for each in found if each.name == act.action), None)


def called(act: Act, done: Action | None) -> str:
    """What an act is called, as one of no flow or by the title of its action."""
    action = act.action if act.state_from else ""
    if action in WORDS:
        return WORDS[action]
    return done.title if action and done is not None else action.replace("_", " ").capitalize()


def _states(states: Mapping[str, State], before: str, after: str) -> str:
    def title(name: str) -> str:
        return states[name].title if name in states else name

    if before == after:
        return ""
    return f"{title(before)} ke {title(after)}" if before else title(after)


def _begun(house: House, letter: Letter, payload: Mapping[str, Any], org: SiteOrg) -> tuple[tuple[str, str], ...]:
    """What a letter began with, under the titles of its kind's fields."""
    lines = letter_lines.of(house, house.kinds[letter.kind], payload.get("form", {}), org)
    facts = [(FACTS[name], _fact(value)) for name, value in payload.get("facts", {}).items() if name in FACTS]
    return tuple((label, text) for label, text in (*lines, *facts) if label)


def _scan(payload: Mapping[str, Any]) -> tuple[str, ...]:
    """The scan that a letter began with, which stands among what was entered."""
    scan = payload.get("form", {}).get("scan")
    return (scan,) if isinstance(scan, str) else ()


def _entered(
    house: House,
    flow: Flow,
    done: Action | None,
    payload: Mapping[str, Any],
    org: SiteOrg,
    words: Mapping[str, Mapping[str, str]],
) -> tuple[tuple[str, str], ...]:
    """What was entered, under the titles of the action's own form: two forms may call one name differently."""
    asked = flow.forms.get(done.ask) if done is not None and done.ask else None
    forms = [*flow.forms.values(), *([asked] if asked is not None else [])]
    fields = {field.name: field for form in forms for field in form.fields.values()}
    found: list[tuple[str, str]] = []
    for name, value in payload.get("form", {}).items():
        field = fields.get(name)
        label = title(field) if field is not None else name.replace("_", " ").capitalize()
        dated = field is not None and field.type in {"date", "deadline"}
        found.append((label, letter_facts.when(house, value) if dated else _text(field, value, org, words)))
    for name, value in payload.get("facts", {}).items():
        if name in FACTS and value not in (None, "", [], {}):
            found.append((FACTS[name], letter_facts.when(house, value) if name in DATED else _fact(value)))
    return tuple((label, text) for label, text in found if text)


def _lost(letter: Letter, facts: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Whose signatures an act ended, by the acts that had given them: numbered as the rows are."""
    told, gone = [], facts.get(GIVEN_UP)
    for seq in gone if isinstance(gone, list) else ():
        if seq in range(len(letter.history)):
            act, how = letter.history[seq], letter.history.entered(seq).get("facts", {}).get("signed")
            title = mandates.acted_as(act.capacity, str(act.who.get("title", "")))
            told.append(f"{BEFORE.get(how, '')}{act.who.get('name', '')}, {title} (peristiwa nomor {seq + 1})")
    return ((LOST, f"{'; '.join(told)}. Berkasnya tidak dipakai lagi."),) if told else ()


def _fact(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else SIGNED.get(value, str(value))


def _text(field: Any, value: Any, org: SiteOrg, words: Mapping[str, Mapping[str, str]]) -> str:
    if isinstance(value, bool):
        return "Ya" if value else "Tidak"
    if isinstance(value, Mapping):
        return str(value.get("filename") or value.get("sha256") or "")
    values = value if isinstance(value, list | tuple) else [value]
    if field is not None and field.type in {"position", "positions"}:
        return ", ".join(org.title(str(each)) for each in values)
    if field is not None and field.of:
        terms = words.get(field.of, {})
        return ", ".join(terms.get(str(each), str(each)) for each in values)
    return ", ".join(_text(None, each, org, words) if isinstance(each, Mapping) else str(each) for each in values)
