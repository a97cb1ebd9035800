"""Adds one PAdES signature to a PDF as an incremental update, by any pyHanko signer; invisible, B-T when a TSA answers.

Where the key lies is the provider's matter; `LoadedKey` is the signer for one that lies in memory.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from io import BufferedRandom
from typing import Any

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from intranet_surat.services import signing_fields, signing_loop
from intranet_surat.services.signing_file import Appended

logger = logging.getLogger(__name__)

BYTES_RESERVED = 16384
"""Hex digits kept free for the signature: a fixed size saves a rehearsal with the key."""
BYTES_STAMPED = 32768
"""The same for a signature that holds a timestamp with its certificates."""
PIECE = 128 * 1024
"""So many bytes of the file are hashed at once."""

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


class StampedIfPossible(Signer):
    """A pyHanko signer whose signature stands without a timestamp when no authority answers.

    The key has already signed when the timestamp is asked for: a signature is not thrown away because a clock
    is silent. The evidence of time is then added later the same day.
    """

    async def signed_attrs(self, *args: Any, **named: Any) -> cms.CMSAttributes:
        """The attributes that are signed, as bytes: built from parts they would be encoded anew at each use."""
        return cms.CMSAttributes.load((await super().signed_attrs(*args, **named)).dump())

    async def unsigned_attrs(
        self,
        digest_algorithm: str,
        signature: bytes,
        signed_attrs: cms.CMSAttributes,
        timestamper: TimeStamper | None = None,
        dry_run: bool = False,
    ) -> cms.CMSAttributes:
        """The timestamp as an attribute, or nothing."""
        made = (digest_algorithm, signature, signed_attrs)
        try:
            return await super().unsigned_attrs(*made, timestamper=timestamper, dry_run=dry_run)
        except (TimestampRequestError, OSError) as error:
            logger.warning("signed without a timestamp: %s", error)
            return await super().unsigned_attrs(*made, timestamper=None, dry_run=dry_run)


class LoadedKey(StampedIfPossible):
    """A signer that keeps an RSA or EC key as it was loaded.

    The stock signer parses and checks the key again for each signature, which costs more than signing.
    """

    def __init__(
        self,
        key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey,
        certificate: x509.Certificate,
        chain: Sequence[x509.Certificate],
    ) -> None:
        super().__init__(**certificates(certificate, tuple(chain)))
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign ``data``; a rehearsal gets zeros of the right length."""
        if dry_run:
            return bytes(self._key.key_size // 8 if isinstance(self._key, rsa.RSAPrivateKey) else 72)
        digest = _HASHES[digest_algorithm]()
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(data, padding.PKCS1v15(), digest)
        return self._key.sign(data, ec.ECDSA(digest))


@lru_cache(maxsize=256)
def certificates(certificate: x509.Certificate, chain: tuple[x509.Certificate, ...]) -> dict[str, Any]:
    """What a pyHanko signer is told about the certificates of a signature; kept, since it is read anew at each one.

    The root is the verifier's own; left out, no byte of the file escapes what the signature binds. After this only
    the signing loop's thread reads these objects, which parse themselves as they are read.
    """
    registry = SimpleCertificateStore()
    registry.register_multiple([as_asn1(each) for each in chain])
    return {"signing_cert": as_asn1(certificate), "cert_registry": registry, "embed_roots": False}


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate as pyHanko wants it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def sign(
    pdf: bytes,
    signer: Signer,
    *,
    reason: str,
    location: str,
    now: datetime,
    field: str = "",
    timestamper: TimeStamper | None = None,
) -> bytes:
    """``pdf`` with its empty ``field`` filled, or with one more invisible field ``TTE_n``, signed.

    Raises what pyHanko raises.
    """
    return signing_loop.run(_sign(pdf, signer, reason, location, now, field, timestamper))


async def _sign(
    pdf: bytes,
    signer: Signer,
    reason: str,
    location: str,
    now: datetime,
    field: str,
    timestamper: TimeStamper | None,
) -> bytes:
    file = Appended(pdf)
    writer = IncrementalPdfFileWriter(BufferedRandom(file), strict=True)
    present = {name: value for name, value, _ in fields.enumerate_sig_fields(writer.prev)}
    if field and (field not in present or present[field] is not None):
        raise ValueError(f"the file has no empty signature field {field}")
    name = field or _free_name(present)
    meta = PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason or None,
        location=location or None,
    )
    new = None if field else fields.SigFieldSpec(sig_field_name=name, on_page=0)
    session = PdfSigner(meta, signer, timestamper=timestamper, new_field_spec=new).init_signing_session(writer)
    session.system_time = now  # the act's time, not a second reading of the clock
    checked = await session.perform_presign_validation(writer)
    reserved = BYTES_STAMPED if timestamper is not None else BYTES_RESERVED
    document = session.prepare_tbs_document(validation_info=checked, bytes_reserved=reserved)
    digest, output = document.digest_tbs_document(in_place=True, chunk_size=PIECE)
    done = await document.perform_signature(
        document_digest=digest.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=now, cades_signed_attrs=meta.cades_signed_attr_spec),
    )
    await done.post_signature_processing(output)
    output.flush()
    return file.whole()


def _free_name(taken: Iterable[str]) -> str:
    numbers = [int(found[1]) for each in taken if (found := re.fullmatch(signing_fields.PREFIX + r"(\d{1,4})", each))]
    return signing_fields.name(max(numbers, default=0) + 1)
