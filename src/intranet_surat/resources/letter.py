"""Letters and dispositions as stored: where they are in their flow and what was entered; no rule about them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from persistent.list import PersistentList

from intranet_surat.resources.attempts import SignAttempt
from intranet_surat.resources.document import PrivateRecord
from intranet_surat.resources.folder import Folder, new_id
from intranet_surat.resources.history import History
from intranet_surat.resources.values import Record, stored

NOTHING: Mapping[str, Any] = MappingProxyType({})


@stored
@dataclass(frozen=True, slots=True)
class FlowRef:
    """Which flow an item runs: id, version, and the SHA-256 of its text."""

    id: str
    version: int
    hash: str


@stored
@dataclass(frozen=True, slots=True)
class StoredInitial:
    """An initial of the present passage of a route, as `workflow.view.Initial` has it."""

    level: int
    position: str
    person: str
    version: int


@stored
@dataclass(frozen=True, slots=True)
class PaperAct:
    """An act that a clerk entered from its author's paper; ``seq`` is its number in the history.

    ``answer`` is what the author says of it: nothing yet, ``benar`` or ``dibantah`` with the ``reason``.
    """

    seq: int
    item: str
    action: str
    position: str
    clerk: str
    written: str
    sheet: str
    answer: str = ""
    reason: str = ""


class TextVersion(Record):
    """The fields of a letter as they were at a version; a record of its own, so that adding one stays cheap."""

    version: int = 1
    fields: Mapping[str, Any] = NOTHING
    position: str = ""
    person: str = ""
    at: datetime | None = None


class Item(Folder):
    """What runs a flow. ``fields``, ``reads`` and the tuples are replaced and never changed in place.

    ``open_children`` is a plain number on purpose: an act on a child always writes it, so that two acts
    that decide over the same parent at once collide. How its limit stands is told by ``due`` to ``held`` as in
    `workflow.view.ItemView`.
    """

    id: str = ""
    office: str = ""
    flow: FlowRef | None = None
    track: str | None = None
    state: str = ""
    entered: int = 0
    version: int = 1
    fields: Mapping[str, Any] = NOTHING
    author: str = ""
    holder: str | None = None
    giver: str | None = None
    created_at: datetime | None = None
    due: datetime | None = None
    state_since: datetime | None = None
    limit_since: datetime | None = None
    paused_since: datetime | None = None
    pauses: tuple[tuple[datetime, datetime], ...] = ()
    assigned: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    initials: tuple[StoredInitial, ...] = ()
    open_children: int = 0
    outcome: str | None = None
    ended: int = -1
    reads: Mapping[str, str] = NOTHING
    listed: frozenset[str] = frozenset()
    acted: frozenset[str] = frozenset()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.id = self.id or new_id()
        self.fields = dict(self.fields)

    @property
    def letter(self) -> Letter:
        """The letter above it, or itself. Raises LookupError for an item outside a letter."""
        found: Any = self
        while found is not None and not isinstance(found, Letter):
            found = found.__parent__
        if found is None:
            raise LookupError(f"item {self.id} does not hang under a letter")
        return found

    def dispositions(self) -> tuple[Disposition, ...]:
        """Return the child items directly under this one, oldest first."""
        children = (child for child in self.values() if isinstance(child, Disposition))
        return tuple(sorted(children, key=lambda child: (child.order, child.id)))

    def add_disposition(self, child: Disposition) -> Disposition:
        """Hang a new child item under this one, as ``d-<id>``, and count it as open."""
        child.order = sum(1 for _ in self.dispositions())
        self["d-" + child.id] = child
        self.open_children += 1
        return child


class Letter(Item):
    """A letter with all that belongs to it.

    ``frozen`` is the SHA-256 of the rendition that may no longer change, ``register`` the key of the
    register that holds its number, ``seals`` the attempts to put the agency's seal on it.
    """

    direction: str = ""
    kind: str = ""
    frozen: str | None = None
    token: str = ""
    private: PrivateRecord | None = None
    deliveries: tuple[str, ...] = ()
    case_file: str | None = None
    related: tuple[tuple[str, str], ...] = ()
    origin: str | None = None
    register: str | None = None
    archived_at: datetime | None = None
    papers: tuple[PaperAct, ...] = ()
    seals: tuple[SignAttempt, ...] = ()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.history = History(self.id)
        self.versions = PersistentList()
        self.renditions = PersistentList()
        self.attachments = PersistentList()
        self.attempts = PersistentList()

    def rendition(self, sha256: str) -> Any:
        """Return the rendition with that hash, or None."""
        return next((each for each in self.renditions if each.sha256 == sha256), None)

    def attachment(self, sha256: str) -> Any:
        """Return the attachment with that hash, or None."""
        return next((each for each in self.attachments if each.sha256 == sha256), None)


class Disposition(Item):
    """A child item: given by ``giver``, held by ``holder``, running ``track``; ``order`` counts among its siblings."""

    order: int = 0
