"""Limits of stored letters: every change is written into the history, reminders and escalations happen as jobs, once.

What a limit is and what a timer does is decided in `workflow.limits` and `workflow.timers`; here it is stored. A
job only wakes: what rings is decided then, by the item and its history as they are, so that nothing rings twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from intranet_surat.resources.flows import ended
from intranet_surat.resources.folder import find_if_there
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.resources.site import Site
from intranet_surat.services import calendars, notices, open_letters, search
from intranet_surat.services.house import House
from intranet_surat.services.itemview import StoredItem, descendants, flow_of, setting, state_of
from intranet_surat.workflow import limits, timers
from intranet_surat.workflow.limits import Change, Clockwork
from intranet_surat.workflow.own_acts import MOVED, OF_TIME, REASSIGNED, REMINDED
from intranet_surat.workflow.timers import Ring, Timer

JOB = "batas"
FACT = "batas"
"""Where an act keeps the limits that it set or moved."""


def begin(house: House, site: Site, item: Item, due: datetime | None, now: datetime, facts: dict[str, Any]) -> None:
    """A limit begins to run: the item came into a state, or to the next level of its route. ``facts`` are the act's."""
    before, state = item.due, state_of(house, site, item)
    Clockwork(due, now).set(item)
    if before is not None or due is not None:
        change = Change(before, due, limits.reason(limits.limit(state)))
        facts.setdefault(FACT, []).append(change.facts(item.id))


def watch(house: House, site: Site, letter: Letter, now: datetime, why: str = "") -> bool:
    """After anything that happened to a letter: turn the clock of each of its items, and set what it will do.

    ``why`` is the reason of changes when the caller knows it. Answers whether a limit changed.
    """
    items = _limited(house, site, letter)
    moved = [_turn(house, site, item, now, why) for item in items]
    for item in items:
        _set(house, site, item, now)
    return any(moved)


