"""Uploads of a form: those sent now, and those that wait from an earlier try of the same form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import peppercorn
from pyramid.request import Request

from intranet_surat.errors import Invalid, TooLarge
from intranet_surat.services import uploads
from intranet_surat.services.uploads import Upload
from intranet_surat.web.kept_files import KeptFiles
from intranet_surat.web.negotiation import wants_json

KEPT = "_tersimpan"
BOX, STAYS = "berkas", "tetap"
"""What a file control of `web.forms` calls a new file and the hash of one that waits."""


def waiting(request: Request) -> KeptFiles:
    """Return the waiting files of the person who asks."""
    return KeptFiles(request.house.settings.incoming, request.reader.person)


def accept(request: Request, name: str, place: str, *, read_code: bool = False) -> list[Upload]:
    """Take what was sent under a field's name, else what waits from an earlier try; a child looks at each file.

    Raises Invalid under the field's name; TooLarge for a program.
    """
    files, kept = parts(request, name)
    if files:
        taken = []
        for each in files:
            try:
                upload = uploads.accept(request.house, each.file, each.filename, place, field=name, read_code=read_code)
            except TooLarge as big:
                if wants_json(request):
                    raise
                # On a page it is one wrong field among others: the rest of the form must not be lost with it.
                raise Invalid({name: big.message}) from None
            # What is stored is a copy, and so is what waits for a corrected form.
            request.add_finished_callback(lambda _request, upload=upload: upload.forget())
            taken.append(upload)
        return taken
    found = [waiting(request).get(sha, place) for sha in kept]
    return [each for each in found if each is not None]


def parts(request: Request, name: str) -> tuple[list[Any], list[str]]:
    """Return the files and the hashes of waiting ones that stand under a name, plain or as our forms send them."""
    sent: list[Any] = request.POST.getall(name)
    kept: list[str] = [each for each in request.POST.getall(name + KEPT) if isinstance(each, str)]
    if "__start__" in request.POST:
        field = parsed(request).get(name)
        if isinstance(field, Mapping):
            box = field.get(BOX)
            sent = list(box) if isinstance(box, list) else [box]
            stays = field.get(STAYS) or []
            kept = [each for each in (stays if isinstance(stays, list) else [stays]) if isinstance(each, str)]
    return [each for each in sent if getattr(each, "filename", "") and hasattr(each, "file")], kept


def parsed(request: Request) -> dict[str, Any]:
    """Return a body sent by our forms as the nested values it stands for. Raises Invalid when it is broken."""
    try:
        found: dict[str, Any] = peppercorn.parse(list(request.POST.items()))
    except ValueError:
        raise Invalid({}, "Formulir ini tidak lengkap sampai. Muat ulang halaman, lalu kirim lagi.") from None
    return found


def keep(request: Request, found: Iterable[Upload]) -> list[Upload]:
    """Let accepted uploads wait for the corrected form."""
    return [waiting(request).keep(each) for each in found]


def told(upload: Upload) -> dict[str, Any]:
    """Return what stands in the act about an uploaded file."""
    return {
        "sha256": upload.sha256,
        "filename": upload.filename,
        "size": upload.size,
        "pages": upload.pages,
        "code": upload.code or "",
    }
