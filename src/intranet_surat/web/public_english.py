"""The public page in English: its sentences by one table, and dates as English has them.

Only this page has it: who holds a letter of ours may be anybody. What people wrote stays as it is: only an `Ours` is
looked up, and of a sentence that comes filled from a service only what is between its gaps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date as Day  # noqa: N812  as in `words`
from datetime import datetime
from functools import cache, partial

from pyramid.request import Request

from intranet_surat.web.public_page import PublicPage, Row, SignatureLine, Telling
from intranet_surat.web.public_sentences import SENTENCES
from intranet_surat.web.words import Words
from intranet_surat.workflow.sentences import joined

LANGUAGE = "bahasa"
"""The name in an address: ``?bahasa=en``."""
ID, EN = "id", "en"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


class EnglishWords(Words):
    """Dates and times in English, still in the time of the regency."""

    __slots__ = ()

    def date(self, value: datetime | Day | str | None) -> str:
        """``20 November 2026``; nothing for nothing."""
        if not value:
            return ""
        day = self._day(value)
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"

    def long_date(self, value: datetime | Day | str | None) -> str:
        """``Friday, 20 November 2026``."""
        return f"{DAYS[self._day(value).weekday()]}, {self.date(value)}" if value else ""

    def clock(self, value: datetime | str | None) -> str:
        """``09:42``."""
        return Words.clock(self, value).replace(".", ":")

    joined = staticmethod(partial(joined, last="and"))


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language of the public page: its code and its words for dates."""

    code: str
    words: Words

    def say(self, text: str) -> str:
        """A sentence of ours, as it stands in a template or as a service filled it."""
        return english(text) if self.code == EN else text

    def tell(self, told: Telling) -> str:
        """What we say; what people wrote is left alone."""
        if isinstance(told, str):
            return told
        text = SENTENCES[told.text] if self.code == EN else told.text
        return text.format(**{name: self.tell(value) for name, value in told.gaps.items()}) if told.gaps else text

    def shown(self, page: PublicPage) -> PublicPage:
        """The page in this language."""
        return replace(
            page,
            title=self.tell(page.title),
            sentence=self.tell(page.sentence),
            facts=self._rows(page.facts),
            found=tuple(map(self.say, page.found)),
            signatures=tuple(map(self._line, page.signatures)),
        )

    def _line(self, line: SignatureLine) -> SignatureLine:
        return replace(
            line,
            who=self.tell(line.who),
            label=self.tell(line.label),
            facts=self._rows(line.facts),
            details=self._rows(line.details),
            reasons=tuple(map(self.say, line.reasons)),
        )

    def _rows(self, rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple((self.tell(label), self.tell(value)) for label, value in rows)


def of_request(request: Request) -> Spoken:
    """The language that the address asks for."""
    words = request.words
    if request.GET.get(LANGUAGE) == EN:
        return Spoken(EN, EnglishWords(words.now, words.timezone, words.works))
    return Spoken(ID, words)


def english(text: str) -> str:
    """A sentence of ours in English, also one whose gaps are filled; what fills them stays as it is."""
    if text in SENTENCES:
        return SENTENCES[text]
    for pattern, said in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return said.format(**found.groupdict())
    return text


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The whole sentences with gaps, the longest first: a short one may be the beginning of another."""
    gapped = sorted((each for each in SENTENCES if "{" in each and each.endswith(".")), key=len, reverse=True)
    return tuple((re.compile(_pattern(each), re.DOTALL), SENTENCES[each]) for each in gapped)


def _pattern(text: str) -> str:
    parts = re.split(r"\{(\w+)\}", text)
    return "".join(f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts))
