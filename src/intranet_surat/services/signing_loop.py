"""One asyncio loop in a daemon thread, shared by everything that calls pyHanko from plain functions."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_lock = threading.Lock()
_loop: asyncio.AbstractEventLoop | None = None
_owner = 0


def run(work: Coroutine[Any, Any, T], seconds: float = 60.0) -> T:
    """Run ``work`` in the shared loop and wait for its result; raises what it raises, or TimeoutError."""
    future = asyncio.run_coroutine_threadsafe(work, _running())
    try:
        return future.result(seconds)
    except TimeoutError:
        future.cancel()
        raise


async def aside(function: Callable[..., T], *arguments: Any) -> T:
    """Run a plain function that waits, beside the shared loop and not in it."""
    return await asyncio.get_running_loop().run_in_executor(None, function, *arguments)


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` that waits for nothing outside, in this very thread; raises RuntimeError when it wants to wait.

    Validation without a network is such work. It may have tasks of its own, and still needs neither threads nor
    sockets, which a child process may not make.
    """
    loop = _StillLoop()
    try:
        return loop.run_until_complete(work)
    finally:
        work.close()
        loop.close()


class _StillLoop(asyncio.BaseEventLoop):
    """A loop that runs what is ready and knows no outside: there is nothing that it could wait for."""

    def __init__(self) -> None:
        super().__init__()
        self._selector = self  # the base class asks it what has happened outside

    def select(self, timeout: float | None) -> list[Any]:
        """Nothing ever happens outside."""
        if timeout != 0:
            raise RuntimeError("work that was to wait for nothing wanted to wait")
        return []

    def _process_events(self, event_list: list[Any]) -> None:
        """There are none."""

    def _write_to_self(self) -> None:
        """Nobody calls from another thread."""


def _running() -> asyncio.AbstractEventLoop:
    # A thread does not survive a fork: a child process makes a loop of its own.
    global _loop, _owner
    with _lock:
        if _loop is None or _owner != os.getpid():
            _loop, _owner = asyncio.new_event_loop(), os.getpid()
            threading.Thread(target=_loop.run_forever, name="signing-loop", daemon=True).start()
        return _loop
