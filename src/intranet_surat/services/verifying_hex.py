"""Reads hexadecimal strings for pyHanko in one piece; nothing else of a PDF is read here.

The library reads them byte by byte, and a signature is one of 20,000 digits that is read ten times for one verdict:
that was most of the processor time of verification. Whatever is not plainly digits goes to the library's own reader.
"""

from __future__ import annotations

import binascii
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic

DIGITS = b"0123456789abcdefABCDEF"
WHITE = b"\x00\t\n\x0c\r "
PIECE, LARGER = 1024, 65536

_slowly = generic.read_hex_string_from_stream


def install() -> None:
    """Let pyHanko read so in this process."""
    generic.read_hex_string_from_stream = read


def read(stream: BinaryIO) -> Any:
    """The string that begins at the ``<`` under the stream's place; raises what the library raises."""
    begun = stream.tell()
    found = stream.read(PIECE)
    end = found.find(b">")
    while end < 0 and (more := stream.read(LARGER)):
        end = more.find(b">")
        end = end + len(found) if end >= 0 else end
        found += more
    digits = found[1:end].translate(None, WHITE)
    if end < 0 or digits.translate(None, DIGITS):
        stream.seek(begun)
        return _slowly(stream)
    stream.seek(begun + end + 1)
    return generic.pdf_string(binascii.unhexlify(digits + b"0" * (len(digits) % 2)))
