"""The limit of an item: when it ends, when its clock stands still, and why it moved; what then happens is not here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from intranet_surat.workflow import durations, judging
from intranet_surat.workflow.calendar import end_of, moment
from intranet_surat.workflow.model import Deadline, Duration, Flow, State
from intranet_surat.workflow.overlay import state_of
from intranet_surat.workflow.view import Clock, ItemView, Setting, content

CALENDAR_CHANGED = "Kalender kerja berubah"
FIELD_CHANGED = "Isian yang menentukan batas berubah"
PAUSED = "Batas berhenti"
RESUMED = "Batas berjalan lagi"
NEW_HOLDER = "Pekerjaan dialihkan, batas mulai lagi"


@dataclass(frozen=True, slots=True)
class Clockwork:
    """How the limit of an item stands, as `view.ItemView` tells it."""

    due: datetime | None
    limit_since: datetime | None
    paused_since: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()

    @classmethod
    def of(cls, item: Any) -> Clockwork:
        """How it stands now; ``item`` is an `ItemView`, or what is stored behind one."""
        return cls(item.due, item.limit_since, item.paused_since, item.pauses)

    def set(self, item: Any) -> None:
        """Let the limit of a stored item, or of a copy in memory, stand so."""
        item.due, item.limit_since = self.due, self.limit_since
        item.paused_since, item.pauses = self.paused_since, self.pauses


@dataclass(frozen=True, slots=True)
class Change:
    """A limit that moved, with the reason in words; None stands for no limit, or one that stands still."""

    before: datetime | None
    after: datetime | None
    why: str

    def facts(self, item: str) -> dict[str, str | None]:
        """As it is kept in the history."""
        before = self.before.isoformat() if self.before is not None else None
        after = self.after.isoformat() if self.after is not None else None
        return {"item": item, "from": before, "to": after, "reason": self.why}


def limit(state: State) -> Deadline | None:
    """The deadline of a state; that of its route, which runs for each level, comes first."""
    if state.route is not None and state.route.deadline is not None:
        return state.route.deadline
    return state.deadline


def begin(deadline: Deadline | None, item: ItemView, since: datetime, calendar: Clock) -> datetime | None:
    """When a limit ends that begins to run at ``since``; None without a limit, or while its field is empty."""
    if deadline is None:
        return None
    if isinstance(deadline.within, Duration):
        return calendar.after(since, deadline.within.amount, deadline.within.unit)
    root, *path = deadline.within.split(".")
    found = moment(content(item, {}, root, path))
    if isinstance(found, datetime):
        return found.astimezone(UTC)
    return end_of(found, calendar) if found is not None else None


def reason(deadline: Deadline | None) -> str:
    """Why a limit is as it is, when its state is entered."""
    if deadline is None:
        return "Keadaan ini tanpa batas"
    if isinstance(deadline.within, Duration):
        return f"{durations.text(deadline.within).capitalize()} sejak surat sampai di sini"
    return "Menurut isian"


def turn(flow: Flow, item: ItemView, setting: Setting, why: str = "") -> tuple[Clockwork, tuple[Change, ...]]:
    """How the limit of an item stands now, and what changed in it since it was looked at last.

    Asked after every act on the letter and at every timer: a field, the calendar, or what the clock waits for may
    have changed. ``why`` is the reason when the caller knows a better one.
    """
    stands = Clockwork.of(item)
    deadline = limit(state_of(flow, item))
    if deadline is None or item.limit_since is None:
        return stands, ()
    changes: list[Change] = []
    due = _computed(deadline, item, item.limit_since, setting.calendar)
    if due != item.due:
        known = CALENDAR_CHANGED if isinstance(deadline.within, Duration) else FIELD_CHANGED
        stands = replace(stands, due=due)
        if stands.paused_since is None:
            changes.append(Change(item.due, due, why or known))
    still = deadline.paused_while is not None and judging.holds(deadline.paused_while, flow, item, None, setting)
    if still and stands.paused_since is None and stands.due is not None:
        changes.append(Change(stands.due, None, PAUSED))
        stands = replace(stands, paused_since=setting.now)
    elif not still and stands.paused_since is not None:
        pause = (stands.paused_since, setting.now)
        due = _moved(stands.due, pause, setting.calendar)
        stands = replace(stands, due=due, paused_since=None, pauses=(*stands.pauses, pause))
        changes.append(Change(None, due, RESUMED))
    return stands, tuple(changes)


def anew(flow: Flow, item: ItemView, setting: Setting) -> tuple[Clockwork, tuple[Change, ...]]:
    """The limit after the work was given to somebody else: a duration begins again, a date that was chosen stays."""
    stands = Clockwork.of(item)
    deadline = limit(state_of(flow, item))
    if deadline is None or not isinstance(deadline.within, Duration):
        return stands, ()
    due = begin(deadline, item, setting.now, setting.calendar)
    return Clockwork(due, setting.now), (Change(item.due, due, NEW_HOLDER),)


def _computed(deadline: Deadline, item: ItemView, since: datetime, calendar: Clock) -> datetime | None:
    """The limit as it follows from its beginning and its pauses."""
    due = begin(deadline, item, since, calendar)
    for pause in item.pauses:
        due = _moved(due, pause, calendar)
    return due


def _moved(due: datetime | None, pause: tuple[datetime, datetime], calendar: Clock) -> datetime | None:
    """A limit after a pause: the office time that was left when it began is left when it ends."""
    start, end = pause
    if due is None or due <= start or end <= start:
        return due
    return calendar.later(end, calendar.between(start, due))
