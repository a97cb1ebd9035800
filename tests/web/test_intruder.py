"""Somebody who wants in: what he tried, named for what he saw. Forms and programs that write what one may not."""

from __future__ import annotations

import pytest
from programs import Program
from steps import (  # noqa: F401  fixtures
    INCOMING,
    OUTGOING,
    act,
    answer,
    at_head,
    draft,
    keyed,
    position,
    register,
    signed,
    worker,
)

from intranet_surat.resources.folder import find

IN, OUT = "/dinkes/surat-masuk/@@tambah", "/dinkes/surat-keluar/@@tambah"
REGISTRAR, CLERK, STAFF, HEAD = "agendaris.dinkes", "tata-usaha.dinkes", "staf-kesmas.dinkes", "kepala.dinkes"
KEY = {"Idempotency_Key": "kunci-penyusup-1"}
ABROAD = {"kind": "external", "name": "Polsek Kramatwatu", "place": "Kramatwatu", "channel": "kurir"}


@pytest.fixture
def program(app):
    known: dict[str, Program] = {}

    def program(login: str) -> Program:
        return known.setdefault(login, Program(app, login))

    return program


def written(staff, site, **changes):
    values = {
        "kind": "surat-dinas",
        **OUTGOING,
        "signatory": position(site, HEAD),
        "addressees": [ABROAD],
        **changes,
    }
    return staff.post(OUT, values, 201)


class TestOneKeyForTwoThings:
    def test_a_second_act_with_the_key_of_the_first_is_refused_and_not_swallowed(self, program, site):
        staff = program(STAFF)
        url = written(staff, site)["@id"]
        assert staff.post(f"{url}@@aksi/ajukan", {}, 200, **KEY)["state"] == "paraf"
        told = staff.post(f"{url}@@aksi/tarik", {}, 400, **KEY)
        assert "sudah dipakai" in told["message"]
        assert staff.post(f"{url}@@aksi/ajukan", {}, 200, **KEY)["repeated"] is True

    def test_a_correction_with_the_key_of_another_letter_does_not_pass_for_stored(self, program, site):
        staff = program(STAFF)
        one, other = written(staff, site), written(staff, site, subject="Surat yang lain")
        values = {**OUTGOING, "signatory": position(site, HEAD), "addressees": [ABROAD], "_versi": 1}
        assert staff.post(f"{one['@id']}@@ubah", values, 200, **KEY)["version"] == 2
        told = staff.post(f"{other['@id']}@@ubah", {**values, "subject": "Hal yang baru"}, 400, **KEY)
        assert "sudah dipakai" in told["message"]
        assert staff.post(f"{one['@id']}@@ubah", values, 200, **KEY)["version"] == 2

    def test_a_new_letter_with_the_key_of_an_act_is_not_answered_with_the_old_letter(self, program, site):
        staff = program(STAFF)
        url = written(staff, site)["@id"]
        staff.post(f"{url}@@aksi/ajukan", {}, 200, **KEY)
        told = staff.post(OUT, {"kind": "surat-dinas", **OUTGOING, "signatory": position(site, HEAD)} | {
            "addressees": [ABROAD]}, 400, **KEY)  # fmt: skip
        assert "sudah dipakai" in told["message"]

    def test_a_letter_out_with_the_key_of_a_letter_in_is_not_answered_with_that(self, program, site):
        registrar = program(REGISTRAR)
        values = {**INCOMING, "addressee": position(site, HEAD), "_kunci": "kunci-penyusup-2"}
        first = registrar.post(IN, values, 201)
        assert registrar.post(IN, values, 201)["@id"] == first["@id"]
        told = registrar.post(OUT, {"kind": "nota-dinas", **OUTGOING, "signatory": position(site, HEAD)} | {
            "addressees": [ABROAD], "_kunci": "kunci-penyusup-2"}, 400)  # fmt: skip
        assert "sudah dipakai" in told["message"]


