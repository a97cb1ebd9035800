"""Letters of an older version move to a newer one: who would move, who cannot, and the move itself, in batches.

What a state becomes is `workflow.moving`; whether a moved letter still ends is `services.proving`. Designers see
ids and states here, never what a letter is about.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, islice
from typing import Any

from ZODB.POSException import POSKeyError

from intranet_surat.resources.flows import ended
from intranet_surat.resources.folder import find, find_if_there, path, top_path
from intranet_surat.resources.letter import FlowRef, Item, Letter
from intranet_surat.resources.reads import still
from intranet_surat.resources.site import Site
from intranet_surat.services import apart, deadlines, given_up, notices, search
from intranet_surat.services.carrying_out import put, record
from intranet_surat.services.effects import register
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, setting_for, state_of
from intranet_surat.services.proving import Moving, Prover, below, prover
from intranet_surat.workflow import limits, turns
from intranet_surat.workflow.model import Flow, Mark
from intranet_surat.workflow.moving import against, place, renamed, restarts, target
from intranet_surat.workflow.overlay import states_of
from intranet_surat.workflow.own_acts import MIGRATED
from intranet_surat.workflow.passage import Way
from intranet_surat.workflow.view import Actor

logger = logging.getLogger(__name__)

JOB = "pindah-alur"
BATCH = 50
"""Letters of one transaction."""
AGAIN = timedelta(hours=1)
"""When letters that wait for the answer to a signature are looked at again."""
WHY = "Pindah versi alur"
NO_END = "dari '{state}' surat ini tidak dapat lagi mencapai akhir"
UNREADABLE = "tidak dapat dibaca"
BEING_SIGNED = "tanda tangan sedang diproses; surat dipindah sesudah jelas hasilnya"


@dataclass(frozen=True, slots=True)
class Passage:
    """The open items of one state that move to one state: ids and paths of items, the ids of their letters."""

    version: int
    track: str | None
    old: str
    new: str
    items: tuple[tuple[str, str], ...]
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stuck:
    """A letter that stays where it is, with the item and state that keep it, and the line of the file."""

    letter: str
    path: str
    track: str | None
    state: str
    why: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Plan:
    """What a publication would move. ``stranded`` could never end; ``waiting`` move later by themselves.

    ``lost`` the database has lost, wholly or in part: they stay, and hold nobody up. ``unseen`` counts the letters that
    were not looked at.
    """

    moves: tuple[Passage, ...] = ()
    stranded: tuple[Stuck, ...] = ()
    waiting: tuple[Stuck, ...] = ()
    unseen: int = 0
    lost: tuple[Stuck, ...] = ()

    @property
    def letters(self) -> int:
        """How many letters move."""
        return len({letter for each in self.moves for letter in each.letters})


@dataclass(slots=True)
class Sorted:
    """The letters of one move, as far as they were looked at."""

    moving: Moving
    movable: list[Letter] = field(default_factory=list)
    stranded: list[Stuck] = field(default_factory=list)
    waiting: list[Stuck] = field(default_factory=list)
    lost: list[Stuck] = field(default_factory=list)


def plan(house: House, site: Site, flow: Flow, now: datetime, most: int | None = None) -> Plan:
    """What the ``migrate`` lines of a flow mean for today's letters, at most ``most`` of them; nothing is written."""
    moves: list[Passage] = []
    stranded: list[Stuck] = []
    waiting: list[Stuck] = []
    lost: list[Stuck] = []
    unseen = 0
    left = most
    for moving in movings(house, site, flow):
        some = list(islice(tops(site, moving), left))
        done = sort(house, site, moving, some, now)
        moves.extend(counted(moving, done.movable))
        stranded.extend(done.stranded)
        waiting.extend(done.waiting)
        lost.extend(done.lost)
        if left is not None:
            left -= len(some)
            unseen += sum(1 for _ in tops(site, moving)) - len(some)
    return Plan(tuple(moves), tuple(stranded), tuple(waiting), unseen, tuple(lost))


def movings(house: House, site: Site, flow: Flow) -> Iterator[Moving]:
    """The older versions that some letter was begun with and that the flow moves, in the order of the file."""
    for move in flow.migrate:
        ref = house.flows.stored(site, flow.id, move.source)
        if ref is not None and ref.hash != flow.hash:
            yield Moving(house.flows.of(site, ref), flow, move)


