#!/usr/bin/env python3
"""One pytest session that tries mutants: collects once, learns which test reaches what, forks for each mutant.

    python tools/mutants_session.py REQUEST.json      in the directory with the mutated src/ and the tests

Every test and every mutant runs in a child of its own, so what one leaves behind in a cache no other one finds. A
test that fails without any mutant tries none, and is named.
"""

from __future__ import annotations

import collections
import contextlib
import functools
import gc
import importlib
import json
import math
import os
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from mutmut.mutation import trampoline

ORIGINAL = "_mutmut_orig"
KILLED, SURVIVED, TIMEOUT, UNTESTED = "killed", "survived", "timeout", "no test"
MEMORY = 3 << 30  # bytes; a mutant that never ends may gather without end


def wrap(mutants: dict[str, Any], is_classmethod: bool = False) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """What stands in the mutated modules for mutmut's own wrapper, which asks the environment at every call.

    The function that counts is always the one under `ORIGINAL`; a mutant is tried by putting it there.
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*words: Any, **named: Any) -> Any:
            return mutants[ORIGINAL](*words, **named)

        @functools.wraps(function)
        def call_of_class(cls: type, *words: Any, **named: Any) -> Any:
            return getattr(cls, mutants[ORIGINAL].__name__)(*words, **named)

        return call_of_class if is_classmethod else call

    return decorate


class Recorder:
    """Stands in the place of a function until it is reached for the first time."""

    def __init__(self, mutants: dict[str, Any], reached: Callable[[], None]) -> None:
        self._mutants, self._function, self._reached = mutants, mutants[ORIGINAL], reached
        mutants[ORIGINAL] = self

    def _away(self) -> Callable[..., Any]:
        self._mutants[ORIGINAL] = self._function
        self._reached()
        return self._function

    def __call__(self, *words: Any, **named: Any) -> Any:
        """What the function answers."""
        return self._away()(*words, **named)

    @property
    def __name__(self) -> str:
        return self._away().__name__


def switches(modules: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The mutants of every function of these modules, by the part of their names that comes before the number."""
    return {
        f"{module}.{name.removeprefix('mutants_').removesuffix('__mutmut')}": mutants
        for module in modules
        for name, mutants in vars(importlib.import_module(module)).items()
        if name.startswith("mutants_x") and name.endswith("__mutmut")
    }


def function_of(mutant: str) -> str:
    """The part of a mutant's name that all mutants of its function share."""
    return mutant.rpartition("__mutmut_")[0]


def quickest(
    tests: Iterable[str], seconds: Mapping[str, float], allowed: float, whole: Mapping[str, int] | None = None
) -> list[str]:
    """The tests that a mutant is tried by, in the order of how long they take.

    Half of the time is for those that compare a ``whole`` text, for few small mistakes escape them: first the quick
    ones that reach few functions, and so say much about each. What is left is for the others: each parametrised test
    once, then a second time.
    """
    tests, reached = list(tests), whole or {}
    chosen: list[str] = []
    narrow = sorted((each for each in tests if each in reached), key=lambda each: (seconds[each] * reached[each], each))
    left = _add(chosen, narrow, seconds, allowed / 2) + allowed / 2
    took: collections.Counter[str] = collections.Counter()
    turns = []
    for name in sorted(set(tests) - set(chosen), key=lambda name: (seconds[name], name)):
        function = name.partition("[")[0]
        turns.append((took[function], seconds[name], name))
        took[function] += 1
    _add(chosen, [name for *_, name in sorted(turns)], seconds, left)
    return sorted(chosen or tests[:1], key=lambda name: (seconds[name], name))


def _add(chosen: list[str], names: Iterable[str], seconds: Mapping[str, float], left: float) -> float:
    """Choose those for which there is time; answers what is left of it."""
    for name in names:
        if seconds[name] <= left:
            chosen.append(name)
            left -= seconds[name]
    return left


class Children:
    """At most so many forked children at a time, each for so many seconds; the room each has goes with it."""

    def __init__(self, many: int, seconds: float) -> None:
        self._many, self._seconds = many, seconds
        self._running: dict[int, tuple[str, Path]] = {}

    def run(self, work: Iterable[tuple[str, Callable[[Path], int]]]) -> Iterator[tuple[str, int, Path]]:
        """Each name with the exit code of its child (negative: the signal that ended it) and the child's room."""
        for name, task in work:
            child, room = self._start(task)
            self._running[child] = (name, room)
            if len(self._running) == self._many:
                yield from self._ended()
        while self._running:
            yield from self._ended()

    def _start(self, task: Callable[[Path], int]) -> tuple[int, Path]:
        room = Path(tempfile.mkdtemp(prefix="mutant-"))
        child = os.fork()
        if child:
            return child, room
        code = 3  # pytest's own number for an error of its own; a mutant that causes one is noticed
        with contextlib.suppress(BaseException):
            self._confine(room)
            code = task(room)
        os._exit(code)

    def _confine(self, room: Path) -> None:
        processor = math.ceil(self._seconds)
        resource.setrlimit(resource.RLIMIT_CPU, (processor, processor + 5))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(10 * processor)  # for one that waits and takes no processor time
        os.environ["PYTEST_DEBUG_TEMPROOT"] = str(room)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)

    def _ended(self) -> Iterator[tuple[str, int, Path]]:
        child, status = os.wait()
        name, room = self._running.pop(child)
        yield name, os.waitstatus_to_exitcode(status), room
        shutil.rmtree(room, ignore_errors=True)


