"""The public page in English: its sentences by one table, and dates as English has them.

Only this page has it: who holds a letter of ours may be anybody. What was written in a letter stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date as Day  # noqa: N812  as in `words`
from datetime import datetime
from functools import cache

from pyramid.request import Request

from intranet_surat.web.public_page import PublicPage, SignatureLine
from intranet_surat.web.public_sentences import SENTENCES
from intranet_surat.web.words import Words

LANGUAGE = "bahasa"
"""The name in an address: ``?bahasa=en``."""
ID, EN = "id", "en"
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
OF_THE_LETTER = frozenset(
    {"Kantor", "Nomor", "Hal", "Surat perintah", "Nama", "Disegel oleh", "Penanggung jawab", "Menurut sertifikat"}
)
"""Rows whose value was written by people; a number may follow a label."""

Say = Callable[[str], str]


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


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language of the public page: its code, its sentences and its words for dates."""

    code: str
    say: Say
    words: Words

    def shown(self, page: PublicPage) -> PublicPage:
        """The page in this language."""
        return _shown(page, self.say) if self.code != ID else page


def of_request(request: Request) -> Spoken:
    """The language that the address asks for."""
    if request.params.get(LANGUAGE) == EN:
        words = request.words
        return Spoken(EN, say, EnglishWords(words.now, words.timezone, words.works))
    return Spoken(ID, str, request.words)


def say(text: str) -> str:
    """A sentence of ours in English; what is none of ours stays as it is."""
    if text in SENTENCES:
        return SENTENCES[text]
    for pattern, english in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return english.format(**{name: say(value) for name, value in found.groupdict().items()})
    return text


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The sentences with gaps, the longest first: a short one may be the beginning of another."""
    gapped = sorted((each for each in SENTENCES if "{" in each), key=len, reverse=True)
    return tuple((re.compile(_pattern(each), re.DOTALL), SENTENCES[each]) for each in gapped)


def _pattern(text: str) -> str:
    parts = re.split(r"\{(\w+)\}", text)
    return "".join(f"(?P<{part}>.+)" if place % 2 else re.escape(part) for place, part in enumerate(parts))


def _shown(page: PublicPage, say: Say) -> PublicPage:
    return replace(
        page,
        title=say(page.title),
        sentence=say(page.sentence),
        facts=_rows(page.facts, say),
        found=tuple(map(say, page.found)),
        signatures=tuple(_line(each, say) for each in page.signatures),
    )


def _line(line: SignatureLine, say: Say) -> SignatureLine:
    return replace(
        line,
        who=say(line.who),
        label=say(line.label),
        facts=_rows(line.facts, say),
        details=_rows(line.details, say),
        reasons=tuple(map(say, line.reasons)),
    )


def _rows(rows: Iterable[tuple[str, str]], say: Say) -> tuple[tuple[str, str], ...]:
    return tuple((say(label), value if _own(label) else say(value)) for label, value in rows)


def _own(label: str) -> bool:
    return label in OF_THE_LETTER or label.startswith("Penanda tangan")
