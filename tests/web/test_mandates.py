"""The pages of orders: who acts for whom, from the form to the banner of who acts, and what strangers find there."""

from __future__ import annotations

import re

import pytest
from steps import PASSWORD, form_with, pdf
from webtest import Upload

from intranet_surat.demo.regency import position_id

ADMIN, HEAD, ABOVE, DEPUTY, STRANGER = (
    "kasubag-umum.kramatwatu", "camat.kramatwatu", "sekda.setda", "sekretaris.kramatwatu", "kepala.dinkes"
)  # fmt: skip
SCAN = pdf()
POST = position_id("camat", "KRAMATWATU")
ORDER = {
    "jabatan": POST,
    "form": "Plh.",
    "deputy": position_id("sekretaris", "KRAMATWATU"),
    "since": "23/11/2026",
    "until": "27/11/2026",
    "number": "800.1.11.1/2201/2026",
    "dated": "20/11/2026",
    "ceiling": "T",
    "signs": "ya",
}


def register(browser, **changes):
    sent = {**ORDER, **changes}
    sent["berkas"] = Upload("perintah.pdf", SCAN, "application/pdf")
    return browser.send(f"/@@tetapkan-wakil?jabatan={POST}", sent, status="*")


@pytest.fixture
def proposed(enter):
    made = register(enter(ADMIN))
    assert made.status_int == 303, made.text
    return re.search(r"surat=(\w+)", made.location)[1]


@pytest.fixture
def running(enter, proposed):
    enter(ABOVE).send("/@@sahkan-wakil", {"surat": proposed}, status=303)
    return proposed


def sit(browser):
    browser.send("/@@jabatan", {"jabatan": POST}, status=303)
    return browser.get("/")


def test_the_form_tells_who_may_be_named_and_what_is_never_delegated(enter):
    page = enter(ADMIN).get(f"/@@tetapkan-wakil?jabatan={POST}")
    assert "Sekretaris Kecamatan Kramatwatu: " in page.text
    assert "Menunjuk wakil lagi." in page.text


def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(enter):
    page = register(enter(ADMIN), form="Plt.", number="")
    assert page.status_int == 400
    assert "masih ada pemegangnya: tetapkan Plh., bukan Plt." in page.text
    assert page.html.select_one("#number-e").get_text() == "Isi nomor surat perintah."
    assert page.html.select_one("#until")["value"] == "27/11/2026"
    assert page.html.select_one('input[name="berkas_tersimpan"]')


def test_before_the_second_person_nobody_acts(enter, proposed):
    deputy = enter(DEPUTY)
    deputy.send("/@@jabatan", {"jabatan": POST}, status=400)
    assert "Menunggu pengesahan" in deputy.get("/@@wakil")


def test_who_registered_it_is_offered_no_confirmation(enter, proposed):
    assert "Sahkan" not in enter(ADMIN).get(f"/@@wakil?surat={proposed}")
    refused = enter(ADMIN).send("/@@sahkan-wakil", {"surat": proposed}, status=403)
    assert "disahkan oleh orang lain" in refused


def test_who_acts_is_told_so_on_every_page(enter, running):
    page = sit(enter(DEPUTY))
    line = page.html.select_one(".acting-line").get_text(" ")
    assert "Anda bertindak sebagai Plh. Camat Kramatwatu sampai" in line
    assert "800.1.11.1/2201/2026" in line
    assert "Kembali sebagai Sekretaris Kecamatan Kramatwatu" in line


def test_what_is_not_for_him_is_only_counted(enter, running, listed):
    listed(HEAD, subject="Usulan pemberhentian", security="R", trays=frozenset({"waiting", "sifat R"}))
    listed(HEAD, subject="Undangan rapat", trays=frozenset({"waiting"}))
    page = sit(enter(DEPUTY))
    assert "Undangan rapat" in page
    assert "Usulan pemberhentian" not in page
    assert "1 surat rahasia" in page.html.select_one(".refused").get_text()
    assert "Usulan pemberhentian" in enter(HEAD).get("/")


def test_an_order_that_is_revoked_while_a_page_is_open_is_over_at_once(enter, running):
    deputy = enter(DEPUTY)
    sit(deputy)
    enter(HEAD).send("/@@cabut-wakil", {"surat": running, "alasan": "Kembali lebih awal"}, status=303)
    page = deputy.get("/")
    assert page.html.select_one(".acting-line") is None
    assert "Camat" not in page.html.select_one("h1").get_text()