def tops(site: Site, moving: Moving, after: str = "") -> Iterator[str]:
    """The paths, from ``after`` on, of the letters with an open item of the older version; none of them is read."""
    found = (top_path(where) for where in site.running.of(moving.old.hash, after))
    return (where for where, _ in groupby(found) if where > after)


def sort(house: House, site: Site, moving: Moving, some: Iterable[str], now: datetime) -> Sorted:
    """Which of the letters at these paths can move, which cannot, which must wait and which are lost."""
    found = Sorted(moving)
    asks = prover(house, site, moving, setting_for(house, site, moving.new, now))
    for where in some:
        try:
            sort_one(found, asks, find(site, where))
        except POSKeyError:
            logger.exception("%s cannot be read", where)
            name = where.rsplit("/", 1)[-1]
            found.lost.append(Stuck(name, where, None, "", UNREADABLE, place(moving.move, moving.new)))
    return found


def sort_one(found: Sorted, asks: Prover, letter: Letter) -> None:
    """Put a letter where it belongs."""
    moving = found.moving
    waits = unsettled(moving, letter)
    stuck = waits or keeps(moving, letter) or no_end(moving, asks, letter)
    if stuck is None:
        found.movable.append(letter)
    else:
        (found.waiting if waits else found.stranded).append(stuck)


def unsettled(moving: Moving, letter: Letter) -> Stuck | None:
    """A letter that was sent to be signed and whose answer is not known."""
    if moving.concerns(letter) and any(each.undecided for each in letter.attempts):
        return stuck(moving, letter, letter, BEING_SIGNED)
    return None


def keeps(moving: Moving, letter: Letter) -> Stuck | None:
    """The first item of a letter whose state has no place in the newer version."""
    for item in concerned(moving, letter):
        why = against(moving.old, moving.new, moving.move, item.track, item.state)
        if why is not None:
            return stuck(moving, letter, item, why)
    return None


def no_end(moving: Moving, asks: Prover, letter: Letter) -> Stuck | None:
    """The first item of a letter that could not come to an end any more."""
    item = asks.endless(letter)
    if item is None:
        return None
    state = target(moving.move, item.track, item.state)
    return stuck(moving, letter, item, NO_END.format(state=state))


def stuck(moving: Moving, letter: Letter, item: Item, why: str) -> Stuck:
    """The entry of a letter that cannot move now."""
    return Stuck(letter.id, path(item), item.track, item.state, why, place(moving.move, moving.new))


def concerned(moving: Moving, letter: Letter) -> list[Item]:
    """All items of a letter that run the older version; those that ended go with the others."""
    return [item for item in below(letter) if moving.concerns(item)]


def counted(moving: Moving, movable: Iterable[Letter]) -> list[Passage]:
    """The open items of movable letters by what they become, in the order of the older version's states."""
    groups: dict[tuple[str | None, str], list[tuple[str, str, str]]] = {}
    for letter in movable:
        for item in concerned(moving, letter):
            if not ended(item):
                groups.setdefault((item.track, item.state), []).append((item.id, path(item), letter.id))
    found = []
    for track in (None, *moving.old.tracks):
        for state in states_of(moving.old, track):
            items = groups.get((track, state))
            if items:
                found.append(
                    Passage(
                        moving.old.version,
                        track,
                        state,
                        target(moving.move, track, state),
                        tuple((name, where) for name, where, _ in items),
                        tuple(dict.fromkeys(letter for _, _, letter in items)),
                    )
                )
    return found


def begin(site: Site, flow: Flow, actor: Actor, now: datetime) -> None:
    """After publishing: let the worker move the letters. Joins the transaction of the publication."""
    if flow.migrate:
        args = {"flow": [flow.id, flow.version, flow.hash], "person": actor.person, "position": actor.position}
        site.jobs.add(JOB, {**args, "after": "", "turn": 0}, key=f"{JOB}:{flow.hash}:0", at=now)


