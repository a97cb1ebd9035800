"""Writes the package of a letter from what is stored; nothing is changed, and nothing is left out silently."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from intranet_surat.resources.history import History
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import rehearsing
from intranet_surat.services.evidence import anchors
from intranet_surat.services.house import House
from intranet_surat.services.itemview import setting_for
from intranet_surat.services.proof import archive, form
from intranet_surat.workflow.audit import audit
from intranet_surat.workflow.calendar import WorkingCalendar
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.replay_life import Settings
from intranet_surat.workflow.replay_past import Past
from intranet_surat.workflow.replay_reading import Frame, past
from intranet_surat.workflow.view import Org, Setting
from intranet_surat.workflow.witness import Notes, OrgRecorder, calendar_told


def build(house: House, site: Site, letter: Letter, now: datetime, *, hidden: Collection[int] = frozenset()) -> bytes:
    """The package of a letter, as bytes. Raises FlowMismatch, and Unavailable when a stored file is damaged.

    Whether somebody may have it is the caller's question: it holds everything that who sees the letter in full sees.
    What was entered at the acts numbered in ``hidden`` is left out, as if it were erased: the chain still holds.
    """
    frame = rehearsing.frame_of(house, site, letter)
    flows = {hash_: rehearsing.flow_of_hash(house, site, hash_) for hash_ in _flows(letter, frame)}
    inside = _files(letter)
    files = {
        form.README: form.EXPLAINED.encode(),
        form.HISTORY: form.lines(list(_history(letter.history, hidden))),
        form.WITNESS: form.dumped(_witness(house, site, letter, frame, flows)),
        form.ROOTS: b"".join(house.roots),
        **{f"{form.FLOWS}{hash_}.yaml": flow.text.encode() for hash_, flow in flows.items()},
        **{name: data for name, data, _ in inside.values()},
    }
    anchored = anchors.proof(site, letter.id)
    if anchored is not None:
        files[form.ANCHOR] = form.dumped(anchored)
    files[form.HEAD] = form.dumped(_head(house, letter, frame, inside, now))
    return archive.pack(files)


def _head(
    house: House,
    letter: Letter,
    frame: Frame,
    inside: Mapping[str, tuple[str, bytes, Mapping[str, Any]]],
    now: datetime,
) -> dict[str, Any]:
    scans = {str(version): scan for version, scan in (frame.scans or {}).items()}
    return {
        "format": form.FORMAT,
        "made_at": now.isoformat(),
        "regency": house.settings.regency,
        "timezone": house.settings.timezone,
        "letter": letter.id,
        "office": letter.office,
        "kind": letter.kind,
        "direction": letter.direction,
        "number": str(letter.fields.get("number") or ""),
        "subject": str(letter.fields.get("subject") or ""),
        "acts": len(letter.history),
        "head": letter.history.head,
        "flow": frame.flow.hash,
        "below": [
            {"id": each.id, "track": each.track, "holder": each.holder, "flow": each.flow.hash} for each in frame.below
        ],
        "scans": scans,
        "print_code": frame.print_code,
        "stands": _stands(letter),
        "files": {sha256: {"name": name, **told} for sha256, (name, _, told) in inside.items()},
    }


def _stands(item: Item) -> dict[str, Any]:
    """Where the letter and each disposition below it stand: the tree, as the pages show it."""
    return {
        "item": item.id,
        "state": item.state,
        "holder": item.holder or "",
        "giver": item.giver or "",
        "outcome": item.outcome or "",
        "below": [_stands(each) for each in item.dispositions()],
    }


def _history(history: History, hidden: Collection[int]) -> Iterator[dict[str, Any]]:
    for act in history:
        payload = history.payload(act.seq) if act.seq not in hidden else None
        entered = None if payload is None else {"salt": payload[0].hex(), "text": payload[1]}
        yield {"act": act.facts(), "hash": act.hash, "entered": entered}


def _files(letter: Letter) -> dict[str, tuple[str, bytes, Mapping[str, Any]]]:
    """Each stored file by its hash: its name in the package, its bytes, and what is known of it.

    An earlier revision that is the beginning of a later file is not written twice: ``in`` names the later one.
    """
    found: dict[str, tuple[str, bytes, Mapping[str, Any]]] = {}
    kept: list[tuple[str, bytes]] = []
    for each in reversed([*letter.attachments, *letter.renditions]):
        if each.sha256 in found:
            continue
        kind = getattr(each, "kind", "") or getattr(each, "place", "")
        data, told = each.content(), {"kind": kind, "type": each.type, "filename": each.filename, "size": each.size}
        longer = next((name for name, other in kept if len(other) > len(data) and other.startswith(data)), None)
        if longer is not None:
            found[each.sha256] = longer, next(other for name, other in kept if name == longer), {**told, "begins": True}
            continue
        name = f"{form.FILES}{each.sha256}{'.pdf' if each.type == 'application/pdf' else ''}"
        kept.append((name, data))
        found[each.sha256] = name, data, told
    return found


def _witness(house: House, site: Site, letter: Letter, frame: Frame, flows: Mapping[str, Flow]) -> dict[str, Any]:
    """Play the letter once and note all that the flow asks of the organisation."""
    days: dict[str, dict[str, Any]] = {}
    calendars: dict[str, Any] = {}
    settings = _recorder(house, site, days, calendars)
    told = past(frame, rehearsing.lines_of(letter))
    audit(told, settings, flows)
    for act in told.acts:
        _ask_around(settings(frame.flow, act.at).org, told, days[house.today(act.at).isoformat()])
    words = {field.of for flow in flows.values() for each in flow.forms.values() for field in each.fields.values()}
    vocabularies = house.reference.vocabularies()
    return {
        "days": days,
        "calendars": calendars,
        "vocabularies": {
            name: dict(vocabularies[name]) for name in sorted(filter(None, words)) if name in vocabularies
        },
    }


def _ask_around(org: Org, told: Past, notes: Notes) -> None:
    """Ask also what a refusal would tell: a forged act is then refused elsewhere, and not merely not answered."""
    answers = (each if isinstance(each, list) else [each] for each in list(notes.values()))
    named = {act.position for act in told.acts} | {each for found in answers for each in found if isinstance(each, str)}
    people = {act.person for act in told.acts}
    for position in sorted(filter(None, named)):
        for ask in (org.title, org.office_of, org.persons, org.now, org.superior):
            ask(position)
        for person in sorted(people):
            org.capacity(person, position)


def _recorder(house: House, site: Site, days: dict[str, dict[str, Any]], calendars: dict[str, Any]) -> Settings:
    known: dict[tuple[str, str], Setting] = {}

    def at(flow: Flow, now: datetime) -> Setting:
        day = house.today(now).isoformat()
        if (flow.hash, day) not in known:
            found = setting_for(house, site, flow, now)
            if isinstance(found.calendar, WorkingCalendar):
                calendars[flow.calendar] = calendar_told(found.calendar)
            known[flow.hash, day] = replace(found, org=OrgRecorder(found.org, days.setdefault(day, {})))
        return replace(known[flow.hash, day], now=now)

    return at


def _flows(letter: Letter, frame: Frame) -> tuple[str, ...]:
    named = (*(act.flow for act in letter.history), *(each.flow.hash for each in frame.below))
    return tuple(dict.fromkeys(filter(None, named)))