def test_the_holder_who_is_back_ends_his_stand_in(enter, running):
    enter(HEAD).send("/@@kembali-bertugas", {"jabatan": POST}, status=303)
    page = enter(HEAD).get(f"/@@wakil?surat={running}")
    assert "Camat Kramatwatu kembali bertugas." in page


def test_the_order_itself_is_kept_and_given_to_those_concerned(enter, running):
    file = enter(HEAD).get(f"/@@berkas-wakil?surat={running}")
    assert file.body == SCAN


def test_for_a_stranger_there_is_no_such_order(enter, running):
    stranger = enter(STRANGER)
    stranger.get(f"/@@wakil?surat={running}", status=404)
    stranger.get(f"/@@berkas-wakil?surat={running}", status=404)
    stranger.send("/@@cabut-wakil", {"surat": running, "alasan": "iseng"}, status=404)
    assert "2201" not in stranger.get("/@@wakil")


def test_nobody_else_registers_for_the_post(enter):
    assert register(enter(STRANGER)).status_int == 403
    assert register(enter("kasi-pmd.kramatwatu")).status_int == 403


def test_an_absence_without_a_stand_in_is_recorded_and_ended(enter):
    head = enter(HEAD)
    head.send("/@@berhalangan", {"jabatan": POST, "since": "23/11/2026", "until": "27/11/2026"}, status=303)
    assert "kembali 28 November 2026" in head.get("/@@wakil") or "berhalangan, kembali" in head.get("/@@wakil")
    head.send("/@@kembali-bertugas", {"jabatan": POST}, status=303)
    assert "berhalangan, kembali" not in head.get("/@@wakil")


def test_the_same_in_json(enter, proposed):
    above = enter(ABOVE)
    found = [each for each in above.json("/@@wakil").json["items"] if each["id"] == proposed]
    assert [each["state"] for each in found] == ["proposed"]
    headers = {"Accept": "application/json"}
    told = above.post("/@@sahkan-wakil", {"surat": proposed, "csrf_token": above.token()}, headers=headers)
    assert told.json["state"] == "active"
    assert told.json["scope"][1] == "Surat bersifat Terbatas dan di bawahnya"


def test_a_handover_shows_what_waits_and_gives_the_post_to_the_new_holder(enter, listed):
    listed(HEAD, subject="Undangan rapat", trays=frozenset({"waiting"}))
    above = enter(ABOVE)
    memo = above.get(f"/@@serah-terima?jabatan={POST}")
    assert "1 surat menunggu" in memo
    assert "Undangan rapat" not in memo, "whoever keeps the post is not thereby a reader of its letters"
    wrong = above.send(
        f"/@@serah-terima?jabatan={POST}", {"login": "tidak-ada", "order": "821/1", "since": "23/11/2026"}, status=400
    )
    assert "Nama masuk ini tidak dikenal." in wrong
    above.send(
        f"/@@serah-terima?jabatan={POST}", {"login": STRANGER, "order": "821/1", "since": "23/11/2026"}, status=303
    )
    assert "Undangan rapat" in sit(enter(STRANGER))


def test_the_memo_is_for_the_post_and_its_office(enter):
    enter(STRANGER).get(f"/@@serah-terima?jabatan={POST}", status=404)


def test_wrong_days_of_absence_keep_what_was_typed_beside_the_reason(enter):
    sent = {"jabatan": POST, "since": "27/11/2026", "until": "23/11/2026", "reason": "Cuti tahunan di kampung"}
    page = enter(HEAD).send("/@@berhalangan", sent, status=400)
    assert page.html.select_one("#c3")["value"] == "Cuti tahunan di kampung"
    assert page.html.select_one("#c1")["value"] == "27/11/2026"
    assert page.html.select_one(".error")


def test_an_order_typed_when_the_session_ended_comes_back_and_is_not_registered_yet(enter, clock, site):
    admin = enter(ADMIN)
    form = form_with(admin.get(f"/@@tetapkan-wakil?jabatan={POST}"), "number", "dated")
    form["number"], form["since"] = "800.1.11.1/2201/2026", "23/11/2026"
    clock.forward(minutes=45)
    door = form_with(form.submit(headers={"Origin": "http://localhost"}, status=401), "nama", "sandi")
    door["nama"], door["sandi"] = ADMIN, PASSWORD
    page = door.submit(status=200).forms[0].submit(status=200)
    assert form_with(page, "number", "dated")["number"].value == "800.1.11.1/2201/2026"
    assert not list(site.mandates.of_position(POST))