def carry_on(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: one batch, decided on the letters as they are now; then the next one, or none when all is moved.

    The letters are walked in the order of their paths, one transaction for each batch; a job that is killed and
    run again begins where its batch began. A letter that breaks stays on its version and has a job of its own.
    """
    mover = Mover(house, site, args, now)
    batches = [list(islice(tops(site, moving, args["after"]), BATCH)) for moving in mover.movings]
    places = sorted({where for batch in batches for where in batch})
    broken = apart.each_by_itself(site, JOB, args, args["flow"][2], places, mover.carry, now)
    last = min((batch[-1] for batch in batches if len(batch) == BATCH), default="")
    waits = bool(mover.waiting - set(broken))
    again(site, args, last, args.get("waits", False) or waits, now)


def carry_one(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job of a letter that could not be moved with the others, until an answer to its signature is there too."""
    mover, where, turn = Mover(house, site, args, now), str(args["item"]), args["turn"] + 1
    mover.carry(where)
    if mover.waiting:
        key = f"{JOB}{apart.ALONE}:{args['flow'][2]}:{where}:{turn}"
        site.jobs.add(JOB + apart.ALONE, {**args, "turn": turn}, key=key, at=now + AGAIN)


class Mover:
    """Moves letters one by one, as a publication says; remembers the paths of those that wait for a signature."""

    def __init__(self, house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
        self.house, self.site, self.now = house, site, now
        self.actor = Actor(args["person"], args["position"])
        self.movings = list(movings(house, site, house.flows.of(site, FlowRef(*args["flow"]))))
        self.provers = [prover(house, site, each, setting_for(house, site, each.new, now)) for each in self.movings]
        self.waiting: set[str] = set()

    def carry(self, where: str) -> None:
        """Move the letter at a path, if it is there and can. What has no open item of the older version stays."""
        letter = find_if_there(self.site, where)
        for moving, asks in zip(self.movings, self.provers, strict=True):
            if letter is None or all(ended(item) for item in concerned(moving, letter)):
                continue
            found = Sorted(moving)
            sort_one(found, asks, letter)
            for each in found.movable:
                still(each.attempts)  # one that begins meanwhile was sent the file of before
                move(self.house, self.site, each, moving, self.actor, self.now)
            for stays in found.stranded:
                version = f"{moving.old.id}@{moving.old.version}"
                logger.warning("letter %s stays on %s: %s", stays.letter, version, stays.state)
            if found.waiting:
                self.waiting.add(where)


def again(site: Site, args: Mapping[str, Any], last: str, waits: bool, now: datetime) -> None:
    """Write the job of the next batch, or of a later round for letters that wait for a signature."""
    turn = args["turn"] + 1
    key = f"{JOB}:{args['flow'][2]}:{turn}"
    if last:
        site.jobs.add(JOB, {**args, "after": last, "turn": turn, "waits": waits}, key=key, at=now)
    elif waits:
        site.jobs.add(JOB, {**args, "after": "", "turn": turn, "waits": False}, key=key, at=now + AGAIN)


def move(house: House, site: Site, letter: Letter, moving: Moving, actor: Actor, now: datetime) -> None:
    """Put all items of a letter that run the older version on the newer one, with an act for each."""
    before = len(letter.history)
    for item in concerned(moving, letter):
        is_open = not ended(item)
        if is_open:
            site.running.drop(item)
        old, sign = item.state, state_of(house, site, item).sign
        item.flow = FlowRef(moving.new.id, moving.new.version, moving.new.hash)
        state = target(moving.move, item.track, old)
        again = is_open and restarts(moving.new, moving.move, item.track, state)
        half = turns.leaves(StoredItem(house, site, item), sign, MIGRATED, anew=again)
        put(item, state, now, anew=again)
        facts: dict[str, Any] = {
            "version": f"{moving.old.version} -> {moving.new.version}",
            "flow_from": moving.old.hash,
            "flow_to": moving.new.hash,
            "renamed": renamed(moving.old, moving.move, item.track),
        }
        if half:
            given_up.note(letter, facts)
        if is_open:
            site.running.add(item)
            settle(house, site, item, moving, again, now, facts)
        entered = {"form": {}, "facts": facts, "items": []}
        record(house, site, item, MIGRATED, old, item.state, actor, now, entered=entered)
    deadlines.watch(house, site, letter, now, WHY)
    newly = search.sync(house, site, letter, now)
    told = given_up.tell(house, site, letter, before, now)
    notices.tell(house, site, letter, newly - told, now)


def settle(
    house: House, site: Site, item: Item, moving: Moving, again: bool, now: datetime, facts: dict[str, Any]
) -> None:
    """What follows from the new state of an open item: a passage or a limit that begins, a file that may change."""
    state = state_of(house, site, item)
    if item.track is None and state.edits:
        register.give_up(site, item.letter, facts)
    if again:
        item.initials = ()
        facts["restarted"] = True
    if again or (limits.limit(state) is None) != (item.due is None):
        way = Way(moving.new, setting_for(house, site, moving.new, now), None, {})
        deadlines.begin(house, site, item, way.due(StoredItem(house, site, item), state), now, facts)
