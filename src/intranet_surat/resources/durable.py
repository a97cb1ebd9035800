"""A FileStorage whose blobs and packs are on the disk before anybody is told so; ZODB syncs neither by itself."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

from ZODB.config import FileStorage as FileStorageSection
from ZODB.FileStorage import FileStorage

logger = logging.getLogger(__name__)

FAILED = 70


def sync(path: Path | str) -> None:
    """Wait until a file, or the entries of a directory, are on the disk. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def packer(storage: Any, referencesf: Any, stop: Any, gc: Any) -> Any:
    """Pack as FileStorage does, and sync the new file before it takes the place of the old one."""
    result = FileStorage.packer(storage, referencesf, stop, gc)
    if result is not None:
        sync(storage._file_name + ".pack")  # noqa: SLF001  the packer is a part of the storage
    return result


class DataMissing(Exception):
    """There are blobs but no data file: it was lost, and beginning anew would destroy them; English."""


class DurableFileStorage(FileStorage):
    """FileStorage that syncs new blobs with their directories before the vote ends, and packs before they count.

    After an fsync of the data file that failed nobody knows what is on the disk: the process ends at once,
    and the next one reads what is really there. It is never tried again.
    """

    def __init__(self, file_name: str, **options: Any) -> None:
        self._synced: set[Path] = set()
        options.setdefault("packer", packer)
        blobs = options.get("blob_dir")
        if blobs and not Path(file_name).exists() and any(Path(blobs).glob("0x*")):
            # FileStorage would empty the directory and begin anew.
            raise DataMissing(f"{file_name} is missing while its blobs are in {blobs}: restore it, or move them away")
        super().__init__(file_name, **options)
        if not self.isReadOnly():
            sync(Path(self._file_name).parent)

    def _blob_storeblob(self, oid: bytes, serial: bytes, blobfilename: str) -> None:
        root = Path(self.fshelper.base_dir)
        home = Path(self.fshelper.getPathForOID(oid))
        fresh = [place for place in (home, *home.parents) if root in place.parents and not place.exists()]
        super()._blob_storeblob(oid, serial, blobfilename)
        sync(self.fshelper.getBlobFilename(oid, serial))
        sync(home)
        self._synced.difference_update(fresh)
        for place in (home, *home.parents):
            if root not in place.parents:
                break
            if place == home or place not in self._synced:
                sync(place.parent)
            if place != home:
                self._synced.add(place)

    def _initIndex(self, index: Any, tindex: Any) -> None:  # noqa: N802  the name is ZODB's
        super()._initIndex(index, tindex)
        if self._pack_is_in_progress:
            # Called under the lock right after the packed file took its place: no commit may be acknowledged
            # in a file whose name is not on the disk yet.
            sync(Path(self._file_name).parent)

    def _finish_finish(self, tid: bytes) -> None:
        try:
            super()._finish_finish(tid)
        except OSError:
            logger.critical("fsync of %s failed: the process ends, nothing is acknowledged", self._file_name)
            self._end_process()

    @staticmethod
    def _end_process() -> None:
        os._exit(FAILED)


class Durable(FileStorageSection):
    """The section ``<durable>`` of a ZConfig file, after ``%import intranet_surat.resources``."""

    def open(self) -> DurableFileStorage:
        """Open the storage, with the keys of ``<filestorage>``."""
        names = ("blob_dir", "create", "read_only", "quota", "pack_gc", "pack_keep_old")
        options = {name: getattr(self.config, name) for name in names}
        return DurableFileStorage(self.config.path, **options)
