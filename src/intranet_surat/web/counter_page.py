"""The counter of a village: who waits, what is on its way, and what is ready; names shortened, NIK never."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Letter
from intranet_surat.services import search
from intranet_surat.services.house import House
from intranet_surat.services.itemview import flow_of, state_of
from intranet_surat.services.reader import Reader
from intranet_surat.web.letter_path import length

KIND = "surat-pengantar-desa"
MOST = 30
LOOKED = 120


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One request at the counter."""

    number: int
    letter: Letter
    name: str
    what: str
    state: str
    css: str
    waited: str


@dataclass(frozen=True, slots=True)
class Counter:
    """The two lists beside the form."""

    waiting: tuple[QueueItem, ...]
    running: tuple[QueueItem, ...]
    ready: tuple[QueueItem, ...]


def short_name(name: str) -> str:
    """The first name and the initial of the last: enough to call somebody, too little to look him up."""
    parts = name.split()
    if not parts:
        return "Warga"
    return parts[0] if len(parts) == 1 else f"{parts[0]} {parts[-1][0]}."


def build(house: House, site: Any, office: Any, reader: Reader, now: datetime) -> Counter:
    """Make the lists from the reader's own rows of this year."""
    rows, _ = search.register(site, reader, office.code, "keluar", house.today(now).year, 0, LOOKED)
    letters = [find(site, row.path) for row in rows if row.kind == KIND and not row.masked]
    open_ = [each for each in letters if not state_of(house, site, each).final][:MOST]
    items = [_item(house, site, each, number, now) for number, each in enumerate(_oldest_first(open_), 1)]
    return Counter(
        waiting=tuple(each for each in items if state_of(house, site, each.letter).start),
        running=tuple(
            each
            for each in items
            if not state_of(house, site, each.letter).start and not each.letter.fields.get("signed")
        ),
        ready=tuple(each for each in items if _just_signed(house, site, each.letter)),
    )


def _just_signed(house: House, site: Any, letter: Letter) -> bool:
    """Whether the signature was the last step: then the resident still waits for the paper."""
    states = flow_of(house, site, letter).states
    came = [act.state_from for act in letter.history if act.item == letter.id and act.state_from != act.state_to]
    return bool(came) and came[-1] in states and states[came[-1]].sign is not None and bool(letter.fields.get("signed"))


def _oldest_first(letters: Iterable[Letter]) -> list[Letter]:
    return sorted(letters, key=lambda each: (each.created_at is None, each.created_at))


def _item(house: House, site: Any, letter: Letter, number: int, now: datetime) -> QueueItem:
    state = state_of(house, site, letter)
    since = letter.created_at or now
    css = "done" if letter.fields.get("signed") else "" if state.start else "work"
    words = list(itertools.islice(str(letter.fields.get("purpose", "")).split(), 8))
    return QueueItem(
        number=number,
        letter=letter,
        name=short_name(str(letter.fields.get("name", ""))),
        what=" ".join(words),
        state=state.title,
        css=css,
        waited=length(now - since),
    )
