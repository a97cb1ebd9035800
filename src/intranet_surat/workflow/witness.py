"""What the organisation answered while a letter was played, and its calendar: kept so that it can be played elsewhere.

The recorder asks the real organisation and notes each answer; the witness repeats them and knows nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, time
from typing import Any

from intranet_surat.workflow.calendar import WorkingCalendar
from intranet_surat.workflow.view import Capacity, Org

Notes = dict[str, Any]
"""Answers as JSON values, by the question as it was put: ``superior["kadis"]``."""


class UnwitnessedError(Exception):
    """A question to which no answer was kept; its text is the question."""


def question(name: str, *words: Any) -> str:
    """A question as the key of its answer."""
    return name + json.dumps(words, ensure_ascii=False, separators=(",", ":"))


class OrgRecorder:
    """An `Org` that notes what the real one answers."""

    def __init__(self, org: Org, notes: Notes) -> None:
        self._org = org
        self._notes = notes

    def _ask(self, name: str, *words: str) -> Any:
        answer = getattr(self._org, name)(*words)
        self._notes[question(name, *words)] = list(answer) if isinstance(answer, tuple) else answer
        return answer

    def role(self, role: str, office: str) -> tuple[str, ...]:
        """As the real one."""
        return tuple(self._ask("role", role, office))

    def post(self, code: str, office: str) -> tuple[str, ...]:
        """As the real one."""
        return tuple(self._ask("post", code, office))

    def head(self, office: str) -> str | None:
        """As the real one."""
        return self._text("head", office)

    def superior(self, position: str) -> str | None:
        """As the real one."""
        return self._text("superior", position)

    def staff(self, position: str) -> tuple[str, ...]:
        """As the real one."""
        return tuple(self._ask("staff", position))

    def persons(self, position: str) -> tuple[str, ...]:
        """As the real one."""
        return tuple(self._ask("persons", position))

    def capacity(self, person: str, position: str) -> Capacity | None:
        """As the real one."""
        found = self._org.capacity(person, position)
        self._notes[question("capacity", person, position)] = None if found is None else _plain(found)
        return found

    def now(self, position: str) -> str:
        """As the real one."""
        return str(self._ask("now", position))

    def authority(self, position: str, form: str, kind: str = "", level: str = "") -> str | None:
        """As the real one."""
        return self._text("authority", position, form, kind, level)

    def awaited(self, position: str) -> Sequence[tuple[date, Org]]:
        """As the real one; only refusals ask it, and a letter's past holds none."""
        return self._org.awaited(position)

    def office_of(self, position: str) -> str | None:
        """As the real one."""
        return self._text("office_of", position)

    def title(self, position: str) -> str:
        """As the real one."""
        return str(self._ask("title", position))

    def _text(self, name: str, *words: str) -> str | None:
        answer = self._ask(name, *words)
        return None if answer is None else str(answer)


class OrgWitness:
    """An `Org` that repeats what was noted. Every method raises UnwitnessedError for what was not."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    def _ask(self, name: str, *words: str) -> Any:
        asked = question(name, *words)
        if asked not in self._notes:
            raise UnwitnessedError(asked)
        return self._notes[asked]

    def _many(self, name: str, *words: str) -> tuple[str, ...]:
        return tuple(map(str, self._ask(name, *words)))

    def _text(self, name: str, *words: str) -> str | None:
        answer = self._ask(name, *words)
        return None if answer is None else str(answer)

    def role(self, role: str, office: str) -> tuple[str, ...]:
        """As noted."""
        return self._many("role", role, office)

    def post(self, code: str, office: str) -> tuple[str, ...]:
        """As noted."""
        return self._many("post", code, office)

    def head(self, office: str) -> str | None:
        """As noted."""
        return self._text("head", office)

    def superior(self, position: str) -> str | None:
        """As noted."""
        return self._text("superior", position)

    def staff(self, position: str) -> tuple[str, ...]:
        """As noted."""
        return self._many("staff", position)

    def persons(self, position: str) -> tuple[str, ...]:
        """As noted."""
        return self._many("persons", position)

    def capacity(self, person: str, position: str) -> Capacity | None:
        """As noted."""
        found = self._ask("capacity", person, position)
        return None if found is None else _capacity(found)

    def now(self, position: str) -> str:
        """As noted."""
        return str(self._ask("now", position))

    def authority(self, position: str, form: str, kind: str = "", level: str = "") -> str | None:
        """As noted."""
        return self._text("authority", position, form, kind, level)

    def awaited(self, position: str) -> Sequence[tuple[date, Org]]:  # noqa: ARG002 - its signature
        """Nobody: what comes later is not kept, and only the sentence of a refusal would tell it."""
        return ()

    def office_of(self, position: str) -> str | None:
        """As noted."""
        return self._text("office_of", position)

    def title(self, position: str) -> str:
        """As noted."""
        return str(self._ask("title", position))


def calendar_told(calendar: WorkingCalendar) -> dict[str, Any]:
    """A working calendar as JSON values."""
    return {
        "name": calendar.name,
        "timezone": calendar.timezone,
        "weekend": sorted(calendar.weekend),
        "holidays": [each.isoformat() for each in sorted(calendar.holidays)],
        "opens": calendar.opens.isoformat(),
        "closes": calendar.closes.isoformat(),
        "hours": {
            day.isoformat(): [opens.isoformat(), closes.isoformat()]
            for day, (opens, closes) in sorted(calendar.hours.items())
        },
    }


def calendar_read(values: Mapping[str, Any]) -> WorkingCalendar:
    """The calendar that `calendar_told` told. Raises KeyError, TypeError or ValueError when it is none."""
    return WorkingCalendar(
        name=str(values["name"]),
        timezone=str(values["timezone"]),
        weekend=frozenset(int(each) for each in values["weekend"]),
        holidays=frozenset(date.fromisoformat(each) for each in values["holidays"]),
        opens=time.fromisoformat(values["opens"]),
        closes=time.fromisoformat(values["closes"]),
        hours={
            date.fromisoformat(day): (time.fromisoformat(opens), time.fromisoformat(closes))
            for day, (opens, closes) in values["hours"].items()
        },
    )


def _plain(capacity: Capacity) -> dict[str, Any]:
    values = asdict(capacity)
    return {
        name: value.isoformat() if isinstance(value, date) else sorted(value) if isinstance(value, frozenset) else value
        for name, value in values.items()
    }


_READ: dict[str, Callable[[Any], Any]] = {"until": date.fromisoformat, "kinds": frozenset, "never": frozenset}


def _capacity(values: Mapping[str, Any]) -> Capacity:
    return Capacity(
        **{name: _READ[name](each) if name in _READ and each is not None else each for name, each in values.items()}
    )
