"""What would have to be different for rules to hold: which fields, which items below, or another person.

A rule is taken apart into the ways in which it can come true; of each way every test is met or not, and what
is not met can be changed, or cannot any more. Fields are tried with real values, so that two tests on one
field never contradict each other in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations, islice, product
from typing import Any, NamedTuple

from intranet_surat.workflow import judging
from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.changing import Changing, Spot, around
from intranet_surat.workflow.literals import Literal, Name, Test, Way
from intranet_surat.workflow.overlay import over, told
from intranet_surat.workflow.rules import Among, Away, Children
from intranet_surat.workflow.view import ItemView, Make, content

_MOST_TRIALS = 2000
_MOST_FIELDS = 3  # fields changed together
_NOTHING = object()

Suits = Callable[[ItemView], bool]
"""Whether a deed may be done on an item as it would be."""


class Gap(NamedTuple):
    """What is missing: things to make true, another person (``mine``), or nothing that could ever help (``never``)."""

    says: str = ""
    make: tuple[Make, ...] = ()
    mine: bool = False
    never: str = ""


def repair(
    some: Sequence[Way], spot: Spot, *, asked: Asked | None, form: Mapping[str, Any] | None, says: str
) -> Gap | None:
    """The least that must change for one of these ways to hold; None when one holds already.

    What will be entered at the action is free while ``form`` is None, within what the fields of ``asked`` take.
    """
    changing = around(spot)
    best: Gap | None = None
    for way in some:
        gap = _Values(way, changing, asked, form).gap(says)
        if gap is None:
            return None
        if best is None or _weight(gap) < _weight(best):
            best = gap
    return best or Gap(says, never=f"Syarat ini tidak pernah dapat dipenuhi: {says}")


def answers(some: Sequence[Way], spot: Spot, asked: Asked) -> dict[Name, Any] | None:
    """What may be entered at the action so that its rules hold as things are; None when nothing does."""
    changing = around(spot)
    for way in some:
        looked = _Values(way, changing, asked, None)
        found = looked.entered() if all(map(looked.holds, way.others)) else None
        if found is not None:
            return found
    return None


def agreed(some: tuple[Make, ...], needs: Sequence[Way], spot: Spot, suits: Suits) -> tuple[Make, ...] | None:
    """Changes that are needed at once, each field with one value that suits all, and the deed; None when none does.

    ``needs`` are the ways of the deed's own rules: its words are tried as values besides what was found.
    """
    fields: dict[str, list[Make]] = {}
    for make in some:
        if make.what == "field":
            fields.setdefault(make.of, []).append(make)

    def fits(values: Mapping[str, Any]) -> bool:
        after = _with(spot.item, values)
        met = (_meets(make, values[make.of], after, spot) for mine in fields.values() for make in mine)
        return all(met) and suits(after)

    found = {name: mine[-1].value["example"] for name, mine in fields.items()}
    if not fits(found):
        domains = [[make.value["example"] for make in reversed(mine)] for mine in fields.values()]
        for domain, (name, mine) in zip(domains, fields.items(), strict=True):
            root, *path = name.split(".")
            domain.extend(around(spot).values((root, *path), _words(mine, needs, spot)))
        tried = (dict(zip(fields, values, strict=True)) for values in islice(product(*domains), _MOST_TRIALS))
        suiting = next(filter(fits, tried), None)
        if suiting is None:
            return None
        found = suiting
    return tuple(
        make._replace(value={**make.value, "example": found[make.of]}) if make.what == "field" else make
        for make in some
    )


def _meets(make: Make, value: Any, after: ItemView, spot: Spot) -> bool:
    """Whether a value is as a change wants it; its own example always is."""
    clock = spot.setting.calendar
    return value == make.value["example"] or all(
        make.of not in test["values"]
        and judging.compared(test["op"], value, [_right(each, after) for each in test["values"]], clock)
        == test["holds"]
        for test in make.value["tests"]
    )


def _with(item: ItemView, values: Mapping[str, Any]) -> ItemView:
    """The item with these fields of its letter, told by their dotted names."""
    return told(
        over(item), {name.removeprefix("letter."): value for name, value in values.items() if name[:7] == "letter."}
    )


def _right(word: Any, item: ItemView) -> Any:
    """What a test of a remedy compares with: a word, or what stands in the field that it names."""
    root, *path = word.split(".") if isinstance(word, str) else ("",)
    return content(item, {}, root, path) if path and root in ("letter", "item") else word


def _words(mine: Iterable[Make], needs: Sequence[Way], spot: Spot) -> list[str]:
    """The words that tests of a field know: those of what must change, and those of the deed's own rules."""
    own = [test["values"] for make in mine for test in make.value["tests"]]
    every = [*own, *([*map(_word, test.rights)] for way in needs for test in way.tests)]
    rights = (_right(each, spot.item) for values in every for each in values)
    return list(dict.fromkeys(one for one in rights if isinstance(one, str) and one))


def _weight(gap: Gap) -> tuple[bool, bool, int]:
    return bool(gap.never), gap.mine, len(gap.make)


