"""Small random flows, and all that can happen in them by brute force: what `workflow.promises` is measured by."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from intranet_surat.errors import NotAllowed
from intranet_surat.workflow import engine, judging
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.model import Flow, Promise
from intranet_surat.workflow.promises import decide
from intranet_surat.workflow.promises_story import Played, edited, words
from intranet_surat.workflow.walking import after, situation, ways

VALUES = {"security": (None, "B", "R"), "scan": (None, "ada"), "classification": ("lain", "9.1"), "mark": (None, "ya")}
"""The values of a letter's fields that the rules below can tell apart."""

BUDGET = 20_000
"""Cases looked at for one random flow; the largest of them stay undecided."""

HEAD = """\
flow: surat/1
id: uji
version: 1
title: Uji
applies_to: {direction: keluar}
calendar: hari-kerja
"""

_RULES = {
    "biasa": "letter.security is B",
    "rahasia": "letter.security in [R]",
    "bukan_rahasia": "not rahasia",
    "berkas": "letter.scan is present",
    "uang": "letter.classification under 9",
    "bernomor": "letter.number is present",
    "bertanda": "letter.signed is not none and letter.signed is present",
    "ditandai": "letter.mark is ya",
    "pilihan": "form.pilih is satu",
    "lain_orang": "actor not among actors of s0",
    "kosong": "no tugas is open",
    "ada_selesai": "some tugas is beres",
}
_ALONE = tuple(_RULES)[:-2]
_NEVERS = (
    "bernomor", "bertanda and rahasia", "ditandai", "uang and not berkas", "some tugas is open", "some tugas is beres",
    "all tugas is final", "letter.signed is none", "ditandai and bernomor", "kosong and biasa",
)  # fmt: skip


def random_flow(seed: int) -> Flow:
    """A flow of four to six states, often with a track, and three promises about it."""
    dice = random.Random(seed)
    names = [f"s{number}" for number in range(dice.randint(3, 5))]
    ends = ["akhir", "batal"]
    track = dice.random() < 0.6
    lines = [
        "cast: {a: author, b: role b of office, c: position c of office, h: holder of item}",
        "rules:",
        "RULES",
        "forms:",
        "  tanya: {pilih: {type: choice, of: kata, required: true}}",
        "  bagi: {kepada: {type: positions, from: staff under actor, required: true}}",
        "states:",
    ]
    for number, name in enumerate(names):
        lines += [
            f"  {line}"
            for line in _state(
                dice, name, [*names, *ends], (not number or dice.random() < 0.5) if track else None, not number
            )
        ]
    lines += ["  akhir: {final: true}", "  batal: {final: true}"]
    if track:
        lines += ["tracks:", "  tugas:", "    states:"]
        lines += [f"      {line}" for line in _track(dice)]
    state = dice.choice([*names, *ends])
    never = dice.choice(
        _NEVERS if track else [each for each in _NEVERS if "tugas" not in each and "kosong" not in each]
    )
    targets = " or ".join(dice.sample([*names[1:], *ends], dice.randint(1, 2)))
    lines += [
        "promises:",
        f"  - {{never: state is {state} and {never}, says: Satu.}}",
        f"  - {{never: state is {dice.choice([*names[1:], *ends])}, says: Dua.}}",
        f"  - {{always_possible: {targets}}}",
    ]
    text = "\n".join(lines)
    used = {name for name in _RULES if re.search(rf"\b{name}\b", text)} | {"biasa"}
    used |= {"rahasia"} if "bukan_rahasia" in used else set()
    rules = (f'  {name}: {{if: "{rule}", says: Tidak boleh.}}' for name, rule in _RULES.items() if name in used)
    return load(HEAD + text.replace("RULES", "\n".join(rules)) + "\n", "acak.yaml")


