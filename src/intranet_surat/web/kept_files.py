"""Uploads that wait while their form is corrected: one folder a person, gone after a day; nothing stored for good."""

from __future__ import annotations

import json
import re
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from intranet_surat.services.uploads import Upload

LONGEST_WAIT = 24 * 3600
MOST = 20
"""How many files of one person wait at most."""
_SHA = re.compile(r"[0-9a-f]{64}\Z")


class KeptFiles:
    """The waiting files of one person below ``root``; a hash is the handle, which is good for its own person only."""

    def __init__(self, root: Path, person: str) -> None:
        self._folder = root / "formulir" / re.sub(r"[^A-Za-z0-9_-]", "_", person)

    def keep(self, upload: Upload) -> Upload:
        """Copy an accepted upload beside what is known of it, and forget what waited too long."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._forget_old()
        path = self._folder / upload.sha256
        if upload.path != path:
            shutil.copyfile(upload.path, path)
        path.chmod(0o600)
        facts = {
            "size": upload.size,
            "type": upload.type,
            "filename": upload.filename,
            "pages": upload.pages,
            "flags": upload.flags,
            "code": upload.code,
        }
        path.with_suffix(".json").write_text(json.dumps(facts), "utf-8")
        return self._made(path, facts, upload.place)

    def get(self, sha256: str, place: str = "attachment") -> Upload | None:
        """The file with this hash, as if just accepted for ``place``, if this person has left one."""
        if not _SHA.match(sha256 or ""):
            return None
        path = self._folder / sha256
        try:
            facts = json.loads(path.with_suffix(".json").read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return self._made(path, facts, place) if path.is_file() else None

    def drop(self, sha256: str) -> None:
        """Forget a file that has found its letter."""
        if _SHA.match(sha256 or ""):
            (self._folder / sha256).unlink(missing_ok=True)
            (self._folder / sha256).with_suffix(".json").unlink(missing_ok=True)

    def _made(self, path: Path, facts: Mapping[str, Any], place: str) -> Upload:
        return Upload(path, path.name, **{**facts, "flags": tuple(facts["flags"])}, place=place)

    def _forget_old(self) -> None:
        """Forget what waited too long, and the oldest of what is too much: forms may never come to an end."""
        oldest = time.time() - LONGEST_WAIT
        waiting = sorted((path.stat().st_mtime, path.name) for path in self._folder.iterdir() if not path.suffix)
        for place, (since, name) in enumerate(reversed(waiting), 1):
            if place >= MOST or since < oldest:
                self.drop(name)
