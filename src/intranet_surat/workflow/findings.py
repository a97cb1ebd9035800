"""What is wrong in a flow file: findings with a place, a sentence, the accepted words and a guess.

How a finding looks on a screen or in a shell lives here too; what is looked for lives in the loader and
the checker.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from difflib import get_close_matches

from intranet_surat.errors import SuratError
from intranet_surat.workflow.model import Mark

MOST_FINDINGS = 100
"""More than this nobody reads at once; the rest is counted in a last finding."""

_LONGEST_NAME = 60
_LONGEST_ACCEPTED = 12
_SHORTEST_BEGINNING = 3
_WINDOW = 150


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a designer must change.

    ``message`` is a whole Indonesian sentence, ``accepted`` are the words that could stand there,
    ``suggestion`` is the one that was probably meant, ``rule`` the short id of what was broken, ``word`` the one found
    that means nothing there.
    """

    mark: Mark
    message: str
    accepted: tuple[str, ...] = ()
    suggestion: str | None = None
    rule: str = "syntax"
    word: str = ""


class FlowError(SuratError):
    """A flow file that cannot be used; ``findings`` has all reasons, causes before their echoes."""

    def __init__(self, findings: Collection[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(headline(one) for one in self.findings))


class Found:
    """Collects the findings of one file in phases; a later phase holds what earlier ones may have caused.

    ``own`` is the name of the file; findings in the flow that it extends stand behind its own.
    """

    def __init__(self, own: str | None = None) -> None:
        self._own = own
        self._all: list[tuple[int, Finding]] = []
        self._phase = 0
        self._left_out: Mark | None = None
        self._left_out_count = 0

    def __bool__(self) -> bool:
        return bool(self._all)

    @contextmanager
    def phase(self, number: int) -> Iterator[None]:
        """Findings added inside belong to this phase."""
        before, self._phase = self._phase, number
        yield
        self._phase = before

    def add(
        self,
        mark: Mark,
        message: str,
        *,
        rule: str,
        accepted: Collection[str] = (),
        meant: str | None = None,
        suggestion: str | None = None,
    ) -> None:
        """Adds a finding; ``meant`` is the word found, for which the nearest accepted one is suggested."""
        # A set is told in the same order by every process.
        known = sorted(accepted) if isinstance(accepted, set | frozenset) else accepted
        words = tuple(dict.fromkeys(known)) if not self.full else ()
        guess = nearest(meant, words) if meant is not None and words else suggestion
        self._put(Finding(mark, message, words, guess, rule, meant or ""))

    def take(self, error: FlowError) -> None:
        """Takes over the findings of a part that was read by itself (a rule, a cast expression)."""
        for one in error.findings:
            self._put(one)

    def _put(self, finding: Finding) -> None:
        if self.full:
            self._left_out = self._left_out or finding.mark
            self._left_out_count += 1
        elif (self._phase, finding) not in self._all:
            self._all.append((self._phase, finding))

    def of_rule(self, rule: str) -> list[Finding]:
        """The findings so far of one rule id."""
        return [finding for _, finding in self._all if finding.rule == rule]

    def has_phase(self, number: int) -> bool:
        """Whether anything was found in this phase."""
        return any(phase == number for phase, _ in self._all)

    @property
    def full(self) -> bool:
        """Whether no further finding is taken."""
        return len(self._all) >= MOST_FINDINGS

    def numbered(self) -> list[tuple[int, Finding]]:
        """The findings so far with their phases."""
        return list(self._all)

    def sorted(self) -> list[Finding]:
        """All findings: by phase, then by place in the file."""
        findings = [finding for _, finding in sorted(self._all, key=self._place)]
        if self._left_out is not None:
            message = f"Masih ada {self._left_out_count} temuan lain; perbaiki yang di atas lebih dulu."
            findings.append(Finding(self._left_out, message, rule="too-many"))
        return findings

    def _place(self, pair: tuple[int, Finding]) -> tuple[int, bool, int, int]:
        phase, finding = pair
        elsewhere = self._own is not None and finding.mark.file != self._own
        return phase, elsewhere, finding.mark.line, finding.mark.column


def nearest(word: str, accepted: Collection[str]) -> str | None:
    """The accepted word that was probably meant, if any is near."""
    if len(word) > _LONGEST_NAME:
        return None
    by_lower = {one.lower(): one for one in accepted}
    close = get_close_matches(word.lower(), list(by_lower), n=1, cutoff=0.6)
    begun = [one for one in by_lower if one.startswith(word.lower())] if len(word) >= _SHORTEST_BEGINNING else []
    if not close and len(begun) == 1:
        close = begun
    return by_lower[close[0]] if close else None


def quoted(text: str) -> str:
    """A word of the file as it is safe to print: short, without control or direction characters."""
    visible = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text[:_LONGEST_NAME])
    return f"'{visible}{'...' if len(text) > _LONGEST_NAME else ''}'"


def headline(finding: Finding) -> str:
    """The finding in one line: ``file:line:column: sentence; mungkin maksud Anda '...'?``."""
    mark = finding.mark
    sentence = finding.message
    if finding.suggestion is not None:
        sentence = f"{sentence.rstrip('.')}; mungkin maksud Anda {quoted(finding.suggestion)}?"
    return f"{mark.file}:{mark.line}:{mark.column}: {sentence} [{finding.rule}]"


def show(finding: Finding, texts: str | Mapping[str, str]) -> str:
    """The headline, the line it is about, a caret under the place, and the accepted words.

    ``texts`` is the file's text, or the texts of several files by their names: a finding of a flow that extends
    another one may stand in either.
    """
    parts = [headline(finding)]
    text = texts if isinstance(texts, str) else texts.get(finding.mark.file, "")
    lines = text.split("\n", finding.mark.line) if text else []
    if 0 < finding.mark.line <= len(lines):
        line, column = _window(lines[finding.mark.line - 1], finding.mark.column - 1)
        parts += ["    " + line, "    " + " " * column + "^"]
    if finding.accepted:
        shown = ", ".join(finding.accepted[:_LONGEST_ACCEPTED])
        more = len(finding.accepted) - _LONGEST_ACCEPTED
        parts.append(f"    diterima: {shown}" + (f", dan {more} lagi" if more > 0 else ""))
    return "\n".join(parts)


def _window(line: str, column: int) -> tuple[str, int]:
    """A long line is cut around the place, so that the caret stays on the screen."""
    visible = "".join(char if char.isprintable() else " " for char in line)
    start = max(0, column - _WINDOW // 2) if len(visible) > _WINDOW else 0
    cut = visible[start : start + _WINDOW]
    before = "..." if start else ""
    after = "..." if start + _WINDOW < len(visible) else ""
    return before + cut + after, min(column - start, len(cut)) + len(before)
