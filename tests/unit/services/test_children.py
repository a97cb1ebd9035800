"""Children that misbehave: each program is a small file that the child runs in place of a parser."""

import time
from pathlib import Path

import pytest

from intranet_surat.services import children
from intranet_surat.services.children import MB, ChildResult, ChildStopped, Limits

SMALL = Limits(cpu=5, wall=10, memory=256 * MB, answer=1_000, data=100_000)


@pytest.fixture
def program(tmp_path):
    def write(source: str, before: str = "") -> Path:
        path = tmp_path / "program.py"
        lines = "\n".join(f"    {line}" for line in source.strip().splitlines())
        path.write_text(
            f"import os, socket, sys, threading, time\n{before}\ndef work(source, arguments, data):\n{lines}\n"
        )
        return path

    return write


def stopped(path, limits=SMALL):
    with pytest.raises(ChildStopped) as caught:
        children.run(path, b"x", limits=limits)
    return caught.value.reason


def refused(program, call, **more):
    path = program(
        f"try:\n    {call}\nexcept OSError as error:\n    return {{'errno': error.errno}}\nreturn {{'errno': 0}}",
        **more,
    )
    return children.run(path, b"x", limits=SMALL).value["errno"] != 0


def test_input_arguments_answer_and_data_go_through(program, tmp_path):
    path = program("data.write(source[::-1])\nreturn {'n': len(source), **arguments}")
    given = tmp_path / "masukan"
    given.write_bytes(b"surat")
    for source in (b"surat", given):
        found = children.run(path, source, limits=SMALL, page=3, word="ya")
        assert found.value == {"n": 5, "page": 3, "word": "ya"}
        assert found.data == b"tarus"
    assert given.read_bytes() == b"surat"


def test_on_this_machine_the_network_is_cut_off(program):
    assert children.run(program("return {}"), b"", limits=SMALL).network != "open"


def test_a_child_cannot_connect(program):
    with __import__("socket").create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        assert refused(program, f"socket.create_connection(('127.0.0.1', {port}), 2)")
        assert refused(program, f"socket.socket(socket.AF_UNIX).connect('{port}')")


@pytest.mark.parametrize(
    "call",
    [
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.posix_spawn('/bin/true', ['true'], {})",
        "os.kill(os.getppid(), 0)",
        "os.setsid()",
    ],
)
def test_a_child_makes_no_processes_and_signals_none(program, call):
    assert refused(program, call)


def test_a_child_that_forks_without_end_is_just_refused(program):
    path = program(
        "made = 0\nfor _ in range(200):\n    try:\n        os.fork()\n        made += 1\n    except OSError:\n        pass\nreturn {'made': made}"
    )
    assert children.run(path, b"x", limits=SMALL).value == {"made": 0}


@pytest.mark.parametrize(
    "call",
    [
        "open('/etc/passwd')",
        "open('baru', 'w')",
        "os.listdir('/')",
        "os.unlink('jawaban')",
        "os.open('/proc/self/mem', 0)",
        "os.mkdir('x')",
    ],
)
def test_a_child_opens_no_file_once_it_has_begun(program, call):
    assert refused(program, call)


def test_a_child_sees_no_environment(program, monkeypatch):
    monkeypatch.setenv("SURAT_RAHASIA", "kunci")
    found = children.run(program("return {'env': sorted(os.environ)}"), b"x", limits=SMALL)
    assert not {each for each in found.value["env"] if "SURAT" in each or each in ("PATH", "HOME")}


def test_a_child_holds_no_descriptor_of_ours(program, tmp_path):
    with (tmp_path / "rahasia").open("w") as held:
        found = children.run(
            program(
                f"try:\n    os.fstat({held.fileno()})\nexcept OSError:\n    return {{}}\nreturn {{'ino': os.fstat({held.fileno()}).st_ino}}"
            ),
            b"x",
            limits=SMALL,
        )
        assert found.value.get("ino") != (tmp_path / "rahasia").stat().st_ino


def test_a_child_that_hangs_is_stopped_in_time(program):
    begun = time.monotonic()
    assert stopped(program("time.sleep(60)"), Limits(cpu=5, wall=1)) == "time"
    assert time.monotonic() - begun < 30  # it would hang for sixty


def test_a_child_that_calculates_without_end_is_stopped(program):
    assert stopped(program("while True:\n    pass"), Limits(cpu=1, wall=20)) == "cpu"


def test_a_child_that_eats_memory_is_stopped(program):
    assert stopped(program("held = bytearray(400 * 1024 * 1024)\nreturn {'n': len(held)}")) == "memory"


def test_a_child_that_writes_a_large_file_is_stopped(program):
    assert (
        stopped(program("for _ in range(100):\n    data.write(b'x' * 10_000)\n    data.flush()\nreturn {}")) == "output"
    )


def test_a_long_answer_is_not_read(program):
    assert stopped(program("return {'a': 'x' * 5_000}")) == "output"


def test_a_child_that_dies_is_told(program):
    assert stopped(program("os.abort()")) == "crash"
    assert stopped(program("raise RuntimeError(source)")) == "crash"


@pytest.mark.parametrize("words", ["[1]", "{", "\\xff", "[" * 900, ""])
def test_an_answer_that_is_no_object_is_hostile(program, words):
    assert (
        stopped(program(f"sys.stdout.buffer.write({words!r}.encode('latin-1'))\nsys.stdout.flush()\nos._exit(0)"))
        == "answer"
    )


def test_the_detail_for_the_log_holds_no_word_of_the_input(program):
    with pytest.raises(ChildStopped) as caught:
        children.run(program("raise ValueError(source)"), b"NIK 3604050101900019", limits=SMALL)
    assert "3604" not in f"{caught.value} {caught.value.detail}"


def test_nothing_of_a_run_is_left_behind(program, monkeypatch, tmp_path):
    room = tmp_path / "temp"
    room.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(room))
    children.run(program("return {}"), b"x", limits=SMALL)
    stopped(program("os.abort()"))
    assert list(room.iterdir()) == []


@pytest.mark.parametrize("value", [-1, 11, True, "3", None, 2.5])
def test_numbers_of_an_answer_are_bounded(value):
    with pytest.raises(ChildStopped):
        ChildResult({"n": value}, b"", "filter").number("n", most=10)


def test_texts_and_flags_of_an_answer_are_checked():
    found = ChildResult({"t": "abc", "n": 1, "f": True, "g": "true"}, b"", "filter")
    assert found.text("t", most=3) == "abc"
    assert found.text("absent", most=3) == ""
    assert (found.flag("f"), found.flag("g"), found.flag("h")) == (True, False, False)
    for name, most in (("t", 2), ("n", 5)):
        with pytest.raises(ChildStopped):
            found.text(name, most=most)
