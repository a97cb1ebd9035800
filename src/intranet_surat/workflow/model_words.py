"""The smallest values of a flow: names, places in a file, durations, effects and expressions for people.

What is made of them stands in `workflow.model`, from where the rest of the system takes them too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Name = str
"""A name given by the designer: of a state, an action, a rule, a form, a cast member."""
PADES, SEAL, WET = "pades", "seal", "wet"
"""How a letter is signed: by an official in the file, by his agency in place of him, in ink. ``signed`` tells it so."""
SEAL_BESIDES = "seal"
"""The effect that orders the agency's seal besides; its act remembers it under the same word."""


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
class Applies:
    """For which letters a flow is meant: a direction (``masuk`` or ``keluar``) and perhaps kinds."""

    direction: str
    kinds: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """One effect: ``name`` (``number``, ``pdf``, ...), its ``value`` and further ``options``."""

    name: str
    value: Any
    options: Mapping[str, Any] = field(default_factory=dict)
    mark: Mark | None = None

    @property
    def gives_up(self) -> bool:
        """Whether the signed file is given up by it, and nothing is signed any more (`UNSIGNED`)."""
        return self.name == "signed" and self.value is None

    @property
    def voids(self) -> bool:
        """Whether the letter's number is given up by it, unless something was signed under that."""
        return self.name == "number" and self.value == "void"

    @property
    def writes(self) -> str | None:
        """The field of the letter that it writes besides ``set``, one of `WRITTEN`; None when it writes none."""
        match self.name:
            case "number":
                return "agenda_number" if self.value == AGENDA else "number"
            case "pdf":
                return "print_code" if self.options.get("code") else None
        return "signed" if self.name == "signed" else None


AGENDA = "agenda-masuk"
"""The series of the agenda numbers of incoming letters, which stand beside the number of the letter."""
WRITTEN = frozenset(("number", "agenda_number", "signed", "print_code"))
"""The fields of the letter that effects write besides ``set``; no person enters them."""
UNSIGNED = Effect("signed", None)
"""What coming to be edited again brings about: nothing is signed any more."""


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
