"""An organisation that is asked each question once: within one answer the same people are looked up many times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import cache

from intranet_surat.workflow.view import Org, Setting


class Remembered:
    """An `Org` that remembers what another has answered; for one question to the engine, not for longer."""

    def __init__(self, org: Org) -> None:
        self.org = org
        self.role = cache(org.role)
        self.post = cache(org.post)
        self.head = cache(org.head)
        self.superior = cache(org.superior)
        self.staff = cache(org.staff)
        self.persons = cache(org.persons)
        self.capacity = cache(org.capacity)
        self.now = cache(org.now)
        self.authority = cache(org.authority)
        self.office_of = cache(org.office_of)
        self.title = cache(org.title)

    def awaited(self, position: str) -> Sequence[tuple[date, Org]]:
        """When others come to a position, and the organisation of then."""
        return self.org.awaited(position)


def remembering(setting: Setting) -> Setting:
    """The same setting, its organisation remembered."""
    return setting if isinstance(setting.org, Remembered) else replace(setting, org=Remembered(setting.org))