def _state(dice: random.Random, name: str, targets: list[str], gathers: bool | None, first: bool) -> Iterator[str]:
    to = [each for each in targets if each != name]
    yield f"{name}:"
    if first:
        yield "  start: true"
    kind = dice.random()
    if gathers and not first and kind < 0.6:
        until = dice.choice(("all", "any", "most"))
        yield f"  gather: {{track: tugas, until: {until}, done: {dice.choice(to)}, returned: {dice.choice(to)}}}"
    elif not first and kind < 0.25:
        yield "  choose:"
        yield f"    - {{when: {dice.choice(('rahasia', 'berkas', 'uang', 'bernomor', 'ditandai'))}, to: {dice.choice(to)}}}"
        yield f"    - {{else: true, to: {dice.choice(to)}}}"
        return
    elif not first and kind < 0.4:
        yield "  sign:"
        yield "    act: teken_" + name
        yield "    by: c"
        yield f"    prepare: {{act: siap_{name}, do: [{{number: seri}}, {{freeze: file}}]}}"
        yield "    with: {method: pades}"
        yield f"    reject: {{act: tolak_{name}, do: [{{number: void}}], to: {dice.choice(to)}}}"
        yield f"    done: {dice.choice(to)}"
    if dice.random() < 0.25:
        yield "  edit: a"
    yield "  actions:"
    for number in range(dice.randint(1, 3)):
        parts = [f"by: {dice.choice('abbc')}"]
        rule = dice.choice([*(_ALONE if gathers is None else _RULES), None, None, None, None])
        rule = None if gathers and not number else rule
        if rule is not None:
            parts.append(f"needs: {rule}")
        if rule == "pilihan":
            parts.append("ask: tanya")
        if dice.random() < 0.35:
            effect = dice.choice(
                ("set: {mark: ya}", "set: {mark: tidak}", "number: seri", "number: void", "signed: wet")
            )
            parts.append(f"do: [{{{effect}}}]")
        if gathers and not number:
            parts += ["ask: bagi", "fan_out: {track: tugas, per: form.kepada}"]
        if dice.random() < 0.85:
            parts.append(f"to: {dice.choice(to)}")
        yield f"    {name}_{number}: {{{', '.join(parts)}}}"


def _track(dice: random.Random) -> Iterator[str]:
    nested = dice.random() < 0.4
    steps = [
        f"needs: {dice.choice(('bukan_rahasia', 'berkas', 'ditandai'))}, " if dice.random() < 0.3 else "" for _ in "123"
    ]
    effect = "do: [{set: {mark: ya}}], " if dice.random() < 0.25 else ""
    yield "baru:"
    yield "  start: true"
    yield "  actions:"
    yield f"    kerjakan: {{by: h, {steps[0]}{effect}to: {dice.choice(('beres', 'jalan'))}}}"
    if dice.random() < 0.7:
        yield f"    pulang: {{by: h, {steps[1]}to: pulang}}"
    if nested:
        yield "    turunkan: {by: h, ask: bagi, fan_out: {track: tugas, per: form.kepada}, to: tunggu}"
        yield "tunggu: {gather: {track: tugas, until: all, done: beres, returned: jalan}}"
    yield f"jalan: {{actions: {{lanjut: {{by: h, {steps[2]}to: beres}}, cabut: {{by: h, to: ditarik}}}}}}"
    yield "beres: {final: true, outcome: done}"
    yield "pulang: {final: true, outcome: returned}"
    yield "ditarik: {final: true, outcome: withdrawn}"


@dataclass
class World:
    """Everything that happened: the situations met, and how they follow from each other."""

    stages: list[Played] = field(default_factory=list)
    depth: list[int] = field(default_factory=list)
    after: list[list[int]] = field(default_factory=list)
    passed: list[set[tuple[int, str]]] = field(default_factory=list)
    nevers: dict[int, int] = field(default_factory=dict)
    complete: bool = True


