"""Files of a letter: attachments and renditions, each a blob with its SHA-256; and the record of sealed values."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

from ZODB.blob import Blob
from ZODB.POSException import POSKeyError

from intranet_surat.errors import Unavailable
from intranet_surat.resources.values import Record

PIECE = 1 << 20
SIGNED = "signed"
"""Kind of a rendition that was signed or sealed, and of all that grow out of it."""


class File(Record):
    """Bytes that never change, in a blob, with what is known about them."""

    blob: Blob | None = None
    sha256: str = ""
    size: int = 0
    type: str = ""
    filename: str = ""
    pages: int = 0
    created_at: datetime | None = None

    def __init__(self, source: Path | str | bytes | None = None, **values: Any) -> None:
        super().__init__(**values)
        if source is not None:
            self.store(source)

    def store(self, source: Path | str | bytes) -> None:
        """Copy the bytes from a file or from memory; the source stays, so that a repeated request finds it.

        Raises ValueError when there are bytes already.
        """
        if self.blob is not None:
            raise ValueError("the bytes of a file are stored once")
        digest = hashlib.sha256()
        blob = Blob()
        with blob.open("w") as target:
            if isinstance(source, bytes):
                target.write(source)
                digest.update(source)
                self.size = len(source)
            else:
                with Path(source).open("rb") as origin:
                    while piece := origin.read(PIECE):
                        target.write(piece)
                        digest.update(piece)
                        self.size += len(piece)
        self.blob = blob
        self.sha256 = digest.hexdigest()

    def open(self) -> BinaryIO:
        """Open the bytes for reading. Raises Unavailable when they are missing on the disk."""
        try:
            return self._blob().open("r")
        except (OSError, POSKeyError) as error:
            raise Unavailable(self._damaged("tidak ditemukan di tempat penyimpanan")) from error

    def content(self) -> bytes:
        """Return all bytes, compared with their hash. Raises Unavailable when they are missing or damaged."""
        with self.open() as stream:
            data = stream.read()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise Unavailable(self._damaged("tidak sama lagi dengan yang disimpan"))
        return data

    def copy_to(self, target: Path) -> Path:
        """Copy the bytes to a path outside the database and return it."""
        with self.open() as stream, target.open("wb") as out:
            shutil.copyfileobj(stream, out, PIECE)
        return target

    def _blob(self) -> Blob:
        if self.blob is None:
            raise ValueError("no bytes were stored yet")
        return self.blob

    def _damaged(self, what: str) -> str:
        return (
            f"Berkas {self.filename or self.type} (SHA-256 {self.sha256[:12]}…) {what}. "
            "Beri tahu DKISP agar berkas dipulihkan dari cadangan."
        )


class Attachment(File):
    """A file that came with the letter. ``place`` is ``scan``, ``attachment``, ...; ``code`` what was read in it.

    Of a scan of a signed paper ``findings`` is what the comparison with the print found, replaced and never changed in
    place; ``words`` the text that was recognised, ``unread`` why there is none.
    """

    place: str = "attachment"
    code: str = ""
    flags: tuple[str, ...] = ()
    findings: Mapping[str, Any] = MappingProxyType({})
    words: str = ""
    unread: str = ""


class Rendition(File):
    """A page image made by us. ``kind`` is ``naskah``, ``cetak``, ``signed`` or ``sheet``; ``previous`` a SHA-256.

    ``verdict`` is the judgement on its signatures, replaced and never changed in place. ``signatory`` tells for whom
    it was printed: ``person`` and ``position`` (ids), ``title`` as printed, ``order`` by which he signs so. Of a file
    that several sign in turn ``signatories`` tells the same of each, with the ``field`` prepared for him, his ``name``
    and the ``label`` of his place; until the last has signed its kind is ``sebagian``.
    """

    type: str = "application/pdf"
    kind: str = "naskah"
    version: int = 1
    previous: str | None = None
    signatures: int = 0
    signatory: Mapping[str, str] = MappingProxyType({})
    verdict: Mapping[str, Any] = MappingProxyType({})
    signatories: tuple[Mapping[str, str], ...] = ()

    def grown(self, pdf: bytes, signatures: int, verdict: Mapping[str, Any], now: datetime) -> Rendition:
        """The next revision: bytes were added, a signature, a seal or evidence; all that is known of the file stays."""
        return Rendition(
            pdf,
            kind=SIGNED,
            version=self.version,
            previous=self.sha256,
            filename=self.filename,
            pages=self.pages,
            signatory=self.signatory,
            signatories=self.signatories,
            signatures=signatures,
            verdict={**self.verdict, **verdict},
            created_at=now,
        )


class PrivateRecord(Record):
    """Personal values, each sealed by `services.private`; replaced and never changed in place."""

    sealed: Mapping[str, bytes] = MappingProxyType({})
