"""Whether a flow that could be read makes sense: the order of the checks, and which echoes are told.

The checks themselves stand in the ``check_*`` modules; running a flow's own tests is `workflow.testing`.
"""

from __future__ import annotations

from intranet_surat.workflow.check_edits import check_edits
from intranet_surat.workflow.check_fields import check_fields
from intranet_surat.workflow.check_names import check_names
from intranet_surat.workflow.check_parts import Look, Machine, Places, item_forms, machines, words
from intranet_surat.workflow.check_paths import check_reach, check_shape, check_unused
from intranet_surat.workflow.check_terms import check_terms
from intranet_surat.workflow.check_turns import check_turns
from intranet_surat.workflow.check_words import NEVER_TRUE, check_words
from intranet_surat.workflow.check_writes import PREPARED, WRITTEN_FIELD, check_writes
from intranet_surat.workflow.findings import Finding, Found
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.nodes import Pairs, marks
from intranet_surat.workflow.world import World

# Phases of findings. What could not be read, then names and shape, then what these may have caused.
_READING, _NAMES, _ECHOES = 0, 1, 2

# Findings of the first phase that take no way out of a state away.
LATER = frozenset({NEVER_TRUE, PREPARED, WRITTEN_FIELD})
"""What older releases let pass: refused in what is newly written, told of what is in force."""
_HARMLESS = frozenset({"not-run"})
_SHAPE = frozenset({"start", "final"})

_UNKNOWN = {"cast": "unknown-person", "rules": "unknown-rule", "forms": "unknown-form", "tracks": "unknown-track"}


def check(flow: Flow, world: World) -> list[Finding]:
    """All findings about a loaded flow, causes before their echoes; empty when it is sound."""
    found = Found()
    look(flow, world, marks(flow.text, flow.source), found)
    return found.sorted()


def look(flow: Flow, world: World | None, tree: Pairs, found: Found) -> None:
    """Adds to ``found`` what is wrong with the flow, which may have been read only in part.

    Without a world only what the engine cannot do without is looked at: that the flow's own names exist.
    """
    surroundings = world if world is not None else World()
    fields = {
        track: frozenset({"read"}.union(*(form.fields for form in forms))) for track, forms in item_forms(flow).items()
    }
    letter = surroundings.letter_fields(flow.applies.direction, flow.applies.kinds)
    one = Look(flow, surroundings, Places(tree), found, letter, fields, words(flow))
    with found.phase(_NAMES):
        check_names(one)
        check_fields(one)
        check_terms(one)
        check_shape(one)
    if world is not None:
        with found.phase(_NAMES):
            if world.fresh:
                check_words(one)
                check_writes(one)
            check_turns(one)
            check_edits(one)
        with found.phase(_ECHOES):
            _echoes(one)


def _echoes(one: Look) -> None:
    """Reachability and unused names, as far as no earlier finding may have caused them."""
    found = one.found
    if found.full:
        return
    silent: dict[str, frozenset[str] | None] = {}
    for key, rule in _UNKNOWN.items():
        guesses = [finding.suggestion for finding in found.of_rule(rule)]
        lost = found.has_phase(_READING) or None in guesses
        silent[key] = None if lost else frozenset(guess for guess in guesses if guess is not None)
    for machine in machines(one.flow):
        if _ways_are_known(one, machine):
            check_reach(one, machine)
    check_unused(one, silent)


def _ways_are_known(one: Look, machine: Machine) -> bool:
    """Whether the machine's ways out could be read, and it has a beginning and an end."""
    lines = one.places.lines(*machine.path)
    here = [pair for pair in one.found.numbered() if (pair[1].mark.file, pair[1].mark.line) in lines]
    unread = any(phase == _READING and finding.rule not in _HARMLESS for phase, finding in here)
    return bool(machine.states) and not unread and not any(finding.rule in _SHAPE for _, finding in here)
