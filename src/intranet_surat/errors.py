"""The errors that a person may meet, each with the sentence shown to that person.

Every message here is Indonesian and says what was expected, what was found and what to do. Errors for
the shell of DKISP are ordinary exceptions with English text and live where they are raised.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class SuratError(Exception):
    """Base of all refusals that are told to a person; ``message`` is the Indonesian sentence."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(SuratError):
    """The flow does not let this position do this action now (HTTP 403).

    ``action`` is the flow's action id, ``who`` the ids of the positions that could do it now, ``remedy`` the
    `workflow.view.Remedy` that would make it possible.
    """

    def __init__(self, message: str, *, action: str = "", who: tuple[str, ...] = (), remedy: Any = None) -> None:
        super().__init__(message)
        self.action = action
        self.who = who
        self.remedy = remedy


class Moved(NotAllowed):
    """The item has gone on since the page was shown: its state no longer has the action (HTTP 409)."""


class Unknown(SuratError):
    """What was asked for is not there, or may not be known by the one who asks (HTTP 404)."""

    def __init__(self, message: str = "Halaman ini tidak ada, atau bukan untuk jabatan Anda.") -> None:
        super().__init__(message)


class Invalid(SuratError):
    """What was entered cannot be taken; ``fields`` maps a field name to its sentence (HTTP 400)."""

    def __init__(self, fields: Mapping[str, str], message: str = "Periksa isian yang ditandai.") -> None:
        super().__init__(message)
        self.fields = dict(fields)


class Changed(SuratError):
    """The text was changed by somebody else since the page was shown (HTTP 409).

    ``shown`` is the version that the page carried, ``current`` the version that is stored.
    """

    def __init__(self, message: str, *, shown: int, current: int) -> None:
        super().__init__(message)
        self.shown = shown
        self.current = current


class TooLarge(SuratError):
    """An upload is over the limit of its place (HTTP 413)."""


class Unavailable(SuratError):
    """Something outside, or the database, does not answer now; nothing was changed (HTTP 503)."""
