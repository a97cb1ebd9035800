"""A file while it is signed: only what is appended is written, however large it is."""

from __future__ import annotations

import os
from io import SEEK_END, BufferedRandom, BytesIO

import pikepdf
import pytest
from signed_pages import ANI, BUDI, Pki, judge, page

from intranet_surat.services.signing_file import Appended

BEFORE = b"yang dibaca"


def test_what_was_read_is_never_written_over():
    file = Appended(BEFORE)
    file.seek(3)
    with pytest.raises(ValueError, match="not written over"):
        file.write(b"x")
    assert file.whole() == BEFORE


def test_what_is_appended_is_read_back_with_what_was_there():
    file = Appended(BEFORE)
    stream = BufferedRandom(file, buffer_size=4)
    stream.seek(0, SEEK_END)
    stream.write(b", lalu ditandatangani")
    stream.seek(len(BEFORE) + 2)
    stream.write(b"LALU")
    stream.seek(5)
    assert stream.read() == b"dibaca, LALU ditandatangani"
    stream.flush()
    assert file.whole() == b"yang dibaca, LALU ditandatangani"
    assert (stream.seek(-4, SEEK_END), stream.read()) == (len(file.whole()) - 4, b"gani")


def test_a_letter_with_a_large_attachment_is_signed_by_two_and_stays_as_it_was():
    out, pki = BytesIO(), Pki()
    with pikepdf.open(BytesIO(page())) as opened:
        opened.Root["/Lampiran"] = opened.make_stream(os.urandom(3 << 20))
        opened.save(out)
    once = pki.sign(out.getvalue(), ANI)
    twice = pki.sign(once, BUDI)
    assert twice.startswith(once)
    assert once.startswith(out.getvalue())
    found = judge(pki, twice)
    assert (found.overall, [each.field for each in found.signatures]) == ("sah", ["TTE_1", "TTE_2"])
