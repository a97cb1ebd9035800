import json

import pytest

from intranet_surat.kinds.json_schema import Asked, form_schema, kind_schema
from intranet_surat.kinds.model import TYPES, KindField, LetterKind
from intranet_surat.kinds.registry import SHIPPED, by_id

KINDS = by_id()


@pytest.mark.parametrize("kind", SHIPPED, ids=lambda kind: kind.id)
def test_a_kind_says_all_its_fields_and_no_others(kind):
    found = kind_schema(kind)
    assert json.loads(json.dumps(found)) == found
    assert set(found["properties"]) == {each.name for each in kind.form_fields}
    assert found["additionalProperties"] is False
    assert set(found["required"]) == {each.name for each in kind.form_fields if each.required}


def test_every_type_has_a_schema_of_its_own():
    fields = tuple(
        KindField(f"f{at}", "F", each, vocabulary="security" if each in ("choice", "position") else None)
        for at, each in enumerate(TYPES)
    )
    found = kind_schema(LetterKind("x", "X", "keluar", "g", fields))["properties"]
    kinds = {each: found[f"f{at}"].get("type") for at, each in enumerate(TYPES)}
    assert {
        "text": "string",
        "number": "integer",
        "yes-no": "boolean",
        "rows": "array",
        "body": "object",
        "addressees": "array",
    }.items() <= kinds.items()
    assert found[f"f{TYPES.index('date')}"]["format"] == "date"


def test_short_vocabularies_are_listed_and_long_ones_named():
    many = {"classification": {str(code): "x" for code in range(2_982)}}
    found = kind_schema(KINDS["surat-dinas"], many)["properties"]
    assert {"const": "R", "title": "Rahasia"} in found["security"]["oneOf"]
    assert "oneOf" not in found["classification"]
    assert found["classification"]["x-vocabulary"] == "classification"


def test_secret_fields_are_written_and_never_read():
    assert kind_schema(KINDS["surat-pengantar-desa"])["properties"]["nik"]["writeOnly"] is True


def test_rows_name_their_columns():
    items = kind_schema(KINDS["surat-perintah-tugas"])["properties"]["assignees"]["items"]
    assert list(items["properties"]) == ["name", "nip", "rank", "position"]
    assert items["required"] == ["name", "position"]


def test_a_form_of_a_flow():
    found = form_schema(
        [
            Asked("alasan", "text", "Alasan", required=True),
            Asked("kepada", "positions", required=True, choices=(("p1", "Kabid"),)),
            Asked("batas", "deadline"),
            Asked("utama", "position", choices=(("p1", "Kabid"),)),
            Asked("lapor", "yes-no", default=True),
            Asked("pindai", "file", accept=("pdf",)),
            Asked("lampiran", "files"),
            Asked("perintah", "choices"),
            Asked("tanggal", "date"),
        ]
    )
    assert found["required"] == ["alasan", "kepada"]
    properties = found["properties"]
    assert properties["alasan"] == {"title": "Alasan", "type": "string", "minLength": 1}
    assert properties["kepada"]["items"]["oneOf"] == [{"const": "p1", "title": "Kabid"}]
    assert properties["kepada"]["minItems"] == 1
    assert properties["utama"]["oneOf"][0]["const"] == "p1"
    assert properties["lapor"] == {"title": "lapor", "type": "boolean", "default": True}
    assert properties["pindai"]["x-accept"] == ["pdf"]
    assert properties["lampiran"]["items"]["format"] == "binary"
    assert properties["tanggal"]["format"] == "date"
    assert "format" not in properties["batas"]
