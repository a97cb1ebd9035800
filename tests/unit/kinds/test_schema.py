import json
from datetime import date

import colander
import pytest

from intranet_surat.errors import Invalid
from intranet_surat.kinds import registry, schema
from intranet_surat.kinds.model import TYPES
from intranet_surat.kinds.registry import by_id

KINDS = by_id()
LISTS = {
    "classification": {"400": "Kesra", "400.12.2.1": "Pengantar", "600.1.4.2": "Irigasi"},
    "positions": {"p1": "Kepala Dinas Kesehatan", "p2": "Sekretaris"},
    "offices": {"BPKAD": "BPKAD"},
    "villages": {},
}
HEAD = {"subject": "Penanganan darurat tanggul", "security": "B", "urgency": "biasa", "classification": "600.1.4.2"}
SENT = {"addressees": "BPKAD | Serang", "body": "Isi surat.", "signatory": "p1"}
TYPED = {
    "surat-masuk": {**HEAD, "sender": "Camat Kragilan", "letter_date": "12/11/2026", "received_at": "13/11/2026 08.12", "addressee": "p1"},
    "surat-dinas": {**HEAD, **SENT},
    "undangan": {**HEAD, **SENT, "event_date": "24/11/2026", "event_time": "09.00 WIB", "event_place": "Aula", "event": "Rapat"},
    "nota-dinas": {**HEAD, **SENT},
    "surat-perintah-tugas": {**HEAD, **SENT, "basis": "Perbup", "assignees": "A | - | - | Staf", "task_place": "Kragilan", "date_from": "23/11/2026", "date_until": "25/11/2026"},
    "surat-keterangan": {**HEAD, **SENT, "person_name": "Contoh"},
    "sertifikat": {**HEAD, "addressees": "Ani | Serang", "signatory": "p1", "person_name": "Contoh", "role": "peserta", "event": "Bimbingan", "held": "Serang"},
    "berita-acara": {**HEAD, **SENT, "second_signatory": "p2"},
    "surat-pengantar-desa": {
        **HEAD, "signatory": "p1", "nik": "3604050101900019", "name": "Juju", "birth_place": "Serang", "birth_date": "1/1/1990", "sex": "P", "religion": "islam",
        "marital_status": "kawin", "occupation": "Pedagang", "nationality": "Indonesia", "family_card": "3604050101900020", "address": "Kp. Contoh", "purpose": "KTP", "valid_until": "20/12/2026",
    },
}  # fmt: skip


def check(kind, values, **more):
    return schema.validate(KINDS[kind], values, LISTS, **more)


def refused(kind, values, **more):
    with pytest.raises(Invalid) as caught:
        check(kind, values, **more)
    return caught.value.fields


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_shipped_kind_takes_its_form_and_gives_json(kind):
    found = check(kind, TYPED[kind])
    assert json.loads(json.dumps(found)) == found
    assert set(found) == {each.name for each in KINDS[kind].form_fields}


@pytest.mark.parametrize("kind", list(KINDS))
def test_what_is_shown_again_is_read_as_the_same(kind):
    found = check(kind, TYPED[kind])
    assert check(kind, schema.typed(KINDS[kind], found, LISTS)) == found


@pytest.mark.parametrize("kind", list(KINDS))
def test_stored_values_sent_as_json_are_read_as_the_same(kind):
    found = check(kind, TYPED[kind])
    assert check(kind, found) == found


@pytest.mark.parametrize("kind", list(KINDS))
def test_an_empty_form_names_every_field_that_is_owed(kind):
    says = refused(kind, {})
    owed = {each.name for each in KINDS[kind].form_fields if each.required and each.default is None}
    assert owed <= set(says)
    for name, sentence in says.items():
        assert sentence == f"{KINDS[kind].field(name).title} belum diisi."


def test_nobody_is_two_parties_of_one_record():
    same = {**TYPED["berita-acara"], "second_signatory": "p1"}
    assert refused("berita-acara", same) == {
        "second_signatory": "Pihak kedua harus jabatan lain daripada pihak kesatu."
    }
    noted = {**TYPED["berita-acara"], "acknowledged_by": "p2"}
    assert refused("berita-acara", noted) == {"acknowledged_by": "Mengetahui harus jabatan lain daripada pihak kedua."}


def test_a_draft_owes_only_its_subject():
    found = check("surat-dinas", {"subject": "Penanganan tanggul"}, draft=True)
    assert found["body"] is None
    assert found["addressees"] == []
    assert refused("surat-dinas", {}, draft=True) == {"subject": "Hal belum diisi."}
    assert "classification" in refused("surat-dinas", {"subject": "Penanganan", "classification": "1"}, draft=True)


@pytest.mark.parametrize("name", ["number", "letter_date", "signed", "print_code", "admin", "__acl__"])
def test_system_fields_and_unknown_fields_are_refused(name):
    assert refused("surat-dinas", {**TYPED["surat-dinas"], name: "1"}) == {
        name: "Isian ini tidak dikenal pada jenis surat ini."
    }


def test_the_schema_itself_refuses_unknown_fields():
    with pytest.raises(colander.UnsupportedFields):
        schema.schema(KINDS["surat-dinas"], LISTS).deserialize({**TYPED["surat-dinas"], "x": "1"})


