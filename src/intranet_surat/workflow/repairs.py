"""What would have to be different for rules to hold: which fields, which items below, or another person.

A rule is taken apart into the ways in which it can come true; of each way every test is met or not, and what
is not met can be changed, or cannot any more. Fields are tried with real values, so that two tests on one
field never contradict each other in silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, product
from typing import Any

from intranet_surat.workflow import judging
from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.changing import Changing, Name, Spot, around
from intranet_surat.workflow.literals import Literal, Ways
from intranet_surat.workflow.rules import Among, Children, Compare, Ref
from intranet_surat.workflow.view import Clock, Make

_MOST_TRIALS = 2000
_MOST_FIELDS = 3  # fields changed together


@dataclass(frozen=True, slots=True)
class Gap:
    """What is missing: things to make true, another person (``mine``), or nothing that could ever help (``never``)."""

    says: str = ""
    make: tuple[Make, ...] = ()
    mine: bool = False
    never: str = ""


def repair(some: Ways, spot: Spot, *, asked: Asked | None, form: Mapping[str, Any] | None, says: str) -> Gap | None:
    """The least that must change for one of these ways to hold; None when one holds already.

    What will be entered at the action is free while ``form`` is None, within what the fields of ``asked`` take.
    """
    best: Gap | None = None
    for way in some:
        gap = _gap(way, spot, asked, form, says)
        if gap is None:
            return None
        if best is None or _weight(gap) < _weight(best):
            best = gap
    return best or Gap(says, never=f"Syarat ini tidak pernah dapat dipenuhi: {says}")


def answers(some: Ways, spot: Spot, asked: Asked) -> dict[Name, Any] | None:
    """What may be entered at the action so that its rules hold as things are; None when nothing does."""
    for way in some:
        others = (each for each in way if not isinstance(each.test, Compare))
        if all(
            judging.holds(each.test, spot.flow, spot.item, spot.actor, spot.setting) == each.holds for each in others
        ):
            found = _Values(way, around(spot), asked, None).entered()
            if found is not None:
                return found
    return None


def agreed(some: tuple[Make, ...], clock: Clock) -> tuple[Make, ...] | None:
    """Changes that are needed at once, those of one field with one value that suits all; None when none does."""
    found = list(some)
    for name in {make.of for make in some if make.what == "field"}:
        mine = [make for make in some if make.what == "field" and make.of == name]
        tests = [test for make in mine for test in make.value["tests"]]
        values = [make.value["example"] for make in mine]
        if all(value == values[0] for value in values):
            continue
        value = [each for each in values if all(_meets(each, test, clock) for test in tests)]
        if not value:
            return None
        found = [
            replace(make, value={**make.value, "example": value[-1]})
            if make.what == "field" and make.of == name
            else make
            for make in found
        ]
    return tuple(found)


def _meets(value: Any, test: Mapping[str, Any], clock: Clock) -> bool:
    return judging.compared(test["op"], value, test["values"], clock) == test["holds"]


def _weight(gap: Gap) -> tuple[bool, bool, int]:
    return bool(gap.never), gap.mine, len(gap.make)


def _gap(
    way: tuple[Literal, ...], spot: Spot, asked: Asked | None, form: Mapping[str, Any] | None, says: str
) -> Gap | None:
    """What one way lacks."""
    mine, make = False, list[Make]()
    changing = around(spot)
    fields: list[Literal] = []
    for literal in way:
        test = literal.test
        if isinstance(test, Compare):
            fields.append(literal)
        elif judging.holds(test, spot.flow, spot.item, spot.actor, spot.setting, form=form) == literal.holds:
            continue
        elif isinstance(test, Among):
            mine = True
        elif isinstance(test, Children) and changing.children(test, holds=literal.holds):
            value: dict[str, Any] = {"quantity": test.quantity, "state": test.state, "holds": literal.holds}
            make.append(Make("children", test.track, value, says))
        else:
            return Gap(says, never=f"Syarat ini tidak dapat dipenuhi lagi: {says}")
    changed = _Values(fields, changing, asked, form).least()
    if changed is None:
        return Gap(says, never=f"Syarat ini tidak dapat dipenuhi lagi: {says}")
    make.extend(_field(name, value, fields, changing, says) for name, value in changed.items())
    return Gap(says, tuple(make), mine) if make or mine else None


def _field(name: Name, value: Any, fields: Iterable[Literal], changing: Changing, says: str) -> Make:
    tests = [
        {"op": each.test.op, "values": [_word(one) for one in each.test.values], "holds": each.holds}
        for each in fields
        if isinstance(each.test, Compare) and name in _names(each.test, changing)
    ]
    what = "answer" if name[0] == "form" else "field"
    where = changing.where(name) if what == "field" else ()
    told: dict[str, Any] = {"tests": tests, "example": value}
    return Make(what, ".".join(name), told | ({"in": list(where)} if where else {}), says)


def _word(value: str | Ref) -> str:
    return f"{value.root}.{'.'.join(value.path)}" if isinstance(value, Ref) else value


def _names(test: Compare, changing: Changing) -> tuple[Name, ...]:
    return tuple(changing.name(ref) for ref in (test.left, *test.values) if isinstance(ref, Ref))


class _Values:
    """The values that fields have and could have; looks for the fewest changes that meet all tests."""

    def __init__(
        self, tests: Sequence[Literal], changing: Changing, asked: Asked | None, form: Mapping[str, Any] | None
    ) -> None:
        self.changing = changing
        self.asked = asked
        self.form = form
        self.tests = [(each.test, each.holds) for each in tests if isinstance(each.test, Compare)]
        self.domains: dict[Name, Sequence[Any]] = {}
        self.now: dict[Name, Any] = {}
        for test, _ in self.tests:
            for ref in (test.left, *test.values):
                if isinstance(ref, Ref):
                    self.now[changing.name(ref)] = judging.value(ref, changing.spot.item, form or {})

    def least(self) -> dict[Name, Any] | None:
        """The changes, none when all tests are met already; None when no change meets them."""
        free = [name for name in self.now if name[0] == "form" and self.form is None]
        if not free and self.met(self.now):
            return {}
        fixed = [name for name in self.now if name not in free]
        trials = 0
        for count in range(min(len(fixed), _MOST_FIELDS) + 1):
            for chosen in combinations(fixed, count):
                domains = [self.known(name) for name in (*chosen, *free)]
                for values in product(*domains):
                    trials += 1
                    if trials > _MOST_TRIALS:
                        return None
                    tried = self.now | dict(zip((*chosen, *free), values, strict=True))
                    if self.met(tried):
                        return {name: tried[name] for name in chosen}
        return None

    def entered(self) -> dict[Name, Any] | None:
        """Answers with which all tests are met while nothing else changes."""
        free = [name for name in self.now if name[0] == "form"]
        for values in islice(product(*(self.domain(name) for name in free)), _MOST_TRIALS):
            found = dict(zip(free, values, strict=True))
            if self.met(self.now | found):
                return found
        return None

    def met(self, values: Mapping[Name, Any]) -> bool:
        """Whether all tests are as they should be with these values."""
        clock = self.changing.spot.setting.calendar
        for test, holds in self.tests:
            rights = [values[self.changing.name(each)] if isinstance(each, Ref) else each for each in test.values]
            if judging.compared(test.op, values[self.changing.name(test.left)], rights, clock) != holds:
                return False
        return True

    def known(self, name: Name) -> Sequence[Any]:
        """The same, found once."""
        if name not in self.domains:
            self.domains[name] = self.domain(name)
        return self.domains[name]

    def domain(self, name: Name) -> Sequence[Any]:
        """What could stand in a field instead."""
        words: list[str] = []
        for test, _ in self.tests:
            if name not in _names(test, self.changing):
                continue
            for each in (test.left, *test.values):
                beside = self.now[self.changing.name(each)] if isinstance(each, Ref) else each
                words.extend(str(one) for one in (beside if isinstance(beside, list | tuple) else [beside]) if one)
        words = list(dict.fromkeys(words))
        if name[0] == "form":
            return self.changing.answers(name, words, self.asked)
        return self.changing.values(name, words)
