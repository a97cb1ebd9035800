"""A hash tree over leaves in order, as RFC 6962 has it: leaves and nodes are hashed in domains of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def leaf_hash(data: bytes) -> bytes:
    """The hash of one leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over the data of all leaves; of none it is the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    return _over([leaf_hash(each) for each in leaves])


def path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """The hashes beside the way from a leaf to the root, from below. Raises IndexError."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    hashes, beside = [leaf_hash(each) for each in leaves], []
    while len(hashes) > 1:
        cut = _cut(len(hashes))
        left = index < cut
        beside.append(_over(hashes[cut:] if left else hashes[:cut]))
        hashes = hashes[:cut] if left else hashes[cut:]
        index -= 0 if left else cut
    return tuple(reversed(beside))


def leads_to(data: bytes, index: int, count: int, beside: Sequence[bytes], expected: bytes) -> bool:
    """Whether a leaf stands at that place of a tree of ``count`` leaves whose root is ``expected``."""
    if not 0 <= index < count:
        return False
    turns, size = [], count
    while size > 1:
        cut = _cut(size)
        turns.append(index < cut)
        index, size = (index, cut) if index < cut else (index - cut, size - cut)
    if len(turns) != len(beside):
        return False
    found = leaf_hash(data)
    for left, other in zip(reversed(turns), beside, strict=True):
        found = _node(found, other) if left else _node(other, found)
    return found == expected


def _over(hashes: Sequence[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    cut = _cut(len(hashes))
    return _node(_over(hashes[:cut]), _over(hashes[cut:]))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _cut(count: int) -> int:
    """The largest power of two below ``count``."""
    return 1 << ((count - 1).bit_length() - 1)
