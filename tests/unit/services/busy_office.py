"""Letters of every kind, made and moved by the real services with a clock that runs on; what people choose is drawn."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Mapping
from typing import Any

from intranet_surat.errors import SuratError
from intranet_surat.services import acting, letters, work
from intranet_surat.services.itemview import StoredItem, descendants, flow_of, setting
from intranet_surat.services.reader import Reader
from intranet_surat.workflow import cast, engine
from intranet_surat.workflow.model import Who
from intranet_surat.workflow.view import Actor, Offer

BEGUN = {
    "masuk": ("agendaris.bpkad", "BPKAD", "surat-masuk"),
    "masuk ke dinas kesehatan": ("agendaris.dinkes", "DINKES", "surat-masuk"),
    "masuk ke bupati": ("agendaris.kdh", "KDH", "surat-masuk"),
    "dinas": ("staf-kesmas.dinkes", "DINKES", "surat-dinas"),
    "desa": ("operator.pejaten", "DESA-PEJATEN", "surat-pengantar-desa"),
    "nota": ("staf-kesmas.dinkes", "DINKES", "nota-dinas"),
}
RESIDENT = {
    "subject": "Surat pengantar warga", "classification": "400.12.2.1", "name": "Warga Contoh",
    "birth_place": "Serang", "birth_date": "1990-01-02", "sex": "P", "religion": "islam", "marital_status": "kawin",
    "occupation": "Pedagang", "nationality": "Indonesia", "address": "Kampung Contoh", "purpose": "Mengurus SKCK",
    "valid_until": "2027-12-31", "body": None, "addressees": [], "security": "T",
}  # fmt: skip
AWAY = (
    "batal",
    "salah_alamat",
    "bukan_tugas",
    "kembalikan",
    "turunkan",
    "tarik",
    "tolak",
    "ulang",
    "gagal",
    "tidak_jadi",
)
"""What is chosen seldom, so that most letters come to their end."""


class BusyOffice:
    """A desk whose people act by themselves."""

    def __init__(self, desk: Any, seed: int) -> None:
        self.desk = desk
        self.draw = random.Random(seed)
        self.letters: list[Any] = []

    def work(self, many: int) -> None:
        """So many letters begin, and each gets its acts while others move too."""
        for number in range(many):
            self.letters.append(self.begin(list(BEGUN)[number % len(BEGUN)]))
            for letter in self.draw.sample(self.letters, min(3, len(self.letters))):
                for _ in range(3):
                    self.step(letter)
        for letter in self.letters:
            for _ in range(self.draw.randrange(12)):
                self.step(letter)

    def begin(self, sort: str) -> Any:
        self.forward()
        login, office, kind = BEGUN[sort]
        security = self.draw.choice(["B", "B", "B", "R"])
        if kind == "surat-masuk":
            return self.desk.register(login, office, scan=self.draw.random() < 0.8, security=security)
        if kind == "surat-pengantar-desa":
            head = self.desk.site.office(office).head
            return self.desk.draft(login, office, kind, **{**RESIDENT, "signatory": head})
        classification = self.draw.choice(["400.7", "900.1.3"]) if kind == "surat-dinas" else "400.7"
        return self.desk.draft(login, office, kind, classification=classification, security="B")

    def forward(self) -> None:
        """Time passes: minutes, hours, now and then a day or a weekend; the worker comes by."""
        self.desk.clock.forward(minutes=self.draw.choice([1, 7, 45, 190, 1500]), seconds=self.draw.randrange(60))
        if self.draw.random() < 0.1:
            work.run_due(self.desk.house, self.desk.connection.db(), self.desk.now)
            self.desk.commit()

    def step(self, letter: Any) -> None:
        """Something is done on the letter: an act, a look, a correction."""
        self.forward()
        item = self.draw.choice([letter, *descendants(letter)])
        offers = list(self.offers(item))
        chance = self.draw.random()
        if chance < 0.15:
            self.correct(letter)
        elif offers and chance < 0.3:
            letters.mark_read(self.desk.house, self.desk.site, item, offers[0][0], self.desk.now)
            self.desk.commit()
        elif offers:
            weights = [12 if offer.kind == "sign" else 1 if offer.action in AWAY else 6 for _, offer in offers]
            reader, offer = self.draw.choices(offers, weights)[0]
            self.act(reader, item, offer)

    def offers(self, item: Any) -> Iterator[tuple[Reader, Offer]]:
        """What anybody may do on the item now."""
        flow, view = flow_of(self.desk.house, self.desk.site, item), StoredItem(self.desk.house, self.desk.site, item)
        asked = setting(self.desk.house, self.desk.site, item, self.desk.now)
        for position in sorted(engine.can_act(flow, view, asked)):
            for person in asked.org.persons(position):
                for offer in engine.offers(flow, view, Actor(person, position), asked):
                    if offer.allowed:
                        yield Reader(person, (position,), position), offer

    def act(self, reader: Reader, item: Any, offer: Offer) -> None:
        form = self.answers(reader, item, offer)
        proof = {"file": "0" * 64} if offer.kind == "sign" else None
        with contextlib.suppress(SuratError):  # an answer that was drawn badly: nothing happened
            try:
                acting.act(
                    self.desk.house, self.desk.tm, self.desk.site, item, offer.action, form, reader, self.desk.now,
                    key=next(self.desk.keys), uploads=self.uploads(offer), proof=proof,
                )  # fmt: skip
            except SuratError:
                self.desk.tm.abort()
                self.desk.tm.begin()
                raise
        self.desk.commit()

    def uploads(self, offer: Offer) -> tuple[Any, ...]:
        files = any(field.type == "file" for field in (offer.form.fields.values() if offer.form else ()))
        return (self.desk.upload("wet-scan"),) if files else ()

    def answers(self, reader: Reader, item: Any, offer: Offer) -> Mapping[str, Any]:
        flow, view = flow_of(self.desk.house, self.desk.site, item), StoredItem(self.desk.house, self.desk.site, item)
        asked = setting(self.desk.house, self.desk.site, item, self.desk.now)
        actor = Actor(reader.person, reader.position)
        found: dict[str, Any] = {}
        for field in offer.form.fields.values() if offer.form else ():
            if field.type in ("position", "positions") and isinstance(field.source, Who):
                known = sorted(cast.positions(field.source, flow, view, asked, actor=actor))
                chosen = self.draw.sample(known, min(len(known), self.draw.choice([1, 2, 3])))
                found[field.name] = chosen if field.type == "positions" else chosen[0]
            elif field.type == "file":
                found[field.name] = {
                    "sha256": "f" * 64,
                    "filename": "pindai.pdf",
                    "code": view.letter.fields.get("print_code"),
                }
            elif field.type == "text":
                found[field.name] = "Sesuai arahan"
            elif field.type == "date":
                found[field.name] = self.desk.house.today(self.desk.now).isoformat()
            elif field.type in ("choice", "choices"):
                word = min(asked.vocabularies[field.of])
                found[field.name] = word if field.type == "choice" else [word]
            elif field.type == "deadline" and self.draw.random() < 0.5:
                found[field.name] = f"{self.draw.randrange(1, 9)} working days"
        return found

    def correct(self, letter: Any) -> None:
        """Whoever may edit now corrects the subject; an incoming letter gets its scan."""
        asked = setting(self.desk.house, self.desk.site, letter, self.desk.now)
        view = StoredItem(self.desk.house, self.desk.site, letter)
        for position in engine.editors(flow_of(self.desk.house, self.desk.site, letter), view, asked):
            for person in asked.org.persons(position)[:1]:
                uploads = (self.desk.upload(),) if letter.direction == "masuk" else ()
                letters.update(
                    self.desk.house, self.desk.site, letter, {"subject": f"Hal {self.draw.random()}"},
                    Reader(person, (position,), position), self.desk.now,
                    version=letter.version, key=next(self.desk.keys), uploads=uploads,
                )  # fmt: skip
                self.desk.commit()
                return
