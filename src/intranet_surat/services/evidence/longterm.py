"""Makes a signed file prove itself for long: validation data of everybody, and a document timestamp over all of it.

The bytes only grow. Adding the first evidence and renewing it is one thing: whatever no document timestamp covers
yet gets its data now, while they can be had, and a new timestamp. Who asks for it, and when, stands in `renewing`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from asn1crypto import cms, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation import DocumentSecurityStore, EmbeddedPdfSignature
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import CRLFetchError, PathError, RevokedError
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import CertRevTrustPolicy, RevocationCheckingPolicy, RevocationCheckingRule
from pyhanko_certvalidator.registry import SimpleTrustManager

from intranet_surat.services import signing_loop, verifying_longterm
from intranet_surat.services.evidence import algorithms
from intranet_surat.services.evidence.algorithms import Sunsets
from intranet_surat.services.evidence.fetching import Backend, Source
from intranet_surat.services.timestamping import Stamper
from intranet_surat.services.verifying_pdf import LIMITS
from intranet_surat.services.verifying_roots import Roots, load_roots

FIELD = "STEMPEL_"
HASH = "sha512"
"""Of document timestamps: they are to last longer than signatures."""
RESERVED = 24576

_ALL = RevocationCheckingPolicy(
    ee_certificate_rule=RevocationCheckingRule.CRL_OR_OCSP_REQUIRED,
    intermediate_ca_cert_rule=RevocationCheckingRule.CHECK_IF_DECLARED,
)


class NotYet(Exception):
    """Evidence cannot be had now. ``detail`` is English, for the log and the command line."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Lasting:
    """How long the evidence of a file lasts: until its weakest part ends; ``revoked`` names fields that never counted.

    ``stamps`` is the number of document timestamps, ``by`` the authority of the last.
    """

    stamps: int
    until: datetime
    by: str = ""
    revoked: tuple[str, ...] = ()


def augment(
    pdf: bytes, roots: Sequence[bytes] | Roots, source: Source, stamper: Stamper, now: datetime
) -> tuple[bytes, Lasting]:
    """``pdf`` with the data of everybody whom no document timestamp covers yet, and a new document timestamp.

    The result is judged before it is answered: each signature must be proven, or proven to be made with a revoked
    certificate. Raises NotYet when something cannot be had, or what came does not prove anything.
    """
    known = load_roots(roots)
    try:
        extended: bytes = signing_loop.run(_extend(pdf, known, source, stamper, now), seconds=240)
        if extended[: len(pdf)] != pdf:
            raise NotYet("the result does not begin with the file")
        return extended, signing_loop.finish(_lasting(extended, known, now, algorithms.shipped()))
    except NotYet as error:
        raise NotYet("; ".join((error.detail, *source.problems))) from None
    except (TimestampRequestError, TimeoutError) as error:
        raise NotYet(f"no timestamp: {error}") from None
    except Exception as error:  # noqa: BLE001 - answers of strangers and a file went through the PDF library
        raise NotYet("; ".join((f"{type(error).__name__}: {error}", *source.problems))) from None


def lasting(pdf: bytes, roots: Sequence[bytes] | Roots, now: datetime, sunsets: Sunsets | None = None) -> Lasting:
    """How long the evidence of a file lasts; raises NotYet when it is not complete or has ended."""
    return signing_loop.finish(_lasting(pdf, load_roots(roots), now, sunsets or algorithms.shipped()))


def useful_until(pdf: bytes) -> datetime:
    """The last instant at which first evidence can be had: then the first certificate behind a signature ends.

    May raise what the PDF library raises.
    """
    reader = _reader(pdf)
    found = [each for signature in reader.embedded_regular_signatures for each in _signed(signature)]
    ends: list[datetime] = [extract_certificate_info(each).signer_cert.not_valid_after for each in found]
    return min(ends)


async def _extend(pdf: bytes, roots: Roots, source: Source, stamper: Stamper, now: datetime) -> bytes:
    reader = _reader(pdf)
    stamps = reader.embedded_timestamp_signatures
    covered = stamps[-1].signed_revision if stamps else -1
    fresh = [each for each in reader.embedded_signatures if each.signed_revision >= covered]
    context = _context(roots, source, now)
    paths = [await _path(data, context) for each in fresh for data in _signed(each)]
    writer = IncrementalPdfFileWriter.from_reader(reader)
    _store(writer, paths, context)
    output = await PdfTimeStamper(stamper, field_name=f"{FIELD}{len(stamps) + 1}").async_timestamp_pdf(
        writer, HASH, bytes_reserved=RESERVED
    )
    # The authority of the new timestamp is known only now; what is told of it is added while it can be had.
    again = _reader(output.getvalue())
    last = again.embedded_timestamp_signatures[-1]
    path = await _path(last.signed_data, context, news=False)
    writer = IncrementalPdfFileWriter.from_reader(again)
    if not _store(writer, [path], context):
        return bytes(output.getvalue())
    target = BytesIO()
    writer.write(target)
    return target.getvalue()


