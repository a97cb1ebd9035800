"""The workflow workshop measured: checking, testing, explaining, replaying, and how each of them grows.

python -m benchmarks.flows            the figures with what is demanded of them
python -m benchmarks.flows growth     how they grow with states, people and letters
"""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from benchmarks.figures import ROUNDS, Figure, as_served, interleaved, ms, rounds
from benchmarks.machines import STATES, WAY, with_sismic, with_transitions
from benchmarks.past_letters import WORDS, Diary
from benchmarks.place import place
from intranet_surat.cli.flow.reading import Library
from intranet_surat.services import acting, powers
from intranet_surat.workflow import promises, testing, walking
from intranet_surat.workflow.engine import act
from intranet_surat.workflow.explain import explain_all
from intranet_surat.workflow.little_org import LittleOrg
from intranet_surat.workflow.loader import load
from intranet_surat.workflow.loader_states import MOST_STATES
from intranet_surat.workflow.model import Action, Flow, State, Who
from intranet_surat.workflow.rehearsal import Piece, Stage, actor
from intranet_surat.workflow.replay import replay
from intranet_surat.workflow.replay_past import Past
from intranet_surat.workflow.view import Actor, Setting

LETTERS = int(os.environ.get("LETTERS", "50000"))
SLOW, OFTEN = 8, 5 * ROUNDS  # so many of the places where explaining takes longest are measured, so often
DIFFERENT = 500  # ways through the flow that were really taken, each by many letters at other times
BELOW = {"pimpinan": ["kabid-a", "kabid-b", "kabid-c"], "kabid-a": ["staf-a"], "kabid-b": ["staf-b"]}
LETTER = {"security": "B", "scan": "pindai.pdf"}


def shipped() -> dict[str, Flow]:
    """The shipped flows by id, read and checked."""
    flows, wrong = Library([]).read()
    if wrong:
        raise SystemExit("a shipped flow has findings")
    return {flow.id: flow for flow in flows}


def check_all() -> None:
    """What `surat flow check` does: read, check, decide the promises."""
    for flow in shipped().values():
        promises.decide(flow)


def test_all() -> None:
    """What `surat flow test` does."""
    for flow in shipped().values():
        if not all(result.ok for result in testing.run(flow)):
            raise SystemExit(f"a test of {flow.source} failed")


def places(flow: Flow) -> Iterator[tuple[Stage, Piece, Actor]]:
    """Every letter and item of the offices that the tests of a flow tell, in every state; with everybody there."""
    seen: set[tuple[Any, ...]] = set()
    for test in flow.tests:
        org = LittleOrg(flow, test.org, test.letter)
        queue = [Stage(flow, org, vocabularies=WORDS)]
        for stage in queue:
            states = [(each.track, each.state) for each in stage.pieces() if each.outcome is None]
            place = (repr(test.org), repr(test.letter), *sorted(set(states), key=str))
            if place in seen:
                continue
            seen.add(place)
            held = {*org.bosses, *org.bosses.values(), *itertools.chain(*org.roles.values())}
            everybody = [actor(each) for each in sorted(held | {"luar"})]
            for piece in stage.pieces():
                yield from ((stage, piece, each) for each in everybody if piece.outcome is None)
            queue.extend(there for way in walking.ways(stage) if (there := walking.after(stage, way)) is not None)


def _least(once: Callable[[], Any]) -> float:
    """The least milliseconds of a few times, to choose by."""
    times = [time.process_time()]
    for _ in range(4):
        once()
        times.append(time.process_time())
    return min(after - before for before, after in itertools.pairwise(times)) * 1000


