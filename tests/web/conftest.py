"""The whole application over the small demo regency, and browsers for it.

wsgi        the application, made once (session)
  app       the same over the storage of this test, with the clock of this test
    browser     a browser before log-in
    enter       a new browser for each log-in: ``enter("agendaris.dinkes")``
listed      puts rows into lists: ``listed("kepala.dinkes", subject="...")`` (rows only, no letters)
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import transaction

os.environ.setdefault("PYTHONWARNINGS", "ignore")

PASSWORD = "serang-uji-coba"
SETTINGS = {
    "tm.manager_hook": "pyramid_tm.explicit_manager",
    "retry.attempts": "10",
    "intranet_surat.demo": "true",
    "intranet_surat.secret": "uji-coba-" * 5,
    "intranet_surat.public_url": "http://localhost",
}


@pytest.fixture(scope="session", autouse=True)
def hashed_once() -> Iterator[None]:
    """A right password is hashed once: that was most of what coming in costs a test. A wrong one is hashed each time."""
    from intranet_surat.services import passwords

    known, real = set(), passwords.matches

    def matches(stored: str | None, password: str) -> bool:
        if (stored, password) not in known and real(stored, password):
            known.add((stored, password))
        return (stored, password) in known

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "matches", matches)
        yield


@pytest.fixture(scope="session")
def wsgi(tmp_path_factory: pytest.TempPathFactory) -> Any:
    from pyramid.config import Configurator

    from intranet_surat import app

    var = tmp_path_factory.mktemp("var")
    config = Configurator(settings={**SETTINGS, "intranet_surat.var": str(var)}, root_factory=app.root)
    for name in ("pyramid_retry", "pyramid_tm", "pyramid_zodbconn", "intranet_surat"):
        config.include(name)
    config.commit()
    made = config.make_wsgi_app()
    made.first_house = config.registry.house
    return made


@pytest.fixture
def app(wsgi: Any, db: Any, clock: Any) -> Any:
    from intranet_surat.services import accounts, passwords

    wsgi.registry.house = replace(wsgi.first_house, clock=clock)
    wsgi.registry._zodb_databases = {"": db}
    accounts.log_in.__kwdefaults__["brake"] = accounts.prove.__kwdefaults__["brake"] = passwords.Brake()
    return wsgi


class Browser:
    """A webtest browser that knows how to come in."""

    def __init__(self, app: Any) -> None:
        from webtest import TestApp

        self.test = TestApp(app)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.test, name)

    def token(self) -> str:
        """A form token of this browser's session."""
        page = self.test.get("/@@akun", status="*")
        if page.status_int != 200:
            page = self.test.get("/@@masuk")
        return _token(page.text)

    def come_in(self, login: str, password: str = PASSWORD, **more: Any) -> Any:
        """Send the log-in form."""
        values = {"nama": login, "sandi": password, "csrf_token": self.token()}
        return self.test.post("/@@masuk", values, **more)

    def send(self, url: str, values: dict[str, Any] | None = None, **more: Any) -> Any:
        """Send a form with its token."""
        return self.test.post(url, {**(values or {}), "csrf_token": self.token()}, **more)

    def json(self, url: str, **more: Any) -> Any:
        """Get JSON."""
        return self.test.get(url, headers={"Accept": "application/json"}, **more)


def _token(text: str) -> str:
    return text.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


@pytest.fixture
def browser(app: Any) -> Browser:
    return Browser(app)


@pytest.fixture
def enter(app: Any) -> Callable[[str], Browser]:
    def enter(login: str) -> Browser:
        made = Browser(app)
        made.come_in(login, status=303)
        return made

    return enter


@pytest.fixture
def write(db: Any) -> Callable[[Callable[[Any], Any]], Any]:
    """Change the site in a transaction of its own: ``write(lambda site: ...)``."""

    def write(change: Callable[[Any], Any]) -> Any:
        manager = transaction.TransactionManager()
        connection = db.open(manager)
        try:
            with manager:
                return change(connection.root()["intranet_surat"])
        finally:
            connection.close()

    return write


@pytest.fixture
def listed(write: Any, clock: Any) -> Callable[..., str]:
    from intranet_surat.resources.lists import PositionList, Row, sign_trays
    from intranet_surat.services.search import words

    numbers = itertools.count(1)

    def put(login: str, **values: Any) -> str:
        number = values.pop("order", next(numbers))
        item = values.pop("item", f"surat{number:011}")
        due: datetime | None = values.pop("due", None)
        subject = values.get("subject", f"Surat percobaan {number}")
        sender = values.pop("sender", "Kecamatan Kramatwatu")
        shown: dict[str, Any] = {
            "item": item,
            "letter": item,
            "path": f"/dinkes/surat-masuk/2026/{item}",
            "direction": "masuk",
            "kind": "surat-masuk",
            "office": "DINKES",
            "year": 2026,
            "number": f"600.1/{number}/2026",
            "sender": sender,
            "subject": subject,
            "state": "menunggu_disposisi",
            "state_title": "Menunggu disposisi",
            "state_class": "work",
            "at": clock() - timedelta(hours=number),
            "due": due,
            "since": clock() - timedelta(days=1),
            "trays": frozenset({"waiting", "unread", "external"}),
            "unread": True,
            "act_title": "Disposisi",
            "words": words(f"600.1/{number}/2026", sender, subject),
            "order": number,
        }

        def change(site: Any) -> None:
            person = next(each for each in site.people.values() if each.login == login)
            held = site.positions.held_by(person.id, clock().date())
            mine = site.lists.get(held[0].id)
            if mine is None:
                mine = site.lists[held[0].id] = PositionList()
            made = Row(**{**shown, **values})
            if "sign" in made.trays:
                made = replace(made, trays=made.trays | sign_trays(seals=made.seals))
            mine.put(made)

        write(change)
        return item

    return put
