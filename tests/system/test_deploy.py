"""The storages of deploy/: ZEO with our syncing storage, and RelStorage on PostgreSQL, by their shipped files."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import transaction
from ZODB.blob import Blob

from intranet_surat.demo import regency
from intranet_surat.resources.opening import open_database, put_site, root_site

ROOT = Path(__file__).resolve().parents[2]


def filled(name, folder, **places):
    """A shipped file with the values of its %define lines replaced, as an administrator edits them."""
    lines = (ROOT / "deploy" / name).read_text(encoding="utf-8").splitlines()
    for key, value in places.items():
        [number] = [number for number, line in enumerate(lines) if line.startswith(f"%define {key} ")]
        lines[number] = f"%define {key} {value}"
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def keeps_a_regency(uri, clock):
    """Write a regency with a blob through one opening of the database, read it through another."""
    database = open_database(uri)
    with database.transaction() as connection:
        put_site(connection, regency.build(clock(), small=True))
        connection.root()["blob"] = Blob(b"isi surat")
    database.close()
    again = open_database(uri)
    manager = transaction.TransactionManager()
    connection = again.open(manager)
    try:
        assert root_site(connection).office("DINKES").name == "Dinas Kesehatan"
        with connection.root()["blob"].open() as stream:
            assert stream.read() == b"isi surat"
    finally:
        manager.abort()
        connection.close()
        again.close()


def test_zeo_serves_the_database_by_its_shipped_files(tmp_path, clock):
    socket, blobs = tmp_path / "zeo.sock", tmp_path / "Data.fs.blobs"
    config = filled("zeo.conf", tmp_path, socket=socket, data=tmp_path / "Data.fs", blobs=blobs)
    client = filled("zeo-client.conf", tmp_path, socket=socket, blobs=blobs)
    command = [sys.executable, "-c", "import sys; from intranet_surat.cli import main; sys.exit(main())"]
    with (tmp_path / "log").open("wb") as log:
        server = subprocess.Popen([*command, "zeo", str(config)], cwd=tmp_path, stdout=log, stderr=log)
    try:
        for _ in range(200):
            if socket.exists():
                break
            assert server.poll() is None, (tmp_path / "log").read_text()
            time.sleep(0.1)
        keeps_a_regency(f"zconfig://{client}#main", clock)
    finally:
        server.terminate()
        server.wait(timeout=30)


@pytest.fixture
def cluster(tmp_path):
    """A PostgreSQL of its own on a socket in a short path; its server refuses to run as root."""
    programs = max(Path("/usr/lib/postgresql").glob("*/bin"))
    home = Path(
        subprocess.run(
            ["mktemp", "-d", "/tmp/surat-pg-XXXXXX"], capture_output=True, text=True, check=True
        ).stdout.strip()
    )
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")

    def run(*words):
        prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run([*prefix, *words], check=True, capture_output=True, cwd=home)

    run(f"{programs}/initdb", "-D", f"{home}/data", "-A", "trust", "-U", user, "--data-checksums", "-N")
    run(
        f"{programs}/pg_ctl",
        "-D",
        f"{home}/data",
        "-w",
        "-l",
        f"{home}/log",
        "-o",
        f"-k {home} -c listen_addresses= -c fsync=off",
        "start",
    )
    try:
        run(f"{programs}/createdb", "-h", str(home), "-U", user, "surat")
        yield f"dbname=surat user={user} host={home}"
    finally:
        run(f"{programs}/pg_ctl", "-D", f"{home}/data", "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


@pytest.mark.needs("postgresql")
def test_postgresql_keeps_the_database_by_its_shipped_file(cluster, tmp_path, clock):
    config = filled("relstorage.conf", tmp_path, dsn=cluster, blobcache=tmp_path / "blobs")
    keeps_a_regency(f"zconfig://{config}#main", clock)


@pytest.mark.parametrize("name", ["surat-web@.service", "surat-worker.service", "surat-zeo.service"])
def test_services_run_unprivileged_and_write_no_core(name):
    lines = (ROOT / "deploy" / name).read_text(encoding="utf-8").splitlines()
    for wanted in ("User=surat", "NoNewPrivileges=yes", "ProtectSystem=strict", "LimitCORE=0", "UMask=0077"):
        assert wanted in lines


def test_the_proxy_example_is_one_that_debians_nginx_reads():
    """`http2 on;` came with nginx 1.25; Debian 12 has 1.22 and would not start."""
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    assert "http2 on;" not in text
    assert text.count("{") == text.count("}")


def test_the_proxy_never_repeats_a_request():
    assert "proxy_next_upstream off;" in (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
