"""Page images and page words of stored files, made by a child and kept on disk by hash; safe to delete any time."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, Protocol

from intranet_surat.errors import Unavailable, Unknown
from intranet_surat.services import children
from intranet_surat.services.children import MB, ChildStopped, Limits

WIDTHS = (640, 1280)
"""The widths that a page image may have, in pixels."""
LIMITS = Limits(cpu=30, wall=60, memory=1024 * MB, answer=1 * MB, data=16 * MB)
MOST_TEXT = 100_000

Opener = Callable[[], AbstractContextManager[BinaryIO]]
"""Opens the stored bytes, such as ``attachment.open``."""


class _Settings(Protocol):
    @property
    def cache(self) -> Path: ...


class PageHouse(Protocol):
    """What page images need of the house: the folder of the cache."""

    @property
    def settings(self) -> _Settings: ...  # noqa: D102  explained above


def image(house: PageHouse, sha256: str, opener: Opener, page: int, width: int) -> Path:
    """The PNG of page ``page`` (from 1) of the file with that hash; ``opener`` is called only when it is not cached.

    The caller has checked that the reader may see the file. Raises Unknown for a page or width that does not
    exist, Unavailable when it cannot be drawn.
    """
    if width not in WIDTHS or page < 1:
        raise Unknown
    cached = _place(house, sha256, f"{page}-{width}.png")
    if not cached.exists():
        found = _child(house, "page_image", opener, page=page, width=width)
        if not found.data.startswith(b"\x89PNG"):
            raise Unavailable(_CANNOT)
        _keep(cached, found.data)
    return cached


def text(house: PageHouse, sha256: str, opener: Opener, page: int) -> str:
    """The words of a page for "Teks saja"; "" when the page is a picture. Raises as `image` does."""
    if page < 1:
        raise Unknown
    cached = _place(house, sha256, f"{page}.txt")
    if not cached.exists():
        found = _child(house, "page_text", opener, page=page, most=MOST_TEXT)
        _keep(cached, found.text("text", most=MOST_TEXT).encode("utf-8"))
    return cached.read_text(encoding="utf-8")


def kept(house: PageHouse, sha256: str, name: str, make: Callable[[], bytes]) -> Path:
    """What is drawn from the file with that hash under a name of its own; ``make`` is called when it is not cached."""
    cached = _place(house, sha256, name)
    if not cached.exists():
        _keep(cached, make())
    return cached


_CANNOT = "Halaman ini belum dapat ditampilkan. Berkas aslinya tetap dapat diunduh."


def _child(house: PageHouse, program: str, opener: Opener, **arguments: int) -> children.ChildResult:
    house.settings.cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    with opener() as stored, tempfile.NamedTemporaryFile(dir=house.settings.cache) as copy:
        shutil.copyfileobj(stored, copy)
        copy.flush()
        try:
            found = children.run(program, Path(copy.name), limits=LIMITS, **arguments)
            problem = found.text("problem", most=20)
        except ChildStopped:
            raise Unavailable(_CANNOT) from None
    if problem == "no-page":
        raise Unknown
    if problem:
        raise Unavailable(_CANNOT)
    return found


def _place(house: PageHouse, sha256: str, name: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256 in hex")
    folder = house.settings.cache / sha256[:2]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    house.settings.cache.chmod(0o700)
    return folder / f"{sha256}-{name}"


def _keep(cached: Path, content: bytes) -> None:
    """Write beside and move: whoever reads at the same time sees a whole file or none."""
    handle, name = tempfile.mkstemp(dir=cached.parent, prefix=".baru-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(content)
        Path(name).replace(cached)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
