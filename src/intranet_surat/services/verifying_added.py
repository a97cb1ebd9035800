"""Tells whether a provider added one invisible signature to our file and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader, RawPdfPath
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    DiffResult,
    ModificationLevel,
    StandardDiffPolicy,
    SuspiciousModification,
)
from pyhanko.sign.diff_analysis.constants import ACROFORM_EXEMPT_STRICT_COMPARISON
from pyhanko.sign.diff_analysis.form_rules_api import (
    FieldComparisonContext,
    FieldComparisonSpec,
    FormUpdate,
    FormUpdatingRule,
)
from pyhanko.sign.diff_analysis.rules.form_field_rules import (
    SigFieldCreationRule,
    SigFieldModificationRule,
    is_field_visible,
)
from pyhanko.sign.diff_analysis.rules_api import Context
from pyhanko.sign.fields import enumerate_sig_fields

_FORM_KEYS = ACROFORM_EXEMPT_STRICT_COMPARISON | {"/SigFlags"}


class _FirstForm(FormUpdatingRule):
    """The rule for forms, for a file that had no form at all: its first may hold signature fields only.

    pyHanko compares forms after a signature, where one always exists; here the old side may be empty.
    """

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterator[tuple[ModificationLevel, FormUpdate]]:
        if "/AcroForm" in old.root:
            yield from super().apply(old, new)
            return
        if "/AcroForm" not in new.root:
            return
        form = new.root["/AcroForm"]
        if not set(form) <= _FORM_KEYS:
            raise SuspiciousModification(f"unexpected entries in the new form: {sorted(form)}")
        for holder, key in ((new.root, "/AcroForm"), (form, "/Fields")):
            reference = getattr(holder.raw_get(key), "reference", None)
            if reference is not None:
                path = Context.from_absolute(old, RawPdfPath("/Root", "/AcroForm"))
                yield ModificationLevel.LTA_UPDATES, FormUpdate(reference, context_checked=path)
        specs = {}
        for index in range(len(form["/Fields"])):
            reference = form["/Fields"].raw_get(index).reference
            field = reference.get_object()
            specs[str(field["/T"])] = FieldComparisonSpec(str(field["/FT"]), None, reference, None)
        context = FieldComparisonContext(field_specs=specs, old=old, new=new)
        for rule in self.field_rules:
            yield from rule.apply(context)


_POLICY = StandardDiffPolicy(
    global_rules=DEFAULT_DIFF_POLICY.global_rules,
    form_rule=_FirstForm([SigFieldCreationRule(), SigFieldModificationRule()]),
)


def only_one_signature(reader: PdfFileReader, revisions: int, prepared: str = "") -> bool:
    """Whether what follows the first ``revisions`` is one filled, invisible signature field and its upkeep.

    The field is a new one, or the one called ``prepared``: what was prepared for others stays empty. May raise
    whatever the PDF library raises on a file it cannot follow.
    """
    result = _POLICY.review_file(reader, revisions - 1)
    if not isinstance(result, DiffResult) or result.modification_level > ModificationLevel.FORM_FILLING:
        return False
    old = {name: value for name, value, _ in enumerate_sig_fields(reader.get_historical_resolver(revisions - 1))}
    new = {name: (value, field) for name, value, field in enumerate_sig_fields(reader)}
    filled = [name for name, (value, _) in new.items() if value is not None and old.get(name) is None]
    made = new.keys() - old.keys()
    if len(filled) != 1 or made - set(filled) or not (made or filled == [prepared]):
        return False
    return not is_field_visible(new[filled[0]][1].get_object())
