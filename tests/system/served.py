"""The whole application behind waitress on 127.0.0.1, and programs that speak to it in JSON with a token."""

from __future__ import annotations

import http.client
import json
import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import transaction
import waitress

PASSWORD = "serang-uji-coba"
MASUK = "/{}/surat-masuk/@@tambah"
KELUAR = "/{}/surat-keluar/@@tambah"
MOST = 64
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 09.00 in Serang


def settings(uri: str, var: Path) -> dict[str, str]:
    return {
        "zodbconn.uri": uri,
        "intranet_surat.demo": "true",
        "intranet_surat.secret": "uji-coba-" * 5,
        "intranet_surat.public_url": "http://127.0.0.1:6543",
        "intranet_surat.var": str(var),
    }


def fill(uri: str) -> None:
    """Put the small demo regency into an empty storage."""
    from intranet_surat.demo import regency
    from intranet_surat.resources.opening import open_database, put_site

    database = open_database(uri)
    with database.transaction() as connection:
        put_site(connection, regency.build(NOW, small=True))
    database.close()


class Served:
    """An application that listens. ``wsgi`` and ``db`` are of this process; ``more`` are further settings."""

    def __init__(self, uri: str, var: Path, **more: str) -> None:
        from intranet_surat import app

        self.wsgi = app.main({}, **settings(uri, var), **more)
        self.wsgi.registry.house = replace(self.wsgi.registry.house, clock=lambda: NOW)
        self.db = self.wsgi.registry._zodb_databases[""]
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self.server = waitress.create_server(self.wsgi, host="127.0.0.1", port=0, threads=MOST, ident="", map={})
        self.port = int(self.server.effective_port)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()

    def close(self) -> None:
        self.server.task_dispatcher.shutdown(timeout=10)
        self.server.close()
        self.thread.join(10)
        self.db.close()

    @contextmanager
    def site(self) -> Iterator[Any]:
        """The site as it is stored now; what is changed is stored at the end."""
        manager = transaction.TransactionManager(explicit=True)
        manager.begin()
        connection = self.db.open(manager)
        try:
            yield connection.root()["intranet_surat"]
            manager.commit()
        except BaseException:
            manager.abort()
            raise
        finally:
            connection.close()

    def look(self, ask: Callable[[Any], Any]) -> Any:
        with self.site() as site:
            return ask(site)

    def post(self, login: str) -> str:
        """The position at which a log-in sits."""
        return self.look(lambda site: site.positions.held_by(site.people.login(login).id, NOW.date())[0].id)

    def program(self, login: str) -> Program:
        """A program that has logged in for a person."""
        made = Program(self.port)
        status, told = made.post("/@@masuk", {"nama": login, "sandi": PASSWORD})
        assert status == 201, told
        made.token = told["token"]
        return made


class Program:
    """What a program of an office does: POST and GET of JSON."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.token = ""

    def headers(self, key: str = "") -> dict[str, str]:
        found = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.token:
            found["Authorization"] = f"Bearer {self.token}"
        if key:
            found["Idempotency-Key"] = key
        return found

    def post(self, path: str, values: dict[str, Any] | None = None, key: str = "") -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("POST", path, json.dumps(values or {}), self.headers(key))
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"null")
        finally:
            connection.close()

    def post_and_hang_up(self, path: str, values: dict[str, Any], key: str) -> None:
        """Send the whole request and be gone before the answer comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("POST", path, json.dumps(values), self.headers(key))
        connection.close()


def at_once(works: Iterable[Callable[[], Any]]) -> list[Any]:
    """Run all of them from one signal on; what each answered, in their order."""
    works = list(works)
    signal = threading.Barrier(len(works))
    answers: list[Any] = [None] * len(works)

    def run(number: int, work: Callable[[], Any]) -> None:
        signal.wait()
        try:
            answers[number] = work()
        except BaseException as error:  # noqa: BLE001  told by the test that compares the answers
            answers[number] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def incoming(head, number, **more):
    return {
        "sender": "Kecamatan Kragilan",
        "sender_number": f"600.1/{number}/2026",
        "letter_date": "2026-11-20",
        "received_at": "2026-11-23T08:30:00+07:00",
        "subject": f"Permohonan data nomor {number}",
        "security": "B",
        "urgency": "biasa",
        "classification": "600.1.4.2",
        "addressee": head,
        **more,
    }


def outgoing(signatory):
    return {
        "kind": "surat-dinas",
        "subject": "Jawaban atas permohonan data",
        "security": "B",
        "urgency": "biasa",
        "classification": "400.7",
        "addressees": [{"kind": "external", "id": "", "name": "Kepala Balai", "place": "Serang", "channel": "cetak"}],
        "body": {"v": 1, "blocks": [{"t": "p", "text": "Bersama ini kami sampaikan data."}]},
        "signatory": signatory,
    }


def good(answers, status=(200, 201)):
    """No answer may be an error; what they said."""
    wrong = [each for each in answers if isinstance(each, BaseException) or each[0] not in status]
    assert wrong == [], Counter(str(each)[:300] for each in wrong)
    return [told for _status, told in answers]


def where(served, told):
    """The path of a letter in an answer."""
    return told["@id"].split("://", 1)[1].split("/", 1)[1].rstrip("/")


def letters_of(served, office, drawer="surat-masuk"):
    def ask(site):
        home = site.office(office)
        return [letter for year in home[drawer].values() for letter in year.values()] if drawer in home else []

    return served.look(lambda site: [letter.id for letter in ask(site)])
