"""What a printed letter says, as plain frozen data that `services.rendering` takes. Reads nothing stored.

Whoever renders a letter fills a `RenderFacts`: `display` prepares the kind's own fields, `signing_block` the lines
above and under the signature. Everything printed stands in these values, so equal facts and an equal ``now``
give equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from intranet_surat.kinds import civil, dates
from intranet_surat.kinds.model import KindField, LetterKind, Shape
from intranet_surat.kinds.vocabularies import Vocabulary, lookup

_LAW = (
    "UU ITE No. 11 Tahun 2008 Pasal 5 Ayat 1: “Informasi Elektronik dan/atau Dokumen Elektronik dan/atau hasil "
    "cetaknya merupakan alat bukti hukum yang sah.”"
)
_ISSUER = (
    "Dokumen ini telah ditandatangani secara elektronik menggunakan sertifikat elektronik yang diterbitkan oleh "
    "BSrE, BSSN."
)
FOOTER = (_LAW, _ISSUER)
"""The usual formula of two points; its wording is a setting."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of the first page.

    ``style`` is ``jabatan`` (emblem centred above the post: Bupati, Wakil Bupati) or ``kantor`` (regency arms left,
    lines centred: offices, sub-districts, villages). ``lines`` are printed in capitals, the last one largest:
    ``("Pemerintah Kabupaten Serang", "Dinas Kesehatan")``. ``address`` are the small lines below them. ``arms`` is an
    SVG picture; without it a neutral placeholder is drawn.
    """

    style: str
    lines: tuple[str, ...]
    address: tuple[str, ...] = ()
    arms: str = ""


@dataclass(frozen=True, slots=True)
class SigningBlock:
    """Who signs, as printed.

    ``lines`` stand above the signature, such as ``("KEPALA DINAS KESEHATAN,")`` or
    ``("a.n. BUPATI SERANG", "Sekretaris Daerah,")``; ``position`` is the plain title in the box. ``rank`` and
    ``nip`` are empty when they are not printed (`signing_block` knows the rule).
    """

    lines: tuple[str, ...]
    position: str
    name: str
    rank: str = ""
    nip: str = ""


@dataclass(frozen=True, slots=True)
class Signatory:
    """One of several who sign a page; ``label`` is his part in it, such as "Pihak kesatu"."""

    label: str
    block: SigningBlock


@dataclass(frozen=True, slots=True)
class PrintedAddressee:
    """One line of "Yth."; ``place`` without "di"."""

    name: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class RenderFacts:
    """Everything that one letter prints.

    - ``template``, ``title``, ``shape``: from the kind (``kind.template``, ``kind.title``, ``kind.shape``).
    - ``method``: ``draft`` (preview: number and date may be missing and are marked as such), ``pades`` (electronic
      formula, QR of ``public_url``, footer), ``seal`` (the same, of the agency) or ``wet`` (space for ink, QR of
      ``print_code``, no electronic formula).
    - ``number``: as rendered by the register, or "" while there is none; with ``wet`` an empty number leaves room
      for a hand. ``date``: of the letter, or None (same rule).
    - ``blocks``: ``fields["body"]["blocks"]`` of the letter, or ().
    - ``fields``: `display` of the kind's fields; values of the private record may be added for village letters.
    - ``attachment``: "2 berkas", or "" for "-".
    - ``sender``: title of the signing position, for "Dari" of a note.
    - ``public_url``: address of the public verification page with its token, for ``pades`` and ``seal``.
    - ``footer``: the lines of the formula at the foot, for ``pades`` and ``seal``.
    - ``test_mark``: prints UJI COBA on every page (demo keys, exercises).
    - ``signatories``: of a kind that several sign, each with his part, in order; ``signatory`` is the first of them.
    - ``initials``: what stands small at the foot of a draft, such as "Paraf: Sekretaris (versi 2)"; usually empty.
    """

    template: str
    title: str
    shape: Shape
    method: str
    letterhead: Letterhead
    signatory: SigningBlock
    number: str = ""
    date: date | None = None
    place: str = ""
    security: str = "B"
    urgency: str = "biasa"
    subject: str = ""
    attachment: str = ""
    addressees: tuple[PrintedAddressee, ...] = ()
    salutation: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()
    closing: str = ""
    carbon_copies: tuple[str, ...] = ()
    sender: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    public_url: str = ""
    print_code: str = ""
    footer: tuple[str, ...] = FOOTER
    initials: tuple[str, ...] = ()
    test_mark: bool = False
    signatories: tuple[Signatory, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetOrder:
    """One disposition on the sheet; ``depth`` 0 is given by the addressee of the letter.

    ``state_class`` is ``start``, ``working``, ``final`` or ``refused``: the sign beside the words of ``state``.
    """

    depth: int
    giver: str
    given_at: datetime | None
    holder: str
    main: bool
    instructions: tuple[str, ...]
    note: str
    due: date | None
    state: str
    state_class: str
    report: str = ""


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Everything that a disposition sheet prints; ``orders`` in the order of the tree, children after parents."""

    letterhead: Letterhead
    sender: str
    sender_number: str
    letter_date: date | None
    received_at: datetime | None
    agenda_number: str
    security: str
    urgency: str
    subject: str
    addressee: str
    orders: tuple[SheetOrder, ...]
    printed_by: str
    timezone: str = "Asia/Jakarta"
    test_mark: bool = False


