"""The same addresses in JSON: a letter's life by a program that comes with a token and nothing else."""

from __future__ import annotations

import pytest
from steps import INCOMING, NIK, OUTGOING, PASSWORD, RESIDENT, keyed, pdf, position  # noqa: F401
from webtest import TestApp

HEADERS = {"Accept": "application/json"}


class Program:
    """A client that speaks JSON with a bearer token."""

    def __init__(self, app, login):
        self.test = TestApp(app)
        token = self.test.post_json("/@@masuk", {"nama": login, "sandi": PASSWORD}, headers=HEADERS).json["token"]
        self.headers = {**HEADERS, "Authorization": f"Bearer {token}"}

    def get(self, url, **more):
        return self.test.get(url, headers=self.headers, **more)

    def post(self, url, values=None, key=None, **more):
        headers = {**self.headers, **({"Idempotency-Key": key} if key else {})}
        return self.test.post_json(url, values or {}, headers=headers, **more)

    def send(self, url, values, files, **more):
        return self.test.post(url, values, upload_files=files, headers=self.headers, **more)


@pytest.fixture
def program(app):
    return lambda login: Program(app, login)


@pytest.fixture
def registered(program):
    files = [("pindai", "pindai.pdf", pdf(2))]
    return program("agendaris.dinkes").send("/dinkes/surat-masuk/@@tambah", INCOMING, files).json["@id"]


def act(program, login, url, action, values=None, **more):
    return program(login).post(f"{url}@@aksi/{action}", values, **more)


def test_a_letter_is_created_with_its_scan_and_its_number(program, registered):
    letter = program("agendaris.dinkes").get(registered).json
    assert letter["@type"] == "Letter"
    assert letter["title"] == INCOMING["subject"]
    assert letter["fields"]["agenda_number"] == 1
    assert letter["fields"]["letter_date"] == "2026-11-20"
    assert letter["files"][0]["kind"] == "scan"
    assert [each["id"] for each in letter["actions"]] == ["naikkan", "salah_alamat"]


def test_creating_answers_201_with_the_address(program):
    answer = program("agendaris.dinkes").post("/dinkes/surat-masuk/@@tambah", INCOMING, status=201)
    assert answer.headers["Location"] == answer.json["@id"]
    assert answer.json["duplicates"] == []


def test_what_is_wrong_comes_by_field(program):
    values = INCOMING | {"subject": "Tes", "letter_date": "kemarin"}
    answer = program("agendaris.dinkes").post("/dinkes/surat-masuk/@@tambah", values, status=400)
    assert set(answer.json["fields"]) == {"subject", "letter_date"}


@pytest.mark.parametrize("name", ["agenda_number", "state", "scan", "office", "lain"])
def test_a_field_that_is_not_of_the_form_is_refused(program, name):
    answer = program("agendaris.dinkes").post("/dinkes/surat-masuk/@@tambah", INCOMING | {name: "1"}, status=400)
    assert name in answer.json["fields"]


def test_the_same_key_makes_one_letter(program):
    registrar = program("agendaris.dinkes")
    first, second = (
        registrar.post("/dinkes/surat-masuk/@@tambah", INCOMING, key="kunci-yang-sama-1").json["@id"] for _ in range(2)
    )
    assert first == second


def test_a_likely_duplicate_is_pointed_out_and_blocks_nothing(program, registered):
    answer = program("agendaris.dinkes").post("/dinkes/surat-masuk/@@tambah", INCOMING, status=201)
    assert answer.json["duplicates"] == [registered]


def test_each_action_carries_the_schema_of_what_it_asks(program, registered):
    act(program, "agendaris.dinkes", registered, "naikkan")
    act(program, "sekretaris.dinkes", registered, "sampaikan")
    actions = {each["id"]: each for each in program("kepala.dinkes").get(registered).json["actions"]}
    schema = actions["disposisi"]["form"]
    assert schema["required"] == ["kepada", "instruksi"]
    assert schema["additionalProperties"] is False
    assert actions["cukup_diketahui"]["form"]["properties"] == {}
    assert actions["disposisi"]["@id"] == f"{registered}@@aksi/disposisi"


def test_a_disposition_is_an_item_with_a_life_of_its_own(program, registered, site):
    act(program, "agendaris.dinkes", registered, "naikkan")
    act(program, "sekretaris.dinkes", registered, "sampaikan")
    field = position(site, "kabid-kesmas.dinkes")
    values = {"kepada": [field], "instruksi": ["tindak-lanjuti"], "batas": "2 working days", "catatan": "Tinjau"}
    answer = act(program, "kepala.dinkes", registered, "disposisi", values).json
    assert answer["state"] == "didisposisi"
    item = program("kabid-kesmas.dinkes").get(answer["items"][0]["@id"]).json
    assert item["@type"] == "Disposition"
    assert item["holder"] == field
    assert item["fields"]["catatan"] == "Tinjau"
    assert "selesaikan" in [each["id"] for each in item["actions"]]
    act(program, "kabid-kesmas.dinkes", item["@id"], "selesaikan", {"isi": "Selesai ditinjau"})
    assert program("kepala.dinkes").get(registered).json["state"] == "selesai"