async def _lasting(pdf: bytes, roots: Roots, now: datetime, sunsets: Sunsets) -> Lasting:
    reader = _reader(pdf)
    stamps = reader.embedded_timestamp_signatures
    if not stamps:
        raise NotYet("the file has no document timestamp")
    revoked = []
    for signature in reader.embedded_regular_signatures:
        signature.compute_integrity_info(diff_policy=DEFAULT_DIFF_POLICY)
        level = getattr(signature.diff_result, "modification_level", ModificationLevel.OTHER)
        if level > ModificationLevel.FORM_FILLING:
            raise NotYet(f"more than evidence was added after {signature.field_name}")
        told = await verifying_longterm.standing(signature, roots, now, sunsets)
        if told.revoked:
            revoked.append(str(signature.field_name))
        elif not told.proven:
            weak = ": an algorithm has ended" if told.weak else ""
            raise NotYet(f"{signature.field_name} would not be proven{weak}")
    last = stamps[-1].signed_data
    certificate = extract_certificate_info(last).signer_cert
    chain = _chain(certificate, roots, extract_certificate_info(last).other_certs)
    ends = [each.not_valid_after for each in chain]
    sunset = sunsets.ends(last, chain)
    until = min([*ends, sunset] if sunset is not None else ends)
    return Lasting(len(stamps), until, str(certificate.subject.native.get("common_name", "")), tuple(revoked))


async def _path(data: cms.SignedData, context: ValidationContext, *, news: bool = True) -> ValidationPath:
    """The chain of whoever signed; on the way ``context`` learns what is told of each of its certificates.

    That one of them is revoked is ``news`` and belongs into the file, or else a reason to refuse. Raises NotYet.
    """
    known = extract_certificate_info(data)
    name = known.signer_cert.subject.native.get("common_name", "")
    validator = CertificateValidator(
        known.signer_cert, intermediate_certs=known.other_certs, validation_context=context
    )
    try:
        return await validator.async_validate_usage(set())
    except RevokedError as error:
        for path in await context.path_builder.async_build_paths(known.signer_cert) if news else ():
            # An answer about one certificate tells only that it is revoked; a list also vouches for the time before.
            with contextlib.suppress(CRLFetchError):
                await context.revinfo_manager.async_retrieve_crls(known.signer_cert)
            return path
        raise NotYet(f"{name}: {error}") from None
    except (PathError, ValueError) as error:
        raise NotYet(f"{name}: {type(error).__name__}: {error}") from None


def _signed(signature: EmbeddedPdfSignature) -> list[cms.SignedData]:
    """A signature, and the timestamps in it."""
    within = [extract_tst_data_iter(signature.signer_info, signed=signed) for signed in (False, True)]
    return [signature.signed_data, *(each for found in within for each in found)]


def _store(writer: IncrementalPdfFileWriter, paths: list[ValidationPath], context: ValidationContext) -> bool:
    store = DocumentSecurityStore.supply_dss_in_writer(
        writer, None, paths=paths, validation_context=context, embed_roots=False
    )
    return bool(store.modified)


def _chain(leaf: x509.Certificate, roots: Roots, others: Iterable[x509.Certificate]) -> list[x509.Certificate]:
    """The certificate and those above it; the root's own signature counts for nothing, its end does not either."""
    known, chain = [*others, *roots.between], [leaf]
    while found := next((each for each in known if each.subject == chain[-1].issuer and each not in chain), None):
        chain.append(found)
    return chain


def _context(roots: Roots, source: Source, now: datetime) -> ValidationContext:
    return ValidationContext(
        trust_manager=SimpleTrustManager.build(trust_roots=list(roots.anchors)),
        other_certs=list(roots.between),
        moment=now,
        allow_fetching=True,
        fetchers=Backend(source).get_fetchers(),
        revinfo_policy=CertRevTrustPolicy(revocation_checking_policy=_ALL),
    )


def _reader(pdf: bytes) -> PdfFileReader:
    return PdfFileReader(BytesIO(pdf), strict=True, decode_limits=LIMITS)
