"""The files of a letter: page images, the words of a page, and downloads; asked like the letter itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from pyramid.request import Request
from pyramid.response import FileIter, Response

from intranet_surat.errors import Unknown
from intranet_surat.resources.document import Rendition
from intranet_surat.resources.letter import Letter
from intranet_surat.services import acting, pages, secrecy, signing_doubts
from intranet_surat.services.scans import comparing
from intranet_surat.web import letter_files
from intranet_surat.web.negotiation import file as file_view

PIECE = 1 << 18


def stored(context: Letter, request: Request, name: str) -> Any:
    """The stored file whose hash the address names. Raises Unknown without full sight and for another hash.

    A signed file that the letter does not use is only for those who decide about it: it looks like the letter.
    """
    house, site, reader, now = request.house, request.site, request.reader, request.now
    secrecy.demand(house, site, context, reader, now)
    found = letter_files.find(context, request.GET.get(name, ""))
    if found is None or not signing_doubts.may_read(house, site, context, found, reader, now):
        raise Unknown
    return found


@file_view(permission="view", context=Letter, name="halaman", request_method="GET")
def page_image(context: Letter, request: Request) -> Response:
    """The image of one page."""
    file = stored(context, request, "berkas")
    whole_only_for_signing(context, request, file)
    image = pages.image(request.house, file.sha256, file.open, number(request, "n", 1), width(request))
    return Response(body=image.read_bytes(), content_type="image/png")


@file_view(permission="view", context=Letter, name="teks", request_method="GET")
def page_text(context: Letter, request: Request) -> Response:
    """The words of one page, as plain text."""
    file = stored(context, request, "berkas")
    whole_only_for_signing(context, request, file)
    words = pages.text(request.house, file.sha256, file.open, number(request, "n", 1))
    told = words.strip() or "Halaman ini berupa gambar; tidak ada teks yang dapat dibaca."
    return Response(text=told, content_type="text/plain", charset="utf-8")


@file_view(permission="view", context=Letter, name="tumpuk", request_method="GET")
def stacked(context: Letter, request: Request) -> Response:
    """A page of the scan laid on its page of the print, as an image."""
    secrecy.demand(request.house, request.site, context, request.reader, request.now)
    whole_only_for_signing(context, request, comparing.printed(context))
    image = comparing.stacked(request.house, context, number(request, "n", 1), number(request, "pada", 1))
    return Response(body=image, content_type="image/png")


@file_view(permission="view", context=Letter, name="berkas", request_method="GET")
def download(context: Letter, request: Request) -> Response:
    """The original bytes, to be saved and never shown by the browser itself."""
    file = stored(context, request, "sha")
    return attachment(file.open(), file.size, file.type, file.filename or download_name(context, file))


def whole_only_for_signing(context: Letter, request: Request, file: Any) -> None:
    """Raise Unknown for a page with personal data, unless the reader is about to sign exactly these bytes.

    On paper they are whole: the file itself may be downloaded and printed by who sees the letter.
    """
    if context.private is None or not isinstance(file, Rendition):
        return
    offers = acting.offers(request.house, request.site, context, request.reader, request.now)
    if file.sha256 != context.frozen or not any(each.kind == "sign" and each.allowed for each in offers):
        raise Unknown


def attachment(stream: Any, size: int, kind: str, filename: str) -> Response:
    """A download: only PDF keeps its type; pictures would else count as something to show."""
    response = Response(app_iter=FileIter(stream, PIECE), content_length=size)
    response.content_type = "application/pdf" if kind == "application/pdf" else "application/octet-stream"
    response.content_disposition = f"attachment; filename*=UTF-8''{quote(filename)}"
    return response


def download_name(context: Letter, file: Any) -> str:
    """The name of a file of ours: number or id, never the subject of a letter that is not open."""
    number_ = str(context.fields.get("number") or context.id).replace("/", "-")
    return f"{file.kind if hasattr(file, 'kind') else 'berkas'}-{number_}.pdf"


def number(request: Request, name: str, default: int) -> int:
    """A number of the address. Raises Unknown for anything else."""
    text = request.GET.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Unknown
    return int(text)


def width(request: Request) -> int:
    """The width of an image; only those that are kept."""
    found = number(request, "lebar", pages.WIDTHS[0])
    return found if found in pages.WIDTHS else pages.WIDTHS[0]
