"""The place where everything is measured: a demo regency on a FileStorage of its own, and people at work in it."""

from __future__ import annotations

import contextlib
import io
import itertools
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import transaction
from pyramid.config import Configurator

from intranet_surat import app
from intranet_surat.cli.demo import make
from intranet_surat.demo import regency
from intranet_surat.resources.folder import new_id
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.opening import open_database
from intranet_surat.services import acting, letters
from intranet_surat.services.reader import Reader
from intranet_surat.settings import read

FIELDS = {
    "sender": "Kecamatan Kragilan",
    "letter_date": "2026-11-20",
    "subject": "Permohonan perbaikan tanggul Sungai Ciujung",
    "security": "B",
    "urgency": "biasa",
    "classification": "600.1.4.2",
    "scan": "0" * 64,
}
BODY = {
    "v": 1,
    "blocks": [
        {"t": "p", "text": "Menindaklanjuti surat Saudara, bersama ini disampaikan hal-hal berikut. " * 3},
        {"t": "n", "level": 1, "text": "Data yang diminta telah dihimpun dari seluruh puskesmas."},
        {"t": "n", "level": 1, "text": "Rincian terdapat pada lampiran surat ini."},
        {"t": "p", "text": "Demikian disampaikan, atas perhatiannya diucapkan terima kasih. " * 2},
    ],
}


@dataclass
class Place:
    """The application, its database, and the paths of what the pages show."""

    wsgi: Any
    house: Any
    tm: Any
    site: Any
    folder: Path
    keys: Iterator[str]

    def reader(self, login: str) -> Reader:
        """Somebody of the demo."""
        person = self.site.people.login(login)
        held = tuple(each.id for each in self.site.positions.held_by(person.id, datetime.now(UTC).date()))
        return Reader(person.id, held, held[0])

    def register(self) -> Any:
        """One incoming letter with its agenda number, committed."""
        number = next(self.keys)
        letter = letters.create(
            self.house, self.tm, self.site, self.site.office("PUPR"), "masuk", "surat-masuk",
            {**FIELDS, "sender_number": number}, self.reader("agendaris.pupr"), datetime.now(UTC), key=number,
        )  # fmt: skip
        self.tm.commit()
        self.tm.begin()
        return letter

    def act(self, login: str, item: Any, action: str, form: dict[str, Any] | None = None) -> None:
        """One act, committed."""
        acting.act(
            self.house, self.tm, self.site, item, action, form or {}, self.reader(login), datetime.now(UTC),
            key=next(self.keys),
        )  # fmt: skip
        self.tm.commit()
        self.tm.begin()

    def disposed(self) -> str:
        """The path of a letter with two dispositions under it."""
        letter = self.register()
        self.act("agendaris.pupr", letter, "naikkan")
        below = [self.reader(each).position for each in ("kabid-bina-marga.pupr", "sekretaris.pupr")]
        self.act("kepala.pupr", letter, "disposisi", {"kepada": below, "instruksi": ["tindak-lanjuti"]})
        return path_of(letter)

    def draft(self) -> Any:
        """A reply of Dinas Kesehatan, ready to be rendered."""
        number = next(self.keys)
        fields = {
            "subject": "Jawaban atas permohonan data", "security": "B", "urgency": "biasa", "classification": "400.7",
            "body": BODY, "signatory": self.reader("kepala.dinkes").position,
            "addressees": [{"kind": "external", "id": "", "name": "Kepala Balai", "place": "Serang",
                            "channel": "cetak", "email": ""}],
        }  # fmt: skip
        letter = letters.create(
            self.house, self.tm, self.site, self.site.office("DINKES"), "keluar", "surat-dinas", fields,
            self.reader("staf-kesmas.dinkes"), datetime.now(UTC), key=number,
        )  # fmt: skip
        self.tm.commit()
        self.tm.begin()
        return letter

    def to_sign(self, number: int) -> None:
        """So many rows in the list of who signs for Dinas Kesehatan: of one letter, and its copies hours apart."""
        letter = self.draft()
        self.act("staf-kesmas.dinkes", letter, "ajukan")
        for login in ("kasi-kesmas.dinkes", "kabid-kesmas.dinkes"):
            self.act(login, letter, "paraf")
        self.act("tata-usaha.dinkes", letter, "lulus")
        mine = self.site.lists[self.reader("kepala.dinkes").position]
        row = mine.get(letter.id)
        for hours in range(1, number):
            before = timedelta(hours=hours)
            mine.put(replace(row, item=new_id(), at=row.at - before, since=row.since - before))
        self.tm.commit()
        self.tm.begin()


@contextlib.contextmanager
def place() -> Iterator[Place]:
    """A fresh demo regency in a temporary directory, and the application over it."""
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where)
        raw = {
            "intranet_surat.demo": "true",
            "intranet_surat.var": where,
            "intranet_surat.secret": "b" * 40,
            "intranet_surat.public_url": "http://127.0.0.1:6543",
            "zodbconn.uri": f"file://{folder / 'Data.fs'}",
        }
        database = open_database(raw["zodbconn.uri"])
        with contextlib.redirect_stdout(io.StringIO()):
            make(raw, read(raw), database, small=False, letters=False)
        config = Configurator(
            settings={**app.TRANSACTIONS, **{name: raw[name] for name in raw if name.startswith("intranet")}},
            root_factory=app.root,
        )
        for name in ("pyramid_retry", "pyramid_tm", "pyramid_zodbconn", "intranet_surat"):
            config.include(name)
        config.commit()
        wsgi = config.make_wsgi_app()
        config.registry._zodb_databases = {"": database}  # noqa: SLF001
        tm = transaction.TransactionManager(explicit=True)
        tm.begin()
        connection = database.open(tm)
        keys = (f"ukur-{number:06d}" for number in itertools.count())
        site = connection.root()["intranet_surat"]
        yield Place(wsgi, config.registry.house, tm, site, folder, keys)
        tm.abort()
        connection.close()
        database.close()


PASSWORD = regency.PASSWORD