_WITHOUT_NIP = ("bupati", "wakil", "sekda")
_PREFIX = {"plt": "Plt. ", "plh": "Plh. ", "pj": "Pj. ", "pjs": "Pjs. "}


def signing_block(
    *, form: str, position: str, code: str, name: str, rank: str = "", nip: str = "", giver: str = "", middle: str = ""
) -> SigningBlock:
    """The lines round a signature.

    ``form`` is ``own``, ``an`` (a.n. ``giver``), ``ub`` (a.n. ``giver``, ``middle``, u.b.), ``plt``, ``plh``, ``pj`` or
    ``pjs``. ``code`` is the position's code: rank and NIP are not printed for Bupati, Wakil Bupati and Sekda, nor for
    anybody who acts for them. Raises ValueError for an unknown form.
    """
    if form == "own":
        lines: tuple[str, ...] = (f"{position.upper()},",)
    elif form == "an":
        lines = (f"a.n. {giver.upper()}", f"{position},")
    elif form == "ub":
        lines = (f"a.n. {giver.upper()}", middle, "u.b.", f"{position},")
    elif form in _PREFIX:
        lines = (f"{_PREFIX[form]}{position.upper()},",)
    else:
        raise ValueError(f"unknown signing form {form!r}")
    plain = code in _WITHOUT_NIP
    title = f"{_PREFIX.get(form, '')}{position}"
    return SigningBlock(lines, title, name, "" if plain else rank, "" if plain else civil.show_nip(nip))


def attachment(count: int | None, unit: str | None) -> str:
    """Return "2 berkas", or "" when nothing is attached."""
    return f"{count} {unit or 'berkas'}" if count else ""


def display(
    kind: LetterKind,
    values: Mapping[str, Any],
    vocabularies: Mapping[str, Vocabulary],
    *,
    timezone: str = "Asia/Jakarta",
) -> dict[str, Any]:
    """The kind's own fields as printed: labels of choices, long dates, NIP with blanks; lists stay lists.

    Body, addressees and carbon copies are left out: they have places of their own in `RenderFacts`.
    """
    found: dict[str, Any] = {}
    for each in kind.fields:
        value = values.get(each.name)
        if each.type not in ("body", "addressees") and value is not None:
            found[each.name] = _shown(each, value, vocabularies, timezone)
    if values.get("event_date"):
        first = date.fromisoformat(values["event_date"])
        last = date.fromisoformat(values.get("event_date_until") or values["event_date"])
        days = dates.weekday(first) if first == last else f"{dates.weekday(first)} s.d. {dates.weekday(last)}"
        found["event_day"] = f"{days}, {dates.day_range(first, last)}"
    if values.get("date_from"):
        first = date.fromisoformat(values["date_from"])
        last = date.fromisoformat(values.get("date_until") or values["date_from"])
        found["duration"] = dates.day_range(first, last)
    return found


def _shown(each: KindField, value: Any, vocabularies: Mapping[str, Vocabulary], timezone: str) -> Any:
    if each.type == "date":
        return dates.long_date(date.fromisoformat(value))
    if each.type == "instant":
        local = datetime.fromisoformat(value).astimezone(ZoneInfo(timezone))
        return f"{dates.long_date(local.date())}, {local:%H.%M}"
    if each.type in ("choice", "position") and each.name != "classification":
        return lookup(each.vocabulary or "", vocabularies).get(value, str(value))
    if each.type == "nip":
        return civil.show_nip(value)
    if each.type == "rows":
        nips = {column.name for column in each.columns if column.type == "nip"}
        return [{key: civil.show_nip(cell) if key in nips else cell for key, cell in row.items()} for row in value]
    if each.type == "yes-no":
        return "Ya" if value else "Tidak"
    return str(value)
