"""An organisation that is asked each question once: within one answer the same people are looked up many times."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from intranet_surat.workflow.view import Org, Setting


class _Answers(dict[str, Any]):
    """What was answered, by what was asked; asks what is not there yet."""

    __slots__ = ("ask",)

    def __init__(self, ask: Callable[[str], Any]) -> None:
        self.ask = ask

    def __missing__(self, asked: str) -> Any:
        self[asked] = found = self.ask(asked)
        return found


class _Pairs(dict[tuple[str, str], Any]):
    """The same where two things are asked."""

    __slots__ = ("ask",)

    def __init__(self, ask: Callable[[str, str], Any]) -> None:
        self.ask = ask

    def __missing__(self, asked: tuple[str, str]) -> Any:
        self[asked] = found = self.ask(*asked)
        return found

    def __call__(self, one: str, other: str) -> Any:
        return self[one, other]


class Remembered:
    """An `Org` that remembers what another has answered; for one question to the engine, not for longer."""

    def __init__(self, org: Org) -> None:
        self.org = org
        self.role = _Pairs(org.role)
        self.capacity = _Pairs(org.capacity)
        self.post = org.post
        self.authority = org.authority
        self.awaited = org.awaited
        self.head: Callable[[str], str | None] = _Answers(org.head).__getitem__
        self.superior: Callable[[str], str | None] = _Answers(org.superior).__getitem__
        self.staff: Callable[[str], tuple[str, ...]] = _Answers(org.staff).__getitem__
        self.persons: Callable[[str], tuple[str, ...]] = _Answers(org.persons).__getitem__
        self.now: Callable[[str], str] = _Answers(org.now).__getitem__
        self.office_of: Callable[[str], str | None] = _Answers(org.office_of).__getitem__
        self.title: Callable[[str], str] = _Answers(org.title).__getitem__


def remembering(setting: Setting) -> Setting:
    """The same setting, its organisation remembered."""
    return setting if isinstance(setting.org, Remembered) else replace(setting, org=Remembered(setting.org))
