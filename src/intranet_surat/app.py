"""The application that runs by itself: the package included at the root of a tree of its own."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import transaction
from pyramid.config import Configurator
from pyramid.request import Request
from pyramid_zodbconn import get_connection
from ZODB import DB

from intranet_surat import settings as settings_
from intranet_surat.resources import evolution
from intranet_surat.resources.opening import open_database, root_site
from intranet_surat.services import accounts, signing, work
from intranet_surat.services.house import House

TRANSACTIONS = {
    "tm.manager_hook": "pyramid_tm.explicit_manager",
    "retry.attempts": "10",
}


def root(request: Request) -> Any:
    """The site of the database that the request's connection reads."""
    return root_site(get_connection(request))


def main(global_config: dict[str, Any], **settings: Any) -> Any:  # noqa: ARG001 - paste's own signature
    """The WSGI application of ``development.ini`` and ``production.ini``.

    Raises SettingError for settings that are refused, Unfinished for a database of another release.
    """
    # The database is opened by us, under the list of allowed classes: pyramid_zodbconn must not see the address.
    uri = settings.pop("zodbconn.uri")
    config = Configurator(settings={**TRANSACTIONS, **settings}, root_factory=root)
    for name in ("pyramid_retry", "pyramid_tm", "pyramid_zodbconn", "intranet_surat"):
        config.include(name)
    config.commit()
    house: House = config.registry.house
    database = open_database(uri)
    config.registry._zodb_databases = {"": database}  # noqa: SLF001 - where pyramid_zodbconn looks for it
    make_ready(house, database, tuple(config.registry.surat_parts.evolution_steps.values()))
    if settings_.read(settings)["worker"] == "thread":
        config.registry.surat_worker = work.Worker(house, database)
        threading.Thread(target=config.registry.surat_worker.run, name="surat-worker", daemon=True).start()
    return config.make_wsgi_app()


def make_ready(house: House, database: DB, steps: tuple[evolution.Step, ...] = ()) -> None:
    """Refuse a database that does not fit, and settle what a process that died has left behind.

    Raises Unfinished, FlowMismatch, or SettingError when the database is empty, or when demo passwords stand in
    a production database.
    """
    tm = transaction.TransactionManager(explicit=True)
    with tm, contextlib.closing(database.open(tm)) as connection:
        site = root_site(connection)
        if site is None:
            raise settings_.SettingError(
                "the database is empty: run `surat demo` for a demo, or `surat import-offices` for a real regency"
            )
        evolution.check(site, (*evolution.SHIPPED, *steps))
        house.flows.verify(site)
        if not house.settings.demo and (logins := accounts.demo_logins(site)):
            raise settings_.SettingError(
                f"refusing to start: {len(logins)} log-ins still have the demo password, for example {logins[0]}"
            )
        signing.recover(site, house.clock())
