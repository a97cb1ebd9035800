"""The page of a text that is not stored yet, drawn as it will be printed; its image waits for its writer alone."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pyramid.request import Request

from intranet_surat.errors import SuratError, Unknown
from intranet_surat.resources.letter import Letter
from intranet_surat.resources.site import Office
from intranet_surat.services import letter_pdf, pages

MOST = 6
"""How many pages a preview shows."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A drawn preview: its handle, and which pages there are; ``says`` is the sentence when it could not be drawn."""

    handle: str
    pages: tuple[int, ...]
    says: str = ""


def make(request: Request, kind: Any, office: Office, values: Mapping[str, Any], letter: Letter | None) -> Preview:
    """Draw the text as the person has typed it; nothing is stored but page images under a name only he can build."""
    secret = kind.secret_names
    fields = {name: value for name, value in values.items() if name not in secret}
    draft = Letter(
        id=letter.id if letter is not None else "",
        office=office.code,
        direction="keluar",
        kind=kind.id,
        fields={**(letter.fields if letter is not None else {}), **fields},
    )
    try:
        pdf = letter_pdf.render(request.house, request.site, draft, request.now, method="draft")
    except SuratError as wrong:
        return Preview("", (), wrong.message)
    handle = hashlib.sha256(pdf).hexdigest()
    drawn: list[int] = []
    for number in range(1, MOST + 1):
        try:
            image(request, handle, number, pages.WIDTHS[0], pdf)
        except Unknown:
            break
        except SuratError as wrong:
            return Preview(handle, tuple(drawn), wrong.message)
        drawn.append(number)
    return Preview(handle, tuple(drawn))


def image(request: Request, handle: str, number: int, width: int, pdf: bytes | None = None) -> bytes:
    """The image of a page. Raises Unknown when this person has drawn no such preview."""

    def opened() -> io.BytesIO:
        if pdf is None:
            raise Unknown
        return io.BytesIO(pdf)

    # The name in the cache is bound to the person: knowing a hash opens nothing, here or for stored files.
    name = hashlib.sha256(f"pratinjau:{request.reader.person}:{handle}".encode()).hexdigest()
    return pages.image(request.house, name, opened, number, width).read_bytes()


def of_version(request: Request, letter: Letter, fields: Mapping[str, Any], number: int, width: int) -> bytes:
    """The image of a stored version. Raises Unknown for a page that does not exist, Invalid for unprintable signs."""
    draft = letter
    if fields is not letter.fields:
        draft = Letter(id=letter.id, office=letter.office, direction=letter.direction, kind=letter.kind, fields=fields)
        draft.private = letter.private
    pdf = letter_pdf.render(request.house, request.site, draft, letter.created_at or request.now, method="draft")
    name = hashlib.sha256(b"pratinjau:" + pdf).hexdigest()
    return pages.image(request.house, name, lambda: io.BytesIO(pdf), number, width).read_bytes()
