"""The letters that wait for the reader's signature, as rows to choose from, and how far a batch of them came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

from pyramid.request import Request

from intranet_surat.errors import NotAllowed, Unknown
from intranet_surat.resources.folder import find
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.lists import Row as ListRow
from intranet_surat.services import (
    acting,
    seals,
    search,
    secrecy,
    signatories,
    signing_attempts,
    signing_batch,
    undecided,
)
from intranet_surat.services.itemview import org_at
from intranet_surat.services.signing_batch import Line
from intranet_surat.services.signing_orders import letter_at, printed_for, turns_as_prepared
from intranet_surat.web import doubt_words, letter_files, letter_page, turn_words
from intranet_surat.workflow.view import Offer

URGENT = ("biasa", "segera", "sangat-segera")
RUNNING = "Sedang ditandatangani; tunggu jawaban penyedia."
STATES = {
    "done": ("Sudah", "done"),
    "elsewhere": ("Sudah, dari halaman lain", "done"),
    "failed": ("Gagal", "bad"),
    "unknown": ("Belum pasti", "work"),
    "going": ("Sedang berjalan", "work"),
    "waiting": ("Menunggu giliran", ""),
    "left": ("Belum dimulai", ""),
}
"""How far a letter came, in words and as a mark."""


@dataclass(frozen=True, slots=True)
class Row:
    """One letter that waits.

    ``kind`` is ``ready``, ``prepare`` (it must be made first) or ``alone``, for which ``says`` tells why; ``sha256`` is
    what will be signed, ``act`` the flow's id of what comes next; ``sealed`` when it waits for the agency's seal.
    ``turn`` tells whose turn it is, where several sign one file; ``evidence`` is the address of what came of an attempt
    that is not decided.
    """

    kind: str
    url: str
    path: str
    subject: str
    number: str
    receiver: str
    security: str
    urgency: str
    sha256: str = ""
    act: str = ""
    says: str = ""
    sealed: bool = False
    turn: str = ""
    evidence: str = ""

    @property
    def value(self) -> str:
        """What its box carries: the hash that was shown, and the letter."""
        return f"{self.sha256} {self.path}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One letter of a batch: how far it came, with nothing of it that the reader may no longer know.

    ``turn`` tells which signature of how many was put on it, ``others`` that somebody is still to sign it.
    """

    state: str
    words: str
    css: str
    subject: str
    number: str
    url: str
    says: str
    attempt: str
    ended: datetime | None
    sha256: str
    turn: str = ""
    others: bool = False


def rows(request: Request) -> tuple[list[Row], int]:
    """The letters that wait for the reader to sign or have sealed, and how many in all.

    The earliest limit first; of one limit the most urgent, and then what has waited longest: so they are numbered too.
    """
    found, total = search.tray(request.site, request.reader, "sign", 0, signing_batch.MOST)
    return list(_rows(request, (each.path for each in sorted(found, key=_before)))), total


def _before(row: ListRow) -> tuple[float, int, float]:
    due, since = (when.timestamp() if when is not None else inf for when in (row.due, row.since))
    return due, -URGENT.index(row.urgency) if row.urgency in URGENT else 0, since


def _rows(request: Request, paths: Iterable[str]) -> Iterator[Row]:
    for path in paths:
        try:
            letter = letter_at(request.house, request.site, path, request.reader, request.now)
        except Unknown:
            continue
        if secrecy.sight(request.house, request.site, letter, request.reader, request.now) == "full":
            yield _row(request, letter)


