"""What is found in a package: where, what it means for the verdict, and a sentence for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Overall = Literal["sah", "belum", "tidak"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``where`` is a name in the package, for a line of the history with its number (``riwayat.jsonl:4``)."""

    where: str
    overall: Overall
    says: str

    def __str__(self) -> str:
        return f"{self.where}: {self.says}"


def tidak(where: str, says: str) -> Finding:
    """Something was changed, or was not allowed."""
    return Finding(where, "tidak", says)


def belum(where: str, says: str) -> Finding:
    """Something that would be needed is missing."""
    return Finding(where, "belum", says)
