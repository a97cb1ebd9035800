"""Opening the database from its address, always with the list of allowed classes; and finding the site in it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import ZConfig
from zc.lockfile import LockError
from ZODB import DB
from ZODB.DemoStorage import DemoStorage
from ZODB.POSException import StorageError

from intranet_surat.resources import allowed
from intranet_surat.resources.durable import DataMissing, DurableFileStorage
from intranet_surat.resources.site import Site

ROOT = "intranet_surat"
SETTING = "zodbconn.uri"
NUMBERS = ("cache_size", "cache_size_bytes", "pool_size", "large_record_size")

_SCHEMA = """
<schema>
  <import package="ZODB"/>
  <multisection type="ZODB.database" name="*" attribute="databases" required="yes"/>
</schema>
"""


class CannotOpen(Exception):
    """The database cannot be opened; the text is one line in English, for DKISP's shell."""


def server_away(error: BaseException) -> bool:
    """Whether an error says that the database server does not answer.

    Also when tidying up after it failed in its own way, as RelStorage does in the middle of a commit. The driver
    of PostgreSQL is optional, so that its classes are known by name; RelStorage lets them through.
    """
    seen: BaseException | None = error
    for _ in range(_DEEP):
        if seen is None:
            return False
        name = (type(seen).__module__, type(seen).__name__)
        if isinstance(seen, StorageError) or name == ("psycopg2", "DatabaseError"):  # the latter: lost in mid-query
            return True
        if any((kind.__module__, kind.__name__) in _AWAY for kind in type(seen).__mro__):
            return True
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return False


def connect(database: DB, manager: Any) -> Any:
    """Open a connection of a transaction manager. Raises what the storage raises, and then the pool keeps its own.

    ZODB takes a connection out of the pool first, and forgets it when the server does not answer its opening.
    """
    try:
        return database.open(manager)
    except Exception:
        lost: list[Any] = []
        database._connectionMap(  # noqa: SLF001  it holds the pool's lock
            lambda each: lost.append(each) if each.transaction_manager is manager else None
        )
        for each in lost:
            with contextlib.suppress(Exception):
                each.close()
        raise


_DEEP = 5
_AWAY = frozenset({("psycopg2", "OperationalError"), ("psycopg2", "InterfaceError")})


class Locked(CannotOpen):
    """Another process has the FileStorage."""


def open_database(uri: str, name: str = "", databases: dict[str, DB] | None = None) -> DB:
    """Open the database at an address.

    ``file:///path/Data.fs`` (blobs beside it, in ``Data.fs.blobs``), ``zconfig:///path/zodb.conf#name`` or
    ``memory://``; the first takes ``?cache_size=...`` and ``&blobs=/path``. Raises CannotOpen.
    """
    parts = urlsplit(uri)
    opener = {"file": _file, "zconfig": _zconfig, "memory": _memory}.get(parts.scheme)
    if opener is None:
        raise CannotOpen(f"database address {uri!r}: expected file://, zconfig:// or memory://")
    allowed.close_doors()
    place = unquote(parts.netloc + parts.path)
    return opener(place, dict(parse_qsl(parts.query)), parts.fragment, name, {} if databases is None else databases)


def db_from_uri(uri: str, dbname: str, dbmap: dict[str, DB]) -> DB:
    """Open one of several databases, for ``pyramid_zodbconn.includeme(config, db_from_uri=...)``."""
    return open_database(uri, dbname, dbmap)


def database(settings: Mapping[str, str]) -> DB:
    """Open the database that the settings name. Raises CannotOpen."""
    uri = (settings.get(SETTING) or "").strip()
    if not uri:
        raise CannotOpen(f"the setting {SETTING} is missing; expected for instance file:///srv/surat/Data.fs")
    return open_database(uri)


def root_site(connection: Any) -> Site | None:
    """Return the site of the database, or None when it has none yet."""
    return connection.root().get(ROOT)


def put_site(connection: Any, site: Site) -> Site:
    """Make a site the site of the database. Raises ValueError when there is one."""
    if root_site(connection) is not None:
        raise ValueError("the database has a site already")
    connection.root()[ROOT] = site
    return site


def _file(place: str, query: Mapping[str, str], _name: str, dbname: str, databases: dict[str, DB]) -> DB:
    data = Path(place).absolute()
    blobs = Path(query.get("blobs") or f"{data}.blobs").absolute()
    data.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unknown = sorted(set(query) - {*NUMBERS, "blobs"})
    if unknown:
        raise CannotOpen(f"database address of {data}: unknown {', '.join(unknown)}; expected {', '.join(NUMBERS)}")
    options = {key: int(query[key]) for key in NUMBERS if key in query}
    try:
        storage = DurableFileStorage(str(data), blob_dir=str(blobs))
    except LockError:
        raise Locked(_locked(data)) from None
    except DataMissing as error:
        raise CannotOpen(str(error)) from None
    data.chmod(0o600)
    blobs.chmod(0o700)
    return _db(storage, dbname, databases, options)


def _zconfig(place: str, _query: Mapping[str, str], name: str, dbname: str, databases: dict[str, DB]) -> DB:
    schema = ZConfig.loadSchemaFile(StringIO(_SCHEMA))
    try:
        config, _handlers = ZConfig.loadConfig(schema, str(Path(place).absolute()))
    except (ZConfig.ConfigurationError, OSError) as error:
        raise CannotOpen(f"database configuration {place}: {error}") from error
    sections = [each for each in config.databases if not name or each.name == name]
    if not sections:
        raise CannotOpen(f"database configuration {place} has no <zodb {name}>")
    section = sections[0].config
    section.class_factory = allowed.class_factory
    section.database_name = dbname
    try:
        return sections[0].open(databases)
    except DataMissing as error:
        raise CannotOpen(str(error)) from None
    except LockError:
        raise Locked(_locked(Path(getattr(section.storage.config, "path", place)))) from None
    except Exception as error:
        if not server_away(error):
            raise
        told = str(error).strip().partition("\n")[0] or type(error).__name__
        raise CannotOpen(f"the database server of {place} does not answer: {told}") from None


def _memory(_place: str, _query: Mapping[str, str], _name: str, dbname: str, databases: dict[str, DB]) -> DB:
    return _db(DemoStorage(), dbname, databases, {})


def _db(storage: Any, name: str, databases: dict[str, DB], options: Mapping[str, int]) -> DB:
    try:
        return DB(
            storage,
            database_name=name,
            databases=databases,
            class_factory=allowed.class_factory,
            **options,
        )
    except BaseException:
        storage.close()
        raise


def _locked(data: Path) -> str:
    try:
        holder = Path(f"{data}.lock").read_text(encoding="ascii").strip() or "unknown"
    except OSError:
        holder = "unknown"
    return f"{data} is in use by process {holder}; stop it first, or use ZEO so that several processes can share it"
