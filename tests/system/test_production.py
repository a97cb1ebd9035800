"""An installation made by docs/deploy.md lives: two web processes and a worker over PostgreSQL, or over ZEO."""

from __future__ import annotations

import itertools
import shutil
import time

import installation as inst
import pytest
from office_work import DRAWER, at_once, eventually, incoming, numbers, scan, seat
from regency_installed import CHECKING, COPYING, INSTALLING, PASSPHRASE, ROOT, UPGRADING, ZEO, installed


def lives(production):
    """The life of letters in an installation, each step at the other process than the one before."""
    clerks = [production.enter("agendaris.dinsos", process) for process in (0, 1)]
    head = [production.enter("kepala.dinsos", process) for process in (0, 1)]
    field = production.enter("kabid-bantuan.dinsos", 1)
    chief, holder = seat(head[0]), seat(field)
    order = itertools.count(1)

    def registers(client):
        return [client.post(f"{DRAWER}/@@tambah", incoming(next(order), chief)) for _ in range(5)]

    made = [each for found in at_once(*(lambda c=client: registers(c) for client in clerks * 2)) for each in found]
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
    signed = head[1].act(where, "tanda_tangani", {"frasa": PASSPHRASE, "sidik": frozen})
    assert signed["verdict"]["overall"] == "sah"
    sent = office.act(where, "kirim")
    assert [each["channel"] for each in sent["deliveries"]] == ["sistem"]

    receiver = production.enter("agendaris.bappeda", 1)
    [came] = eventually(lambda: receiver.get("/bappeda/kiriman")["items"])
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
def test_two_lines_of_the_ini_move_all_of_it_to_zeo(tmp_path, monkeypatch):
    with installed(tmp_path, "zeo", monkeypatch) as made:
        lives(made)
        returns(made)


def returns(production):
    """The storage server dies and comes back under running processes; a request waits once for it, not ten times."""
    clerk = production.enter("agendaris.dinsos", 0)
    chief, before = seat(production.enter("kepala.dinsos", 1)), numbers(clerk)
    production.zeo.process.kill()
    production.zeo.process.wait()
    began = time.monotonic()
    answer = clerk.raw("POST", f"{DRAWER}/@@tambah", json=incoming(30, chief))
    assert (answer.status_code, answer.json()["type"]) == (503, "terputus")
    assert time.monotonic() - began < 60  # once are ten seconds, ten times a hundred
    production.start_zeo()
    eventually(lambda: clerk.raw("POST", f"{DRAWER}/@@tambah", json=incoming(30, chief)).status_code == 201)
    assert sorted(numbers(clerk)) == list(range(1, len(before) + 2))


def test_every_command_of_the_page_is_run_by_these_tests_or_is_of_the_machine():
    page = (ROOT / "docs" / "deploy.md").read_text(encoding="utf-8")
    run = [each for title in (*INSTALLING, CHECKING, COPYING, UPGRADING) for each in inst.blocks(page, "sh", title)]
    assert run == inst.blocks(page, "sh")
    left = {
        line.removeprefix("sudo -u postgres ").split()[0]
        for text in inst.blocks(page, "")
        for line in text.splitlines()
    }
    assert left == {"git", "make", "apt-get", "adduser", "python3", "ln", "cp", "systemctl", "pg_dump"}
    assert inst.blocks(page, "ini", ZEO)


@pytest.mark.needs("postgresql", "openssl")
def test_the_page_tells_how_to_see_that_all_is_well_and_how_to_copy_and_restore_it(production):
    [ask, once] = production.manual.commands(CHECKING)
    assert "Masuk" in production.manual.run(ask, port=production.ports[0])
    assert "jobs done" in production.manual.run(once)
    count = production.cluster.ask("select count(*) from object_state")
    backups = production.cluster.home / "backups"
    backups.mkdir()
    if inst.root():
        shutil.chown(backups, "postgres", "postgres")
    for each in production.manual.commands(COPYING):
        production.manual.run(each)
    assert production.cluster.ask("select count(*) from object_state", "surat_baru") == count
    [evolve] = production.manual.commands(UPGRADING)
    assert "nothing to do" in production.manual.run(evolve)
    assert int(count) > 100
