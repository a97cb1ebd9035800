"""The guide for designers of flows does what it says: its commands run, in order, from nothing to a published change."""

from __future__ import annotations

import shutil

import worked
from installation import ROOT

PAGE = (ROOT / "docs" / "workflows.md").read_text(encoding="utf-8")


def test_the_guide_takes_a_reader_from_nothing_to_a_published_change(tmp_path):
    for name in ("development.ini", "workflows"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    worked.run(worked.blocks(PAGE), tmp_path, {}, timeout=600)


def test_the_guide_promises_something_in_every_step():
    blocks = worked.blocks(PAGE)
    assert len(blocks) > 9
    assert all(map(worked.promised, blocks))