class TestWhoSignsAndWhoReads:
    @pytest.mark.parametrize("login", [STAFF, "kasi-kesmas.dinkes", "kepala.bpkad"])
    def test_nobody_makes_a_signatory_of_himself_or_of_another_office(self, program, site, login):
        values = {"kind": "surat-dinas", **OUTGOING, "signatory": position(site, login), "addressees": [ABROAD]}
        seen = program(STAFF).post(OUT, values, 400 if login != "kasi-kesmas.dinkes" else 201)
        assert login == "kasi-kesmas.dinkes" or set(seen["fields"]) == {"signatory"}

    def test_a_stored_draft_does_not_take_such_a_signatory_either(self, program, site):
        staff = program(STAFF)
        url = written(staff, site)["@id"]
        values = {**OUTGOING, "signatory": position(site, STAFF), "addressees": [ABROAD], "_versi": 1}
        assert set(staff.post(f"{url}@@ubah", values, 400)["fields"]) == {"signatory"}

    def test_a_form_does_not_take_one_that_its_menu_never_offered(self, enter, site):
        url = draft(enter(STAFF))
        page = enter(STAFF).get(url + "@@ubah")
        form = next(each for each in page.forms.values() if "signatory" in each.fields)
        form["signatory"].force_value(position(site, STAFF))
        assert "tidak ada dalam daftar" in form.submit("simpan", status=400)

    def test_a_registrar_does_not_address_a_letter_of_his_office_to_another(self, program, site):
        values = {**INCOMING, "addressee": position(site, "kepala.bpkad")}
        assert set(program(REGISTRAR).post(IN, values, 400)["fields"]) == {"addressee"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("number", "1"), ("signed", "pades"), ("state", "terkirim"), ("scan", "0" * 64), ("agenda_number", 1),
        ("sender_office", "BPKAD"), ("origin", "/x"), ("print_code", "AB"), ("reply_to", "/x"), ("_signed", True),
        ("version", 9), ("token", "x"), ("frozen", "0" * 64), ("history", []), ("__parent__", "x"),
    ],
)  # fmt: skip
def test_what_the_system_writes_is_not_taken_from_a_program(program, site, name, value):
    staff, registrar = program(STAFF), program(REGISTRAR)
    registrar.post(IN, {**INCOMING, "addressee": position(site, HEAD), name: value}, 400)
    made = written(staff, site)
    base = {**OUTGOING, "signatory": position(site, HEAD), "addressees": [ABROAD], "_versi": 1}
    staff.post(f"{made['@id']}@@ubah", {**base, name: value}, 400)
    staff.post(f"{made['@id']}@@aksi/ajukan", {name: value}, 400)
    assert staff.get(made["@id"])["version"] == 1


class TestTheDispatchLog:
    def confirmed(self, clerk, url, status, **changes):
        number = clerk.get(f"{url}@@pengiriman")["items"][0]["kiriman"]
        values = {"kiriman": number, "pembawa": "Kurir Udin", "penerima": "Petugas jaga", **changes}
        return clerk.post(f"{url}@@pengiriman", values, status)

    def note(self, site, url):
        site._p_jar.sync()
        letter = find(site, url.removeprefix("http://localhost"))
        return find(site, letter.deliveries[0])

    def test_a_line_that_was_entered_is_not_written_over(self, enter, program, keyed, worker, site):  # noqa: ARG002, F811
        url = signed(enter, to=("Polsek Kramatwatu", "Kramatwatu", "kurir"))
        act(enter(CLERK), url, "kirim")
        worker()
        clerk = program(CLERK)
        self.confirmed(clerk, url, 200)
        self.confirmed(clerk, url, 200)  # the same once more changes nothing
        assert "sudah" in self.confirmed(clerk, url, 403, penerima="Orang lain")["message"]
        assert "Petugas jaga" in self.note(site, url).note

    def test_what_goes_through_the_system_is_not_said_to_be_received_by_its_sender(
        self, enter, program, keyed, worker, site  # noqa: ARG002, F811
    ):  # fmt: skip
        url = signed(enter)
        act(enter(CLERK), url, "kirim")
        self.confirmed(program(CLERK), url, 403)
        worker()
        assert self.note(site, url).state == "terkirim"


def test_a_number_is_not_taken_from_the_register_of_another_year(enter, keyed, program):  # noqa: F811
    url = draft(enter(STAFF), classification="900.1.3")
    act(enter(STAFF), url, "ajukan")
    for login in ("kasi-kesmas.dinkes", "kabid-kesmas.dinkes"):
        act(enter(login), url, "paraf")
    clerk = enter(CLERK)
    act(clerk, url, "lulus")
    for day in ("2019-03-04", "2031-01-01", "0001-01-01"):
        told = program(CLERK).post(f"{url}@@aksi/nomori", {"tanggal_ttd": day}, 400)
        assert set(told["fields"]) == {"tanggal_ttd"}
    assert program(CLERK).post(f"{url}@@aksi/nomori", {"tanggal_ttd": "2026-11-23"}, 200)["state"] == "dinomori"
