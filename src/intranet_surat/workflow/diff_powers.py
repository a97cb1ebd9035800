"""Powers gained and lost, put together for reading: whole kinds of posts, states and levels in one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from intranet_surat.workflow.chart import deeds
from intranet_surat.workflow.check_parts import machines
from intranet_surat.workflow.matrix import ACTED, EDITS, ESCALATED, KNOWS, PAPER, SEES, STAND_IN, Power
from intranet_surat.workflow.matrix_letters import Ground
from intranet_surat.workflow.matrix_scope import Spot
from intranet_surat.workflow.model import Flow
from intranet_surat.workflow.tell_words import listed, place, quote, words
from intranet_surat.workflow.view import Org

_MOST_NAMES = 3
_ACTED = "yang pernah bertindak"
_LEVELS = {"B": "biasa", "T": "terbatas", "R": "rahasia", "SR": "sangat rahasia"}
_OPEN = ("B", "T")


@dataclass(frozen=True, slots=True)
class Group:
    """Positions that gain or lose the same.

    ``who`` are the kinds of posts with how many of each, ``persons`` how many people hold them today; ``states`` and
    ``action`` are written as in `matrix.Power`, ``shown`` are the titles of both. ``text`` says it all.
    """

    gained: bool
    who: tuple[tuple[str, int], ...]
    positions: tuple[str, ...]
    persons: int
    states: tuple[str, ...]
    action: str
    levels: tuple[str, ...]
    how: str
    shown: tuple[str, str]
    text: str


def grouped(
    a: Flow,
    b: Flow,
    names: Mapping[Spot, str],
    gained: Iterable[Power],
    lost: Iterable[Power],
    ground: Ground,
) -> tuple[Group, ...]:
    """The powers as lines for people, losses first; ``names`` are the states of ``a`` that ``b`` calls otherwise."""
    titles = {**_titles(a, names), **_titles(b, {})}
    lines = [
        _group(key, who, titles, ground, gained=yes)
        for yes, powers in ((False, lost), (True, gained))
        for key, who in _together(powers).items()
    ]
    return tuple(sorted(lines, key=lambda each: (each.gained, each.states, each.action, each.text)))


_Key = tuple[tuple[str, ...], str, tuple[str, ...], str]


def _together(powers: Iterable[Power]) -> dict[_Key, frozenset[str]]:
    """(states, action, levels, how) -> positions: levels, and states of the same sight, with the same positions."""
    single: dict[tuple[str, str, str, str], set[str]] = {}
    for power in sorted(powers):
        single.setdefault((power.state, power.action, power.how, power.level), set()).add(power.position)
    levels: dict[tuple[str, str, str, frozenset[str]], list[str]] = {}
    for (state, action, how, level), who in single.items():
        levels.setdefault((state, action, how, frozenset(who)), []).append(level)
    states: dict[tuple[str, str, tuple[str, ...], frozenset[str], str], list[str]] = {}
    for (state, action, how, who_all), some in levels.items():
        own = levels.get((state, action, "", who_all)) == some
        if how == STAND_IN and own:
            continue  # whoever stands in gains and loses with the one he stands in for
        alone = "" if action in (SEES, KNOWS, EDITS) else state
        states.setdefault((action, how, tuple(some), who_all, alone), []).append(state)
    return {(tuple(found), action, some, how): who_all for (action, how, some, who_all, _), found in states.items()}


def _group(key: _Key, positions: frozenset[str], titles: _Titles, ground: Ground, *, gained: bool) -> Group:
    states, action, levels, how = key
    held = {person for each in positions if each != ACTED for person in ground.org.persons(each)}
    who = kinds(positions, ground.org)
    where = listed(titles.get((state, ""), quote(state)) for state in states)
    what = next((titles[state, action] for state in states if (state, action) in titles), action)
    people = _people(who, len(held))
    text = _said(people, what, action, how, gained=gained)
    letters = _letters(levels, tuple(ground.sight))
    return Group(
        gained, who, tuple(sorted(positions)), len(held), states, action, levels, how, (where, what),
        f"{text[:1].upper()}{text[1:]}{letters} di {where}",
    )  # fmt: skip


def _said(people: str, what: str, action: str, how: str, *, gained: bool) -> str:
    can = "kini" if gained else "tidak lagi"
    if how == STAND_IN:
        people = f"pengganti {people}"
    late = "bila lewat batas, " if how == ESCALATED else ""
    if action == SEES:
        return f"{late}{people} {can} melihat"
    if action == KNOWS:
        return f"{late}{people} {can} mengetahui adanya (tanpa hal)"
    if action == EDITS:
        return f"{late}{people} {can} mengubah naskah"
    verb = f"memasukkan {what} dari kertas untuk" if how == PAPER else f"melakukan {what} pada"
    return f"{late}{people} {can} dapat {verb}"


def _letters(levels: tuple[str, ...], every: tuple[str, ...]) -> str:
    """On which letters: nothing more is said where it is all of them."""
    kept = tuple(each for each in every if each in levels)
    if kept == every:
        return " surat"
    if kept == tuple(each for each in every if each in _OPEN):
        return " surat yang tidak rahasia"
    return f" surat {listed(_LEVELS.get(each, each) for each in kept)}"


_Titles = Mapping[tuple[str, str], str]


def _titles(flow: Flow, names: Mapping[Spot, str]) -> dict[tuple[str, str], str]:
    """(state, action) -> the action's title; (state, "") -> the state's, as `matrix.Power` writes them."""
    found: dict[tuple[str, str], str] = {}
    for machine in machines(flow):
        for state in machine.states.values():
            name = names.get((machine.track, state.name), state.name)
            key = name if machine.track is None else f"{machine.track}.{name}"
            shown = place(flow, machine.track, state.name)
            found[key, ""] = shown if machine.track is None else f"{shown} (jalur {words(machine.track)})"
            found.update({(key, deed.action.name): quote(deed.action.title) for deed in deeds(state)})
    return found


def kinds(positions: Iterable[str], org: Org) -> tuple[tuple[str, int], ...]:
    """The posts by kind, with how many of each: those whose titles begin with the same two words are one kind."""
    groups: dict[str, list[str]] = {}
    for each in sorted(positions):
        title = _ACTED if each == ACTED else org.title(each) or each
        groups.setdefault(" ".join(title.split()[:2]), []).append(title)
    found = [(titles[0] if len(set(titles)) == 1 else kind, len(titles)) for kind, titles in groups.items()]
    return tuple(sorted(found))


def _people(who: tuple[tuple[str, int], ...], persons: int) -> str:
    """Who it is: by name, or where they are many how many people, with some of them by name."""
    names = [f"{name} ({number})" if number > 1 else name for name, number in who if name != _ACTED]
    if len(names) > _MOST_NAMES:
        some = [*names[: _MOST_NAMES - 1], f"{len(names) - _MOST_NAMES + 1} jenis jabatan lain"]
        names = [f"{persons} orang ({listed(some)})"]
    return listed([*names, *([_ACTED] if any(name == _ACTED for name, _ in who) else [])])
