"""What every command stands on: the ini file, the database, the site, the House; and one clean line for each error."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intranet_surat import settings as settings_

if TYPE_CHECKING:
    import transaction
    from pyramid.config import Configurator
    from ZODB import DB

    from intranet_surat.resources.site import Site
    from intranet_surat.services.house import House

PORT = 6543
STAND_INS = 6560
"""Where the demo's authority is served beside it."""


class CommandError(Exception):
    """A command cannot do what it was asked; the text is one clear line (or a list) in English.

    ``code`` is the command's exit code.
    """

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


def ini_argument(parser: argparse.ArgumentParser) -> None:
    """Let a command take the ini file, ``development.ini`` when none is named."""
    parser.add_argument("ini", nargs="?", default="development.ini", help="configuration file (default: %(default)s)")


def now() -> datetime:
    """The clock of the command line."""
    return datetime.now(UTC)


def port(args: argparse.Namespace | None = None) -> int:
    """The port in use: option, then PORT of the environment, then the usual one. Raises CommandError."""
    text = str(getattr(args, "port", None) or os.environ.get("PORT") or PORT)
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise CommandError(f"PORT: expected a number from 1 to 65535, found {text!r}")
    return int(text)


def variables(args: argparse.Namespace | None = None) -> dict[str, str]:
    """What an ini file may write as ``%(http_port)s`` and ``%(stand_ins_port)s``."""
    return {"http_port": str(port(args)), "stand_ins_port": str(getattr(args, "stand_ins", None) or STAND_INS)}


def section(ini: str, name: str, args: argparse.Namespace | None = None) -> dict[str, str]:
    """One section of an ini file; raises CommandError when the file or the section cannot be read."""
    import plaster

    path = Path(ini.partition("#")[0])
    if not path.is_file():
        raise CommandError(f"configuration file {path} not found")
    written = variables(args)
    try:
        return dict(plaster.get_settings(str(path), name, written))
    except Exception as error:
        raise CommandError(f"{path}: section [{name}] cannot be read: {error}") from error


def read(ini: str, args: argparse.Namespace | None = None) -> tuple[dict[str, str], dict[str, Any]]:
    """The settings of the application as written, and ours among them as typed values. Raises CommandError."""
    raw = section(ini, "app:main", args)
    try:
        return raw, settings_.read(raw)
    except settings_.SettingError as error:
        raise CommandError(f"{ini}:\n{error}") from error


def refuse_root(values: dict[str, Any]) -> None:
    """Raise CommandError when root would write files that the service cannot read afterwards."""
    if os.geteuid() == 0 and not values["demo"] and not values["root_allowed"]:
        raise CommandError(
            "refusing to run as root: its files could not be read by the service. Run it as the user of the "
            "service, or set intranet_surat.root_allowed = true"
        )


@contextmanager
def opened(raw: dict[str, str]) -> Iterator[DB]:
    """The database of the settings, closed afterwards. Raises CommandError, also when another process holds it."""
    from intranet_surat.resources import opening

    try:
        database = opening.database(raw)
    except opening.CannotOpen as error:
        raise CommandError(str(error)) from error
    try:
        yield database
    finally:
        database.close()


@contextmanager
def writing(database: DB) -> Iterator[tuple[transaction.TransactionManager, Any]]:
    """A connection in a transaction that is committed at the end, and aborted when something is raised."""
    import transaction

    manager = transaction.TransactionManager(explicit=True)
    connection = None
    manager.begin()
    try:
        connection = database.open(manager)
        yield manager, connection
        manager.commit()
    except BaseException:
        manager.abort()
        raise
    finally:
        if connection is not None:
            connection.close()


def site_of(connection: Any) -> Site:
    """The site of the database; raises CommandError when there is none."""
    from intranet_surat.resources.opening import root_site

    site = root_site(connection)
    if site is None:
        raise CommandError("the database holds no regency yet: make one with `surat demo` or `surat import-offices`")
    return site


@contextmanager
def refusals() -> Iterator[None]:
    """Turn what the application refuses at its start into a CommandError; mistakes of programs stay as they are."""
    from pyramid.exceptions import ConfigurationExecutionError

    from intranet_surat.errors import SuratError
    from intranet_surat.resources.evolution import Unfinished
    from intranet_surat.resources.opening import CannotOpen

    known = (settings_.SettingError, CannotOpen, Unfinished, SuratError)
    try:
        yield
    except known as error:
        raise CommandError(str(error)) from error
    except ConfigurationExecutionError as error:  # Pyramid wraps what an action raises
        if isinstance(error.evalue, known):
            raise CommandError(str(error.evalue)) from error
        raise


def configured(raw: dict[str, str]) -> Configurator:
    """What the application is made of, plugins of ``pyramid.includes`` among it. Raises CommandError."""
    from pyramid.config import Configurator

    with refusals():
        config = Configurator(settings={key: value for key, value in raw.items() if key != "zodbconn.uri"})
        config.include("intranet_surat.config")
        config.commit()
    return config


def house(raw: dict[str, str]) -> House:
    """The House as the application would build it. Raises CommandError."""
    built: House = configured(raw).registry.house
    return built
