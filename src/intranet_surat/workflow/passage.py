"""How an item passes from state to state: entering one, and the automatic steps that follow.

Nobody waits in a state with ``choose``, in a route without levels, or in a gather without open children:
these are passed in the same act. Who may act at all is decided in `workflow.deeds`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import initials, judging, limits
from intranet_surat.workflow.chart import chart
from intranet_surat.workflow.model import Effect, Flow, Gather, State
from intranet_surat.workflow.overlay import Overlay, changes, given, over, states_of, told
from intranet_surat.workflow.view import Actor, Child, ItemView, Outcome, Setting, Step


class Undecided(Exception):
    """Where the passage leads depends on a form that is not filled yet. ``steps`` are taken whatever is entered."""

    def __init__(self, steps: tuple[Step, ...] = ()) -> None:
        super().__init__(steps)
        self.steps = steps


@dataclass(frozen=True, slots=True)
class Passage:
    """The steps taken, and the item as it stands at their end."""

    steps: tuple[Step, ...]
    item: Overlay
    state: State
    due: datetime | None


@dataclass(frozen=True, slots=True)
class Way:
    """One passage in the making: all it needs beside the item. ``form`` is None while it is not filled."""

    flow: Flow
    setting: Setting
    actor: Actor | None
    form: Mapping[str, Any] | None
    new_children: int = 0

    def enter(self, item: ItemView, target: str, effects: tuple[Effect, ...] = ()) -> Passage:
        """The item goes to ``target``, after ``effects``, and on until somebody must act.

        Raises NotAllowed with the sentence when a state on the way cannot be entered, Undecided when a
        branch depends on a form that is not filled.
        """
        states = states_of(self.flow, item.track)
        view, steps, left = over(item), [], item.state
        visited: set[str] = set()
        while True:
            state = states.get(target)
            if state is None or target in visited:
                message = f"Alur '{self.flow.title}' tidak dapat melanjutkan dari '{left}' ke '{target}'."
                raise NotAllowed(f"{message} Laporkan kepada admin kantor.")
            visited.add(target)
            effects = (*effects, *(state.entering(item.track) if left else state.on_enter))
            steps.append(Step(left, target, effects))
            initialled = () if state.route is not None else view.initials
            written = {**changes(effects, self.form or {}), **given(effects, view)}
            view = told(over(view, state=target, initials=initialled), written)
            try:
                further = self._further(view, state)
            except Undecided:
                raise Undecided(tuple(steps)) from None
            if further is None:
                # While the form is not filled, only whether the passage is possible is asked.
                due = self.due(view, state) if self.form is not None else None
                return Passage(tuple(steps), view, state, due)
            left, target, effects = target, further, ()

    def _further(self, view: Overlay, state: State) -> str | None:
        """Where a state that was just entered leads by itself, or None when somebody must act."""
        if state.choose:
            return self._choose(view, state)
        if state.route is not None:
            levels = initials.tiers(self.flow, view, state.route, self.setting)
            return None if initials.turn(state.route, levels, view, self.setting) else state.route.done
        if state.gather is not None:
            waiting = [child for child in view.children if child.outcome is None and child.track == state.gather.track]
            return after_gather(state.gather, ()) if not waiting and not self.new_children else None
        return None

    def _choose(self, view: Overlay, state: State) -> str:
        for branch in state.choose:
            rule = self.flow.rules.get(branch.when) if branch.when is not None else None
            if branch.when is None:
                return branch.to
            if rule is None:
                continue
            if self.form is None and chart(self.flow, view.track).asks(rule.name):
                raise Undecided
            if judging.holds(rule.tree, self.flow, view, self.actor, self.setting, form=self.form):
                return branch.to
        message = f"Tidak ada cabang yang cocok di keadaan '{state.title}'. Laporkan kepada admin kantor."
        raise NotAllowed(message)

    def due(self, view: ItemView, state: State) -> datetime | None:
        """By when the state, or the present level of its route, must be left."""
        return limits.begin(limits.limit(state), view, self.setting.now, self.setting.calendar)


def gathered(gather: Gather, item: ItemView) -> str | None:
    """Where the children of this passage lead their parent, or None while they must be waited for."""
    return after_gather(gather, [child for child in item.children if _of_passage(child, gather, item)])


def after_gather(gather: Gather, children: Iterable[Child]) -> str | None:
    """Where these children lead, or None while they must be waited for.

    Waiting ends when none is open; with ``any`` when one is done, with ``most`` when more than half of
    those not withdrawn are done. It leads to ``done`` when one at least is done.
    """
    counted = [child.outcome for child in children if child.outcome != "withdrawn"]
    done, waiting = counted.count("done"), counted.count(None)
    enough = (gather.until == "any" and done > 0) or (gather.until == "most" and 2 * done > len(counted))
    if waiting and not enough:
        return None
    return gather.done if done else gather.returned


def _of_passage(child: Child, gather: Gather, item: ItemView) -> bool:
    """Whether a child counts now: one that ended before its parent came into this state does not."""
    return child.track == gather.track and (child.outcome is None or child.ended > item.entered)


def outcome(passage: Passage, *, action: str, form: Mapping[str, Any] | None = None) -> Outcome:
    """What the services carry out for a passage that entered a state."""
    state = passage.state
    return Outcome(
        action=action,
        state=state.name,
        entered=True,
        steps=passage.steps,
        form=dict(form or {}),
        initials=passage.item.initials,
        due=passage.due,
        final=state.final,
        outcome=state.outcome,
    )
