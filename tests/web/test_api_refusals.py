"""What a program may send wrongly, and that nothing comes of it: unknown fields, forged files, used keys, broken JSON."""

from __future__ import annotations

import json

import pytest
from programs import JSON, Program
from steps import keyed, pdf  # noqa: F401  fixtures
from test_api_life import IN, INCOMING, program  # noqa: F401  fixture

OUT = "/bpkad/surat-keluar/@@tambah"
DRAFT = {
    "kind": "surat-dinas",
    "subject": "Permintaan data pegawai",
    "classification": "800.1",
    "addressees": [{"kind": "office", "id": "DINKES"}],
    "body": "Mohon data pegawai.",
}


@pytest.fixture
def registrar(program):  # noqa: F811
    return program("agendaris.dinkes")


@pytest.fixture
def letter(registrar):
    """A letter that was just registered."""
    return registrar.send(IN, INCOMING | {"addressee": registrar.get(IN)["values"]["addressee"]}, 201, pindai=pdf())[
        "@id"
    ]


@pytest.fixture
def draft(program):  # noqa: F811
    writer = program("kabid-anggaran.bpkad")
    signers = writer.get(f"{OUT}?jenis=surat-dinas")["form"]["properties"]["signatory"]["oneOf"]
    return {**DRAFT, "signatory": signers[0]["const"]}


@pytest.mark.parametrize("name", ["state", "agenda_number", "scan", "flow", "author", "then", "kind", "_signed", "hal"])
def test_a_field_that_a_kind_does_not_have_is_named(registrar, name):
    told = registrar.post(IN, {**INCOMING, name: "x"}, 400)
    assert name in told["fields"]
    assert registrar.get("/dinkes/surat-masuk/")["items_total"] == 0


@pytest.mark.parametrize("name", ["number", "signed", "print_code", "letter_date", "state", "kiriman"])
def test_what_the_flow_writes_is_not_written_by_a_draft(program, draft, name):  # noqa: F811
    assert name in program("kabid-anggaran.bpkad").post(OUT, {**draft, name: "x"}, 400)["fields"]


def test_a_multipart_body_is_read_as_strictly(registrar):
    told = registrar.send(IN, {**INCOMING, "sifat": "R"}, 400, pindai=pdf())
    assert told["fields"].keys() >= {"sifat"}
    told = registrar.send(IN, INCOMING, 400, pindaian=pdf())
    assert told["fields"].keys() >= {"pindaian"}


@pytest.mark.parametrize("values", [{"state": "selesai"}, {"security": "SR"}, {"_signed": True}, {"number": 7}])
def test_an_action_assigns_nothing_that_it_does_not_ask(registrar, letter, values):
    [name] = values
    before = registrar.get(letter)
    assert registrar.act(letter, "salah_alamat", {"alasan": "Untuk RSUD", **values}, 400)["fields"].keys() == {name}
    assert registrar.act(letter, "naikkan", values, 400)["fields"].keys() == {name}
    assert registrar.send(f"{letter}@@aksi/naikkan", {name: "x"}, 400, berkas=pdf())["fields"].keys() == {
        name,
        "berkas",
    }
    assert registrar.get(letter) == before


def test_a_list_of_choices_is_no_other_list(registrar, letter):
    assert registrar.act(letter, "salah_alamat", {"alasan": ["a", "b"]}, 400)["fields"].keys() == {"alasan"}
    assert registrar.act(letter, "salah_alamat", {"alasan": {"a": 1}}, 400)["fields"].keys() == {"alasan"}


def test_a_version_is_a_number(registrar, letter):
    for version in ("satu", "-1", True, 1.5, [1]):
        assert registrar.act(letter, "naikkan", {"_versi": version}, 400)["fields"].keys() == {"_versi"}


def test_a_key_makes_one_letter_and_one_act_however_it_is_sent(registrar):
    values = INCOMING | {"addressee": registrar.get(IN)["values"]["addressee"]}
    first = registrar.post(IN, values, 201, Idempotency_Key="kunci-api-1")
    again = registrar.post(IN, {**values, "_kunci": "kunci-api-1"}, 201)
    other = registrar.post(IN, {**values, "_kunci": "kunci-api-2"}, 201)
    assert (again["@id"], again["fields"]["agenda_number"]) == (first["@id"], first["fields"]["agenda_number"])
    assert (other["fields"]["agenda_number"], other["duplicates"]) == (2, [first["@id"]])
    reason = {"alasan": "Untuk RSUD"}
    assert registrar.act(other["@id"], "salah_alamat", reason, Idempotency_Key="kunci-api-3")["repeated"] is False
    assert registrar.act(other["@id"], "salah_alamat", reason, Idempotency_Key="kunci-api-3")["repeated"] is True


