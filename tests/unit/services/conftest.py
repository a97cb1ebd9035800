"""Fixtures of the services: the House as the application builds it, and a desk at which people act.

application    the application as a demo, not committed yet (pki)
house   the House from the shipped parts, with the test's clock (application, clock)
desk    the small regency opened for writing; ``desk.as_("kepala.dinkes")`` is a Reader (house, db)
two     two desks over one database, each with a connection of its own (desk)
provider    the desk's signing provider, with its calls noted (desk)
authority, pdf, signed    a certificate authority of its own, a page, and that page signed; for tests of verdicts
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import transaction
from pyramid.config import Configurator

from intranet_surat import building
from intranet_surat.resources.folder import find, path
from intranet_surat.services import accounts, acting, letters
from intranet_surat.services.reader import Reader
from intranet_surat.services.uploads import Upload

SCAN = b"%PDF-1.4 a page that was scanned"
SHELF = building.shelf


@pytest.fixture(scope="session")
def read_once() -> Callable[..., list[Any]]:
    """The shipped flows, read and checked once: nobody changes a flow, and reading them took most of a test's start."""
    known: list[Any] = []

    def shelf(parts: Any, world: Any) -> list[Any]:
        if not known:
            known.extend(SHELF(parts, world))
        return list(known)

    return shelf


@pytest.fixture
def application(tmp_path: Path, pki: Path) -> Configurator:
    """The application as a demo, not committed yet."""
    config = Configurator(
        settings={
            "intranet_surat.demo": "true",
            "intranet_surat.var": str(tmp_path),
            "intranet_surat.public_url": "http://127.0.0.1:6543",
            "intranet_surat.signing_keys": str(pki),
        }
    )
    config.include("intranet_surat.config")
    return config


@pytest.fixture
def house(application: Configurator, clock: Any, read_once: Any) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "shelf", read_once)
        application.commit()
    built = application.registry.house
    settings = dataclasses.replace(built.settings, private_key=bytes(range(32)))
    return dataclasses.replace(built, clock=clock, settings=settings)


