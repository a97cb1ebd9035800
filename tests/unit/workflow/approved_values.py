"""Values of the engine as lines that a person can read and approve: one fact a line, with its place in the file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from intranet_surat.workflow.findings import Finding
from intranet_surat.workflow.model import Mark

LEFT_OUT = {"text", "written", "hash"}  # what the other lines say already


def place(mark: Mark | None) -> str:
    return "-" if mark is None else f"{Path(mark.file).name}:{mark.line}:{mark.column}"


def lines(value: Any, name: str = "") -> Iterator[str]:
    """The value, and what is in it below it."""
    if isinstance(value, Mark) or value is None or isinstance(value, str | int | bool | float):
        yield f"{name}: {place(value) if isinstance(value, Mark) else repr(value)}"
    elif is_dataclass(value) and not isinstance(value, type):
        parts = [each.name for each in fields(value) if each.name not in LEFT_OUT]
        mark = getattr(value, "mark", None)
        yield f"{name}: {type(value).__name__}{f' {place(mark)}' if mark is not None else ''}"
        for each in parts:
            inner = getattr(value, each)
            if each != "mark" and inner not in (None, "", (), {}):
                yield from (f"  {line}" for line in lines(inner, each))
    elif isinstance(value, Mapping):
        yield f"{name}: {len(value)}"
        for key, one in value.items():
            yield from (f"  {line}" for line in lines(one, str(key)))
    elif isinstance(value, list | tuple):
        if all(isinstance(one, str | int | bool) for one in value):
            yield f"{name}: {list(value)}"
        else:
            yield f"{name}: {len(value)}"
            for number, one in enumerate(value):
                yield from (f"  {line}" for line in lines(one, str(number)))
    elif isinstance(value, set | frozenset):
        yield f"{name}: {sorted(map(str, value))}"
    else:
        yield f"{name}: {value}"


def finding(one: Finding) -> str:
    """A finding with all that a designer is told."""
    accepted = f" accepted {' '.join(one.accepted)}" if one.accepted else ""
    meant = f" meant {one.suggestion}" if one.suggestion else ""
    return f"{place(one.mark)} {one.rule}: {one.message}{accepted}{meant}"
