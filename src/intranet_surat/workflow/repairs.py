"""What would have to be different for rules to hold: which fields, which items below, or another person.

A rule is taken apart into the ways in which it can come true; of each way every test is met or not, and what
is not met can be changed, or cannot any more. Fields are tried with real values, so that two tests on one
field never contradict each other in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice, product
from typing import Any

from intranet_surat.workflow import judging
from intranet_surat.workflow.answers import Asked
from intranet_surat.workflow.changing import Changing, Name, Spot, around
from intranet_surat.workflow.literals import Literal, Ways
from intranet_surat.workflow.overlay import over, told
from intranet_surat.workflow.rules import Among, Children, Compare, Ref
from intranet_surat.workflow.view import ItemView, Make

_MOST_TRIALS = 2000
_MOST_FIELDS = 3  # fields changed together

Suits = Callable[[ItemView], bool]
"""Whether a deed may be done on an item as it would be."""


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


def agreed(some: tuple[Make, ...], needs: Ways, spot: Spot, suits: Suits) -> tuple[Make, ...] | None:
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
        replace(make, value={**make.value, "example": found[make.of]}) if make.what == "field" else make
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
    if not path or root not in ("letter", "item"):
        return word
    found: Any = item.letter.fields if root == "letter" else item.fields
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _words(mine: Iterable[Make], needs: Ways, spot: Spot) -> list[str]:
    """The words that tests of a field know: those of what must change, and those of the deed's own rules."""
    own = [test["values"] for make in mine for test in make.value["tests"]]
    every = [*own, *(literal.test.values for way in needs for literal in way if isinstance(literal.test, Compare))]
    rights = (_right(_word(each), spot.item) for values in every for each in values)
    return list(dict.fromkeys(one for one in rights if isinstance(one, str) and one))


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
