"""Anybody brings a file, a code or a picture of one: what it is, by whom, and whether it is ours; and not too often."""

from __future__ import annotations

from datetime import timedelta

import pytest
from pyramid.request import Request
from steps import bring, final, form_with, keyed, pdf, signed, verification  # noqa: F401

from intranet_surat.services import qr
from intranet_surat.web import pace
from intranet_surat.web.pace import Pace, TooOften
from intranet_surat.web.views import public


@pytest.fixture
def letter(enter, keyed):  # noqa: F811
    return signed(enter)


def said(page):
    return " ".join(page.html.main.get_text(" ").split())


def test_without_a_code_the_page_offers_a_file_a_picture_and_a_code(browser):
    page = browser.get("/v/")
    assert page.html.nav is None
    assert page.html.find("input", id="foto")["capture"] == "environment"
    assert {each["name"] for each in page.html.find_all("input", type=["file", "text"])} == {"berkas", "foto", "kode"}
    assert "script" not in {each.name for each in page.html.find_all()}


def test_a_letter_of_ours_is_recognised_without_its_code(browser, enter, letter):
    page = bring(browser, final(enter, letter))
    assert page.html.h1.get_text() == "Berkas ini asli dan utuh"
    text = said(page)
    for word in (
        "Sama dengan arsip kami",
        "Penanganan darurat tanggul",
        "Sebagai Kepala Dinas Kesehatan",
        "Tidak berubah",
    ):
        assert word in text
    assert "Sertifikat berlaku" in text
    assert "tidak membuktikan apa pun" in text
    assert page.html.find("a", href="https://tte.komdigi.go.id/verifyPDF")


def test_after_a_verdict_on_a_file_a_link_leads_to_the_next_one(browser, enter, letter):
    for start in ("/v/", verification(enter, letter)):
        page = bring(browser, final(enter, letter), to=start)
        assert form_with(page.click("Periksa berkas lain"), "berkas")


@pytest.mark.parametrize("level", ["T", "R", "SR"])
def test_a_file_of_a_letter_that_is_not_open_is_as_unknown_as_any(browser, enter, keyed, level):  # noqa: F811
    ours = signed(enter, security=level)
    page = bring(browser, final(enter, ours))
    text = said(page)
    assert "Tidak ada dalam arsip kami yang terbuka untuk umum" in text
    for word in ("tanggul", "400.7.1", "Dinas Kesehatan", "Sama dengan arsip"):
        assert word not in text
    with_code = bring(browser, final(enter, ours), to=verification(enter, ours))
    assert "Sama dengan arsip kami" in said(with_code)
    assert "tanggul" not in said(with_code)


def test_a_file_of_nobody_is_not_ours_and_undecided(browser):
    page = bring(browser, pdf())
    assert page.html.h1.get_text() == "Belum dapat dipastikan"
    assert "Tidak ada dalam arsip kami" in said(page)


@pytest.mark.parametrize("content", [b"", b"bukan pdf", b"%PDF-1.7 rusak", bytes(range(256)) * 40])
def test_what_is_no_file_at_all_gets_a_sentence(browser, content):
    page = bring(browser, content)
    assert page.status_int in {200, 400}
    assert page.html.h1


def test_too_large_a_file_is_refused_with_the_limit(browser):
    page = bring(browser, b"%PDF-1.7" + bytes(11 * 1024 * 1024))
    assert page.status_int == 413
    assert "10 MB" in page.html.find(id="berkas-e").get_text()


def test_a_typed_code_or_address_leads_to_the_letter(browser, enter, letter):
    path = verification(enter, letter)
    for typed in (path.rsplit("/", 1)[1], f" http://localhost{path} "):
        assert browser.get("/v/", {"kode": typed}, status=303).location == f"http://localhost{path}"


@pytest.mark.parametrize("typed", ["", "salah sekali", "http://jahat.example/x y", "../../@@akun", "é" * 30])
def test_a_code_that_is_none_gets_a_sentence(browser, typed):
    page = browser.get("/v/", {"kode": typed}, status=400)
    assert "Kode ini tidak dapat dibaca" in page.html.find(id="kode-e").get_text()


def test_a_picture_of_the_code_leads_to_the_letter(browser, enter, letter):
    path = verification(enter, letter)
    page = bring(browser, qr.png(f"http://localhost{path}"), "foto")
    assert (page.status_int, page.location) == (303, f"http://localhost{path}")


@pytest.mark.parametrize("shown", ["https://jahat.example/", "teks"])
def test_a_picture_of_another_code_leads_nowhere(browser, shown):
    page = bring(browser, qr.png(shown), "foto")
    assert page.status_int == 400
    assert "tidak terbaca" in page.html.find(id="foto-e").get_text()


