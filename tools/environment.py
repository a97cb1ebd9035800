#!/usr/bin/env python3
"""Builds .venv from the hashed lock: standard library only, run by the system's python3, any second run is quick.

    python3 tools/environment.py run           what the product needs
    python3 tools/environment.py production    and what an installation on PostgreSQL adds
    python3 tools/environment.py test          and what its tests and checks add

Only wheels are downloaded, each checked against its hash; nothing is compiled.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NEEDED = (3, 11)
THIS = f"{sys.version_info[0]}.{sys.version_info[1]}"
LOCKS = {name: ROOT / "requirements" / f"{name}.lock" for name in ("run", "production", "test")}
"""From small to large: each holds the whole of those before it."""
PROJECT = (ROOT / "setup.cfg", ROOT / "pyproject.toml")


def stop(line: str) -> NoReturn:
    """End with one line that says what to do."""
    sys.exit("environment: " + line)


def main(arguments: list) -> int:
    """Bring .venv up to date for the purpose named in the arguments."""
    purpose = arguments[0] if len(arguments) == 1 else ""
    if purpose not in LOCKS:
        stop(f"expected one word: {', '.join(LOCKS)}")
    check_python()
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two makes at once take turns
        build(purpose)
    return 0


def check_python() -> None:
    """Stop when this Python is too old or cannot make environments."""
    if sys.version_info < NEEDED:
        stop(f"Python 3.11 or newer is needed, this is {THIS} (choose another one: make PYTHON=python3.11 ...)")
    try:
        import ensurepip  # noqa: F401, PLC0415
        import venv  # noqa: F401, PLC0415
    except ImportError:
        stop("this Python cannot make environments; install the package: apt-get install python3-venv")


def build(purpose: str) -> None:
    """Make what is missing: the environment, the libraries, the project in it."""
    libraries, project = VENV / f"surat-{purpose}.stamp", VENV / "surat-project.stamp"
    wanted = digest(LOCKS[purpose]), digest(*PROJECT)
    if not is_alive():
        create()
    if read(libraries) != wanted[0]:
        forget(libraries)
        print("environment: fetching and installing the locked wheels ...", flush=True)
        pip("install", "--require-hashes", "--only-binary", ":all:", "-r", str(LOCKS[purpose]))
        libraries.write_text(wanted[0])
        for smaller in list(LOCKS)[: list(LOCKS).index(purpose)]:
            (VENV / f"surat-{smaller}.stamp").write_text(digest(LOCKS[smaller]))
    if read(project) != wanted[1] or not (VENV / "bin" / "surat").exists():
        forget(project)
        pip("install", "--no-build-isolation", "--no-deps", "--no-index", "-e", str(ROOT))
        project.write_text(wanted[1])


def is_alive() -> bool:
    """Whether .venv has a Python of this version that runs, and pip in it."""
    command = [str(VENV / "bin" / "python"), "-c", "import pip, sys; print(*sys.version_info[:2], sep='.')"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return False
    return found == THIS


def create() -> None:
    """Make .venv anew; what is there is broken or of another Python."""
    print("environment: making .venv ...", flush=True)
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True, check=False)
    if made.returncode:
        if "ensurepip" in made.stdout + made.stderr:
            stop("this Python cannot make environments; install the package: apt-get install python3-venv")
        stop("python3 -m venv failed: " + (made.stderr or made.stdout).strip().splitlines()[-1])


def pip(*arguments: str) -> None:
    """Run pip inside .venv; stop with its last words when it fails."""
    command = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check", "--no-input", "-qq"]
    environment = {key: value for key, value in os.environ.items() if key not in {"PYTHONPATH", "PYTHONHOME"}}
    environment["PIP_ROOT_USER_ACTION"] = "ignore"
    done = subprocess.run([*command, *arguments], cwd=str(ROOT), env=environment, check=False)
    if done.returncode:
        stop("pip could not install (its message is above); is the package index reachable?")


def digest(*paths: Path) -> str:
    """One hash over files and the Python that uses them."""
    found = hashlib.sha256(sys.version.encode())
    for path in paths:
        found.update(path.read_bytes())
    found.update(str(ROOT).encode())  # an environment that was moved is made again
    return found.hexdigest()


def read(path: Path) -> str:
    """The text of a stamp, or nothing."""
    return path.read_text() if path.exists() else ""


def forget(path: Path) -> None:
    """Remove a stamp, so that a run that is interrupted starts again."""
    if path.exists():
        path.unlink()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
