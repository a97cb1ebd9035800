"""What an installation consists of, in a directory of the test: PostgreSQL, processes, files filled in, `docs/deploy.md`."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SURAT = [sys.executable, "-W", "ignore", "-c", "import sys; from intranet_surat.cli import main; sys.exit(main())"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def root() -> bool:
    return os.geteuid() == 0


class Cluster:
    """PostgreSQL on a socket in a short path, as another user where the tests run as root: it refuses root."""

    def __init__(self) -> None:
        self.programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
        self.home = Path(tempfile.mkdtemp(prefix="surat-pg-", dir="/tmp"))
        self.user = ["runuser", "-u", "postgres", "--"] if root() else []
        if root():
            shutil.chown(self.home, "postgres", "postgres")
        self.run("initdb", "-D", f"{self.home}/data", "-A", "trust", "-U", "postgres", "--data-checksums", "-N")
        self.start()

    def run(self, program: str, *words: str) -> str:
        done = subprocess.run(
            [*self.user, f"{self.programs}/{program}", *words], capture_output=True, text=True, check=False, cwd=self.home,
            env={**os.environ, "PGHOST": str(self.home), "PGUSER": "postgres"},
        )  # fmt: skip
        assert done.returncode == 0, (program, words, done.stderr)
        return done.stdout

    def start(self) -> None:
        options = f"-k {self.home} -c listen_addresses= -c max_connections=100"
        with (self.home.parent / f"{self.home.name}.log").open("ab") as log:
            subprocess.run(
                [*self.user, f"{self.programs}/pg_ctl", "-D", f"{self.home}/data", "-w", "-o", options, "start"],
                check=True, stdout=log, stderr=log, cwd=self.home,
            )  # fmt: skip

    def stop(self, mode: str = "immediate") -> None:
        self.run("pg_ctl", "-D", f"{self.home}/data", "-w", "-m", mode, "stop")

    def ask(self, question: str, database: str = "surat") -> str:
        return self.run("psql", "-XAt", "-d", database, "-c", question).strip()

    def remove(self) -> None:
        with contextlib.suppress(AssertionError):
            self.stop()
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.parent.joinpath(f"{self.home.name}.log").unlink(missing_ok=True)


class Process:
    """A command of ours that runs until it is stopped; what it says goes to a log."""

    def __init__(self, home: Path, name: str, *words: str, ready: str = "", env: dict[str, str] | None = None) -> None:
        self.log = home / f"{name}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*SURAT, *words],
                cwd=home,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, **(env or {})},
            )
        self.ready = ready

    def wait_until(self, ready) -> None:
        deadline = time.monotonic() + 90
        while not ready():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.1)

    def wait(self) -> Process:
        self.wait_until(lambda: self.ready in self.said())
        return self

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise


def set_lines(path: Path, **values: str) -> None:
    """Fill in lines of an ini or ZConfig file as an administrator does; each line must be there."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for key, value in values.items():
        name = key.replace("__", ".")
        starts = (f"{name} =", f"%define {name} ")
        [number] = [number for number, line in enumerate(lines) if line.startswith(starts)]
        head = f"%define {name} " if lines[number].startswith("%") else f"{name} = "
        lines[number] = f"{head}{value}"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def blocks(page: str, language: str, title: str = "") -> list[str]:
    """The fenced blocks of a language, of the whole page or of the section with that title."""
    text = page.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0] if title else page
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [body for name, body in found if name == language]


class Manual:
    """`docs/deploy.md` as a script: its ``sh`` blocks run in the test's directories, with accounts left aside."""

    def __init__(self, home: Path, cluster: Cluster | None) -> None:
        self.home = home
        self.text = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
        backups = cluster.home if cluster is not None else home
        self.places = {
            "/etc/surat": f"{home}/etc",
            "/var/lib/surat": f"{home}/var",
            "/var/cache/surat": f"{home}/cache",
            "/var/backups": f"{backups}/backups",
            "/opt/surat": str(ROOT),
        }
        self.bin = home / "bin"
        self.bin.mkdir()
        self._script("surat", f'exec {shlex.join(SURAT)} "$@"')
        if shutil.which("curl") is None:  # a machine without it still asks the same address
            ask = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[-1]).read().decode())"
            self._script("curl", f'exec {shlex.join([sys.executable, "-c", ask])} "$@"')
        # Accounts are the machine's: what is done for `surat` the test does itself.
        self._script("chgrp", "exit 0")
        self._script("install", 'exec /usr/bin/install "$1" "$2" "$3" "${@:8}"', "bash")
        if cluster is None:
            as_postgres = "exit 1"
        else:
            as_postgres = shlex.join([*cluster.user, "env", f"PGHOST={cluster.home}", "PGUSER=postgres"])
            as_postgres = f'cd {cluster.home}; exec {as_postgres} {cluster.programs}/"$@"'
        self._script("sudo", f'user=$2; shift 2; if [ "$user" = surat ]; then exec "$@"; fi\n{as_postgres}')

    def _script(self, name: str, body: str, shell: str = "sh") -> None:
        path = self.bin / name
        path.write_text(f"#!/bin/{shell}\n{body}\n", encoding="utf-8")
        path.chmod(0o755)

    def blocks(self, language: str, title: str = "") -> list[str]:
        return blocks(self.text, language, title)

    def commands(self, title: str = "") -> list[str]:
        return [line for block in self.blocks("sh", title) for line in block.splitlines()]

    def run(self, command: str, **ports: int) -> str:
        """One command of the page; answers what it printed."""
        for written, place in self.places.items():
            command = command.replace(written, place)
        for port in ports.values():
            command = command.replace("6543", str(port))
        mine = (str(self.home), *self.places.values())
        for path in re.findall(r"(?<![\w.:/])/[\w./-]+", command):
            assert path.startswith((*mine, "/dev/urandom")), f"{command}: {path} is not the test's"
        done = subprocess.run(
            ["/bin/sh", "-c", command], capture_output=True, text=True, check=False, cwd=self.home, timeout=120,
            env={**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}"},
        )  # fmt: skip
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        return done.stdout
