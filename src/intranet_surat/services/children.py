"""The one starter of child processes: hostile bytes are parsed there, within limits and without a network.

Programs live in `services.child`. What a child answers is as hostile as what it was given: it is read with a
bound and handed out by `ChildResult` with a check of each value.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: ``cpu`` and ``wall`` in seconds, the others in bytes.

    ``answer`` bounds the JSON, ``data`` the file that it may hand back.
    """

    cpu: int = 30
    wall: int = 60
    memory: int = 512 * MB
    answer: int = 64 * 1024
    data: int = 16 * MB


class ChildStopped(Exception):
    """A child gave no usable answer.

    ``reason`` is ``time``, ``cpu``, ``memory``, ``output``, ``crash`` or ``answer``; ``detail`` is for the log and
    holds no word of the input.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"child stopped: {reason} {detail}".rstrip())
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class ChildResult:
    """What a child answered. ``network`` says how it was cut off: ``namespace``, ``filter``, both, or ``open``."""

    value: dict[str, Any]
    data: bytes
    network: str

    def number(self, name: str, *, most: int) -> int:
        """A whole number from 0 to ``most``; raises ChildStopped when it is anything else."""
        value = self.value.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            raise ChildStopped("answer", f"{name} is no number up to {most}")
        return value

    def text(self, name: str, *, most: int) -> str:
        """A text of at most ``most`` signs, or "" when absent; raises ChildStopped when it is anything else."""
        value = self.value.get(name, "")
        if not isinstance(value, str) or len(value) > most:
            raise ChildStopped("answer", f"{name} is no text up to {most}")
        return value

    def flag(self, name: str) -> bool:
        """Whether the child said exactly true."""
        return self.value.get(name) is True


def run(program: str | Path, source: bytes | Path, *, limits: Limits, **arguments: str | int) -> ChildResult:
    """Run a program of `services.child` (or the dotted module of a plugin, or a file) on ``source``.

    The child has an empty environment, no descriptor but its input and its two results, a session of its own that
    is killed as a whole, and the limits. Raises ChildStopped.
    """
    room = Path(tempfile.mkdtemp(prefix="surat-anak-"))  # mode 0700
    try:
        return _run(room, program, source, limits, arguments)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _run(
    room: Path, program: str | Path, source: bytes | Path, limits: Limits, arguments: dict[str, str | int]
) -> ChildResult:
    if isinstance(source, bytes):
        (room / "masukan").write_bytes(source)
        source = room / "masukan"
    with source.open("rb") as given, (room / "jawaban").open("w+b") as answer, (room / "data").open("w+b") as data:
        order = {
            "program": str(program),
            "file": isinstance(program, Path),
            "arguments": arguments,
            "cpu": limits.cpu,
            "memory": limits.memory,
            "size": max(limits.answer, limits.data),
            "data": data.fileno(),
        }
        child = subprocess.Popen(  # noqa: S603  an argument list of ours; hostile are only the bytes on its input
            [sys.executable, "-I", "-X", "utf8", "-m", "intranet_surat.services.child.start", json.dumps(order)],
            stdin=given,
            stdout=answer,
            stderr=subprocess.DEVNULL,
            env={},
            cwd=room,
            close_fds=True,
            pass_fds=(data.fileno(),),
            start_new_session=True,
        )
        try:
            code = child.wait(limits.wall)
        except subprocess.TimeoutExpired:
            raise ChildStopped("time", f"{limits.wall} s") from None
        finally:
            _end(child)
        return _answer(code, answer, data, limits)


def tool(command: list[str], source: bytes, *, limits: Limits, environment: dict[str, str]) -> bytes:
    """Run a program of the system on ``source`` and return what it printed; ``command`` begins with its whole path.

    It is bounded and cut off from the network, but opens its own files and is not sealed. Raises ChildStopped.
    """
    room = Path(tempfile.mkdtemp(prefix="surat-anak-"))  # mode 0700
    order = {
        "command": command,
        "environment": environment,
        "cpu": limits.cpu,
        "memory": limits.memory,
        "size": limits.data,
    }
    try:
        (room / "masukan").write_bytes(source)
        with (room / "masukan").open("rb") as given, (room / "jawaban").open("w+b") as answer:
            child = subprocess.Popen(  # noqa: S603  as above
                [sys.executable, "-I", "-m", "intranet_surat.services.child.launch", json.dumps(order)],
                stdin=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                env={},
                cwd=room,
                close_fds=True,
                start_new_session=True,
            )
            try:
                code = child.wait(limits.wall)
            except subprocess.TimeoutExpired:
                raise ChildStopped("time", f"{limits.wall} s") from None
            finally:
                _end(child)
            if code != 0:
                raise ChildStopped("crash", f"exit {code}")
            return _bounded(answer, limits.data)
    finally:
        shutil.rmtree(room, ignore_errors=True)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Kill the whole session; what the child left behind goes with it."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _answer(code: int, answer: BinaryIO, data: BinaryIO, limits: Limits) -> ChildResult:
    if code != 0:
        reasons = {
            -signal.SIGXCPU: "cpu",
            -signal.SIGXFSZ: "output",
            -signal.SIGKILL: "cpu",
            71: "memory",
            72: "output",
        }
        raise ChildStopped(reasons.get(code, "crash"), f"exit {code}")
    written, made = _bounded(answer, limits.answer), _bounded(data, limits.data)
    try:
        value = json.loads(written.decode("utf-8"))
    except (ValueError, RecursionError):
        raise ChildStopped("answer", "not JSON") from None
    if not isinstance(value, dict):
        raise ChildStopped("answer", "not an object")
    network = value.pop("_network", "open")
    return ChildResult(value, made, network if network in ("namespace+filter", "namespace", "filter") else "open")


def _bounded(stream: BinaryIO, most: int) -> bytes:
    stream.seek(0)
    found = stream.read(most + 1)
    if len(found) > most:
        raise ChildStopped("output", f"over {most} bytes")
    return found