def explained(flows: Iterable[Flow]) -> Iterator[Figure]:
    """Explaining all actions of a letter or item to one person: where it takes longest of all flows, and usually.

    A question takes about a millisecond, so what others do to the caches of the machine is seen in it: the middle of
    many rounds, the places by turns.
    """
    once: list[tuple[float, str, Callable[[], Any]]] = []
    for flow in flows:
        for stage, piece, reader in places(flow):
            ask = partial(explain_all, flow, piece, reader, stage.setting)
            once.append((_least(ask), f"'{piece.state}' of {flow.id}", ask))
    once.sort(key=lambda each: each[0])
    slow = {f"{number} {where}": ask for number, (_, where, ask) in enumerate(once[-SLOW:])}
    _, middle, usual = once[len(once) // 2]
    with as_served():
        found = interleaved(slow, times=25, of=OFTEN)
        in_the_middle = rounds(usual, times=25, of=OFTEN)
    where, times = max(found.items(), key=lambda each: statistics.median(each[1]))
    what = f"explain all actions to one person, slowest of {len(once)} places ({where.partition(' ')[2]})"
    yield Figure(what, times, 1.0)
    yield Figure(f"the same in the middle of them ({middle})", in_the_middle, 1.0)


def pasts(flow: Flow, many: int) -> tuple[list[Past], Setting]:
    """Incoming letters in different ways: two dispositions or three, forwarded, returned, added; about eight acts."""
    org, setting, found = LittleOrg(flow, {"staff": BELOW}, LETTER), None, []
    for number in range(many):
        diary = Diary(flow, org)
        _incoming(diary, number)
        found.append(diary.past())
        setting = diary.stage.setting
    if setting is None:
        raise ValueError("no letters")
    return found, setting


def _incoming(diary: Diary, number: int) -> None:
    stage, letter = diary.stage, diary.stage.letter
    pace = 20 + number % 400

    def do(piece: Any, action: str, who: str, **form: Any) -> None:
        stage.minutes(pace)
        diary.act(piece, action, who, form)

    do(letter, "naikkan", "agendaris")
    if number % 7 == 0:
        do(letter, "turunkan", "pimpinan", alasan="Untuk bidang lain")
        do(letter, "naikkan", "agendaris")
    to = ["kabid-a", "kabid-b", "kabid-c"][: 2 + number % 2]
    do(letter, "disposisi", "pimpinan", kepada=to, instruksi=["pelajari"])
    first, *others = letter.pieces
    if number % 3 == 0:
        do(first, "teruskan", "kabid-a", kepada=["staf-a"], instruksi=["pelajari"])
        do(first.pieces[0], "selesaikan", "staf-a", isi="Selesai")
    else:
        do(first, "selesaikan", "kabid-a", isi="Selesai")
    for each in others:
        action = "bukan_tugas" if number % 11 == 0 else "selesaikan"
        do(each, action, str(each.holder), **({"alasan": "Bukan bidang kami"} if number % 11 == 0 else {"isi": "Ya"}))
    do(letter, "berkaskan", "agendaris")


def moved(past: Past, by: timedelta, name: str) -> Past:
    """The same letter with another id, weeks later."""
    acts = tuple(
        replace(act, at=act.at + by, item=name if act.item == past.id else act.item, form=_moved(act.form, by))
        for act in past.acts
    )
    return replace(past, id=name, acts=acts)


def _moved(form: Any, by: timedelta) -> Any:
    """Limits that were entered move with the letter."""
    batas = form.get("batas")
    return {**form, "batas": (datetime.fromisoformat(batas) + by).isoformat()} if batas else form


def replayed(flow: Flow, to: Flow, many: int) -> tuple[float, float, int]:
    """Replay so many letters: milliseconds, acts a letter, letters that differ. Making them is not counted."""
    ways, setting = pasts(flow, min(DIFFERENT, many))
    spent, acts, differ, known = 0.0, 0, 0, {}

    def at(_: Flow, now: datetime) -> Setting:
        day = now.date()
        if day not in known:
            known[day] = replace(setting, now=now)
        return known[day]

    for number, week in itertools.product(range(len(ways)), range(many // len(ways))):
        past = moved(ways[number], timedelta(weeks=week), f"surat-{number}-{week}")
        began = time.process_time()
        found = replay(to, past, at)
        spent += time.process_time() - began
        acts += len(past.acts)
        differ += bool(found.differences or found.waits)
    return spent * 1000, acts / many, differ


def share() -> Iterator[str]:
    """An act on FileStorage: what the engine takes of it. Whole acts and decisions alternate."""
    with contextlib.redirect_stdout(io.StringIO()), place() as where:
        whole, engine = [], []
        for _ in range(ROUNDS * 10):
            letter = where.register()
            reader, now = where.reader("agendaris.pupr"), where.house.clock()
            began = time.perf_counter()
            acting.decide(where.house, where.site, letter, "naikkan", {}, reader, now)
            middle = time.perf_counter()
            where.act("agendaris.pupr", letter, "naikkan")
            engine.append((middle - began) * 1000)
            whole.append((time.perf_counter() - middle) * 1000)
    yield str(Figure("an act on FileStorage, committed", tuple(whole)))
    yield str(Figure("what the engine takes of it (offers and act)", tuple(engine)))
    yield f"| its share | {statistics.median(engine) / statistics.median(whole):.0%} | | a small fraction |"


def compared(old: Flow, new: Flow) -> Iterator[str]:
    """The difference in power of two flows that share little, in the office of the demo with the most posts."""
    with contextlib.redirect_stdout(io.StringIO()), place() as where:
        once = partial(powers.difference, where.house, where.site, old, new, "SETDA", where.house.clock())
        found, spent = once(), rounds(once)
    what = f"compare two flows in the largest office, {len(found.lost):,} powers lost"
    yield str(Figure(what, spent))


def straight(flow: Flow, many: int) -> Iterator[str]:
    """The straight way of an incoming letter beside two libraries, rounds interleaved."""
    diary = Diary(flow, LittleOrg(flow, {}, LETTER))
    for name, source, _ in WAY:
        diary.stage.minutes(30)
        diary.act(diary.stage.letter, name, "pimpinan" if source == STATES[1] else "agendaris")
    past, setting = diary.past(), diary.stage.setting
    todo: dict[str, Callable[[], Any]] = {
        "ours: replay with cast, limits, history": lambda: replay(flow, past, lambda _, now: replace(setting, now=now)),
        "transitions": with_transitions(),
        "sismic": with_sismic(),
    }
    found: dict[str, list[float]] = {name: [] for name in todo}
    for _ in range(ROUNDS):
        for name, once in todo.items():
            found[name].extend(rounds(once, times=many, of=1))
    for name, times in found.items():
        yield str(Figure(f"a letter straight through ({len(WAY)} acts), {name}", tuple(times)))


def long(flow: Flow, many: int) -> Flow:
    """An incoming flow with so many states, one behind the other, each left by the registrar."""
    by = (Who("name", ("agendaris",), "agendaris"),)
    names = [f"langkah_{number}" for number in range(many)]
    states = {
        name: State(
            name, name, start=number == 0, actions={f"maju_{number}": Action(f"maju_{number}", "Maju", by, to=to)}
        )
        for number, (name, to) in enumerate(itertools.pairwise(names))
    }
    states[names[-1]] = State(names[-1], names[-1], final=True)
    return replace(flow, states=states, tracks={}, hash=f"{flow.hash}-{many}")


def long_file(many: int) -> str:
    """The same as a file."""
    lines = ["flow: surat/1", "id: panjang", "version: 1", "title: Panjang", "applies_to: {direction: masuk}",
             "calendar: hari-kerja-kabupaten", "cast: {agendaris: role agendaris of office}", "states:"]  # fmt: skip
    for number in range(many - 1):
        start = " start: true," if number == 0 else ""
        act_ = f"{{title: Maju, by: agendaris, to: l{number + 1}}}"
        lines.append(f"  l{number}: {{title: L{number},{start} actions: {{maju_{number}: {act_}}}}}")
    lines.append(f"  l{many - 1}: {{title: Akhir, final: true}}")
    return "\n".join(lines) + "\n"


def grow_states(flow: Flow) -> Iterator[str]:
    """Ten to ten thousand states; a file may have 300, so more are made without one."""
    world = Library([]).world
    yield "| states | read and check a file | one act | explain all actions |"
    yield "|---|---|---|---|"
    for many in (10, 100, 300, 1_000, 10_000):
        made = long(flow, many)
        stage = Stage(made, LittleOrg(made, {}, LETTER))
        loaded = rounds(partial(load, long_file(many), "panjang.yaml", world), of=3) if many <= MOST_STATES else ()
        one = rounds(partial(act, made, stage.letter, "maju_0", {}, actor("agendaris"), stage.setting), times=20)
        why = rounds(partial(explain_all, made, stage.letter, actor("pimpinan"), stage.setting), of=1)
        yield f"| {many:,} | {ms(min(loaded)) if loaded else 'refused'} | {ms(min(one))} | {ms(min(why))} |"


def grow_people(flow: Flow) -> Iterator[str]:
    """Ten to ten thousand people below the leader who gives a disposition to two of them."""
    yield "| people | one act with two children | explain all actions |"
    yield "|---|---|---|"
    for many in (10, 100, 1_000, 10_000):
        below = [f"staf-{number}" for number in range(many)]
        stage = Stage(flow, LittleOrg(flow, {"staff": {"pimpinan": below}}, LETTER), vocabularies=WORDS)
        stage.act(stage.letter, "naikkan", {}, "agendaris")
        form = {"kepada": below[:2], "instruksi": ["pelajari"]}
        one = rounds(partial(act, flow, stage.letter, "disposisi", form, actor("pimpinan"), stage.setting), times=5)
        why = rounds(partial(explain_all, flow, stage.letter, actor("staf-1"), stage.setting), times=5)
        yield f"| {many:,} | {ms(min(one))} | {ms(min(why))} |"


def grow_letters(flow: Flow) -> Iterator[str]:
    """A thousand to fifty thousand letters replayed."""
    yield "| letters | replay | a letter |"
    yield "|---|---|---|"
    for many in (1_000, 5_000, 20_000, LETTERS):
        spent, _, _ = replayed(flow, flow, many)
        yield f"| {many:,} | {ms(spent)} | {ms(spent / many)} |"


def figures() -> Iterator[str]:
    """All figures that something is demanded of, and their peers."""
    flows = shipped()
    incoming = flows["surat-masuk"]
    draft = replace(incoming, version=incoming.version + 1, hash="draf")
    yield f"| what | median of {ROUNDS} rounds | range | demanded |"
    yield "|---|---|---|---|"
    yield str(Figure(f"check all {len(flows)} shipped flows, promises decided", rounds(check_all), 1000))
    yield str(Figure(f"run the tests of all {len(flows)} shipped flows", rounds(test_all)))
    yield from compared(flows["surat-keluar"], incoming)
    yield from map(str, explained(flows.values()))
    for name, to in (("the flow they ran on", incoming), ("a draft", draft)):
        spent, acts, differ = replayed(incoming, to, LETTERS)
        what = f"replay {LETTERS:,} letters of {acts:.1f} acts through {name}, one core ({differ} differ)"
        yield str(Figure(what, (spent,), 60_000))
    yield from share()
    yield from straight(incoming, 500)


def growth() -> Iterator[str]:
    """How they grow."""
    incoming = shipped()["surat-masuk"]
    for table in (grow_states, grow_people, grow_letters):
        yield from table(incoming)
        yield ""


def show(lines: Iterable[str]) -> None:
    """Print as they come."""
    for line in lines:
        print(line, flush=True)


def main() -> int:
    """Print what was asked for: both without a word."""
    words = sys.argv[1:]
    if "growth" not in words:
        show(figures())
        print()
    if "figures" not in words:
        show(growth())
    return 0


if __name__ == "__main__":
    sys.exit(main())