class Trial:
    """The plugin of pytest that runs the mutants in the place of the tests."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        self._modules: list[str] = request["modules"]
        self._mutants: list[str] = request["mutants"]
        self._outcomes, self._learned = Path(request["outcomes"]), Path(request["learned"])
        self._seconds: float = request["seconds"]
        self._limit: float = request["limit"]
        self._jobs: int = request["jobs"]
        self._failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Remember that a test failed."""
        self._failed = self._failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Learn, then try every mutant."""
        self._items = {item.nodeid: item for item in session.items}
        self._switches = switches(self._modules)
        gc.freeze()
        if not self._learned.exists():
            self._learned.write_text(json.dumps(self._learn()))
        learned: dict[str, tuple[float, list[str]]] = json.loads(self._learned.read_text())
        seconds = {test: took for test, (took, _) in learned.items()}
        reaching: dict[str, list[str]] = collections.defaultdict(list)
        for test, (_, functions) in learned.items():
            for function in functions:
                reaching[function].append(test)
        comparing = {name for name, item in self._items.items() if "approved" in getattr(item, "fixturenames", ())}
        whole = {test: len(functions) for test, (_, functions) in learned.items() if test in comparing}
        self._try(
            {each: quickest(reaching[function_of(each)], seconds, self._seconds, whole) for each in self._mutants}
        )
        return True

    def _learn(self) -> dict[str, tuple[float, list[str]]]:
        """How long each test takes and which functions it reaches; a test that fails is left out."""
        learned, failed = {}, []
        work = ((test, functools.partial(self._learn_one, test)) for test in self._items)
        for test, code, room in self._told(Children(self._jobs, 600.0).run(work), len(self._items), "tests learned"):
            if code:
                failed.append(test)
            else:
                learned[test] = json.loads((room / "learned").read_text())
        for test in failed:
            print(f"left out, for it fails without any mutant: {test}", flush=True)
        return learned

    def _learn_one(self, test: str, room: Path) -> int:
        reached: list[str] = []
        for function, mutants in self._switches.items():
            Recorder(mutants, functools.partial(reached.append, function))
        begun = time.process_time()
        passed = self._passes([test])
        (room / "learned").write_text(json.dumps((time.process_time() - begun, sorted(reached))))
        return 0 if passed else 1

    def _try(self, tests: Mapping[str, list[str]]) -> None:
        """Try each mutant by its tests; write down what became of it."""
        with self._outcomes.open("a", encoding="utf-8") as outcomes:
            for mutant in (each for each in tests if not tests[each]):
                outcomes.write(f"{mutant}: {UNTESTED}\n")
            work = []
            for mutant in (each for each in tests if tests[each]):
                mutants, name = self._switches[function_of(mutant)], mutant.rpartition(".")[2]
                work.append((mutant, functools.partial(self._try_one, mutants, name, tests[mutant])))
            children = Children(self._jobs, self._limit)
            for mutant, code, _ in self._told(children.run(work), len(work), "mutants tried"):
                outcome = SURVIVED if code == 0 else TIMEOUT if -code in (signal.SIGXCPU, signal.SIGALRM) else KILLED
                outcomes.write(f"{mutant}: {outcome}\n")
                outcomes.flush()

    def _try_one(self, mutants: dict[str, Any], name: str, tests: list[str], _: Path) -> int:
        mutants[ORIGINAL] = mutants[name]
        return 0 if self._passes(tests) else 1

    def _passes(self, tests: list[str]) -> bool:
        """Run these tests until one fails."""
        for test, following in zip(tests, [*tests[1:], None], strict=True):
            item = self._items[test]
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following and self._items[following])
            if self._failed:
                return False
        return True

    @staticmethod
    def _told(results: Iterator[tuple[str, int, Path]], many: int, what: str) -> Iterator[tuple[str, int, Path]]:
        begun = said = time.monotonic()
        for number, result in enumerate(results, 1):
            yield result
            now = time.monotonic()
            if now - said >= 30 or number == many:
                print(f"{number} of {many} {what} in {now - begun:.0f} s", flush=True)
                said = now


def main(words: list[str]) -> int:
    """Answer a request; the working directory holds the mutated src/ and the tests."""
    request = json.loads(Path(words[0]).read_text())
    sys.path[:0] = [str(Path("src").resolve()), str(Path.cwd())]
    os.environ["MUTANT_UNDER_TEST"] = ""  # tests/unit/workflow/conftest.py takes smaller sizes when it sees this
    trampoline.wrap_in_trampoline = wrap
    options = ["-q", "-s", "--no-header", "--rootdir=.", "--tb=native", "-p", "no:cacheprovider"]
    return int(pytest.main([*options, *request["tests"]], plugins=[Trial(request)]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
