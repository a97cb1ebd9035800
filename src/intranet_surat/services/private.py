"""Seals personal values (NIK and the like) for the database and masks them for people; who may see is not here.

Each value is sealed alone (AES-256-GCM) and bound to its record and its field: a sealed value that was
copied elsewhere in the database does not open there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from intranet_surat.errors import Unavailable
from intranet_surat.resources.document import PrivateRecord

KEY_BYTES = 32
_VERSION = b"\x01"
_NONCE = 12


def seal(key: bytes, record: str, values: Mapping[str, str]) -> PrivateRecord:
    """A record with each of ``values`` sealed for ``record`` (the letter's id). Raises ValueError for a wrong key."""
    return PrivateRecord(sealed={name: seal_one(key, record, name, value) for name, value in values.items()})


def unseal(key: bytes, record: str, private: PrivateRecord | None) -> dict[str, str]:
    """All values of a private record. Raises Unavailable when one does not open."""
    if private is None:
        return {}
    return {name: open_one(key, record, name, sealed) for name, sealed in private.sealed.items()}


def seal_one(key: bytes, record: str, field: str, value: str) -> bytes:
    """One sealed value: version, nonce, text and tag. Raises ValueError for a wrong key."""
    nonce = os.urandom(_NONCE)
    return _VERSION + nonce + _cipher(key).encrypt(nonce, value.encode(), _bound_to(record, field))


def open_one(key: bytes, record: str, field: str, sealed: bytes) -> str:
    """The value again. Raises Unavailable when key, record, field or bytes are not those it was sealed with."""
    nonce, rest = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        if sealed[:1] != _VERSION:
            raise InvalidTag
        return _cipher(key).decrypt(nonce, rest, _bound_to(record, field)).decode()
    except (InvalidTag, ValueError):
        raise Unavailable(
            "Data pribadi pada surat ini tidak dapat dibuka dengan kunci yang terpasang. Beri tahu DKISP."
        ) from None


def mask_nik(nik: str) -> str:
    """A NIK as it may be shown: four digits, ten stars, two digits. What is not a NIK is all stars."""
    if re.fullmatch(r"[0-9]{16}", nik):
        return f"{nik[:4]}{'*' * 10}{nik[-2:]}"
    return "*" * len(nik)


def create_key(path: Path) -> None:
    """Make a key file for the owner alone; one that is there stays as it is. Raises OSError."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as stream:
        stream.write(AESGCM.generate_key(KEY_BYTES * 8))
        stream.flush()
        os.fsync(stream.fileno())


def _cipher(key: bytes) -> AESGCM:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes")
    return AESGCM(key)


def _bound_to(record: str, field: str) -> bytes:
    parts = (b"intranet_surat/private/1", record.encode(), field.encode())
    return b"".join(len(part).to_bytes(4, "big") + part for part in parts)
