"""Ink on paper: print with a code, number, scan, and another person who confirms that scan and print are one."""

from __future__ import annotations

import pytest
from steps import act, answer, buttons, form_with, initialled, keyed, pdf  # noqa: F401
from webtest import Upload

CLERK, CHECKER = "tata-usaha.dinkes", "pemeriksa.dinkes"


@pytest.fixture
def url(enter, keyed):  # noqa: F811
    return initialled(enter, classification="900.1.3", to=("Balai Besar Wilayah Sungai", "Serang", "kurir"))


@pytest.fixture
def numbered(enter, url):
    answer(enter(CLERK), url, "nomori", {"tanggal_ttd": "23/11/2026"})
    return url


def printed(browser, url):
    files = browser.json(url).json["files"]
    sha = next(each["sha256"] for each in files if each["kind"] == "cetak")
    return browser.get(f"{url}@@berkas?sha={sha}").body


def upload(browser, url, content, **more):
    form = form_with(browser.get(url + "@@aksi/unggah"), "pindai")
    form["pindai"] = Upload("pindai-tertanda.pdf", content)
    return form.submit(**more)


def test_a_letter_under_900_is_printed_and_not_signed_electronically(enter, url):
    page = enter(CLERK).get(url)
    assert "Dicetak untuk tanda tangan basah" in page.html.select_one(".letter-head").get_text()
    assert buttons(page) == ["Sudah ditandatangani basah", "Tidak ditandatangani"]
    assert printed(enter(CLERK), url).startswith(b"%PDF")


def test_the_number_to_write_on_the_paper_is_shown(enter, numbered):
    page = enter(CLERK).get(numbered + "@@aksi/unggah")
    assert page.html.select_one(".stamped b").get_text() == "B/1/900.1.3/2026"
    assert "23 November 2026" in page.html.select_one(".stamped").get_text()
    code = enter(CLERK).json(numbered).json["fields"]["print_code"]
    assert f"Cetakan berkode {code}" in page


def test_a_date_that_cannot_be_read_is_asked_back(enter, url):
    page = answer(enter(CLERK), url, "nomori", {"tanggal_ttd": "31/11/2026"}, status=400)
    assert "31/11/2026" in page.html.select_one("p.error").get_text()
    assert form_with(page, "tanggal_ttd")["tanggal_ttd"].value == "31/11/2026"


def test_a_scan_of_another_paper_is_refused_and_nothing_changes(enter, numbered):
    clerk = enter(CLERK)
    page = upload(clerk, numbered, pdf(), status=403)
    assert "QR" in page.html.select_one(".banner-bad").get_text()
    assert "Tersimpan" in page
    assert clerk.json(numbered).json["state"] == "dinomori"


def test_without_a_file_it_says_so(enter, numbered):
    form = form_with(enter(CLERK).get(numbered + "@@aksi/unggah"), "pindai")
    assert "harus diisi" in form.submit(status=400).html.select_one("p.error").get_text()


@pytest.fixture
def scanned(enter, numbered):
    clerk = enter(CLERK)
    assert upload(clerk, numbered, printed(clerk, numbered)).status_int == 303
    return numbered


def test_the_checker_sees_print_and_scan_side_by_side(enter, scanned):
    page = enter(CHECKER).get(scanned + "@@aksi/sahkan")
    assert [each.get_text() for each in page.html.select("figcaption b")] == ["Dicetak", "Dipindai"]
    assert len(page.html.select(".pair-paper img")) == 2
    checks = [each.get_text() for each in page.html.select(".pairs .state")]
    assert checks == ["Cocok", "Cocok"]
    assert len(page.html.select("input[name=saya_periksa][required]")) == 3


def test_no_scan_is_confirmed_without_looking_at_it(enter, scanned):
    page = enter(CHECKER).get(scanned)
    assert buttons(page) == ["Sahkan sesuai asli", "Pindai ulang"]
    assert not any(each.action.endswith("sahkan") for each in page.forms.values())


def test_another_person_must_confirm(enter, scanned):
    page = enter(CLERK).get(scanned)
    assert buttons(page) == []
    assert "Sahkan sesuai asli" in page.html.select_one(".refused").get_text()
    enter(CLERK).get(scanned + "@@aksi/sahkan", status=403)


def test_confirmed_it_counts_as_signed_with_ink(enter, scanned):
    answer(enter(CHECKER), scanned, "sahkan", {})
    letter = enter(CLERK).json(scanned).json
    assert letter["fields"]["signed"] == "wet"
    assert letter["state"] == "siap_kirim"
    assert "Tanda tangan basah" in enter(CLERK).get(scanned).html.select_one(".chain").get_text()


def test_a_bad_scan_goes_back_with_a_reason(enter, scanned):
    answer(enter(CHECKER), scanned, "ulang", {"alasan": "Halaman miring"})
    page = enter(CLERK).get(scanned)
    assert "Unggah hasil pindai" in buttons(page)
    assert "Halaman miring" in page


def test_a_void_number_stays_in_the_history_with_its_reason(enter, numbered):
    answer(enter(CLERK), numbered, "gagal", {"alasan": "Salah ketik"})
    page = enter("staf-kesmas.dinkes").get(numbered + "@@riwayat")
    assert "Nomor batal" in page
    assert "B/1/900.1.3/2026" in page
    assert "Salah ketik" in page
