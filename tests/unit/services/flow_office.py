"""What tests of publishing share: readers with rights, shipped flows with words changed, and how to end a letter."""

from __future__ import annotations

import re
from pathlib import Path

from intranet_surat.services import flow_proofs, publishing, work

WORKFLOWS = Path(__file__).resolve().parents[3] / "workflows"
DESIGNER = "kasubag-umum.dinkes"
REGENCY_DESIGNER = "staf-organisasi.setda"
APPROVER = "kabag-organisasi.setda"


def version(name: str = "surat_masuk.yaml") -> int:
    """The version of a shipped flow."""
    return int(re.search(r"(?m)^version: (\d+)$", (WORKFLOWS / name).read_text(encoding="utf-8"))[1])


OLD = version()
NEW = OLD + 1


def text(name: str, *changes: tuple[str, str], migrate: str | None = None) -> str:
    """A shipped flow as its next version, without its own tests, some words replaced by others.

    ``migrate`` is what its line says beside the version that it moves.
    """
    found = (WORKFLOWS / name).read_text(encoding="utf-8").partition("\ntests:\n")[0] + "\n"
    now = version(name)
    for old, new in ((f"\nversion: {now}\n", f"\nversion: {now + 1}\n"), *changes):
        assert old in found, old
        found = found.replace(old, new)
    found = found.replace("migrate:\n  - {from: 2}\n", "")
    if migrate is None:
        return found
    return found + f"migrate: [{{from: {now}{', ' if migrate else ''}{migrate}}}]\n"


def publish(desk, written, office=None, why="Perbaikan", source="uji.yaml"):
    """Put a text into force and commit."""
    designer = DESIGNER if office == "DINKES" else REGENCY_DESIGNER
    done, proofs = publishing.publish(
        desk.house, desk.site, written, source, office, desk.as_(designer), desk.as_(APPROVER), why, desk.now
    )
    desk.commit()
    return done, proofs


def check(desk, written, office=None, source="uji.yaml"):
    return flow_proofs.check(desk.house, desk.site, written, source, office, desk.now)


def work_off(desk, db):
    """Let the worker do everything that is due."""
    done = work.run_due(desk.house, db, desk.now)
    desk.tm.abort()
    desk.tm.begin()
    return done
