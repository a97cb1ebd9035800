"""Behind the QR code: what anybody may know of a letter, what of a secret one, and of one that never was."""

from __future__ import annotations

import pytest
from steps import PASSPHRASE, bring, final, form_with, keyed, pdf, register, signed, verification  # noqa: F401
from webtest import Upload

from intranet_surat.resources.document import Rendition
from intranet_surat.resources.folder import find
from intranet_surat.web import views
from intranet_surat.web.pace import Pace


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


@pytest.mark.parametrize("to", ["letter", "anybody"])
def test_what_is_wrong_with_the_only_signature_is_said_once(browser, address, enter, letter, to):
    changed = bytearray(final(enter, letter))
    changed[len(changed) // 2] ^= 1
    for language, reason in (
        ("", "Isi berkas berubah sesudah ditandatangani."),
        ("?bahasa=en", "The content changed after it was signed."),
    ):
        page = bring(browser, bytes(changed), to=(address if to == "letter" else "/v/") + language)
        assert len(page.html.select("details section")) == 1
        assert page.html.main.get_text(" ").count(reason) == 1


def test_another_file_is_not_this_letter_and_is_not_called_changed(browser, address):
    page = bring(browser, pdf(), to=address)
    assert page.html.h1.get_text() == "Ini bukan berkas surat tersebut"
    assert page.html.select_one(".verdict-bad")
    assert "Jangan dipakai sebagai surat ini" in page
    assert "sudah berubah" not in page.html.main.get_text()
    assert page.html.main.get_text(" ").lower().count("tidak sama dengan berkas surat ini") == 1


@pytest.mark.parametrize("content", [b"Surat undangan rapat.", b"%PDF-1.7\n"])
def test_what_is_no_pdf_is_said_to_be_none_before_anything_else(browser, address, content):
    for language, says in (("", "bukan PDF yang dapat dibaca"), ("?bahasa=en", "not a PDF that can be read")):
        page = bring(browser, content, to=address + language)
        assert says in page.html.select_one(".verdict-bad").get_text(" ")


def test_without_a_file_it_says_what_to_do(browser, address):
    page = bring(browser, None, to=address)
    assert page.status_int == 400
    assert "Pilih berkas PDF" in page.html.find(id="berkas-e").get_text()


@pytest.mark.parametrize("refused", ["no file", "too large", "too often"])
def test_a_file_that_was_not_examined_never_stands_below_a_green_verdict(browser, address, monkeypatch, refused):
    content = {"no file": None, "too large": b"%PDF-1.7" + bytes(11 * 1024 * 1024)}.get(refused, pdf())
    browser.test.extra_environ["REMOTE_ADDR"] = "192.0.2.8"
    monkeypatch.setattr(views.public, "FILES", Pace(1))
    if refused == "too often":
        bring(browser, content)
    for language, told, genuine in (
        ("", "Berkas Anda belum diperiksa", "Asli dan utuh"),
        ("?bahasa=en", "Your file has not been checked", "Genuine and unchanged"),
    ):
        page = bring(browser, content, to=address + language)
        assert page.status_int in {400, 413, 429}
        assert (page.html.h1.get_text(), page.html.title.get_text()) == (told, f"{told} – Intranet Surat")
        assert page.html.find(id="berkas-e").get_text()
        assert page.html.select_one(".verdict, details") is None
        assert genuine not in page
        assert page.html.h1.find_next("form").find("input", id="berkas"), "the form follows at once"


def test_who_was_refused_brings_another_file_in_the_same_place_or_goes_back_to_the_letter(
    browser, address, enter, letter
):
    page = bring(browser, None, to=address)
    form = form_with(page, "berkas")
    form["berkas"] = Upload("surat.pdf", final(enter, letter))
    assert form.submit().html.h1.get_text() == "Berkas ini asli dan utuh"
    assert page.click("Lihat lagi data surat").html.h1.get_text() == "Asli dan utuh"


@pytest.mark.parametrize("content", [None, pdf()], ids=["no file", "another file"])
def test_at_a_code_that_leads_nowhere_no_letter_is_offered_to_look_at_again(browser, keyed, content):  # noqa: F811
    form = form_with(browser.get("/v/" + "a" * 22, status=404), "berkas")
    form["berkas"] = Upload("surat.pdf", content) if content else ""
    page = form.submit(status="*")
    assert "Lihat lagi data surat" not in page
    assert page.html.find("a", string=lambda text: text in {"Periksa surat lain", "Periksa berkas lain"})


def test_the_fingerprint_says_why_it_is_another_one_once_evidence_was_added(browser, address, enter, letter, write):
    before = browser.json(address).json
    assert before["sha256"] == before["sha256_signed"]
    summary = "details:has(.hash)"
    assert "ditambah bukti" not in browser.get(address).html.select_one(summary).get_text()
    write(lambda site: grow(site, letter))
    after = browser.json(address).json
    assert after["sha256_signed"] == before["sha256"] != after["sha256"]
    told = browser.get(address).html.select_one(summary)
    shown = ["".join(each.get_text().split()) for each in told.select(".hash")]
    assert shown == [after["sha256_signed"], after["sha256"]]
    assert [each.get_text() for each in told.select("h3")] == ["Saat ditandatangani", "Sesudah ditambah bukti"]
    assert "Isi dan tanda tangannya tidak berubah, hanya sidiknya." in told.get_text()
    result = enter("kepala.dinkes").get(letter + "@@hasil-tanda-tangan")
    shown = ["".join(each.get_text().split()) for each in result.html.select("dd.hash")]
    assert shown == [after["sha256_signed"], after["sha256"]]
    assert "Isinya tidak berubah, hanya sidiknya" in result
    beside = enter("kepala.dinkes").get(letter).html.find(id="lampiran").find_next("a").get_text()
    assert beside.startswith("Surat bertanda tangan elektronik, sebelum ditambah bukti: ")


def test_the_fingerprint_of_a_file_that_was_sealed_besides_is_not_explained_by_evidence(
    browser, address, letter, write
):
    write(lambda site: grow(site, letter, signatures=1))
    summary = browser.get(address).html.select_one("details:has(.hash)")
    assert [each.get_text() for each in summary.select("h3")] == [
        "Saat ditandatangani",
        "Sesudah ditambah tanda tangan atau segel",
    ]
    assert "berkas ditambah tanda tangan atau segel berikutnya" in summary.get_text()
    assert "bukti" not in summary.get_text()
    summary = browser.get(address + "?bahasa=en").html.select_one("details:has(.hash)")
    assert "a further signature or seal was added to the file" in summary.get_text()


def grow(site, url, signatures=0):
    """Add to a signed file what a job of evidence adds, or that of a seal."""
    found = find(site, url.removeprefix("http://localhost"))
    before = found.renditions[-1]
    grown = Rendition(
        before.content() + b"\n% bukti\n", kind="signed", previous=before.sha256, verdict=before.verdict,
        signatures=before.signatures + signatures, created_at=before.created_at,
    )  # fmt: skip
    found.renditions.append(grown)


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
