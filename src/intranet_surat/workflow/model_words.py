"""The smallest values of a flow: names, places in a file, durations and expressions for people.

What is made of them stands in `workflow.model`, from where the rest of the system takes them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Name = str
"""A name given by the designer: of a state, an action, a rule, a form, a cast member."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where something stands in a file; line and column count from 1."""

    file: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Duration:
    """An amount of time as written: ``amount`` of ``unit``.

    ``unit`` is one of ``hours``, ``days``, ``working days``.
    """

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Who:
    """A parsed expression of the cast grammar.

    ``op`` is one of ``name``, ``role``, ``position``, ``head``, ``superior``, ``holder``, ``superiors``,
    ``staff``, ``author``, ``actor``, ``giver``, ``actors``, ``level``, ``office``, ``letter``, ``form``,
    ``item``; ``args`` are names or further ``Who`` values, as `workflow.cast` documents.
    """

    op: str
    args: tuple[Any, ...] = ()
    text: str = ""
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Who is told (``notify``) when a signature has waited ``after`` because its provider does not answer."""

    notify: tuple[Who, ...]
    after: Duration
    mark: Mark | None = None
