from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from intranet_surat.errors import Unavailable
from intranet_surat.resources.document import Attachment, Rendition
from intranet_surat.resources.opening import open_database

PAPER = b"%PDF-1.7 " + bytes(range(256)) * 5000


@pytest.fixture
def stored(tmp_path):
    """A database on disk with one attachment, and the blob's file."""
    db = open_database(f"file://{tmp_path}/Data.fs")
    with db.transaction() as connection:
        connection.root()["file"] = Attachment(PAPER, type="application/pdf", filename="undangan.pdf", place="scan")
    connection = db.open()
    attachment = connection.root()["file"]
    yield attachment, Path(attachment.blob.committed())
    connection.close()
    db.close()


def test_the_source_stays_so_that_a_repeated_request_finds_it(tmp_path):
    source = tmp_path / "upload"
    source.write_bytes(PAPER)
    first, second = Attachment(source), Attachment(str(source))
    assert source.read_bytes() == PAPER
    assert first.content() == second.content() == PAPER


@pytest.mark.parametrize("kind", [Attachment, Rendition])
def test_hash_and_size_are_those_of_the_bytes(kind):
    file = kind(PAPER)
    assert file.sha256 == hashlib.sha256(PAPER).hexdigest()
    assert file.size == len(PAPER)


def test_bytes_are_stored_once():
    file = Attachment(b"a")
    with pytest.raises(ValueError, match="stored once"):
        file.store(b"b")


def test_a_file_without_bytes_says_so():
    with pytest.raises(ValueError, match="no bytes"):
        Attachment().open()


def test_stored_bytes_come_back(stored, tmp_path):
    attachment, _ = stored
    with attachment.open() as stream:
        assert stream.read(8) == PAPER[:8]
    assert attachment.content() == PAPER
    assert attachment.copy_to(tmp_path / "copy").read_bytes() == PAPER


def test_one_changed_bit_is_noticed_and_named_instead_of_shown(stored):
    attachment, blob = stored
    os.chmod(blob, 0o600)  # noqa: PTH101
    damaged = bytearray(PAPER)
    damaged[100] ^= 1
    blob.write_bytes(bytes(damaged))
    with pytest.raises(Unavailable, match=r"undangan\.pdf .*tidak sama lagi"):
        attachment.content()


def test_a_missing_file_is_named(stored):
    attachment, blob = stored
    blob.unlink()
    with pytest.raises(Unavailable, match=r"undangan\.pdf .*tidak ditemukan"):
        attachment.content()
