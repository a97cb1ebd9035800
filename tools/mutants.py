#!/usr/bin/env python3
"""Mutation testing of workflow/: small mistakes are put in one at a time, and the tests should notice.

    python tools/mutants.py                                  all mutants (many hours)
    python tools/mutants.py --count 300 [--seed 3]           so many, drawn; the same seed draws the same
    python tools/mutants.py --only 'check_*' --only tell     mutants of these modules only
    python tools/mutants.py --tests tests/unit/workflow/test_tell.py      tried by these tests only

mutmut writes the mutants; tools/mutants_session.py tries them. A mutant is tried by the quickest of the tests that
reach its function, each parametrised test once before any a second time, until they take `SECONDS`, half of them for
those that compare a whole approved text; so a mutant that survives may still be noticed by a slower test, and the
figure is never too good. Works in a copy under build/mutants. What was found stays there until workflow/ or its tests
change: a run that was stopped goes on where it was. Fails below 90 %.
"""

from __future__ import annotations

import argparse
import collections
import filecmp
import fnmatch
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MUTATED = ("src", "pyproject.toml", "setup.cfg")  # read by mutmut
BESIDE = ("tests", "benchmarks", "workflows", "templates", "docs", "pyproject.toml", "setup.cfg")  # read by the tests
DECIDING = (
    "src/intranet_surat/workflow",
    "mutants/tests/unit/workflow",
    "mutants/tests/conftest.py",
    "mutants/workflows",
)
DEMANDED = 90
SECONDS = 20.0
LIMIT = 60.0  # seconds of processor time after which a mutant counts as one that never ends
KILLED = ("killed", "timeout")

# mutmut's own `run` would collect the tests anew for each mutant; only its first step is wanted here.
WRITE = "from mutmut.__main__ import copy_src_dir, create_mutants; copy_src_dir(); create_mutants({jobs})"


def brought(source: Path, target: Path) -> list[Path]:
    """Make the target like the source, a file or a folder; answers the files that changed or went."""
    if source.is_file():
        if target.exists() and filecmp.cmp(source, target, shallow=False):
            return []
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        return [target]
    wanted = {
        each.relative_to(source) for each in source.rglob("*") if each.is_file() and "__pycache__" not in each.parts
    }
    there = {each.relative_to(target) for each in target.rglob("*") if each.is_file()}
    for name in there - wanted:
        (target / name).unlink()
    return [target / name for name in there - wanted] + [
        each for name in sorted(wanted) for each in brought(source / name, target / name)
    ]


def copy(room: Path) -> None:
    """Bring the copy up to date; the mutants of unchanged modules stay, those of the others are written anew."""
    for name in MUTATED:
        for file in brought(ROOT / name, room / name):
            mutated = room / "mutants" / file.relative_to(room)
            mutated.unlink(missing_ok=True)
            mutated.with_name(mutated.name + ".meta").unlink(missing_ok=True)
    for file in (room / "src").glob("intranet_surat/workflow/*.py"):
        mutated = room / "mutants" / file.relative_to(room)
        if not mutated.with_name(mutated.name + ".meta").exists():  # stopped in the middle of it
            mutated.unlink(missing_ok=True)
    for name in BESIDE:
        brought(ROOT / name, room / "mutants" / name)