def test_a_report_may_bring_files(program, registered, site):
    act(program, "agendaris.dinkes", registered, "naikkan")
    act(program, "sekretaris.dinkes", registered, "sampaikan")
    values = {"kepada": [position(site, "kabid-kesmas.dinkes")], "instruksi": ["tindak-lanjuti"]}
    item = act(program, "kepala.dinkes", registered, "disposisi", values).json["items"][0]["@id"]
    field = program("kabid-kesmas.dinkes")
    field.get(item)
    field.send(f"{item}@@aksi/selesaikan", {"isi": "Foto terlampir"}, [("berkas", "foto.pdf", pdf())])
    kinds = [each["filename"] for each in field.get(registered).json["files"]]
    assert "foto.pdf" in kinds


def test_wrong_values_of_an_act_come_by_field_and_change_nothing(program, registered, site):
    act(program, "agendaris.dinkes", registered, "naikkan")
    act(program, "sekretaris.dinkes", registered, "sampaikan")
    outside = [position(site, "kepala.bpkad")]
    values = {"kepada": outside, "instruksi": ["tidak-ada"]}
    answer = act(program, "kepala.dinkes", registered, "disposisi", values, status=400)
    assert set(answer.json["fields"]) == {"kepada", "instruksi"}
    answer = act(program, "kepala.dinkes", registered, "disposisi", values | {"lain": 1}, status=400)
    assert "lain" in answer.json["fields"]
    assert program("kepala.dinkes").get(registered).json["state"] == "menunggu_disposisi"


def test_what_one_sees_but_may_not_do_is_403_with_the_sentence(program, registered):
    answer = act(program, "agendaris.dinkes", registered, "berkaskan", status=403)
    assert answer.json["message"]
    refused = program("agendaris.dinkes").get(registered).json["refused"]
    assert {"id", "title", "why", "who"} <= set(refused[0])


def test_what_one_may_not_see_is_as_if_it_were_not_there(program, registered):
    outsider = program("kepala.bpkad")
    missing = outsider.get("/dinkes/surat-masuk/2026/aaaaaaaaaaaaaaaa/", status=404)
    for url in (registered, f"{registered}@@riwayat", f"{registered}@@banding"):
        assert outsider.get(url, status=404).body == missing.body
    assert act(program, "kepala.bpkad", registered, "naikkan", status=404).body == missing.body


def test_an_act_on_a_text_that_has_changed_is_409(program, registered):
    registrar = program("agendaris.dinkes")
    known = registrar.get(registered).json
    values = {
        **INCOMING,
        "addressee": known["fields"]["addressee"],
        "subject": "Permohonan perbaikan jembatan",
        "_versi": known["version"],
    }
    assert registrar.post(f"{registered}@@ubah", values).json["version"] == 2
    answer = act(program, "agendaris.dinkes", registered, "naikkan", {"_versi": 1}, status=409)
    assert (answer.json["shown"], answer.json["current"]) == (1, 2)
    registrar.post(f"{registered}@@ubah", values, status=409)


def test_correcting_needs_the_version_it_is_based_on(program, registered):
    registrar = program("agendaris.dinkes")
    values = INCOMING | {"addressee": registrar.get(registered).json["fields"]["addressee"]}
    answer = registrar.post(f"{registered}@@ubah", values, status=400)
    assert "_versi" in answer.json["fields"]


def test_a_body_that_is_no_object_is_refused(program, registered):
    registrar = program("agendaris.dinkes")
    headers = {**registrar.headers, "Content-Type": "application/json"}
    for body in ("[1]", "{", '"x"', "[" * 5000):
        registrar.test.post(f"{registered}@@aksi/naikkan", body, headers=headers, status=400)


def test_a_draft_is_written_from_blocks_and_read_back_as_they_are(program, site):
    staff = program("staf-kesmas.dinkes")
    body = {"v": 1, "blocks": [{"t": "p", "text": "Isi"}, {"t": "n", "level": 1, "text": "butir"}]}
    values = {
        **OUTGOING,
        "kind": "surat-dinas",
        "body": body,
        "security": "B",
        "urgency": "biasa",
        "addressees": [{"kind": "office", "id": "BPKAD", "place": "Serang"}],
    }
    refused = staff.post("/dinkes/surat-keluar/@@tambah", values, status=400)
    assert set(refused.json["fields"]) == {"signatory"}
    values["signatory"] = position(site, "kepala.dinkes")
    letter = staff.post("/dinkes/surat-keluar/@@tambah", values, status=201).json
    assert letter["fields"]["body"] == body
    assert letter["fields"]["addressees"][0]["channel"] == "sistem"
    assert letter["editable"] is True
    assert "kind" not in letter["fields"]


def test_a_village_s_secret_values_go_in_and_never_come_out(program, keyed, site):  # noqa: F811
    operator = program("operator.pejaten")
    values = {
        **RESIDENT,
        "kind": "surat-pengantar-desa",
        "signatory": position(site, "kades.pejaten"),
        "subject": "Surat pengantar warga",
        "classification": "400.12.2.1",
        "security": "T",
        "urgency": "biasa",
    }
    answer = operator.post("/desa/kramatwatu-pejaten/surat-keluar/@@tambah", values, status=201)
    assert NIK not in answer.text
    assert "nik" not in answer.json["fields"]


def test_without_a_token_nothing_is_told(app, registered):
    TestApp(app).get(registered, headers=HEADERS, status=401)
