"""Reads the signatures of a PDF with pyHanko: strictly, within limits, offline. Verdicts on files: `verifying`."""

from __future__ import annotations

import codecs
import importlib
import logging
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from pyhanko.pdf_utils.decode_limits import DecodeLimits, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    async_validate_pdf_signature,
    async_validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel

from intranet_surat.services import (
    signing_fields,
    signing_loop,
    verifying_added,
    verifying_facts,
    verifying_form,
    verifying_hex,
    verifying_longterm,
    verifying_roots,
    verifying_since,
)
from intranet_surat.services.evidence import algorithms
from intranet_surat.services.verifying_facts import Changed, Level, Overall, SignatureFacts
from intranet_surat.services.verifying_longterm import Standing
from intranet_surat.services.verifying_roots import Roots

# The library tells its log the subjects and texts of the files it reads; those are not ours to keep.
for _name in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

verifying_hex.install()

_LATE = (
    "cryptography.hazmat.backends.openssl.backend",
    "lxml.etree",
    "pyhanko.pdf_utils.filters",
    "pyhanko_certvalidator.revinfo.validate_crl",
    "pyhanko_certvalidator.revinfo.validate_ocsp",
)

MIB = 1024 * 1024
LIMITS = DecodeLimits(
    per_stream=StreamDecodeLimits(max_output_size=50 * MIB),
    document_budget=DocumentDecodeBudget(base_allowance=100 * MIB, max_ratio=10),
)

NO_SIGNATURE = "Tidak ada tanda tangan elektronik di dalam berkas ini."
CHANGED = "Isi berkas berubah sesudah ditandatangani."
ADDED = "Ada bagian yang ditambahkan atau diganti sesudah tanda tangan terakhir."
UNCOVERED = "Tanda tangan tidak melindungi seluruh berkas."
REVOKED = "Sertifikat penanda tangan sudah dicabut."
UNKNOWN_ISSUER = "Sertifikat diterbitkan oleh {issuer}, yang tidak ada dalam daftar otoritas kami."
UNNAMED_ISSUER = "Sertifikat tidak menyebut nama penerbitnya, jadi tidak dapat dicocokkan dengan daftar otoritas kami."
OUT_OF_TIME = "Sertifikat berada di luar masa berlakunya; waktu tanda tangan belum dapat dipastikan."
WEAK = "Cara sandi yang dipakai tidak lagi cukup kuat, dan tidak ada stempel waktu yang lebih baru untuk menjaganya."
NOT_STANDARD = "Bentuk data tanda tangan tidak baku, sehingga keutuhannya belum dapat dipastikan."
FILLED = "Isian formulir di dalam berkas diubah sesudah tanda tangan ini."
ACTIVE = (
    "Berkas ini memuat lapisan, skrip, atau formulir yang dapat membuat tampilannya berbeda; "
    "yang Anda lihat belum tentu yang ditandatangani."
)
BAD_TIMESTAMP = "Stempel waktu di dalam berkas tidak cocok dengan isinya."
NOT_CHECKED = "Sertifikat penanda tangan belum dapat diperiksa."
NO_PDF = "Berkas ini bukan PDF yang dapat dibaca."
TOO_MUCH = "Berkas ini melewati batas pemeriksaan kami, sehingga keasliannya belum dapat dipastikan."
BROKEN = "Berkas ini pernah ditandatangani tetapi tidak dapat lagi dibaca dengan benar: ada yang berubah."


class UnreadableError(Exception):
    """A file that could not be read; carries the verdict and the sentence that follow from it."""

    def __init__(self, overall: Overall, sentence: str, detail: str) -> None:
        super().__init__(detail)
        self.overall = overall
        self.sentence = sentence
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Signed:
    """The signatures of a file in its order, and how many are ``awaited`` besides.

    Awaited are those for whom a field was prepared before the first signature. It is 0 for a file that was changed.
    """

    signatures: tuple[SignatureFacts, ...]
    awaited: int


@dataclass(frozen=True, slots=True)
class Outline:
    """How many revisions, ordinary signatures and pages (as the file says) there are."""

    revisions: int
    signatures: int
    pages: int


