"""Durations as designers write them: ``4 hours``, ``2 days``, ``3 working days``.

What a duration means on a calendar is known in `workflow.calendar`.
"""

from __future__ import annotations

import re

from intranet_surat.workflow.findings import Finding, FlowError, nearest, quoted
from intranet_surat.workflow.model import Duration, Mark

UNITS = ("hours", "days", "working days")
LARGEST = 3660
"""Ten years of days; more is a slip of the finger."""

_NUMBER = re.compile(r"\s*([0-9]{1,9})\s+(?=\S)")
_SINGULAR = {"hour": "hours", "day": "days", "working day": "working days"}


def parse(text: str, mark: Mark) -> Duration:
    """The duration that ``text`` names; raises FlowError with the place of what is wrong."""
    match = _NUMBER.match(text)
    if match is None:
        message = f"Lama waktu ditulis 'angka satuan', misalnya '3 working days'; ditemukan {quoted(text)}."
        raise FlowError([Finding(mark, message, UNITS, None, "duration")])
    amount = int(match[1])
    if not 0 < amount <= LARGEST:
        message = f"Lama waktu harus 1 sampai {LARGEST}; ditemukan {amount}."
        raise FlowError([Finding(mark, message, (), None, "duration")])
    unit = " ".join(text[match.end() :].split())
    unit = _SINGULAR.get(unit, unit)
    if unit not in UNITS:
        place = Mark(mark.file, mark.line, mark.column + match.end())
        message = f"Satuan waktu {quoted(unit)} tidak dikenal."
        raise FlowError([Finding(place, message, UNITS, nearest(unit, UNITS), "duration")])
    return Duration(amount, unit)


def text(duration: Duration) -> str:
    """The duration in Indonesian, for sentences."""
    words = {"hours": "jam kerja", "days": "hari", "working days": "hari kerja"}
    return f"{duration.amount} {words[duration.unit]}"
