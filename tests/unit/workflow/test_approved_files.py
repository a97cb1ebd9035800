"""What somebody has approved can be read."""

from __future__ import annotations

from pathlib import Path

APPROVED = Path(__file__).with_name("approved")
LINES, BYTES = 300, 20 * 1024


def test_no_approved_file_is_longer_than_a_person_reads():
    sizes = {file.name: (file.read_text("utf-8").count("\n"), file.stat().st_size) for file in APPROVED.iterdir()}
    assert {name: size for name, size in sizes.items() if size[0] > LINES or size[1] > BYTES} == {}
