"""A record that three sign on one file, as its parties, its clerk and a stranger see it."""

from __future__ import annotations

import threading

import pytest
from steps import (  # noqa: F401
    PASSPHRASE,
    act,
    answer,
    bring,
    buttons,
    draft,
    final,
    form_with,
    keyed,
    position,
    sign,
    signed,
    verification,
)

FIRST, SECOND, LAST, CLERK = "kepala.dinkes", "kepala.bpkad", "sekda.setda", "tata-usaha.dinkes"
MANY = "/@@tanda-tangani-banyak"


@pytest.fixture
def url(enter, keyed, site):  # noqa: F811
    """Written, checked, and prepared by the first party."""
    parties = {
        "signatory": position(site, "kepala.dinkes"),
        "second_signatory": position(site, "kepala.bpkad"),
        "acknowledged_by": position(site, "sekda.setda"),
    }
    made = draft(enter(FIRST), "berita-acara", subject="Serah terima kendaraan dinas", **parties)
    act(enter(FIRST), made, "ajukan")
    act(enter(CLERK), made, "lulus")
    act(enter(FIRST), made, "siapkan")
    return made


def chain(page):
    return [(each.select_one(".state").get_text(), each.b.get_text()) for each in page.html.select(".chain li")][-3:]


def test_the_form_of_a_record_asks_for_the_parties_in_their_order(enter, keyed):  # noqa: F811
    page = enter(FIRST).get("/dinkes/surat-keluar/@@tambah?jenis=berita-acara")
    labels = [each.get_text(" ", strip=True) for each in page.html.select("label")]
    order = [
        next(n for n, each in enumerate(labels) if each.startswith(word))
        for word in ("Pihak kesatu", "Pihak kedua", "Mengetahui")
    ]
    assert order == sorted(order)


def test_nobody_can_be_both_parties(enter, keyed, site):  # noqa: F811
    same = position(site, "kepala.dinkes")
    form = form_with(enter(FIRST).get("/dinkes/surat-keluar/@@tambah?jenis=berita-acara"), "subject")
    form["subject"], form["classification"], form["body"] = "Serah terima kendaraan", "400.7.1", "Isi."
    form["signatory"], form["second_signatory"] = same, same
    page = form.submit("simpan", status=400)
    assert "Pihak kedua harus jabatan lain daripada pihak kesatu." in page


def test_the_page_names_who_has_signed_who_is_awaited_and_who_comes_after(enter, url):
    assert chain(enter(FIRST).get(url)) == [
        ("Sekarang", "Kepala Dinas Kesehatan"),
        ("Belum", "Kepala Badan Pengelolaan Keuangan dan Aset Daerah"),
        ("Belum", "Sekretaris Daerah"),
    ]
    sign(enter(FIRST), url)
    page = enter(SECOND).get(url)
    assert [state for state, _ in chain(page)] == ["Sudah", "Sekarang", "Belum"]
    assert "Pihak kesatu: tanda tangan elektronik" in page
    assert "Tanda tangani" in buttons(page)


def test_the_second_sees_on_the_signing_page_whose_signature_stands_there_already(enter, url):
    page = enter(FIRST).get(url + "@@aksi/tanda_tangani")
    assert "Tanda tangan ke-1 dari 3" in page
    sign(enter(FIRST), url)
    page = enter(SECOND).get(url + "@@aksi/tanda_tangani")
    assert "Tanda tangan ke-2 dari 3" in page
    assert "Sudah ditandatangani Jelita Adiwangsa (Kepala Dinas Kesehatan)" in page.html.get_text()


def test_out_of_turn_the_reason_says_who_is_awaited(enter, url):
    page = enter(SECOND).get(url + "@@aksi/tanda_tangani", status=403)
    assert "Belum giliran Anda: berkas ini ditandatangani Kepala Dinas Kesehatan lebih dulu." in page
    sign(enter(FIRST), url)
    page = enter(FIRST).get(url + "@@aksi/tanda_tangani", status=403)
    assert "Anda sudah menandatangani berkas ini; sekarang giliran Kepala Badan" in page


def test_the_result_says_that_others_are_awaited_until_the_last_has_signed(enter, url):
    page = sign(enter(FIRST), url).follow()
    assert page.html.h1.get_text() == "Tanda tangan Anda sudah ada di berkas ini"
    assert "Berikutnya menandatangani berkas yang sama: Tiara Lestariaji" in page
    page = sign(enter(SECOND), url, "frasa yang salah", status=400)
    page = enter(SECOND).get(url + "@@hasil-tanda-tangan")
    assert page.html.h1.get_text() == "Surat belum ditandatangani"
    sign(enter(SECOND), url)
    page = sign(enter(LAST), url).follow()
    assert page.html.h1.get_text() == "Surat sudah ditandatangani"
    signers = [each.find_next("dd").get_text() for each in page.html.find_all("dt", string="Penanda tangan")]
    assert [each.split(" (")[0] for each in signers] == ["Jelita Adiwangsa", "Tiara Lestariaji", "Dewi Lestariaji"]


