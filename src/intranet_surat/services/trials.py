"""The dry run of a move that is too large for a request: the worker looks at all letters, some in each transaction.

What is asked of each letter is `services.migrating`; whether the outcome carries a publication, `services.flow_proofs`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import dropwhile, islice
from typing import Any

from intranet_surat.resources.flows import Draft, Trial, ended
from intranet_surat.resources.folder import path
from intranet_surat.resources.site import Site
from intranet_surat.services.house import House
from intranet_surat.services.migrating import (
    UNREADABLE,
    Passage,
    Plan,
    Sorted,
    Stuck,
    concerned,
    movings,
    sort,
    tops,
)
from intranet_surat.workflow.findings import FlowError
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.moving import place, target

JOB = "uji-pindah-alur"
PIECE = 200
"""Letters of one transaction."""
LASTS = timedelta(hours=24)
"""How old a dry run may be that a publication rests on. The move looks at each letter once more."""
STALLED = timedelta(minutes=10)
"""Without a further piece for so long nobody should wait for it any more."""

Row = tuple[int, str | None, str, str, str, str, str, str, bool]


def begin(house: House, site: Site, draft: Draft, flow: Flow, person: str, now: datetime) -> Trial:
    """Let the worker look at all letters that a draft would move, unless it does already. Joins the transaction."""
    known = draft.trial
    if known is not None and (holds(known, flow, now) or (running(known, flow) and not stalled(known, now))):
        return known
    total = sum(1 for moving in movings(house, site, flow) for _ in tops(site, moving))
    made = draft.trial = Trial(flow=flow.hash, person=person, begun=now, progressed=now, total=total)
    _job(site, {"draft": draft.id, "begun": now.isoformat(), "source": "", "after": "", "piece": 0}, now)
    return made


def holds(trial: Trial | None, flow: Flow, now: datetime) -> bool:
    """Whether a dry run has come to its end, of this flow, and lately."""
    if trial is None or trial.ended is None or trial.progressed is None or trial.flow != flow.hash:
        return False
    return timedelta() <= now - trial.ended < LASTS


def running(trial: Trial | None, flow: Flow) -> bool:
    """Whether the worker has still to look at letters for this flow."""
    return trial is not None and trial.ended is None and trial.flow == flow.hash


def stalled(trial: Trial, now: datetime) -> bool:
    """Whether the worker seems to have left it."""
    return trial.ended is None and (trial.progressed is None or now - trial.progressed >= STALLED)


def plan_of(trial: Trial, flow: Flow) -> Plan:
    """What was found, as `migrating.plan` would tell it."""
    marks = {move.source: place(move, flow) for move in flow.migrate}
    moves: dict[tuple[int, str | None, str, str], list[tuple[str, str, str]]] = {}
    stranded: list[Stuck] = []
    waiting: list[Stuck] = []
    lost: list[Stuck] = []
    for version, track, old, new, where, item, letter, why, waits in trial.rows():
        if why:
            some = lost if why == UNREADABLE else waiting if waits else stranded
            some.append(Stuck(letter, where, track, old, why, marks[version]))
        else:
            moves.setdefault((version, track, old, new), []).append((item, where, letter))
    passages = (
        Passage(
            *key,
            tuple((item, where) for item, where, _ in rows),
            tuple(dict.fromkeys(letter for _, _, letter in rows)),
        )
        for key, rows in moves.items()
    )
    return Plan(tuple(passages), tuple(stranded), tuple(waiting), lost=tuple(lost))


def carry(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: one piece, then the job of the next. A dry run that was begun anew, or of another text, is left."""
    draft = site.drafts.get(args["draft"])
    trial = draft.trial if draft is not None else None
    if draft is None or trial is None or trial.begun is None or trial.begun.isoformat() != args["begun"]:
        return
    if trial.progressed is None:
        return  # of an older release, whose rows are others
    try:
        flow = load(draft.text, draft.source, house.world, house.flows.bases(site))
    except FlowError:
        return
    if flow.hash != trial.flow:
        return
    rows, seen, last = _piece(house, site, flow, args["source"], args["after"], now)
    trial.add(args["piece"], seen, tuple(rows), now)
    if last is None:
        trial.ended = now
    else:
        _job(site, {**args, "source": last[0], "after": last[1], "piece": args["piece"] + 1}, now)


def _job(site: Site, args: Mapping[str, Any], now: datetime) -> None:
    site.jobs.add(JOB, args, key=f"{JOB}:{args['draft']}:{args['begun']}:{args['piece']}", at=now)


def _piece(
    house: House, site: Site, flow: Flow, source: str, after: str, now: datetime
) -> tuple[list[Row], int, tuple[str, str] | None]:
    """The rows of the next letters, how many these are, and the last of them; None when there are no more."""
    rows: list[Row] = []
    seen = 0
    for moving in dropwhile(lambda each: bool(source) and each.old.hash != source, movings(house, site, flow)):
        some = list(islice(tops(site, moving, after if moving.old.hash == source else ""), PIECE - seen))
        rows += _rows(sort(house, site, moving, some, now))
        seen += len(some)
        if seen == PIECE:
            return rows, seen, (moving.old.hash, some[-1])
    return rows, seen, None


def _rows(found: Sorted) -> Iterator[Row]:
    moving = found.moving
    version = moving.old.version
    for letter in found.movable:
        for item in concerned(moving, letter):
            if not ended(item):
                new = target(moving.move, item.track, item.state)
                yield version, item.track, item.state, new, path(item), item.id, letter.id, "", False
    for waits, some in ((False, found.stranded), (True, found.waiting), (False, found.lost)):
        for each in some:
            yield version, each.track, each.state, "", each.path, "", each.letter, each.why, waits
