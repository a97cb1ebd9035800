"""Reference data as loaded: one version of a table, plain rows; what the rows mean is the services' knowledge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from persistent import Persistent


class ReferenceVersion(Persistent):
    """A table under its name and version; a new version is a new object, of this one only ``after`` is written then.

    ``before`` and ``after`` are the versions beside it; who made it, and ``why``, is empty for a shipped table.
    """

    before: str = ""
    after: str = ""
    person: str = ""
    position: str = ""
    why: str = ""

    def __init__(self, name: str, version: str, rows: Sequence[Mapping[str, Any]], loaded_at: datetime) -> None:
        self.name = name
        self.version = version
        self.rows = tuple(dict(row) for row in rows)
        self.loaded_at = loaded_at
