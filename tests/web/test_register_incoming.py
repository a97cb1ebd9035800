"""Registering what comes in: the form, the scan that stays, the number, and the letter that may be there already."""

from __future__ import annotations

import pytest
from steps import INCOMING, TAMBAH, buttons, fill, form_with, pdf, register, register_page
from webtest import Upload


def test_the_registrar_gets_the_agenda_number_to_write_on_the_paper(enter):
    registrar = enter("agendaris.dinkes")
    url = register(registrar)
    page = registrar.get(url + "@@tercatat")
    assert "Tercatat sebagai agenda 1" in page
    assert page.html.select_one(".stamped b").get_text() == "1"
    assert "Agenda masuk Dinkes 2026" in page.text
    second = register(registrar, sender_number="600.1/215/2026")
    assert registrar.get(second + "@@tercatat").html.select_one(".stamped b").get_text() == "2"


def test_registering_and_raising_are_one_press(enter):
    registrar = enter("agendaris.dinkes")
    url = register(registrar, button="lalu")
    assert "Ditelaah Sekretaris" in registrar.get(url)
    assert "Sampaikan ke Kepala Dinas" in buttons(enter("sekretaris.dinkes").get(url))


def test_the_button_says_what_the_flow_of_this_office_does_next(enter):
    assert "Catat dan naikkan ke Sekretaris" in enter("agendaris.dinkes").get(TAMBAH)
    assert "Catat dan naikkan ke pimpinan" in enter("agendaris.bpkad").get("/bpkad/surat-masuk/@@tambah")


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(enter, site):
    registrar = enter("agendaris.dinkes")
    page = register_page(registrar, subject="Tes", letter_date="31/11/2026", sender="Kecamatan Ciomas")
    assert page.status_int == 400
    form = form_with(page, "sender", "subject")
    assert form["sender"].value == "Kecamatan Ciomas"
    assert form["letter_date"].value == "31/11/2026"
    problems = [each.get_text() for each in page.html.select("p.error")]
    assert any("5 huruf" in each for each in problems)
    assert any("31/11/2026" in each for each in problems)
    assert page.html.select_one("[aria-invalid]") is not None
    assert "surat-masuk" not in site.office("DINKES")


def test_a_scan_survives_a_wrong_field(enter):
    registrar = enter("agendaris.dinkes")
    page = register_page(registrar, subject="Tes")
    assert "Tersimpan" in page
    assert "pindai-0231.pdf, 2 halaman" in page
    form = form_with(page, "subject")
    form["subject"] = INCOMING["subject"]
    url = form.submit("diam").location.removesuffix("@@tercatat")
    assert "2 halaman" in registrar.get(url)


def test_the_page_that_is_typed_from_is_shown_to_its_sender_only(enter):
    registrar = enter("agendaris.dinkes")
    page = register_page(registrar, subject="Tes")
    image = page.html.select_one("img.paper")["src"]
    assert registrar.get(image).content_type == "image/png"
    enter("kepala.dinkes").get(image, status=404)


def test_a_file_that_is_no_scan_is_refused_with_a_sentence(enter):
    page = register_page(enter("agendaris.dinkes"), scan=b"hanya teks biasa, bukan PDF")
    assert page.status_int == 400
    assert "PDF" in page.html.select_one("p.error").get_text()


def test_words_of_a_classification_lead_to_its_code(enter):
    registrar = enter("agendaris.dinkes")
    page = register_page(registrar, classification="irigasi")
    assert page.status_int == 400
    assert "600.1.4.2 Pengelolaan Irigasi" in page
    url = register(registrar, classification="600.1.4.2 Pengelolaan Irigasi dan Rawa")
    assert "600.1.4.2" in registrar.get(url)


def test_who_does_not_register_is_told_who_does(enter):
    page = enter("staf-kesmas.dinkes").get(TAMBAH, status=403)
    assert "Agendaris" in page


def test_another_office_s_registrar_cannot_register_here(enter):
    enter("agendaris.bpkad").get(TAMBAH, status=403)


def test_what_was_uploaded_does_not_stay_behind_once_it_is_stored(enter, app):
    folder = app.registry.house.settings.incoming
    before = [each for each in folder.rglob("*") if each.is_file()] if folder.exists() else []
    register(enter("agendaris.dinkes"))
    assert sorted(each for each in folder.rglob("*") if each.is_file()) == sorted(before)


def test_the_same_form_sent_twice_is_one_letter(enter):
    registrar = enter("agendaris.dinkes")
    form = fill(form_with(registrar.get(TAMBAH), "sender"), INCOMING)
    first, second = form.submit("diam"), form.submit("diam")
    assert first.location == second.location


def test_without_a_form_token_nothing_is_registered(enter, site):
    registrar = enter("agendaris.dinkes")
    registrar.post(TAMBAH, {**INCOMING, "_kunci": "kunci-tanpa-token"}, status=400)
    assert "surat-masuk" not in site.office("DINKES")


class TestTheSamePaperTwice:
    @pytest.fixture
    def twins(self, enter):
        registrar = enter("agendaris.dinkes")
        first = register(registrar)
        return registrar, first, register(registrar, scan=pdf(3), button="lalu", urgency="biasa")

    def test_both_are_registered_and_the_second_waits_for_a_decision(self, twins):
        registrar, _, second = twins
        page = registrar.get(second + "@@tercatat")
        assert "Tercatat sebagai agenda 2" in page
        assert "Mungkin surat yang sama" in page
        assert "Keadaan: Dicatat" in page

    def test_they_are_shown_side_by_side_with_what_differs(self, twins):
        registrar, first, second = twins
        page = registrar.get(second + "@@tercatat").click("Bandingkan dengan agenda 1")
        assert "2 halaman" in page
        assert "3 halaman" in page
        assert "600.1/214/2026" in page.html.select_one("tr.same").get_text()
        assert page.click("Buka agenda 1").request.url == first

    def test_the_decision_is_an_act_of_the_flow(self, twins):
        registrar, _, second = twins
        page = registrar.get(second + "@@mirip")
        form = next(each for each in page.forms.values() if each.action.endswith("@@aksi/naikkan"))
        assert form.submit().status_int == 303

    def test_a_letter_of_another_office_is_never_named(self, enter):
        register(enter("agendaris.dinkes"))
        registrar = enter("agendaris.bpkad")
        url = register(registrar, url="/bpkad/surat-masuk/@@tambah")
        assert "Mungkin surat yang sama" not in registrar.get(url + "@@tercatat")

    def test_the_same_number_from_another_sender_is_another_letter(self, enter):
        registrar = enter("agendaris.dinkes")
        register(registrar)
        url = register(registrar, sender="Kecamatan Ciomas")
        assert "Mungkin surat yang sama" not in registrar.get(url + "@@tercatat")


def test_a_scan_can_be_added_later_by_correcting_the_data(enter):
    registrar = enter("agendaris.dinkes")
    url = register(registrar, scan=False)
    assert "Unggah hasil pindai" in registrar.get(url)
    form = form_with(registrar.get(url + "@@ubah"), "subject")
    form["subject"] = "Permohonan perbaikan tanggul Sungai Ciujung"
    form.set("berkas", Upload("pindai.pdf", pdf()), 0)
    form.submit("simpan")
    page = registrar.get(url)
    assert "Sungai Ciujung" in page
    assert page.html.select_one("img.paper") is not None
