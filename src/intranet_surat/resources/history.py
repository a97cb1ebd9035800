"""The history of one letter: acts in a hash chain, what was entered beside them; nothing outside can change it."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import rfc8785
from persistent import Persistent

from intranet_surat.resources import chain
from intranet_surat.resources.chain import GENESIS
from intranet_surat.resources.values import stored

FORMAT = 1
CHUNK = 8


@stored
@dataclass(frozen=True, slots=True)
class Act:
    """One line of the history; ``hash`` is over all the other fields, ``prev`` the hash of the line before.

    ``who`` is the snapshot of name, title and office; ``order`` names the decree behind ``capacity``;
    ``flow`` and ``files`` are SHA-256 sums; ``payload_digest`` binds what was entered, which stands beside.
    """

    v: int
    seq: int
    prev: str
    at: datetime
    letter: str
    item: str
    state_from: str
    state_to: str
    action: str
    position: str
    person: str
    capacity: str
    order: str
    flow: str
    files: tuple[str, ...]
    payload_digest: str
    who: Mapping[str, str]
    hash: str

    def facts(self) -> dict[str, Any]:
        """Return what the hash is over, as JSON values."""
        values = {each.name: getattr(self, each.name) for each in fields(self) if each.name != "hash"}
        return chain.facts(values)

    def computed(self) -> str:
        """Return the hash that the fields give; equal to ``hash`` unless something was changed."""
        return chain.digest(self.facts())


class Chunk(Persistent):
    """A few acts and their payloads: the only thing that an added act rewrites besides the head."""

    def __init__(self) -> None:
        self.acts: tuple[Act, ...] = ()
        self.payloads: tuple[tuple[bytes, str] | None, ...] = ()


class History(Persistent):
    """The acts of one letter, oldest first. It only grows; `erase` destroys what was entered, not that it was."""

    def __init__(self, letter: str) -> None:
        self.letter = letter
        self.head = GENESIS
        self.count = 0
        self.chunks: tuple[Chunk, ...] = ()

    def add(
        self,
        *,
        at: datetime,
        item: str,
        state_from: str,
        state_to: str,
        action: str,
        position: str,
        person: str,
        letter: str = "",
        capacity: str = "",
        order: str = "",
        flow: str = "",
        files: Iterable[str] = (),
        entered: Mapping[str, Any] | None = None,
        who: Mapping[str, str] | None = None,
        salt: bytes | None = None,
    ) -> Act:
        """Append an act and return it.

        Raises ValueError for a time without zone, another letter's id, or entered values that are not JSON.
        """
        if at.tzinfo is None:
            raise ValueError("an act needs a time with a zone")
        if letter not in ("", self.letter):
            raise ValueError(f"this is the history of {self.letter}, not of {letter}")
        salt = secrets.token_bytes(16) if salt is None else salt
        text = rfc8785.dumps(dict(entered or {})).decode("utf-8")
        values: dict[str, Any] = {
            "v": FORMAT,
            "seq": self.count,
            "prev": self.head,
            "at": at.astimezone(UTC),
            "letter": self.letter,
            "item": item,
            "state_from": state_from,
            "state_to": state_to,
            "action": action,
            "position": position,
            "person": person,
            "capacity": capacity,
            "order": order,
            "flow": flow,
            "files": tuple(files),
            "payload_digest": chain.payload_digest(salt, text),
            "who": dict(who or {}),
        }
        act = Act(**values, hash=chain.digest(chain.facts(values)))
        self._append(act, (salt, text))
        return act

    def _append(self, act: Act, payload: tuple[bytes, str]) -> None:
        if not self.chunks or len(self.chunks[-1].acts) >= CHUNK:
            self.chunks = (*self.chunks, Chunk())
        chunk = self.chunks[-1]
        chunk.acts = (*chunk.acts, act)
        chunk.payloads = (*chunk.payloads, payload)
        self.head = act.hash
        self.count += 1

    def __iter__(self) -> Iterator[Act]:
        for chunk in self.chunks:
            yield from chunk.acts

    def __len__(self) -> int:
        return self.count

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, seq: int) -> Act:
        """Return an act by its number. Raises IndexError."""
        chunk, place = self._place(seq)
        return chunk.acts[place]

    def entered(self, seq: int) -> dict[str, Any]:
        """Return what was entered at an act; empty when it was erased. Raises IndexError."""
        chunk, place = self._place(seq)
        payload = chunk.payloads[place]
        return {} if payload is None else json.loads(payload[1])

    def payload(self, seq: int) -> tuple[bytes, str] | None:
        """Return the salt and the canonical text that an act binds; None when they were erased. Raises IndexError."""
        chunk, place = self._place(seq)
        return chunk.payloads[place]

    def erased(self, seq: int) -> bool:
        """Tell whether what was entered at an act was destroyed. Raises IndexError."""
        chunk, place = self._place(seq)
        return chunk.payloads[place] is None

    def erase(self, seq: int) -> None:
        """Destroy what was entered at an act, with its salt; the chain stays verifiable. Raises IndexError."""
        chunk, place = self._place(seq)
        chunk.payloads = (*chunk.payloads[:place], None, *chunk.payloads[place + 1 :])

    def _place(self, seq: int) -> tuple[Chunk, int]:
        if not 0 <= seq < self.count:
            raise IndexError(seq)
        return self.chunks[seq // CHUNK], seq % CHUNK

    def problems(self, anchor: str | None = None) -> list[str]:
        """Return what is wrong with the chain, in words; nothing when all is well.

        ``anchor`` is a head noted elsewhere at an earlier time: it must still be in the chain, which shows
        a chain that was cut off at its end or written anew.
        """
        found: list[str] = []
        prev, hashes = GENESIS, {GENESIS}
        payloads = [payload for chunk in self.chunks for payload in chunk.payloads]
        acts = list(self)
        for place, act in enumerate(acts):
            where = f"Baris {place + 1}"
            if act.seq != place:
                found.append(f"{where}: bernomor {act.seq + 1}; ada baris yang hilang, disisipkan, atau ditukar.")
            if act.prev != prev:
                found.append(f"{where}: tidak menyambung baris sebelumnya.")
            if act.letter != self.letter:
                found.append(f"{where}: milik surat lain.")
            if act.computed() != act.hash:
                found.append(f"{where}: isinya tidak cocok dengan sidik jarinya.")
            payload = payloads[place] if place < len(payloads) else None
            if payload is not None and chain.payload_digest(*payload) != act.payload_digest:
                found.append(f"{where}: isian tidak cocok dengan sidik jarinya.")
            prev = act.hash
            hashes.add(act.hash)
        if len(payloads) != len(acts) or len(acts) != self.count or prev != self.head:
            found.append(f"Riwayat berakhir pada baris {len(acts)}, padahal tercatat {self.count} baris.")
        if anchor is not None and anchor not in hashes:
            found.append(
                "Riwayat tidak memuat baris yang pernah dicatat di luar; riwayat terpotong atau ditulis ulang."
            )
        return found
