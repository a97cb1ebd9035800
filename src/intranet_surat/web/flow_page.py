"""What the pages about flows show, as plain data: the flows of a place, one flow and its versions, a draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from markupsafe import Markup

from intranet_surat.errors import Unknown
from intranet_surat.resources.flows import Draft, Publication
from intranet_surat.resources.site import Office
from intranet_surat.services import flow_figures, flow_proofs, publishing, trials
from intranet_surat.services.flow_proofs import Proofs
from intranet_surat.services.flows import FlowMismatch, places, published_at
from intranet_surat.services.house import House
from intranet_surat.services.reader import Reader
from intranet_surat.web import flow_code
from intranet_surat.web.words import office_time
from intranet_surat.workflow.diff import Change, diff
from intranet_surat.workflow.draw import draw
from intranet_surat.workflow.model import Flow, Mark
from intranet_surat.workflow.sentences import joined
from intranet_surat.workflow.tell import tell

DIRECTIONS = {"masuk": "Surat masuk", "keluar": "Surat keluar"}
REGENCY = "Kabupaten"


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One flow in force: for which letters, and whose it is."""

    id: str
    title: str
    version: int
    what: str
    place: str
    since: datetime | None
    base: str | None


@dataclass(frozen=True, slots=True)
class DraftRow:
    """One open draft; ``mine`` when the reader's word is wanted."""

    id: str
    flow: str
    place: str
    state: str
    person: str
    saved_at: datetime | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Told:
    """The sentences under one heading."""

    heading: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One published version; ``by`` and ``approved`` name person and position."""

    version: int
    at: datetime | None
    by: str
    approved: str
    why: str
    proofs: tuple[str, ...]
    current: bool


@dataclass(frozen=True, slots=True)
class FlowPage:
    """One flow: drawn, told, written, and how it came to be."""

    flow: Flow
    place: str | None
    place_name: str
    what: str
    current: bool
    since: datetime | None
    svg: Markup
    told: tuple[Told, ...]
    code: flow_code.Code
    versions: tuple[Version, ...]
    changes: tuple[Change, ...]
    before: int | None
    may_write: bool
    extendable: str


@dataclass(frozen=True, slots=True)
class TrialView:
    """How far the look at all letters is: ``state`` is ``running``, ``stalled`` or ``done``, ``at`` when that was."""

    state: str
    seen: int
    total: int
    at: datetime | None


@dataclass(frozen=True, slots=True)
class DraftPage:
    """A draft with everything that is known of it."""

    draft: Draft
    place_name: str
    text: str
    person: str
    proofs: Proofs
    code: flow_code.Code
    svg: Markup | None
    told: tuple[Told, ...]
    promised: Mapping[Mark | None, str]
    others: tuple[str, ...]
    may_write: bool
    may_approve: bool
    approvers: str
    trial: TrialView | None


def where(site: Any, code: str | None) -> str:
    """The place of a flow in words."""
    office = site.office(code) if code else None
    return str(office.short or office.name) if office is not None else REGENCY


def what(flow: Flow, house: House) -> str:
    """For which letters a flow is meant."""
    if flow.applies.kinds is None:
        return DIRECTIONS[flow.applies.direction]
    return ", ".join(house.kinds[kind].title if kind in house.kinds else kind for kind in flow.applies.kinds)


def in_force(house: House, site: Any, office: Office | None) -> tuple[FlowRow, ...]:
    """The flows that letters of an office take today, its own first; without an office those of the regency."""
    found: dict[str, FlowRow] = {}
    for place in places(site, office.code) if office is not None else (None,):
        published = {each.hash: each.at for each in published_at(site, place)}
        for flow in house.flows.at(site, place):
            since = published.get(flow.hash)
            row = FlowRow(flow.id, flow.title, flow.version, what(flow, house), where(site, place), since, flow.base)
            found.setdefault(flow.id, row)
    return tuple(found.values())


def drafts(house: House, site: Any, reader: Reader, now: datetime) -> tuple[DraftRow, ...]:
    """The open drafts that the reader may work on or decide about, those that wait for his word first."""
    rows = []
    for each in site.drafts.values():
        decides = each.state == "diajukan" and publishing.approver(house, site, each, reader, now) is not None
        writes = publishing.designer(house, site, each.place or None, reader, now) is not None
        if each.open and (decides or writes):
            name = site.people[each.person].name
            rows.append(
                DraftRow(each.id, each.flow, where(site, each.place), each.state, name, each.saved_at, mine=decides)
            )
    return tuple(sorted(rows, key=lambda row: (not row.mine, row.flow, row.id)))


def told(flow: Flow) -> tuple[Told, ...]:
    """The flow in sentences, under their headings."""
    return tuple(
        Told(part, tuple(each.text for each in some)) for part, some in groupby(tell(flow), lambda each: each.part)
    )


def drawn(house: House, site: Any, flow: Flow, office: Office | None, reader: Reader, now: datetime) -> Markup:
    """The drawing with the figures of today, as far as the reader may know them; made by us, so safe as it is."""
    code = office.code if office is not None else None
    figures = flow_figures.shown(house, site, flow, reader, now, office=code)
    medians = {spot: office_time(amount) for spot, amount in figures.medians.items()}
    # The layout of a large flow takes half a second; it is the same for all who are told the same figures.
    key = ("drawing", flow.hash, tuple(figures.counts.items()), tuple(medians.items()))
    svg = house.lately.get(site, key, now, flow_figures.LASTS, lambda: draw(flow, figures.counts, medians)).answer
    return Markup(svg)  # noqa: S704  draw escapes every name


def one(
    house: House, site: Any, office: Office | None, flow_id: str, version: int | None, reader: Reader, now: datetime
) -> FlowPage:
    """The page of a flow as an office sees it, in force or an older version. Raises Unknown."""
    place, newest = _home(house, site, office, flow_id)
    flow, before = newest, None
    published = published_at(site, place)
    history = sorted({each.version for each in published if each.id == flow_id} | {newest.version})
    if version is not None and version != newest.version:
        flow = _version(house, site, flow_id, version)
    older = [each for each in history if each < flow.version]
    if older:
        before = older[-1]
    changes = diff(_version(house, site, flow_id, before), flow).words if before is not None else ()
    return FlowPage(
        flow=flow,
        place=place,
        place_name=where(site, place),
        what=what(flow, house),
        current=flow.hash == newest.hash,
        since=next((each.at for each in published if each.hash == flow.hash), None),
        svg=drawn(house, site, flow, office, reader, now),
        told=told(flow),
        code=flow_code.build(flow.written or flow.text, flow.source, ()),
        versions=_versions(site, published, flow_id, newest),
        changes=changes,
        before=before,
        may_write=publishing.designer(house, site, place, reader, now) is not None,
        extendable=_extendable(house, site, office, place, flow, reader, now),
    )


def _extendable(
    house: House, site: Any, office: Office | None, place: str | None, flow: Flow, reader: Reader, now: datetime
) -> str:
    """The code of the office for which the reader may write a file that extends this flow; else nothing."""
    if office is None or place == office.code or flow.base is not None:
        return ""
    return office.code if publishing.designer(house, site, office.code, reader, now) is not None else ""


def _home(house: House, site: Any, office: Office | None, flow_id: str) -> tuple[str | None, Flow]:
    for place in places(site, office.code) if office is not None else (None,):
        for flow in house.flows.at(site, place):
            if flow.id == flow_id:
                return place, flow
    raise Unknown


def _version(house: House, site: Any, flow_id: str, version: int) -> Flow:
    try:
        found = house.flows.bases(site)(flow_id, version)
    except FlowMismatch:
        found = None
    if found is None:
        raise Unknown
    return found


def _versions(site: Any, published: tuple[Publication, ...], flow_id: str, newest: Flow) -> tuple[Version, ...]:
    found = [
        Version(
            version=each.version,
            at=each.at,
            by=_who(site, each.person, each.position),
            approved=_who(site, each.approved_person, each.approved_position),
            why=each.why,
            proofs=each.summary,
            current=each.hash == newest.hash,
        )
        for each in published
        if each.id == flow_id
    ]
    if not any(each.current for each in found):
        found.append(Version(newest.version, None, "", "", "", (), current=True))
    return tuple(sorted(found, key=lambda each: -each.version))


def _who(site: Any, person: str, position: str) -> str:
    name = site.people[person].name if person in site.people else ""
    title = site.positions[position].title if position in site.positions else ""
    return ", ".join(part for part in (name, title) if part)


def draft(
    house: House, site: Any, found: Draft, reader: Reader, now: datetime, *, text: str | None = None
) -> DraftPage:
    """The page of a draft with all its proofs; ``text`` is what was typed and could not be saved."""
    office = site.office(found.place) if found.place else None
    written = publishing.text_of(site, found)
    proofs = flow_proofs.shown(house, site, written, found.source, found.place or None, now, found.trial)
    flow = proofs.flow
    return DraftPage(
        draft=found,
        place_name=where(site, found.place),
        text=written if text is None else text,
        person=_who(site, found.person, found.position),
        proofs=proofs,
        code=flow_code.build(written, found.source, proofs.findings, proofs.warnings),
        svg=drawn(house, site, flow, office, reader, now) if flow is not None else None,
        told=told(flow) if flow is not None else (),
        promised={each.mark: each.text for each in tell(flow)} if flow is not None else {},
        others=tuple(_who(site, each.person, each.position) for each in publishing.others(site, found)),
        may_write=publishing.designer(house, site, found.place or None, reader, now) is not None,
        may_approve=publishing.approver(house, site, found, reader, now) is not None,
        approvers=_approvers(site, found),
        trial=_trial(found, flow, now) if flow is not None else None,
    )


def _trial(found: Draft, flow: Flow, now: datetime) -> TrialView | None:
    """The look at all letters for the text as it stands; one that is too old is none any more."""
    trial = found.trial
    if trial is None or not (trials.running(trial, flow) or trials.holds(trial, flow, now)):
        return None
    state = "done" if trial.ended is not None else "stalled" if trials.stalled(trial, now) else "running"
    return TrialView(state, trial.seen, trial.total, trial.ended or trial.progressed)


def _approvers(site: Any, found: Draft) -> str:
    """Who could approve the draft, in words."""
    titles = [
        each.title
        for each in site.positions.values()
        if publishing.APPROVES in each.roles and each.id != found.position and each.holders
    ]
    return joined(titles, "atau")
