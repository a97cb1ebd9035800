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

AWAY = {"jabatan": POST, "since": "23/11/2026", "until": "27/11/2026", "sandi": PASSWORD}


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
    enter(ABOVE).send("/@@sahkan-wakil", {"surat": proposed, "sandi": PASSWORD}, status=303)
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
    page = enter(ADMIN).get(f"/@@wakil?surat={proposed}")
    assert not any(form.action.endswith("@@sahkan-wakil") for form in page.forms.values())
    refused = enter(ADMIN).send("/@@sahkan-wakil", {"surat": proposed, "sandi": PASSWORD}, status=403)
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
    enter(HEAD).send(
        "/@@cabut-wakil", {"surat": running, "alasan": "Kembali lebih awal", "sandi": PASSWORD}, status=303
    )
    page = deputy.get("/")
    assert page.html.select_one(".acting-line") is None
    assert "Camat" not in page.html.select_one("h1").get_text()


def test_the_holder_who_is_back_ends_his_stand_in(enter, running):
    enter(HEAD).send("/@@kembali-bertugas", {"jabatan": POST, "sandi": PASSWORD}, status=303)
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


def test_a_session_left_open_is_not_enough_to_give_the_post_away_by_an_absence(enter):
    head, sent = enter(HEAD), {**AWAY, "sandi": ""}
    page = head.send("/@@berhalangan", sent, status=400)
    assert page.html.select_one("#sandi-0-e").get_text() == "Tulis kata sandi Anda sekali lagi."
    assert page.html.select_one("#c1")["value"] == "23/11/2026"
    assert not page.html.select_one("#sandi-0").get("value")
    program = {"headers": {"Accept": "application/json"}, "status": 400}
    assert "sandi" in head.post("/@@berhalangan", {**sent, "csrf_token": head.token()}, **program).text
    assert "berhalangan, kembali" not in head.get("/@@wakil")


def test_an_absence_without_a_stand_in_is_recorded_and_ended(enter):
    head = enter(HEAD)
    head.send("/@@berhalangan", AWAY, status=303)
    assert "berhalangan, kembali 28 November 2026" in head.get("/@@wakil")
    head.send("/@@kembali-bertugas", {"jabatan": POST, "sandi": PASSWORD}, status=303)
    assert "berhalangan, kembali" not in head.get("/@@wakil")


def test_the_same_in_json(enter, proposed):
    above = enter(ABOVE)
    found = [each for each in above.json("/@@wakil").json["items"] if each["id"] == proposed]
    assert [each["state"] for each in found] == ["proposed"]
    headers = {"Accept": "application/json"}
    told = above.post(
        "/@@sahkan-wakil", {"surat": proposed, "sandi": PASSWORD, "csrf_token": above.token()}, headers=headers
    )
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
    assert "Undangan rapat" not in enter(STRANGER).get("/"), "one person alone gives nobody a post"
    enter(ADMIN).send("/@@sahkan-serah-terima", {"jabatan": POST, "sandi": PASSWORD}, status=303)
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


def test_who_waits_for_an_order_reads_its_date_and_who_can_confirm_it(enter, proposed):
    page = enter(DEPUTY).get(f"/@@wakil?surat={proposed}")
    assert "20 November 2026" in page.html.select_one(".facts").get_text()
    told = page.html.select_one(".refused").get_text(" ")
    assert "Sekretaris Daerah" in told
    assert "Sekretaris Kecamatan" not in told, "who is named does not confirm his own order"


def test_a_session_left_open_is_not_enough_to_confirm_or_to_end_an_order(enter, proposed):
    above = enter(ABOVE)
    page = above.send("/@@sahkan-wakil", {"surat": proposed}, status=400)
    assert page.html.select_one("#sandi-e").get_text() == "Tulis kata sandi Anda sekali lagi."
    above.send("/@@sahkan-wakil", {"surat": proposed, "sandi": "bukan-sandi-saya"}, status=400)
    assert "Menunggu pengesahan" in above.get("/@@wakil")
    kept = enter(HEAD).send("/@@cabut-wakil", {"surat": proposed, "alasan": "Tidak jadi cuti"}, status=400)
    assert kept.html.select_one("#alasan")["value"] == "Tidak jadi cuti"


def test_a_session_left_open_is_not_enough_to_end_an_absence_and_the_stand_in_with_it(enter, running):
    head = enter(HEAD)
    head.send("/@@berhalangan", AWAY, status=303)
    page = head.send("/@@kembali-bertugas", {"jabatan": POST}, status=400)
    assert page.html.select_one("#sandi-1-e").get_text() == "Tulis kata sandi Anda sekali lagi."
    head.post(
        "/@@kembali-bertugas", {"jabatan": POST, "csrf_token": head.token()}, headers={"Accept": "application/json"},
        status=400,
    )  # fmt: skip
    assert "berhalangan, kembali" in head.get("/@@wakil")
    assert "Plh." in sit(enter(DEPUTY)).html.select_one(".acting-line").get_text(" ")


