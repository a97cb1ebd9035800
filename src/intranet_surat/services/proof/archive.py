"""The one file: a ZIP in a single canonical form, so that no byte of it is free to differ."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping

LARGEST = 512 * 1024 * 1024
MOST = 5000
_DATE = (1980, 1, 1, 0, 0, 0)


class BrokenError(Exception):
    """The file is not a package, or not whole; ``where`` names the part, the text says what is wrong (Indonesian)."""

    def __init__(self, where: str, says: str) -> None:
        super().__init__(says)
        self.where = where
        self.says = says


def pack(files: Mapping[str, bytes]) -> bytes:
    """The package of these files: uncompressed, in the order of their names, without dates or owners."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as package:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _DATE)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            package.writestr(info, files[name])
    return out.getvalue()


def unpack(data: bytes) -> dict[str, bytes]:
    """The files of a package. Raises BrokenError naming the part that was touched."""
    if len(data) > LARGEST:
        raise BrokenError("paket", "Berkas lebih besar daripada yang dapat diperiksa (512 MB).")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            infos = package.infolist()
            if len(infos) > MOST or sum(each.file_size for each in infos) > LARGEST:
                raise BrokenError("paket", "Isi paket lebih besar daripada yang dapat diperiksa.")
            files = {each.filename: _read(package, each) for each in infos}
    except BrokenError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, EOFError) as error:
        raise BrokenError("paket", f"Kerangka paket rusak atau terpotong ({type(error).__name__}).") from None
    again = pack(files)
    if again != data:
        place = next(
            (n for n, (a, b) in enumerate(zip(again, data, strict=False)) if a != b), min(len(again), len(data))
        )
        raise BrokenError("paket", f"Kerangka paket diubah pada bait ke-{place + 1}; isi berkas di dalamnya utuh.")
    return files


def _read(package: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    if info.compress_type != zipfile.ZIP_STORED or info.flag_bits & 1:
        raise BrokenError(info.filename, "Berkas di dalam paket dimampatkan atau dikunci; bukan bentuk paket ini.")
    try:
        return package.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError):
        raise BrokenError(info.filename, "Isi berkas ini diubah: tidak cocok dengan jumlah pemeriksanya.") from None
