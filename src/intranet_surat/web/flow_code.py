"""The lines of a flow file as a page shows them: numbered, with what was found beside the line it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from intranet_surat.workflow.findings import Finding
from intranet_surat.workflow.model import Mark

_MOST_WORDS = 12
_DURATION = re.compile(r"[0-9]+ (?:working )?(?:hours?|days?)")
_LIST = re.compile(r"\[[^\[\]]*\]")
_WORD = re.compile(r"[^\s,\[\]{}:#\"']+")


@dataclass(frozen=True, slots=True)
class Note:
    """One finding beside its line; ``replace`` is what the page offers in the place of ``found``."""

    line: int
    column: int
    message: str
    rule: str
    found: str
    replace: str
    accepted: tuple[str, ...]
    more: int
    warning: bool


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line: the text before, in and after the first place that was found fault with, and the notes."""

    number: int
    before: str
    marked: str
    after: str
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A finding in another file, such as the flow that is extended."""

    place: str
    message: str


@dataclass(frozen=True, slots=True)
class Code:
    """A file with its notes, and the findings that belong to other files."""

    lines: tuple[CodeLine, ...]
    notes: tuple[Note, ...]
    elsewhere: tuple[Elsewhere, ...]


def build(text: str, source: str, findings: Iterable[Finding], warnings: Iterable[Finding] = ()) -> Code:
    """Lay the findings beside the lines of the file that is called ``source``."""
    lines = text.split("\n")
    by_line: dict[int, list[Note]] = {}
    elsewhere: list[Elsewhere] = []
    for finding, warning in (*((each, False) for each in findings), *((each, True) for each in warnings)):
        mark = finding.mark
        if mark.file == source and 0 < mark.line <= len(lines):
            by_line.setdefault(mark.line, []).append(_note(finding, lines[mark.line - 1], warning=warning))
        else:
            elsewhere.append(Elsewhere(f"{mark.file}:{mark.line}:{mark.column}", finding.message))
    made = tuple(_line(number, line, by_line.get(number, [])) for number, line in enumerate(lines, start=1))
    return Code(made, tuple(note for each in made for note in each.notes), tuple(elsewhere))


def _note(finding: Finding, line: str, *, warning: bool) -> Note:
    mark = finding.mark
    found = token(line, mark.column, whole=(finding.suggestion or "").startswith("["))
    return Note(
        line=mark.line,
        column=mark.column,
        message=finding.message,
        rule=finding.rule,
        found=found,
        replace=finding.suggestion if finding.suggestion and found and not warning else "",
        accepted=finding.accepted[:_MOST_WORDS],
        more=max(0, len(finding.accepted) - _MOST_WORDS),
        warning=warning,
    )


def _line(number: int, line: str, notes: list[Note]) -> CodeLine:
    if not notes:
        return CodeLine(number, line, "", "", ())
    first = notes[0]
    start = min(first.column - 1, len(line))
    end = start + len(first.found)
    return CodeLine(number, line[:start], line[start:end], line[end:], tuple(notes))


def token(line: str, column: int, *, whole: bool = False) -> str:
    """The word, the duration, or the ``whole`` list that begins at a column (from 1); nothing at the end of a line."""
    rest = line[column - 1 :]
    found = (_LIST.match(rest) if whole else None) or _DURATION.match(rest) or _WORD.match(rest)
    return found[0] if found is not None else ""


def replaced(text: str, mark: Mark, found: str, by: str) -> str | None:
    """The text with ``found`` at the mark replaced; None when something else stands there by now."""
    lines = text.split("\n")
    if not 0 < mark.line <= len(lines) or not found:
        return None
    line = lines[mark.line - 1]
    start = mark.column - 1
    if line[start : start + len(found)] != found:
        return None
    lines[mark.line - 1] = line[:start] + by + line[start + len(found) :]
    return "\n".join(lines)