class _Values:
    """One way before one spot: the values that its fields have and could have, and the fewest changes that meet it."""

    def __init__(self, way: Way, changing: Changing, asked: Asked | None, form: Mapping[str, Any] | None) -> None:
        self.way = way
        self.changing = changing
        self.spot = spot = changing.spot
        self.asked = asked
        self.form = form
        self.now = {name: content(spot.item, form or {}, name[0], name[1:]) for name in way.of}
        self.domains: dict[Name, Sequence[Any]] = {}

    def holds(self, literal: Literal) -> bool:
        """Whether a test about no field is as it should be."""
        spot = self.spot
        return judging.holds(literal.test, spot.flow, spot.item, spot.actor, spot.setting, form=self.form) == (
            literal.holds
        )

    def gap(self, says: str) -> Gap | None:
        """What the way lacks; None when nothing does."""
        mine, make = False, list[Make]()
        for literal in self.way.others:
            test = literal.test
            if self.holds(literal):
                continue
            if isinstance(test, Among):
                mine = True
            elif isinstance(test, Away):
                told = f"Hanya selama penyedia tanda tangan {'padam' if literal.holds else 'menjawab'}."
                make.append(Make("provider", "away", {"holds": literal.holds}, told))
            elif isinstance(test, Children) and self.changing.children(test, holds=literal.holds):
                value: dict[str, Any] = {"quantity": test.quantity, "state": test.state, "holds": literal.holds}
                make.append(Make("children", test.track, value, says))
            else:
                return Gap(says, never=f"Syarat ini tidak dapat dipenuhi lagi: {says}")
        changed = self.least()
        if changed is None:
            return Gap(says, never=f"Syarat ini tidak dapat dipenuhi lagi: {says}")
        make.extend(self.told(name, value, says) for name, value in changed.items())
        return Gap(says, tuple(make), mine) if make or mine else None

    def told(self, name: Name, value: Any, says: str) -> Make:
        """That a field must change so, with all that is asked of it."""
        tests = [
            {"op": test.op, "values": [_word(each) for each in test.rights], "holds": test.holds}
            for test in self.way.of[name]
        ]
        found: dict[str, Any] = {"tests": tests, "example": value}
        where = self.changing.where(name) if name[0] != "form" else ()
        if where:
            found["in"] = list(where)
        return Make("answer" if name[0] == "form" else "field", ".".join(name), found, says)

    def least(self) -> dict[Name, Any] | None:
        """The changes, none when all tests are met already; None when no change meets them."""
        free = [name for name in self.now if name[0] == "form" and self.form is None]
        if self.way.apart:
            return self.least_apart(free)
        if not free and self.met(self.now):
            return {}
        fixed = [name for name in self.now if name not in free]
        trials = 0
        for number in range(min(len(fixed), _MOST_FIELDS) + 1):
            for chosen in combinations(fixed, number):
                domains = [self.known(name) for name in (*chosen, *free)]
                for values in product(*domains):
                    trials += 1
                    if trials > _MOST_TRIALS:
                        return None
                    tried = self.now | dict(zip((*chosen, *free), values, strict=True))
                    if self.met(tried):
                        return {name: tried[name] for name in chosen}
        return None

    def least_apart(self, free: Sequence[Name]) -> dict[Name, Any] | None:
        """The same where no test is about two fields: each is looked at alone."""
        found: dict[Name, Any] = {}
        for name, tests in self.way.of.items():
            if name not in free and self.answer(tests, self.now):
                continue
            values = (value for value in self.known(name) if self.answer(tests, {name: value}))
            value = next(values, _NOTHING)
            if value is _NOTHING:
                return None
            if name not in free:
                found[name] = value
        return found

    def entered(self) -> dict[Name, Any] | None:
        """Answers with which all tests are met while nothing else changes."""
        free = [name for name in self.now if name[0] == "form"]
        for values in islice(product(*map(self.known, free)), _MOST_TRIALS):
            found = dict(zip(free, values, strict=True))
            if self.met(self.now | found):
                return found
        return None

    def met(self, values: Mapping[Name, Any]) -> bool:
        """Whether all tests about fields are as they should be with these values."""
        return self.answer(self.way.tests, values)

    def answer(self, tests: Iterable[Test], values: Mapping[Name, Any]) -> bool:
        """Whether these tests are."""
        clock = self.spot.setting.calendar
        for test in tests:
            rights = [values[each] if isinstance(each, tuple) else each for each in test.rights]
            if judging.compared(test.op, values[test.left], rights, clock) != test.holds:
                return False
        return True

    def known(self, name: Name) -> Sequence[Any]:
        """What could stand in a field instead."""
        if name not in self.domains:
            beside: list[Any] = []
            for test in self.way.of[name]:
                for each in (test.left, *test.rights):
                    found = each if isinstance(each, str) else self.now[each]
                    if isinstance(found, list | tuple):
                        beside.extend(found)
                    else:
                        beside.append(found)
            words = list(dict.fromkeys([str(each) for each in beside if each]))
            entered = name[0] == "form"
            self.domains[name] = (
                self.changing.answers(name, words, self.asked) if entered else self.changing.values(name, words)
            )
        return self.domains[name]


def _word(value: str | Name) -> str:
    return value if isinstance(value, str) else ".".join(value)
