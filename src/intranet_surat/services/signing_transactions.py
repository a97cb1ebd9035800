"""Commits in the middle of a request, for the steps of a signature; everything else commits at the end of one."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any, TypeVar

from transaction.interfaces import TransientError

T = TypeVar("T")

TRIES = 10


def commit(tm: Any) -> None:
    """Commit, and begin the transaction in which the request goes on. Raises what the commit raises."""
    tm.commit()
    tm.begin()


def committed(tm: Any, work: Callable[[], T]) -> T:
    """Run ``work`` in a transaction of its own and commit; after a conflict both again, up to `TRIES` times.

    A new transaction is open at the end, whatever happened. Conflicts are met here because the request must
    not be run again as a whole: it would sign a second time. Raises what ``work`` or the last commit raises.
    """
    for number in range(TRIES):
        _afresh(tm)
        try:
            result = work()
            commit(tm)
        except TransientError:
            _afresh(tm)
            if number == TRIES - 1:
                raise
            time.sleep(random.uniform(0.01, 0.05) * (number + 1))  # noqa: S311 - spreads the tries
        except BaseException:
            _afresh(tm)
            raise
        else:
            return result
    raise AssertionError  # the loop returns or raises


def _afresh(tm: Any) -> None:
    tm.abort()
    tm.begin()
