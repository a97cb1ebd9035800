"""The kinds that are shipped. Others come from `config.add_letter_kind`; this list knows none of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from intranet_surat.kinds import certificates, incoming, letters, notes, orders, records, village
from intranet_surat.kinds.model import LetterKind

SHIPPED: tuple[LetterKind, ...] = (
    *incoming.KINDS,
    *letters.KINDS,
    *notes.KINDS,
    *orders.KINDS,
    *certificates.KINDS,
    *records.KINDS,
    *village.KINDS,
)


def by_id(kinds: Iterable[LetterKind] = SHIPPED) -> Mapping[str, LetterKind]:
    """The kinds under their ids, in order; raises ValueError for an id that comes twice."""
    found: dict[str, LetterKind] = {}
    for kind in kinds:
        if kind.id in found:
            raise ValueError(f"two letter kinds have the id {kind.id!r}")
        found[kind.id] = kind
    return MappingProxyType(found)


def field_names(kinds: Iterable[LetterKind] = SHIPPED) -> dict[str, frozenset[str]]:
    """Names that flows may ask for, under each kind and under each direction (all kinds of it together)."""
    found: dict[str, frozenset[str]] = {}
    for kind in kinds:
        found[kind.id] = kind.field_names
        found[kind.direction] = found.get(kind.direction, frozenset()) | kind.field_names
    return found
