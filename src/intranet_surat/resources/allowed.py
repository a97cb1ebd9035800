"""The exact list of what a record may name, and the calls that close both doors by which pickles come in."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from typing import Any

import ZODB._compat
import ZODB.ConflictResolution
import ZODB.Connection
import ZODB.FileStorage.FileStorage

HOME = "intranet_surat.resources."

OURS: frozenset[tuple[str, str]] = frozenset(
    (HOME + module, name)
    for module, names in {
        "anchors": ("Anchor", "Anchors"),
        "attempts": ("SignAttempt",),
        "batches": ("SignBatch",),
        "breakers": ("Breaker",),
        "casefile": ("CaseFile",),
        "delivery": ("Delivery",),
        "document": ("Attachment", "File", "PrivateRecord", "Rendition"),
        "flows": ("Draft", "Publication", "Running", "Trial"),
        "folder": ("Folder",),
        "history": ("Act", "Chunk", "History"),
        "jobs": ("Job", "JobQueue"),
        "letter": ("Disposition", "FlowRef", "Item", "Letter", "PaperAct", "StoredInitial", "TextVersion"),
        "mandates": ("Mandate", "Mandates"),
        "lists": ("Counts", "Keys", "PositionList", "Row", "Rows"),
        "people": ("Away", "Handover", "Holding", "People", "Person", "Position", "Positions", "Tie"),
        "reference": ("ReferenceVersion",),
        "register": ("Line", "NumberRegister"),
        "renewals": ("Due", "Renewals"),
        "reports": ("Report", "Reports"),
        "sessions": ("Session",),
        "site": ("FlowText", "Office", "Section", "Site", "Villages", "Year"),
        "values": ("Record",),
    }.items()
    for name in names
)
"""Our classes. A line here is for ever: stored records name it."""

LIBRARIES: frozenset[tuple[str, str]] = frozenset(
    {
        ("BTrees.IOBTree", "IOBTree"),
        ("BTrees.IOBTree", "IOBucket"),
        ("BTrees.OOBTree", "OOBTree"),
        ("BTrees.OOBTree", "OOBucket"),
        ("BTrees.OOBTree", "OOSet"),
        ("BTrees.OOBTree", "OOTreeSet"),
        ("ZODB.blob", "Blob"),
        ("persistent", "Persistent"),
        ("persistent.list", "PersistentList"),
        ("persistent.mapping", "PersistentMapping"),
    }
)

VALUES: frozenset[tuple[str, str]] = frozenset(
    {
        ("builtins", "frozenset"),
        ("builtins", "set"),
        ("datetime", "date"),
        ("datetime", "datetime"),
        ("datetime", "time"),
        ("datetime", "timedelta"),
        ("datetime", "timezone"),
    }
)
"""Constructors of plain values; none of them calls what it is given."""

ALLOWED = OURS | LIBRARIES | VALUES

_found: dict[tuple[str, str], Any] = {}


class Refused(Exception):
    """A record names something that is not on the list; English, for DKISP's logs."""


def resolve(module: str, name: str) -> Any:
    """Return the class of that exact name. Raises Refused when it is not on the list."""
    key = (module, name)
    known = _found.get(key)
    if known is None:
        if key not in ALLOWED:
            raise Refused(f"a stored record names {module}.{name}, which is not on the list of allowed classes")
        known = _found[key] = getattr(import_module(module), name)
    return known


def class_factory(connection: Any, module: str, name: str) -> Any:  # noqa: ARG001  the signature is ZODB's
    """Find a class for a connection of ZODB. Raises Refused."""
    return resolve(module, name)


def _find_global(*args: Any) -> Any:
    """Find a class for the resolution of conflicts; what is refused there ends as a ConflictError."""
    try:
        return resolve(*args)
    except Refused as error:
        raise ZODB.ConflictResolution.BadClassName(str(error)) from error


def _find_class(self: Any, module: str, name: str) -> Any:
    """Find a class for an unpickler of ZODB; without a finder of its own it has our list, and not everything."""
    return resolve(module, name) if self.find_global is None else self.find_global(module, name)


def _loads(data: bytes) -> Any:
    return ZODB._compat.Unpickler(BytesIO(data)).load()  # noqa: SLF001


def close_doors() -> None:
    """Let the resolution of conflicts, the index file and the extensions of transactions find only what is listed.

    These are doors of the process and not of one database: web, worker, command line and storage server call it.
    """
    ZODB.ConflictResolution.find_global = _find_global
    ZODB.ConflictResolution._class_cache.clear()  # noqa: SLF001  what was found before the door was closed
    ZODB._compat.Unpickler.find_class = _find_class  # noqa: SLF001
    for module in (ZODB.Connection, ZODB.FileStorage.FileStorage):
        module.loads = _loads


def install(db: Any) -> Any:
    """Close all doors for a database that is open, and return it.

    Raises ValueError when it was used already without the list: its connections keep what they have.
    """
    close_doors()
    if db.classFactory is not class_factory:
        if any(connection.opened for connection in db.pool.all):
            raise ValueError("the database has open connections that read without the list of allowed classes")
        db.classFactory = class_factory
        db.pool.clear()
    return db