def load_everything() -> None:
    """Load what the libraries would load late, for a process that will not be able to open files."""
    for module in _LATE:
        importlib.import_module(module)
    algorithms.shipped()
    for codec in ("ascii", "latin-1", "cp1252", "idna", "punycode", "utf-16-be", "utf-16-le", "utf-32-be"):
        codecs.lookup(codec)  # texts in certificates


def outline(pdf: bytes) -> Outline:
    """Count revisions and signatures; raises UnreadableError."""
    try:
        reader = _reader(pdf)
        pages = int(reader.root["/Pages"]["/Count"])
        return Outline(reader.xrefs.total_revisions, len(reader.embedded_regular_signatures), pages)
    except Exception as error:  # noqa: BLE001 - the file is hostile: anything may come out of its parser
        raise _unreadable(pdf, error) from None


def only_signed_since(pdf: bytes, revisions: int, field: str = "") -> bool:
    """Whether one invisible signature is all that follows the first ``revisions``; raises UnreadableError.

    It stands in a field that it made, or in the one called ``field``.
    """
    try:
        return verifying_added.only_one_signature(_reader(pdf), revisions, field)
    except Exception as error:  # noqa: BLE001 - as above
        raise _unreadable(pdf, error) from None


def read(pdf: bytes, roots: Roots, now: datetime) -> Signed:
    """Facts and verdict of each signature, and how many are awaited; raises UnreadableError."""
    try:
        return signing_loop.finish(_read(pdf, roots, now))
    except Exception as error:  # noqa: BLE001 - as above
        raise _unreadable(pdf, error) from None


async def _read(pdf: bytes, roots: Roots, now: datetime) -> Signed:
    reader = _reader(pdf)
    context = verifying_roots.offline(roots, now)
    found = reader.embedded_regular_signatures
    stamps = reader.embedded_timestamp_signatures
    stamps_good = True
    for stamp in stamps:
        judged = await async_validate_pdf_timestamp(stamp, context)
        stamps_good = stamps_good and judged.intact and judged.valid
    last_revision = max((each.signed_revision for each in (*found, *stamps)), default=-1)
    kept = verifying_longterm.has_evidence(reader)
    first_revision = min((each.signed_revision for each in found), default=0)
    grown = not found or verifying_since.only_grew(reader, first_revision, last_revision)
    active = verifying_since.may_show_otherwise(reader)
    facts = []
    for signature in found:
        status = await async_validate_pdf_signature(signature, context, diff_policy=verifying_since.NO_FILLING)
        doubts = [ACTIVE] if active else []
        if not status.docmdp_ok:
            lenient = await async_validate_pdf_signature(signature, context, diff_policy=DEFAULT_DIFF_POLICY)
            if lenient.docmdp_ok:
                status, doubts = lenient, [*doubts, FILLED]
        standing = await verifying_longterm.standing(signature, roots, now) if kept else None
        is_last = signature.signed_revision == last_revision
        wrong = _what_is_wrong(status, standing, is_last=is_last, stamps_good=stamps_good)
        if not grown and ADDED not in wrong:
            wrong.append(ADDED)
        doubts += _what_is_open(pdf, signature, status, standing)
        facts.append(_facts(signature, status, standing, wrong, doubts))
    # Of a file that was changed nothing more is asked: its revisions may not be readable.
    good = bool(facts) and all(each.overall != "tidak" for each in facts)
    return Signed(tuple(facts), signing_fields.awaited(reader, facts) if good else 0)


def _facts(
    signature: EmbeddedPdfSignature,
    status: PdfSignatureStatus,
    standing: Standing | None,
    wrong: list[str],
    doubts: list[str],
) -> SignatureFacts:
    certificate = signature.signer_cert
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    overall: Overall = "tidak" if wrong else "belum" if doubts else "sah"
    changed: Changed = "yes" if {CHANGED, ADDED, UNCOVERED} & set(wrong) else "no" if whole else "allowed"
    serial = certificate.subject.native.get("serial_number", "")
    when = status.timestamp_validity.timestamp if status.timestamp_validity else status.signer_reported_dt
    level, stamped_at, stamped_by = _clock(status, standing)
    return SignatureFacts(
        field=verifying_facts.clean(signature.field_name),
        signer=verifying_facts.holder(certificate),
        subject_serial=serial if isinstance(serial, str) else "",
        emails=tuple(sorted(verifying_facts.emails(certificate))),
        issuer=verifying_facts.authority(certificate),
        certificate=f"{certificate.serial_number:x}",
        signed_at=when.isoformat() if when else "",
        timestamped=status.timestamp_validity is not None,
        whole_file=whole,
        overall=overall,
        reasons=tuple(wrong + doubts),
        level=level,
        stamped_at=stamped_at,
        stamped_by=stamped_by,
        changed=changed,
        valid_from=certificate.not_valid_before.isoformat(),
        valid_to=certificate.not_valid_after.isoformat(),
        post=verifying_facts.post(certificate),
        says_seal=str(signature.sig_object.get("/Reason", "")).startswith(verifying_facts.SEALED),
    )


