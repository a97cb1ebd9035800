"""An item as it would be: what an act has changed so far, seen by the steps that follow in the same act."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from intranet_surat.workflow.model import Effect, Flow, State
from intranet_surat.workflow.view import Child, Done, Initial, ItemView


@dataclass
class Overlay:
    """An `ItemView` of plain values. ``base`` is the letter of a child, None for a letter.

    Only `over` writes into one, before anybody else sees it: it is made many times for each answer, and a frozen
    class, or one with slots, takes four times as long.
    """

    id: str
    office: str
    kind: str
    track: str | None
    state: str
    entered: int
    version: int
    fields: Mapping[str, Any]
    author: str
    holder: str | None
    giver: str | None
    base: ItemView | None
    children: Sequence[Child]
    acts: Sequence[Done]
    initials: tuple[Initial, ...]
    since: datetime | None
    due: datetime | None
    limit_since: datetime | None
    paused_since: datetime | None
    pauses: tuple[tuple[datetime, datetime], ...]
    assigned: tuple[str, ...]
    told: tuple[str, ...]
    held: tuple[str, ...]

    @property
    def letter(self) -> ItemView:
        """The letter of a child; the letter itself for a letter."""
        return self if self.base is None else self.base


_READ = tuple(each.name for each in fields(Overlay) if each.name != "base")


def over(item: ItemView, **changed: Any) -> Overlay:
    """The item as it is, but for what is told."""
    view = Overlay.__new__(Overlay)
    if isinstance(item, Overlay):
        view.__dict__.update(item.__dict__, **changed)
        return view
    view.__dict__.update({name: getattr(item, name) for name in _READ})
    view.__dict__.update({"base": None if item.track is None else item.letter, **changed})
    return view


def new_child(parent: ItemView, track: str, holder: str, giver: str, fields: Mapping[str, Any]) -> Overlay:
    """A child of ``parent`` that is about to be made and stands in no state yet."""
    return over(
        parent,
        id="",
        track=track,
        state="",
        entered=-1,
        version=1,
        fields=fields,
        holder=holder,
        giver=giver,
        base=parent.letter,
        children=(),
        initials=(),
        since=None,
        due=None,
        limit_since=None,
        paused_since=None,
        pauses=(),
        assigned=(),
        told=(),
        held=(),
    )


def told(item: Overlay, values: Mapping[str, Any]) -> Overlay:
    """The item with these fields of its letter changed."""
    if not values:
        return item
    if item.base is None:
        return over(item, fields={**item.fields, **values})
    return over(item, base=over(item.base, fields={**item.base.fields, **values}))


def changes(effects: Iterable[Effect], form: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of the letter that these effects change at once: those of ``set`` and ``signed``.

    ``form.x`` takes what was entered.
    """
    values: dict[str, Any] = {}
    for effect in effects:
        if effect.name == "set":
            for name, value in effect.value.items():
                values[name] = form.get(value.removeprefix("form.")) if value.startswith("form.") else value
        elif effect.name == "signed":
            values["signed"] = effect.value
    return values


USED = "number_used"
"""Beside the fields of a letter that is looked at further on: its number was signed under on the way."""


def used(item: ItemView) -> bool:
    """Whether something was signed under the letter's number: it stays its own, also when the file is given up."""
    return bool(item.letter.fields.get(USED)) or any(act.used for act in item.acts)


def given(effects: Iterable[Effect], item: ItemView) -> dict[str, Any]:
    """The number and the code of a print as these effects leave them: a branch behind the act sees that they are there.

    Their words are made when the act is carried out; what stood there before stays, and so does a number once signed.
    """
    fields, values = item.letter.fields, dict[str, Any]()
    for effect in effects:
        name = effect.writes
        if name == "signed":
            values.update({USED: True} if effect.value and values.get("number", fields.get("number")) else {})
        elif effect.voids:
            values.update({} if USED in values or used(item) else {"number": None})
        elif name is not None:
            values[name] = values.get(name, fields.get(name)) or ("kode" if name == "print_code" else "1")
    return values


def states_of(flow: Flow, track: str | None) -> Mapping[str, State]:
    """The states of the letter, or those of a track; none for a track that the flow does not know."""
    if track is None:
        return flow.states
    return flow.tracks[track].states if track in flow.tracks else {}


def state_of(flow: Flow, item: ItemView) -> State:
    """The state in which the item stands; an empty one when the flow does not know it."""
    return states_of(flow, item.track).get(item.state) or State(item.state, item.state)


def start_of(flow: Flow, track: str | None) -> str:
    """The name of the state in which a letter, or a child of a track, begins."""
    states = states_of(flow, track)
    return next((name for name, state in states.items() if state.start), next(iter(states), ""))
