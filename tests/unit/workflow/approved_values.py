"""Values of the engine as lines that a person can read and approve: one fact a line, with its place in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from intranet_surat.workflow.findings import Finding
from intranet_surat.workflow.matrix import Power
from intranet_surat.workflow.model import Mark, See

LEFT_OUT = {"text", "written", "hash", "mark"}  # what the other lines say already
WIDE = 150


def place(mark: Mark | None) -> str:
    return "-" if mark is None else f"{Path(mark.file).name}:{mark.line}:{mark.column}"


def lines(value: Any, name: str, home: str = "") -> Iterator[str]:
    """The value in one line when it fits; otherwise its simple parts in one, and below it the others with their paths."""
    inner = dict(parts(value))
    if len(line := f"{name}: {short(value, home)}".removeprefix(": ")) <= WIDE or not inner:
        yield line
        return
    simple = {key: one for key, one in inner.items() if is_dataclass(value) and not whole(one)}
    if is_dataclass(value):
        yield f"{name}: {kind(value, home)}({named(simple, home)})".removeprefix(": ")
    for key, one in inner.items():
        if key not in simple:
            yield from lines(one, f"{name}.{key}".removeprefix("."), home)


def whole(value: Any) -> bool:
    """Whether there is more in it than a few plain words."""
    return is_dataclass(value) or any(whole(one) for _, one in parts(value))


def parts(value: Any) -> Iterator[tuple[str, Any]]:
    """What is in a value, except what says nothing."""
    if isinstance(value, Mark):
        return
    if is_dataclass(value) and not isinstance(value, type):
        for each in fields(value):
            inner = getattr(value, each.name)
            if each.name not in LEFT_OUT and inner not in (None, "", (), {}, See()):
                yield each.name, inner
    elif isinstance(value, Mapping):
        yield from ((str(key), one) for key, one in value.items())
    elif isinstance(value, list | tuple):
        yield from ((str(number), one) for number, one in enumerate(value))


def kind(value: Any, home: str) -> str:
    """The class of a value with its place; the file only when it is another."""
    mark = getattr(value, "mark", None)
    return f"{type(value).__name__}{'' if mark is None else ' ' + place(mark).removeprefix(f'{home}:')}"


def named(values: Mapping[str, Any], home: str) -> str:
    return ", ".join(f"{key}={short(one, home)}" for key, one in values.items())


def short(value: Any, home: str) -> str:
    """The value in one line."""
    if isinstance(value, Mark):
        return place(value).removeprefix(f"{home}:")
    if is_dataclass(value) and not isinstance(value, type):
        return f"{kind(value, home)}({named(dict(parts(value)), home)})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {short(one, home)}' for key, one in parts(value))}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(short(one, home) for _, one in parts(value))}]"
    if isinstance(value, set | frozenset):
        return f"{{{', '.join(sorted(map(str, value)))}}}"
    return repr(value) if isinstance(value, str | int | bool | float) else str(value)


def finding(one: Finding) -> str:
    """A finding with all that a designer is told."""
    accepted = f" accepted {' '.join(one.accepted)}" if one.accepted else ""
    meant = f" meant '{one.suggestion}'" if one.suggestion else ""
    return f"{place(one.mark)} {one.rule}: {one.message}{accepted}{meant}"


def powers(found: Iterable[Power]) -> Iterator[str]:
    """Powers by state and act, with everybody who has them."""
    who: dict[tuple[str, str], dict[tuple[str, str], list[str]]] = {}
    for each in sorted(found):
        who.setdefault((each.state, each.action), {}).setdefault((each.position, each.how), []).append(each.level)
    for (state, action), people in sorted(who.items()):
        said = (f"{who}{f' ({how})' if how else ''} {''.join(levels)}" for (who, how), levels in people.items())
        yield f"{state} {action}: {', '.join(said)}"
