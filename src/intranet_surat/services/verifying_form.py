"""Checks that a signature is written in the one standard way, so that no byte of it can differ unnoticed.

A signature binds the file and the signer's certificate, not the way it is written down itself: upper or
lower case of its hex digits, the padding, version numbers, unused parameters. Those are checked here.
"""

from __future__ import annotations

from asn1crypto import cms, core, x509
from pyhanko.sign.validation import EmbeddedPdfSignature


def is_standard(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    """Whether the signature's own bytes, between the signed ranges, are the standard writing of their content."""
    ranges = [int(each) for each in signature.byte_range]
    gap = pdf[ranges[1] : ranges[2]]
    if len(ranges) != 4 or gap[:1] != b"<" or gap[-1:] != b">":
        return False
    digits = gap[1:-1]
    if digits not in {digits.lower(), digits.upper()}:
        return False
    try:
        content = bytes.fromhex(digits.decode("ascii"))
        message = cms.ContentInfo.load(content)
        der = message.dump()
        rewritten = cms.ContentInfo.load(der, strict=True).dump(force=True)
    except (ValueError, TypeError):
        return False
    if content[: len(der)] != der or content[len(der) :].strip(b"\0") or rewritten != der:
        return False
    return _is_usual(message["content"]) and _names(message["content"], signature.signer_cert)


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
    return (
        data["version"].native in {"v1", "v3"}
        and signer["version"].native == ("v1" if signer["sid"].name == "issuer_and_serial_number" else "v3")
        and len(digests) == 1
        and digests[0]["algorithm"].native == signer["digest_algorithm"]["algorithm"].native
        and all(_no_parameters(each) for each in (digests[0], signer["digest_algorithm"]))
        and (way["algorithm"].native == "rsassa_pss" or _no_parameters(way))
    )


def _no_parameters(algorithm: core.Sequence) -> bool:
    parameters = algorithm["parameters"]
    return isinstance(parameters, core.Void | core.Null) or parameters.native is None
