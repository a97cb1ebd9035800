"""Flows come into force: the proofs that pages and command line both ask for, the draft, and the second pair of eyes.

Nothing is published that these proofs do not carry. What is kept stands in `resources.flows`; moving letters is
`services.migrating`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from intranet_surat.errors import Changed, Invalid, NotAllowed, SuratError, Unknown
from intranet_surat.resources.flows import REGENCY, Draft, Publication
from intranet_surat.resources.folder import new_id
from intranet_surat.resources.site import Site
from intranet_surat.services import migrating, powers
from intranet_surat.services.carrying_out import depend_on
from intranet_surat.services.house import House
from intranet_surat.services.itemview import org_at
from intranet_surat.services.migrating import Plan
from intranet_surat.services.publishing_rules import Lack, lacking, look, takers
from intranet_surat.services.reader import Reader
from intranet_surat.workflow import nodes, testing
from intranet_surat.workflow.diff import Difference, diff
from intranet_surat.workflow.findings import Finding, FlowError, Found, headline
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.promises import Verdict, decide
from intranet_surat.workflow.testing import TestResult
from intranet_surat.workflow.view import Actor

WRITES, WRITES_ALL, APPROVES = "perancang_alur", "perancang_alur_kabupaten", "penyetuju_alur"
"""The roles: a designer of the own office, a designer for all, and who puts a flow into force."""
ROLES = frozenset({WRITES, WRITES_ALL, APPROVES})
NOTHING_MOVES = Plan()
LONGEST = 1000
"""Characters of a reason: it is kept for ever beside the flow, and read with it."""


@dataclass(frozen=True)
class Proofs:
    """Everything that is known of a text before it is published.

    ``findings`` are mistakes in the file and reasons against publishing it, ``warnings`` what the designer should
    know. ``current`` is the version that it would replace for new letters.
    """

    text: str
    source: str
    place: str | None
    flow: Flow | None = None
    findings: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()
    tests: tuple[TestResult, ...] = ()
    untried: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    promises: tuple[Verdict, ...] = ()
    plan: Plan = NOTHING_MOVES
    lacks: tuple[Lack, ...] = ()
    current: Flow | None = None
    differ: Callable[[], Difference | None] = lambda: None

    @cached_property
    def difference(self) -> Difference | None:
        """What changes against ``current``, in words and in power."""
        return self.differ()

    @property
    def ready(self) -> bool:
        """Whether it may be published: no finding, no failed test, no broken promise."""
        broken = any(verdict.answer == "no" for verdict in self.promises)
        return self.flow is not None and not self.findings and not broken and all(test.ok for test in self.tests)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it may not be published, a line for each."""
        failed = [f"{self.source}:{test.mark.line}: {test.name}: {test.message}" for test in self.tests if not test.ok]
        broken = [
            f"{self.source}:{verdict.mark.line if verdict.mark else 1}: janji tidak ditepati: {verdict.says}"
            for verdict in self.promises
            if verdict.answer == "no"
        ]
        return (*(headline(finding) for finding in self.findings), *failed, *broken)

    @property
    def summary(self) -> tuple[str, ...]:
        """What was proved, as the publication keeps it."""
        answers = [verdict.answer for verdict in self.promises]
        return (
            f"{len(self.tests)} tes lulus",
            f"janji: {answers.count('yes')} ditepati, {answers.count('unknown')} tidak dapat diputuskan",
            f"belum dicoba tes: {len(self.untried[0])} tindakan, {len(self.untried[1])} rumus",
            f"surat pindah: {self.plan.letters}, menunggu: {len(self.plan.waiting)}",
        )


def check(house: House, site: Site, text: str, source: str, office: str | None, now: datetime) -> Proofs:
    """All proofs of a text for a place (None: the regency). Nothing is written."""
    try:
        flow = load(text, source, house.world, house.flows.bases(site))
    except FlowError as error:
        return Proofs(text, source, office, findings=error.findings)
    plan = migrating.plan(house, site, flow, now)
    findings, warnings = look(house, site, flow, office, plan)
    tried = testing.report(flow)
    current = in_force(house, site, flow, office)
    return Proofs(
        text,
        source,
        office,
        flow,
        findings,
        warnings,
        tests=tuple(tried.results),
        untried=testing.untried(flow, tried),
        promises=decide(flow),
        plan=plan,
        lacks=lacking(house, site, flow, office, now),
        current=current,
        differ=lambda: differ(house, site, current, flow, office, now),
    )


