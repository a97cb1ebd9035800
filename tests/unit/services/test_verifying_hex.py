"""Hexadecimal strings of a PDF, read in one piece: the same value, place and refusal as the library's own reader."""

from __future__ import annotations

import random
from io import BytesIO

import pytest
from pyhanko.pdf_utils.misc import PdfError

from intranet_surat.services import verifying_hex

SAMPLES = [
    b"<>", b"<4>", b"<48656C6C6F>", b"<48 65\n6c\t6C 6f>tail", b"<FEFF00480069>", b"<EFBBBF4869> x", b"<48%komentar>\n65>",
    b"<48", b"<", b"<4G>", b"<48<65>", b"<" + b"ab" * 700 + b">x", b"<" + b"ab" * 40000 + b">x", b"<" + b"0" * 70000,
    b"<\x00\x0c48>", b"<c3a4>", b"<ff>",
    b"<48%>\n65>", b"<48%>\r65>", b"<48%>", b"<48\x0b65>", b"<48\xa065>", b"<<48>>", b"<48>>", b"<%", b"<48%\n>",
    *(b"<" + b"a" * length + end for length in (1021, 1022, 1023, 1024, 66557, 66558) for end in (b">", b" >", b"")),
]  # fmt: skip


def outcome(reader, data, start=0):
    stream = BytesIO(b"?" * start + data)
    stream.seek(start)
    try:
        value = reader(stream)
    except PdfError as error:
        return type(error), str(error)
    return type(value), bytes(getattr(value, "original_bytes", value)), value, stream.tell()


@pytest.mark.parametrize("data", SAMPLES, ids=lambda data: repr(data[:14]))
def test_each_string_is_read_as_the_library_reads_it(data):
    assert outcome(verifying_hex.read, data, 7) == outcome(verifying_hex._slowly, data, 7)


def test_strings_of_chance_are_read_as_the_library_reads_them(amount):
    chance = random.Random(7)
    for _ in range(amount(2000, 100_000)):
        long = chance.choice((0, 0, 0, verifying_hex.PIECE - 10))
        some = bytes(chance.choices(b"0123456789abcdefABCDEF \n\r>%<gz\x00", k=chance.randrange(30)))
        data = b"<" + b"4" * long + some + chance.choice((b">\n", b">>", b""))
        assert outcome(verifying_hex.read, data) == outcome(verifying_hex._slowly, data)
