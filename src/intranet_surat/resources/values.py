"""The two shapes of stored data: small frozen values, and records with declared fields; no business class."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

from persistent import Persistent

Kind = TypeVar("Kind")


def stored(cls: type[Kind]) -> type[Kind]:
    """Make a frozen dataclass with slots fit for the database.

    What is stored is the tuple of values in the order of the fields. A field added later goes to the end
    with a default: an old tuple is shorter, and the defaults fill the rest. Raises TypeError on reading
    when a stored tuple does not fit.
    """
    names = tuple(each.name for each in fields(cls))  # type: ignore[arg-type]

    def getstate(self: Any) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in names)

    def setstate(self: Any, state: tuple[Any, ...]) -> None:
        if len(state) > len(names):
            raise TypeError(f"{cls.__name__}: {len(state)} values stored, this release knows {len(names)}")
        for name, value in zip(names, state, strict=False):
            object.__setattr__(self, name, value)
        for each in fields(self)[len(state) :]:
            object.__setattr__(self, each.name, _default(cls, each))

    def less(self: Any, other: Any) -> bool:
        # Not an order of the domain: the resolution of conflicts compares values with < before ==, and a
        # value that cannot be compared would turn every concurrent write beside it into a conflict.
        return repr(getstate(self)) < repr(getstate(other)) if type(self) is type(other) else NotImplemented

    cls.__lt__ = less  # type: ignore[attr-defined,operator]
    cls.__getstate__ = getstate  # type: ignore[attr-defined,method-assign]
    cls.__setstate__ = setstate  # type: ignore[attr-defined]
    return cls


def _default(cls: type, each: Any) -> Any:
    if each.default is not MISSING:
        return each.default
    if each.default_factory is not MISSING:
        return each.default_factory()
    raise TypeError(f"{cls.__name__}.{each.name} was not stored and has no default")


class Record(Persistent):
    """A persistent object whose fields are class attributes with defaults.

    A field added later is one more class attribute: records stored before read its default.
    """

    def __init__(self, **values: Any) -> None:
        for name, value in values.items():
            if name.startswith("_") or not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no field {name!r}")
            setattr(self, name, value)