@pytest.mark.parametrize(
    ("kind", "name", "value", "says"),
    [
        ("surat-dinas", "subject", "Hal", "paling pendek 5 huruf, ada 3"),
        ("surat-dinas", "subject", "H" * 256, "paling panjang 255 huruf, ada 256"),
        ("surat-dinas", "subject", "Permohonan dana.", "tanpa titik di akhir"),
        ("surat-dinas", "subject", "Permohonan\ndana", "satu baris"),
        ("surat-dinas", "subject", 5, "harus teks"),
        ("surat-dinas", "security", "X", "tidak ada dalam daftar"),
        ("surat-dinas", "security", ["B"], "harus teks"),
        ("surat-dinas", "classification", "005", "Kode klasifikasi “005” tidak ada dalam daftar"),
        ("surat-dinas", "signatory", "p9", "Pilih dari daftar"),
        ("surat-dinas", "attachment_count", "dua", "angka bulat"),
        ("surat-dinas", "attachment_count", "1000", "0 sampai 999"),
        ("surat-dinas", "attachment_count", True, "angka bulat"),
        ("surat-dinas", "body", {"v": 1, "blocks": [{"t": "p", "text": ""}]}, "kosong"),
        ("surat-dinas", "body", {"v": 1, "blocks": []}, "belum diisi"),
        ("surat-dinas", "addressees", "BPKAD\nbpkad", "sudah disebut"),
        ("surat-dinas", "addressees", [], "belum diisi"),
        ("surat-dinas", "addressees", 3, "daftar tujuan"),
        ("surat-masuk", "letter_date", "31/02/2026", "penanggalan"),
        ("surat-masuk", "received_at", "kemarin", "tidak terbaca"),
        ("surat-perintah-tugas", "assignees", "A | 12 | - | B", "Baris 1, NIP"),
        ("surat-perintah-tugas", "assignees", {"name": "A"}, "daftar baris"),
        ("surat-perintah-tugas", "assignees", [{"name": "A", "position": "B"}] * 61, "paling banyak 60 baris"),
        ("surat-perintah-tugas", "date_until", "1/1/2026", "lebih awal"),
        ("surat-keterangan", "person_nip", "1", "18 angka"),
        ("surat-pengantar-desa", "family_card", "1", "Nomor KK harus 16 angka"),
        ("surat-pengantar-desa", "nik", 3604050101900019, "harus teks"),
    ],
)
def test_one_wrong_value_is_told_under_its_field(kind, name, value, says):
    found = refused(kind, {**TYPED[kind], name: value})
    assert list(found) == [name]
    assert says in found[name]


def test_a_classification_may_be_typed_with_its_name():
    assert (
        check("surat-dinas", {**TYPED["surat-dinas"], "classification": "600.1.4.2 Irigasi"})["classification"]
        == "600.1.4.2"
    )


def test_times_are_read_in_the_zone_of_the_regency():
    assert check("surat-masuk", TYPED["surat-masuk"])["received_at"] == "2026-11-13T08:12:00+07:00"
    assert (
        check("surat-masuk", TYPED["surat-masuk"], timezone="Asia/Makassar")["received_at"]
        == "2026-11-13T08:12:00+08:00"
    )


def test_a_date_without_a_year_needs_today():
    values = {**TYPED["surat-masuk"], "letter_date": "12 Nov"}
    assert check("surat-masuk", values, today=date(2026, 11, 20))["letter_date"] == "2026-11-12"


def test_secret_fields_are_taken_apart():
    kind = KINDS["surat-pengantar-desa"]
    fields, private = schema.split(kind, check(kind.id, TYPED[kind.id]))
    assert set(private) == {"nik", "family_card"}
    assert not set(private) & set(fields)
    assert "3604" not in json.dumps(fields)
    assert not {"nik", "family_card"} & kind.field_names


def test_a_vocabulary_that_nobody_handed_in_is_our_mistake():
    with pytest.raises(LookupError, match="positions"):
        schema.schema(KINDS["surat-dinas"], {"classification": {}})


def test_a_new_form_shows_the_defaults():
    assert schema.initial(KINDS["surat-dinas"])["security"] == "B"


def test_every_declared_field_is_of_a_known_type():
    for kind in registry.SHIPPED:
        names = [each.name for each in kind.fields]
        assert len(names) == len(set(names)), kind.id
        assert {each.type for each in kind.fields} <= set(TYPES), kind.id
        assert {"subject", "security", "urgency", "classification", "letter_date"} <= kind.field_names


def test_two_kinds_with_one_id_are_refused():
    with pytest.raises(ValueError, match="surat-dinas"):
        by_id([KINDS["surat-dinas"], KINDS["surat-dinas"]])


def test_flows_are_told_the_names_by_kind_and_by_direction():
    names = registry.field_names()
    assert "assignees" in names["surat-perintah-tugas"]
    assert "assignees" not in names["surat-dinas"]
    assert {"assignees", "event_date", "number"} <= names["keluar"]
    assert "agenda_number" in names["masuk"]
    assert "nik" not in names["keluar"]
