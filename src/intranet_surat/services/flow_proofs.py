"""What is known of a flow's text before it comes into force: the proofs that pages and command line both ask for.

Nothing is written here; what is done with a text that they carry is `services.publishing`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property

from intranet_surat.errors import SuratError
from intranet_surat.resources.flows import Trial
from intranet_surat.resources.site import Site
from intranet_surat.services import local_names, migrating, powers, trials
from intranet_surat.services.house import House
from intranet_surat.services.migrating import Plan
from intranet_surat.services.publishing_rules import Lack, lacking, look, takers
from intranet_surat.workflow import testing
from intranet_surat.workflow.diff import Difference, diff
from intranet_surat.workflow.findings import Finding, FlowError, headline
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.promises import Verdict, decide
from intranet_surat.workflow.testing import TestResult

NOTHING_MOVES = Plan()
LASTS = timedelta(minutes=2)
"""How old what a page says of today's letters and offices may be."""
SETTLED = timedelta(hours=12)
"""How long is kept what a text says by itself."""
MOST_LETTERS = 500
"""So many letters are looked at within a request; where there are more, the worker looks at all (`services.trials`)."""
MOST_ASKED = 40_000
"""So many questions about powers are asked for a page: some two seconds."""


@dataclass(frozen=True)
class Proofs:
    """Everything that is known of a text before it is published.

    ``findings`` are mistakes in the file and reasons against publishing it, ``warnings`` what the designer should
    know. ``current`` is the version that it would replace for new letters, ``at`` when letters and offices were
    looked at.
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
    at: datetime | None = None
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
            f"{self.source}:{verdict.promise.mark.line}: janji tidak ditepati: {verdict.says}"
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
            *([f"surat yang tidak dapat dibaca: {len(self.plan.lost)}"] if self.plan.lost else ()),
        )


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says by itself, on the base that it extends (id, version, hash)."""

    flow: Flow
    tests: tuple[TestResult, ...]
    untried: tuple[tuple[str, ...], tuple[str, ...]]
    promises: tuple[Verdict, ...]
    bases: tuple[tuple[str, int, str], ...]


def check(
    house: House,
    site: Site,
    text: str,
    source: str,
    office: str | None,
    now: datetime,
    most: int | None = None,
    trial: Trial | None = None,
) -> Proofs:
    """All proofs of a text for a place (None: the regency). Nothing is written.

    At most ``most`` letters are looked at, or none at all where ``trial`` has looked at them.
    """
    try:
        alone = said(house, site, text, source, now)
    except FlowError as error:
        return Proofs(text, source, office, findings=error.findings)
    flow = alone.flow
    if trial is not None and trials.holds(trial, flow, now):
        plan = trials.plan_of(trial, flow)
    else:
        plan = migrating.plan(house, site, flow, now, most)
    findings, warnings = look(house, site, flow, office, plan)
    current = in_force(house, site, flow, office)
    strange = local_names.look(house, site, flow, current)
    return Proofs(
        text,
        source,
        office,
        flow,
        (*findings, *strange.against),
        (*warnings, *strange.told),
        tests=alone.tests,
        untried=alone.untried,
        promises=alone.promises,
        plan=plan,
        lacks=lacking(house, site, flow, office, now),
        current=current,
        at=now,
    )


def fresh(
    house: House, site: Site, text: str, source: str, office: str | None, now: datetime, trial: Trial | None
) -> Proofs:
    """The proofs of this moment, of so many letters as a request can look at, or as the worker has looked at."""
    return check(house, site, text, source, office, now, MOST_LETTERS, trial)


def shown(
    house: House, site: Site, text: str, source: str, office: str | None, now: datetime, trial: Trial | None = None
) -> Proofs:
    """The proofs as a page shows them: of the last minutes, of so many letters as a page can wait for."""
    tried = trial.ended if trial is not None else None
    mark = (hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), source, office, tried)
    kept = house.lately.get(
        site, ("proofs", *mark), now, LASTS, lambda: fresh(house, site, text, source, office, now, trial)
    )
    return replace(kept.answer, differ=lambda: _differ(house, site, kept.answer, now))


def said(house: House, site: Site, text: str, source: str, now: datetime) -> Said:
    """What the text says by itself. Raises FlowError."""
    find = house.flows.bases(site)
    asked: dict[tuple[str, int], Flow | None] = {}

    def base(flow_id: str, version: int) -> Flow | None:
        asked[flow_id, version] = find(flow_id, version)
        return asked[flow_id, version]

    def made() -> Said:
        flow = load(text, source, house.world, base)
        tried = testing.report(flow)
        bases = tuple((*key, found.hash) for key, found in asked.items() if found is not None)
        return Said(flow, tuple(tried.results), testing.untried(flow, tried), decide(flow), bases)

    key = ("said", hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), source)
    known = house.lately.get(site, key, now, SETTLED, made).answer
    now_based = ((flow_id, version, find(flow_id, version)) for flow_id, version, _ in known.bases)
    if tuple((flow_id, version, found.hash) for flow_id, version, found in now_based if found) == known.bases:
        return known
    return made()


def _differ(house: House, site: Site, proofs: Proofs, now: datetime) -> Difference | None:
    """What the flow changes; powers are those in the office, for the regency in the first that takes the flow."""
    current, flow = proofs.current, proofs.flow
    if current is None or flow is None:
        return None
    where = proofs.place or next(takers(house, site, flow, proofs.place), None)
    if where is None or site.office(where) is None:
        return diff(current, flow)
    key = ("powers", current.hash, flow.hash, where, house.today(now))
    return house.lately.get(
        site, key, now, LASTS, lambda: powers.difference(house, site, current, flow, where, now, MOST_ASKED)
    ).answer


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
