"""A database in memory for each test, with the doors closed, and a site in it."""

from __future__ import annotations

import contextlib

import pytest
import transaction

from intranet_surat.resources.opening import open_database, put_site
from intranet_surat.resources.site import new_site


@pytest.fixture
def database():
    db = open_database("memory://")
    with db.transaction() as connection:
        put_site(connection, new_site("Surat", "Kabupaten Serang"))
    yield db
    db.close()


@pytest.fixture
def two(database):
    """Two connections with transactions of their own, both begun before the test does anything."""
    managers = [transaction.TransactionManager(explicit=True) for _ in range(2)]
    with contextlib.ExitStack() as stack:
        connections = []
        for manager in managers:
            manager.begin()
            connection = database.open(manager)
            stack.callback(connection.close)
            stack.callback(manager.abort)
            connections.append(connection)
        yield connections
