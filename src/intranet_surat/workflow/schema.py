"""The JSON Schema of `surat/1` for editors, made from the table of keywords.

It knows keys, closed words and the form of values; whether names fit together only the checker knows.
``python -m intranet_surat.workflow.schema > docs/surat-1.schema.json`` renews the file; a test compares both.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from intranet_surat.workflow import durations, language
from intranet_surat.workflow.language import Keyword
from intranet_surat.workflow.loader_reading import ID, NAME

_DURATION = rf"^\s*[0-9]{{1,9}}\s+({'|'.join(f'{unit}|{unit[:-1]}' for unit in durations.UNITS)})\s*$"
_REFERENCE = r"^(letter|item|form)\.[a-z][a-z0-9_]*$"

# An editor reads YAML with types, the loader does not: a text may look like a number or a truth to the editor.
_SCALAR: dict[str, Any] = {"type": ["string", "number", "boolean"]}
_TEXT: dict[str, Any] = {"type": "string"}
_NAME: dict[str, Any] = {"type": "string", "pattern": f"^{NAME.pattern}$"}
_ID: dict[str, Any] = {"type": ["string", "number"], "pattern": f"^{ID.pattern}$"}
_NUMBER: dict[str, Any] = {"type": ["integer", "string"], "minimum": 1, "pattern": "^[1-9][0-9]{0,5}$"}
_LENGTH: dict[str, Any] = {"type": "string", "pattern": _DURATION}


def _one_or_many(one: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [one, {"type": "array", "items": one}]}


def _names(inner: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": inner}


_TYPES: dict[str, dict[str, Any]] = {
    "text": _SCALAR,
    "name": _NAME,
    "names": _one_or_many(_NAME),
    "id": _ID,
    "ids": _one_or_many(_ID),
    "number": _NUMBER,
    "yes-no": {"enum": [True, False, "true", "false"]},
    "who": _one_or_many(_TEXT),
    "one": _TEXT,
    "duration": _LENGTH,
    "within": {"anyOf": [_LENGTH, {"type": "string", "pattern": _REFERENCE}]},
    "expression": _TEXT,
    "sight": _one_or_many(_TEXT),
    "need": {"anyOf": [{"enum": ["all", "any"]}, _NUMBER]},
    "default": _SCALAR,
    "field": {"type": "string", "pattern": r"^form\.[a-z][a-z0-9_]*$"},
    "source": _TEXT,
    "people": _names(_TEXT),
    "values": {"type": "object"},
    "any": {},
    "moment": {"anyOf": [{"const": "due"}, {"type": "string", "pattern": _DURATION[:-1] + " before$"}]},
    "either": {"type": "string", "pattern": rf"^{NAME.pattern}(\s+or\s+{NAME.pattern})*$"},
    "moves": _names(_NAME),
    "track-moves": _names(_names(_NAME)),
    "base": {"type": "string", "pattern": "^[a-z0-9][a-z0-9_-]*@[1-9][0-9]{0,5}$"},
    "path": {"type": "string"},
    "pair": {"type": "array", "items": _NAME, "minItems": 2, "maxItems": 2},
}


def schema() -> dict[str, Any]:
    """The whole schema, as values that JSON can hold."""
    root = _place(language.ROOT)
    needed = root.pop("required")
    always = [key for key in needed if key in ("flow", "id", "version")]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": f"Alur {language.LANGUAGE}",
        **root,
        "required": always,
        # A file that changes another flow takes the rest from there.
        "if": {"required": ["extends"]},
        "else": {"required": [key for key in needed if key not in always]},
        "definitions": {place: _place(place) for place in language.PLACES if place != language.ROOT},
    }


def _place(place: str) -> dict[str, Any]:
    """One kind of mapping."""
    words = language.at(place)
    properties = {key: _value(word) for key, word in words.items()}
    beside = language.BESIDE.get(place, ())
    for other in beside:
        properties = {**{key: _value(word) for key, word in language.at(other).items()}, **properties}
    found: dict[str, Any] = {"title": language.PLACES[place], "type": "object", "properties": properties}
    required = [key for key, word in words.items() if word.required]
    if required:
        found["required"] = required
    if place == "tests":
        found["additionalProperties"] = {"$ref": "#/definitions/test"}
    else:
        # Plugins add effects with options of their own.
        found["additionalProperties"] = place == "effect"
    return found


def _value(word: Keyword) -> dict[str, Any]:
    return {"description": word.doc, **_typed(word)}


def _typed(word: Keyword) -> dict[str, Any]:
    inner = {"$ref": f"#/definitions/{word.holds}"}
    match word.type:
        case "word":
            return {"enum": list(word.values)}
        case "words":
            return _one_or_many({"enum": list(word.values)})
        case "mapping":
            return {"allOf": [inner]}
        case "list":
            return {"type": "array", "items": inner}
        case "levels":
            return {"anyOf": [_TEXT, {"type": "array", "items": inner}]}
        case "named":
            return _names(inner)
        case "forms":
            return _names(_names(inner))
        case "tests":
            return {"allOf": [{"$ref": "#/definitions/tests"}]}
    return _TYPES[word.type]


def page() -> str:
    """The schema as the text of its file."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
