"""An installation made by docs/deploy.md: two web processes and a worker over PostgreSQL, or over ZEO, and its faults."""

from __future__ import annotations

import contextlib
import io
import itertools
import os
import shutil
import threading
import time
import uuid

import installation as inst
import pikepdf
import pytest
import requests

ROOT = inst.ROOT
DRAWER = "/dinsos/surat-masuk"
INCOMING = {
    "sender": "Kecamatan Kramatwatu",
    "letter_date": "2026-01-05",
    "received_at": "2026-01-06T08:30:00+07:00",
    "security": "B",
    "urgency": "biasa",
    "classification": "600.1.4.2",
}


class Production:
    """production.ini filled in, with its processes."""

    def __init__(self, home, storage, monkeypatch):
        self.home, self.storage = home, storage
        self.cluster = inst.Cluster() if storage == "postgresql" else None
        self.running = []
        self.ports = [inst.free_port(), inst.free_port()]
        try:
            self._install(monkeypatch)
            self._start()
        except BaseException:
            self.remove()
            raise

    def _install(self, monkeypatch):
        self.manual = manual = inst.Manual(self.home, self.cluster)
        printed = [manual.run(each) for each in manual.commands("1. Debian packages and the user")]
        if self.cluster is not None:
            for each in manual.commands("2. PostgreSQL"):
                manual.run(each)
        printed = [manual.run(each) for each in manual.commands("3. Secrets")]
        [secret] = [each.strip() for each in printed if len(each.strip()) == 64]
        self.ini = self.home / "etc" / "production.ini"
        self._fill(secret)
        if self.cluster is None:
            self.running.append(self._unit("surat-zeo.service"))
            self.running[0].wait_until((self.home / "zeo.sock").exists)
        inst.write_sheets(self.home)
        told = {each: manual.run(each) for each in manual.commands("4. Offices and people")}
        assert f"{len(inst.POSITIONS)} positions added" in next(text for words, text in told.items() if "import-offices" in words)
        self.passwords = inst.passwords((self.home / "kata-sandi.tsv").read_text())
        for words, text in told.items():
            if words.endswith("--generate"):
                self.passwords["kepala.dinsos"] = text.strip().rpartition(" ")[2]
            if words.endswith("/etc/surat/production.ini") and " people " in words:
                self.people = inst.people(text)
        assert {each["password"] for each in self.people.values()} == {"yes"}
        inst.give_key(monkeypatch, self.home / "etc" / "ttd", self.home / "etc" / "akar.pem", self.people["kepala.dinsos"])

    def _fill(self, secret):
        """The lines that the page tells to write, and the paths of this test."""
        places = self.manual.places
        lines = {
            "intranet_surat__public_url": "https://surat.example.go.id",
            "intranet_surat__secret": secret,
            "intranet_surat__private_key_file": f"{places['/etc/surat']}/kunci-data",
            "intranet_surat__mail_from": "surat@example.go.id",
            "intranet_surat__var": places["/var/lib/surat"],
            "intranet_surat__signing_keys": f"{places['/etc/surat']}/ttd",
            "intranet_surat__roots": f"{places['/etc/surat']}/akar.pem",
        }
        deploy, cache, blobs = self.home / "etc" / "deploy", self.home / "cache" / "blobs", self.home / "var" / "Data.fs.blobs"
        if self.cluster is not None:
            dsn = f"dbname=surat user=surat host={self.cluster.home}"
            lines["intranet_surat__postgresql"] = dsn
            inst.set_lines(deploy / "relstorage.conf", dsn=dsn, blobcache=str(cache))
        else:
            socket = str(self.home / "zeo.sock")
            inst.set_lines(deploy / "zeo.conf", socket=socket, data=str(self.home / "var" / "Data.fs"), blobs=str(blobs))
            inst.set_lines(deploy / "zeo-client.conf", socket=socket, blobs=str(blobs))
            # All that the page changes for ZEO: these two lines.
            [written] = self.manual.blocks("ini", "ZEO instead of PostgreSQL")
            for line in written.splitlines():
                name, _, value = line.partition(" = ")
                lines[name.replace(".", "__")] = value
        inst.set_lines(self.ini, **lines)
        if inst.root():
            self.ini.write_text(self.ini.read_text().replace("[app:main]", "[app:main]\nintranet_surat.root_allowed = true"))

    def _unit(self, name, port=None, ready=""):
        """Start what a unit of systemd starts, with its directories replaced."""
        text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
        words = next(line for line in text.splitlines() if line.startswith("ExecStart=")).split()
        assert words[0] == "ExecStart=/opt/surat/.venv/bin/surat"
        assert ("Environment=PORT=%i" in text) == (port is not None)
        words = [each.replace("/etc/surat", str(self.home / "etc")) for each in words[1:]]
        env = {} if port is None else {"PORT": str(port)}
        return inst.Process(self.home, f"{name}-{port}", *words, ready=ready, env=env)

    def _start(self):
        web = [self._unit("surat-web@.service", port, "surat: serving") for port in self.ports]
        self.worker = self._unit("surat-worker.service", ready="waiting for jobs")
        self.running += [*web, self.worker]
        for each in (*web, self.worker):
            each.wait()

    def enter(self, login, process):
        return inst.Client(self.ports[process], login, self.passwords[login])

    def remove(self):
        for each in reversed(self.running):
            each.stop()
        if self.cluster is not None:
            self.cluster.remove()