def test_who_has_not_signed_is_never_told_that_his_signature_is_there(enter, url):
    sign(enter(FIRST), url)
    for login in (SECOND, LAST, CLERK):
        page = enter(login).get(url + "@@hasil-tanda-tangan", status=303)
        assert page.location == url
    assert enter(SECOND).json(url + "@@hasil-tanda-tangan").json["attempt"] is None


def test_the_first_who_loads_his_result_again_reads_his_own_and_not_anothers_wrong_passphrase(enter, url):
    sign(enter(FIRST), url)
    sign(enter(SECOND), url, "frasa yang salah", status=400)
    page = enter(FIRST).get(url + "@@hasil-tanda-tangan")
    assert page.html.h1.get_text() == "Tanda tangan Anda sudah ada di berkas ini"
    assert "Frasa sandi salah" not in page


def test_after_a_refusal_no_result_says_that_the_number_stays(enter, url):
    sign(enter(FIRST), url)
    sign(enter(SECOND), url, "frasa yang salah", status=400)
    answer(enter(SECOND), url, "tolak", {"alasan": "Jumlah barang keliru"})
    for login in (FIRST, SECOND):
        assert enter(login).get(url + "@@hasil-tanda-tangan", status=303).location == url


def test_it_stands_on_the_desk_of_him_whose_turn_it_is_and_in_his_list_of_many(enter, url):
    assert "Serah terima kendaraan dinas" in enter(FIRST).get(MANY)
    assert "Serah terima kendaraan dinas" not in enter(SECOND).get(MANY)
    sign(enter(FIRST), url)
    assert "Serah terima kendaraan dinas" not in enter(FIRST).get(MANY)
    assert enter(SECOND).get(MANY).html.select(".sign-item input[name=surat][checked]")
    assert "Serah terima kendaraan dinas" in enter(SECOND).get("/")


def test_many_signed_at_once_tell_of_a_record_whose_turn_it_is_and_that_others_are_still_to_sign(enter, url):
    page = enter(FIRST).get(MANY)
    assert "Giliran Anda: tanda tangan ke-1 dari 3. Sesudah Anda" in page.html.select_one(".sign-item").get_text()
    form = form_with(page, "frasa", "surat")
    form["frasa"] = PASSPHRASE
    page = form.submit()
    for thread in [each for each in threading.enumerate() if each.name.startswith("tanda-tangan-")]:
        thread.join(60)
    page = page.follow()
    assert page.html.h1.get_text() == "1 dari 1 surat sudah Anda tanda tangani"
    assert "1 surat masih ditandatangani pejabat lain" in page.html.select_one("[role=status]").get_text()
    assert "Tanda tangan ke-1 dari 3; berikutnya: Tiara Lestariaji" in page.html.select_one(".results").get_text()
    for login in (SECOND, LAST):
        sign(enter(login), url)
    told = enter(FIRST).get(page.request.path)
    assert "Tanda tangan ke-1 dari 3; berikutnya" in told, "what this batch did stays as it was"


def test_who_refuses_after_the_first_gives_a_reason_and_the_file_is_made_anew(enter, url):
    sign(enter(FIRST), url)
    before = enter(FIRST).json(url).json
    answer(enter(SECOND), url, "tolak", {"alasan": "Jumlah barang keliru"})
    page = enter(FIRST).get(url)
    assert "Jumlah barang keliru" in page
    after = enter(FIRST).json(url).json
    assert (after["state"], after["fields"].get("number")) == ("konsep", None)
    act(enter(FIRST), url, "ajukan")
    act(enter(CLERK), url, "lulus")
    act(enter(FIRST), url, "siapkan")
    assert enter(FIRST).json(url).json["fields"]["number"] != before["fields"]["number"]
    assert [state for state, _ in chain(enter(FIRST).get(url))] == ["Sekarang", "Belum", "Belum"]


def test_the_public_page_names_every_signer_in_order_and_of_a_half_signed_file_that_one_is_missing(enter, url, browser):
    sign(enter(FIRST), url)
    sign(enter(SECOND), url)
    sha = enter(FIRST).json(url).json["frozen"]
    half = enter(FIRST).get(f"{url}@@berkas?sha={sha}").body
    page = bring(browser, half)
    assert "1 dari tanda tangan yang disiapkan di dalamnya belum ada" in page
    assert page.html.h1.get_text() == "Belum lengkap ditandatangani"
    sign(enter(LAST), url)
    letter = enter(FIRST).json(url).json
    page = browser.get("/v/" + letter["verification"].rpartition("/")[2])
    text = page.html.get_text(" ", strip=True)
    names = ["Jelita Adiwangsa", "Tiara Lestariaji", "Dewi Lestariaji"]
    assert [text.index(f"Penanda tangan {number}") for number in (1, 2, 3)] == sorted(
        text.index(f"Penanda tangan {number}") for number in (1, 2, 3)
    )
    assert all(name in text for name in names)
    assert "Asli dan utuh" in text


