"""The hash chain of a history: what each hash is over. Nothing here is stored, so that others can check it too."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC
from typing import Any

import rfc8785

GENESIS = "0" * 64
"""What the first line names as the one before it."""


def facts(values: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an act, without its hash, as JSON values."""
    at = values["at"].astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    return {**values, "at": at, "files": list(values["files"]), "who": dict(values["who"])}


def digest(told: Mapping[str, Any]) -> str:
    """The hash of an act: SHA-256 over its facts in the canonical form of RFC 8785."""
    return hashlib.sha256(rfc8785.dumps(dict(told))).hexdigest()


def payload_digest(salt: bytes, text: str) -> str:
    """The hash by which an act binds what was entered at it; salted, so that what was erased cannot be guessed."""
    return hashlib.sha256(salt + text.encode()).hexdigest()
