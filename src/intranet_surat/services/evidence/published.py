"""Anchors as they were published: lines of JSON in files, which anybody may hold and compare a package with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from intranet_surat.services.evidence import merkle
from intranet_surat.services.evidence.anchored import digest, leaf

FACTS = ("v", "number", "day", "previous", "root", "letters")
"""What the digest of an anchor is over; lines for the public hold nothing else but the digest."""


@dataclass(frozen=True, slots=True)
class Published:
    """Anchors by number, each with its ``digest``; and which head of a letter stood in which, where that is told."""

    anchors: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)
    heads: Mapping[str, tuple[tuple[int, str, int], ...]] = field(default_factory=dict)

    @property
    def last(self) -> Mapping[str, Any]:
        """The newest of them."""
        return self.anchors[max(self.anchors)]


def lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each line with its number; empty when it is none of ours, such as one whose writer died. Raises OSError."""
    for number, text in enumerate(path.read_bytes().splitlines(), 1):
        try:
            told = json.loads(text)
        except (ValueError, RecursionError):
            told = {}
        if text.strip():
            yield number, told if isinstance(told, dict) and isinstance(told.get("number"), int) else {}


def read(places: Iterable[Path]) -> Published:
    """The anchors in files, and in the ``*.jsonl`` of folders.

    Raises OSError; ValueError when there is none, or when they contradict themselves or each other.
    """
    found: dict[int, dict[str, Any]] = {}
    heads: dict[str, list[tuple[int, str, int]]] = {}
    for place in places:
        for path in sorted(place.glob("*.jsonl")) if place.is_dir() else (place,):
            for number, told in lines(path):
                if "root" not in told:
                    continue  # a timestamp, which is judged where the anchor is
                try:
                    anchor = _anchor(told)
                    if found.setdefault(anchor["number"], anchor) != anchor:
                        raise ValueError(f"another anchor {anchor['number']} is published elsewhere")
                    for letter, head, acts in told.get("leaves", ()):
                        heads.setdefault(str(letter), []).append((anchor["number"], str(head), int(acts)))
                except (ValueError, TypeError, KeyError) as error:
                    raise ValueError(f"{path}, line {number}: {error}") from None
    if not found:
        raise ValueError("no anchor is in the files of published anchors")
    for number, anchor in found.items():
        if number - 1 in found and anchor["previous"] != found[number - 1]["digest"]:
            raise ValueError(f"published anchor {number} does not follow anchor {number - 1}")
    return Published(found, {letter: tuple(told) for letter, told in heads.items()})


def _anchor(told: Mapping[str, Any]) -> dict[str, Any]:
    facts = {name: told[name] for name in FACTS}
    if digest(facts) != told["digest"]:
        raise ValueError("the anchor does not have its digest")
    leaves = told.get("leaves")
    if leaves is not None and merkle.root([leaf(*each) for each in leaves]).hex() != facts["root"]:
        raise ValueError("the letters of the anchor do not give its root")
    return {**facts, "digest": told["digest"]}