def differ(
    house: House, site: Site, current: Flow | None, flow: Flow, office: str | None, now: datetime
) -> Difference | None:
    """What the flow changes; powers are those in the office, for the regency in the first that takes the flow."""
    if current is None:
        return None
    where = office or next(takers(house, site, flow, office), None)
    return powers.difference(house, site, current, flow, where, now) if where is not None else diff(current, flow)


def in_force(house: House, site: Site, flow: Flow, office: str | None) -> Flow | None:
    """The flow that letters of the place take today where they would take this one."""
    home = house.flows.home(site, flow.id)
    if home is not None:
        return home[1]
    kind = next(iter(flow.applies.kinds or ()), "")
    try:
        return house.flows.choose(site, office or "", flow.applies.direction, kind)
    except SuratError:
        return None


def designer(house: House, site: Site, place: str | None, reader: Reader, now: datetime) -> Actor | None:
    """For which position the reader may write flows of a place; None when for none."""
    for actor in own(house, site, reader, now):
        position = site.positions[actor.position]
        if WRITES_ALL in position.roles or (WRITES in position.roles and place and position.office == place):
            return actor
    return None


def approver(house: House, site: Site, draft: Draft, reader: Reader, now: datetime) -> Actor | None:
    """For which position the reader may approve a draft: a person who wrote nothing of it, with another position."""
    if reader.person in (draft.person, *draft.hands):
        return None
    for actor in own(house, site, reader, now):
        if APPROVES in site.positions[actor.position].roles and actor.position != draft.position:
            return actor
    return None


def waiting(house: House, site: Site, reader: Reader, now: datetime) -> int:
    """How many proposed drafts the reader may decide about."""
    # Every page of his asks this: drafts are read only for who approves any.
    if not any(APPROVES in site.positions[actor.position].roles for actor in own(house, site, reader, now)):
        return 0
    proposed = (each for each in site.drafts.values() if each.state == "diajukan")
    return sum(1 for each in proposed if approver(house, site, each, reader, now) is not None)


def own(house: House, site: Site, reader: Reader, now: datetime) -> list[Actor]:
    """The actors that the reader is in his own right: nobody publishes for one who is away."""
    org = org_at(house, site, now)
    return [
        actor
        for actor in reader.actors()
        if actor.person in org.persons(actor.position) and org.capacity(actor.person, actor.position) is None
    ]


def save(
    house: House,
    site: Site,
    place: str | None,
    text: str,
    source: str,
    reader: Reader,
    now: datetime,
    *,
    draft: Draft | None = None,
    saved: int = 0,
) -> Draft:
    """Keep a text as it is now, right or wrong. ``saved`` is the count that the page showed.

    Raises NotAllowed, Changed (somebody else stored it meanwhile; nothing is overwritten), Invalid for a text that
    is published already.
    """
    actor, flow = designer(house, site, place, reader, now), flow_id(text, source)
    if actor is None:
        raise NotAllowed("Jabatan Anda tidak merancang alur di sini. Minta perancang alur kantor ini.")
    if draft is None:
        draft = Draft(id=new_id(), place=place or REGENCY)
        home = house.flows.home(site, flow)
        draft.started_from = home[1].hash if home is not None else ""
        site.drafts[draft.id] = draft
    elif not draft.open:
        raise Invalid({}, "Konsep ini sudah terbit. Mulai konsep baru.")
    elif draft.saved != saved:
        name = site.people[draft.person].name
        raise Changed(
            f"Konsep ini sudah disimpan {name} sejak halaman ini dibuka. Bandingkan dulu; naskah Anda belum hilang.",
            shown=saved,
            current=draft.saved,
        )
    depend_on(house, site, actor, now)
    draft.text, draft.source, draft.state = text, source, "ditulis"
    draft.flow = flow
    draft.person, draft.position = actor.person, actor.position
    draft.hands = tuple(dict.fromkeys((*draft.hands, actor.person)))
    draft.saved, draft.saved_at = draft.saved + 1, now
    return draft


def flow_id(text: str, source: str) -> str:
    """The id that a text gives its flow, as far as it can be read."""
    tree = nodes.compose(text, source, Found())
    entry = tree.entries.get("id") if tree is not None else None
    return entry.value.text if entry is not None and isinstance(entry.value, nodes.Text) else ""


def others(site: Site, draft: Draft) -> tuple[Draft, ...]:
    """The other open drafts of the same flow: two designers should know of each other."""
    return tuple(
        each
        for each in site.drafts.values()
        if each is not draft and each.open and each.flow and (each.place, each.flow) == (draft.place, draft.flow)
    )