def write(room: Path, jobs: int) -> list[str]:
    """Let mutmut write the mutants; answers their names."""
    done = subprocess.run(
        [sys.executable, "-c", WRITE.format(jobs=jobs)], cwd=room, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit("mutants: mutmut stopped\n" + "\n".join((done.stdout + done.stderr).splitlines()[-40:]))
    metas = sorted((room / "mutants").glob("src/intranet_surat/workflow/*.py.meta"))
    return [name for meta in metas for name in json.loads(meta.read_text())["exit_code_by_key"]]


def module_of(mutant: str) -> str:
    """The module in which a mutant is, without its package."""
    return mutant.split(".")[-2]


def of_modules(names: Iterable[str], only: Iterable[str]) -> list[str]:
    """The mutants of the modules asked for, in one order whatever theirs was."""
    patterns = list(only) or ["*"]
    return sorted(name for name in names if any(fnmatch.fnmatch(module_of(name), each) for each in patterns))


def drawn(known: list[str], count: int | None, seed: int) -> list[str]:
    """All of them, or so many, in an order by chance: what a stopped run has tried is a sample too."""
    return random.Random(seed).sample(known, len(known) if count is None else min(count, len(known)))


def fingerprint(room: Path, tests: Iterable[str]) -> str:
    """Of everything that decides what becomes of a mutant."""
    digest = hashlib.sha256(json.dumps([sorted(tests), SECONDS]).encode())
    for name in DECIDING:
        place = room / name
        for file in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(room)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()[:16]


def found(outcomes: Path) -> dict[str, str]:
    """Every mutant that was tried, with what became of it; a line cut short by a stop does not count."""
    lines = outcomes.read_text("utf-8").splitlines(keepends=True) if outcomes.exists() else []
    return dict(line.strip().split(": ", 1) for line in lines if line.endswith("\n"))


def interval(killed: int, tried: int) -> tuple[float, float]:
    """Wilson's interval of 95 % around a share, in per cent."""
    z, share = 1.96, killed / tried
    middle = share + z * z / (2 * tried)
    half = z * (share * (1 - share) / tried + z * z / (4 * tried * tried)) ** 0.5
    scale = 100 / (1 + z * z / tried)
    return max(0.0, (middle - half) * scale), min(100.0, (middle + half) * scale)


def tell(room: Path, tried: Mapping[str, str], known: int) -> bool:
    """Print the table by module, write the survivors to a file; whether enough were killed."""
    modules: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for name, outcome in tried.items():
        modules[module_of(name)][outcome] += 1
    print("| module | mutants | killed | survived | no test |\n|---|---|---|---|---|")
    for module, counts in sorted(modules.items()):
        dead = sum(counts[each] for each in KILLED)
        every = counts.total()
        print(f"| {module} | {every} | {dead / every:.0%} | {counts['survived']} | {counts['no test']} |")
    left = sorted(name for name, outcome in tried.items() if outcome not in KILLED)
    (room / "survivors.txt").write_text("".join(f"{name}: {tried[name]}\n" for name in left), "utf-8")
    killed = len(tried) - len(left)
    said = f"{killed} of {len(tried)} mutants killed: {100 * killed / len(tried):.1f} %"
    if len(tried) < known:
        low, high = interval(killed, len(tried))
        said += f", for all {known} with 95 % certainty between {low:.1f} % and {high:.1f} %"
    print(f"\n{said} (demanded: {DEMANDED} %)")
    print(
        f"survivors: {room / 'survivors.txt'}; one of them: cd {room} && {Path(sys.executable).parent}/mutmut show NAME"
    )
    return 100 * killed >= DEMANDED * len(tried)


def asked(words: list[str]) -> argparse.Namespace:
    """What the command line asks for; make passes an empty word for what was not given."""
    reader = argparse.ArgumentParser(description="Mutation testing of workflow/.")
    reader.add_argument("--count", type=lambda word: int(word) if word else None)
    reader.add_argument("--seed", type=lambda word: int(word or 3), default=3)
    reader.add_argument("--only", type=str.split, action="extend", default=[])
    reader.add_argument("--tests", type=str.split, action="extend", default=[])
    reader.add_argument("--room", type=Path, default=ROOT / "build" / "mutants")
    reader.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    return reader.parse_args(words)


def main(words: list[str]) -> int:
    """Write the mutants, try all or a sample, tell what became of them."""
    wish = asked(words)
    room: Path = wish.room.resolve()
    copy(room)
    written = write(room, wish.jobs)
    known = of_modules(written, wish.only)
    chosen = drawn(known, wish.count, wish.seed)
    if not chosen:
        sys.exit("mutants: no module of workflow/ is called so")
    tests = wish.tests or ["tests/unit/workflow"]
    now = fingerprint(room, tests)
    outcomes, learned = room / f"outcomes-{now}.txt", room / f"learned-{now}.json"
    for file in {*room.glob("outcomes-*.txt"), *room.glob("learned-*.json")} - {outcomes, learned}:
        file.unlink()
    before = found(outcomes)
    outcomes.write_text("".join(f"{name}: {outcome}\n" for name, outcome in before.items()), "utf-8")
    request = {
        "modules": sorted({name.rpartition(".")[0] for name in written}),
        "mutants": [name for name in chosen if name not in before],
        "tests": tests,
        "outcomes": str(outcomes),
        "learned": str(learned),
        "seconds": SECONDS,
        "limit": LIMIT,
        "jobs": wish.jobs,
    }
    if request["mutants"]:
        (room / "request.json").write_text(json.dumps(request))
        session = Path(__file__).with_name("mutants_session.py")
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        subprocess.run(
            [sys.executable, session, room / "request.json"], cwd=room / "mutants", env=environment, check=True
        )
    became = found(outcomes)
    return 0 if tell(room, {name: became[name] for name in chosen}, len(known)) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
