"""That a letter exists is already the secret: an outsider gets, byte for byte, what he gets when it never was.

Two copies of one regency, with and without one letter; everything an outsider can reach by links, every
address of the letter, search, counts and JSON are compared.
"""

from __future__ import annotations

import dataclasses
import re
from collections import deque
from typing import Any

import pytest
import transaction

from intranet_surat.resources.folder import path as path_of
from intranet_surat.services import acting, letters
from intranet_surat.services.reader import Reader

CANARY = "Zirkonium"
PAGES = 40
OUTSIDERS = (
    "staf-pmd.kramatwatu",
    "kasi-pmd.kramatwatu",
    "tata-usaha.kramatwatu",
    "agendaris.dinkes",
    "kepala.dinkes",
    "sekda.setda",
)
NEVER = "/kramatwatu/surat-masuk/2026/aaaaaaaaaaaaaaaa/"
RANDOM = re.compile(r'(name="(?:csrf_token|_kunci)" value=")[^"]*|("token": ")[^"]*|(nonce-)[\w-]+', re.ASCII)


class Copy:
    """One copy of the regency, and answers from it as an outsider gets them."""

    def __init__(self, wsgi: Any, regency: Any, clock: Any, make_browser: Any) -> None:
        from ZODB.DB import DB
        from ZODB.DemoStorage import DemoStorage

        from intranet_surat.resources import allowed

        self.wsgi = wsgi
        self.make_browser = make_browser
        self.house = dataclasses.replace(wsgi.first_house, clock=clock)
        self.db = DB(DemoStorage(base=regency, close_base_on_close=False), class_factory=allowed.class_factory)
        allowed.install(self.db)
        self.browsers: dict[str, Any] = {}

    def serve(self) -> None:
        self.wsgi.registry.house = self.house
        self.wsgi.registry._zodb_databases = {"": self.db}

    def add_secret(self, security: str) -> str:
        """The registrar takes in a letter that only he and the Camat may know; answers its path."""
        tm = transaction.TransactionManager(explicit=True)
        tm.begin()
        connection = self.db.open(tm)
        site = connection.root()["intranet_surat"]
        now = self.house.clock()
        person = site.people.login("agendaris.kramatwatu")
        held = tuple(each.id for each in site.positions.held_by(person.id, now.date()))
        reader = Reader(person.id, held, held[0])
        fields = {
            "sender": f"{CANARY} Pengirim",
            "sender_number": "R-99/2026",
            "letter_date": "2026-11-20",
            "subject": f"{CANARY} perkara khusus",
            "security": security,
            "urgency": "sangat-segera",
            "classification": "700.1",
            "scan": "0" * 64,
        }
        letter = letters.create(
            self.house,
            tm,
            site,
            site.office("KRAMATWATU"),
            "masuk",
            "surat-masuk",
            fields,
            reader,
            now,
            key="rahasia-01",
        )
        tm.commit()
        tm.begin()
        acting.act(self.house, tm, site, letter, "naikkan", {}, reader, now, key="rahasia-02")
        where = path_of(letter)
        tm.commit()
        connection.close()
        return where

    def browser(self, login: str) -> Any:
        from tests.web.conftest import Browser
        from webtest import TestApp

        self.serve()
        if login not in self.browsers:
            made = Browser(self.wsgi)
            assert isinstance(made.test, TestApp)
            made.come_in(login, status=303)
            self.browsers[login] = made
        return self.browsers[login]

    def answer(self, login: str, url: str, accept: str, method: str = "GET") -> tuple[Any, ...]:
        """Status, headers and body, without what is random in any two answers."""
        browser = self.browser(login)
        if method == "POST":
            got = browser.test.post(
                url, {"csrf_token": browser.token(), "_kunci": "kunci-pos-01"}, headers={"Accept": accept}, status="*"
            )
        else:
            got = browser.test.get(url, headers={"Accept": accept}, status="*")
        headers = sorted(
            (name, value) for name, value in got.headers.items() if name.lower() not in {"set-cookie", "x-request-id"}
        )
        body = RANDOM.sub(lambda found: next(group for group in found.groups() if group), got.text)
        return got.status_int, tuple(headers), body


@pytest.fixture
def copies(wsgi: Any, regency: Any, clock: Any, browser: Any) -> Any:
    made = tuple(Copy(wsgi, regency, clock, type(browser)) for _ in range(2))
    yield made
    for each in made:
        each.db.close()


def reachable(copy: Copy, login: str) -> list[str]:
    """The pages that links lead to, from the desk, without logging out."""
    seen, queue = ["/"], deque(["/"])
    while queue and len(seen) < PAGES:
        status, _headers, body = copy.answer(login, queue.popleft(), "text/html")
        if status != 200:
            continue
        for href in re.findall(r'href="([^"#]+)"', body):
            url = href.replace("&amp;", "&").removeprefix("http://localhost")
            if url.startswith("/") and "surat-statis" not in url and url.strip("/@") != "keluar" and url not in seen:
                seen.append(url)
                queue.append(url)
    return seen


@pytest.mark.parametrize("security", ["R", "SR"])
@pytest.mark.parametrize("login", OUTSIDERS)
def test_an_outsider_gets_what_he_would_get_if_the_letter_never_was(copies, login, security):
    without, with_it = copies
    with_it.add_secret(security)
    pages = reachable(without, login)
    assert len(pages) > 4
    searches = [f"/@@cari?q={word}" for word in (CANARY[:4].lower(), "R-99", "perkara khusus", "Pengirim")]
    for accept in ("text/html", "application/json"):
        for url in (*pages, *searches):
            there, here = with_it.answer(login, url, accept), without.answer(login, url, accept)
            assert there == here, url
            assert CANARY not in there[2]


@pytest.mark.parametrize("login", OUTSIDERS)
def test_the_address_of_a_letter_one_may_not_know_answers_like_one_that_never_was(copies, login):
    _without, with_it = copies
    where = with_it.add_secret("SR")
    for accept in ("text/html", "application/json"):
        for tail in ("", "@@riwayat", "@@aksi/disposisi", "@@halaman", "@@berkas", "@@lembar", "@@ubah", "tidak-ada"):
            there = with_it.answer(login, f"{where}/{tail}", accept)
            never = with_it.answer(login, f"{NEVER}{tail}", accept)
            assert there[0] == 404, tail
            assert there == never, tail


@pytest.mark.parametrize("login", OUTSIDERS)
def test_acting_on_it_is_answered_like_acting_on_nothing(copies, login):
    _without, with_it = copies
    where = with_it.add_secret("SR")
    for accept in ("text/html", "application/json"):
        for action in ("disposisi", "cukup_diketahui", "naikkan", "tidak_ada"):
            there = with_it.answer(login, f"{where}/@@aksi/{action}", accept, "POST")
            never = with_it.answer(login, f"{NEVER}@@aksi/{action}", accept, "POST")
            assert (there[0], there) == (404, never), action


def test_those_it_is_for_do_see_it(copies):
    """The comparison above would pass for a system that shows nobody anything."""
    _without, with_it = copies
    where = with_it.add_secret("SR")
    for login in ("camat.kramatwatu", "agendaris.kramatwatu"):
        status, _headers, body = with_it.answer(login, f"{where}/", "text/html")
        assert (status, CANARY in body) == (200, True), login
    assert CANARY in with_it.answer("camat.kramatwatu", "/", "text/html")[2]
