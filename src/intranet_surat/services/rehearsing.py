"""Past letters through a flow that is not published yet: reads them from the histories, `workflow.replay` plays them.

Nothing is written, and nothing that a letter says leaves this module: a report holds numbers and ids.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from intranet_surat.resources.letter import FlowRef, Letter
from intranet_surat.resources.site import Site
from intranet_surat.services.flows import FlowMismatch
from intranet_surat.services.house import House
from intranet_surat.services.itemview import descendants, setting_for
from intranet_surat.services.letters import SECTIONS
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.own_acts import MIGRATED
from intranet_surat.workflow.replay import replay
from intranet_surat.workflow.replay_life import Settings
from intranet_surat.workflow.replay_past import Past
from intranet_surat.workflow.replay_reading import Below, Frame, PastLine, past
from intranet_surat.workflow.replay_report import Report, Tally
from intranet_surat.workflow.view import Setting

ERASED = "Isian riwayatnya sudah dihapus"


def rehearse(
    house: House,
    site: Site,
    flow: Flow,
    *,
    limit: int | None = None,
    office: str | None = None,
    ended: bool = False,
    without: frozenset[str] = frozenset(),
) -> Report:
    """Replay the letters that ran on an earlier version of the flow, the newest first.

    ``office`` narrows them to one office, ``ended`` to those that came to an end, ``limit`` to so many; letters of
    the levels of secrecy in ``without`` are passed over as if they were not there.
    """
    settings, tally = settings_of(house, site), Tally(flow)
    for letter in letters(site, flow, office):
        if limit is not None and tally.letters >= limit:
            break
        if letter.fields.get("security", "SR") in without:
            continue
        over = letter.archived_at is not None
        if ended and not over:
            continue
        if any(letter.history.erased(seq) for seq in range(len(letter.history))):
            tally.left_out[ERASED] += 1
            continue
        try:
            past = past_of(house, site, letter)
        except FlowMismatch as error:
            tally.left_out[error.message] += 1
            continue
        tally.count(replay(flow, past, settings), over)
    return tally.report()


def letters(site: Site, flow: Flow, office: str | None = None) -> Iterator[Letter]:
    """The letters that ran on a flow of this id, or on the one that it extends; by office, newest year first."""
    base = (flow.base or "").partition("@")[0]
    for each in site.offices():
        drawer = each.get(SECTIONS[flow.applies.direction])
        if drawer is None or office not in (None, each.code):
            continue
        for year in sorted(drawer, reverse=True):
            for letter in drawer[year].values():
                if isinstance(letter, Letter) and letter.flow is not None and letter.flow.id in (flow.id, base):
                    yield letter


def settings_of(house: House, site: Site) -> Settings:
    """The organisation and the calendar as they were, read once for each flow and day."""
    known: dict[tuple[str, date], Setting] = {}

    def at(flow: Flow, now: datetime) -> Setting:
        key = (flow.hash, house.today(now))
        if key not in known:
            known[key] = setting_for(house, site, flow, now)
        return known[key]

    return at


def past_of(house: House, site: Site, letter: Letter) -> Past:
    """The letter's history as plain values. Raises FlowMismatch when a flow's text is not whole."""
    return past(frame_of(house, site, letter), lines_of(letter))


def frame_of(house: House, site: Site, letter: Letter) -> Frame:
    """What is known of the letter besides its history. Raises FlowMismatch when a flow's text is not whole."""
    began, later = _begun(letter)
    flows = {each: flow_of_hash(house, site, each) for each in (*began.values(), *later)}
    flow = flows[began[letter.id]]
    return Frame(
        letter.id,
        letter.office,
        letter.kind,
        flow,
        tuple(
            Below(
                each.id,
                each.track,
                each.held[0] if each.held else each.holder or "",
                flows[began[each.id]],
            )
            for each in descendants(letter)
        ),
        # What a correction's form does not tell: a new scan stands in the stored version only.
        {each.version: each.fields["scan"] for each in letter.versions if "scan" in each.fields},
        str(letter.fields.get("print_code") or ""),
        tuple(flows[each] for each in later),
    )


def _begun(letter: Letter) -> tuple[dict[str, str], tuple[str, ...]]:
    """The hashes of the flows that a letter and its items began on, by their ids, and of those they were moved to.

    Where an act names none it is what the letter began on.
    """
    began: dict[str, str] = {}
    later: dict[str, None] = {}
    own = letter.flow.hash if letter.flow is not None else ""
    for act in letter.history:
        facts = letter.history.entered(act.seq).get("facts", {}) if act.action == MIGRATED else {}
        began.setdefault(act.item, facts.get("flow_from") or act.flow or began.get(letter.id, own))
        if "flow_to" in facts:
            later[facts["flow_to"]] = None
    for each in descendants(letter):  # nothing was done on it yet, not even a move
        began.setdefault(each.id, each.flow.hash if each.flow is not None else began[letter.id])
    return began, tuple(later)


def lines_of(letter: Letter) -> Iterator[PastLine]:
    """The lines of the history with what was entered at them."""
    for act in letter.history:
        yield PastLine(
            act.at,
            act.item,
            act.action,
            act.position,
            act.person,
            act.state_from,
            act.state_to,
            letter.history.entered(act.seq),
        )


def flow_of_hash(house: House, site: Site, flow_hash: str) -> Flow:
    """The flow of a hash, as it was pinned."""
    stored = site.flow_texts.get(flow_hash)
    ref = FlowRef(stored.id, stored.version, flow_hash) if stored is not None else FlowRef("?", 0, flow_hash)
    return house.flows.of(site, ref)
