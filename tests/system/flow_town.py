"""A small regency at work: letters of every state, and people who lead any letter to its end if there is a way.

They go by what the engine offers and by nothing that the prover of `services.proving` or `workflow.walking` thinks.
"""

from __future__ import annotations

import dataclasses
import itertools
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import transaction
from pyramid.config import Configurator

from intranet_surat.demo import regency
from intranet_surat.errors import SuratError
from intranet_surat.resources.people import Holding
from intranet_surat.services import acting, letters, numbering
from intranet_surat.services.flows import FlowShelf
from intranet_surat.services.itemview import StoredItem, descendants, flow_of, setting
from intranet_surat.services.reader import Reader
from intranet_surat.services.uploads import Upload
from intranet_surat.workflow import cast, engine
from intranet_surat.workflow.chart import leads_to
from intranet_surat.workflow.model import Flow, Who
from intranet_surat.workflow.overlay import states_of
from intranet_surat.workflow.view import Actor, Offer

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
STEPS = 60
TRIES = 60
Deed = tuple[str, str, str]
"""An item, its state and what was done there."""
INCOMING = {
    "sender": "Kecamatan Kragilan", "letter_date": "2026-11-20", "subject": "Permohonan", "urgency": "biasa",
    "classification": "600.1.4.2",
}  # fmt: skip
OUTGOING = {
    "subject": "Jawaban", "urgency": "biasa", "security": "B",
    "body": {"v": 1, "blocks": [{"t": "p", "text": "Bersama ini kami sampaikan."}]},
    "addressees": [{"kind": "external", "id": "", "name": "Balai", "place": "Serang", "channel": "cetak", "email": ""}],
}  # fmt: skip


def _paper(call: Any) -> None:
    """A printed letter without its bytes: what a flow can see of it."""
    if call.options.get("code"):
        call.letter.fields = {**call.letter.fields, "print_code": "KODE"}


def _nothing(call: Any) -> None:
    """No bytes to freeze or to send."""


def house(var: Path) -> Any:
    """The House of the application, except that papers have no bytes."""
    config = Configurator(
        settings={
            "intranet_surat.demo": "true",
            "intranet_surat.var": str(var),
            "intranet_surat.public_url": "http://127.0.0.1:6543",
            "intranet_surat.signing_keys": str(var),
        }
    )
    config.include("intranet_surat.config")
    config.commit()
    built = config.registry.house
    settings = dataclasses.replace(built.settings, private_key=bytes(range(32)))
    effects = {**built.effects, "pdf": _paper, "freeze": _nothing, "send": _nothing}
    return dataclasses.replace(built, clock=lambda: MONDAY, settings=settings, effects=effects)