@pytest.fixture(scope="module")
def monkeypatch_module():
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@contextlib.contextmanager
def installed(tmp_path_factory, storage, patch):
    made = Production(tmp_path_factory.mktemp(storage), storage, patch)
    try:
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="module")
def production(tmp_path_factory, monkeypatch_module):
    with installed(tmp_path_factory, "postgresql", monkeypatch_module) as made:
        yield made


def scan():
    made, out = pikepdf.Pdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(300, 420))
    made.save(out)
    return ("pindai.pdf", out.getvalue(), "application/pdf")


def incoming(number, addressee):
    return {**INCOMING, "addressee": addressee, "sender_number": f"005/{number}/2026", "subject": f"Undangan rapat yang ke-{number}"}


def numbers(client):
    """The agenda numbers of all letters that the register of the office shows."""
    shown = client.get(f"{DRAWER}/2026/?banyak=100")
    items = [*shown["items"]]
    while len(items) < shown["items_total"]:
        items += client.get(f"{DRAWER}/2026/?banyak=100&mulai={len(items)}")["items"]
    return [client.get(each["@id"])["fields"]["agenda_number"] for each in items]


def seat(client):
    """The id of the position that a person holds."""
    [position] = client.get("/@@akun")["items"]
    return position["id"]


def lives(production):
    """The life of letters in an installation, each step at the other process than the one before."""
    clerks = [production.enter("agendaris.dinsos", process) for process in (0, 1)]
    head = [production.enter("kepala.dinsos", process) for process in (0, 1)]
    field = production.enter("kabid-bantuan.dinsos", 1)
    chief, holder = seat(head[0]), seat(field)
    order = itertools.count(1)

    def registers(client):
        return [client.post(f"{DRAWER}/@@tambah", incoming(next(order), chief)) for _ in range(5)]

    made = [each for found in inst.at_once(*(lambda c=client: registers(c) for client in clerks * 2)) for each in found]
    assert sorted(each["fields"]["agenda_number"] for each in made) == list(range(1, 21))

    letter = clerks[0].send(f"{DRAWER}/@@tambah", incoming(21, chief), {"pindai": scan()})
    where = letter["@id"]
    assert letter["fields"]["agenda_number"] == 21
    clerks[1].act(where, "naikkan")
    sheet = {"kepada": [holder], "utama": holder, "instruksi": ["tindak-lanjuti"], "lapor": True}
    disposed = head[0].act(where, "disposisi", sheet)
    assert disposed["state"] == "didisposisi"
    [item] = disposed["items"]
    assert field.get(item["@id"])["state"] == "diterima"
    field.act(item["@id"], "selesaikan", {"isi": "Bantuan sudah disalurkan."})
    seen = head[0].get(where)
    assert (seen["state"], seen["items"][0]["open"]) == ("selesai", False)
    sends(production)


def sends(production):
    """A letter from its draft to the register of the office that it is for; the worker carries it."""
    author = production.enter("kabid-bantuan.dinsos", 0)
    office = production.enter("tata-usaha.dinsos", 1)
    head = [production.enter("kepala.dinsos", process) for process in (0, 1)]
    letter = author.post(
        "/dinsos/surat-keluar/@@tambah",
        {
            "kind": "surat-dinas", "subject": "Permintaan data penerima bantuan", "security": "B", "urgency": "biasa",
            "classification": "600.1.4.2", "signatory": seat(head[0]),
            "body": {"v": 1, "blocks": [{"t": "p", "text": "Mohon data penerima bantuan tahun 2026."}]},
            "addressees": [{"kind": "office", "id": "BAPPEDA", "name": "Kepala Bappeda", "place": "di Serang", "channel": "sistem"}],
        },
    )  # fmt: skip
    where = letter["@id"]
    assert author.act(where, "ajukan")["state"] == "periksa_tu"
    office.act(where, "lulus")
    frozen = head[0].act(where, "siapkan")["frozen"]
    refused = head[1].act(where, "tanda_tangani", {"frasa": "bukan frasa ini", "sidik": frozen}, status=400)
    assert "Frasa sandi salah" in refused["message"]
    signed = head[1].act(where, "tanda_tangani", {"frasa": inst.PASSPHRASE, "sidik": frozen})
    assert signed["verdict"]["overall"] == "sah"
    sent = office.act(where, "kirim")
    assert [each["channel"] for each in sent["deliveries"]] == ["sistem"]

    receiver = production.enter("agendaris.bappeda", 1)
    [came] = inst.eventually(lambda: receiver.get("/bappeda/kiriman")["items"])
    assert came["state"] == "terkirim"
    assert production.worker.process.poll() is None
    [year, name] = came["@id"].rstrip("/").split("/")[-2:]
    fields = {**incoming(1, seat(production.enter("kepala.bappeda", 0))), "kiriman": f"{year}/{name}"}
    registered = receiver.post("/bappeda/surat-masuk/@@tambah", fields)
    assert registered["fields"]["agenda_number"] == 1
    assert [each["state"] for each in head[0].get(where)["deliveries"]] == ["dicatat"]


