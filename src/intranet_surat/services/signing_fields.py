"""Empty signature fields in a file that several will sign: one for each, named in their order, invisible.

They are made before the first signature, so that every later one only fills what all have seen. The places that
people see are printed by the renderer; nothing is drawn when somebody signs.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields

PREFIX = "TTE_"
_APPEND_ONLY = 3  # signature fields exist, and the file may only grow


def name(number: int) -> str:
    """The name of the field of the n-th signatory; the first is 1."""
    return f"{PREFIX}{number}"


def prepared(pdf: bytes, names: Sequence[str]) -> bytes:
    """``pdf`` with these empty signature fields, by an incremental update. Raises what pyHanko raises."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=True)
    for each in names:
        fields.append_signature_field(writer, fields.SigFieldSpec(sig_field_name=each, on_page=0))
    # Said now, so that the first signature changes nothing but its own field.
    writer.root["/AcroForm"]["/SigFlags"] = NumberObject(_APPEND_ONLY)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def awaited(reader: PdfFileReader) -> int:
    """How many of those for whom a field was prepared have not signed yet; a signature may stand in one of its own."""
    signed = reader.embedded_regular_signatures
    first = min((each.signed_revision for each in signed), default=reader.xrefs.total_revisions)
    before = reader.get_historical_resolver(first - 1) if first else reader
    empty = [each for each, value, _ in fields.enumerate_sig_fields(before) if value is None]
    return max(sum(each.startswith(PREFIX) for each in empty) - len(signed), 0)
