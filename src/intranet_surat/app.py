"""The application that runs by itself: the package included at the root of a tree of its own."""

from __future__ import annotations

import contextlib
import logging
import threading
from typing import Any

import transaction
from pyramid.config import Configurator
from pyramid.request import Request
from transaction.interfaces import NoTransaction
from ZODB import DB

from intranet_surat import settings as settings_
from intranet_surat.resources import evolution, opening
from intranet_surat.resources.opening import open_database, root_site
from intranet_surat.resources.site import Site
from intranet_surat.services import accounts, signing_attempts, tidying, work
from intranet_surat.services.evidence import anchors, renewing
from intranet_surat.services.house import House

log = logging.getLogger(__name__)

STARTS = 5
TRANSACTIONS = {
    "tm.manager_hook": "pyramid_tm.explicit_manager",
    "retry.attempts": "10",
}


def root(request: Request) -> Any:
    """The site of the database that the request's connection reads."""
    return root_site(connect(request))


def connect(request: Request) -> Any:
    """A connection for one request, given back to the pool at its end whatever state the server is in.

    That of pyramid_zodbconn would be lost when aborting raises, and with it the answer; it uses ours.
    """
    connection = opening.connect(request.registry._zodb_databases[""], request.tm)  # noqa: SLF001  its only place
    request._primary_zodb_conn = connection  # noqa: SLF001  for `get_connection` of pyramid_zodbconn

    def give_back(request: Request) -> None:
        # While the server is away aborting raises, though nothing is left open; closing works then.
        for step in (request.tm.abort, connection.close):
            try:
                step()
            except NoTransaction:
                continue
            except Exception as error:  # noqa: BLE001  the answer is made; what failed is only this connection
                log.warning("a connection was given back after %s", type(error).__name__)

    request.add_finished_callback(give_back)
    return connection


def main(global_config: dict[str, Any], **settings: Any) -> Any:  # noqa: ARG001 - paste's own signature
    """The WSGI application of ``development.ini`` and ``production.ini``.

    Raises SettingError for settings that are refused, Unfinished for a database of another release.
    """
    # The database is opened by us, under the list of allowed classes: pyramid_zodbconn must not see the address.
    uri = (settings.pop("zodbconn.uri", None) or "").strip()
    if not uri:
        raise settings_.SettingError("zodbconn.uri is missing: write the address of the database")
    config = Configurator(settings={**TRANSACTIONS, **settings}, root_factory=root)
    for name in ("pyramid_retry", "pyramid_tm", "pyramid_zodbconn", "intranet_surat"):
        config.include(name)
    config.commit()
    house: House = config.registry.house
    database = open_database(uri)
    config.registry._zodb_databases = {"": database}  # noqa: SLF001 - where pyramid_zodbconn looks for it
    steps = tuple(config.registry.surat_parts.evolution_steps.values())
    try:
        make_ready(house, database, steps, alone=uri.startswith("file:"))
    except BaseException:
        database.close()  # who refuses does not keep the file from the command that puts it right
        raise
    if settings_.read(settings)["worker"] == "thread":
        config.registry.surat_worker = work.Worker(house, database)
        threading.Thread(target=config.registry.surat_worker.run, name="surat-worker", daemon=True).start()
    return config.make_wsgi_app()


def make_ready(house: House, database: DB, steps: tuple[evolution.Step, ...] = (), *, alone: bool = False) -> None:
    """Refuse a database that does not fit, and settle what a process that died has left behind.

    ``alone`` tells that no other process uses the database: what looks under way is then left behind.
    Raises Unfinished, FlowMismatch, or SettingError when the database is empty, or when demo passwords stand in
    a production database.
    """
    tm = transaction.TransactionManager(explicit=True)
    with contextlib.closing(database.open(tm)) as connection:
        # Several processes start at the same moment: whoever collides looks again.
        for attempt in tm.attempts(STARTS):
            with attempt:
                settle(house, root_site(connection), steps, alone=alone)


def settle(house: House, site: Site | None, steps: tuple[evolution.Step, ...], *, alone: bool) -> None:
    """What `make_ready` does, in one transaction."""
    if site is None:
        raise settings_.SettingError(
            "the database is empty: run `surat demo` for a demo, or `surat import-offices` for a real regency"
        )
    evolution.check(site, (*evolution.SHIPPED, *steps))
    house.flows.verify(site)
    if not house.settings.demo and (logins := accounts.demo_logins(site)):
        raise settings_.SettingError(
            f"refusing to start: {len(logins)} log-ins still have the demo password, for example {logins[0]}: "
            "this is the database of a demo; begin an empty one with `surat import-offices`, or write "
            "intranet_surat.demo = true"
        )
    signing_attempts.recover(site, house.clock(), alone=alone)
    for nightly in (tidying, renewing, anchors):
        nightly.schedule(house, site, house.clock())
