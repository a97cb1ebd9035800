"""An installation as `docs/deploy.md` describes it, in a directory of the test: PostgreSQL, processes, a JSON client."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[2]
SURAT = [sys.executable, "-W", "ignore", "-c", "import sys; from intranet_surat.cli import main; sys.exit(main())"]
PASSPHRASE = "kuda tembaga di atas meja"
SINCE = "2025-01-06"
OFFICES = (
    ("SETDA", "Sekretariat Daerah", "sekretariat"),
    ("DINSOS", "Dinas Sosial", "dinas"),
    ("BAPPEDA", "Badan Perencanaan Pembangunan Daerah", "badan"),
)
# office, code, title, superior, roles, head
POSITIONS = (
    ("SETDA", "sekda", "Sekretaris Daerah", "", "", "yes"),
    ("SETDA", "agendaris", "Agendaris Sekretariat Daerah", "sekda", "agendaris", ""),
    *(
        row
        for code, name in (("DINSOS", "Dinas Sosial"), ("BAPPEDA", "Bappeda"))
        for row in (
            (code, "kepala", f"Kepala {name}", "sekda@SETDA", "", "yes"),
            (code, "agendaris", f"Agendaris {name}", "kepala", "agendaris", ""),
            (code, "tata-usaha", f"Petugas Tata Usaha {name}", "kepala", "tata_usaha", ""),
            (code, "kabid-bantuan", f"Kepala Bidang Bantuan {name}", "kepala", "pengonsep", ""),
        )
    ),
)


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
                [*SURAT, *words], cwd=home, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
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


def surat(*words: object, code: int = 0, given: str | None = None) -> str:
    """Run a command that ends by itself; answers what it printed, or its refusal when ``code`` is not 0."""
    done = subprocess.run(
        [*SURAT, *map(str, words)], capture_output=True, text=True, check=False, timeout=120, input=given
    )
    assert done.returncode == code, (words, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout if code == 0 else done.stderr


def write_sheets(folder: Path) -> None:
    """A small regency as a personnel department would hand it over."""
    for name, head, rows in (
        ("kantor.csv", ("code", "name", "kind"), OFFICES),
        ("jabatan.csv", ("office", "code", "title", "superior", "roles", "head", "since"), [(*row, SINCE) for row in POSITIONS]),
        (
            "orang.csv",
            ("login", "name", "position", "since", "nip", "email"),
            [
                (f"{code}.{office.lower()}", f"Pegawai {number} {office}", f"{code}@{office}", SINCE,
                 f"19800101200501{number + 1000}", f"{code}.{office.lower()}@serangkab.example")
                for number, (office, code, *_) in enumerate(POSITIONS, 1)
            ],
        ),
    ):  # fmt: skip
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([head, *rows])


def passwords(printed: str) -> dict[str, str]:
    """What `surat password --missing` printed."""
    return dict(line.split("\t") for line in printed.splitlines() if "\t" in line)


def people(printed: str) -> dict[str, dict[str, str]]:
    """What `surat people` printed, by log-in."""
    rows = list(csv.DictReader(printed.splitlines(), delimiter="\t"))
    return {row["login"]: row for row in rows}


def give_key(monkeypatch, folder: Path, roots: Path, person: dict[str, str]) -> None:
    """A key of an authority that is no demo's, laid where `surat people` says that it belongs."""
    from intranet_surat.services.providers import demo_authority
    from intranet_surat.services.providers.base import Signer
    from intranet_surat.services.secret import Secret

    monkeypatch.setattr(demo_authority, "MARK", "PENGUJIAN")
    signer = Signer(person["id"], person["name"], person["nip"])
    demo_authority.equip(folder, [signer], Secret(PASSPHRASE.encode()), datetime.now(UTC))
    shutil.move(folder / "akar.pem", roots)


class Client:
    """A program that works for one person at one web process, with a token."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.http = requests.Session()
        self.http.headers["Accept"] = "application/json"
        came = self.post("/@@masuk", {"nama": login, "sandi": password})
        self.http.headers["Authorization"] = f"Bearer {came['token']}"

    def post(self, where: str, values: dict, *, status: int = 0, **more) -> dict:
        answer = self.raw("POST", where, json=values, **more)
        assert answer.status_code in ({status} if status else {200, 201}), (where, answer.status_code, answer.text)
        return answer.json()

    def send(self, where: str, values: dict, files: dict) -> dict:
        answer = self.raw("POST", where, data=values, files=files)
        assert answer.status_code in {200, 201}, (where, answer.status_code, answer.text)
        return answer.json()

    def get(self, where: str, status: int = 200) -> dict:
        answer = self.raw("GET", where)
        assert answer.status_code == status, (where, answer.status_code, answer.text)
        return answer.json()

    def raw(self, method: str, where: str, **more):
        # Addresses in answers are public ones; a test speaks to one process.
        path = re.sub(r"^https?://[^/]+", "", where)
        return self.http.request(method, self.base + path, timeout=60, **more)

    def act(self, letter: str, action: str, values: dict | None = None, **more) -> dict:
        return self.post(f"{letter.rstrip('/')}/@@aksi/{action}", values or {}, **more)


def at_once(*works) -> list:
    """Run functions at the same time; answers what they returned, raises what one raised."""
    results: list = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(number, work):
        barrier.wait()
        try:
            results[number] = work()
        except BaseException as error:  # noqa: BLE001  it is raised below, in the test's thread
            results[number] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for each in results:
        if isinstance(each, BaseException):
            raise each
    return results


def eventually(ask, seconds: float = 30.0):
    """The first true answer; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < deadline, json.dumps(found, default=str)
        time.sleep(0.2)
    return found


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
        """The fenced blocks of a language, of the whole page or of the section with that title."""
        text = self.text.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0] if title else self.text
        return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)

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
