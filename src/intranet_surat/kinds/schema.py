"""The checks on what was typed for a kind: a colander schema whose errors are Indonesian sentences by field.

Values come from a form (text) or from JSON (text, numbers, lists); what leaves is what is stored: text,
numbers, truth values, lists and dicts. Dates leave as ISO text. How a form looks is the web room's affair.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import colander

from intranet_surat.errors import Invalid
from intranet_surat.kinds import types
from intranet_surat.kinds.model import KindField, LetterKind
from intranet_surat.kinds.vocabularies import Vocabulary

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading a value may ask for: lists from the database, the zone of typed times, today."""

    vocabularies: Mapping[str, Vocabulary]
    timezone: str = "Asia/Jakarta"
    today: date | None = None
    draft: bool = False


class FieldType:
    """A colander type that reads one `KindField`; colander asks for these three methods."""

    def __init__(self, field: KindField, reading: Reading) -> None:
        self.field = field
        self.reading = reading

    def deserialize(self, node: colander.SchemaNode, cstruct: Any) -> Any:
        """The stored form of what was typed; raises colander.Invalid with the sentence."""
        if cstruct is colander.null or cstruct is None or (isinstance(cstruct, str) and not cstruct.strip()):
            return colander.null
        try:
            return types.read(self.field, cstruct, self.reading)
        except ValueError as error:
            raise colander.Invalid(node, str(error)) from None

    def serialize(self, _node: colander.SchemaNode, appstruct: Any) -> Any:
        """The stored value as a form shows it."""
        if appstruct is colander.null or appstruct is None:
            return colander.null
        return types.show(self.field, appstruct, self.reading)

    def cstruct_children(self, _node: colander.SchemaNode, _cstruct: Any) -> list[Any]:
        """A field is one value for colander."""
        return []


def schema(
    kind: LetterKind,
    vocabularies: Mapping[str, Vocabulary],
    *,
    timezone: str = "Asia/Jakarta",
    today: date | None = None,
    draft: bool = False,
) -> colander.SchemaNode:
    """The schema of a kind's form; unknown fields and system fields are refused.

    ``vocabularies`` holds at least those of `kinds.vocabularies.HANDED_IN` that the kind names. With
    ``draft`` only the subject must be there, but what is there must be right. Raises LookupError for a
    vocabulary that is missing.
    """
    reading = Reading(vocabularies, timezone, today, draft)
    node = colander.SchemaNode(colander.Mapping(unknown="raise"), name=kind.id, title=kind.title)
    for field in kind.form_fields:
        types.require(field, reading)
        missing = _missing(field)
        needed = field.required and not (missing == field.default and missing is not None)
        needed = needed and (not draft or field.name == "subject")
        node.add(
            colander.SchemaNode(
                FieldType(field, reading),
                name=field.name,
                title=field.title,
                description=field.hint,
                missing=colander.required if needed else missing,
                missing_msg=f"{field.title} belum diisi.",
                field=field,
            )
        )
    return node


def _missing(field: KindField) -> Any:
    if field.default is not None and field.type in ("choice", "number", "position"):
        return field.default
    empty: dict[str, Any] = {"rows": [], "addressees": [], "yes-no": False, "text": "", "lines": "", "email": ""}
    return empty.get(field.type)


def validate(
    kind: LetterKind,
    values: Mapping[str, Any],
    vocabularies: Mapping[str, Vocabulary],
    *,
    timezone: str = "Asia/Jakarta",
    today: date | None = None,
    draft: bool = False,
) -> Values:
    """The values as they are stored; raises `errors.Invalid` with one sentence a field.

    Unknown and system fields are refused under their own name. Secret fields are among the result:
    `split` takes them apart.
    """
    node = schema(kind, vocabularies, timezone=timezone, today=today, draft=draft)
    known = {each.name for each in kind.form_fields}
    problems = {str(name): "Isian ini tidak dikenal pada jenis surat ini." for name in values if name not in known}
    try:
        found: Values = node.deserialize({name: value for name, value in values.items() if name in known})
    except colander.Invalid as error:
        problems.update({name.rpartition(".")[2]: says for name, says in error.asdict().items()})
        raise Invalid(problems) from None
    if problems:
        raise Invalid(problems)
    if across := types.across(found, kind.signers):
        raise Invalid(across)
    return found


def split(kind: LetterKind, values: Mapping[str, Any]) -> tuple[Values, Values]:
    """The fields of the letter, and apart from them the secret ones for its private record."""
    secret = kind.secret_names
    fields = {name: value for name, value in values.items() if name not in secret}
    private = {name: value for name, value in values.items() if name in secret and value not in (None, "")}
    return fields, private


def initial(kind: LetterKind) -> Values:
    """What a new form shows: the defaults of the kind."""
    return {each.name: each.default for each in kind.form_fields if each.default is not None}


def typed(
    kind: LetterKind,
    values: Mapping[str, Any],
    vocabularies: Mapping[str, Vocabulary],
    *,
    timezone: str = "Asia/Jakarta",
) -> dict[str, str]:
    """Stored values as text for the boxes of a plain form; what `validate` reads back as the same values."""
    reading = Reading(vocabularies, timezone)
    shown: dict[str, str] = {}
    for field in kind.form_fields:
        value = values.get(field.name)
        shown[field.name] = "" if value is None else types.show(field, value, reading)
    return shown