def _row(request: Request, letter: Letter) -> Row:
    house, site, reader, now = request.house, request.site, request.reader, request.now
    offers = {each.kind: each for each in acting.offers(house, site, letter, reader, now)}
    kind, says = _kind(request, letter, offers)
    offer = offers.get("prepare" if kind == "prepare" else "sign")
    fields, doubt = letter.fields, doubt_words.build(house, site, letter, reader, now)
    turn = turn_words.build(house, site, letter, reader, now)
    return Row(
        kind=kind,
        url=request.resource_url(letter),
        path=path_of(letter),
        subject=str(fields.get("subject") or ""),
        number=str(fields.get("number") or ""),
        receiver=letter_page.receiver(letter, org_at(house, site, now)),
        security=str(fields.get("security") or "B"),
        urgency=str(fields.get("urgency") or ""),
        sha256=str(letter.frozen or "") if kind == "ready" else "",
        act=offer.action if offer is not None else "",
        says=says,
        sealed=seals.instead(house, site, letter),
        turn=f"{turn.title}. {turn.says}" if turn is not None else "",
        evidence=request.resource_url(letter) + doubt.address if doubt is not None and doubt.state == "unknown" else "",
    )


def _kind(request: Request, letter: Letter, offers: dict[str, Offer]) -> tuple[str, str]:
    """What can be done with it here, and why not more."""
    if not signing_batch.may(request.house, request.site, letter):
        return "alone", "Menurut alurnya ditandatangani satu per satu."
    doubt = undecided.of(letter)
    if doubt is not None:
        return "alone", RUNNING if doubt.open else "Percobaan terakhir belum pasti hasilnya; periksa buktinya dulu."
    sign, prepare = offers.get("sign"), offers.get("prepare")
    if sign is not None and sign.allowed and letter.frozen:
        try:
            turns_as_prepared(request.house, request.site, letter, request.now)
            printed_for(request.site, letter, request.reader)
        except NotAllowed as refused:
            return ("prepare" if prepare is not None and prepare.allowed else "alone"), refused.message
        failed = doubt_words.failed(letter, request.words)
        return "ready", failed.says if failed is not None else ""
    if prepare is not None and prepare.allowed:
        return "prepare", ""
    return "alone", sign.says if sign is not None else ""


def outcomes(request: Request, lines: Iterable[Line]) -> list[Outcome]:
    """How far each letter of a batch came."""
    return [_outcome(request, line) for line in lines]


def _outcome(request: Request, line: Line) -> Outcome:
    letter, state = _known(request, line.path), line.state
    if letter is not None and state in ("failed", "left") and _signed_elsewhere(request, letter):
        state = "elsewhere"
    words, css = STATES[state]
    signed = letter_files.signed(letter) if letter is not None and css == "done" else None
    turn, awaited = _turn(letter, line) if signed is not None and state == "done" else ("", "")
    return Outcome(
        state=state,
        words=words,
        css=css,
        subject=str(letter.fields.get("subject") or "") if letter is not None else "Surat yang tidak lagi Anda lihat",
        number=str(letter.fields.get("number") or "") if letter is not None else "",
        url=request.resource_url(letter) if letter is not None else "",
        says=line.sentence if css != "done" else "",
        attempt=line.attempt,
        ended=line.ended,
        sha256=signed.sha256 if signed is not None else "",
        turn=turn,
        others=bool(awaited),
    )


def _signed_elsewhere(request: Request, letter: Letter) -> bool:
    """Whether the reader signed it after all: in another tab, or from its own page."""
    own = signing_attempts.own(letter, request.reader.person)
    return own is not None and own.state == "done"


def _turn(letter: Letter, line: Line) -> tuple[str, str]:
    """Which signature of how many this one was, and who was next then; empty for a letter that one signs."""
    file = letter.rendition(signing_attempts.by_id(letter, line.attempt).result)
    number, count, awaited = signatories.after(file) if file is not None else (0, 0, "")
    if not count:
        return "", ""
    return f"Tanda tangan ke-{number} dari {count}; {f'berikutnya: {awaited}' if awaited else 'yang terakhir'}", awaited


def _known(request: Request, path: str) -> Any:
    try:
        letter = find(request.site, path)
    except KeyError:
        return None
    seen = secrecy.sight(request.house, request.site, letter, request.reader, request.now)
    return letter if seen == "full" else None
