"""Tells what became of a signed file in its later revisions, and what may show otherwise, where the library is lenient.

The library lets form fields be filled, evidence be taken away and titles be changed; a letter is not changed so.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, StandardDiffPolicy
from pyhanko.sign.diff_analysis.form_rules_api import FormUpdatingRule
from pyhanko.sign.diff_analysis.rules.form_field_rules import SigFieldCreationRule, SigFieldModificationRule
from pyhanko.sign.fields import enumerate_sig_fields

NO_FILLING = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=FormUpdatingRule([SigFieldCreationRule(), SigFieldModificationRule()]),
)
"""Later signatures and evidence only: no other field may be filled."""

_TITLES = ("/Title", "/Author", "/Subject", "/Keywords")
_EVIDENCE = ("/Certs", "/OCSPs", "/CRLs")


def only_grew(reader: PdfFileReader, first: int, last: int) -> bool:
    """Whether from revision ``first`` on nothing that proves was taken away, and no title changed.

    What follows the ``last`` signature or timestamp must be evidence, or nothing. May raise what the library raises.
    """
    revisions = [_Revision(reader, number) for number in range(first, reader.xrefs.total_revisions)]
    for before, after in pairwise(revisions):
        kept = before.values.items() <= after.values.items() and before.evidence <= after.evidence
        if not kept or before.titles != after.titles:
            return False
    return last == first + len(revisions) - 1 or revisions[last - first].evidence < revisions[-1].evidence


def may_show_otherwise(reader: PdfFileReader) -> bool:
    """Whether the file holds layers, scripts or a form that is drawn anew: what is seen then depends on the viewer."""
    root = reader.root
    names, form = _dict(root, "/Names"), _dict(root, "/AcroForm")
    opening = _value(root, "/OpenAction")
    return (
        bool(_value(_dict(root, "/OCProperties"), "/OCGs"))
        or "/JavaScript" in names
        or "/AA" in root
        or (isinstance(opening, Mapping) and _value(opening, "/S") not in {None, "/GoTo"})
        or "/XFA" in form
        or bool(_value(form, "/NeedAppearances"))
    )


class _Revision:
    """What counts in one revision: values of signature fields, evidence by content, titles."""

    def __init__(self, reader: PdfFileReader, number: int) -> None:
        then = reader.get_historical_resolver(number)
        filled = [(name, value.get_object()) for name, value, _ in enumerate_sig_fields(then) if value is not None]
        self.values = {name: _print(_value(value, "/Contents")) for name, value in filled}
        store = _dict(then.root, "/DSS")
        self.evidence = {(kind, _stream(each)) for kind in _EVIDENCE for each in _all(_value(store, kind))}
        told = _dict(then.trailer_view, "/Info")
        self.titles = [str(_value(told, each) or "") for each in _TITLES]


def _dict(holder: Any, name: str) -> Mapping[str, Any]:
    found = _value(holder, name)
    return found if isinstance(found, Mapping) else {}


def _value(holder: Any, name: str) -> Any:
    return holder[name] if name in holder else None  # noqa: SIM401 - ``get`` would not follow a reference


def _all(array: Any) -> Iterable[Any]:
    return array if isinstance(array, list) else ()


def _stream(each: Any) -> str:
    return hashlib.sha256(each.get_object().encoded_data).hexdigest()


def _print(value: Any) -> str:
    return hashlib.sha256(bytes(value or b"")).hexdigest()