def test_who_brings_a_half_signed_file_of_a_record_that_is_complete_now_is_told_to_ask_for_the_newest(
    enter, url, browser
):
    sign(enter(FIRST), url)
    sha = enter(FIRST).json(url).json["frozen"]
    half = enter(FIRST).get(f"{url}@@berkas?sha={sha}").body
    sign(enter(SECOND), url)
    sign(enter(LAST), url)
    page = bring(browser, half)
    assert page.html.h1.get_text() == "Belum lengkap ditandatangani"
    assert "Berkas ini dibuat sebelum 2 pihak lain menandatangani; minta berkas terbarunya." in page
    assert "yang disiapkan di dalamnya" not in page
    assert "Lebih lama daripada arsip kami" in page


def test_of_a_half_signed_file_whose_record_was_refused_nobody_is_said_to_be_awaited(enter, url, browser):
    sign(enter(FIRST), url)
    sha = enter(FIRST).json(url).json["frozen"]
    half = enter(FIRST).get(f"{url}@@berkas?sha={sha}").body
    answer(enter(SECOND), url, "tolak", {"alasan": "Jumlah barang keliru"})
    page = bring(browser, half)
    assert "2 dari tanda tangan yang disiapkan di dalamnya belum ada" in page
    assert "ditunggu" not in page
    said = bring(browser, half, to="/v/?bahasa=en")
    assert said.html.h1.get_text() == "Not signed by all"
    assert "2 of the signatures prepared in it are missing" in said


def test_who_scans_the_print_of_a_record_before_all_have_signed_reads_why_it_is_not_registered(
    enter, url, site, browser
):
    sign(enter(FIRST), url)
    site._p_jar.sync()
    letter = site.office("DINKES")["surat-keluar"]["2026"][url.rstrip("/").rpartition("/")[2]]
    record = browser.get(f"/v/{letter.token}", status=404)
    nothing = browser.get(f"/v/{'a' * 22}", status=404)
    assert record.html.h1.get_text() == "Tidak terdaftar"
    assert "Surat yang belum ditandatangani semua pihak belum terdaftar." in record
    told = [page.html.select_one(".verdict").get_text() for page in (record, nothing)]
    assert told[0] == told[1], "the sentence tells nothing about this one"
    said = browser.get(f"/v/{'a' * 22}?bahasa=en", status=404)
    assert "A letter that not all have signed is not registered yet." in said


def test_the_half_signed_file_of_another_letter_is_not_called_changed(enter, url, browser):
    sign(enter(FIRST), url)
    sha = enter(FIRST).json(url).json["frozen"]
    half = enter(FIRST).get(f"{url}@@berkas?sha={sha}").body
    page = bring(browser, half, to=verification(enter, signed(enter)))
    assert page.html.h1.get_text() == "Ini bukan berkas surat tersebut"
    assert "sudah berubah" not in page.html.main.get_text()


def test_a_signature_in_the_file_of_another_letter_is_not_told_as_one_of_this_letters_posts(enter, url, browser):
    for login in (FIRST, SECOND, LAST):
        sign(enter(login), url)
    page = bring(browser, final(enter, signed(enter)), to=verification(enter, url))
    assert page.html.h1.get_text() == "Ini bukan berkas surat tersebut"
    (only,) = page.html.select("details section")
    assert "Menurut sertifikat" in only.get_text(" ")
    assert "Sebagai" not in only.get_text(" ")


def test_a_program_signs_in_its_turn_and_is_refused_out_of_it(enter, url):
    second = enter(SECOND)
    sha = second.json(url).json["frozen"]
    sent, asked = {"frasa": PASSPHRASE, "sidik": sha}, {"Accept": "application/json"}
    refused = second.send(f"{url}@@aksi/tanda_tangani", sent, headers=asked, status=403)
    assert "Belum giliran Anda" in refused.json["message"]
    enter(FIRST).send(f"{url}@@aksi/tanda_tangani", sent, headers=asked, status=200)
    sent["sidik"] = second.json(url).json["frozen"]
    listed = second.json(url).json["signatories"]
    assert [(each["label"], each["signed"]) for each in listed] == [
        ("Pihak kesatu", True),
        ("Pihak kedua", False),
        ("Mengetahui", False),
    ]
    done = second.send(f"{url}@@aksi/tanda_tangani", sent, headers=asked).json
    assert [each["field"] for each in done["verdict"]["signatures"]] == ["TTE_1", "TTE_2"]