class Town:
    """One connection to a regency of its own; `trial` makes everything that follows undone by `undo`."""

    def __init__(self, db: Any, var: Path, seed: int) -> None:
        self.house = house(var)
        self.dice = random.Random(seed)
        self.now = MONDAY
        self.scan = var / "pindai.pdf"
        self.scan.write_bytes(b"%PDF-1.4 a page that was scanned")
        self.tm = transaction.TransactionManager(explicit=True)
        self.tm.begin()
        self.connection = db.open(self.tm)
        if "intranet_surat" not in self.connection.root():
            self.connection.root()["intranet_surat"] = regency.build(MONDAY, small=True)
        self.site = self.connection.root()["intranet_surat"]
        self.keys = (f"kunci-{number:06d}" for number in itertools.count())
        places = (None, *(office.code for office in self.site.offices()))
        self.shelf = [(place, flow) for place in places for flow in self.house.flows.at(self.site, place)]
        self._fill_empty_posts()
        self.commit()

    def _fill_empty_posts(self) -> None:
        """Everybody is there in his own right: who is away is another test's matter."""
        spare = next(iter(self.site.people.values())).id
        for position in self.site.positions.values():
            if not any(not each.capacity for each in position.holdings(MONDAY.date())):
                position.holders = ()
                self.site.positions.hold(position, Holding(spare, MONDAY.date() - timedelta(days=1)))

    def commit(self) -> None:
        self.tm.commit()
        self.tm.begin()

    def trial(self) -> None:
        """Begin something that will be undone. A lock is held, so that numbering does not end the transaction."""
        self.undo()
        self.house = dataclasses.replace(self.house, flows=FlowShelf(self.shelf))
        numbering.hold(self.house, self.tm, {"percobaan"})

    def undo(self) -> None:
        self.tm.abort()
        self.tm.begin()

    def reader(self, login: str) -> Reader:
        person = self.site.people.login(login)
        held = tuple(each.id for each in self.site.positions.held_by(person.id, self.now.date()))
        return Reader(person.id, held, held[0])

    def upload(self) -> Upload:
        return Upload(self.scan, "f" * 64, 32, "application/pdf", "pindai.pdf", 1, (), None, "scan")

    def incoming(self, office: str, login: str) -> Any:
        number = next(self.keys)
        fields = {**INCOMING, "sender_number": number, "security": self.dice.choice("BBTR")}
        return self._begin(office, "masuk", "surat-masuk", fields, login, (self.upload(),))

    def outgoing(self, office: str, login: str, signatory: str) -> Any:
        signs = self.reader(signatory).position
        fields = {**OUTGOING, "classification": self.dice.choice(("400.7", "900.1.3")), "signatory": signs}
        return self._begin(office, "keluar", "surat-dinas", fields, login, ())

    def _begin(self, office: str, direction: str, kind: str, fields: Any, login: str, uploads: Any) -> Any:
        letter = letters.create(
            self.house, self.tm, self.site, self.site.office(office), direction, kind, fields, self.reader(login),
            self.now, key=next(self.keys), uploads=uploads,
        )  # fmt: skip
        self.commit()
        return letter

    def ways(self, letter: Any) -> list[tuple[int, Any, Reader, Offer]]:
        """All that anybody may do on a letter and its items: how far it is from an end afterwards, what, who."""
        found = []
        for item in (letter, *descendants(letter)):
            if item.outcome is not None:
                continue
            flow, view = flow_of(self.house, self.site, item), StoredItem(self.house, self.site, item)
            asked, far = setting(self.house, self.site, item, self.now), distances(flow, item.track)
            for position in sorted(engine.can_act(flow, view, asked)):
                for person in asked.org.persons(position)[:1]:
                    for offer in engine.offers(flow, view, Actor(person, position), asked):
                        if offer.allowed:
                            reach = far.get(offer.to or item.state, 99)
                            found.append((reach, item, Reader(person, (position,), position), offer))
        return found

    def step(self, letter: Any, done: Counter[Deed] | None = None) -> Deed | None:
        """Something is done: anything, or what was ``done`` least often and leads where one was least, near an end.

        Answers what it was; None when nothing can be done.
        """

        def worn(way: Any) -> tuple[int, int]:
            reach, item, _, offer = way
            there = 0 if offer.to in (None, item.state) else done[item.id, offer.to, ""]
            return done[item.id, item.state, offer.action] + there, reach

        self.now += timedelta(minutes=1)
        ways = self.ways(letter)
        self.dice.shuffle(ways)
        if done is not None:
            ways.sort(key=worn)
        for _, item, reader, offer in ways:
            deed = (item.id, item.state, offer.action)
            if self.act(item, reader, offer):
                return deed
        return None

    def act(self, item: Any, reader: Reader, offer: Offer) -> bool:
        """Whether the act was taken; an answer that was drawn badly changes nothing."""
        for _ in range(3):
            form = dict(self.answers(reader, item, offer))
            files = any(field.type == "file" for field in (offer.form.fields.values() if offer.form else ()))
            try:
                acting.act(
                    self.house, self.tm, self.site, item, offer.action, form, reader, self.now, key=next(self.keys),
                    uploads=(self.upload(),) if files else (), proof={"file": "0" * 64} if offer.kind == "sign" else None,
                )  # fmt: skip
            except SuratError:
                continue
            return True
        return False

    def ends(self, letter: Any) -> bool:
        """Whether the people bring a letter, and everything given out with it, to its end.

        What led to where nothing can be done is left to the last when they begin again, the last step the most.
        """
        dead: Counter[Deed] = Counter()
        for _ in range(TRIES):
            here, done, path = self.tm.savepoint(), Counter(dead), list[Deed]()
            for _ in range(STEPS):
                if all(ended(each) for each in (letter, *descendants(letter))):
                    return True
                deed = self.step(letter, done)
                if deed is None:
                    break
                done.update((deed, (deed[0], deed[1], "")))
                path.append(deed)
            for back, deed in enumerate(reversed(path), 1):
                dead[deed] += max(1, 10 // back)
            here.rollback()
        return False

    def answers(self, reader: Reader, item: Any, offer: Offer) -> Iterator[tuple[str, Any]]:
        flow, view = flow_of(self.house, self.site, item), StoredItem(self.house, self.site, item)
        asked, actor = setting(self.house, self.site, item, self.now), Actor(reader.person, reader.position)
        for field in offer.form.fields.values() if offer.form else ():
            if field.type in ("position", "positions") and isinstance(field.source, Who):
                known = sorted(cast.positions(field.source, flow, view, asked, actor=actor))
                chosen = self.dice.sample(known, min(len(known), self.dice.choice((1, 1, 2))))
                yield field.name, chosen if field.type == "positions" else chosen[0]
            elif field.type == "file":
                code = view.letter.fields.get("print_code")
                yield field.name, {"sha256": "f" * 64, "filename": "pindai.pdf", "code": code}
            elif field.type == "text":
                yield field.name, "Sesuai arahan"
            elif field.type == "date":
                yield field.name, self.house.today(self.now).isoformat()
            elif field.type in ("choice", "choices"):
                word = self.dice.choice(sorted(asked.vocabularies[field.of]))
                yield field.name, word if field.type == "choice" else [word]


def ended(item: Any) -> bool:
    return item.archived_at is not None if item.track is None else item.outcome is not None


def distances(flow: Flow, track: str | None) -> dict[str, int]:
    """How many passages each state is from a final one, as the file is drawn."""
    states = states_of(flow, track)
    found = {name: 0 for name, state in states.items() if state.final}
    for far in range(1, len(states) + 1):
        near = [name for name, state in states.items() if name not in found and set(leads_to(state)) & found.keys()]
        found.update(dict.fromkeys(near, far))
    return found
