from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import transaction
from ZODB.POSException import ConflictError

from intranet_surat.errors import Invalid
from intranet_surat.resources.opening import open_database, put_site, root_site
from intranet_surat.resources.people import Person
from intranet_surat.resources.site import new_site
from intranet_surat.services import idempotency

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
KEY = "kunci-0001"


@pytest.fixture
def site():
    site = new_site("Surat", "Kabupaten Serang")
    for name in ("ani", "budi"):
        site.people[name] = Person(id=name)
    return site


def test_a_key_leads_to_what_it_made(site):
    assert idempotency.seen(site, "ani", KEY) is None
    idempotency.remember(site, "ani", KEY, "/dinkes/surat-masuk/2026/a", NOW)
    assert idempotency.seen(site, "ani", KEY) == "/dinkes/surat-masuk/2026/a"


def test_a_key_belongs_to_its_person(site):
    idempotency.remember(site, "ani", KEY, "/a", NOW)
    assert idempotency.seen(site, "budi", KEY) is None
    assert idempotency.seen(site, "nobody", KEY) is None
    with pytest.raises(KeyError):
        idempotency.remember(site, "nobody", KEY, "/a", NOW)


def test_the_key_of_one_thing_is_no_answer_to_another_thing(site):
    idempotency.remember(site, "ani", KEY, "/a", NOW, "aksi naikkan")
    assert idempotency.seen(site, "ani", KEY, "aksi naikkan") == "/a"
    with pytest.raises(Invalid, match="kunci baru"):
        idempotency.seen(site, "ani", KEY, "aksi disposisi")


def test_a_key_that_an_older_release_remembered_without_its_use_still_answers(site):
    site.people["ani"].keys[KEY] = (NOW, "/a")
    assert idempotency.seen(site, "ani", KEY, "aksi naikkan") == "/a"
    assert idempotency.forget(site, NOW + timedelta(days=1)) == 1


@pytest.mark.parametrize("key", ["", "short", "with blank 0001", "x" * 129, "ключ-00001", "a\n" * 8])
def test_something_that_cannot_be_a_key_is_told(site, key):
    for ask in (
        lambda: idempotency.seen(site, "ani", key),
        lambda: idempotency.remember(site, "ani", key, "/a", NOW),
    ):
        with pytest.raises(Invalid, match="Muat ulang halaman"):
            ask()


def test_old_keys_are_forgotten(site):
    idempotency.remember(site, "ani", KEY, "/a", NOW)
    idempotency.remember(site, "budi", KEY, "/b", NOW + timedelta(days=2))
    assert idempotency.forget(site, NOW + timedelta(days=1)) == 1
    assert idempotency.seen(site, "ani", KEY) is None
    assert idempotency.seen(site, "budi", KEY) == "/b"


def test_a_form_sent_twice_at_once_collides_and_the_slower_finds_what_the_other_made(site):
    db = open_database("memory://")
    with db.transaction() as connection:
        put_site(connection, site)
    managers = [transaction.TransactionManager(explicit=True) for _ in range(2)]
    for manager in managers:
        manager.begin()
    connections = [db.open(manager) for manager in managers]
    sites = [root_site(connection) for connection in connections]
    for number, each in enumerate(sites):
        assert idempotency.seen(each, "ani", KEY) is None
        idempotency.remember(each, "ani", KEY, f"/{number}", NOW)
    managers[0].commit()
    with pytest.raises(ConflictError):
        managers[1].commit()
    managers[1].abort()
    managers[1].begin()
    assert idempotency.seen(sites[1], "ani", KEY) == "/0"
    managers[1].abort()
    for connection in connections:
        connection.close()
    db.close()
