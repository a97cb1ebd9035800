"""Files from outside are judged in a child, within limits, and our own troubles are not blamed on them."""

from __future__ import annotations

import hashlib
from io import BytesIO

import pikepdf
import pytest
from signed_pages import NOW, judge

from intranet_surat.errors import TooLarge, Unavailable
from intranet_surat.services import children, verifying_pdf, verifying_upload


def test_a_file_from_outside_is_judged_in_a_child(authority, signed):
    assert verifying_upload.judge(signed, authority.roots, NOW).as_dict() == judge(authority, signed).as_dict()
    spoiled = bytearray(signed)
    spoiled[900] ^= 1
    assert verifying_upload.judge(bytes(spoiled), authority.roots, NOW).overall == "tidak"
    assert verifying_upload.judge(b"no pdf", authority.roots, NOW).overall == "belum"


def test_an_upload_over_its_limits_is_refused_with_the_limit(authority, pdf):
    with pytest.raises(TooLarge, match="10 MB"):
        verifying_upload.judge(bytes(verifying_upload.LARGEST + 1), authority.roots, NOW)
    many = BytesIO()
    with pikepdf.new() as document:
        for _ in range(verifying_upload.PAGES + 1):
            document.add_blank_page()
        document.save(many)
    with pytest.raises(TooLarge, match="200 halaman"):
        verifying_upload.judge(many.getvalue(), authority.roots, NOW)


def test_a_child_that_is_stopped_leaves_it_undecided(authority, signed, monkeypatch):
    def stopped(*_, **__):
        raise children.ChildStopped("time")

    monkeypatch.setattr(children, "run", stopped)
    judged = verifying_upload.judge(signed, authority.roots, NOW)
    assert (judged.overall, judged.sha256) == ("belum", hashlib.sha256(signed).hexdigest())


def test_a_full_queue_is_told_at_once(authority, signed, monkeypatch):
    monkeypatch.setattr(verifying_upload._queue, "acquire", lambda **_: False)
    with pytest.raises(Unavailable, match="Tunggu sebentar"):
        verifying_upload.judge(signed, authority.roots, NOW)


def test_a_bomb_is_undecided_and_not_called_tampered(authority):
    bomb = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        document.Root.Bomb = document.make_stream(bytes(120 * 1024 * 1024))
        document.Root.Note = pikepdf.String("/ByteRange")
        document.save(bomb, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert judge(authority, bomb.getvalue()).overall == "belum"


def test_trouble_of_our_own_machine_is_not_blamed_on_the_file(authority, signed, monkeypatch):
    def full(*_, **__):
        raise OSError("no more files")

    monkeypatch.setattr(verifying_pdf, "PdfFileReader", full)
    assert judge(authority, signed).overall == "belum"
