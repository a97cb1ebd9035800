"""The two commands of a newcomer, `make help` and `make run`, in a copy of the checkout."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CARRIED = (
    "src",
    "templates",
    "workflows",
    "requirements",
    "tools",
    "Makefile",
    "setup.cfg",
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "NOTICE",
    "development.ini",
)

pytestmark = pytest.mark.needs("make")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy with an environment whose libraries are lent, marked as built from the lock: nothing is fetched."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in CARRIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(ROOT / name, copy / name)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(copy / ".venv")], check=True)
    packages = next((copy / ".venv" / "lib").glob("python*/site-packages"))
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    spec = importlib.util.spec_from_file_location("environment", copy / "tools" / "environment.py")
    environment = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(environment)
    (copy / ".venv" / "surat-run.stamp").write_text(environment.digest(environment.LOCKS["run"]))
    return copy


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """`make run` in its own process group, until it answers."""

    def __init__(self, checkout: Path, port: int) -> None:
        self.port = port
        self.log = checkout / f"log-{port}"
        self.began = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["make", "run", f"PYTHON={sys.executable}"], cwd=checkout, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env={**clean(), "PORT": str(port)}, start_new_session=True,
            )  # fmt: skip

    def answer(self) -> tuple[int, bytes]:
        for _ in range(900):
            assert self.process.poll() is None, self.log.read_text()
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=30) as answer:
                    return answer.status, answer.read()
            except (ConnectionError, urllib.error.URLError):
                time.sleep(0.1)
        pytest.fail(self.log.read_text())

    def stop(self) -> None:
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=60)


def clean() -> dict[str, str]:
    return {
        key: value for key, value in os.environ.items() if key not in {"MAKEFLAGS", "MAKELEVEL", "PORT", "PYTHONPATH"}
    }


def test_make_help_tells_every_target_in_a_line(checkout):
    done = subprocess.run(["make"], cwd=checkout, capture_output=True, text=True, check=True, env=clean())
    told = {line.split()[1] for line in done.stdout.splitlines()}
    assert {"run", "test", "env", "check", "bench", "soak", "dist", "help"} <= told


def test_make_run_serves_keeps_its_data_and_tells_of_a_busy_port(checkout):
    first = Running(checkout, free_port())
    try:
        status, page = first.answer()
        assert status == 200
        assert b"<html" in page
        data = checkout / "var" / "Data.fs"
        assert data.stat().st_size > 10_000
        assert (checkout / "var" / "ttd" / "akar.pem").is_file()
        key = (checkout / "var" / "kunci-data").read_bytes()

        busy = subprocess.run(
            ["make", "run", f"PYTHON={sys.executable}"], cwd=checkout, capture_output=True, text=True, check=False,
            env={**clean(), "PORT": str(first.port)}, timeout=120,
        )  # fmt: skip
        assert busy.returncode != 0
        assert (
            f"port {first.port} is in use by another program; choose another one: PORT={first.port + 1} make run"
            in busy.stderr
        )
        assert "Traceback" not in busy.stderr

        locked = subprocess.run(
            ["make", "run", f"PYTHON={sys.executable}"], cwd=checkout, capture_output=True, text=True, check=False,
            env={**clean(), "PORT": str(free_port())}, timeout=120,
        )  # fmt: skip
        assert "Data.fs is in use by process" in locked.stderr
        assert "Traceback" not in locked.stderr
    finally:
        first.stop()

    again = Running(checkout, free_port())
    try:
        assert again.answer()[0] == 200
        assert time.monotonic() - again.began < 60  # a few seconds alone; the machine may be busy
        assert (checkout / "var" / "kunci-data").read_bytes() == key
        assert "sample letters" not in again.log.read_text()
    finally:
        again.stop()
