"""What may still change around an item: its letter's fields, the items below it, what is entered at an action.

Which changes a rule needs is found in `workflow.repairs`. A change that is offered here can really be made:
by editing in a state that can be reached, by an effect of an act ahead, by reading, by items that move on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.calendar import moment
from intranet_surat.workflow.chart import Chart, chart
from intranet_surat.workflow.literals import Name
from intranet_surat.workflow.model import Field, Flow, Who
from intranet_surat.workflow.model_words import WRITTEN
from intranet_surat.workflow.overlay import used
from intranet_surat.workflow.rules import Children
from intranet_surat.workflow.view import Actor, ItemView, Setting

OTHER = "lain-lain"
_MOST = 12


@dataclass(slots=True, eq=False)
class Spot:
    """One actor before one item. ``stands`` is where the item stands now, when ``item`` shows it further on.

    ``changed`` are the fields of the letter that are no longer as they are now.
    """

    flow: Flow
    item: ItemView
    actor: Actor | None
    setting: Setting
    stands: str
    changed: frozenset[str] = frozenset()


def around(spot: Spot) -> Changing:
    """What may change around a spot."""
    own = chart(spot.flow, spot.item.track)
    top = spot.item.letter
    above = own if spot.item.track is None else chart(spot.flow, None)
    return Changing(spot, own, above, spot.stands if spot.item.track is None else top.state)


class Changing(NamedTuple):
    """What may change around one spot; ``above`` is the chart of its letter, which stands in ``stands``."""

    spot: Spot
    own: Chart
    above: Chart
    stands: str

    def where(self, name: Name) -> tuple[str, ...]:
        """The states to be reached first, because nobody may change the field in the present one."""
        if name[0] != "letter" or not self._entered(name):
            return ()
        states = self._edited(name[1])
        return () if self.stands in states else states

    def values(self, name: Name, words: Sequence[str]) -> list[Any]:
        """What could come to stand in a field of the letter or of the item."""
        if name[0] == "item":
            unread = name[1] == "read" and "read" not in self.spot.item.fields
            return [self.spot.setting.now.isoformat()] if unread else []
        if self._entered(name):
            return [*self.people(name[1]), *_near(words)] if self._edited(name[1]) else []
        return list(dict.fromkeys(self._written(name[1])))

    def answers(self, name: Name, words: Sequence[str], asked: Asked | None) -> list[Any]:
        """What may be entered in a field of the form, so far as it matters for a rule."""
        field = asked.form.fields.get(name[1]) if asked is not None else None
        if asked is None or field is None:
            return [None]
        found = [each for each in _entered(field, words, asked, whole=len(name) == 2) if each is not None]
        return found if field.required or field.default is not None else [*found, None]

    def children(self, test: Children, *, holds: bool) -> bool:
        """Whether the items below, those that are there, can come to where the test is as it should be."""
        below = chart(self.spot.flow, test.track)
        mine = [child for child in self.spot.item.children if child.track == test.track]
        every = (test.quantity == "all") == holds if test.quantity != "no" else holds
        wanted = holds if test.quantity != "no" else not holds
        if test.quantity == "some" and not holds:
            every, wanted = True, False
        can = (self._can(below, child.state, test.state, wanted) for child in mine)
        return all(can) if every else any(can)

    def _can(self, below: Chart, state: str, wanted: str, truth: bool) -> bool:
        for name in below.far(state):
            there = below.states[name]
            fits = there.final == (wanted == "final") if wanted in ("open", "final") else name == wanted
            if fits == truth and not there.choose:
                return True
        return False

    def _entered(self, name: Name) -> bool:
        """Whether people enter the field, not effects."""
        return name[1] not in WRITTEN

    def _edited(self, field: str) -> tuple[str, ...]:
        """The states in which the letter may be edited and from which one still comes to where the rule is asked.

        What an act on the way has written can only be mended behind it.
        """
        target = self.spot.item.state if self.spot.item.track is None else self.stands
        states = self.above.edited_from(self.stands, target)
        if field not in self.spot.changed:
            return states
        now = self.spot.item.letter.fields.get(field)
        for at, effect in self.above.writers(self.stands, field):
            if effect.name == "set" and effect.value[field] == now:
                behind, entering = self.above.far(at), effect in self.above.states[at].on_enter
                states = tuple(each for each in states if each in behind and (entering or each != at))
        return states

    def _written(self, name: str) -> Iterator[Any]:
        target = self.spot.item.state if self.spot.item.track is None else self.stands
        for at, effect in self.above.writers(self.stands, name):
            if target not in self.above.far(at):
                continue
            if effect.name == "set":
                yield effect.value[name]
            elif name == "signed":
                yield effect.value
            elif not effect.voids:
                yield "kode" if name == "print_code" else "1"
            elif not used(self.spot.item):
                yield None

    def people(self, field: str) -> list[str]:
        """Positions that usually stand in a field of the letter: those above the author, and the head."""
        if field not in self.above.people or not self._edited(field):
            return []
        org, found = self.spot.setting.org, list[str]()
        at = org.superior(self.spot.item.letter.author)
        while at is not None and at not in found and len(found) < _MOST // 2:
            found.append(at)
            at = org.superior(at)
        head = org.head(self.spot.item.office)
        return [*found, *([head] if head and head not in found else [])]


def _near(words: Sequence[str]) -> list[Any]:
    """Texts that a test of these words may tell apart: they, their neighbours, something else, nothing."""
    found: list[Any] = []
    for word in words[:_MOST]:
        found.append(word)
        found.extend(_days(word))
    found.extend((OTHER, None))
    return [*found, list(words)] if len(words) > 1 else found


def _days(word: str) -> list[str]:
    """The day, or the moment, before and after one that is told as text."""
    found = moment(word) if word[:4].isdigit() else None
    if found is None:
        return []
    return [(found + step).isoformat() for step in (timedelta(days=-1), timedelta(days=1))]


def _entered(field: Field, words: Sequence[str], asked: Asked, *, whole: bool) -> list[Any]:
    """Values that a field of the form takes."""
    if not whole:
        return _near(words)
    match field.type:
        case "yes-no":
            return [True, False]
        case "choice" | "choices":
            known = asked.words(field)
            some = [each for each in words if each in known] + list(known)[:_MOST]
            return [*some, list(dict.fromkeys(some))] if field.type == "choices" and len(some) > 1 else some
        case "position" | "positions":
            people = asked.candidates(field) if isinstance(field.source, Who) else ()
            return [each for each in words if each in people] + list(people)[:_MOST]
        case "date":
            days = [day for word in words for day in (word, *_days(word)) if moment(day) is not None]
            return [each[:10] for each in days] or [asked.setting.now.date().isoformat()]
        case "deadline":
            clock, now = asked.setting.calendar, asked.setting.now
            most = field.at_most
            latest = clock.after(now, most.amount, most.unit) if most is not None else None
            found = [
                clock.after(now, amount, unit) for amount, unit in ((1, "hours"), (1, "working days"), (60, "days"))
            ]
            found.extend([latest] if latest is not None else [])
            return [each.isoformat() for each in found if each > now and (latest is None or each <= latest)]
        case "file" | "files":
            return [{"sha256": "", "filename": ""}]
        case _:
            return [each for each in _near(words) if isinstance(each, str)]