def test_a_key_that_did_something_else_is_refused(registrar, program, letter, draft):  # noqa: F811
    writer = program("kabid-anggaran.bpkad")
    mine = writer.post(OUT, draft, 201, Idempotency_Key="kunci-api-1")["@id"]
    other = writer.post(OUT, draft, 201, Idempotency_Key="kunci-api-2")["@id"]
    assert "kunci baru" in writer.act(other, "ajukan", {}, 400, Idempotency_Key="kunci-api-1")["message"]
    assert writer.get(mine)["state"] == writer.get(other)["state"] == "konsep"
    # another person's keys are his own
    assert registrar.act(letter, "salah_alamat", {"alasan": "RSUD"}, Idempotency_Key="kunci-api-1")["repeated"] is False


def test_a_key_of_an_act_on_a_disposition_makes_no_letter(program):  # noqa: F811
    from test_api_life import disposed

    where = disposed(program)
    field = program("kabid-yankes.dinkes")
    field.act(field.mine(where), "selesaikan", {"isi": "Selesai."}, _kunci="x", Idempotency_Key="kunci-api-9")
    told = field.post("/dinkes/surat-keluar/@@tambah", {**DRAFT, "signatory": "x"}, 400, Idempotency_Key="kunci-api-9")
    assert told["type"] == "isian-salah"
    form = field.get("/dinkes/surat-keluar/@@tambah?jenis=surat-dinas")["form"]["properties"]["signatory"]
    values = {**DRAFT, "signatory": form["oneOf"][0]["const"]}
    told = field.post("/dinkes/surat-keluar/@@tambah", values, 400, Idempotency_Key="kunci-api-9")
    assert "kunci baru" in told["message"]


@pytest.mark.parametrize("key", ["pendek", "a b c d e f g h", "x" * 129, "kunci/../../x"])
def test_a_key_of_another_shape_is_refused(registrar, letter, key):
    assert "kunci" in registrar.act(letter, "salah_alamat", {"alasan": "x"}, 400, Idempotency_Key=key)["message"]


BROKEN = [
    "{",
    "[]",
    "1",
    '"teks"',
    "null",
    "[" * 100_000,
    '{"a":' * 50_000,
    "\x00",
    '{"alasan": "\\ud800"}',
    '{"alasan": "a\\u0000b"}',
]


@pytest.mark.parametrize("text", BROKEN, ids=range(len(BROKEN)))
def test_broken_json_is_told_and_never_an_incident(registrar, letter, text):
    assert registrar.post_text(f"{letter}@@aksi/salah_alamat", text, 400)["type"] == "isian-salah"
    assert registrar.get(letter)["state"] == "dicatat"


@pytest.mark.parametrize("text", [*BROKEN, '{"nama": "\\ud800", "sandi": "\\ud800"}', '{"nama": "a", "sandi": 1}'])
def test_nor_at_the_door(app, text):
    got = Program(app).test.post("/@@masuk", text, headers=JSON, content_type="application/json", status="4*")
    assert got.json["type"] in {"isian-salah", "tidak-cocok"}


@pytest.mark.parametrize(
    "values",
    [
        {"attachment_count": float("inf")},
        {"attachment_count": float("nan")},
        {"attachment_count": -1},
        {"attachment_count": 10**400},
        {"subject": 7},
        {"subject": ["Permintaan"]},
        {"subject": "Hal \ud800 yang rusak"},
        {"letter_date": "2026-02-30"},
        {"letter_date": 20261120},
        {"received_at": "99999-01-01T00:00:00Z"},
        {"security": "RAHASIA"},
        {"security": ["B"]},
        {"addressee": {"id": "x"}},
        {"classification": "000.x"},
    ],
    ids=str,
)
def test_a_value_of_another_type_is_named(registrar, values):
    told = registrar.post_text(IN, json.dumps({**INCOMING, **values}), 400)
    assert told["fields"].keys() >= values.keys()


@pytest.mark.parametrize(
    "values",
    [
        {"body": {"v": 1, "blocks": [{"t": "html", "text": "x"}]}},
        {"body": {"v": 2, "blocks": []}},
        {"body": {"v": 1, "blocks": [{"t": "n", "level": 9, "text": "x"}]}},
        {"body": [1]},
        {"addressees": [{"kind": "office", "id": "TIDAK-ADA"}]},
        {"addressees": [{"kind": "office", "id": "DINKES", "token": "x"}]},
        {"addressees": "x" * 20_000},
        {"kind": "surat-masuk"},
        {"kind": None},
        {"signatory": "tidak-ada"},
    ],
    ids=str,
)
def test_a_draft_with_a_wrong_part_is_told_which(program, draft, values):  # noqa: F811
    told = program("kabid-anggaran.bpkad").post(OUT, {**draft, **values}, 400)
    assert told["fields"].keys() == values.keys()