def _clock(status: PdfSignatureStatus, standing: Standing | None) -> tuple[Level, str, str]:
    """How far the time is proven, by the timestamp within the signature or the first one over it, and whose it is."""
    own = status.timestamp_validity
    within = own is not None and own.intact and own.valid and (own.trusted or (standing is not None and standing.dated))
    if own is not None and within:
        proven = standing is not None and standing.proven
        level: Level = ("LTA" if standing and standing.since else "LT") if proven else "T"
        return level, own.timestamp.isoformat(), verifying_facts.holder(own.signing_cert)
    if standing is not None and standing.since is not None and standing.stamper is not None:
        level = "LTA" if standing.proven else "T"
        return level, standing.since.isoformat(), verifying_facts.holder(standing.stamper)
    return "B", "", ""


def _what_is_wrong(
    status: PdfSignatureStatus, standing: Standing | None, *, is_last: bool, stamps_good: bool
) -> list[str]:
    wrong = []
    if not (status.intact and status.valid):
        wrong.append(CHANGED)
    covered = status.coverage in {SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION}
    if not covered:
        wrong.append(UNCOVERED)
    elif not status.docmdp_ok:
        wrong.append(ADDED)
    elif (
        is_last
        and status.coverage != SignatureCoverageLevel.ENTIRE_FILE
        and status.modification_level != ModificationLevel.LTA_UPDATES
    ):
        # Only validation data may follow the last signature (PAdES-LT); stray bytes are no update at all.
        wrong.append(ADDED)
    if standing.revoked if standing is not None else status.revoked:
        wrong.append(REVOKED)
    stamp = status.timestamp_validity
    if not stamps_good or (stamp is not None and not (stamp.intact and stamp.valid)):
        wrong.append(BAD_TIMESTAMP)
    return wrong


def _what_is_open(
    pdf: bytes, signature: EmbeddedPdfSignature, status: PdfSignatureStatus, standing: Standing | None
) -> list[str]:
    questions = []
    if standing is not None and standing.weak:
        questions.append(WEAK)
    elif not status.trusted and not status.revoked and not (standing is not None and standing.proven):
        problem = getattr(status.trust_problem_indic, "name", "") or ""
        if problem == "NO_CERTIFICATE_CHAIN_FOUND":
            issuer = verifying_facts.authority(signature.signer_cert)
            questions.append(UNKNOWN_ISSUER.format(issuer=issuer) if issuer else UNNAMED_ISSUER)
        elif problem.startswith("OUT_OF_BOUNDS") or signature.signer_cert.not_valid_after < status.validation_time:
            questions.append(OUT_OF_TIME)
        else:
            questions.append(NOT_CHECKED)
    if not verifying_form.is_standard(pdf, signature):
        questions.append(NOT_STANDARD)
    return questions


def _reader(pdf: bytes) -> PdfFileReader:
    return PdfFileReader(BytesIO(pdf), strict=True, decode_limits=LIMITS)


def _unreadable(pdf: bytes, error: BaseException) -> UnreadableError:
    detail = f"{type(error).__name__}: {error}"
    if isinstance(error, OSError | ImportError | MemoryError | RecursionError | PdfDecodeLimitError):
        # Our machine's or our limits' doing: no ground to say that somebody changed the file.
        return UnreadableError("belum", TOO_MUCH, detail)
    if b"/ByteRange" in pdf:
        return UnreadableError("tidak", BROKEN, detail)
    return UnreadableError("belum", NO_PDF, detail)
