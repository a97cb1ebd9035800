from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
import transaction
from ZODB.blob import Blob
from ZODB.config import storageFromString
from ZODB.POSException import POSKeyError

from intranet_surat.resources import durable
from intranet_surat.resources.durable import DurableFileStorage
from intranet_surat.resources.opening import open_database


class Calls:
    """What was asked of the disk, in order: names of synced paths, and of renames."""

    def __init__(self, monkeypatch) -> None:
        self.made: list[tuple[str, str]] = []
        self.fail_on = ""
        fsync, rename = os.fsync, os.rename

        def noted_fsync(descriptor):
            path = os.readlink(f"/proc/self/fd/{descriptor}")  # noqa: PTH115
            self.made.append(("sync", path))
            if self.fail_on and self.fail_on in path:
                raise OSError(5, "Input/output error")
            fsync(descriptor)

        def noted_rename(source, target):
            self.made.append(("rename", str(target)))
            rename(source, target)

        monkeypatch.setattr(os, "fsync", noted_fsync)
        monkeypatch.setattr(os, "rename", noted_rename)
        monkeypatch.setattr(sys.modules["ZODB.FileStorage.FileStorage"], "fsync", noted_fsync)

    def place(self, kind: str, path: Path | str) -> int:
        return self.made.index((kind, str(path)))


@pytest.fixture
def db(tmp_path):
    db = open_database(f"file://{tmp_path}/Data.fs")
    yield db
    db.close()


@pytest.fixture
def calls(db, monkeypatch):
    return Calls(monkeypatch)


def store_blob(db, name="blob") -> Path:
    with db.transaction() as connection:
        connection.root()[name] = Blob(b"paper")
    connection = db.open()
    path = Path(connection.root()[name].committed())
    connection.close()
    return path


def test_a_blob_and_all_its_new_directories_are_on_the_disk_before_the_commit_is(db, calls, tmp_path):
    blob = store_blob(db)
    data = calls.place("sync", tmp_path / "Data.fs")
    assert calls.place("sync", blob) < data
    needed = [place for place in blob.parents if tmp_path / "Data.fs.blobs" in (place, *place.parents)]
    assert len(needed) == 9
    for place in needed:
        assert calls.place("sync", place) < data


def test_the_second_blob_syncs_only_what_is_new(db, calls):
    store_blob(db)
    calls.made.clear()
    blob = store_blob(db, "second")
    synced = [path for kind, path in calls.made if kind == "sync"]
    assert synced[:-1] == [str(blob), str(blob.parent), str(blob.parent.parent)]


def test_directories_that_a_pack_removed_are_synced_when_they_come_back(db, calls, tmp_path):
    blob = store_blob(db)
    upper = blob.parent.parent
    blob.rename(tmp_path / "aside")
    blob.parent.rmdir()
    upper.rmdir()
    calls.made.clear()
    store_blob(db, "second")
    assert calls.place("sync", upper.parent) < calls.place("sync", tmp_path / "Data.fs")


def test_a_blob_that_cannot_be_synced_is_not_committed(db, calls):
    calls.fail_on = ".blob"
    with pytest.raises(OSError, match="Input/output"), db.transaction() as connection:
        connection.root()["blob"] = Blob(b"paper")
    transaction.abort()
    calls.fail_on = ""
    connection = db.open()
    assert "blob" not in connection.root()
    connection.close()
    store_blob(db, "again")


def test_a_failed_sync_of_the_data_file_ends_the_process_and_is_not_tried_again(db, calls, monkeypatch):
    class Ended(BaseException):
        pass

    def end():
        raise Ended

    monkeypatch.setattr(DurableFileStorage, "_end_process", staticmethod(end))
    calls.fail_on = "Data.fs"
    with pytest.raises(Ended), db.transaction() as connection:
        connection.root()["a"] = 1
    assert len([path for kind, path in calls.made if path.endswith("Data.fs")]) == 1


def test_a_pack_is_on_the_disk_before_it_takes_the_place_of_the_data(db, calls, tmp_path):
    kept = store_blob(db)
    gone = store_blob(db, "gone")
    with db.transaction() as connection:
        del connection.root()["gone"]
    calls.made.clear()
    db.pack()
    data = tmp_path / "Data.fs"
    order = [
        calls.place("sync", f"{data}.pack"),
        calls.place("rename", f"{data}.old"),
        calls.place("rename", data),
        calls.place("sync", tmp_path),
    ]
    assert order == sorted(order)
    assert (tmp_path / "Data.fs.old").exists()
    assert kept.exists()
    assert not gone.exists()


def test_the_section_of_zconfig_opens_the_same_storage(tmp_path):
    storage = storageFromString(f"""
        %import intranet_surat.resources
        <durable>
          path {tmp_path}/Data.fs
          blob-dir {tmp_path}/blobs
          pack-gc false
        </durable>
    """)
    assert isinstance(storage, DurableFileStorage)
    assert storage.packer is durable.packer
    assert storage._pack_gc is False
    storage.close()


def test_a_read_only_storage_writes_nothing(db, tmp_path):
    store_blob(db)
    reader = DurableFileStorage(str(tmp_path / "Data.fs"), read_only=True)
    assert reader.isReadOnly()
    with pytest.raises(POSKeyError):
        reader.load(b"\0" * 7 + b"\xff")
    reader.close()
