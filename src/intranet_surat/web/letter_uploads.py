"""Uploads of a form: those sent now and those that wait from an earlier try of the same form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyramid.request import Request

from intranet_surat.services import uploads
from intranet_surat.services.uploads import Upload
from intranet_surat.web.kept_files import KeptFiles

KEPT = "_tersimpan"


def waiting(request: Request) -> KeptFiles:
    """Return the waiting files of the person who asks."""
    return KeptFiles(request.house.settings.incoming, request.reader.person)


def sent(request: Request, name: str) -> list[Any]:
    """Return the file parts of a multipart body under this name; an empty box is none."""
    return [each for each in request.POST.getall(name) if hasattr(each, "file") and each.filename]


def accept(request: Request, name: str, place: str) -> list[Upload]:
    """Take what was sent under this name, else what waits from an earlier try; each file is inspected in a child.

    Raises Invalid under the field's name, TooLarge.
    """
    found = [
        uploads.accept(request.house, each.file, each.filename, place, field=name) for each in sent(request, name)
    ]
    if found:
        return found
    return [upload_of(kept, place) for sha in request.POST.getall(name + KEPT) if (kept := waiting(request).get(sha))]


def upload_of(kept: Any, place: str) -> Upload:
    """Return a waiting file as if it had just been accepted."""
    return Upload(
        path=kept.path,
        sha256=kept.sha256,
        size=kept.size,
        type=kept.type,
        filename=kept.filename,
        pages=kept.pages,
        flags=kept.flags,
        code=kept.code,
        place=place,
    )


def keep(request: Request, found: list[Upload]) -> dict[str, Any]:
    """Let accepted uploads wait for the corrected form; by hash."""
    return {each.sha256: waiting(request).keep(each) for each in found}


def told(upload: Upload) -> Mapping[str, Any]:
    """Return what stands in the act about an uploaded file."""
    return {
        "sha256": upload.sha256,
        "filename": upload.filename,
        "size": upload.size,
        "pages": upload.pages,
        "code": upload.code,
    }
