"""A small office on which two versions of a flow can be compared when there is no database.

A head, a secretary, two heads of division with a section and staff below; whoever else the flows name is a
position of his own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from intranet_surat.workflow.little_org import OFFICE, LittleOrg
from intranet_surat.workflow.matrix_letters import Ground
from intranet_surat.workflow.model import Flow

_STAFF = {
    "kepala": ["sekretaris", "kabid-a", "kabid-b"],
    "sekretaris": ["kasubag"],
    "kabid-a": ["kasi-a"],
    "kabid-b": ["staf-b"],
    "kasi-a": ["staf-a"],
}
_AUTHORS = ("staf-a", "staf-b")


def little_ground(sight: Mapping[str, frozenset[str]], *flows: Flow) -> Ground:
    """The little office with everybody whom the flows name; ``sight`` as in `Ground`."""
    people = {name: who for flow in flows for name, who in flow.cast.items() if who.op in ("role", "position")}
    head = next((name for flow in flows for name, who in flow.cast.items() if who.op == "head"), "kepala")
    staff = {head if boss == "kepala" else boss: below for boss, below in _STAFF.items()}
    org = LittleOrg(replace(flows[-1], cast=people), {"staff": staff, "author": _AUTHORS[0]}, {})
    org.head_of_office = head
    return Ground(org, OFFICE, _AUTHORS, sight)
