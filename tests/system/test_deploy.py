"""The storages of deploy/: ZEO with our syncing storage, and RelStorage on PostgreSQL, by their shipped files."""

from __future__ import annotations

import contextlib
import getpass
import http.client
import http.server
import os
import shutil
import socket
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
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
        for _ in range(600):
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


FROM = "X-Uji-Dari"
"""A header by which a test comes from any address."""


@pytest.fixture
def proxy(tmp_path):
    """The example as nginx runs it, on a port of its own before a server that answers everything; yields its address."""
    key, certificate = tmp_path / "kunci.pem", tmp_path / "sertifikat.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=127.0.0.1"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    behind = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=behind.serve_forever, daemon=True).start()
    port, text = free_port(), (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("/etc/ssl/surat/fullchain.pem", str(certificate)),
        ("/etc/ssl/surat/privkey.pem", str(key)),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("server 127.0.0.1:6543;", f"server 127.0.0.1:{behind.server_port};"),
        ("    server 127.0.0.1:6544;\n", ""),
    ):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    places = "".join(
        f"{each}_temp_path {tmp_path}/{each};\n" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = tmp_path / "nginx.conf"
    config.write_text(
        f"daemon off;\nmaster_process off;\npid {tmp_path}/pid;\nerror_log {tmp_path}/log;\nevents {{}}\n"
        f"http {{\naccess_log off;\nset_real_ip_from 127.0.0.1;\nreal_ip_header {FROM};\n{places}{text}\n}}\n"
    )
    server = subprocess.Popen(["nginx", "-c", config, "-p", tmp_path, "-e", tmp_path / "log"])
    try:
        ends = time.monotonic() + 30
        while not answers(port):
            assert server.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < ends, "nginx did not begin to listen"
            time.sleep(0.05)
        yield f"https://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(30)
        behind.shutdown()


class Answers(http.server.BaseHTTPRequestHandler):
    """The application behind the proxy, as far as its bounds are asked about."""

    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_POST = do_GET  # noqa: N815 - as the library calls it

    def log_message(self, *_args):
        """Say nothing."""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def answers(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def ask(address, **more):
    """Status and text of an answer."""
    trusting = ssl._create_unverified_context()
    try:
        with urllib.request.urlopen(urllib.request.Request(address, **more), context=trusting) as answer:
            return answer.status, ""
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


@pytest.mark.needs("nginx")
def test_the_proxy_bounds_files_that_are_brought_tells_so_and_leaves_the_staff_alone(proxy):
    brought = [ask(f"{proxy}/v/", data=b"berkas") for _ in range(12)]
    assert [status for status, _ in brought] == [200] * 6 + [429] * 6
    assert "Tunggu satu menit, lalu muat ulang" in brought[-1][1]
    assert ask(f"{proxy}/v/")[0] == 200, "looking is not bringing"
    assert {ask(f"{proxy}/@@masuk", data=b"nama=x")[0] for _ in range(40)} == {200}


@pytest.mark.needs("nginx")
def test_all_visitors_of_the_public_page_have_a_bound_together(proxy):
    """Every connection of this test comes from another address of the loopback network."""
    found = [from_address(proxy, f"127.0.{each // 200}.{each % 200 + 1}") for each in range(60)]
    assert found.count(200) >= 21
    assert found.count(429) >= 20, "one file each, and still not all of them at once"


@pytest.mark.needs("nginx")
@pytest.mark.parametrize("path", ["/v", "/@@v", "/@@v/", "/%40%40v/", "/%40%40v/kode", "//@@v/", "/x/../%76/"])
def test_no_other_spelling_of_the_public_address_passes_beside_its_bounds(proxy, path):
    assert [ask(f"{proxy}{path}", data=b"berkas")[0] for _ in range(8)] == [200] * 6 + [429] * 2
    assert ask(f"{proxy}{path}", data=bytes(13 * 1024 * 1024))[0] in {413, 429}


@pytest.mark.needs("nginx")
def test_one_network_of_ipv6_is_one_visitor_and_leaves_the_page_to_the_others(proxy):
    """It has 2^64 addresses; counted one by one thirty of them would take the bound of all visitors."""
    one_network = [ask(f"{proxy}/v/", data=b"", headers={FROM: f"2001:db8::{each:x}"})[0] for each in range(1, 31)]
    assert one_network == [200] * 6 + [429] * 24
    others = [ask(f"{proxy}/v/", data=b"", headers={FROM: f"2001:db8:0:{each:x}::1"})[0] for each in range(1, 11)]
    assert others == [200] * 10
    ipv4 = [ask(f"{proxy}/v/", headers={FROM: f"::ffff:192.0.2.{each}"})[0] for each in range(1, 40)]
    assert ipv4 == [200] * 39, "addresses of IPv4 that are written as IPv6 are not one network"


@pytest.mark.needs("nginx")
def test_many_reports_do_not_take_the_judging_of_files_from_everybody(proxy):
    reports = [ask(f"{proxy}/v/lapor", data=b"", headers={FROM: f"192.0.2.{each}"})[0] for each in range(1, 41)]
    assert reports.count(429) >= 15
    assert ask(f"{proxy}/v/", data=b"", headers={FROM: "192.0.2.1"})[0] == 200
    assert ask(f"{proxy}/v/lapor", data=bytes(200_000), headers={FROM: "198.51.100.1"})[0] == 413


def from_address(proxy, address):
    port = int(proxy.rpartition(":")[2])
    one = http.client.HTTPSConnection(
        "127.0.0.1", port, source_address=(address, 0), context=ssl._create_unverified_context()
    )
    try:
        one.request("POST", "/v/", b"berkas")
        return one.getresponse().status
    finally:
        one.close()
