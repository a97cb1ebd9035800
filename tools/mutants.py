#!/usr/bin/env python3
"""Mutation testing of workflow/ with mutmut: small mistakes are put in one at a time, and the tests should notice.

    python tools/mutants.py           all mutants (many hours)
    python tools/mutants.py 300       a sample of so many, always the same for the same code

A mutant is tried by the quickest of the tests that reach its function, each parametrised test once before any a
second time, until they take `SECONDS`; so a mutant that survives may still be noticed by a slower test, and the
figure is never too good. Works in a copy under build/mutants, which keeps what was found: a second run goes on.
Fails below 90 %.
"""

import collections
import json
import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOM = ROOT / "build" / "mutants"
MUTMUT = Path(sys.executable).parent / "mutmut"
COPIED = ("src", "tests", "benchmarks", "workflows", "templates", "docs", "pyproject.toml", "setup.cfg")
DEMANDED = 90
SEED = 3
SECONDS = 20.0
KILLED = ("killed", "timeout", "segfault", "suspicious", "caught by type check")
LEFT_OUT = ("skipped", "not checked")


def copy() -> None:
    """Bring the copy up to date; what mutmut found stays beside it."""
    ROOM.mkdir(parents=True, exist_ok=True)
    for name in COPIED:
        source, target = ROOT / name, ROOM / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, target)


def mutmut(*words: str, quiet: bool = False) -> str:
    """Run mutmut in the copy; stop with its last lines when it fails."""
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([MUTMUT, *words], cwd=ROOM, env=environment, capture_output=True, text=True, check=False)
    if done.returncode and not quiet:
        sys.exit("mutants: " + "\n".join((done.stdout + done.stderr).splitlines()[-40:]))
    return done.stdout


def results(shown: str) -> dict[str, str]:
    """Every mutant that `mutmut results` shows, with what became of it."""
    return dict(re.findall(r"^\s*(\S+__mutmut_\d+): (.+)$", shown, re.MULTILINE))


def sample(names: Iterable[str], many: int) -> list[str]:
    """So many names, drawn from all; the same whatever their order."""
    known = sorted(names)
    return sorted(random.Random(SEED).sample(known, min(many, len(known))))


def quickest(tests: Iterable[str], seconds: Mapping[str, float]) -> list[str]:
    """The tests that a mutant is tried by: each parametrised test once, then a second time, while time is left."""
    took: collections.Counter[str] = collections.Counter()
    turns = []
    for name in sorted(tests, key=lambda name: (seconds.get(name, 0.0), name)):
        function = name.partition("[")[0]
        turns.append((took[function], seconds.get(name, 0.0), name))
        took[function] += 1
    chosen, left = [], SECONDS
    for _, cost, name in sorted(turns):
        if cost <= left or not chosen:
            chosen.append(name)
            left -= cost
    return chosen


def shorten() -> None:
    """Leave in mutmut's own list only the quickest tests of each function."""
    file = ROOM / "mutants" / "mutmut-stats.json"
    stats = json.loads(file.read_text())
    by_function = stats["tests_by_mangled_function_name"]
    for name, tests in by_function.items():
        by_function[name] = quickest(tests, stats["duration_by_test"])
    file.write_text(json.dumps(stats))


def tell(chosen: Mapping[str, str]) -> float:
    """Print the table by module, the survivors to a file; answers the percentage killed."""
    modules: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for name, outcome in chosen.items():
        modules[name.split(".x", 1)[0].rpartition(".")[2]][outcome] += 1
    killed = sum(outcome in KILLED for outcome in chosen.values())
    print("| module | mutants | killed | survived | no test |\n|---|---|---|---|---|")
    for module, counts in sorted(modules.items()):
        dead = sum(counts[each] for each in KILLED)
        all_ = sum(counts.values())
        print(f"| {module} | {all_} | {dead / all_:.0%} | {counts['survived']} | {counts['no tests']} |")
    left = sorted(name for name, outcome in chosen.items() if outcome not in KILLED)
    (ROOM / "survivors.txt").write_text("\n".join(f"{name}: {chosen[name]}" for name in left) + "\n")
    percentage = 100 * killed / max(len(chosen), 1)
    print(f"\n{killed} of {len(chosen)} mutants killed: {percentage:.1f} % (demanded: {DEMANDED} %)")
    print(f"survivors: {ROOM / 'survivors.txt'}; one of them: cd {ROOM} && {MUTMUT} show NAME")
    return percentage


def main(words: list[str]) -> int:
    """All mutants, or a sample."""
    many = int(words[0]) if words and words[0] else 0
    copy()
    # Tests that were renamed since would stop mutmut: which test reaches which function is learnt anew.
    (ROOM / "mutants" / "mutmut-stats.json").unlink(missing_ok=True)
    mutmut("run", "nothing.matches", quiet=True)  # writes the mutants and learns which test reaches which function
    shorten()
    known = results(mutmut("results", "--all", "true"))
    if not known:
        sys.exit("mutants: mutmut wrote no mutants; run `mutmut run` in build/mutants to see why")
    names = sample(known, many) if many else []
    mutmut("run", *names)
    found = results(mutmut("results", "--all", "true"))
    chosen = {name: found[name] for name in names or found}
    return 0 if tell({name: each for name, each in chosen.items() if each not in LEFT_OUT}) >= DEMANDED else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