def ring(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job: whatever is due for an item by now, in its order, unless the item has left the passage meanwhile."""
    item = find_if_there(site, args["item"])
    if item is None or ended(item) or item.entered != args["entered"]:
        return
    moved = [_turn(house, site, each, now) for each in _limited(house, site, item.letter)]
    while (timer := _ringing(house, site, item, now)) is not None:
        _ring(house, site, item, timer, now)
    if any(moved):
        watch(house, site, item.letter, now)
        search.sync(house, site, item.letter, now)


def _limited(house: House, site: Site, letter: Letter) -> list[Item]:
    """The open items of a letter whose states have a limit; what is counted for them rests on the calendar."""
    items = [item for item in (letter, *descendants(letter)) if not ended(item)]
    found = [item for item in items if limits.limit(state_of(house, site, item)) is not None]
    if found:
        calendars.depend_on(site)
    return found


def _ring(house: House, site: Site, item: Item, timer: Timer, now: datetime) -> None:
    letter, view, asked = item.letter, StoredItem(house, site, item), setting(house, site, item, now)
    done = timers.ring(flow_of(house, site, item), view, timer, asked)
    due = item.due.isoformat() if item.due is not None else ""
    facts: dict[str, Any] = {"timer": [timer.kind, timer.n], "due": due, "told": list(done.told)}
    if done.nobody:
        facts["nobody"] = True
    elif done.action != REMINDED:
        item.told = _with(item.told, done.told)
    if done.action == REASSIGNED:
        _reassign(house, site, item, done, now, facts)
    note(site, item, done.action, now, facts)
    watch(house, site, letter, now)
    newly = search.sync(house, site, letter, now)
    about = notices.NOBODY if done.nobody else notices.REMINDER if done.action == REMINDED else notices.ESCALATION
    notices.tell(house, site, letter, done.told, now, about=about)
    notices.tell(house, site, letter, newly - set(done.told), now)


def recount(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job after a change of the calendar: limits that are counted in working time move, in batches of letters."""
    if _newest(site, args):
        open_letters.go_on(site, calendars.JOB, args, str(args["version"]), _recounted(house, site, now), now)


def recount_one(house: House, site: Site, args: Mapping[str, Any], now: datetime) -> None:
    """The job of a letter whose limits could not be counted with the others."""
    if _newest(site, args):
        open_letters.alone(site, args, _recounted(house, site, now))


def _newest(site: Site, args: Mapping[str, Any]) -> bool:
    """Whether no newer version of the calendar came in, which has jobs of its own."""
    present = site.reference.get(calendars.TABLE)
    return present is not None and present.version == args["version"]


def _recounted(house: House, site: Site, now: datetime) -> Callable[[Letter], None]:
    def count(letter: Letter) -> None:
        if watch(house, site, letter, now, limits.CALENDAR_CHANGED):
            search.sync(house, site, letter, now)

    return count


def note(site: Site, item: Item, action: str, now: datetime, facts: Mapping[str, Any]) -> None:
    """Append an act of time itself to the letter's history: nobody's, and the item stays where it is."""
    history = item.letter.history
    history.add(
        at=now,
        letter=item.letter.id,
        item=item.id,
        state_from=item.state,
        state_to=item.state,
        action=action,
        position="",
        person="",
        flow=item.flow.hash if item.flow is not None else "",
        entered={"form": {}, "facts": dict(facts)},
        who={"title": "Sistem", "office": "", "name": ""},
    )
    site.anchors.touch(item.letter.id, history.head, history.count)


def _ringing(house: House, site: Site, item: Item, now: datetime) -> Timer | None:
    """The first timer whose time has come and that has not rung for the limit as it stands.

    One that rang rings again when the limit moved so far that its time came anew, not for a time that was past then.
    """
    past = [each for each in _timers(house, site, item, now) if each.at <= now]
    if not past or item.due is None:
        return None
    rung, moved = _past(item)
    due = item.due.isoformat()
    for timer in past:
        ends = [end for kind, end in rung if kind == [timer.kind, timer.n]]
        if due not in ends and not (ends and moved is not None and timer.at <= moved):
            return timer
    return None


def _past(item: Item) -> tuple[list[tuple[list[Any], str]], datetime | None]:
    """Since the limit began: the timers that rang, each with the end that it had then, and when it last moved."""
    history = item.letter.history
    rung: list[tuple[list[Any], str]] = []
    moved = None
    for seq in range(len(history) - 1, -1, -1):
        act = history[seq]
        if item.limit_since is not None and act.at <= item.limit_since:
            break
        if act.item == item.id and act.action in OF_TIME:
            facts = history.entered(seq).get("facts", {})
            if "timer" in facts:
                rung.append((facts["timer"], facts["due"]))
            elif moved is None:
                moved = act.at
    return rung, moved


def _timers(house: House, site: Site, item: Item, now: datetime) -> tuple[Timer, ...]:
    view, asked = StoredItem(house, site, item), setting(house, site, item, now)
    return timers.timers(flow_of(house, site, item), view, item.due, asked)


def _set(house: House, site: Site, item: Item, now: datetime) -> None:
    """Write a job for each timer of the present limit that has not rung; one that is written stays as it is."""
    due = item.due.isoformat() if item.due is not None else ""
    rung: list[Any] | None = None
    for timer in _timers(house, site, item, now):
        if timer.at <= now:
            rung = [kind for kind, _ in _past(item)[0]] if rung is None else rung
            if [timer.kind, timer.n] in rung:
                continue
        # One whose time is past gets a job of now: that of its own time may have come while the clock stood still.
        at = max(timer.at, now)
        key = f"{JOB}:{item.id}:{item.entered}:{timer.kind}:{timer.n}:{due}:{at.isoformat()}"
        site.jobs.add(JOB, {"item": path_of(item), "entered": item.entered}, key=key, at=at)


def _turn(house: House, site: Site, item: Item, now: datetime, why: str = "") -> bool:
    view, asked = StoredItem(house, site, item), setting(house, site, item, now)
    clock, changes = limits.turn(flow_of(house, site, item), view, asked, why)
    if clock != Clockwork.of(item):
        clock.set(item)
    if changes:
        note(site, item, MOVED, now, {FACT: [change.facts(item.id) for change in changes]})
    return bool(changes)


def _reassign(house: House, site: Site, item: Item, done: Ring, now: datetime, facts: dict[str, Any]) -> None:
    """The work goes to somebody else; who had it still sees it."""
    if done.holder is not None and item.holder is not None:
        facts["had"] = item.holder
        item.held, item.holder = _with(item.held, (item.holder,)), done.holder
    item.assigned = done.assigned
    view, asked = StoredItem(house, site, item), setting(house, site, item, now)
    clock, changes = limits.anew(flow_of(house, site, item), view, asked)
    clock.set(item)
    if changes:
        facts[FACT] = [change.facts(item.id) for change in changes]


def _with(known: tuple[str, ...], more: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *more)))
