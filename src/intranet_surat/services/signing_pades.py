"""Adds one invisible PAdES signature to a PDF as an incremental update, with a key that is already loaded."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, Signer
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko_certvalidator.registry import SimpleCertificateStore

from intranet_surat.services import signing_loop

BYTES_RESERVED = 16384
"""Hex digits kept free for the signature: a fixed size saves a rehearsal with the key."""

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}


class LoadedKey(Signer):
    """A pyHanko signer that keeps an RSA key as it was loaded.

    The stock signer parses and checks the key again for each signature, which costs more than signing.
    """

    def __init__(self, key: rsa.RSAPrivateKey, certificate: x509.Certificate, chain: list[x509.Certificate]) -> None:
        registry = SimpleCertificateStore()
        registry.register_multiple([as_asn1(each) for each in chain])
        # The root is the verifier's own; left out, no byte of the file escapes what the signature binds.
        super().__init__(signing_cert=as_asn1(certificate), cert_registry=registry, embed_roots=False)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Sign ``data``; a rehearsal gets zeros of the right length."""
        if dry_run:
            return bytes(self._key.key_size // 8)
        return self._key.sign(data, padding.PKCS1v15(), _HASHES[digest_algorithm]())


def as_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate as pyHanko wants it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))


def sign(pdf: bytes, signer: Signer, *, reason: str, location: str, now: datetime) -> bytes:
    """``pdf`` with one more invisible signature field ``TTE_n``, signed; raises what pyHanko raises."""
    return signing_loop.run(_sign(pdf, signer, reason, location, now))


async def _sign(pdf: bytes, signer: Signer, reason: str, location: str, now: datetime) -> bytes:
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=True)
    name = _free_name([each[0] for each in fields.enumerate_sig_fields(writer.prev)])
    meta = PdfSignatureMetadata(
        field_name=name,
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason or None,
        location=location or None,
    )
    session = PdfSigner(
        meta, signer, new_field_spec=fields.SigFieldSpec(sig_field_name=name, on_page=0)
    ).init_signing_session(writer)
    session.system_time = now  # the act's time, not a second reading of the clock
    checked = await session.perform_presign_validation(writer)
    document = session.prepare_tbs_document(validation_info=checked, bytes_reserved=BYTES_RESERVED)
    digest, output = document.digest_tbs_document()
    done = await document.perform_signature(
        document_digest=digest.document_digest,
        pdf_cms_signed_attrs=PdfCMSSignedAttributes(signing_time=now, cades_signed_attrs=meta.cades_signed_attr_spec),
    )
    await done.post_signature_processing(output)
    output.seek(0)
    return bytes(output.read())


def _free_name(taken: list[str]) -> str:
    numbers = [int(found[1]) for name in taken if (found := re.fullmatch(r"TTE_(\d{1,4})", name))]
    return f"TTE_{max(numbers, default=0) + 1}"
