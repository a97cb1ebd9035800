"""JSON Schema (2020-12) of a kind's form and of a flow's form, for the JSON answers and for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from intranet_surat.kinds import addressees, body
from intranet_surat.kinds.model import KindField, LetterKind
from intranet_surat.kinds.vocabularies import CHANNELS, FIXED, Vocabulary

Schema = dict[str, Any]
MOST_LISTED = 200
"""Longer vocabularies are not listed as ``enum`` in a schema: the reference data has an address of its own."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a flow's form as plain data; the types are those of the workflow language.

    ``choices`` are code and label pairs that may be chosen now; None leaves them unlisted.
    """

    name: str
    type: str
    title: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] | None = None
    default: Any = None
    accept: tuple[str, ...] = ()


def kind_schema(
    kind: LetterKind,
    vocabularies: Mapping[str, Vocabulary] | None = None,
    narrow: Mapping[str, Vocabulary] | None = None,
) -> Schema:
    """The schema of what `kinds.schema.validate` takes for the kind.

    ``narrow`` lists for single fields what makes sense now, where the flow would refuse the rest of the vocabulary.
    """
    lists = {**FIXED, **(vocabularies or {})}
    fewer = narrow or {}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": kind.title,
        "type": "object",
        "properties": {field.name: _property(field, lists, fewer.get(field.name)) for field in kind.form_fields},
        "required": [field.name for field in kind.form_fields if field.required],
        "additionalProperties": False,
    }


def form_schema(fields: Iterable[Asked]) -> Schema:
    """The schema of a flow's form."""
    listed = tuple(fields)
    return {
        "type": "object",
        "properties": {field.name: _asked(field) for field in listed},
        "required": [field.name for field in listed if field.required],
        "additionalProperties": False,
    }


def _property(field: KindField, lists: Mapping[str, Vocabulary], fewer: Vocabulary | None) -> Schema:
    found = {"title": field.title, **_BY_TYPE.get(field.type, lambda _field: {"type": "string"})(field)}
    if field.hint:
        found["description"] = field.hint
    if field.default is not None:
        found["default"] = field.default
    if field.secret:
        found["writeOnly"] = True
    if field.vocabulary is not None:
        found |= _choices((fewer or lists.get(field.vocabulary, {})).items())
        found["x-vocabulary"] = field.vocabulary
    return found


def _choices(pairs: Iterable[tuple[str, str]]) -> Schema:
    listed = tuple(pairs)
    if not listed or len(listed) > MOST_LISTED:
        return {}
    return {"oneOf": [{"const": code, "title": label} for code, label in listed]}


def _text(field: KindField) -> Schema:
    found: Schema = {"type": "string", "maxLength": field.maximum}
    if field.minimum:
        found["minLength"] = field.minimum
    return found


def _rows(field: KindField) -> Schema:
    columns = {each.name: {"type": "string", "title": each.title, "maxLength": each.maximum} for each in field.columns}
    needed = [each.name for each in field.columns if each.required]
    row = {"type": "object", "properties": columns, "required": needed, "additionalProperties": False}
    return {"type": "array", "items": row, "minItems": 1 if field.required else 0, "maxItems": field.maximum}


def _addressees(field: KindField) -> Schema:
    row: Schema = {
        "type": "object",
        "properties": {
            "kind": {"enum": list(addressees.KINDS)},
            "id": {"type": "string"},
            "name": {"type": "string", "maxLength": 200},
            "place": {"type": "string", "maxLength": 120},
            "channel": {"enum": list(CHANNELS)},
            "email": {"type": "string"},
        },
        "required": ["kind"],
        "additionalProperties": False,
    }
    return {"type": "array", "items": row, "minItems": 1 if field.required else 0, "maxItems": field.maximum}


def _body(_field: KindField) -> Schema:
    words = {"type": "string", "minLength": 1}
    cells = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": body.MOST_COLUMNS}
    shapes: list[Schema] = [
        {"t": {"enum": ["p", "h"]}, "text": words},
        {"t": {"const": "n"}, "level": {"enum": [1, 2, 3, 4]}, "text": words},
        {"t": {"const": "table"}, "head": cells, "rows": {"type": "array", "items": cells}},
    ]
    blocks = [
        {"type": "object", "properties": each, "required": list(each), "additionalProperties": False} for each in shapes
    ]
    return {
        "type": "object",
        "properties": {
            "v": {"const": body.VERSION},
            "blocks": {"type": "array", "maxItems": body.MOST_BLOCKS, "items": {"oneOf": blocks}},
        },
        "required": ["v", "blocks"],
        "additionalProperties": False,
    }


_BY_TYPE = {
    "text": _text,
    "lines": _text,
    "date": lambda _field: {"type": "string", "format": "date"},
    "instant": lambda _field: {"type": "string", "format": "date-time"},
    "number": lambda field: {"type": "integer", "minimum": field.minimum, "maximum": field.maximum},
    "yes-no": lambda _field: {"type": "boolean"},
    "email": lambda _field: {"type": "string", "format": "email", "maxLength": 254},
    "nip": lambda _field: {"type": "string", "pattern": "^[0-9]{18}$"},
    "nik": lambda _field: {"type": "string", "pattern": "^[0-9]{16}$"},
    "rows": _rows,
    "addressees": _addressees,
    "body": _body,
}


def _asked(field: Asked) -> Schema:
    one: Schema = {"type": "string"}
    choices = _choices(field.choices) if field.choices is not None else {}
    if field.type == "yes-no":
        one = {"type": "boolean"}
    elif field.type == "date":
        one = {"type": "string", "format": "date"}
    elif field.type == "deadline":
        one = {"type": "string", "description": "Tanggal (2026-11-25), saat (ISO 8601), atau lama ('3 working days')."}
    elif field.type in ("choices", "positions"):
        one = {"type": "array", "items": {"type": "string", **choices}, "uniqueItems": True}
        if field.required:
            one["minItems"] = 1
    elif field.type in ("choice", "position"):
        one |= choices
    elif field.type in ("file", "files"):
        one = {"type": "string", "format": "binary", "description": "Kirim sebagai multipart/form-data."}
        if field.accept:
            one["x-accept"] = list(field.accept)
        if field.type == "files":
            one = {"type": "array", "items": one}
    elif field.required:
        one["minLength"] = 1
    found: Schema = {"title": field.title or field.name, **one}
    if field.default is not None:
        found["default"] = field.default
    return found
