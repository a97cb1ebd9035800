from __future__ import annotations

import stat
import subprocess
import sys
from types import SimpleNamespace

import pyramid_zodbconn
import pytest
import transaction
import ZEO
from ZODB.blob import Blob

from intranet_surat.resources import allowed
from intranet_surat.resources.durable import DurableFileStorage
from intranet_surat.resources.lists import Counts
from intranet_surat.resources.opening import (
    CannotOpen,
    Locked,
    database,
    db_from_uri,
    open_database,
    put_site,
    root_site,
)
from intranet_surat.resources.site import new_site

ZCONFIG = """
%import intranet_surat.resources
<zodb first>
  cache-size 11
  <mappingstorage/>
</zodb>
<zodb main>
  cache-size 12
  <durable>
    path {here}/Data.fs
    blob-dir {here}/blobs
  </durable>
</zodb>
"""


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_address_makes_the_database_readable_for_its_owner_only(tmp_path):
    db = open_database(f"file://{tmp_path}/var/Data.fs?cache_size=123")
    assert isinstance(db.storage, DurableFileStorage)
    assert db.getCacheSize() == 123
    assert mode(tmp_path / "var") == mode(tmp_path / "var/Data.fs.blobs") == 0o700
    assert mode(tmp_path / "var/Data.fs") == 0o600
    db.close()


def test_blobs_may_lie_elsewhere_and_paths_may_have_blanks(tmp_path):
    db = open_database(f"file://{tmp_path}/my%20data/Data.fs?blobs={tmp_path}/elsewhere")
    assert (tmp_path / "my data/Data.fs").exists()
    assert db.storage.blob_dir == str(tmp_path / "elsewhere")
    db.close()


def test_blobs_whose_data_file_is_missing_are_not_wiped(tmp_path):
    address = f"file://{tmp_path}/Data.fs"
    db = open_database(address)
    with db.transaction() as connection:
        connection.root()["blob"] = Blob(b"paper")
    db.close()
    (tmp_path / "Data.fs").unlink()
    with pytest.raises(CannotOpen, match=r"Data\.fs is missing while its blobs"):
        open_database(address)
    assert len(list((tmp_path / "Data.fs.blobs").rglob("*.blob"))) == 1


def test_what_was_committed_is_there_when_the_address_is_opened_again(tmp_path):
    for expected in (None, "Surat"):
        db = open_database(f"file://{tmp_path}/Data.fs")
        with db.transaction() as connection:
            site = root_site(connection)
            assert (site and site.title) == expected
            if site is None:
                put_site(connection, new_site("Surat", "Kabupaten Serang"))
        db.close()


def test_a_database_gets_one_site():
    db = open_database("memory://")
    with db.transaction() as connection:
        put_site(connection, new_site("a", "b"))
        with pytest.raises(ValueError, match="a site already"):
            put_site(connection, new_site("c", "d"))
    db.close()


def test_memory_keeps_blobs_and_resolves_conflicts_too():
    db = open_database("memory://")
    assert db.storage.temporaryDirectory()
    assert hasattr(db.storage, "tryToResolveConflict")
    db.close()


def test_a_zconfig_address_names_a_database_of_the_file(tmp_path):
    (tmp_path / "zodb.conf").write_text(ZCONFIG.format(here=tmp_path))
    for address, size in (("#main", 12), ("#first", 11), ("", 11)):
        db = open_database(f"zconfig://{tmp_path}/zodb.conf{address}")
        assert db.getCacheSize() == size
        assert db.classFactory is allowed.class_factory
        db.close()


ZEO_CLIENT = """
%import ZEO
<zodb>
  <clientstorage>
    server {address}
    server-sync true
    blob-dir {here}/cache
    wait-timeout 10
  </clientstorage>
</zodb>
"""


def test_several_processes_share_a_durable_storage_through_zeo_and_conflicts_resolve_there(tmp_path):
    durable = f"<durable 1>\n path {tmp_path}/Data.fs\n blob-dir {tmp_path}/blobs\n</durable>"
    address, stop = ZEO.server(storage_conf=f"%import intranet_surat.resources\n{durable}", threaded=True)
    (tmp_path / "zodb.conf").write_text(ZEO_CLIENT.format(address=f"{address[0]}:{address[1]}", here=tmp_path))
    databases = [open_database(f"zconfig://{tmp_path}/zodb.conf") for _ in range(2)]
    try:
        with databases[0].transaction() as connection:
            connection.root()["counts"] = Counts()
            connection.root()["blob"] = Blob(b"paper")
        managers = [transaction.TransactionManager(explicit=True) for _ in databases]
        connections = []
        for manager, db in zip(managers, databases, strict=True):
            manager.begin()
            connections.append(db.open(manager))
            connections[-1].root()["counts"].change("waiting", 1)
        for manager, connection in zip(managers, connections, strict=True):
            manager.commit()
            connection.close()
        with databases[0].transaction() as connection:
            assert connection.root()["counts"].get("waiting") == 2
            with connection.root()["blob"].open() as stream:
                assert stream.read() == b"paper"
    finally:
        for db in databases:
            db.close()
        stop()


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("sqlite:///x", "expected file://, zconfig:// or memory://"),
        ("Data.fs", "expected file://"),
        ("zconfig:///nowhere/zodb.conf", "database configuration /nowhere/zodb.conf"),
        ("file://{here}/Data.fs?cash_size=3", "unknown cash_size; expected cache_size"),
    ],
)
def test_a_wrong_address_is_told_in_one_line(address, says, tmp_path):
    with pytest.raises(CannotOpen) as caught:
        open_database(address.format(here=tmp_path))
    assert says in str(caught.value)


def test_a_name_that_the_zconfig_file_lacks_is_told(tmp_path):
    (tmp_path / "zodb.conf").write_text(ZCONFIG.format(here=tmp_path))
    with pytest.raises(CannotOpen, match="has no <zodb other>"):
        open_database(f"zconfig://{tmp_path}/zodb.conf#other")


def test_a_database_that_another_process_has_is_refused_with_its_number(tmp_path):
    program = (
        "import sys; from intranet_surat.resources.opening import open_database; "
        f"db = open_database('file://{tmp_path}/Data.fs'); print('ready', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"ready\n"
        (tmp_path / "zodb.conf").write_text(ZCONFIG.format(here=tmp_path))
        (tmp_path / "blobs").mkdir()
        for address in (f"file://{tmp_path}/Data.fs", f"zconfig://{tmp_path}/zodb.conf#main"):
            with pytest.raises(Locked) as caught:
                open_database(address)
            assert str(caught.value).startswith(f"{tmp_path}/Data.fs is in use by process {other.pid}; stop it first")
            assert "\n" not in str(caught.value)
        other.stdin.close()
        other.wait(10)
    open_database(f"file://{tmp_path}/Data.fs").close()


def test_the_settings_name_the_database():
    db = database({"zodbconn.uri": " memory:// "})
    assert db.classFactory is allowed.class_factory
    db.close()
    with pytest.raises(CannotOpen, match=r"zodbconn\.uri is missing"):
        database({})


def test_pyramid_zodbconn_opens_its_databases_through_us():
    config = SimpleNamespace(
        registry=SimpleNamespace(settings={"zodbconn.uri": "memory://", "zodbconn.uri.other": "memory://"})
    )
    pyramid_zodbconn.includeme(config, db_from_uri=db_from_uri)
    databases = config.registry._zodb_databases
    assert set(databases) == {"", "other"}
    for db in databases.values():
        assert db.classFactory is allowed.class_factory
        db.close()
