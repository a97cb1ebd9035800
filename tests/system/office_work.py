"""Programs that work for officials of the test's regency in JSON with a token, and what they register."""

from __future__ import annotations

import io
import json
import re
import threading
import time
from datetime import UTC, datetime, timedelta

import pikepdf
import requests

DRAWER = "/dinsos/surat-masuk"
RECEIVED = datetime.now(UTC) + timedelta(hours=7)  # the clock of the offices
YEAR = f"{DRAWER}/{RECEIVED.year}/"
INCOMING = {
    "sender": "Kecamatan Kramatwatu",
    "letter_date": f"{RECEIVED - timedelta(days=1):%Y-%m-%d}",
    "received_at": f"{RECEIVED:%Y-%m-%dT00:00:00}+07:00",
    "security": "B",
    "urgency": "biasa",
    "classification": "600.1.4.2",
}


class Client:
    """A program that works for one person at one web process, with a token."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.http = requests.Session()
        self.http.headers["Accept"] = "application/json"
        came = self.post("/@@masuk", {"nama": login, "sandi": password})
        self.http.headers["Authorization"] = f"Bearer {came['token']}"

    def post(self, where: str, values: dict, *, status: int = 0, **more) -> dict:
        answer = self.raw("POST", where, json=values, **more)
        assert answer.status_code in ({status} if status else {200, 201}), (where, answer.status_code, answer.text)
        return answer.json()

    def send(self, where: str, values: dict, files: dict) -> dict:
        answer = self.raw("POST", where, data=values, files=files)
        assert answer.status_code in {200, 201}, (where, answer.status_code, answer.text)
        return answer.json()

    def get(self, where: str, status: int = 200) -> dict:
        answer = self.raw("GET", where)
        assert answer.status_code == status, (where, answer.status_code, answer.text)
        return answer.json()

    def raw(self, method: str, where: str, **more):
        # Addresses in answers are public ones; a test speaks to one process.
        path = re.sub(r"^https?://[^/]+", "", where)
        return self.http.request(method, self.base + path, timeout=60, **more)

    def act(self, letter: str, action: str, values: dict | None = None, **more) -> dict:
        return self.post(f"{letter.rstrip('/')}/@@aksi/{action}", values or {}, **more)


def at_once(*works) -> list:
    """Run functions at the same time; answers what they returned, raises what one raised."""
    results: list = [None] * len(works)
    barrier = threading.Barrier(len(works))

    def run(number, work):
        barrier.wait()
        try:
            results[number] = work()
        except BaseException as error:  # noqa: BLE001  it is raised below, in the test's thread
            results[number] = error

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    for each in results:
        if isinstance(each, BaseException):
            raise each
    return results


def eventually(ask, seconds: float = 90.0):
    """The first true answer; fails when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < deadline, json.dumps(found, default=str)
        time.sleep(0.2)
    return found


def scan():
    made, out = pikepdf.Pdf.new(), io.BytesIO()
    made.add_blank_page(page_size=(300, 420))
    made.save(out)
    return ("pindai.pdf", out.getvalue(), "application/pdf")


def incoming(number, addressee):
    return {
        **INCOMING,
        "addressee": addressee,
        "sender_number": f"005/{number}/{RECEIVED.year}",
        "subject": f"Undangan rapat yang ke-{number}",
    }


def numbers(client):
    """The agenda numbers of all letters that the register of the office shows."""
    shown = client.get(f"{YEAR}?banyak=100")
    items = [*shown["items"]]
    while len(items) < shown["items_total"]:
        items += client.get(f"{YEAR}?banyak=100&mulai={len(items)}")["items"]
    return [client.get(each["@id"])["fields"]["agenda_number"] for each in items]


def seat(client):
    """The id of the position that a person holds."""
    [position] = client.get("/@@akun")["items"]
    return position["id"]
