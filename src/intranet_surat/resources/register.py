"""Number registers: which number a letter got, and what became of it; patterns and locks live in the services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from BTrees.IOBTree import IOBTree
from BTrees.OOBTree import OOBTree
from persistent import Persistent

from intranet_surat.resources.values import stored


@stored
@dataclass(frozen=True, slots=True)
class Line:
    """One number: ``state`` is ``reserved``, ``used`` or ``void``, ``reason`` why it is void."""

    number: int
    letter: str
    at: datetime
    state: str = "reserved"
    reason: str = ""


class NumberRegister(Persistent):
    """The numbers of one owner, series and year, from 1 upwards, none twice and none reused.

    ``next`` is a plain number in this small object: whoever gives a number at the same moment collides,
    and `services.numbering.hold` sees to it that nobody does.
    """

    def __init__(self, owner: str, series: str, year: int) -> None:
        self.owner = owner
        self.series = series
        self.year = year
        self.next = 1
        self._lines = IOBTree()
        self._letters = OOBTree()

    @property
    def key(self) -> str:
        """The key of the register in ``site.registers``."""
        return register_key(self.owner, self.series, self.year)

    def number(self, letter: str) -> int | None:
        """Return the number that the letter has here, reserved or used."""
        return self._letters.get(letter)

    def used(self, letter: str) -> bool:
        """Whether the letter has a number here that is used. Raises LookupError when it has none."""
        return self._line(letter).state == "used"

    def reserve(self, letter: str, at: datetime) -> int:
        """Return the letter's number, a new one when it has none; a void number never comes back."""
        known = self._letters.get(letter)
        if known is not None:
            return known
        given = self.next
        self.next = given + 1
        self._lines[given] = Line(given, letter, at)
        self._letters[letter] = given
        return given

    def use(self, letter: str) -> int:
        """Mark the letter's reserved number as used and return it. Raises LookupError when it has none."""
        line = self._line(letter)
        if line.state != "used":
            self._lines[line.number] = replace(line, state="used")
        return line.number

    def void(self, letter: str, reason: str) -> int:
        """Give up the letter's reserved number for ever and return it.

        Raises LookupError when it has none, ValueError when it is used already or no reason is given.
        """
        line = self._line(letter)
        if line.state == "used":
            raise ValueError(f"number {line.number} of {self.key} is used and cannot become void")
        if not reason.strip():
            raise ValueError("a void number needs a reason")
        self._lines[line.number] = replace(line, state="void", reason=reason)
        del self._letters[letter]
        return line.number

    def give(self, letter: str, at: datetime) -> int:
        """Reserve and use in one step, for numbers that are final when they are given."""
        self.reserve(letter, at)
        return self.use(letter)

    def lines(self) -> Iterator[Line]:
        """Return all numbers in order, for the printed register."""
        return iter(self._lines.values())

    def line(self, number: int) -> Line | None:
        """Return the line of a number, or None."""
        return self._lines.get(number)

    def _line(self, letter: str) -> Line:
        number = self._letters.get(letter)
        if number is None:
            raise LookupError(f"letter {letter} has no number in {self.key}")
        return self._lines[number]


def register_key(owner: str, series: str, year: int) -> str:
    """Return the key of a register: ``owner/series/year``."""
    return f"{owner}/{series}/{year}"
