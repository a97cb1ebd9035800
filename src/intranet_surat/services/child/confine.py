"""What a child gives up before it reads its input: resources, the network, new processes, opening of files.

Two locks, each enough for the network: an empty network namespace where the kernel lets us have one, and a filter
of system calls (seccomp, x86-64 and arm64). What could be had is told to the parent.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import signal
import struct

_NEWUSER, _NEWNET = 0x10000000, 0x40000000
_NO_NEW_PRIVS, _SET_SECCOMP, _DUMPABLE, _DEATH_SIGNAL = 38, 22, 4, 1
_ALLOW, _KILL = 0x7FFF0000, 0x80000000
_EPERM, _ENOSYS, _EACCES = 0x00050001, 0x00050026, 0x0005000D
_THREAD = 0x00010000  # CLONE_THREAD: threads may be made, processes not

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_REFUSED = {
    # socket, connect, bind, sendto, sendmsg, socketpair, execve, execveat, fork, vfork, ptrace, kill, tkill, tgkill,
    # pidfd_send_signal, process_vm_readv, process_vm_writev, io_uring_setup, setsid, unshare, setns, bpf
    "x86_64": (41, 42, 49, 44, 46, 53, 59, 322, 57, 58, 101, 62, 200, 234, 424, 310, 311, 425, 112, 272, 308, 321),
    "aarch64": (198, 203, 200, 206, 211, 199, 221, 281, 117, 129, 130, 131, 424, 270, 271, 425, 157, 97, 268, 280),
}
_SOCKETS = 6  # so many of these are of the network
_CLONE = {"x86_64": 56, "aarch64": 220}
_CLONE3 = 435
_OPENING = {
    # open, openat, openat2, creat, truncate, rename, renameat, renameat2, unlink, unlinkat, link, linkat, symlink,
    # symlinkat, mkdir, mkdirat, chmod, fchmodat, chown, fchownat, mknod, mknodat, open_by_handle_at
    "x86_64": (2, 257, 437, 85, 76, 82, 264, 316, 87, 263, 86, 265, 88, 266, 83, 258, 90, 268, 92, 260, 133, 259, 304),
    "aarch64": (56, 437, 45, 38, 276, 35, 37, 36, 34, 53, 54, 33, 265),
}
_LOAD, _EQUAL, _BITS, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06


def limit(*, cpu: int, memory: int, size: int) -> None:
    """Set the limits of this process; they can never be raised again."""
    wanted = {
        resource.RLIMIT_CPU: (cpu, cpu + 1),
        resource.RLIMIT_AS: (memory, memory),
        resource.RLIMIT_FSIZE: (size, size),
        resource.RLIMIT_NOFILE: (64, 64),
        resource.RLIMIT_CORE: (0, 0),
    }
    for kind, (soft, hard) in wanted.items():
        ceiling = resource.getrlimit(kind)[1]
        most = hard if ceiling == resource.RLIM_INFINITY else min(hard, ceiling)
        resource.setrlimit(kind, (min(soft, most), most))


def isolate() -> str:
    """Cut off the network and the making of processes; returns what could be had, joined by "+", or "open"."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_DUMPABLE, 0, 0, 0, 0)
    had = []
    if libc.unshare(_NEWNET) == 0 or libc.unshare(_NEWUSER | _NEWNET) == 0:
        had.append("namespace")
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    machine = platform.machine()
    if machine in _ARCHITECTURES and _filter(libc, _processes_and_sockets(machine)):
        had.append("filter")
    return "+".join(had) or "open"


def offline() -> None:
    """Cut off the network alone: for a program of the system, which is still to be started and opens its own files."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    machine = platform.machine()
    rules = [_jump(_EQUAL, number, _EPERM) for number in _REFUSED[machine][:_SOCKETS]]
    if not _filter(libc, _program(machine, b"".join(rules))):
        raise OSError("the filter of system calls was refused")


def seal() -> None:
    """Refuse the opening and changing of files from here on: what the program needs is loaded."""
    machine = platform.machine()
    rules = [_jump(_EQUAL, number, _EACCES) for number in _OPENING[machine]]
    if not _filter(ctypes.CDLL(None, use_errno=True), _program(machine, b"".join(rules))):
        raise OSError("the second filter of system calls was refused")


def _processes_and_sockets(machine: str) -> bytes:
    rules = [_jump(_EQUAL, number, _EPERM) for number in _REFUSED[machine]]
    rules.append(_jump(_EQUAL, _CLONE3, _ENOSYS))  # the C library then asks for clone
    clone = [
        _line(_EQUAL, 0, 3, _CLONE[machine]),
        _line(_LOAD, 0, 0, 16),  # the flags
        _line(_BITS, 1, 0, _THREAD),
        _line(_RETURN, 0, 0, _EPERM),
    ]
    return _program(machine, b"".join(rules + clone))


def _program(machine: str, rules: bytes) -> bytes:
    start = [
        _line(_LOAD, 0, 0, 4),
        _line(_EQUAL, 1, 0, _ARCHITECTURES[machine]),
        _line(_RETURN, 0, 0, _KILL),
        _line(_LOAD, 0, 0, 0),
        _jump(_AT_LEAST, 0x40000000, _EPERM),  # the x32 numbers
    ]
    return b"".join(start) + rules + _line(_RETURN, 0, 0, _ALLOW)


def _jump(test: int, value: int, answer: int) -> bytes:
    return _line(test, 0, 1, value) + _line(_RETURN, 0, 0, answer)


def _line(code: int, yes: int, no: int, value: int) -> bytes:
    return struct.pack("HBBI", code, yes, no, value)


class _Fprog(ctypes.Structure):
    _fields_ = (("len", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _filter(libc: ctypes.CDLL, program: bytes) -> bool:
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    wrapped = _Fprog(len(program) // 8, program)
    return bool(libc.prctl(_SET_SECCOMP, 2, ctypes.byref(wrapped), 0, 0) == 0)
