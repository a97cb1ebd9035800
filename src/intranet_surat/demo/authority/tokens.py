"""Makes RFC 3161 time-stamp tokens with the demo authority's clock; what is asked over HTTP stands in `server`."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.serialization import Encoding

from intranet_surat.demo.authority.issuing import Authority, Member

POLICY = "1.3.6.1.4.1.99999.1"
"""An object identifier of nobody: its tokens prove nothing to the world."""

_IMPRINTS = {"sha256": 32, "sha384": 48, "sha512": 64}


def answer(authority: Authority, query: bytes, now: datetime) -> bytes:
    """The reply to a time-stamp query, as DER; a query that cannot be served gets a rejection."""
    try:
        asked = tsp.TimeStampReq.load(query, strict=True)
        imprint = asked["message_imprint"]
        size = _IMPRINTS[imprint["hash_algorithm"]["algorithm"].native]
        if len(imprint["hashed_message"].native) != size:
            return rejection("bad_data_format")
        token = _token(authority, asked, now)
    except (ValueError, KeyError, TypeError):
        return rejection("bad_request")
    return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": token}).dump()


def rejection(why: str) -> bytes:
    """A reply without a token."""
    return tsp.TimeStampResp({"status": {"status": "rejection", "fail_info": {why}}}).dump()


def _token(authority: Authority, asked: tsp.TimeStampReq, now: datetime) -> cms.ContentInfo:
    own = x509.Certificate.load(authority.stamps.certificate.public_bytes(Encoding.DER))
    info = {
        "version": "v1",
        "policy": POLICY,
        "message_imprint": asked["message_imprint"],
        "serial_number": secrets.randbits(63),
        "gen_time": now.astimezone(UTC).replace(microsecond=0),
        "tsa": x509.GeneralName(name="directory_name", value=own.subject),
    }
    if asked["nonce"].native is not None:
        info["nonce"] = asked["nonce"]
    content = tsp.TSTInfo(info).dump()
    chain = [own, x509.Certificate.load(authority.issuer.public_bytes(Encoding.DER))]
    return cms.ContentInfo({"content_type": "signed_data", "content": _signed(authority.stamps, content, chain, asked)})


def _signed(member: Member, content: bytes, chain: list[x509.Certificate], asked: tsp.TimeStampReq) -> cms.SignedData:
    digest = algos.DigestAlgorithm({"algorithm": "sha256"})
    names_own = tsp.SigningCertificateV2({"certs": [{"cert_hash": chain[0].sha256}]})
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
            cms.CMSAttribute({"type": "message_digest", "values": [_sha256(content)]}),
            cms.CMSAttribute({"type": "signing_certificate_v2", "values": [names_own]}),
        ]
    )
    mechanism = "sha256_ecdsa" if isinstance(member.key, ec.EllipticCurvePrivateKey) else "rsassa_pkcs1v15"
    signer = cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.IssuerAndSerialNumber({"issuer": chain[0].issuer, "serial_number": chain[0].serial_number}),
            "digest_algorithm": digest,
            "signature_algorithm": {"algorithm": mechanism},
            "signed_attrs": attributes,
            "signature": _signature(member, attributes.dump()),
        }
    )
    data = {
        "version": "v3",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "tst_info", "content": core.ParsableOctetString(content)},
        "signer_infos": [signer],
    }
    if asked["cert_req"].native:
        data["certificates"] = chain
    return cms.SignedData(data)


def _signature(member: Member, data: bytes) -> bytes:
    if isinstance(member.key, ec.EllipticCurvePrivateKey):
        return member.key.sign(data, ec.ECDSA(hashes.SHA256()))
    return member.key.sign(data, padding.PKCS1v15(), hashes.SHA256())


def _sha256(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()
