"""What a letter's `actions` list and what POST takes are one: everybody of the small demo before every open item."""

from __future__ import annotations

from typing import Any

import pytest
import transaction
from programs import PASSPHRASE, Program, filled
from steps import keyed, pdf  # noqa: F401  fixtures

from intranet_surat.demo import letters
from intranet_surat.resources.folder import path as path_of
from intranet_surat.resources.letter import Item
from intranet_surat.services import accounts
from intranet_surat.services.itemview import flow_of
from intranet_surat.workflow.chart import deeds

ANY = range(200, 500)
NEVER = "/dinkes/surat-masuk/2026/aaaaaaaaaaaaaaaa/"


@pytest.fixture
def demo(keyed, db, storage, clock):  # noqa: F811
    """The small demo with its sample letters and a token for everybody; every POST goes to a layer that is thrown away."""
    clock.forward(days=3)  # the sample letters are of the last two days, the keys of today
    letters.make(keyed.registry.house, db, clock())
    with db.transaction() as connection:
        site = connection.root()["intranet_surat"]
        today = clock().date()
        tokens = {}
        for person in site.people.values():
            held = accounts.positions(site, person.id, today)
            if held:
                tokens[person.login], _ = accounts.open_session(site, person.id, held[0], clock(), kind="token")
    return Demo(keyed, db, storage, tokens)


class Demo:
    def __init__(self, app: Any, db: Any, storage: Any, tokens: dict[str, str]) -> None:
        self.app = app
        self.db = db
        self.storage = storage
        self.programs = {login: Program(app, token=token) for login, token in tokens.items()}

    def items(self) -> dict[str, set[str]]:
        """Address -> every action of its track, of all items."""
        found: dict[str, set[str]] = {}
        house = self.app.registry.house
        connection = self.db.open(transaction.TransactionManager())
        try:
            site = connection.root()["intranet_surat"]
            waiting: list[Any] = [site]
            while waiting:
                here = waiting.pop()
                waiting.extend(each for each in here.values() if hasattr(each, "values"))
                if isinstance(here, Item):
                    flow = flow_of(house, site, here)
                    states = flow.tracks[here.track].states if here.track else flow.states
                    names = {deed.action.name for state in states.values() for deed in deeds(state)}
                    found[f"http://localhost{path_of(here)}/"] = names
        finally:
            connection.close()
        return found

    def undone(self, login: str, item: str, action: str, values: dict[str, Any], files: dict[str, bytes]) -> Any:
        """POST against a layer over the storage; nothing of it stays."""
        from ZODB.DB import DB
        from ZODB.DemoStorage import DemoStorage

        from intranet_surat.resources import allowed

        layer = DB(DemoStorage(base=self.storage, close_base_on_close=False), class_factory=allowed.class_factory)
        allowed.install(layer)
        self.app.registry._zodb_databases = {"": layer}
        program = self.programs[login]
        try:
            if files:
                got = program.send(f"{item}@@aksi/{action}", values, ANY, **files)
            else:
                got = program.act(item, action, values, ANY)
        finally:
            self.app.registry._zodb_databases = {"": self.db}
            layer.close()
        return program.status, got


def test_every_listed_action_is_taken_and_every_other_refused_with_its_sentence(demo):
    items = demo.items()
    assert len(items) > 9
    absent = next(iter(demo.programs.values())).act(NEVER, "naikkan", {}, 404)
    taken: set[str] = set()
    refused = seen = 0
    for login, program in demo.programs.items():
        for item, names in items.items():
            told = program.get(item, ANY)
            if program.status == 404:
                assert told == absent
                assert program.act(item, "naikkan", {}, 404) == absent
                continue
            seen += 1
            may = {each["id"]: each["form"] for each in told["actions"]}
            says = {each["id"]: each["why"] for each in told["refused"]}
            assert not may.keys() & says.keys()
            for name in sorted(names):
                values = filled(may.get(name, {"required": []}))
                files = {"pindai": pdf()} if "pindai" in may.get(name, {}).get("required", ()) else {}
                values |= {"frasa": PASSPHRASE} if "frasa" in values else {}
                status, got = demo.undone(login, item, name, values, files)
                if name in may:
                    assert status == 200, (login, item, name, values, got)
                    taken.add(name)
                else:
                    assert (status, got["type"]) == (403, "tidak-boleh"), (login, item, name, got)
                    assert got["message"].endswith(".")
                    assert name not in says or got["message"] == says[name] or "belum sampai di keadaan" in says[name]
                    refused += 1
    assert seen > 30
    assert refused > 200
    assert taken >= {"naikkan", "disposisi", "teruskan", "selesaikan", "paraf", "siapkan", "verifikasi", "berkaskan"}