def test_a_reply_to_what_one_may_not_know_is_a_reply_to_nothing(program, draft, letter):  # noqa: F811
    writer = program("kabid-anggaran.bpkad")
    for where in (
        letter,
        "http://localhost/dinkes/surat-masuk/2026/aaaaaaaaaaaaaaaa/",
        "http://example.org/x",
        "/",
        "//x",
    ):
        assert writer.post(OUT, {**draft, "reply_to": where}, 404)["type"] == "tidak-ditemukan"


def test_a_signature_wants_the_file_that_was_read(program, draft):  # noqa: F811
    writer, clerk, head = (program(f"{each}.bpkad") for each in ("kabid-anggaran", "tata-usaha", "kepala"))
    where = writer.post(OUT, draft, 201)["@id"]
    writer.act(where, "ajukan")
    clerk.act(where, "lulus")
    frasa = {"frasa": "frasa uji coba"}
    assert head.act(where, "tanda_tangani", frasa, 403)["message"].startswith("Lakukan 'Siapkan tanda tangan'")
    frozen = head.act(where, "siapkan")["frozen"]
    assert head.act(where, "tanda_tangani", {"sidik": frozen}, 400)["fields"].keys() == {"frasa"}
    assert head.act(where, "tanda_tangani", frasa, 400)["fields"].keys() == {"sidik"}
    assert head.act(where, "tanda_tangani", {**frasa, "sidik": "0" * 64}, 409)["type"] == "sudah-berubah"
    assert head.act(where, "tanda_tangani", {**frasa, "sidik": frozen, "_signed": True}, 400)["fields"].keys() == {
        "_signed"
    }
    assert head.act(where, "tanda_tangani", {"frasa": "x" * 5000, "sidik": frozen}, 400)["fields"].keys() == {"frasa"}
    told = head.act(where, "tanda_tangani", {"frasa": ["x"], "sidik": frozen}, 400)
    assert told["fields"].keys() == {"frasa"}
    assert head.get(where)["state"] == "ttd_elektronik"
    assert "frasa uji coba" not in str(head.get(f"{where}@@riwayat"))


def test_a_session_of_a_browser_still_needs_its_form_token(enter):
    mine = enter("agendaris.dinkes")
    got = mine.test.post(
        "/dinkes/surat-masuk/@@tambah", "{}", headers=JSON, content_type="application/json", status=400
    )
    assert got.json["type"] == "formulir-kedaluwarsa"


def test_the_dispatch_log_takes_names_that_can_be_read(program, draft):  # noqa: F811
    writer, clerk, head = (program(f"{each}.bpkad") for each in ("kabid-anggaran", "tata-usaha", "kepala"))
    outside = [{"kind": "external", "name": "Bank Contoh", "place": "Serang", "channel": "kurir"}]
    where = writer.post(OUT, {**draft, "addressees": outside}, 201)["@id"]
    writer.act(where, "ajukan")
    clerk.act(where, "lulus")
    head.act(where, "siapkan")
    head.sign(where)
    clerk.act(where, "kirim")
    kiriman = clerk.get(f"{where}@@pengiriman")["items"][0]["kiriman"]
    for name in ("a\ud800b", "a\x00b", "a\u202eb", "x", "x" * 161, ["Kurir"], 77):
        sent = {"kiriman": kiriman, "pembawa": name, "penerima": "Petugas"}
        assert clerk.post(f"{where}@@pengiriman", sent, 400)["fields"].keys() == {"pembawa"}
    assert clerk.post(f"{where}@@pengiriman", {"kiriman": "\ud800"}, 404)["type"] == "tidak-ditemukan"


def test_who_has_no_token_is_told_how_to_come(app):
    got = Program(app).test.get("/dinkes/", headers=JSON, status=401)
    assert got.headers["WWW-Authenticate"] == "Bearer"


def test_too_many_wrong_passwords_wait(app):
    test = Program(app).test
    for _ in range(30):
        got = test.post_json("/@@masuk", {"nama": "kepala.dinkes", "sandi": "salah"}, headers=JSON, status="4*")
        if got.status_int == 429:
            break
        assert got.json["type"] == "tidak-cocok"
    assert int(got.headers["Retry-After"]) == got.json["seconds"] > 0


def test_lists_for_forms_are_found_by_their_words(registrar):
    found = registrar.get("/dinkes/@@daftar/classification?q=posyandu")
    assert found["items_total"] >= 0
    codes = [each["id"] for each in registrar.get("/dinkes/@@daftar/classification?q=900.1.3&banyak=5")["items"]]
    assert codes
    assert all(each.startswith("900.1.3") for each in codes)
    offices = registrar.get("/dinkes/@@daftar/offices?q=kesehatan")["items"]
    assert {"@type": "Choice", "id": "DINKES", "title": "Dinas Kesehatan"} in offices
    assert registrar.get("/dinkes/@@daftar/rahasia", 404)["type"] == "tidak-ditemukan"