class Desk:
    """People at work: each call is one transaction, as a request would be."""

    def __init__(self, house: Any, db: Any, clock: Any, folder: Path) -> None:
        self.house = house
        self.clock = clock
        self.folder = folder
        self.tm = transaction.TransactionManager(explicit=True)
        self.tm.begin()
        self.connection = db.open(self.tm)
        self.site = self.connection.root()["intranet_surat"]
        self.keys = (f"kunci-{number:04d}" for number in itertools.count())

    @property
    def now(self) -> datetime:
        return self.clock()

    def as_(self, login: str) -> Reader:
        person = self.site.people.login(login)
        today = self.house.today(self.now)
        held = accounts.positions(self.site, person.id, today)
        return accounts.seated(self.site, person.id, held, held[0], today)

    def post(self, login: str) -> str:
        """The position that a log-in sits at."""
        return self.as_(login).position

    def commit(self) -> None:
        self.tm.commit()
        self.tm.begin()

    def upload(self, place: str = "scan", code: str | None = None, data: bytes = SCAN) -> Upload:
        where = self.folder / f"upload-{next(self.keys)}"
        where.write_bytes(data)
        return Upload(where, "f" * 64, len(data), "application/pdf", "pindai.pdf", 1, (), code, place)

    def register(self, login: str, office: str, *, key: str = "", scan: bool = True, **fields: Any) -> Any:
        """An incoming letter, as the registrar enters it."""
        known = {
            "sender": "Kecamatan Kragilan",
            "sender_number": "600.1/214/Kec.Krg/2026",
            "letter_date": "2026-11-20",
            "subject": "Permohonan perbaikan tanggul Sungai Ciujung",
            "security": "B",
            "urgency": "biasa",
            "classification": "600.1.4.2",
        }
        letter = letters.create(
            self.house, self.tm, self.site, self.site.office(office), "masuk", "surat-masuk", {**known, **fields},
            self.as_(login), self.now, key=key or next(self.keys), uploads=(self.upload(),) if scan else (),
        )  # fmt: skip
        self.commit()
        return letter

    def draft(self, login: str, office: str, kind: str = "surat-dinas", **fields: Any) -> Any:
        """An outgoing letter, as its drafter writes it."""
        known = {
            "subject": "Jawaban atas permohonan data",
            "security": "B",
            "urgency": "biasa",
            "classification": "400.7",
            "body": {"v": 1, "blocks": [{"t": "p", "text": "Bersama ini kami sampaikan data yang diminta."}]},
            "addressees": [outside("Kepala Balai Besar", "surel", "balai@contoh.go.id")],
            "signatory": fields.get("signatory") or self.post("kepala.dinkes"),
        }
        letter = letters.create(
            self.house, self.tm, self.site, self.site.office(office), "keluar", kind, {**known, **fields},
            self.as_(login), self.now, key=next(self.keys),
        )  # fmt: skip
        self.commit()
        return letter

    def initialled(self, **fields: Any) -> Any:
        """A letter of DINKES that has all its initials and was checked."""
        letter = self.draft("staf-kesmas.dinkes", "DINKES", **fields)
        self.act("staf-kesmas.dinkes", letter, "ajukan")
        for login in ("kasi-kesmas.dinkes", "kabid-kesmas.dinkes", "sekretaris.dinkes"):
            if "paraf" in self.titles(login, letter):
                self.act(login, letter, "paraf")
        self.act("tata-usaha.dinkes", letter, "lulus")
        return letter

    def act(self, login: str, item: Any, action: str, form: Mapping[str, Any] | None = None, **more: Any) -> Any:
        more.setdefault("key", next(self.keys))
        try:
            result = acting.act(
                self.house, self.tm, self.site, item, action, form or {}, self.as_(login), self.now, **more
            )
        except Exception:
            self.tm.abort()
            self.tm.begin()
            raise
        self.commit()
        return result

    def titles(self, login: str, item: Any) -> list[str]:
        """The ids of what the person may do now."""
        return [
            each.action
            for each in acting.offers(self.house, self.site, item, self.as_(login), self.now)
            if each.allowed
        ]

    def items(self, letter: Any) -> dict[str, Any]:
        """The dispositions of a letter by the log-in of whoever holds them."""
        found = {}
        stack = list(letter.dispositions())
        while stack:
            each = stack.pop()
            stack.extend(each.dispositions())
            holder = self.site.positions[each.holder].holders[0].person
            found[self.site.people[holder].login] = each
        return found

    def again(self, item: Any) -> Any:
        """The same item, found by its path."""
        return find(self.site, path(item))


def outside(name: str, channel: str = "cetak", email: str = "") -> dict[str, str]:
    return {"kind": "external", "id": "", "name": name, "place": "Serang", "channel": channel, "email": email}


@pytest.fixture
def desk(house: Any, db: Any, clock: Any, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(house, db, clock, tmp_path)
    yield made
    made.tm.abort()
    made.connection.close()


@pytest.fixture
def two(desk, db, clock, tmp_path):
    """Two desks over one database. The second sends keys of its own."""
    other = type(desk)(desk.house, db, clock, tmp_path)
    other.keys = (f"meja-dua-{number:04d}" for number in itertools.count())
    yield desk, other
    other.tm.abort()
    other.connection.close()


@pytest.fixture
def provider(desk):
    from signing_stage import Through

    made = Through(desk.house.provider())
    desk.house = dataclasses.replace(desk.house, providers={**desk.house.providers, "pkcs12": made})
    return made


@pytest.fixture(scope="module")
def authority():
    from signed_pages import Pki

    return Pki()


@pytest.fixture(scope="module")
def pdf():
    from signed_pages import page

    return page()


@pytest.fixture(scope="module")
def signed(authority, pdf):
    return authority.sign(pdf)
