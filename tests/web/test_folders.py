"""The folder tree and the registers: one's own rows, and nobody else's."""

from __future__ import annotations

import pytest

LOGIN = "agendaris.dinkes"
OTHER = "agendaris.bpkad"


@pytest.fixture(autouse=True)
def drawers(write):
    from intranet_surat.resources.site import section

    def make(site):
        for code in ("DINKES", "BPKAD"):
            for name in ("surat-masuk", "surat-keluar"):
                section(site.office(code), name, 2026)

    write(make)


def test_the_register_shows_ones_own_rows(enter, listed):
    listed(LOGIN, subject="Permohonan ambulans", order=1214)
    page = enter(LOGIN).get("/dinkes/surat-masuk/2026/")
    assert "Buku agenda surat masuk 2026" in page.text
    assert "1.214" in page.text
    assert "Permohonan ambulans" in page.text


def test_the_section_itself_is_the_newest_year(enter, listed):
    listed(LOGIN, subject="Permohonan ambulans")
    assert "Permohonan ambulans" in enter(LOGIN).get("/dinkes/surat-masuk/").text


def test_a_stranger_sees_the_same_register_with_and_without_the_letter(enter, listed):
    mine = enter(OTHER)
    urls = ("/dinkes/surat-masuk/", "/dinkes/surat-masuk/2026/", "/dinkes/surat-masuk/1999/", "/dinkes/", "/@@map")
    before = [mine.get(url, status="*") for url in urls]
    listed(LOGIN, subject="Permohonan ambulans")
    after = [mine.get(url, status="*") for url in urls]
    assert [each.status_int for each in after] == [200, 404, 404, 200, 200]
    assert [each.text for each in after] == [each.text for each in before]
    assert after[1].text == after[2].text


def test_the_register_is_turned_page_by_page(enter, listed):
    for number in range(1, 46):
        listed(LOGIN, order=number)
    mine = enter(LOGIN)
    first, last = mine.get("/dinkes/surat-masuk/2026/"), mine.get("/dinkes/surat-masuk/2026/?mulai=40")
    assert "1–20 dari 45" in first.text
    assert "<b>45</b>" in first.text
    assert "41–45 dari 45" in last.text
    assert "<b>1</b>" in last.text


def test_words_narrow_the_register_and_can_be_taken_away(enter, listed):
    listed(LOGIN, subject="Permohonan ambulans")
    listed(LOGIN, subject="Undangan rapat")
    page = enter(LOGIN).get("/dinkes/surat-masuk/2026/?q=undang")
    assert "Undangan rapat" in page.text
    assert "Permohonan ambulans" not in page.text
    assert "hapus saringan" in page.text


def test_the_map_counts_only_what_the_reader_may_know(enter, listed):
    listed(LOGIN)
    listed(LOGIN)
    text = enter(LOGIN).get("/@@map").text
    assert '2026 <span class="count">2</span>' in text
    assert '<span class="count">' not in enter(OTHER).get("/@@map").text.split("folders", 1)[1].split("</nav>")[0]


def test_the_register_as_json(enter, listed):
    listed(LOGIN, subject="Permohonan ambulans", order=7)
    body = enter(LOGIN).json("/dinkes/surat-masuk/2026/").json
    assert body["@id"] == "http://localhost/dinkes/surat-masuk/2026/"
    assert body["office"] == "DINKES"
    assert body["year"] == 2026
    assert body["items"][0]["agenda_number"] == 7
    assert body["items"][0]["title"] == "Permohonan ambulans"


def test_a_page_of_json_is_bounded(enter, listed):
    for _ in range(105):
        listed(LOGIN)
    body = enter(LOGIN).json("/dinkes/surat-masuk/2026/?banyak=100000").json
    assert len(body["items"]) == 100
    assert body["items_total"] == 105


def test_an_office_and_the_villages_have_pages(enter):
    mine = enter(LOGIN)
    assert "Dinas Kesehatan" in mine.get("/dinkes/", status=200).text
    villages = mine.get("/desa/", status=200)
    assert "Desa" in villages.text
    assert mine.json("/desa/").json["items_total"] == 2
    assert mine.json("/dinkes/").json["code"] == "DINKES"


@pytest.mark.parametrize("url", ["/dinkes/surat-masuk/2026/", "/dinkes/", "/desa/", "/@@map", "/@@cari", "/@@akun"])
def test_nothing_of_it_without_log_in(browser, url):
    browser.get(url, status=303)
    browser.json(url, status=401)


def test_a_year_that_is_not_there_is_not_found(enter):
    enter(LOGIN).get("/dinkes/surat-masuk/1999/", status=404)


def test_only_who_may_begin_a_letter_finds_the_button_for_it(enter):
    """What a head saw: "Catat surat" on the register of his own office, and a refusal behind it."""
    registrar, head, stranger = enter("agendaris.dinkes"), enter("kepala.dinkes"), enter("agendaris.kramatwatu")
    assert "Catat surat" in registrar.get("/dinkes/surat-masuk/").text
    for other in (head, stranger):
        assert "@@tambah" not in other.get("/dinkes/surat-masuk/").text
    assert "Buat konsep" in head.get("/dinkes/surat-keluar/").text
    assert "@@tambah" not in stranger.get("/dinkes/surat-keluar/").text
