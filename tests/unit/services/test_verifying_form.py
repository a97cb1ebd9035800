"""No byte of a signed file may differ: in its pages, in the signature, or in how the signature is written."""

from __future__ import annotations

import hashlib
import re

import pytest
from signed_pages import judge

from intranet_surat.services import verifying


def places(signed, before):
    """Every region of a signed file, thinly, and each byte next to a border."""
    start = signed.index(b"/Contents <") + len(b"/Contents ")
    end = signed.index(b">", start)
    der = len(bytes.fromhex(signed[start + 1 : end].decode()).rstrip(b"\0")) * 2
    yield from range(0, start, 997)
    yield from range(start - 2, start + 6)
    yield from range(start + 8, start + der, 211)
    yield from (start + der + 1, start + der + 2, start + der + 500, end - 1, end, end + 1)
    yield from range(end + 2, len(signed), 97)
    yield from (len(before) - 1, len(before), len(signed) - 1)


def gap_of(signed):
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    return start, signed.index(b">", start)


@pytest.mark.parametrize("mask", [0x01, 0x20])
def test_no_flipped_byte_is_valid_even_without_the_archive(authority, pdf, signed, mask):
    for place in places(signed, pdf):
        spoiled = bytearray(signed)
        spoiled[place] ^= mask
        judged = judge(authority, bytes(spoiled))
        assert judged.overall != "sah", f"byte {place} of {len(signed)}"


def test_every_flipped_byte_of_an_archived_file_is_invalid(authority, signed):
    archived = hashlib.sha256(signed).hexdigest()
    assert judge(authority, signed, archived=archived).overall == "sah"
    for place in range(len(signed)):
        spoiled = bytearray(signed)
        spoiled[place] ^= 1
        judged = judge(authority, bytes(spoiled), archived=archived)
        assert (judged.overall, judged.reasons) == ("tidak", (verifying.OTHER_BYTES,))


def test_the_name_of_the_issuer_beside_the_signature_may_not_change_its_case(authority, signed):
    """Authorities' names compare without case: found by flipping every byte of a signature."""
    start = signed.index(b"/Contents <") + len(b"/Contents <")
    issuer = b"Penerbit Otoritas UJI COBA".hex().encode()
    found = [match.start() for match in re.finditer(issuer, signed[start:], re.IGNORECASE)]
    assert len(found) == 4, "in the leaf, the issuer's own certificate, beside the signature, and among what is signed"
    at = start + found[2]
    spoiled = signed[:at] + b"70" + signed[at + 2 :]  # p instead of P
    assert judge(authority, spoiled).overall != "sah"


@pytest.mark.parametrize("tail", [b"\n", b" ", b"%%EOF", b"\n%%EOF\n", bytes(100)])
def test_bytes_behind_the_last_signature_are_invalid(authority, signed, tail):
    assert judge(authority, signed + tail).overall == "tidak"


def test_bytes_before_the_file_are_not_valid(authority, signed):
    assert judge(authority, b"\n" + signed).overall != "sah"


def test_a_file_cut_short_is_invalid(authority, signed):
    for length in (len(signed) - 1, len(signed) - 20, len(signed) // 2):
        assert judge(authority, signed[:length]).overall != "sah"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda der: der.replace(b"\x02\x01\x01\x31", b"\x02\x01\x03\x31", 1),  # the structure's version
        lambda der: der.replace(b"\x03\x82\x01\x01\x00", b"\x03\x82\x01\x01\x01", 2),  # unused bits of a signature
        lambda der: der[:2] + bytes([der[2] + 1]) + der[3:],  # a length that reaches into the padding
        lambda der: der[:-1] + b"\x01",  # the padding itself
        lambda der: der.replace(b"\x05\x00", b"\x04\x00", 1),  # parameters that are none
    ],
    ids=["version", "unused bits", "length", "padding", "parameters"],
)
def test_what_a_signature_does_not_bind_in_itself_may_not_differ_either(authority, signed, spoil):
    """Each was accepted once: found by flipping every byte of a signature with several masks."""
    start, end = gap_of(signed)
    der = bytes.fromhex(signed[start:end].decode())
    spoiled = spoil(der)
    assert spoiled != der
    assert judge(authority, signed[:start] + spoiled.hex().encode() + signed[end:]).overall != "sah"


def test_upper_case_digits_are_as_good_as_lower_and_mixed_are_not(authority, signed):
    start, end = gap_of(signed)
    digits = signed[start:end].upper()
    assert judge(authority, signed[:start] + digits + signed[end:]).overall == "sah"
    mixed = digits[:100] + digits[100:].lower()
    assert judge(authority, signed[:start] + mixed + signed[end:]).overall != "sah"
