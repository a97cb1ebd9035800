"""The package of a letter: one file that proves itself offline, for who sees the letter in full."""

from __future__ import annotations

import io
import threading
from urllib.parse import quote

from pyramid.request import Request
from pyramid.response import FileIter, Response

from intranet_surat.errors import Unavailable
from intranet_surat.resources.folder import find
from intranet_surat.resources.letter import Item, Letter
from intranet_surat.services import secrecy
from intranet_surat.services.proof import writing
from intranet_surat.web import letter_json
from intranet_surat.web.negotiation import file as file_view

PIECE = 1 << 18
AT_ONCE = threading.BoundedSemaphore(2)
"""A package lies in memory with all its files, twice: who asks for many at once waits for his own."""
PATIENCE = 10.0
BUSY = "Beberapa paket sedang dibuat. Tunggu sebentar, lalu unduh lagi."


@file_view(permission="view", context=Letter, name="paket", request_method="GET")
def download(context: Letter, request: Request) -> Response:
    """The package, made now."""
    house, site, now = request.house, request.site, request.now
    secrecy.demand(house, site, context, request.reader, now)
    if not AT_ONCE.acquire(timeout=PATIENCE):
        raise Unavailable(BUSY)
    try:
        data = writing.build(house, site, context, now, hidden=unknown_to(context, request))
    finally:
        AT_ONCE.release()
    response = Response(app_iter=FileIter(io.BytesIO(data), PIECE), content_length=len(data))
    response.content_type = "application/zip"
    number = str(context.fields.get("number") or context.id).replace("/", "-")
    response.content_disposition = f"attachment; filename*=UTF-8''{quote(f'paket-{number}.zip')}"
    return response


def unknown_to(context: Letter, request: Request) -> frozenset[int]:
    """The acts whose answers name a letter that this reader may not know."""
    return frozenset(
        act.seq
        for act in context.history
        if (named := context.history.entered(act.seq).get("form", {}).get(letter_json.ANSWERED))
        and not _knows(request, str(named))
    )


def _knows(request: Request, path: str) -> bool:
    try:
        other = find(request.site, path)
    except KeyError:
        return False
    return isinstance(other, Item) and secrecy.may_know(request.house, request.site, other, request.reader, request.now)