def everything(of: Flow, most: int = 400, children: int = 3) -> World:
    """All situations of all letters, nearest first; ``complete`` when there were fewer than ``most``."""
    world, ids = World(), dict[Any, int]()
    read = [name for name in VALUES if f"letter.{name}" in of.text]
    trees = [(n, each.tree) for n, each in enumerate(of.promises) if each.kind == "never"]

    def meet(stage: Played, depth: int) -> int:
        key = situation(stage)
        for number, tree in trees:
            for view in (stage.letter, *stage.passed):
                if number not in world.nevers and judging.holds(tree, of, view, None, stage.setting):
                    world.nevers[number] = depth
        if key not in ids:
            ids[key] = len(world.stages)
            world.stages.append(stage)
            world.depth.append(depth)
            world.after.append([])
            world.passed.append(set())
        return ids[key]

    staff = {name: [f"{name}{number}" for number in range(children)] for name in of.cast}
    staff |= {each: [f"{each}x"] for below in [*staff.values()] for each in below}
    for values in product(*(VALUES[name] for name in read)):
        letter = dict(zip(read, values, strict=True))
        try:
            meet(Played(of, LittleOrg(of, {"staff": staff, "b": ["b", "b-lain"]}, letter), vocabularies=words(of)), 0)
        except NotAllowed:
            continue
    for number, here in enumerate(world.stages):
        if number >= most:
            world.complete = False
            break
        for there in _next(here, read, children):
            target = meet(there, world.depth[number] + 1)
            world.after[number].append(target)
            world.passed[number].update((target, view.state) for view in there.passed)
    return world


def _next(here: Played, read: list[str], children: int) -> Iterator[Played]:
    for way in ways(here, children=children):
        there = after(here.fresh(), way)
        if there is not None:
            yield there
    if engine.editors(here.flow, here.letter, here.setting):
        for values in product(*(VALUES[name] for name in read)):
            yield edited(here, dict(zip(read, values, strict=True)))


@dataclass
class Tally:
    """How the answers to the promises of some flows compare with what really happened."""

    wrong: list[str] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    shortest: int = 0
    longer: int = 0


def compare(seeds: Iterable[int], most: int) -> Tally:
    """Decides the promises of random flows and plays the flows through.

    Wrong is a yes that something contradicts, and a no that nothing bears out although all was seen.
    """
    tally = Tally()
    for seed in seeds:
        of = random_flow(seed)
        world = everything(of, most)
        for number, verdict in enumerate(decide(of, budget=BUDGET)):
            tally.answers[f"{verdict.promise.kind} {verdict.answer}"] += 1
            if verdict.promise.kind == "never":
                first = world.nevers.get(number)
            else:
                held = stuck(world, verdict.promise) if world.complete else []
                if verdict.answer == "yes":
                    held = [number for number in held if not worn_out(world.stages[number])]
                first = min((world.depth[number] for number in held), default=None)
            what = f"{seed}: {verdict.promise.text}: {verdict.answer} {verdict.acts}, played: {first}"
            if verdict.answer == "yes" and first is not None:
                tally.wrong.append(what)
            if verdict.answer == "no" and (first is not None or world.complete):
                # Whatever is found first is nearest, also when not everything was seen.
                tally.shortest += first == len(verdict.acts)
                tally.longer += first is not None and len(verdict.acts) > first
                if first is None or len(verdict.acts) < first:
                    tally.wrong.append(what)
    return tally


def stuck(world: World, promise: Promise) -> list[int]:
    """The situations from which none of the promised states is reached."""
    good = {n for n, stage in enumerate(world.stages) if stage.letter.state in promise.states}
    good |= {n for n, passed in enumerate(world.passed) if any(state in promise.states for _, state in passed)}
    back: dict[int, list[int]] = {}
    for number, targets in enumerate(world.after):
        for target in targets:
            back.setdefault(target, []).append(number)
    queue = list(good)
    for node in queue:
        for before in back.get(node, ()):
            if before not in good:
                good.add(before)
                queue.append(before)
    return [number for number in range(len(world.stages)) if number not in good]


def worn_out(stage: Played) -> bool:
    """Whether all of an office have acted in one state: for who may not have, somebody else must be appointed."""
    acted = {(act.state_from, act.position) for act in stage.letter.acts}
    return any({(state, each) for each in ("b", "b-lain")} <= acted for state, _ in acted)
