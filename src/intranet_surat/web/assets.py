"""Addresses of static files that carry the hash of the content, so that browsers may keep them for ever."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from pyramid.interfaces import ICacheBuster
from pyramid.path import AssetResolver
from pyramid.request import Request
from zope.interface import implementer


@implementer(ICacheBuster)
class ContentHash:
    """Adds ``?x=<hash>`` to the address of a file; an overridden asset gets the hash of what overrides it."""

    def __call__(self, _request: Request, subpath: str, kw: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The address of a file with its hash."""
        query = dict(kw.get("_query") or {})
        query["x"] = content_hash(kw["rawspec"] if kw.get("rawspec") else kw["pathspec"])
        return subpath, {**kw, "_query": query}


def content_hash(spec: str) -> str:
    """The first characters of the SHA-256 of an asset; nothing when it is not there."""
    asset = AssetResolver().resolve(spec)
    path = asset.abspath()
    return _hash(path, _changed(path)) if asset.exists() else ""


def _changed(path: str) -> int:
    return Path(path).stat().st_mtime_ns


@lru_cache(maxsize=256)
def _hash(path: str, _changed_at: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:16]
