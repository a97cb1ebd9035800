"""Empty signature fields in a file that several will sign: one for each, named in their order, invisible.

They are made before the first signature, so that every later one only fills what all have seen. Each says for whom it
is, so that a file tells by itself whose signature is missing. The places that people see are printed by the renderer;
nothing is drawn when somebody signs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO

from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields

from intranet_surat.services import marks
from intranet_surat.services.providers.base import Signer
from intranet_surat.services.verifying_facts import SignatureFacts

PREFIX = "TTE_"
FOR = NameObject("/XXUntuk")
"""In a prepared field: the marks of the person it is for. PDF leaves names in XX to whoever writes the file."""
_APPEND_ONLY = 3  # signature fields exist, and the file may only grow


def name(number: int) -> str:
    """The name of the field of the n-th signatory; the first is 1."""
    return f"{PREFIX}{number}"


def prepared(pdf: bytes, signers: Mapping[str, Signer]) -> bytes:
    """``pdf`` with an empty signature field of that name for each of these. Raises what pyHanko raises."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=True)
    for each, signer in signers.items():
        spec = fields.SigFieldSpec(sig_field_name=each, on_page=0, readable_field_name=signer.name)
        fields.append_signature_field(writer, spec)
    for each, _, field in fields.enumerate_sig_fields(writer):
        if each in signers:
            field.get_object()[FOR] = ArrayObject(map(TextStringObject, sorted(marks.of(signers[each]))))
    # Said now, so that the first signature changes nothing but its own field.
    writer.root["/AcroForm"]["/SigFlags"] = NumberObject(_APPEND_ONLY)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def awaited(reader: PdfFileReader, signed: Sequence[SignatureFacts]) -> int:
    """How many of those for whom a field was prepared before the first signature have not signed yet."""
    found = reader.embedded_regular_signatures
    first = min((each.signed_revision for each in found), default=reader.xrefs.total_revisions)
    before = reader.get_historical_resolver(first - 1) if first else reader
    places = {
        each: _named(field.get_object())
        for each, value, field in fields.enumerate_sig_fields(before)
        if value is None and each.startswith(PREFIX)
    }
    return missing(places, signed)


def missing(places: Mapping[str, frozenset[str]], signed: Sequence[SignatureFacts]) -> int:
    """How many of these fields, each with the marks of whom it is for, have no signature.

    A signature may stand in a field of its own. It counts once and only for the person the field is for; for a field
    that names nobody (not one of ours), the first of each certificate does.
    """
    left, without = list(signed), 0
    # The fields that name somebody choose first, and a signature in the very field before one elsewhere.
    for place, whose in sorted(places.items(), key=lambda each: not each[1]):
        fit = [each for each in left if not whose or whose & marks.shown(each)]
        if not fit:
            without += 1
            continue
        taken = min(fit, key=lambda each: each.field != place)
        left = [each for each in left if each is not taken and (whose or each.certificate != taken.certificate)]
    return without


def _named(field: DictionaryObject) -> frozenset[str]:
    return frozenset(str(each) for each in field.get(FOR, ()))
