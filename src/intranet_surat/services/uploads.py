"""Uploads: kept as they came, within the limits of their place, and looked at by a child that says what they are."""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import BinaryIO, Protocol

from intranet_surat.errors import Invalid, TooLarge, Unavailable
from intranet_surat.services import children
from intranet_surat.services.children import MB, ChildResult, ChildStopped, Limits

_TITLES = {"pdf": "PDF", "jpeg": "JPEG", "png": "PNG"}
_MIME = {"pdf": "application/pdf", "jpeg": "image/jpeg", "png": "image/png"}
_FLAGS = ("encrypted", "javascript", "embedded", "launch", "xfa", "signed")
FLAG_SAYS: Mapping[str, str] = MappingProxyType(
    {
        "encrypted": "Berkas ini terkunci dengan kata sandi atau pembatasan.",
        "javascript": "Berkas ini memuat program; program itu tidak dijalankan.",
        "embedded": "Berkas ini memuat berkas lain di dalamnya.",
        "launch": "Berkas ini mencoba membuka program lain; itu tidak dilakukan.",
        "xfa": "Berkas ini memuat formulir XFA yang tidak ditampilkan.",
        "signed": "Berkas ini memuat tanda tangan elektronik.",
    }
)
"""What a page says about each flag."""


@dataclass(frozen=True, slots=True)
class PlaceLimits:
    """What is taken at one place: types, bytes, pages, pixels of a page, and what the child may use."""

    title: str
    types: tuple[str, ...]
    size: int
    pages: int
    child: Limits
    pixels: int = 50_000_000

    def sentence(self) -> str:
        """What to print beside the file box."""
        types = ", ".join(_TITLES[each] for each in self.types)
        return f"{types}; paling besar {self.size // MB} MB, paling banyak {self.pages} halaman."


_SCAN = PlaceLimits("pindaian", ("pdf", "jpeg", "png"), 50 * MB, 500, Limits(cpu=60, wall=120, memory=1024 * MB))
PLACES: Mapping[str, PlaceLimits] = MappingProxyType(
    {
        "scan": _SCAN,
        "wet-scan": _SCAN,
        "paper": PlaceLimits("disposisi tertulis", ("pdf", "jpeg", "png"), 25 * MB, 20, Limits(cpu=30, wall=60)),
        "attachment": PlaceLimits("lampiran", ("pdf", "jpeg", "png"), 25 * MB, 500, Limits(cpu=30, wall=60)),
        "requirement": PlaceLimits("syarat", ("jpeg", "png", "pdf"), 8 * MB, 20, Limits(cpu=15, wall=30)),
        "courier-photo": PlaceLimits("bukti kurir", ("jpeg", "png", "pdf"), 8 * MB, 20, Limits(cpu=15, wall=30)),
        "verification": PlaceLimits("berkas", ("pdf",), 10 * MB, 200, Limits(cpu=20, wall=25)),
    }
)
"""The limits by place; starting values of the project, handed to `accept` when an office sets others."""


class _Settings(Protocol):
    @property
    def incoming(self) -> Path: ...


