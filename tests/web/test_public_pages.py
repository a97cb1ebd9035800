"""Behind the QR code: what anybody may know of a letter, what of a secret one, and of one that never was."""

from __future__ import annotations

import pytest
from steps import PASSPHRASE, bring, final, form_with, keyed, pdf, register, signed, verification  # noqa: F401


@pytest.fixture
def letter(enter, keyed):  # noqa: F811
    return signed(enter)


@pytest.fixture
def address(letter, enter):
    return verification(enter, letter)


def test_a_genuine_letter_tells_its_facts_without_log_in_and_without_navigation(browser, address):
    page = browser.get(address)
    assert page.html.h1.get_text() == "Asli dan utuh"
    text = page.html.main.get_text(" ")
    for word in ("B/1/400.7.1/2026", "23 November 2026", "Penanganan darurat tanggul", "Kepala Dinas Kesehatan"):
        assert word in text
    assert page.html.nav is None
    assert "Kata sandi" not in page


def test_the_same_file_is_genuine(browser, address, enter, letter):
    page = bring(browser, final(enter, letter), to=address)
    assert page.html.h1.get_text() == "Berkas ini asli dan utuh"


def test_one_flipped_byte_is_seen(browser, address, enter, letter):
    changed = bytearray(final(enter, letter))
    changed[len(changed) // 2] ^= 1
    page = bring(browser, bytes(changed), to=address)
    assert page.html.h1.get_text() == "Berkas ini sudah berubah"
    assert "data surat asli" in page


def test_another_file_is_not_this_letter(browser, address):
    page = bring(browser, pdf(), to=address)
    assert page.html.h1.get_text() == "Berkas ini sudah berubah"
    assert "tidak sama dengan berkas surat ini" in page


def test_without_a_file_it_says_what_to_do(browser, address):
    page = bring(browser, None, to=address)
    assert page.status_int == 400
    assert "Pilih berkas PDF" in page.html.find(id="berkas-e").get_text()
    assert page.html.h1.get_text() == "Asli dan utuh"


def test_what_is_uploaded_leaves_no_trace(browser, address, app, db):
    folder = app.registry.house.settings.incoming
    before = db.lastTransaction(), sorted(folder.rglob("*"))
    bring(browser, pdf(), to=address)
    assert (db.lastTransaction(), sorted(folder.rglob("*"))) == before


def test_an_upload_without_a_form_token_is_refused(browser, address):
    browser.post(address, {}, upload_files=[("berkas", "surat.pdf", pdf())], status=400)


@pytest.mark.parametrize("level", ["T", "R", "SR"])
def test_of_a_letter_that_is_not_open_only_that_it_is_there(browser, enter, keyed, level):  # noqa: F811
    url = signed(enter, security=level)
    address = verification(enter, url)
    page = browser.get(address)
    text = page.html.main.get_text(" ")
    assert "Dinas Kesehatan" in text
    assert "23 November 2026" in text
    for word in ("400.7.1", "tanggul", "Kepala Dinas", "UJI COBA -"):
        assert word not in text
    assert "tidak diperlihatkan" in text


def test_every_code_that_leads_nowhere_gets_the_same_page(browser, enter, letter):
    tokens = ("a" * 22, "b" * 22, "x", "%00", "0" * 300)
    bodies = set()
    for token in tokens:
        page = browser.get(f"/v/{token}", status=404)
        text = page.html.main.get_text(" ") if page.html.main else ""
        bodies.add(" ".join(text.split()))
    assert len(bodies) == 1
    assert "Tidak terdaftar" in bodies.pop()


def test_a_draft_and_an_incoming_letter_are_not_public(browser, enter, site):
    url = register(enter("agendaris.dinkes"))
    site._p_jar.sync()
    letter = site.office("DINKES")["surat-masuk"]["2026"][url.rstrip("/").rsplit("/", 1)[-1]]
    assert browser.get(f"/v/{letter.token}", status=404).html.h1.get_text() == "Tidak terdaftar"


def test_the_verdict_speaks_json(browser, address):
    told = browser.json(address).json
    assert told["verdict"]["overall"] == "sah"
    assert told["number"] == "B/1/400.7.1/2026"
    assert PASSPHRASE not in str(told)


def test_a_code_that_cannot_be_read_stays_in_its_field(browser):
    page = browser.get("/v/?kode=zz%3Cz", status="*")
    assert "tidak dapat dibaca" in page
    assert form_with(page, "kode")["kode"].value == "zz<z"
