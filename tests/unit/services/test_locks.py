from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from intranet_surat.errors import Unavailable
from intranet_surat.services.locks import Held, Locks

HOLDER = """
import sys
from pathlib import Path
from intranet_surat.services.locks import Locks
held = Locks(**eval(sys.argv[1])).take(sys.argv[2:])
print("held", flush=True)
sys.stdin.readline()
held.release()
print("released", flush=True)
sys.stdin.readline()
"""


class Other:
    """Another process that holds locks."""

    def __init__(self, how: str, *names: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, how, *names], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout.readline() == "held\n"

    def release(self) -> None:
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        assert self.process.stdout.readline() == "released\n"

    def end(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate(timeout=10)


def taken(locks: Locks, *names: str) -> bool:
    try:
        locks.take(names, timeout=0.05).release()
    except Unavailable:
        return True
    return False


def test_a_name_is_held_by_one_until_he_gives_it_back():
    locks = Locks()
    held = locks.take(["a"])
    assert taken(locks, "a")
    assert not taken(locks, "b")
    held.release()
    assert not taken(locks, "a")


def test_one_who_waits_gets_the_lock_when_it_comes_free():
    locks = Locks()
    held = locks.take(["a"])
    started = time.monotonic()
    threading.Timer(0.1, held.release).start()
    locks.take(["a"], timeout=60).release()
    assert 0.1 <= time.monotonic() - started < 30


def test_giving_back_twice_does_not_take_it_from_the_next():
    locks = Locks()
    held = locks.take(["a"])
    held.release()
    other = locks.take(["a"])
    held.release()
    assert taken(locks, "a")
    other.release()


def test_of_several_names_either_all_are_taken_or_none():
    locks = Locks()
    held = locks.take(["b"])
    assert taken(locks, "a", "b", "c")
    assert not taken(locks, "a", "c")
    held.release()


def test_names_may_repeat_and_may_be_none():
    locks = Locks()
    locks.take(["a", "a"]).release()
    assert locks.take([]).names == frozenset()


def test_what_fails_while_giving_back_does_not_keep_the_rest():
    freed = []

    def fail() -> None:
        raise OSError("disk")

    held = Held()
    held.add("a", lambda: freed.append("a"))
    held.add("b", fail)
    held.add("c", lambda: freed.append("c"))
    with pytest.raises(OSError, match="disk"):
        held.release()
    assert freed == ["c", "a"]


def test_the_sentence_says_that_nothing_was_stored_and_what_to_do():
    locks = Locks()
    held = locks.take(["a"])
    with pytest.raises(Unavailable) as caught:
        locks.take(["a"], timeout=0.01)
    assert "Belum ada yang tersimpan" in caught.value.message
    held.release()


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "kunci"


def test_a_process_keeps_another_out_by_a_file(folder):
    locks = Locks(directory=folder)
    other = Other(f"dict(directory=Path({str(folder)!r}))", "DINKES/agenda/2026")
    assert taken(locks, "DINKES/agenda/2026")
    assert not taken(locks, "DINKES/agenda/2027")
    other.release()
    assert not taken(locks, "DINKES/agenda/2026")
    other.end()


def test_the_file_lock_of_a_killed_process_is_free(folder):
    locks = Locks(directory=folder)
    other = Other(f"dict(directory=Path({str(folder)!r}))", "a")
    assert taken(locks, "a")
    other.end()
    assert not taken(locks, "a")


def test_lock_files_carry_no_names_and_leak_no_descriptors(folder):
    locks = Locks(directory=folder)
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(5):
        locks.take(["DINKES/agenda/2026"]).release()
        held = locks.take(["b"])
        assert taken(locks, "b")
        held.release()
    assert len(list(Path("/proc/self/fd").iterdir())) == before
    assert folder.stat().st_mode & 0o777 == 0o700
    assert all(len(each.name) == 64 for each in folder.iterdir())


@pytest.fixture(scope="module")
def postgresql():
    """A cluster of its own on a socket in a temporary directory; its DSN and a function that stops it."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    home = Path(tempfile.mkdtemp(prefix="surat-pg-"))
    run_as = {}
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
        run_as = {"user": "postgres", "group": "postgres"}

    def pg(program: str, *arguments: str) -> None:
        path = str(programs[-1] / program) if programs else program
        subprocess.run([path, *arguments], check=True, capture_output=True, cwd=home, timeout=60, **run_as)

    def stop() -> None:
        pg("pg_ctl", "-D", str(home / "data"), "-m", "immediate", "stop")

    def start() -> None:
        pg("pg_ctl", "-D", str(home / "data"), "-w", "-l", str(home / "log"), "-o", options, "start")

    options = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off"
    pg("initdb", "-D", str(home / "data"), "-A", "trust", "-U", "surat", "--no-sync")
    start()
    yield f"host={home} user=surat dbname=postgres", stop, start
    stop()
    shutil.rmtree(home, ignore_errors=True)


@pytest.mark.needs("postgresql")
def test_a_process_keeps_another_out_by_postgresql(postgresql):
    dsn = postgresql[0]
    locks = Locks(postgresql=dsn)
    other = Other(f"dict(postgresql={dsn!r})", "DINKES/agenda/2026")
    assert taken(locks, "DINKES/agenda/2026")
    assert not taken(locks, "DINKES/agenda/2027")
    other.release()
    assert not taken(locks, "DINKES/agenda/2026")
    other.end()


@pytest.mark.needs("postgresql")
def test_the_advisory_lock_of_a_killed_process_is_free(postgresql):
    dsn = postgresql[0]
    locks = Locks(postgresql=dsn)
    other = Other(f"dict(postgresql={dsn!r})", "a")
    assert taken(locks, "a")
    other.end()
    locks.take(["a"], timeout=60).release()


@pytest.mark.needs("postgresql")
def test_threads_take_turns_in_postgresql_and_connections_are_used_again(postgresql):
    locks = Locks(postgresql=postgresql[0], timeout=60)
    inside, most = 0, 0

    def work() -> None:
        nonlocal inside, most
        for _ in range(20):
            held = locks.take(["a", "b"])
            inside += 1
            most = max(most, inside)
            inside -= 1
            held.release()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == 1
    assert len(locks._advisory._idle) <= 12


@pytest.mark.needs("postgresql")
def test_a_server_that_is_away_is_told_without_its_address_and_comes_back(postgresql, caplog):
    dsn, stop, start = postgresql
    locks = Locks(postgresql=dsn)
    held = locks.take(["a"])
    stop()
    try:
        held.release()
        with pytest.raises(Unavailable, match="Basis data tidak menjawab"):
            locks.take(["a"])
        assert "host=" not in caplog.text
    finally:
        start()
    locks.take(["a"], timeout=60).release()


@pytest.mark.needs("postgresql")
def test_a_connection_that_did_not_survive_a_restart_is_replaced_without_a_word(postgresql):
    dsn, stop, start = postgresql
    locks = Locks(postgresql=dsn)
    locks.take(["a", "b"]).release()
    stop()
    start()
    locks.take(["a", "b"], timeout=60).release()
