"""One asyncio loop in a daemon thread, shared by everything that calls pyHanko from plain functions."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Coroutine
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


def finish(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` that waits for nothing, in this very thread; raises RuntimeError when it wants to wait.

    Validation without a network is such work. It needs no loop, so it also runs in a child process that may
    make neither threads nor sockets.
    """
    try:
        work.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    finally:
        work.close()
    raise RuntimeError("work that was to wait for nothing wanted to wait")


def _running() -> asyncio.AbstractEventLoop:
    # A thread does not survive a fork: a child process makes a loop of its own.
    global _loop, _owner
    with _lock:
        if _loop is None or _owner != os.getpid():
            _loop, _owner = asyncio.new_event_loop(), os.getpid()
            threading.Thread(target=_loop.run_forever, name="signing-loop", daemon=True).start()
        return _loop
