"""The shape of a declaration of a letter kind: frozen values, no checks and no stored objects.

A new kind is one `LetterKind` (in a module of its family, listed in `registry`, or handed to
`config.add_letter_kind`), one typst template, a flow and a test.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

TYPES = (
    "text",  # one line
    "lines",  # several lines of plain text
    "date",  # stored as "2026-11-21"
    "instant",  # date and time, stored as "2026-11-21T09:42:00+07:00"
    "number",  # a whole number
    "yes-no",
    "choice",  # a code of `vocabulary`
    "position",  # the id of a position, a code of the vocabulary "positions"
    "email",
    "nip",  # 18 digits, stored without blanks
    "nik",  # 16 digits, stored without blanks
    "body",  # a tree of blocks (`kinds.body`)
    "addressees",  # a list of addressees (`kinds.addressees`)
    "rows",  # a list of dicts, one line a row in a text area (`kinds.rows`)
)
"""Every type a field may have; `kinds.schema` and `kinds.json_schema` know each of them."""

SIGNATORIES = "pengesahan"
"""The group of the fields about signing: those of type ``position`` in it name who signs."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a field of type ``rows``; ``type`` is ``text`` or ``nip``."""

    name: str
    title: str
    type: str = "text"
    required: bool = True
    maximum: int = 160


@dataclass(frozen=True, slots=True)
class KindField:
    """One field of a kind.

    ``minimum`` and ``maximum`` count characters of text, rows of a list, or bound a number. ``system``
    fields are written by the system (number, date, code) and are never on a form; ``secret`` ones never
    stand in the letter's fields but in its private record. A ``default`` stands in a new form.
    """

    name: str
    title: str
    type: str = "text"
    required: bool = True
    hint: str = ""
    minimum: int = 0
    maximum: int = 255
    vocabulary: str | None = None
    default: Any = None
    secret: bool = False
    system: bool = False
    group: str = "isi"
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """The paper of a kind: ``paper`` is ``f4`` or ``a4``, ``font`` ``sans`` or ``serif``, sizes in points."""

    paper: str = "f4"
    font: str = "sans"
    size: float = 11.0


@dataclass(frozen=True, slots=True)
class LetterKind:
    """A kind of letter.

    ``id`` is what is stored, typed in flows and seen in URLs. ``direction`` is ``masuk`` or ``keluar``.
    ``template`` names a file of ``templates/pdf`` without its ending, or an asset of a plugin such as
    ``my_package:letters/berita.typ``; the incoming kind has none. ``number_pattern`` is the default
    pattern of its numbers, independent of ``group``; which register gives them is said by the flow.
    ``strategic`` kinds (regulations, decrees on staff, agreements) are closed to whoever only acts for a position
    (UU 30/2014 art. 14).
    """

    id: str
    title: str
    direction: str
    group: str
    fields: tuple[KindField, ...]
    template: str = ""
    number_pattern: str = ""
    shape: Shape = Shape()
    description: str = ""
    strategic: bool = False

    def field(self, name: str) -> KindField:
        """The field of that name; raises KeyError."""
        for each in self.fields:
            if each.name == name:
                return each
        raise KeyError(name)

    @property
    def form_fields(self) -> tuple[KindField, ...]:
        """The fields that a person fills in, in order."""
        return tuple(each for each in self.fields if not each.system)

    @property
    def signers(self) -> tuple[KindField, ...]:
        """The fields that name a position which signs, in the order in which the page has their places."""
        return tuple(each for each in self.fields if each.type == "position" and each.group == SIGNATORIES)

    @property
    def secret_names(self) -> frozenset[str]:
        """Names of the fields that belong to the private record."""
        return frozenset(each.name for each in self.fields if each.secret)

    @property
    def field_names(self) -> frozenset[str]:
        """Names that a flow may ask for as ``letter.x``: all but the secret ones."""
        return frozenset(each.name for each in self.fields if not each.secret)
