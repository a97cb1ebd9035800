"""Folders: named children in a BTree, the identifiers, and paths in the tree; no folder of a special kind."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator
from typing import Any

from BTrees.OOBTree import OOBTree
from ZODB.POSException import POSKeyError

from intranet_surat.resources.values import Record


def new_id() -> str:
    """Return 80 random bits as 16 characters of base32 in lower case."""
    return base64.b32encode(secrets.token_bytes(10)).decode("ascii").lower()


class Folder(Record):
    """Named children. It has no length on purpose: counting would walk the tree, and empty would be false."""

    __parent__: Any = None
    __name__: str | None = None
    _items: OOBTree | None = None

    def __getitem__(self, name: str) -> Any:
        if self._items is None:
            raise KeyError(name)
        return self._items[name]

    def __setitem__(self, name: str, child: Any) -> None:
        """Put a child under a name that is free. Raises KeyError when it is taken, ValueError for a bad name."""
        if not isinstance(name, str) or not name or "/" in name or name.startswith("@@") or name in (".", ".."):
            raise ValueError(f"not a name for a child: {name!r}")
        if self._items is None:
            self._items = OOBTree()
        if name in self._items:
            raise KeyError(f"{path(self)} already has a child {name!r}")
        child.__parent__ = self
        child.__name__ = name
        self._items[name] = child

    def __delitem__(self, name: str) -> None:
        child = self[name]
        if self._items is not None:
            del self._items[name]
        child.__parent__ = None

    def __contains__(self, name: object) -> bool:
        return self._items is not None and name in self._items

    def __iter__(self) -> Iterator[str]:
        return iter(self.keys())

    def get(self, name: str, default: Any = None) -> Any:
        """Return the child, or the default."""
        return default if self._items is None else self._items.get(name, default)

    def keys(self) -> Any:
        """Return the names in order, lazily."""
        return () if self._items is None else self._items.keys()

    def values(self) -> Any:
        """Return the children in the order of their names, lazily."""
        return () if self._items is None else self._items.values()

    def items(self) -> Any:
        """Return (name, child) pairs in the order of the names, lazily."""
        return () if self._items is None else self._items.items()


def path(resource: Any) -> str:
    """Return the path from the site, for instance ``/dinkes/surat-masuk/2026/abc``; the site itself is ``/``."""
    names = []
    while resource is not None and getattr(resource, "__parent__", None) is not None and not _is_root(resource):
        names.append(str(resource.__name__))
        resource = resource.__parent__
    return "/" + "/".join(reversed(names))


def find(site: Any, where: str) -> Any:
    """Return the resource at a path that `path` made. Raises KeyError when there is none."""
    found = site
    for name in where.strip("/").split("/"):
        if name:
            try:
                found = found[name]
            except (TypeError, AttributeError):
                raise KeyError(where) from None
    return found


def find_if_there(site: Any, where: str) -> Any | None:
    """Return the resource at a path, None when there is none. Raises POSKeyError when the database has lost it.

    That is a KeyError too: taken for an absence it would let go of what a backup brings back.
    """
    try:
        return find(site, where)
    except POSKeyError:
        raise
    except KeyError:
        return None


def top_path(where: str) -> str:
    """Return the path of the letter of an item: office, drawer, year and id, below the villages one name more."""
    names = where.split("/")
    depth = next(place for place, name in enumerate(names) if name in ("surat-masuk", "surat-keluar")) + 3
    return "/".join(names[:depth])


def _is_root(resource: Any) -> bool:
    return getattr(resource, "is_site", False)