def propose(house: House, site: Site, draft: Draft, why: str, reader: Reader, now: datetime, *, saved: int) -> Proofs:
    """Ask for approval of a draft. ``saved`` is the count that the page showed.

    Raises NotAllowed; Changed when somebody stored another text meanwhile; Invalid without a reason, or when the
    proofs fail.
    """
    actor = designer(house, site, draft.place or None, reader, now)
    if actor is None or not draft.open:
        raise NotAllowed("Jabatan Anda tidak dapat mengajukan konsep ini.")
    if draft.saved != saved:
        raise Changed("Konsep ini diubah sejak Anda membacanya.", shown=saved, current=draft.saved)
    if not 0 < len(why.strip()) <= LONGEST:
        raise Invalid({"why": f"Tulis alasan perubahan ini, paling panjang {LONGEST} huruf."})
    proofs = proved(house, site, draft, now)
    depend_on(house, site, actor, now)
    draft.person, draft.position = actor.person, actor.position
    draft.state, draft.why, draft.proposed_at = "diajukan", why.strip(), now
    return proofs


def proved(house: House, site: Site, draft: Draft, now: datetime) -> Proofs:
    """The proofs of a draft as it stands. Raises Invalid with the reasons when they do not carry it."""
    proofs = check(house, site, draft.text, draft.source, draft.place or None, now)
    stale = draft.started_from and proofs.current is not None and proofs.current.hash != draft.started_from
    if stale and proofs.current is not None:
        raise Invalid(
            {},
            f"Sejak konsep ini dimulai sudah terbit {proofs.current.id} versi {proofs.current.version}. "
            "Bandingkan, lalu simpan konsep baru.",
        )
    if not proofs.ready:
        raise Invalid({}, "\n".join(proofs.reasons))
    return proofs


def refuse(house: House, site: Site, draft: Draft, reason: str, reader: Reader, now: datetime) -> None:
    """Send a proposed draft back with a reason. Raises NotAllowed, Invalid."""
    actor = approver(house, site, draft, reader, now)
    if actor is None or draft.state != "diajukan":
        raise NotAllowed("Konsep ini diputuskan penyetuju alur, bukan pengusulnya.")
    if not 0 < len(reason.strip()) <= LONGEST:
        raise Invalid({"reason": f"Tulis alasan penolakan, paling panjang {LONGEST} huruf."})
    depend_on(house, site, actor, now)
    draft.state, draft.answer = "ditolak", reason.strip()
    draft.answered_person, draft.answered_position = actor.person, actor.position


def approve(house: House, site: Site, draft: Draft, reader: Reader, now: datetime, *, saved: int) -> Publication:
    """Put a proposed draft into force: the text is stored under its hash, new letters take it, old ones move.

    ``saved`` is the count that the approver saw. Raises NotAllowed, Changed, Invalid when the proofs of this moment
    do not carry it, FlowMismatch when the version is stored with another text.
    """
    actor = approver(house, site, draft, reader, now)
    if actor is None or draft.state != "diajukan":
        raise NotAllowed("Konsep ini disetujui penyetuju alur lain, bukan pengusulnya.")
    if draft.saved != saved:
        raise Changed("Konsep ini diubah sejak Anda membacanya.", shown=saved, current=draft.saved)
    proofs = proved(house, site, draft, now)
    depend_on(house, site, actor, now)
    flow = proofs.flow
    if flow is None:
        raise Unknown
    publication = Publication(
        id=flow.id,
        version=flow.version,
        hash=flow.hash,
        place=draft.place,
        person=draft.person,
        position=draft.position,
        approved_person=actor.person,
        approved_position=actor.position,
        at=now,
        why=draft.why,
        summary=proofs.summary,
        written=flow.written if flow.written != flow.text else "",
        base=flow.base,
        source=draft.source,
    )
    house.flows.pin(site, flow, now)
    site.publications[draft.place] = (*site.publications.get(draft.place, ()), publication)
    # Its top is written even when the place stands in a leaf: whoever chose a flow meanwhile has read that (`pin`).
    site.publications._p_changed = True  # noqa: SLF001 - the persistence protocol's own attribute
    draft.state, draft.published = "terbit", flow.hash
    draft.answered_person, draft.answered_position = actor.person, actor.position
    migrating.begin(site, flow, actor, now)
    return publication


def publish(
    house: House,
    site: Site,
    text: str,
    source: str,
    office: str | None,
    writer: Reader,
    second: Reader,
    why: str,
    now: datetime,
) -> tuple[Publication, Proofs]:
    """Write, propose and approve at once, for the command line. Raises what each of the three raises."""
    draft = save(house, site, office, text, source, writer, now)
    proofs = propose(house, site, draft, why, writer, now, saved=draft.saved)
    return approve(house, site, draft, second, now, saved=draft.saved), proofs
