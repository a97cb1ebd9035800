"""Many cases told together: each sentence stands once, and below it where it was said. Nothing that was said is left out.

A sentence begins with its place when it has one (``uji.yaml:3:1 rule: message``). Sentences that differ only in their
'quoted' words are one sentence with '…', and the words stand before the places. How often a case said a sentence is
kept (``x2``), in which order it said several is not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from textwrap import TextWrapper

PLACE = re.compile(r"([\w-]+\.yaml):(\d+):(\d+) ")
QUOTED = re.compile(r"'([^'…]*)'")
WIDE = 150
LAYOUT = TextWrapper(
    WIDE, initial_indent="    ", subsequent_indent="      ", break_long_words=False, break_on_hyphens=False
)
FEW = 2  # so many sentences with other words are written out
Row = tuple[str, ...]  # the words of the case, then those of the sentence, at last the place or ""


def once(cases: Iterable[tuple[str | Row, Iterable[str]]], *, numbered: bool = False) -> Iterator[str]:
    """The sentences of these cases; where the names of the cases are long, they are numbered and named above."""
    told = [((case,) if isinstance(case, str) else case, [*lines]) for case, lines in cases]
    if numbered:
        numbers = {name: str(number) for number, name in enumerate(dict.fromkeys(case[0] for case, _ in told), 1)}
        yield from (f"{number}  {name}" for name, number in numbers.items())
        told = [((numbers[case[0]], *case[1:]), lines) for case, lines in told]
    known = [list(dict.fromkeys(words)) for words in zip(*(case for case, _ in told), strict=True)]
    there: dict[tuple[str, ...], list[str]] = {}
    for sentence, rows in sentences(told):
        there.setdefault(where(rows, known), []).append(sentence)
    for places, said in there.items():
        yield from said
        for line in packed(places):
            yield from LAYOUT.wrap(line)


def sentences(told: Sequence[tuple[Row, Sequence[str]]]) -> Iterator[tuple[str, list[Row]]]:
    """Each sentence with its rows; places in the first file go without its name."""
    home = next((found[1] for _, lines in told for line in lines if (found := PLACE.match(line))), "")
    shapes: dict[str, dict[str, list[Row]]] = {}
    for case, lines in told:
        for line in lines:
            found = PLACE.match(line)
            place = "" if found is None else f"{'' if found[1] == home else f'{found[1]}:'}{found[2]}:{found[3]}"
            sentence = line if found is None else line[found.end() :]
            shapes.setdefault(QUOTED.sub("'…'", sentence), {}).setdefault(sentence, []).append((*case, place))
    for shape, each in shapes.items():
        if len(each) <= FEW:
            yield from each.items()
        else:
            worded = ((words_of(said), rows) for said, rows in each.items())
            yield shape, [(*case, words, place) for words, rows in worded for *case, place in rows]


def words_of(sentence: str) -> str:
    """The quoted words of a sentence; one word goes without its quotes."""
    return " ".join(repr(word) if " " in word else word or "''" for word in QUOTED.findall(sentence))


def where(rows: Iterable[Row], known: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """The rows as lines: cases that have all the rest in common share one."""
    alone, lines = [], []
    for rest, firsts in folded(rows, known[1:]).items():
        if rest:
            lines.append(f"{named(firsts, known[0])}: {rest}")
        else:
            alone = firsts
    return (*([named(alone, known[0])] if alone else []), *lines)


def folded(rows: Iterable[Row], known: Sequence[Sequence[str]]) -> Mapping[str, list[str]]:
    """The first words of the rows by what follows after them."""
    following: dict[str, list[Row]] = {}
    for first, *rest in rows:
        following.setdefault(first, []).append(tuple(rest))
    shared: dict[str, list[str]] = {}
    for first, rests in following.items():
        shared.setdefault(rest_of(rests, known), []).append(first)
    return shared


def rest_of(rows: Sequence[Row], known: Sequence[Sequence[str]]) -> str:
    """What follows after the first words of a row: further words, at last the places."""
    if len(rows[0]) == 1:
        return places(Counter(place for (place,) in rows))
    every, after = (known[0], ": ") if known else ((), " ")
    return "; ".join(
        f"{named(firsts, every)}{after if rest else ''}{rest}" for rest, firsts in folded(rows, known[1:]).items()
    )


def places(counted: Mapping[str, int]) -> str:
    """Places with those on one line together: ``3:1,14 7:5``."""
    found = []
    for line, each in groupby(counted.items(), key=lambda one: one[0].rpartition(":")[0]):
        columns = (f"{place.rpartition(':')[2]}{f' x{times}' if times > 1 else ''}".strip() for place, times in each)
        found.append(f"{line}:{','.join(columns)}" if line else ",".join(columns))
    return " ".join(found)


def beginning(lines: Iterable[str], most: int) -> Iterator[str]:
    """The first lines, and a mark of all others: who reads judges by the first, what is compared is the whole."""
    first = list(lines)
    yield from first[:most]
    if len(first) > most:
        mark = sha256("\n".join(first[most:]).encode()).hexdigest()[:16]
        yield f"... {len(first) - most} baris lagi, bertanda {mark}"


def packed(lines: Iterable[str]) -> Iterator[str]:
    """Short lines beside each other."""
    whole = ""
    for line in lines:
        if whole and len(whole) + len(line) > WIDE - 8:
            yield whole
            whole = line
        else:
            whole = f"{whole} | {line}" if whole else line
    yield whole


def named(names: Sequence[str], known: Sequence[str]) -> str:
    """The names; numbers that follow each other as a range; all that there are as such."""
    if len(names) == len(known) > 2:
        return "semua"
    if len(known) > 4 and len(names) > 2 * len(known) / 3:
        return f"semua kecuali {named([each for each in known if each not in set(names)], ())}"
    if not all(each.isdecimal() for each in names):
        return (" / " if any("," in each for each in names) else ", ").join(names)
    runs = groupby(enumerate(map(int, names)), key=lambda one: one[1] - one[0])
    spans = [[number for _, number in run] for _, run in runs]
    return " ".join(f"{span[0]}-{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans)
