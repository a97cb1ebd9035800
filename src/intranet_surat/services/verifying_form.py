"""Checks that a signature is written in the one standard way, so that no byte of it can differ unnoticed.

A signature binds the file and the signer's certificate, not the way it is written down itself: upper or
lower case of its hex digits, the padding, version numbers, unused parameters. Those are checked here.
"""

from __future__ import annotations

from asn1crypto import cms, core, x509
from pyhanko.sign.validation import EmbeddedPdfSignature

_DEEPEST = 40
_BOOLEAN, _INTEGER, _BITS, _NULL, _OBJECT, _SEQUENCE, _SET = 1, 2, 3, 5, 6, 16, 17


def is_standard(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the signature's own bytes, between the signed ranges, are the standard writing of their content."""
    ranges = [int(each) for each in signature.byte_range]
    if len(ranges) != 4:
        return False
    gap = pdf[ranges[1] : ranges[2]]
    digits = gap[1:-1]
    if gap[:1] != b"<" or gap[-1:] != b">" or digits not in {digits.lower(), digits.upper()}:
        return False
    try:
        content = bytes.fromhex(digits.decode("ascii"))
        end = der(content, 0, 0)
        message = cms.ContentInfo.load(content[:end], strict=True)
        data = message["content"]
        return not content[end:].strip(b"\0") and _is_usual(data) and _names(data, signature.signer_cert)
    except (ValueError, TypeError, IndexError):
        return False


def der(data: bytes, at: int, depth: int) -> int:
    """Where the value that begins at ``at`` ends; raises ValueError or IndexError unless all of it is plain DER."""
    tag, at = data[at], at + 1
    kind, number, built = tag >> 6, tag & 31, bool(tag & 32)
    length, at = _length(data, at)
    end = at + length
    if number == 31 or (kind, number) == (0, 0) or end > len(data) or depth > _DEEPEST:
        raise ValueError("a tag, a length or a depth that does not occur")
    if kind == 0 and built != (number in {_SEQUENCE, _SET}):
        raise ValueError("only sequences and sets have parts")
    if built:
        while at < end:
            at = der(data, at, depth + 1)
        if at != end:
            raise ValueError("a part is longer than the whole")
    elif kind == 0:
        _simple(number, data[at:end])
    return end


def _length(data: bytes, at: int) -> tuple[int, int]:
    first = data[at]
    if first < 128:
        return first, at + 1
    size = first & 127
    length = int.from_bytes(data[at + 1 : at + 1 + size], "big")
    if not 1 <= size <= 4 or length < 128 or length < 1 << 8 * (size - 1):
        raise ValueError("a length is not written in the shortest way")
    return length, at + 1 + size


def _simple(number: int, value: bytes) -> None:
    good = True
    if number == _BOOLEAN:
        good = value == b"\xff"  # false is the default where it occurs, and is left out
    elif number == _INTEGER:
        good = len(value) == 1 or (len(value) > 1 and not (value[0] in {0, 255} and value[0] >> 7 == value[1] >> 7))
    elif number == _BITS:
        unused = value[0]
        good = unused < 8 and (unused == 0 or (len(value) > 1 and not value[-1] & ((1 << unused) - 1)))
    elif number == _NULL:
        good = not value
    elif number == _OBJECT:
        good = bool(value) and value[-1] < 128
    if not good:
        raise ValueError("a value is not written in the standard way")


def _names(data: cms.SignedData, certificate: x509.Certificate) -> bool:
    # Authorities' names are compared without case and kind of string; here they must be the very bytes.
    chosen = data["signer_infos"][0]["sid"].chosen
    if not isinstance(chosen, cms.IssuerAndSerialNumber):
        return True
    same = chosen["issuer"].dump() == certificate.issuer.dump()
    return bool(same and chosen["serial_number"].native == certificate.serial_number)


def _is_usual(data: cms.SignedData) -> bool:
    signers = data["signer_infos"]
    if len(signers) != 1:
        return False
    signer = signers[0]
    digests = data["digest_algorithms"]
    way = signer["signature_algorithm"]
    plain = data["encap_content_info"]["content_type"].native == "data"
    certificates = [each.chosen for each in data["certificates"] if each.name == "certificate"]
    return (
        data["version"].native == ("v1" if plain and signer["version"].native == "v1" else "v3")
        and signer["version"].native == ("v1" if signer["sid"].name == "issuer_and_serial_number" else "v3")
        and len(digests) == 1
        and digests[0]["algorithm"].native == signer["digest_algorithm"]["algorithm"].native
        and all(_no_parameters(each) for each in (digests[0], signer["digest_algorithm"]))
        and (way["algorithm"].native == "rsassa_pss" or _no_parameters(way))
        and len(certificates) == len(data["certificates"])
        and all(_is_usual_certificate(each) for each in certificates)
    )


def _is_usual_certificate(certificate: x509.Certificate) -> bool:
    # A certificate names its algorithm twice, and only the inner one is signed; a signature is whole bytes.
    outer, inner = certificate["signature_algorithm"], certificate["tbs_certificate"]["signature"]
    return bool(outer.dump() == inner.dump() and certificate["signature_value"].contents[:1] == b"\0")


def _no_parameters(algorithm: core.Sequence) -> bool:
    parameters = algorithm["parameters"]
    return isinstance(parameters, core.Void | core.Null) or parameters.native is None
