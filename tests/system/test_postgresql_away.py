"""PostgreSQL is stopped under running processes and comes back: what people see, and what is kept."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from types import SimpleNamespace

import pytest
import requests
import transaction
from office_work import DRAWER, YEAR, eventually, incoming, numbers, seat
from pyramid.request import Request

from intranet_surat import app
from intranet_surat.resources import opening

pytestmark = pytest.mark.needs("postgresql", "openssl")


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
        eventually(lambda wanted=wanted: all(len(c.acknowledged) >= n for c, n in zip(clerks, wanted, strict=True)))
        production.cluster.stop()
        for accept in ("text/html", "application/json"):
            for port in production.ports:
                page = requests.get(f"http://127.0.0.1:{port}/@@masuk", headers={"Accept": accept}, timeout=60)
                assert (page.status_code, "terputus" in page.text) == (503, True), page.text
                assert page.headers["Cache-Control"] == "no-store"
        time.sleep(1)
        production.cluster.start()
        eventually(lambda: watch.raw("GET", YEAR).status_code == 200)
        connections.append(int(production.cluster.ask("select count(*) from pg_stat_activity where usename = 'surat'")))
    wanted = [len(each.acknowledged) + 2 for each in clerks]
    eventually(lambda: all(len(c.acknowledged) >= n for c, n in zip(clerks, wanted, strict=True)))
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


def test_the_pool_keeps_its_connections_while_postgresql_is_away(production):
    database = opening.open_database(f"zconfig://{production.home}/etc/deploy/relstorage.conf#main")
    kept = []

    def ask():
        """One request as the application serves it, and all that hangs on it kept from the collector."""
        request = Request.blank("/")
        request.registry = SimpleNamespace(_zodb_databases={"": database})
        request.tm = transaction.TransactionManager(explicit=True)
        request.tm.begin()
        kept.append(request)
        try:
            app.root(request)
            yield
        finally:
            request._process_finished_callbacks()

    try:
        next(asking := ask())
        production.cluster.stop()
        asking.close()  # aborting raises now; the connection goes back all the same
        assert len(database.pool.available) == 1
        for _ in range(20):
            with pytest.raises(Exception, match="server") as failed:
                next(ask())
            kept.append(failed)
            assert opening.server_away(failed.value)
        assert (len(database.pool.all), len(database.pool.available)) == (1, 1)
        production.cluster.start()
        next(asking := ask())
        asking.close()
        assert (len(database.pool.all), len(database.pool.available)) == (1, 1)
    finally:
        database.close()