def test_a_token_without_the_password_confirms_nothing(enter, proposed):
    above = enter(ABOVE)
    sent = {"surat": proposed, "csrf_token": above.token()}
    answer = above.post("/@@sahkan-wakil", sent, headers={"Accept": "application/json"}, status=400)
    assert "sandi" in answer.text


def test_wrong_days_and_missing_words_of_an_order_are_told_at_once_and_nothing_is_lost(enter):
    page = register(enter(ADMIN), until="31/02/2026", dated="kemarin", number="", form="Plt.")
    assert page.status_int == 400
    wrong = {each["id"].removesuffix("-e") for each in page.html.select(".error[id]")}
    assert {"until", "dated", "number", "form"} <= wrong
    assert page.html.select_one("#until")["value"] == "31/02/2026"
    assert page.html.select_one('input[name="berkas_tersimpan"]')


def test_an_order_that_is_sent_twice_is_registered_once(enter, write):
    admin = enter(ADMIN)
    first, again = (register(admin, _kunci="kunci-perintah-1") for _ in range(2))
    assert first.location == again.location
    assert write(lambda site: len(list(site.mandates.of_position(POST)))) == 1


def test_wrong_days_of_absence_are_told_both(enter):
    page = enter(HEAD).send("/@@berhalangan", {"jabatan": POST, "since": "", "until": "besok"}, status=400)
    assert len(page.html.select(".error")) == 2


def test_a_handover_waits_for_its_second_person_and_says_who_that_is_not(enter):
    above, sent = enter(ABOVE), {"login": STRANGER, "order": "821/1", "since": "23/11/2026"}
    above.send(f"/@@serah-terima?jabatan={POST}", sent, status=303)
    assert "Serah terima menunggu orang kedua" in enter(ADMIN).get("/@@wakil")
    mine = above.get(f"/@@serah-terima?jabatan={POST}")
    assert "disahkan oleh orang lain, bukan oleh yang mengajukannya" in mine
    above.send("/@@sahkan-serah-terima", {"jabatan": POST, "sandi": PASSWORD}, status=403)
    second = enter(ADMIN)
    refused = second.send("/@@sahkan-serah-terima", {"jabatan": POST, "sandi": "salah"}, status=400)
    assert "Kata sandi tidak cocok." in refused
    second.send("/@@tolak-serah-terima", {"jabatan": POST, "alasan": "SK belum terbit"}, status=303)
    assert "Pejabat baru" in above.get(f"/@@serah-terima?jabatan={POST}")


def test_the_holder_is_told_why_he_does_not_hand_over_his_own_post(enter):
    page = enter(HEAD).get(f"/@@serah-terima?jabatan={POST}")
    assert "Serah terima Camat Kramatwatu diajukan oleh" in page.html.select_one(".refused").get_text()


def test_everything_wrong_with_a_handover_is_told_at_once_and_kept(enter):
    page = enter(ABOVE).send(
        f"/@@serah-terima?jabatan={POST}", {"login": "tidak-ada", "order": "", "since": "kapan-kapan"}, status=400
    )
    assert {each["id"] for each in page.html.select(".error[id]")} == {"login-e", "order-e", "since-e"}
    assert page.html.select_one("#login")["value"] == "tidak-ada"


def test_letters_outside_an_order_for_some_kinds_are_neither_listed_nor_counted_nor_found(enter, listed):
    made = register(enter(ADMIN), some="ya", kinds="undangan")
    order = re.search(r"surat=(\w+)", made.location)[1]
    enter(ABOVE).send("/@@sahkan-wakil", {"surat": order, "sandi": PASSWORD}, status=303)
    listed(HEAD, subject="Usulan anggaran", kind="surat-dinas")
    listed(HEAD, subject="Undangan rapat", kind="undangan")
    deputy = enter(DEPUTY)
    desk = sit(deputy)
    assert "Undangan rapat" in desk
    assert "Usulan anggaran" not in desk
    assert desk.html.select_one("h1").get_text().startswith("1 surat menunggu")
    assert "Di luar lingkup Plh." in desk.html.select_one(".refused").get_text()
    assert "Usulan anggaran" not in deputy.get("/@@cari?q=anggaran")
    assert "Usulan anggaran" in enter(HEAD).get("/")


def test_a_handover_in_json_is_asked_and_confirmed_by_two(enter):
    headers = {"Accept": "application/json"}
    above, admin = enter(ABOVE), enter(ADMIN)
    sent = {"jabatan": POST, "login": STRANGER, "order": "821/1", "since": "23/11/2026"}
    asked = above.post("/@@serah-terima", {**sent, "csrf_token": above.token()}, headers=headers).json["asked"]
    assert (asked["order"], asked["since"]) == ("821/1", "2026-11-23")
    known = {"jabatan": POST, "csrf_token": admin.token()}
    admin.post("/@@sahkan-serah-terima", known, headers=headers, status=400)
    admin.post("/@@sahkan-serah-terima", {**known, "sandi": PASSWORD}, headers=headers)
    assert admin.json(f"/@@serah-terima?jabatan={POST}").json["asked"] is None