class UploadHouse(Protocol):
    """What uploads need of the house: the folder where they wait for their transaction."""

    @property
    def settings(self) -> _Settings: ...  # noqa: D102  explained above


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was taken.

    ``path`` is ours until `forget`; storing copies it, so that a transaction may be tried again. ``type`` is the
    media type found in the content, ``flags`` the names of `FLAG_SAYS` that hold, ``code`` the QR text of a wet scan
    (None when none was read), ``place`` for which place it was taken. ``pages`` is 0 for a PDF that cannot be
    opened without its password.
    """

    path: Path
    sha256: str
    size: int
    type: str
    filename: str
    pages: int
    flags: tuple[str, ...] = ()
    code: str | None = None
    place: str = "attachment"

    def forget(self) -> None:
        """Remove the waiting file; nothing happens when it is gone."""
        self.path.unlink(missing_ok=True)


def accept(
    house: UploadHouse,
    stream: BinaryIO,
    filename: str,
    place: str,
    *,
    field: str = "file",
    places: Mapping[str, PlaceLimits] = PLACES,
    read_code: bool = False,
) -> Upload:
    """Take a file from ``stream``; ``field`` is the name under which errors stand.

    Raises TooLarge over the limit of size, Invalid for content that is not taken, Unavailable when the child could
    not look at it. Nothing is left behind on an error.
    """
    limits = places[place]
    house.settings.incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
    path, sha256, size = _receive(stream, house.settings.incoming, limits)
    try:
        if size == 0:
            raise Invalid({field: "Berkas ini kosong. Pilih berkas lain."})
        kind, pages, flags = _inspect(path, limits, field)
        code = _code(path, limits) if read_code else None
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Upload(path, sha256, size, _MIME[kind], safe_name(filename, kind), pages, flags, code, place)


def _receive(stream: BinaryIO, folder: Path, limits: PlaceLimits) -> tuple[Path, str, int]:
    handle, name = tempfile.mkstemp(dir=folder, prefix="masuk-")  # mode 0600
    digest, size, path = hashlib.sha256(), 0, Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            while chunk := stream.read(256 * 1024):
                size += len(chunk)
                if size > limits.size:
                    raise TooLarge(
                        f"Berkas {limits.title} paling besar {limits.size // MB} MB. "
                        "Pindai ulang dengan 200 dpi, atau bagi menjadi beberapa berkas."
                    )
                digest.update(chunk)
                out.write(chunk)
    except BaseException:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        raise
    return path, digest.hexdigest(), size


def _inspect(path: Path, limits: PlaceLimits, field: str) -> tuple[str, int, tuple[str, ...]]:
    try:
        found = children.run("inspect_file", path, limits=limits.child, pixels=limits.pixels, pages=limits.pages)
        kind = found.text("type", most=10)
        problem = found.text("problem", most=20)
        pages = found.number("pages", most=10_000_000) if "pages" in found.value else 0
    except ChildStopped as error:
        raise _stopped(error, field) from None
    if kind not in limits.types:
        taken = ", ".join(_TITLES[each] for each in limits.types)
        was = f"berkas ini {_TITLES[kind]}" if kind in _TITLES else "isi berkas ini bukan salah satunya"
        raise Invalid({field: f"Di sini diterima {taken}; {was}. Simpan sebagai PDF lalu unggah lagi."})
    if problem and problem != "encrypted":
        raise Invalid({field: _says(problem, found, limits)})
    if pages > limits.pages:
        raise Invalid({field: f"Berkas ini {pages} halaman, paling banyak {limits.pages} halaman. Bagilah berkasnya."})
    if kind != "pdf":
        width, height = found.value.get("width"), found.value.get("height")
        if not isinstance(width, int) or not isinstance(height, int) or width * height > limits.pixels:
            raise Invalid({field: _says("page-size", found, limits)})
    return kind, pages, tuple(each for each in _FLAGS if found.flag(each))


def _says(problem: str, found: ChildResult, limits: PlaceLimits) -> str:
    if problem == "page-size":
        most = limits.pixels // 1_000_000
        page = f"Halaman {found.value['page']}" if isinstance(found.value.get("page"), int) else "Gambar ini"
        return f"{page} terlalu besar, paling besar {most} juta piksel. Pindai ulang dengan 200 dpi."
    if problem == "empty":
        return "PDF ini tidak mempunyai halaman. Pilih berkas lain."
    return "Berkas ini rusak dan tidak dapat dibuka. Pindai atau simpan ulang, lalu unggah lagi."


def _stopped(error: ChildStopped, field: str) -> Exception:
    if error.reason in ("time", "cpu", "memory", "crash"):
        return Invalid(
            {field: "Berkas ini terlalu rumit untuk diperiksa dengan aman. Simpan ulang sebagai PDF sederhana."}
        )
    return Unavailable("Berkas belum dapat diperiksa. Tidak ada yang disimpan; coba lagi sebentar lagi.")


def _code(path: Path, limits: PlaceLimits) -> str | None:
    codes = read_codes(path, limits)
    return codes[0] if codes else None


def read_codes(path: Path, limits: PlaceLimits = _SCAN) -> tuple[str, ...]:
    """The texts of the QR codes on the first pages of a scan; empty when none is read or the child was stopped."""
    try:
        found = children.run("read_code", path, limits=limits.child, pages=3).value.get("codes")
    except ChildStopped:
        return ()
    if not isinstance(found, list):
        return ()
    return tuple(each for each in found[:10] if isinstance(each, str) and 0 < len(each) <= 500)


def safe_name(filename: str, kind: str) -> str:
    """A name for display and download: last part of the path, without signs that mislead, with the true ending."""
    last = PurePosixPath(filename.replace("\\", "/")).name
    kept = "".join(
        each for each in unicodedata.normalize("NFC", last) if unicodedata.category(each)[0] not in "CZ" or each == " "
    )
    stem = kept.rpartition(".")[0] or kept
    stem = "".join("-" if each in '<>:"/\\|?*;%' else each for each in stem).strip(" .-")
    return f"{stem[:100] or 'berkas'}.{'jpg' if kind == 'jpeg' else kind}"