def test_a_code_of_another_house_leads_to_our_page_only(browser):
    page = bring(browser, qr.png(f"https://jahat.example/v/{'a' * 22}"), "foto")
    assert page.location == f"http://localhost/v/{'a' * 22}"


def test_a_program_learns_what_the_file_is_to_the_archive(browser, enter, letter):
    content = final(enter, letter)
    told = browser.post(
        "/v/", {"csrf_token": browser.token()}, upload_files=[("berkas", "a.pdf", content)],
        headers={"Accept": "application/json"},
    ).json  # fmt: skip
    assert (told["file"]["overall"], told["file"]["archive"]) == ("sah", "same")
    assert told["file"]["signatures"][0]["level"] in {"B", "T"}


def test_one_network_may_not_ask_without_end(browser, app, clock, monkeypatch):
    monkeypatch.setattr(public, "LOOKS", Pace(3))
    for number in (1, 2, 3):
        browser.get("/v/", extra_environ={"REMOTE_ADDR": f"192.0.2.{number}"})
    page = browser.get("/v/", extra_environ={"REMOTE_ADDR": "192.0.2.4"}, status=429)
    assert "Tunggu 60 detik" in page
    told = browser.json("/v/x", extra_environ={"REMOTE_ADDR": "192.0.2.4"}, status=429)
    assert (told.json["type"], told.headers["Retry-After"]) == ("terlalu-sering", "60")
    browser.get("/v/", extra_environ={"REMOTE_ADDR": "192.0.3.4"})
    clock.forward(seconds=61)
    browser.get("/v/", extra_environ={"REMOTE_ADDR": "192.0.2.4"})


def test_files_are_counted_more_strictly_than_looks(browser, monkeypatch):
    monkeypatch.setattr(public, "FILES", Pace(1))
    browser.test.extra_environ["REMOTE_ADDR"] = "2001:db8::1"
    assert bring(browser, b"bukan pdf").status_int == 200
    refused = bring(browser, b"bukan pdf")
    assert refused.status_int == 429
    assert "Terlalu banyak pemeriksaan" in refused.html.find(id="berkas-e").get_text()


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.254", True),
        ("192.0.2.1", "192.0.3.1", False),
        ("2001:db8::1", "2001:db8:0:0:ffff::2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.9", True),
    ],
)
def test_a_network_is_a_24_or_a_64(one, other, same):
    assert (pace.network(one) == pace.network(other)) is same


def test_the_count_remembers_no_more_networks_than_it_has_room_for(clock):
    kept = Pace(1, room=100)
    for number in range(500):
        kept.check(f"10.0.{number % 256}.1" if number < 256 else f"10.1.{number % 256}.1", clock())
    assert len(kept._known) == 100
    kept.check("not an address", clock())
    kept.check(None, clock())
    with pytest.raises(TooOften):
        kept.check("10.1.243.77", clock() + timedelta(seconds=1))


OTHER_SPELLINGS = ("/@@v/", "/@@v", "/%40%40v/", "/%40%40v", "//@@v/", "/v/../@@v/", "/./@@v/")


@pytest.mark.parametrize("to", OTHER_SPELLINGS)
def test_no_other_spelling_of_the_address_shows_a_letter_or_judges_a_file_beside_the_proxys_bounds(
    browser, enter, letter, to
):
    code = verification(enter, letter).rsplit("/", 1)[1]
    for path in (to, f"{to.rstrip('/')}/{code}"):
        for page in (browser.get(path, status="*"), browser.send(path, {"kode": code}, status="*")):
            assert page.status_int == 404 or "/@@masuk" in page.location, "as every address that is nobody's"
            assert "tanggul" not in page


@pytest.mark.parametrize(("root", "path"), [("/v", "/"), ("/@@v", "/v/.."), ("/@@v", "/x"), ("/v", "/v/../")])
def test_a_header_that_names_another_root_opens_no_door_beside_the_proxys_bounds(browser, root, path):
    assert 'id="berkas"' not in browser.get(path, headers={"X-Vhm-Root": root}, status="*")


def test_the_address_without_its_last_stroke_leads_to_the_page(browser):
    assert browser.get("/v", status=303).location == "http://localhost/v/"
    assert browser.send("/v", {"kode": "x"}, status="*").status_int != 200


@pytest.mark.parametrize("to", ["/v/", "/v/lapor", f"/v/{'a' * 22}"])
def test_a_form_larger_than_any_file_is_refused_before_a_part_of_it_is_read(browser, to, monkeypatch):
    token = browser.token()
    read, form = [], Request.POST
    monkeypatch.setattr(Request, "POST", property(lambda each: read.append(each.content_length) or form.fget(each)))
    page = browser.post(to, {"csrf_token": token, "foto": "x" * (12 * 1024 * 1024)}, status=413)
    assert "Tidak ada yang dibaca atau disimpan" in page
    assert max(read, default=0) == 0, "the page of the refusal finds an empty form"
