"""The posts, offices and number series of this regency, against which the names in a flow are looked at.

What every regency has (roles, vocabularies, templates) is known without a database and checked by `workflow.check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from intranet_surat.resources.site import Site
from intranet_surat.services.flows import publications
from intranet_surat.services.house import House
from intranet_surat.workflow.check import check
from intranet_surat.workflow.check_parts import effects, machines
from intranet_surat.workflow.findings import Finding, quoted
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.world import World

SERIES = "unknown-series"
NEW_SERIES = "Deret nomor {word} belum ada di kabupaten ini; alur ini memulainya dari nomor 1."
RULES = frozenset({"unknown-post", "unknown-office", SERIES})


@dataclass(frozen=True, slots=True)
class Strange:
    """Names of a flow that the regency does not have: those that are refused, and those that are only told."""

    against: tuple[Finding, ...] = ()
    told: tuple[Finding, ...] = ()


def look(house: House, site: Site, flow: Flow, current: Flow | None = None) -> Strange:
    """Look at a sound flow. ``current`` is what is in force in its place: what that one names too is only told.

    A new number series is only told as well: there is no other way to begin one. So is what stands in the flow that
    this one extends.
    """
    here = world(house, site)
    known = {(each.rule, each.word) for each in _found(current, here)} if current is not None else set()
    found = _found(flow, here)
    told = [
        each
        for each in found
        if each.rule == SERIES or each.mark.file != flow.source or (each.rule, each.word) in known
    ]
    return Strange(tuple(each for each in found if each not in told), tuple(told))


def world(house: House, site: Site) -> World:
    """The names of this regency alone."""
    series = {key.split("/")[1] for key in site.registers}
    for office in site.offices():
        series.update(office.registers)
    for flow in (*house.flows.all(), *(house.flows.of(site, each) for each in publications(site))):
        series.update(_series(flow))
    return World(
        posts=frozenset(each.code for each in site.positions.values() if each.code and each.closed is None),
        offices=frozenset(each.code for each in site.offices()),
        series=frozenset(series),
    )


def _series(flow: Flow) -> Iterator[str]:
    for machine in machines(flow):
        yield from (each.value for each, _ in effects(machine) if each.name == "number" and each.value != "void")


def _found(flow: Flow, here: World) -> list[Finding]:
    return [_in_words(each) for each in check(flow, here) if each.rule in RULES]


def _in_words(finding: Finding) -> Finding:
    if finding.rule != SERIES:
        return finding
    return replace(finding, message=NEW_SERIES.format(word=quoted(finding.word)))