@pytest.mark.needs("postgresql", "openssl")
def test_two_processes_and_a_worker_live_on_postgresql(production):
    lives(production)


@pytest.mark.needs("openssl")
def test_two_lines_of_the_ini_move_all_of_it_to_zeo(tmp_path_factory, monkeypatch_module):
    with installed(tmp_path_factory, "zeo", monkeypatch_module) as made:
        lives(made)


@pytest.mark.needs("postgresql", "openssl")
def test_the_page_tells_how_to_see_that_all_is_well_and_how_to_copy_and_restore_it(production):
    [ask, once] = production.manual.commands("6. Processes and nginx")
    assert "Masuk" in production.manual.run(ask, port=production.ports[0])
    assert "jobs done" in production.manual.run(once)
    count = production.cluster.ask("select count(*) from object_state")
    backups = production.cluster.home / "backups"
    backups.mkdir()
    if inst.root():
        shutil.chown(backups, "postgres", "postgres")
    commands = production.manual.commands("Backup")
    for each in commands:
        if not each.startswith("rm "):  # the caches of processes that run
            production.manual.run(each)
    assert production.cluster.ask("select count(*) from object_state", "surat_baru") == count
    assert int(count) > 100


class Clerk(threading.Thread):
    """Registers letter after letter, each again with its key until it is acknowledged, as a person would."""

    def __init__(self, client, chief, first):
        super().__init__(daemon=True)
        self.client, self.chief = client, chief
        self.order = itertools.count(first)
        self.stopping = threading.Event()
        self.acknowledged = {}
        self.refused = []

    def run(self):
        while not self.stopping.is_set():
            number, key = next(self.order), uuid.uuid4().hex
            while key not in self.acknowledged:
                answer = self.client.raw(
                    "POST", f"{DRAWER}/@@tambah", json=incoming(number, self.chief), headers={"Idempotency-Key": key}
                )
                if answer.status_code == 201:
                    self.acknowledged[key] = answer.json()["fields"]["agenda_number"]
                else:
                    self.refused.append((answer.status_code, answer.json().get("message", "")))
                    time.sleep(0.2)


@pytest.mark.needs("postgresql", "openssl")
def test_pages_say_that_postgresql_is_away_and_come_back_with_it(production):
    login = "agendaris.dinsos"
    watch = production.enter(login, 0)
    chief = seat(production.enter("kepala.dinsos", 0))
    watch.post(f"{DRAWER}/@@tambah", incoming(99, chief))
    before = len(numbers(watch))
    clerks = [Clerk(production.enter(login, process), chief, 100 + 1000 * process) for process in (0, 1)]
    pids = [each.process.pid for each in production.running]
    for each in clerks:
        each.start()
    connections = []
    for _ in range(3):
        wanted = [len(each.acknowledged) + 2 for each in clerks]
        inst.eventually(lambda wanted=wanted: all(len(c.acknowledged) >= n for c, n in zip(clerks, wanted, strict=True)))
        production.cluster.stop()
        for accept in ("text/html", "application/json"):
            for port in production.ports:
                page = requests.get(f"http://127.0.0.1:{port}/@@masuk", headers={"Accept": accept}, timeout=60)
                assert (page.status_code, "terputus" in page.text) == (503, True), page.text
                assert page.headers["Cache-Control"] == "no-store"
        time.sleep(1)
        production.cluster.start()
        inst.eventually(lambda: watch.raw("GET", f"{DRAWER}/2026/").status_code == 200)
        connections.append(int(production.cluster.ask("select count(*) from pg_stat_activity where usename = 'surat'")))
    wanted = [len(each.acknowledged) + 2 for each in clerks]
    inst.eventually(lambda: all(len(c.acknowledged) >= n for c, n in zip(clerks, wanted, strict=True)))
    for each in clerks:
        each.stopping.set()
    for each in clerks:
        each.join(timeout=60)
    assert [each.process.pid for each in production.running if each.process.poll() is None] == pids

    refused = [each for clerk in clerks for each in clerk.refused]
    assert refused
    assert {status for status, _ in refused} == {503}, refused
    assert not any("kode kejadian" in message for _, message in refused)
    given = [number for clerk in clerks for number in clerk.acknowledged.values()]
    found = numbers(watch)
    assert set(given) <= set(found)  # what was acknowledged is there
    assert len(set(given)) == len(given)
    assert sorted(found) == list(range(1, before + len(given) + 1))  # and nothing twice
    # Never more than four requests ran at once: what a stop left behind would stand beside them.
    assert connections[2] <= connections[0] + 4
    assert not any("open connections with a pool_size" in each.said() for each in production.running)
