"""An installation made by docs/deploy.md: two web processes and a worker over PostgreSQL, or over ZEO, and its faults."""

from __future__ import annotations

import collections
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
        assert "11 positions added" in next(text for words, text in told.items() if "import-offices" in words)
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


def incoming(number):
    return {**INCOMING, "sender_number": f"005/{number}/2026", "subject": f"Undangan rapat yang ke-{number}"}


def numbers(client):
    """The agenda numbers in the register of the office, as it is shown."""
    items = client.get(f"{DRAWER}/2026/?jumlah=100")["items"]
    return collections.Counter(int(each["number"]) for each in items)


def lives(production):
    """The life of letters in an installation, each step at the other process than the one before."""
    clerks = [production.enter("agendaris.dinsos", process) for process in (0, 1)]
    order = itertools.count(1)

    def registers(client):
        return [client.post(f"{DRAWER}/@@tambah", incoming(next(order))) for _ in range(5)]

    made = [each for found in inst.at_once(*(lambda c=client: registers(c) for client in clerks * 2)) for each in found]
    assert sorted(each["fields"]["agenda_number"] for each in made) == list(range(1, 21))

    letter = clerks[0].send(f"{DRAWER}/@@tambah", incoming(21), {"pindai": scan()})
    where = letter["@id"]
    assert letter["fields"]["agenda_number"] == 21
    clerks[1].act(where, "naikkan")
    head = [production.enter("kepala.dinsos", process) for process in (0, 1)]
    field = production.enter("kabid-bantuan.dinsos", 1)
    [holder] = [
        each["id"]
        for each in head[0].get(f"{where}@@pilihan/disposisi")["kepada"]
        if each["title"].startswith("Kepala Bidang Bantuan")
    ]
    sheet = {"kepada": [holder], "utama": holder, "instruksi": ["tindak-lanjuti"], "lapor": True}
    disposed = head[0].act(where, "disposisi", sheet)
    assert disposed["state"] == "didisposisi"
    [item] = disposed["items"]
    assert field.get(item["@id"])["state"] == "diterima"
    field.act(item["@id"], "selesaikan", {"isi": "Bantuan sudah disalurkan."})
    seen = head[0].get(where)
    assert (seen["state"], seen["items"][0]["open"]) == ("selesai", False)
    return clerks


@pytest.mark.needs("postgresql", "openssl")
def test_two_processes_and_a_worker_live_on_postgresql(production):
    lives(production)
